"""One reading after the other: what each proves, how long each may take."""

from typing import Any

import pytest

from failover.errors import OutcomeUnknown, Rejected, UplynkError
from failover.lifecycle import Record, State, Why
from failover.model import FailoverGroup, Mode
from services.settling import PAUSES, Look, Settled
from tests.builders import ID_A, flat, group, record
from tests.fakes import silent
from tests.stage import PACE, Stage

UNKNOWN = OutcomeUnknown("PATCH x", status=500)
REJECTED = Rejected("PATCH x", status=400)
SENDING, LOOKED = record(State.SENDING), record(State.UNKNOWN)
APPLIED, SAME, OTHER = group(), flat(), flat(auto_failback=True)

BEGUN = 1000.0
"""The fake timer's first moment."""


def look(acknowledged: bool = False, *, age: float = 0.0, **given: Any) -> Look:
    """A look at a write that ended ``age`` seconds ago."""
    return Look(BEGUN - age, acknowledged, **given)


def settled(there: FailoverGroup | None, of: Record, taken: Look) -> Settled | None:
    """What one reading makes of it; None: it can't be read."""
    stage = Stage()
    stage.uplynk.reads.append(silent() if there is None else there)
    return stage.settling.next(of, taken)


S = State
BEFORE, AFTER, END = 0.0, PACE.settle, PACE.look

# What is read; acknowledged; refused by; seconds since the write; the state and why.
TABLE: list[tuple[FailoverGroup | None, bool, UplynkError | None, float, State, Why | None]] = [
    (APPLIED, True, None, BEFORE, S.VERIFIED, None),
    (APPLIED, False, UNKNOWN, BEFORE, S.VERIFIED, None),
    (APPLIED, False, REJECTED, BEFORE, S.VERIFIED, None),
    (APPLIED, False, UNKNOWN, END, S.VERIFIED, None),
    (SAME, True, None, BEFORE, S.UNKNOWN, None),
    (SAME, True, None, AFTER - 0.01, S.UNKNOWN, None),
    (SAME, True, None, AFTER, S.FAILED, Why.NO_EFFECT),
    (SAME, False, UNKNOWN, BEFORE, S.UNKNOWN, None),
    (SAME, False, UNKNOWN, AFTER - 0.01, S.UNKNOWN, None),
    (SAME, False, UNKNOWN, AFTER, S.FAILED, Why.NO_EFFECT),
    (SAME, False, None, END, S.FAILED, Why.NO_EFFECT),
    (SAME, False, REJECTED, BEFORE, S.FAILED, None),
    (OTHER, True, None, BEFORE, S.UNKNOWN, None),
    (OTHER, True, None, AFTER, S.UNVERIFIED, None),
    (OTHER, False, UNKNOWN, AFTER, S.UNSETTLED, None),
    (OTHER, False, REJECTED, BEFORE, S.FAILED, None),
    (None, True, None, AFTER, S.UNKNOWN, None),
    (None, True, None, END - 0.01, S.UNKNOWN, None),
    (None, True, None, END, S.UNVERIFIED, None),
    (None, False, UNKNOWN, END, S.UNSETTLED, None),
    (None, False, None, END, S.UNSETTLED, None),
    (None, False, REJECTED, BEFORE, S.FAILED, None),
]


@pytest.mark.parametrize(("there", "acknowledged", "problem", "age", "state", "why"), TABLE)
def test_what_one_reading_makes_of_it(
    there: FailoverGroup | None,
    acknowledged: bool,
    problem: UplynkError | None,
    age: float,
    state: State,
    why: Why | None,
) -> None:
    taken = look(acknowledged, age=age, problem=problem)
    assert settled(there, LOOKED, taken) == Settled(state, there, why)


@pytest.mark.parametrize(
    ("acknowledged", "until", "state"),
    [
        (False, BEGUN + 60, State.UNKNOWN),
        (True, BEGUN + 60, State.SENDING),
        (True, BEGUN + PAUSES[-1] + 0.01, State.SENDING),
        (True, BEGUN + PAUSES[-1], State.UNKNOWN),
        (True, None, State.UNKNOWN),
    ],
)
def test_when_unknown_is_said(acknowledged: bool, until: float | None, state: State) -> None:
    taken = look(acknowledged, until=until)
    assert settled(SAME, SENDING, taken) == Settled(state, SAME)


def test_the_pauses_grow_and_the_last_one_repeats() -> None:
    stage = Stage()
    taken = look(problem=UNKNOWN)
    for _ in range(7):
        stage.settling.next(LOOKED, taken)
    assert stage.timer.pauses == [0.3, 0.7, 1.0, 2.0, 2.0, 2.0]
    assert taken.readings == 7


@pytest.mark.parametrize(
    ("until", "within"),
    [(None, 5.0), (BEGUN + 60, 5.0), (BEGUN + 3, 3.0), (BEGUN + 0.1, 0.5), (BEGUN - 9, 0.5)],
)
def test_a_reading_may_not_outlast_the_first_word(until: float | None, within: float) -> None:
    stage = Stage()
    stage.settling.next(SENDING, look(until=until))
    assert stage.uplynk.withins == [within]


def test_a_reading_counts_from_the_moment_it_was_asked_for() -> None:
    stage = Stage()
    stage.uplynk.read_takes = 4.0
    found = stage.settling.next(LOOKED, look(age=PACE.settle - 2, problem=UNKNOWN))
    assert found == Settled(State.UNKNOWN, flat())


def test_nothing_is_read_when_the_bot_is_stopping() -> None:
    stage = Stage()
    stage.timer.stop_after = 0
    assert stage.settling.next(LOOKED, look(readings=1)) is None
    assert stage.uplynk.log == []


def test_the_first_reading_is_taken_even_then() -> None:
    stage = Stage()
    stage.timer.stop_after = 0
    stage.uplynk.set(ID_A, mode=Mode.PRIORITIZED)
    found = stage.settling.next(SENDING, look(True))
    assert found is not None
    assert found.state is State.VERIFIED
