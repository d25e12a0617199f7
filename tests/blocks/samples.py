"""Groups, requests and records to draw, and what outsiders may write into them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any

from hypothesis import strategies as st

from failover.change import (
    Activate,
    Change,
    Channels,
    Configure,
    Order,
    Owners,
    Slate,
    expected,
    writes,
)
from failover.lifecycle import MOVES, READY, Actor, Record, ReplyTo, Request, State, Why
from failover.measures import Lock, Pause, Resume, Unlock
from failover.model import NO_SLICER, Channel, FailoverGroup, Mode, Slicer
from failover.restore import Restore
from failover.roles import Rule
from failover.writes import after

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


CUP = FailoverGroup(
    id="0f3c1d2e4b5a69788796a5b4c3d2e1f0",
    name="Cup",
    mode=Mode.PRIORITIZED,
    auto_failback=True,
    slicers=(Slicer("cup-a", True, 1), Slicer("cup-b", True, 2), Slicer("cup-c", False, 3)),
    active_slicer_id="cup-a",
    channels=(Channel("c1", "Cup HD"), Channel("c2", "")),
    allowed_owners=("o1", "o2"),
)
MANUAL = replace(CUP, auto_failback=False)
SLATED = replace(MANUAL, active_slicer_id=NO_SLICER)
TWO_STEPS = Activate("cup-b", failback_off=True)
CHANGES: tuple[tuple[FailoverGroup, Change], ...] = (
    (FINALS, CHANGE),
    (MANUAL, Activate("cup-b")),
    (CUP, TWO_STEPS),
    (MANUAL, Slate(True)),
    (SLATED, Slate(False)),
    (MANUAL, Order((("cup-b", True), ("cup-c", False)))),
    (MANUAL, Channels(("c3",), ("c1",))),
    (MANUAL, Owners(("o3",), ("o1",))),
    (replace(MANUAL, active_slicer_id="cup-b"), Restore(CUP, active=True, change_id="b" * 32)),
)
"""A change of each kind, and a group that it can be asked of."""


MEASURES: tuple[Change, ...] = (Lock(), Lock(5_400), Unlock(), Pause(), Resume())


def record(state: State, **new: Any) -> Record:
    """A record of the finals in a state; ``group``: another one; ``change``: what is asked.

    Every write was sent, the last with the outcome that the state tells; FAILED: only the first.
    """
    before = new.pop("group", FINALS)
    request = new.pop("request", REQUEST)
    request = replace(request, change=new.pop("change", request.change))
    known: dict[str, Any] = {"group_id": before.id, "group_name": before.name, "before": before}
    plan = writes(before, request.change)
    if state in (State.VERIFIED, State.UNCHANGED):
        known["after"] = expected(before, request.change)
    if state not in UNSENT:
        known["written"] = plan[:1] if state is State.FAILED else plan
        known["base"] = _before_the_last(before, known["written"]) if plan else None
    if state not in MOVES:
        known["ended_at"] = NOW + timedelta(seconds=2.14)
    return replace(RECORD, request=request, state=state, **{**known, **new})


UNSENT = READY | {State.SHOWN, State.REFUSED, State.UNCHANGED, State.AWAITING, State.DONE}


def _before_the_last(group: FailoverGroup, written: tuple[Any, ...]) -> FailoverGroup:
    for write in written[:-1]:
        group = after(group, write)
    return group


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
        allowed_owners=draw(st.sampled_from((None, (), (text, f"{text}2")))),
    )


configures = st.builds(
    Configure,
    st.none() | st.sampled_from(Mode),
    st.none() | st.booleans(),
)
_many = st.integers(0, 3) | st.just(200)
_names = st.builds(lambda text, many: tuple(f"{text}{n}" for n in range(many)), hostile, _many)
changes: st.SearchStrategy[Change] = st.one_of(
    configures,
    st.builds(Activate, hostile, st.booleans()),
    st.builds(Slate, st.booleans()),
    st.builds(lambda names: Order(tuple((one, len(one) % 2 == 0) for one in names)), _names),
    st.builds(Channels, _names),
    st.builds(lambda names: Channels((), names), _names),
    st.builds(Owners, _names),
    st.builds(lambda names: Owners((), names), _names),
    st.builds(Restore, groups(), st.booleans()),
    st.sampled_from(MEASURES),
)
"""Any change, with every text from outside; of most groups it makes no sense."""


@st.composite
def fitting(draw: st.DrawFn) -> tuple[FailoverGroup, Change]:
    """Any group and a change that concerns its own slicers, channels and owners."""
    group = draw(groups())
    ids = tuple(one.id for one in group.slicers) or ("none",)
    fed = tuple(one.id for one in group.channels)
    ranking = tuple((one, n % 2 == 0) for n, one in enumerate(reversed(ids)))
    found: tuple[Change, ...] = (
        Activate(ids[-1], draw(st.booleans())),
        Order(ranking),
        Channels((draw(hostile),), fed[: draw(_many)]),
        Owners((draw(hostile),), (group.allowed_owners or ())[:1]),
        Restore(replace(draw(groups()), slicers=group.slicers[::-1]), draw(st.booleans())),
    )
    return group, draw(st.sampled_from(found))


def _rule(**told: object) -> dict[str, object]:
    told = {"until": None, "reason": None, "need": None, "have": None, "mode": None, **told}
    return {"by": None, "minutes": None, "lessened": [], **told}


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
    [_rule(rule=Rule.PROTECT.value, need=2, minutes=15, lessened=["to_flat"])],
    [_rule(rule=Rule.LOCK.value, until=UNTIL, reason="on air", by="U0ADMIN")],
    [_rule(rule=Rule.LOCK.value, reason="on air", by="U0ADMIN")],
    [_rule(rule=Rule.PAUSE.value, reason="fire", by="U0ADMIN")],
    [_rule(rule=rule.value, until=UNTIL, by="U0ADMIN") for rule in Rule if rule != "require"],
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
            {"rules": [_rule(rule=Rule.LOCK.value, until=UNTIL, reason=text, by="U0ADMIN")] * 9},
            {"rules": [_rule(rule=Rule.PAUSE.value, reason=text)], "measure": True},
        ),
        Why.DECLINED: ({}, {"by": "U0ADMIN", "words": text}),
        Why.NO_SUCH_GROUP: (
            {"near": []},
            {"near": [text] * 5},
            {"near": [text] * 5, "pattern": True},
            {"near": [], "pattern": True, "hits": 9, "hit": [text] * 5},
        ),
        Why.AMBIGUOUS_GROUP: ({"candidates": [[text, text]] * 5},),
        Why.BUSY: ({}, {"holder": "U0ADMIN"}),
        Why.UNREADABLE: (
            {},
            *({"kind": kind, "status": status, "words": text} for kind, status in _READS),
        ),
        Why.REJECTED: (uplynk, {**uplynk, "status": None, "words": ""}),
        Why.CONFLICT: (
            uplynk,
            {**uplynk, "channels": [text, "c1"]},
            {**uplynk, "held": [[text, text]] * 13},
        ),
        Why.INAPPLICABLE: (
            {"code": "failback_in_flat"},
            {"code": "failback_in_the_way"},
            {"code": "unknown_slicers", "slicers": [text], "known": []},
            {"code": "unknown_slicers", "slicers": [text] * 20, "known": [text] * 200},
        ),
        Why.NO_EFFECT: ({}, {"acknowledged": True}),
        Why.SET_STOPPED: ({}, {"group": text, "state": "failed"}, {"by": "U0ADMIN"}),
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
