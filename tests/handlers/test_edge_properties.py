"""Whatever bytes and headers come: an answer, never an exception, and nothing behind the door."""

from __future__ import annotations

import json
from urllib.parse import urlencode

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from sandbox.slack.signing import FORM, JSON, SIGNATURE, TIMESTAMP, SignedRequest
from tests.handlers.conftest import Desk

DESK = Desk()

quick = settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(
            ["type", "event", "view", "actions", "user", "team", "id", "command", "payload",
             "callback_id", "action_id", "block_id", "state", "values", "authorizations",
             "enterprise", "is_enterprise_install", "team_id", "user_id", "bot_id", "channel"]
        ) | st.text(max_size=5), inner, max_size=5)
    ),
    max_leaves=15,
)  # fmt: skip
types = st.sampled_from(
    ["event_callback", "block_actions", "view_submission", "view_closed", "block_suggestion",
     "shortcut", "message_action", "url_verification", "dialog_submission", "interactive_message"]
)  # fmt: skip
bodies = (
    st.binary(max_size=200)
    | json_values.map(lambda value: json.dumps(value).encode())
    | json_values.map(lambda value: urlencode({"payload": json.dumps(value)}).encode())
    | st.builds(
        lambda kind, more: urlencode(
            {"payload": json.dumps({**(more if isinstance(more, dict) else {}), "type": kind})}
        ).encode(),
        types,
        json_values,
    )
)
kinds = st.sampled_from([FORM, JSON, "", "text/plain", JSON + "; charset=utf-8", "\x00", "a/b;c=d"])


@quick
@given(bodies, kinds)
@example(b'{"type": "event_callback", "event": "x"}', JSON)
@example(b'{"type": "event_callback", "event": {"type": 5}}', JSON)
@example(b'{"type": [], "event": {}}', JSON)
def test_anything_signed_is_answered(body: bytes, kind: str) -> None:
    status, said = DESK.knocks(DESK.signed(body, kind))
    assert status in (200, 400)
    assert b"Traceback" not in said
    assert DESK.stage.ledger.records == {}


@quick
@given(bodies, kinds, st.text(max_size=80), st.text(max_size=30), st.none() | st.text(max_size=20))
def test_anything_unsigned_is_refused_and_reaches_nobody(
    body: bytes, kind: str, signature: str, stamp: str, length: str | None
) -> None:
    headers = {"Content-Type": kind, SIGNATURE: signature, TIMESTAMP: stamp}
    more = {} if length is None else {"CONTENT_LENGTH": length}
    before = DESK.effects
    status, _ = DESK.knocks(SignedRequest(body, headers), **more)
    probe = b"ssl_check=1" in body.split(b"&")
    # Of a probe whose length is told wrongly another part is read.
    assert status in ((200, 400, 401, 413) if probe else (400, 401, 413))
    assert DESK.effects == before
