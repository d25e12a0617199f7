"""Redaction: what was registered, and what looks like a credential, stands in no text."""

import json
import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops.logs import JsonFormatter, TextFormatter
from ops.redaction import Redactor


@pytest.mark.parametrize(
    "line",
    [
        "GET /api/v4/failover-groups?msg=eNqCANARY%2B%2F%3D&sig=CANARY0123 HTTP/1.1 200",
        "GET /x?sig=CANARY0123",
        "to=%2Fx%3Fmsg%3DeNqCANARY%26sig%3DCANARY0123",
        "params: {'msg': 'eNqCANARY+/=', 'sig': \"CANARY0123\"}",
        'body {"sig":"CANARY0123","token": "CANARY-0123"}',
        r'body "{\"sig\": \"CANARY0123\"}"',
        "Authorization: Bearer xoxb-12-34-CANARY",
        "token xoxe.xoxp-1-CANARY-CANARY end",
        "xapp-1-A0-1-CANARY",
        "wss://wss-primary.slack.com/link/?ticket=CANARY-1&app_id=CANA",
        "link: {'ticket': 'abc-def-CANARY678'}",
        "posting to https://hooks.slack.com/commands/T0AAA/12345/CANARY",
        "posting to http://127.0.0.1:3/actions/T0AAA/12345/CANARY",
    ],
)
def test_what_looks_like_a_credential_is_struck_out(line: str) -> None:
    redacted = Redactor(()).redact(line)
    assert "CANARY" not in redacted
    assert "***" in redacted


def test_ordinary_words_stay() -> None:
    line = "{'msg': 'refused', 'signal': 'x'} assigned=5 https://services.uplynk.com/T/x ok"
    assert Redactor(("canary",)).redact(line) == line


@given(st.text(min_size=4), st.text(), st.text())
def test_no_secret_survives_in_either_style(secret: str, before: str, after: str) -> None:
    record = logging.makeLogRecord(
        {"name": "a", "msg": before + secret + after, "levelname": "INFO"}
    )
    redacted = Redactor([secret]).redact(before + secret + after)
    assert secret not in redacted or secret in "***" or secret in before + "***" + after
    for formatter in (TextFormatter, JsonFormatter):
        line = formatter(Redactor([secret])).format(record)
        assert len(line.splitlines()) == 1
        assert line.isprintable()


def test_a_redacted_json_text_is_still_read() -> None:
    text = json.dumps({"key": 'a"b\\c', "sig": "0123456789", "more": 1})
    assert json.loads(Redactor(('a"b\\c',)).redact(text)) == {"key": "***", "sig": "***", "more": 1}


def test_the_longer_of_two_secrets_is_struck_out_whole() -> None:
    assert Redactor(("abcd", "abcdefgh")).redact("abcdefgh abcd") == "*** ***"


def test_no_secrets_and_empty_ones_change_nothing() -> None:
    assert Redactor(()).redact("abc") == "abc"
    assert Redactor(("",)).redact("abc") == "abc"
