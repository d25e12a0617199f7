"""The simulated Uplynk's look at msg and sig, and that neither is kept."""

import base64
import json
import time
import zlib

import pytest

from sandbox.uplynk.model import WorldOptions
from sandbox.uplynk.scenes import NBA_FINALS, default_scene
from sandbox.uplynk.signature import Verdict, Verifier, masked
from tests.sandbox.uplynk.client import KEY, OWNER, message, running, signature, signed

NOW = 1_700_000_000


def query(msg: str, sig: str | None = None) -> str:
    quoted = msg.replace("+", "%2B").replace("/", "%2F").replace("=", "%3D")
    return f"msg={quoted}&sig={signature(msg) if sig is None else sig}"


def packed(data: bytes) -> str:
    return base64.b64encode(data).decode()


GOOD = message({"_owner": OWNER, "_timestamp": NOW})
BOMB = packed(zlib.compress(b" " * 1_000_000, 9))
CASES = [
    (query(GOOD), Verdict.OK),
    ("", Verdict.MISSING),
    (f"msg={GOOD}", Verdict.MISSING),
    ("msg=&sig=abc", Verdict.MISSING),
    (query(GOOD) + "&sig=00", Verdict.MALFORMED),
    (query(GOOD, "0" * 64), Verdict.WRONG_SIGNATURE),
    (query(GOOD, "sécret"), Verdict.WRONG_SIGNATURE),
    (query(GOOD, signature(GOOD).upper()), Verdict.WRONG_SIGNATURE),
    (query(GOOD, signature(GOOD, "other key")), Verdict.WRONG_SIGNATURE),
    (query("not base64!"), Verdict.MALFORMED),
    (query(packed(b"not zlib")), Verdict.MALFORMED),
    (query(packed(zlib.compress(b"not json"))), Verdict.MALFORMED),
    (query(packed(zlib.compress(b"[]"))), Verdict.MALFORMED),
    (query(packed(zlib.compress(json.dumps({"_owner": OWNER}).encode())[:-4])), Verdict.MALFORMED),
    (query(BOMB), Verdict.MALFORMED),
    (query(message({"_timestamp": NOW})), Verdict.WRONG_OWNER),
    (query(message({"_owner": "another", "_timestamp": NOW})), Verdict.WRONG_OWNER),
    (query(message({"_owner": OWNER})), Verdict.BAD_TIMESTAMP),
    (query(message({"_owner": OWNER, "_timestamp": str(NOW)})), Verdict.BAD_TIMESTAMP),
    (query(message({"_owner": OWNER, "_timestamp": NOW + 0.5})), Verdict.BAD_TIMESTAMP),
    (query(message({"_owner": OWNER, "_timestamp": True})), Verdict.BAD_TIMESTAMP),
    (query(message({"_owner": OWNER, "_timestamp": NOW - 301})), Verdict.STALE),
    (query(message({"_owner": OWNER, "_timestamp": NOW + 301})), Verdict.STALE),
    (query(message({"_owner": OWNER, "_timestamp": NOW - 300})), Verdict.OK),
    (query(message({"_owner": OWNER, "_timestamp": NOW + 300})), Verdict.OK),
]


@pytest.mark.parametrize(("text", "verdict"), CASES)
def test_verdicts(text: str, verdict: Verdict) -> None:
    assert Verifier(OWNER, KEY).verdict(text, NOW) is verdict


def test_a_plus_sign_that_was_not_percent_encoded_breaks_the_signature() -> None:
    msg = next(
        made
        for second in range(500)
        if "+"
        in (made := message({"_owner": OWNER, "_timestamp": NOW + second % 300, "n": second}))
    )
    verifier = Verifier(OWNER, KEY)
    assert verifier.verdict(query(msg), NOW) is Verdict.OK
    assert verifier.verdict(f"msg={msg}&sig={signature(msg)}", NOW) is Verdict.WRONG_SIGNATURE


def test_only_names_are_kept_of_a_query() -> None:
    assert masked(query(GOOD)) == "msg=***&sig=***"
    assert masked(f"key={KEY}&{KEY}=1") == ""


@pytest.mark.parametrize("status", [401, 403])
def test_an_unsigned_write_is_refused_with_json_and_changes_nothing(status: int) -> None:
    with running(default_scene(options=WorldOptions(auth_status=status))) as uplynk:
        for params in ({}, signed(key="wrong"), signed(stamp=int(time.time()) - 1000)):
            answer = uplynk.patch(NBA_FINALS, params=params)
            assert (answer.status_code, bool(answer.json()["message"])) == (status, True)
        assert uplynk.sim.world.journal.changes() == []
        verdicts = [record.signature for record in uplynk.sim.world.journal.requests()]
        assert verdicts == ["missing", "wrong_signature", "stale"]


def test_a_pair_used_twice_is_accepted_and_logged() -> None:
    with running() as uplynk:
        pair = signed()
        for params in (pair, signed(stamp=int(time.time()) - 5), pair):
            assert uplynk.patch(NBA_FINALS, params=params).status_code == 204
        repeats = [record.repeats for record in uplynk.sim.world.journal.requests()]
        assert repeats == [None, None, 1]


def test_the_state_holds_neither_msg_nor_sig_nor_key() -> None:
    with running() as uplynk:
        pair = signed()
        uplynk.patch(NBA_FINALS, params=pair)
        state = uplynk.control("GET", "state").text
        assert "msg=***&sig=***" in state
        assert not [secret for secret in (pair["msg"], pair["sig"], KEY) if secret in state]
