"""What Uplynk says in its own words, made fit to be shown; and what must never be shown. Pure but
for ``hush``, which binds the loggers of urllib3 to the same rule.
"""

import html
import json
import logging
import re
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterable
from urllib.parse import quote, quote_plus

LONGEST = 300
"""How many characters of Uplynk's words are kept."""

_READ = 4096
_STRUCK = "[struck out]"
_QUERY = re.compile(r"\b(msg|sig)=[^\s&'\"]*")
_LOGGERS = ("urllib3.connection", "urllib3.connectionpool", "urllib3.util.retry")


def words_of(body: bytes, secrets: Iterable[str]) -> str:
    """Uplynk's words in an error's body: JSON, HTML or plain text; on one line, at most LONGEST.

    JSON speaks through ``message``, ``msg`` or ``error``. Secrets are struck out in any of the
    forms that ``strike`` knows, before and after the markup is taken away.
    """
    secrets = tuple(secrets)
    text = body.decode("utf-8", "replace")
    spoken = _spoken(text)
    text = strike(text if spoken is None else spoken, secrets)[:_READ]
    if spoken is None:
        text = re.sub(r"(?is)<(script|style)\b.*?</\1\s*>", " ", text)
        text = html.unescape(re.sub(r"<[^<>]*>", " ", text))
    return plain(text, secrets)


def plain(text: str, secrets: Iterable[str]) -> str:
    """The text on one line, without control or invisible characters and secrets, and cut."""
    printable = "".join(c if c.isprintable() else " " if c.isspace() else "" for c in text)
    struck = strike(" ".join(printable.split()), secrets)
    return struck if len(struck) <= LONGEST else struck[: LONGEST - 1] + "…"


def strike(text: str, secrets: Iterable[str]) -> str:
    """The text without the secrets: as they are, percent-encoded, in base64 or in hex."""
    forms = {form for secret in secrets if secret for form in _forms(secret)}
    if not forms:
        return text
    # The longest first, or a short form would leave the rest of a longer one behind.
    pattern = "|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True))
    return re.sub(pattern, _STRUCK, text, flags=re.IGNORECASE)


def hush() -> None:
    """Keep the signed query out of what urllib3 logs, at any level; calling again changes nothing.

    At DEBUG it logs the path with the query of each request, and at WARNING the URL of an answer
    with malformed headers, along with those headers.
    """
    for name in _LOGGERS:
        logging.getLogger(name).addFilter(_without_query)


def _without_query(record: logging.LogRecord) -> bool:
    message = record.getMessage()
    if record.exc_info:
        # What follows the URL is the answer's malformed headers, and they may echo anything.
        message, _, _ = message.partition("): ")
    if record.exc_info or _QUERY.search(message):
        record.msg = _QUERY.sub(rf"\1={_STRUCK}", message)
        record.args, record.exc_info, record.exc_text = (), None, None
    return True


def _spoken(text: str) -> str | None:
    try:
        answer = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if isinstance(answer, dict) and isinstance(answer.get("error"), dict):
        answer = {**answer["error"], **answer}
    if not isinstance(answer, dict):
        return answer if isinstance(answer, str) else ""
    spoken = (answer.get(name) for name in ("message", "msg", "error"))
    return next((words for words in spoken if isinstance(words, str) and words.strip()), "")


def _forms(secret: str) -> Iterable[str]:
    raw = secret.encode()
    yield from (secret, quote(secret, safe=""), quote(secret), quote_plus(secret), raw.hex())
    for encoded in (b64encode(raw).decode("ascii"), urlsafe_b64encode(raw).decode("ascii")):
        yield from (encoded, encoded.rstrip("="))
