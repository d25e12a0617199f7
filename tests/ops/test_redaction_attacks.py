"""Redaction under attack: secrets in chained exceptions, arguments, bytes, codings of codings."""

from __future__ import annotations

import base64
import html
import json
import logging
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops.logs import JsonFormatter, TextFormatter
from ops.redaction import Redactor

SECRETS = st.text(
    alphabet=st.characters(min_codepoint=33, max_codepoint=0x2FF, exclude_categories=("C", "Z")),
    min_size=12,
    max_size=40,
).filter(lambda text: "*" not in text and len(set(text)) > 5)
"""Credentials as people are given them: printable, and longer than an ordinary word."""

Coding = Callable[[str], tuple[str, str, str]]
"""What stands before the secret, the secret in some coding, and what stands behind it."""


def _python(secret: str) -> str:
    return repr(secret)[1:-1]


def _bytes(secret: str) -> str:
    return repr(secret.encode())[2:-1]


def _basic(secret: str) -> tuple[str, str, str]:
    # Of the first and the last byte a part may stand in a digit that it shares with another.
    coded = base64.b64encode(f"who:{secret}:x".encode()).decode()
    first, last = 6, (len("who:") + len(secret.encode())) * 8 // 6
    return coded[:first], coded[first:last], coded[last:]


CODINGS: tuple[Coding, ...] = (
    lambda secret: ("key=", secret, "&more=x"),
    lambda secret: ("{'key': ['", _python(secret), "']}"),
    lambda secret: ("", ascii(secret)[1:-1], ""),
    lambda secret: ("{'body': b'", _bytes(secret), "'}"),
    lambda secret: ('{"key": "', json.dumps(secret)[1:-1], '"}'),
    lambda secret: ('{"key": "', json.dumps(secret, ensure_ascii=False)[1:-1], '"}'),
    lambda secret: ("<p>", html.escape(secret), "</p>"),
    lambda secret: ("0x", secret.encode().hex(), ""),
    lambda secret: ("0X", secret.encode().hex().upper(), ""),
    lambda secret: ("", secret.encode().hex(":"), ""),
    lambda secret: ("", "".join(f"\\x{byte:02X}" for byte in secret.encode()), ""),
    lambda secret: ("", "".join(f"%{byte:02X}" for byte in secret.encode()), ""),
    lambda secret: ("", base64.b64encode(secret.encode()).decode(), ""),
    lambda secret: ("", base64.urlsafe_b64encode(secret.encode()).decode().rstrip("="), ""),
    _basic,
    lambda secret: ("https://host/?key=", quote(secret, safe=""), "&x=1"),
    lambda secret: ("https://host/?key=", quote(secret), "&x=1"),
    lambda secret: ("key=", quote_plus(secret), "&x=1"),
    lambda secret: ("next=%2Fx%3Fkey%3D", quote(quote(secret, safe=""), safe=""), "%26x"),
)


@given(secret=SECRETS, coding=st.sampled_from(CODINGS))
def test_no_coding_of_a_secret_survives(secret: str, coding: Coding) -> None:
    before, coded, after = coding(secret)
    redacted = Redactor([secret]).redact(f"it said {before}{coded}{after}, and no more")
    assert coded not in redacted
    assert "***" in redacted
    assert redacted.startswith("it said ")
    assert redacted.endswith(", and no more")


@given(secret=SECRETS, coding=st.sampled_from(CODINGS), before=st.text(), after=st.text())
def test_whatever_stands_around_it_does_not_save_a_secret(
    secret: str, coding: Coding, before: str, after: str
) -> None:
    coded = coding(secret)[1]
    redacted = Redactor([secret]).redact(f"{before} {coded} {after}")
    assert coded not in redacted or coded in before + after + "***"


class Odd(Exception):
    """An exception whose arguments, notes and attributes hold what it was given."""


def chained(secret: str) -> BaseException:
    """An error with a cause that has a context; each tells the secret in its own way."""
    try:
        try:
            try:
                raise KeyError(secret.encode())
            except KeyError:
                raise Odd({"Authorization": f"Bearer {secret}"})  # noqa: B904
        except Odd as error:
            error.add_note(f"sent with {secret!r}")
            raise ValueError(f"https://host/?key={quote(secret)}") from error
    except ValueError as error:
        return error


@given(secret=SECRETS, style=st.sampled_from([TextFormatter, JsonFormatter]))
def test_no_exception_in_a_chain_tells_the_secret(
    secret: str, style: type[TextFormatter | JsonFormatter]
) -> None:
    error = chained(secret)
    trace = (type(error), error, error.__traceback__)
    given_to_it = (secret, {"key": [secret.encode()]})
    record = logging.LogRecord("a", logging.ERROR, "f", 1, "of %s: %r", given_to_it, trace)
    line = style(Redactor([secret]), lambda: {"change": secret, "group": secret}).format(record)
    for form in (secret, _python(secret), _bytes(secret), quote(secret)):
        assert form not in line
        assert json.dumps(form)[1:-1] not in line
    # Twice among the arguments, then in each of three exceptions, in the note, and in the ID.
    assert line.count("***") >= 7


def test_an_exception_that_cannot_be_shown_is_no_second_failure() -> None:
    class Broken(Exception):
        def __str__(self) -> str:
            raise ValueError("CANARY-0123")

    error = Broken("CANARY-0123")
    record = logging.LogRecord(
        "a", logging.ERROR, "f", 1, "it broke", (), (Broken, error, None)
    )  # fmt: skip
    assert "CANARY" not in TextFormatter(Redactor(["CANARY-0123"])).format(record)


RESPONSE_URL = "https://hooks.slack.com/commands/T0AAA/123456/CANARYcanary"
LOOKS = [
    RESPONSE_URL,
    quote(RESPONSE_URL, safe=""),
    quote(quote(RESPONSE_URL, safe=""), safe=""),
    json.dumps({"response_url": RESPONSE_URL}).replace("/", "\\/"),
    repr({"response_url": RESPONSE_URL}),
    repr(RESPONSE_URL.encode()),
    "https://hooks.slack.com/triggers/T0AAA/1/CANARY",
    "https://hooks.slack-gov.com/anything/CANARY",
    "trigger 1234567890123.123456789012.fed0123abcdef0123",
    "trigger_id=CANARY.1.2&x=1",
    '{"trigger_id": "CANARY.123.456"}',
    "postgresql+psycopg://failover:CANARY@db.example/failover",
    "redis://:CANARY@db.example/0",
    "Authorization: Bearer CANARY0123456789",
    "/x%3Fmsg%3DCANARY%26sig%3DCANARY",
    "/x%253Fmsg%253DCANARY%2526sig%253DCANARY",
    "MSG=CANARY&SIG=CANARY",
]


@pytest.mark.parametrize("line", LOOKS)
def test_what_looks_like_a_credential_is_struck_out(line: str) -> None:
    redacted = Redactor(()).redact(f"before {line} after")
    assert "CANARY" not in redacted
    assert "0123abcdef" not in redacted
    assert "***" in redacted
    assert redacted.startswith("before ")
    assert redacted.endswith(" after")


ORDINARY = [
    "https://services.uplynk.com/api/v4/failover-groups/0123456789abcdef0123456789abcdef",
    "services/text/foo and commands/that/help",
    "listening on http://127.0.0.1:3000",
    "2026-11-23T20:00:00.123Z at 10:20:30, 3.5 of 4.25, ts 1764000000.000100",
    "bearer of news: hooks.slack.com",
    "ratio 12345678.123456 of 2",
]


@pytest.mark.parametrize("line", ORDINARY)
def test_ordinary_lines_stay(line: str) -> None:
    assert Redactor(("canary-0123",)).redact(line) == line
