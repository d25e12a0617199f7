"""Looks for credentials wherever a bot leaves traces, in every form in which they still help."""

import base64
from collections.abc import Iterable
from urllib.parse import quote


def forms(secret: str) -> set[bytes]:
    """The secret plain, in hex, quoted for URLs, and in base64 wherever it stands in the text."""
    raw = secret.encode()
    found = {raw, raw.hex().encode(), raw.hex().upper().encode(), quote(secret, safe="").encode()}
    for shift in range(3):
        coded = base64.b64encode(bytes(shift) + raw)
        core = coded[-(-shift * 8 // 6) : (shift + len(raw)) * 8 // 6]
        found |= {core, core.translate(bytes.maketrans(b"+/", b"-_"))}
    return found


def found_in(text: bytes, secrets: Iterable[str]) -> list[str]:
    """Which of the secrets stand in the text, in whatever form."""
    return [secret for secret in secrets if any(form in text for form in forms(secret))]
