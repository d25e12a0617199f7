"""The door: what is not signed by Slack gets in nowhere, what is odd breaks nothing."""

from __future__ import annotations

import json
import logging
from urllib.parse import urlencode

import pytest
from slack_bolt import App

from handlers.edge import MAX_BODY_BYTES, WINDOW_SECONDS
from sandbox.slack import payloads as slack_payloads
from sandbox.slack.signing import FORM, JSON, SIGNATURE, TIMESTAMP, SignedRequest, encoded
from tests.handlers.conftest import LIVEOPS, OPERATOR, Desk

REFUSED = b'{"error": "refused"}'
TYPED = "/failover set nba flat now because CANARY-TEXT"


def typed(desk: Desk, line: str = TYPED) -> SignedRequest:
    channel = desk.world.channels[LIVEOPS]
    parcel = slack_payloads.command(desk.world, OPERATOR, channel, line)
    return desk.signed(*encoded(parcel))


def stamped(desk: Desk, stamp: str) -> SignedRequest:
    body = typed(desk).body
    return desk.signer.sign(body, FORM, stamp)


def test_a_signed_command_is_let_in(desk: Desk) -> None:
    assert desk.knocks(typed(desk)) == (200, b"")
    assert len(desk.stage.ledger.records) == 1


@pytest.mark.parametrize("seconds", [WINDOW_SECONDS, -WINDOW_SECONDS])
def test_the_window_has_two_sides_and_its_edge_is_inside(desk: Desk, seconds: int) -> None:
    now = int(desk.stage.clock().timestamp())
    assert desk.knocks(stamped(desk, str(now - seconds)))[0] == 200
    beyond = seconds + (1 if seconds > 0 else -1)
    assert desk.knocks(stamped(desk, str(now - beyond))) == (401, REFUSED)


NOT_A_TIME = ["abc", "", "9" * 5000, "1.5", "-1", "+1", " 1", "1e9", "0x10", "١٢٣", "²", "1\x00"]


@pytest.mark.parametrize("stamp", NOT_A_TIME)
def test_a_timestamp_that_is_none(desk: Desk, stamp: str) -> None:
    assert desk.knocks(stamped(desk, stamp)) == (401, REFUSED)
    assert desk.effects == (0, 0, 0)


@pytest.mark.parametrize(
    "signature",
    ["", "v0=", "v0=" + "0" * 64, "ü" * 67, "v0=\udcff", "v1=" + "0" * 64, "0" * 5000, "\x00"],
)
def test_a_signature_that_is_none(desk: Desk, signature: str) -> None:
    request = typed(desk)
    forged = SignedRequest(request.body, {**request.headers, SIGNATURE: signature})
    assert desk.knocks(forged) == (401, REFUSED)
    assert desk.effects == (0, 0, 0)


def test_a_right_signature_in_capitals_is_not_right(desk: Desk) -> None:
    request = typed(desk)
    loud = request.headers[SIGNATURE].upper().replace("V0=", "v0=")
    assert desk.knocks(SignedRequest(request.body, {**request.headers, SIGNATURE: loud}))[0] == 401


@pytest.mark.parametrize("name", [SIGNATURE, TIMESTAMP])
def test_a_header_that_is_missing(desk: Desk, name: str) -> None:
    assert desk.knocks(typed(desk).without(name)) == (401, REFUSED)


def test_another_secret_another_body_another_time(desk: Desk) -> None:
    request = typed(desk)
    other = SignedRequest(request.body, {**request.headers, TIMESTAMP: "1"})
    for forged in (
        desk.signer.wrong_signature(request),
        desk.signer.tampered(request, request.body + b"&text=x"),
        other,
    ):
        assert desk.knocks(forged) == (401, REFUSED)
    assert desk.effects == (0, 0, 0)


MAKES_NO_SENSE = [
    (b"{", JSON),
    (b"", JSON),
    (b"null", JSON),
    (b"[]", JSON),
    (b'"text"', JSON),
    (b"17", JSON),
    (b"[" * 100_000, JSON),
    (b'{"a":' * 100_000, JSON),
    (b'{"a": ' + b"9" * 5000 + b"}", JSON),
    (b"\xff\xfe", JSON),
    (b"\xff\xfe", FORM),
    (b"payload=", FORM),
    (b"payload=%7B", FORM),
    (b"payload=%5B%5D", FORM),
    (b"payload=%22text%22", FORM),
    (b"payload=" + b"%5B" * 100_000, FORM),
    (b"a=1&" * 1000, FORM),
]


@pytest.mark.parametrize(("body", "kind"), MAKES_NO_SENSE)
def test_a_signed_body_that_makes_no_sense(desk: Desk, body: bytes, kind: str) -> None:
    assert desk.knocks(desk.signed(body, kind)) == (400, REFUSED)
    unsigned = SignedRequest(body, {"Content-Type": kind})
    assert desk.knocks(unsigned) == (401, REFUSED)
    assert desk.effects == (0, 0, 0)


@pytest.mark.parametrize(
    ("length", "status"),
    [(str(MAX_BODY_BYTES + 1), 413), ("9" * 5000, 413), ("-1", 400), ("1.5", 400), ("²", 400),
     ("abc", 400), ("١", 400)],
)  # fmt: skip
def test_a_length_that_is_none_or_too_much(desk: Desk, length: str, status: int) -> None:
    assert desk.knocks(typed(desk), CONTENT_LENGTH=length) == (status, REFUSED)
    assert desk.effects == (0, 0, 0)


def test_a_body_of_the_greatest_size_is_looked_at(desk: Desk) -> None:
    body = b"text=" + b"x" * (MAX_BODY_BYTES - 5)
    assert desk.knocks(desk.signed(body))[0] == 200
    assert desk.knocks(SignedRequest(body, {"Content-Type": FORM}))[0] == 401


@pytest.mark.parametrize("word", ["payload", "payload=x", "the payload is late", "%7B%7D payload"])
def test_a_command_that_speaks_of_a_payload_is_read(desk: Desk, word: str) -> None:
    assert desk.knocks(typed(desk, f"/failover set nba prioritized now because {word}"))[0] == 200
    (record,) = desk.stage.ledger.records.values()
    assert record.request.reason == word


def test_headers_that_steer_bolt_are_dropped(desk: Desk) -> None:
    seen: list[dict[str, object]] = []
    desk.app.use(lambda request, next: (seen.append(dict(request.headers)), next()))
    request = typed(desk).with_headers(
        X_Slack_Bolt_Lazy_Only="1", X_Slack_Bolt_Lazy_Function_Name="on_command", X_Other="1"
    )
    assert desk.knocks(request)[0] == 200
    assert [sorted(one) for one in seen] == [["content-type", "x-slack-request-timestamp"]]
    assert len(desk.stage.ledger.records) == 1


def test_a_query_is_not_listened_to(desk: Desk) -> None:
    assert desk.knocks(typed(desk), QUERY_STRING="payload=%7B%7D&ssl_check=1")[0] == 200
    assert len(desk.stage.ledger.records) == 1


@pytest.mark.parametrize("body", [b"ssl_check=1", b"token=x&ssl_check=1", b"ssl_check=1&x=1"])
def test_a_certificate_probe_is_answered_and_does_nothing(desk: Desk, body: bytes) -> None:
    assert desk.knocks(SignedRequest(body, {"Content-Type": FORM})) == (200, b"")
    assert desk.effects == (0, 0, 0)


def test_a_certificate_probe_with_a_command_in_it_does_nothing(desk: Desk) -> None:
    body = typed(desk).body + b"&ssl_check=1"
    assert desk.knocks(SignedRequest(body, {"Content-Type": FORM})) == (200, b"")
    assert desk.effects == (0, 0, 0)


def test_an_address_is_verified(desk: Desk) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "c-1"}).encode()
    status, said = desk.knocks(desk.signed(body, JSON))
    assert (status, json.loads(said)) == (200, {"challenge": "c-1"})
    assert desk.knocks(SignedRequest(body, {"Content-Type": JSON})) == (401, REFUSED)


@pytest.mark.parametrize(
    "payload",
    [
        {"type": "app_rate_limited", "team_id": "T1", "minute_rate_limited": 1},
        {"type": "event_callback", "event": {"type": "message", "text": "x"}},
        {"type": "event_callback", "event": {"type": "app_home_opened", "user": "U1"}},
        {"type": "from the future"},
        {},
    ],
)
def test_what_nobody_waits_for_is_acknowledged(desk: Desk, payload: dict[str, object]) -> None:
    assert desk.knocks(desk.signed(json.dumps(payload).encode(), JSON))[0] == 200
    assert desk.effects == (0, 0, 0)


@pytest.mark.parametrize(
    "payload",
    [
        {"type": "block_actions", "actions": [{"action_id": "unknown", "block_id": "b"}]},
        {"type": "view_submission", "view": {"callback_id": "unknown", "type": "modal"}},
        {"type": "view_closed", "view": {"callback_id": "failover_form", "type": "modal"}},
        {"type": "shortcut", "callback_id": "x"},
        {"type": "message_action", "callback_id": "x"},
        {"type": "block_suggestion", "action_id": "unknown", "block_id": "b"},
    ],
)
def test_an_interaction_that_nobody_waits_for_is_acknowledged(
    desk: Desk, payload: dict[str, object]
) -> None:
    assert desk.knocks(desk.signed(urlencode({"payload": json.dumps(payload)}).encode()))[0] == 200
    assert desk.effects == (0, 0, 0)


def test_bolt_tripping_over_a_shape_is_no_500(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def trips(_: object) -> None:
        raise TypeError("string indices must be integers")

    monkeypatch.setattr(desk.app, "dispatch", trips)
    assert desk.knocks(typed(desk)) == (400, REFUSED)
    assert "cannot be dispatched" in caplog.text


def test_what_was_refused_is_not_in_the_log(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    request = typed(desk)
    desk.knocks(desk.signer.wrong_signature(request))
    desk.knocks(request.without(SIGNATURE))
    desk.knocks(desk.signed(b"CANARY-TEXT{", JSON))
    assert "CANARY" not in caplog.text
    assert "canary" not in caplog.text


def test_the_app_is_asked_for_nothing_that_is_unsigned(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dispatched(*_: object) -> None:
        raise AssertionError("dispatched")

    monkeypatch.setattr(App, "dispatch", dispatched)
    assert desk.knocks(typed(desk).without(SIGNATURE))[0] == 401
