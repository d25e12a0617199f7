"""Uplynk's words made fit to be shown, and secrets in every form that they may come back in."""

import base64
import json
import logging
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uplynk.words import LONGEST, hush, plain, strike, words_of

KEY = "Key/with+odd=signs&more"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", ""),
        (b'{"message": "auto failback is on"}', "auto failback is on"),
        (b'{"error": 1, "msg": "bad signature"}', "bad signature"),
        (b'{"error": "no such thing"}', "no such thing"),
        (b'{"error": {"code": 5, "message": "inner"}}', "inner"),
        (b'{"message": "", "msg": "second"}', "second"),
        (b'{"message": ["x"]}', ""),
        (b'{"detail": 5}', ""),
        (b"[1, 2]", ""),
        (b'"just text"', "just text"),
        (b"plain text\r\n  on two lines\t", "plain text on two lines"),
        (b"<html><style>p {}</style><h1>502</h1><p>Bad &amp; gone</p></html>", "502 Bad & gone"),
        (b"<script>alert('x')</script >after", "after"),
        (b"1 < 2 and 3 > 2", "1 2"),
        (b'{"message": "a\\u0000b\\u202ec\\u200bd\\u001b[31me"}', "abcd[31me"),
        ("Straße 🏀".encode(), "Straße 🏀"),
        (b"\xff\xfe", "\ufffd\ufffd"),
        (b'{"message": "' + b"x" * 1000 + b'"}', "x" * (LONGEST - 1) + "…"),
        (b"[" * 60_000, "[" * (LONGEST - 1) + "…"),
    ],
)
def test_words(body: bytes, words: str) -> None:
    assert words_of(body, ()) == words


@pytest.mark.parametrize(
    "form",
    [
        KEY,
        KEY.upper(),
        quote(KEY, safe=""),
        quote(KEY, safe="").lower(),
        quote_plus(KEY),
        KEY.encode().hex(),
        KEY.encode().hex().upper(),
        base64.b64encode(KEY.encode()).decode(),
        base64.urlsafe_b64encode(KEY.encode()).decode().rstrip("="),
    ],
)
def test_every_form_of_a_secret_is_struck_out(form: str) -> None:
    bodies = [
        f"you sent {form} to us",
        json.dumps({"message": f"you sent {form} to us"}),
        f"<p>you sent <b>{form}</b> to us</p>",
        "<p>you sent <b>" + form.replace("&", "&amp;").replace("+", "&#43;") + "</b> to us</p>",
    ]
    for body in bodies:
        assert words_of(body.encode(), (KEY,)) == "you sent [struck out] to us"


def test_a_secret_is_struck_out_before_anything_is_cut() -> None:
    secret = "s3cret" * 20
    for before in range(LONGEST - 130, LONGEST + 10, 7):
        assert "s3cret" not in words_of(("x" * before + secret).encode(), (secret,))
    for before in range(3_960, 4_110, 7):
        assert "s3cret" not in words_of((" " * before + secret).encode(), (secret,))


def test_a_secret_hidden_by_invisible_signs_is_found() -> None:
    assert "s3cret" not in plain("s3c\u200bret", ("s3cret",))


@given(st.text(), st.text(min_size=4))
def test_no_secret_survives(text: str, secret: str) -> None:
    assert secret not in strike(text + secret + text, (secret,)).replace("[struck out]", "\n")


@given(st.binary(max_size=2000))
def test_words_are_one_short_line(body: bytes) -> None:
    words = words_of(body, ("secret",))
    assert len(words) <= LONGEST
    assert words == " ".join(words.split())
    assert all(char.isprintable() for char in words)


def test_the_loggers_of_urllib3_keep_the_query_back(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("urllib3.connectionpool", "urllib3.connection"):
        monkeypatch.setattr(logging.getLogger(name), "filters", [])
    hush()
    hush()
    logger = logging.getLogger("urllib3.connectionpool")
    with caplog.at_level(logging.DEBUG):
        logger.debug('"%s %s" %s', "GET", "/groups?msg=eNq%2B&sig=00ff", 200)
        logger.debug("Resetting dropped connection: %s", "host")
        try:
            raise ValueError("a header that echoes 00ff")
        except ValueError as error:
            logging.getLogger("urllib3.connection").warning(
                "Failed to parse headers (url=%s): %s", "/g?msg=x&sig=00ff", error, exc_info=True
            )
    assert [record.getMessage() for record in caplog.records] == [
        '"GET /groups?msg=[struck out]&sig=[struck out]" 200',
        "Resetting dropped connection: host",
        "Failed to parse headers (url=/g?msg=[struck out]&sig=[struck out]",
    ]
    assert "00ff" not in caplog.text
