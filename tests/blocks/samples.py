"""Groups, requests and records to draw, and what outsiders may write into them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any

from hypothesis import strategies as st

from failover.change import Configure, expected
from failover.lifecycle import Actor, Record, ReplyTo, Request, State, Why
from failover.model import Channel, FailoverGroup, Mode, Slicer
from failover.roles import Rule

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
MARK = "ZQX"
"""Stands in every text from outside, so that it is found wherever it is drawn."""

FINALS = FailoverGroup(
    id="0f3c1d2e4b5a69788796a5b4c3d2e1f0",
    name="NBA Finals",
    mode=Mode.FLAT,
    auto_failback=False,
    slicers=(Slicer("main", True, 2), Slicer("backup", True, 1), Slicer("lab", False, 3)),
    active_slicer_id="main",
    channels=(Channel("c1", "Finals HD"), Channel("c2", "")),
    failover_time=NOW - timedelta(minutes=2),
)
CHANGE = Configure(Mode.PRIORITIZED, True)
REQUEST = Request(
    key="command:1",
    actor=Actor("U0OPERATOR", "operator", "T1"),
    group="NBA Finals",
    change=CHANGE,
    received_at=NOW,
    reply=ReplyTo("C1", "https://hooks.slack.com/commands/1"),
    reason="rehearsal",
)
RECORD = Record(id="a" * 32, request=REQUEST)


def record(state: State, **new: Any) -> Record:
    """A record of the finals in a state; ``group`` replaces the group before."""
    before = new.pop("group", FINALS)
    known: dict[str, Any] = {"group_id": before.id, "group_name": before.name, "before": before}
    if state in (State.VERIFIED, State.UNCHANGED):
        known["after"] = expected(before, CHANGE)
    if state not in (State.RECEIVED, State.SENDING, State.UNKNOWN):
        known["ended_at"] = NOW + timedelta(seconds=2.14)
    return replace(RECORD, state=state, **{**known, **new})


PIECES = (
    "<!channel>",
    "<!here> <!everyone>",
    "<@U0VICTIM>",
    "<!subteam^S0VICTIM>",
    "<#C0VICTIM|x>",
    "<https://evil.example|Approve>",
    "https://evil.example/a www.evil.example mailto:a@evil.example",
    "@channel @everyone #general",
    "<!date^0^{date}^https://evil.example|x>",
    "*APPLIED by admin* _i_ ~s~ `c` ```p```",
    "&lt;!channel&gt; &amp;",
    "> quoted\n\u2705 applied and verified\nApprover: admin",
    "\u202eevil\u202c \u2066x\u2069 \u200f",
    "nul\x00 bell\x07 esc\x1b[31m",
    "\u2028line\u2029paragraph\u0085next",
    "\U0001f3f4\u200d\u2620\ufe0f \U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f525",
    "\ud800 half",
    ":warning: |pipe| ^caret^ \\back",
    "   ",
    "",
)


def _marked(text: str, times: int) -> str:
    return MARK + (text * times)[:2990] + MARK


HOSTILE = tuple(_marked(piece, times) for piece in PIECES for times in (1, 3000))
hostile = st.one_of(
    st.builds(_marked, st.sampled_from(PIECES), st.sampled_from((1, 2, 40, 3000))),
    st.builds(_marked, st.text(max_size=60), st.just(1)),
)
"""What a person or Uplynk may write, up to 3,000 characters."""

_counts = st.sampled_from((0, 1, 2, 12, 13, 200))
_moments = st.none() | st.integers(-(10**9), 9 * 10**9).map(
    lambda s: NOW - timedelta(seconds=s // 6)
)


@st.composite
def groups(draw: st.DrawFn) -> FailoverGroup:
    """Any group: up to 200 slicers, 300 channels, every text from outside."""
    text = draw(hostile)
    slicers = tuple(
        Slicer(f"{text}{n}", n % 3 != 1, draw(st.just(n)) * 7 % 11) for n in range(draw(_counts))
    )
    ids = [None, "no_slicer", text, *(slicer.id for slicer in slicers[:2])]
    return FailoverGroup(
        id=draw(st.sampled_from((FINALS.id, "g" * 64))),
        name=draw(hostile),
        mode=draw(st.sampled_from(Mode)),
        auto_failback=draw(st.booleans()),
        slicers=slicers,
        active_slicer_id=draw(st.sampled_from(ids)),
        channels=tuple(
            Channel(f"{text}{n}", text * (n % 2)) for n in range(draw(_counts) * 3 // 2)
        ),
        failover_time=draw(_moments),
    )


changes = st.builds(
    Configure,
    st.none() | st.sampled_from(Mode),
    st.none() | st.booleans(),
)


def _rule(**told: object) -> dict[str, object]:
    return {"until": None, "reason": None, "need": None, "have": None, "mode": None, **told}


def _role(**more: object) -> dict[str, object]:
    return {"roles": ["operator", "admin"], "users": [], "usergroups": [], **more}


UNTIL = "2027-01-01T02:00:00+00:00"
MANY = _role(users=[f"U{n:09d}" for n in range(60)], usergroups=["S0SPORTS"], stranger=False)
RULES = (
    [_rule(rule=Rule.FREEZE.value, until=UNTIL, reason="New Year live")],
    [_rule(rule=Rule.FREEZE.value, until=UNTIL, reason="")],
    [_rule(rule=Rule.COOLDOWN.value, until=UNTIL)],
    [_rule(rule=Rule.PROTECT.value, need=1)],
    [_rule(rule=Rule.REQUIRE.value, mode="prioritized")],
    [_rule(rule=Rule.REQUIRE.value, need=2, have=1)],
    [_rule(rule=Rule.PROTECT.value, need=1), _rule(rule=Rule.COOLDOWN.value, until=UNTIL)],
)


def facts(why: Why | None, text: str) -> tuple[Mapping[str, Any], ...]:
    """Every shape of facts that goes with a reason, with ``text`` wherever words are foreign."""
    uplynk = {"kind": "Rejected", "status": 400, "words": text}
    found: dict[Why | None, tuple[Mapping[str, Any], ...]] = {
        Why.ROLE: (_role(stranger=True), _role(stranger=False), MANY),
        Why.OVERRIDE_ROLE: (_role(stranger=False), MANY),
        Why.ROLE_UNCERTAIN: ({"usergroups": ["S1"], "problem": text},),
        Why.RULE: (
            *({"rules": rules} for rules in RULES),
            {"rules": [_rule(rule=Rule.FREEZE.value, until=UNTIL, reason=text)]},
        ),
        Why.NO_SUCH_GROUP: ({"near": []}, {"near": [text] * 5}),
        Why.AMBIGUOUS_GROUP: ({"candidates": [[text, text]] * 5},),
        Why.BUSY: ({}, {"holder": "U0ADMIN"}),
        Why.UNREADABLE: (
            {},
            *({"kind": kind, "status": status, "words": text} for kind, status in _READS),
        ),
        Why.REJECTED: (uplynk, {**uplynk, "status": None, "words": ""}),
        Why.CONFLICT: (uplynk,),
        Why.NO_EFFECT: ({}, {"acknowledged": True}),
        Why.INTERNAL: ({"reference": "0123abcd"},),
    }
    return tuple(MappingProxyType(dict(one)) for one in found.get(why, (uplynk, {})))


_READS = (
    ("Unauthorized", 401),
    ("Forbidden", 403),
    ("BadAnswer", 200),
    ("RateLimited", 429),
    ("Unreachable", None),
    ("Unavailable", 503),
)
