"""Striking secrets out of text: registered ones in every spelling, and what looks like one."""

import base64
import html
import json
import re
from collections.abc import Iterable
from urllib.parse import quote, quote_plus

STRUCK = "***"
SHORTEST_SPELT = 4
"""With fewer bytes a secret spelt out byte by byte is no secret."""

# What is a credential by its looks: a signed query, the ticket of a Socket Mode link and a trigger
# ID, also as mappings; tokens; response URLs; what stands before the @ of an address. Each may
# stand within JSON, or be quoted for a URL, some of it twice.
_PATTERNS = re.compile(
    r"""(?xi)
      (?: (?:\b|%(?:25)*3F|%(?:25)*26) (?:msg|sig|ticket|trigger_id) (?:=|%(?:25)*3D) )
        (?P<query> [^&\s"'<>\\]+ )
    | (?: \\*["'](?:msg|sig|ticket|token|trigger_id)\\*["'] \s* : \s* \\*["'] )
        (?P<value> [^"'\\\s]{8,} )
    | (?P<token> (?: xox[a-z] | xapp ) -[\w.-]+ )
    | (?P<trigger> \b\d{8,}\.\d{6,}\.[0-9a-f]{8,}\b )
    | (?: (?:\\?/|%(?:25)*2F) (?:commands|actions|services|triggers|workflows)
          (?:\\?/|%(?:25)*2F) (?-i:T)\w+ (?:\\?/|%(?:25)*2F) )
        (?P<hook> (?:\\/|[^\s"'<>\\])+ )
    | (?: \bhooks\.slack(?:-gov)?\.com (?:\\?/|%(?:25)*2F) ) (?P<host> (?:\\/|[^\s"'<>\\])+ )
    | (?: ://[^/@\s:"']*: ) (?P<password> [^@\s/"']+ ) (?=@)
    | (?: \bBearer\s+ ) (?P<bearer> [^\s"'<>\\*]{8,} )
    """
)


class Redactor:
    """Strikes out registered secrets in every usual spelling, and whatever looks like one."""

    def __init__(self, secrets: Iterable[str]) -> None:
        """``secrets``: plain values; empty ones are ignored."""
        known = [secret for secret in dict.fromkeys(secrets) if secret]
        exact = {form for secret in known for form in _spellings(secret)}
        # Hex digits, also those of an escape, are written in either case.
        loose = {form for secret in known for form in _in_hex(secret)} - exact
        either = [(form, f"(?i:{re.escape(form)})") for form in loose]
        forms = [*((form, re.escape(form)) for form in exact), *either]
        longest_first = sorted(forms, key=lambda form: len(form[0]), reverse=True)
        self._registered = re.compile("|".join(one for _, one in longest_first) or r"(?!)")

    def redact(self, text: str) -> str:
        """Return the text with all secrets replaced by three asterisks."""
        return _PATTERNS.sub(_strike, self._registered.sub(STRUCK, text))


def _strike(found: re.Match[str]) -> str:
    secret = found[found.lastgroup or 0]
    return found[0].removesuffix(secret) + STRUCK


def _spellings(secret: str) -> Iterable[str]:
    """Yield the secret plain, as Python, JSON and HTML write it, and in base64."""
    raw = secret.encode("utf-8")
    yield from (secret, repr(secret)[1:-1], ascii(secret)[1:-1], repr(raw)[2:-1])
    yield from (json.dumps(secret, ensure_ascii=pure)[1:-1] for pure in (True, False))
    yield from (html.escape(secret), html.escape(secret, quote=False))
    for coded in _base64(raw):
        yield from (coded, coded.translate(str.maketrans("+/", "-_")), quote(coded, safe=""))


def _in_hex(secret: str) -> Iterable[str]:
    """Yield what holds hex digits: in hex, and quoted for URLs and then once more."""
    raw = secret.encode("utf-8")
    yield raw.hex()
    if len(raw) >= SHORTEST_SPELT:
        yield from (raw.hex(":"), raw.hex(" "))
        yield "".join(f"\\x{byte:02x}" for byte in raw)
        yield "".join(f"%{byte:02x}" for byte in raw)
    for quoted in (quote(secret, safe=""), quote(secret), quote_plus(secret)):
        for form in (quoted, quote(quoted, safe="")):
            if form != secret:
                yield form


def _base64(raw: bytes) -> Iterable[str]:
    """Yield the base64 of the bytes, padded and not, and their core inside a longer text."""
    whole = base64.b64encode(raw).decode("ascii")
    yield from (whole, whole.rstrip("="))
    for shift in range(3):
        coded = base64.b64encode(bytes(shift) + raw).decode("ascii")
        first, last = -(-shift * 8 // 6), (shift + len(raw)) * 8 // 6
        if last - first >= 8:  # shorter ones would strike out ordinary words
            yield coded[first:last]
