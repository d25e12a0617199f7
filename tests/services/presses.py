"""What may be pressed, what the write then meets, and what may come in between."""

from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from failover.change import Configure
from failover.errors import OutcomeUnknown, RateLimited, Rejected
from failover.model import Mode
from tests.builders import (
    ADMIN,
    ID_A,
    ID_B,
    MEMBER,
    OPERATOR,
    SECOND,
    VIEWER,
)
from tests.fakes import Write
from tests.stage import PACE


@dataclass(frozen=True)
class Press:
    """Somebody asks for something; ``key`` may be one that was used before."""

    actor: Any
    group_id: str
    change: Configure
    key: str
    sees: bool


@dataclass(frozen=True)
class Twist:
    """What happens when the ``at``-th point is reached: a crash, a failing database, a person."""

    at: int
    happens: str | int | Press


PEOPLE = st.sampled_from([OPERATOR, SECOND, MEMBER, ADMIN, VIEWER])
IDS = st.sampled_from([ID_A, ID_B])
CHANGES = st.sampled_from(
    [
        Configure(Mode.FLAT),
        Configure(Mode.PRIORITIZED),
        Configure(Mode.PRIORITIZED, True),
        Configure(Mode.PRIORITIZED, False),
        Configure(None, True),
    ]
)
PRESSES = st.builds(
    Press,
    actor=PEOPLE,
    group_id=IDS,
    change=CHANGES,
    key=st.integers(1, 40).map(str),
    sees=st.booleans(),
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
TWISTS = st.builds(
    Twist, at=st.integers(0, 14), happens=st.one_of(st.just("crash"), st.integers(1, 4), PRESSES)
)
