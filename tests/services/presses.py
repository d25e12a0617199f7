"""What may be pressed, what the write then meets, and what may come in between."""

from dataclasses import dataclass
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
)
from failover.errors import OutcomeUnknown, RateLimited, Rejected
from failover.model import NO_SLICER, Mode
from tests.builders import (
    ADMIN,
    ID_A,
    ID_B,
    MEMBER,
    OPERATOR,
    SECOND,
    VIEWER,
    slicers,
)
from tests.fakes import Write
from tests.stage import PACE


@dataclass(frozen=True)
class Press:
    """Somebody asks for something; ``key`` may be one that was used before.

    Without a ``change`` they ask for the last one of the group, or of their own, to be taken back.
    """

    actor: Any
    group_id: str
    change: Change | None
    key: str
    sees: bool


@dataclass(frozen=True)
class Hand:
    """Somebody, or Uplynk itself, changes a group behind the bot's back."""

    group_id: str
    new: tuple[tuple[str, Any], ...]


@dataclass(frozen=True)
class Twist:
    """What happens when the ``at``-th point is reached.

    A crash, silence of Uplynk, so many calls that the database fails, somebody who presses, or
    somebody who changes a group.
    """

    at: int
    happens: str | int | Press | Hand


PEOPLE = st.sampled_from([OPERATOR, SECOND, MEMBER, ADMIN, ADMIN, VIEWER])
IDS = st.sampled_from([ID_A, ID_B])
NAMES = ("s1", "s2")
CONFIGURING = st.sampled_from(
    [
        Configure(Mode.FLAT),
        Configure(Mode.PRIORITIZED),
        Configure(Mode.PRIORITIZED, True),
        Configure(Mode.PRIORITIZED, False),
        Configure(None, True),
    ]
)
ACTIVATING = st.builds(Activate, st.sampled_from(NAMES), st.sampled_from([True, True, False]))
OTHERS: st.SearchStrategy[Change] = st.sampled_from(
    [
        Slate(True),
        Slate(False),
        Order((("s2", True), ("s1", True))),
        Order((("s1", False),)),
        Order((("elsewhere", True),)),
        Activate("elsewhere", True),
        Channels(("c3",), ("c1",)),
        Channels(("c1",)),
        Channels((), ("c3", "c2")),
        Owners(("u2",)),
        Owners((), ("u1", "u2")),
    ]
)
CHANGES = st.one_of(CONFIGURING, ACTIVATING, OTHERS, st.none())
PRESSES = st.builds(
    Press,
    actor=PEOPLE,
    group_id=IDS,
    change=CHANGES,
    key=st.integers(1, 40).map(str),
    sees=st.booleans(),
)
HANDS = st.builds(
    Hand,
    group_id=IDS,
    new=st.sampled_from(
        [
            (("mode", Mode.FLAT),),
            (("mode", Mode.PRIORITIZED),),
            (("mode", Mode.PRIORITIZED), ("auto_failback", True)),
            (("auto_failback", False),),
            (("active_slicer_id", "s2"),),
            (("active_slicer_id", NO_SLICER),),
            (("slicers", slicers("s1", "s2", off=("s2",))),),
        ]
    ),
)
LATE = st.sampled_from([None, 0.0, 0.5, 8.0, PACE.settle - 0.5])
TAKES = st.sampled_from([0.1, 3.0, PACE.write])
UNCLEAR = st.sampled_from(
    [None, OutcomeUnknown("PATCH x", status=500), OutcomeUnknown("PATCH x", words="timed out")]
)
CLEAR = st.sampled_from([Rejected("PATCH x", status=400), RateLimited("PATCH x")])
WRITES = st.one_of(
    st.builds(Write, error=UNCLEAR, late=LATE, takes=TAKES),
    st.builds(Write, error=CLEAR, late=st.none(), takes=TAKES),
)
MEETS = st.one_of(
    st.tuples(WRITES),
    st.tuples(st.just(Write()), WRITES),
    st.tuples(WRITES, WRITES),
)
"""What the first writes of a change meet; any further one meets nothing special."""

HAPPENS = st.one_of(st.sampled_from(["crash", "silence"]), st.integers(1, 4), PRESSES, HANDS)
TWISTS = st.builds(Twist, at=st.integers(0, 20), happens=HAPPENS)

FAILING_BACK = (
    ("mode", Mode.PRIORITIZED),
    ("auto_failback", True),
    ("active_slicer_id", "s1"),
)
"""A group on which an activation takes two writes."""

TWO_STEPS = st.builds(
    Press,
    actor=st.sampled_from([OPERATOR, ADMIN]),
    group_id=IDS,
    change=st.just(Activate("s2", failback_off=True)),
    key=st.integers(100, 1000).map(str),
    sees=st.just(True),
)
TWISTS_BETWEEN = st.builds(Twist, at=st.integers(4, 14), happens=HAPPENS)
"""About the time from the first write to the second."""
