"""Striking secrets out of text: registered ones in every spelling, and what looks like one."""

import base64
import json
import re
from collections.abc import Iterable
from urllib.parse import quote, quote_plus

STRUCK = "***"

# A signed query and the ticket of a Socket Mode link; the same as mappings; tokens; response URLs.
_PATTERNS = re.compile(
    r"""(?x)
      (?: (?:\b|%3[fF]|%26)(?:msg|sig|ticket) (?:=|%3[dD]) ) (?P<query> [^&\s"'<>\\]+ )
    | (?: \\*["'](?:msg|sig|token)\\*["'] \s* : \s* \\*["'] ) (?P<value> [^"'\\\s]{8,} )
    | (?P<token> (?: xox[a-z]|xapp ) -[\w.-]+ )
    | (?: /(?:commands|actions|services)/T\w+/ ) (?P<hook> [^\s"'<>\\]+ )   # response_url
    """
)


class Redactor:
    """Strikes out registered secrets in every usual spelling, and whatever looks like one."""

    def __init__(self, secrets: Iterable[str]) -> None:
        """`secrets`: plain values; empty ones are ignored."""
        forms = {form for secret in secrets if secret for form in _spellings(secret)}
        longest_first = sorted(forms, key=len, reverse=True)
        self._registered = re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")

    def redact(self, text: str) -> str:
        """Return the text with all secrets replaced by three asterisks."""
        return _PATTERNS.sub(_strike, self._registered.sub(STRUCK, text))


def _strike(found: re.Match[str]) -> str:
    secret = found[found.lastgroup or 0]
    return found[0].removesuffix(secret) + STRUCK


def _spellings(secret: str) -> Iterable[str]:
    """Yield the secret plain, quoted for URLs and JSON, in hex and in base64."""
    raw = secret.encode("utf-8")
    yield from (secret, repr(secret)[1:-1], raw.hex(), raw.hex().upper())
    yield from (json.dumps(secret, ensure_ascii=pure)[1:-1] for pure in (True, False))
    for quoted in (quote(secret, safe=""), quote(secret), quote_plus(secret)):
        yield quoted
        yield re.sub(r"%[0-9A-F]{2}", lambda found: found[0].lower(), quoted)
    for coded in _base64(raw):
        yield from (coded, coded.translate(str.maketrans("+/", "-_")), quote(coded, safe=""))


def _base64(raw: bytes) -> Iterable[str]:
    """Yield the base64 of the bytes, padded and not, and their core inside a longer text."""
    whole = base64.b64encode(raw).decode("ascii")
    yield from (whole, whole.rstrip("="))
    for shift in range(3):
        coded = base64.b64encode(bytes(shift) + raw).decode("ascii")
        first, last = -(-shift * 8 // 6), (shift + len(raw)) * 8 // 6
        if last - first >= 8:  # shorter ones would strike out ordinary words
            yield coded[first:last]
