"""A change of two writes: what becomes of it when it does not go through to the end."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from failover.change import Slate
from failover.errors import OutcomeUnknown, UplynkError
from failover.lifecycle import Record, State, Why
from failover.notices import Kind
from failover.writes import Patch, PutActive
from tests.builders import ID_A, OPERATOR, SECOND, START, later, policy
from tests.fakes import LOST, TIMED_OUT, Write, silent
from tests.services.every_change import FAILING_BACK, MANUAL, ON_S2, TWO_STEPS
from tests.services.test_change_outcomes import REFUSALS
from tests.stage import PACE, Stage

FIRST, SECOND_WRITE = Patch(auto_failback=False), PutActive("s2")
BARE = replace(FAILING_BACK, allowed_owners=None)
FAILBACK_OFF = replace(MANUAL, allowed_owners=None)
DONE = replace(ON_S2, allowed_owners=None)


def staged(*meets: Write, **given: Any) -> Stage:
    """A group on which the change takes two writes, and what these meet."""
    stage = Stage(FAILING_BACK, **given)
    stage.uplynk.writes.extend(meets)
    return stage


def does(stage: Stage, **given: Any) -> Record:
    return stage.does(change=TWO_STEPS, **given)


def on_write(stage: Stage, number: int, does: Callable[[], object]) -> None:
    """Something happens when Uplynk has taken the write of this number, before it answers."""

    def trip(point: str) -> None:
        if point == "write:after" and len(stage.uplynk.sent) == number:
            does()

    stage.uplynk.trip = trip


def sent(stage: Stage) -> list[object]:
    return [one.write for one in stage.uplynk.sent]


def after_first(stage: Stage, point: str, does: Callable[[], object]) -> None:
    """Something happens once, at a point of the ledger after the first write was sent."""
    done: list[str] = []

    def trip(here: str) -> None:
        if here == point and len(stage.uplynk.sent) == 1 and not done:
            done.append(here)
            does()

    stage.ledger.trip = trip


# -- the second write is refused


@pytest.mark.parametrize(("error", "why"), REFUSALS, ids=[row[1].value for row in REFUSALS])
def test_a_second_write_that_is_refused_leaves_the_change_halfway(
    error: UplynkError, why: Why
) -> None:
    stage = staged(Write(), Write(error, late=None))
    record = does(stage)
    assert (record.state, record.why) == (State.HALFWAY, why)
    assert record.facts == {
        "kind": type(error).__name__,
        "status": error.status,
        "words": error.words,
    }
    assert (record.before, record.base, record.after) == (BARE, FAILBACK_OFF, FAILBACK_OFF)
    assert sent(stage) == [FIRST, SECOND_WRITE] == list(record.written)
    assert stage.states() == [State.RECEIVED, State.SENDING, State.SENDING, State.HALFWAY]
    assert stage.ledger.told(record.id) == {
        Kind.CARD: record.ended_at,
        Kind.ANSWER: record.ended_at,
    }


def test_what_a_refused_write_left_is_known_without_another_reading() -> None:
    stage = staged(Write(), Write(REFUSALS[0][0], late=None))
    stage.uplynk.reads.extend([None, None, None, silent()])
    record = does(stage)
    assert (record.state, record.after) == (State.HALFWAY, FAILBACK_OFF)


def test_a_first_write_that_is_refused_changed_nothing() -> None:
    stage = staged(Write(REFUSALS[0][0], late=None))
    record = does(stage)
    assert (record.state, record.why, record.after) == (State.FAILED, Why.REJECTED, BARE)
    assert sent(stage) == [FIRST]


# -- an answer is lost


def silence(stage: Stage) -> None:
    stage.uplynk.down = silent()


@pytest.mark.parametrize(
    ("error", "late", "readable", "state", "why"),
    [
        (TIMED_OUT, 0.0, True, State.VERIFIED, None),
        (TIMED_OUT, 8.0, True, State.VERIFIED, None),
        (TIMED_OUT, None, True, State.HALFWAY, Why.NO_EFFECT),
        (TIMED_OUT, 0.0, False, State.UNSETTLED, None),
        (None, 20.0, True, State.VERIFIED, None),
        (None, None, True, State.HALFWAY, Why.NO_EFFECT),
        (None, 0.0, False, State.UNVERIFIED, None),
    ],
)
def test_what_becomes_of_a_second_write_without_a_clear_answer(
    error: UplynkError | None, late: float | None, readable: bool, state: State, why: Why | None
) -> None:
    stage = staged(Write(), Write(error, late=late))
    if not readable:
        on_write(stage, 2, lambda: silence(stage))
    record = does(stage)
    assert (record.state, record.why) == (state, why)
    assert sent(stage) == [FIRST, SECOND_WRITE] == list(record.written)
    assert record.base == FAILBACK_OFF
    unknown = [State.UNKNOWN] * (late != 0.0 or not readable)
    assert stage.states() == [State.RECEIVED, State.SENDING, State.SENDING, *unknown, state]


def test_unknown_is_told_of_the_second_write_within_the_time_of_the_first_word() -> None:
    stage = staged(Write(), LOST)
    said: list[datetime] = []
    stage.ledger.trip = lambda point: (
        said.append(stage.clock()) if stage.states()[-1:] == [State.UNKNOWN] else None
    )
    does(stage)
    assert (said[0] - START).total_seconds() <= PACE.first_word


@pytest.mark.parametrize("late", [0.5, 8.0, PACE.settle - 0.5])
def test_a_first_write_that_took_long_to_show_is_not_followed_by_a_second(late: float) -> None:
    stage = staged(Write(TIMED_OUT, late=late))
    record = does(stage)
    assert (record.state, record.why) == (State.HALFWAY, Why.INTERRUPTED)
    assert (record.written, record.after) == ((FIRST,), FAILBACK_OFF)
    assert stage.states() == [State.RECEIVED, State.SENDING, State.UNKNOWN, State.HALFWAY]
    assert sent(stage) == [FIRST]


def test_a_first_write_that_never_took_effect_changed_nothing() -> None:
    stage = staged(LOST)
    record = does(stage)
    assert (record.state, record.why) == (State.FAILED, Why.NO_EFFECT)
    assert sent(stage) == [FIRST]


@pytest.mark.parametrize("error", [TIMED_OUT, OutcomeUnknown("PATCH x", status=500)])
def test_a_lost_answer_to_a_first_write_that_shows_at_once_stops_nothing(
    error: UplynkError,
) -> None:
    stage = staged(Write(error))
    record = does(stage)
    assert (record.state, record.after) == (State.VERIFIED, DONE)
    assert record.facts == {"acknowledged": True}


# -- what is told, and what is held, in between


def test_the_channel_is_told_in_between_and_the_person_at_the_end() -> None:
    stage = staged()
    during: list[Any] = []
    stage.uplynk.trip = lambda point: (
        during.append((stage.clock(), stage.ledger.told("change-1")))
        if point == "write:before"
        else None
    )
    record = does(stage)
    first, second = during
    interim = later(PACE.interim)
    assert first[1] == {Kind.CARD: later(PACE.card), Kind.ANSWER: interim}
    assert second[1] == {Kind.CARD: second[0], Kind.ANSWER: interim}
    assert stage.ledger.told(record.id) == {
        Kind.CARD: record.ended_at,
        Kind.ANSWER: record.ended_at,
    }


@pytest.mark.parametrize("number", [1, 2])
def test_the_group_is_held_throughout(number: int) -> None:
    stage = staged()
    others: list[Record] = []

    def other() -> None:
        stage.uplynk.trip = lambda _: None
        others.append(stage.does(key="press-2", actor=SECOND, change=Slate(True)))

    on_write(stage, number, other)
    assert does(stage).state is State.VERIFIED
    assert [(one.state, one.why, one.facts) for one in others] == [
        (State.REFUSED, Why.BUSY, {"holder": OPERATOR.user_id})
    ]
    assert sent(stage) == [FIRST, SECOND_WRITE]


def test_the_group_is_held_while_the_next_write_is_recorded() -> None:
    stage = staged()
    others: list[Record] = []
    after_first(
        stage,
        "advance:after",
        lambda: others.append(stage.does(key="press-2", actor=SECOND, change=Slate(True))),
    )
    assert does(stage).state is State.VERIFIED
    assert [one.why for one in others] == [Why.BUSY]


@pytest.mark.parametrize(
    ("meets", "count"), [((Write(), Write(REFUSALS[0][0], late=None)), 2), ((Write(takes=12),), 1)]
)
def test_the_cool_down_runs_from_the_last_write_of_a_change_that_stopped_halfway(
    meets: tuple[Write, ...], count: int
) -> None:
    stage = staged(*meets, rules=policy(cooldown_seconds=30))
    record = does(stage)
    assert record.state is State.HALFWAY
    last = stage.uplynk.sent[-1].record
    assert last is not None
    assert stage.ledger.last_sent_at(ID_A) == record.sent_at == last.sent_at
    again = does(stage, key="press-2")
    assert (again.state, again.why) == (State.REFUSED, Why.RULE)
    assert len(stage.uplynk.sent) == count
    stage.clock.advance(30)
    assert does(stage, key="press-3").state is State.VERIFIED


def test_the_way_on_sends_what_is_missing_and_nothing_else() -> None:
    stage = staged(Write(), Write(REFUSALS[0][0], late=None))
    halfway = does(stage)
    request = replace(halfway.request, key="press-2", received_at=stage.clock())
    accepted, _ = stage.changes.accept(request)
    record = stage.changes.run(accepted)
    assert record is not None
    assert (record.state, record.written) == (State.VERIFIED, (SECOND_WRITE,))
