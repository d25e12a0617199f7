"""What becomes of a write, whatever Uplynk answers and whatever the readings show."""

from typing import Any

import pytest

from failover.change import Configure
from failover.errors import (
    Conflict,
    Forbidden,
    GroupGone,
    RateLimited,
    Rejected,
    Unauthorized,
    Unreachable,
    UplynkError,
)
from failover.lifecycle import State, Why
from failover.model import Mode
from failover.notices import Kind
from tests.builders import (
    ID_A,
    START,
    flat,
    group,
    later,
)
from tests.fakes import LOST, TIMED_OUT, Write, silent
from tests.stage import PACE, Stage

# -- refused by Uplynk


REFUSALS: list[tuple[UplynkError, Why]] = [
    (Rejected("PATCH x", status=400, words="no"), Why.REJECTED),
    (Unauthorized("PATCH x", status=401), Why.UNAUTHORIZED),
    (Forbidden("PATCH x", status=403), Why.FORBIDDEN),
    (GroupGone("PATCH x", status=404), Why.GONE),
    (Conflict("PATCH x", status=409), Why.CONFLICT),
    (RateLimited("PATCH x", retry_after=5), Why.RATE_LIMITED),
    (Unreachable("PATCH x", words="refused"), Why.UNREACHABLE),
]


@pytest.mark.parametrize(("error", "why"), REFUSALS, ids=[row[1].value for row in REFUSALS])
def test_what_uplynk_did_not_take(error: UplynkError, why: Why) -> None:
    stage = Stage()
    stage.uplynk.writes.append(Write(error, late=None))
    record = stage.does()
    assert stage.states() == [State.RECEIVED, State.SENDING, State.FAILED]
    assert (record.why, record.after) == (why, flat())
    assert record.facts == {
        "kind": type(error).__name__,
        "status": error.status,
        "words": error.words,
    }
    assert len(stage.uplynk.sent) == 1
    assert set(stage.ledger.told(record.id)) == {Kind.CARD, Kind.ANSWER}


@pytest.mark.parametrize(("error", "why"), REFUSALS, ids=[row[1].value for row in REFUSALS])
def test_what_uplynk_did_not_take_is_known_without_another_reading(
    error: UplynkError, why: Why
) -> None:
    stage = Stage()
    stage.uplynk.writes.append(Write(error, late=None))
    stage.uplynk.reads.extend([None, None, silent()])
    record = stage.does()
    assert (record.state, record.why, record.after) == (State.FAILED, why, None)


# -- unknown


def test_an_unknown_outcome_is_told_at_once_and_settled_as_applied() -> None:
    stage = Stage()
    stage.uplynk.writes.append(Write(TIMED_OUT, late=8))
    told: list[Any] = []
    stage.timer.meanwhile.append(lambda: told.append(stage.ledger.told("change-1")))
    record = stage.does()
    assert stage.states() == [State.RECEIVED, State.SENDING, State.UNKNOWN, State.VERIFIED]
    assert (record.why, record.after) == (None, group())
    unknown_at = stage.uplynk.sent[0].at + (later(0.1) - START)
    assert told == [{Kind.CARD: unknown_at, Kind.ANSWER: unknown_at}]


def test_an_unknown_outcome_that_took_effect_at_once_alarms_nobody() -> None:
    stage = Stage()
    stage.uplynk.writes.append(Write(TIMED_OUT, late=0))
    assert stage.does().state is State.VERIFIED
    assert stage.states() == [State.RECEIVED, State.SENDING, State.VERIFIED]


def test_not_applied_is_said_only_after_the_settle_time() -> None:
    stage = Stage()
    stage.uplynk.writes.append(LOST)
    record = stage.does()
    assert (record.state, record.why, record.after) == (State.FAILED, Why.NO_EFFECT, flat())
    assert record.ended_at is not None
    ended = stage.uplynk.sent[0].at
    waited = (record.ended_at - ended).total_seconds()
    assert PACE.settle <= waited <= PACE.settle + 2.5
    assert record.facts["kind"] == "OutcomeUnknown"


def test_an_effect_just_before_the_settle_time_is_seen() -> None:
    stage = Stage()
    stage.uplynk.writes.append(Write(TIMED_OUT, late=PACE.settle - 0.1))
    assert stage.does().state is State.VERIFIED


def test_somebody_else_shows_between() -> None:
    stage = Stage()
    stage.uplynk.writes.append(LOST)
    stage.timer.meanwhile.append(lambda: stage.uplynk.set(ID_A, auto_failback=True))
    record = stage.does()
    assert (record.state, record.why) == (State.UNSETTLED, None)
    assert record.after == flat(auto_failback=True)


def test_half_of_a_change_is_neither_applied_nor_not() -> None:
    stage = Stage()
    stage.uplynk.writes.append(LOST)
    stage.timer.meanwhile.append(lambda: stage.uplynk.set(ID_A, mode=Mode.PRIORITIZED))
    record = stage.does(change=Configure(Mode.PRIORITIZED, True))
    assert record.state is State.UNSETTLED


def test_while_nothing_can_be_read_unknown_stays_until_the_look_ends() -> None:
    stage = Stage()
    accepted = stage.accepts()
    stage.uplynk.writes.append(LOST)
    stage.uplynk.trip = lambda point: (
        setattr(stage.uplynk, "down", silent()) if point == "write:after" else None
    )
    record = stage.changes.run(accepted)
    assert record is not None
    assert record.state is State.UNSETTLED
    assert stage.states() == [State.RECEIVED, State.SENDING, State.UNKNOWN, State.UNSETTLED]
    waited = (stage.clock() - stage.uplynk.sent[0].at).total_seconds()
    assert PACE.look <= waited <= PACE.look + 10


@pytest.mark.parametrize("takes", [0.1, 6.0, 12.0, 30.0])
@pytest.mark.parametrize("error", [None, TIMED_OUT])
def test_the_first_word_comes_in_time_whatever_hangs(
    takes: float, error: UplynkError | None
) -> None:
    stage = Stage()
    accepted = stage.accepts()
    stage.uplynk.writes.append(Write(error if takes <= 12 else TIMED_OUT, late=None, takes=takes))
    stage.uplynk.trip = lambda point: (
        setattr(stage.uplynk, "down", silent()) if point == "write:after" else None
    )
    said: list[float] = []
    stage.ledger.trip = lambda point: (
        said.append((stage.clock() - START).total_seconds()) if point == "advance:after" else None
    )
    stage.changes.run(accepted)
    assert stage.states()[2] is State.UNKNOWN
    assert said[0] <= PACE.first_word + 0.5


# -- acknowledged


def test_acknowledged_but_never_seen_had_no_effect() -> None:
    stage = Stage()
    stage.uplynk.writes.append(Write(late=None))
    record = stage.does()
    assert stage.states() == [State.RECEIVED, State.SENDING, State.UNKNOWN, State.FAILED]
    assert (record.why, record.facts) == (Why.NO_EFFECT, {"acknowledged": True})
    assert (stage.clock() - stage.uplynk.sent[0].at).total_seconds() >= PACE.settle


def test_acknowledged_but_unreadable_is_applied_not_verified() -> None:
    stage = Stage()
    accepted = stage.accepts()
    stage.uplynk.trip = lambda point: (
        setattr(stage.uplynk, "down", silent()) if point == "write:after" else None
    )
    record = stage.changes.run(accepted)
    assert record is not None
    assert (record.state, record.after) == (State.UNVERIFIED, None)
    assert (stage.clock() - stage.uplynk.sent[0].at).total_seconds() >= PACE.look


def test_acknowledged_and_overwritten_is_applied_not_verified() -> None:
    stage = Stage()
    stage.uplynk.writes.append(Write(late=None))
    stage.timer.meanwhile.append(lambda: stage.uplynk.set(ID_A, auto_failback=True))
    assert stage.does().state is State.UNVERIFIED


def test_what_was_refused_and_holds_all_the_same_is_verified() -> None:
    stage = Stage()
    stage.uplynk.writes.append(Write(REFUSALS[0][0], late=0))
    record = stage.does()
    assert (record.state, record.why) == (State.VERIFIED, None)
    assert record.facts["status"] == 400


def test_a_write_gets_what_is_left_of_the_time() -> None:
    stage = Stage()
    stage.uplynk.read_takes = 4.0
    stage.does()
    assert stage.uplynk.sent[0].within == PACE.first_word - 8.0


@pytest.mark.parametrize(("takes", "sent"), [(5.25, 1), (5.26, 0), (7.0, 0)])
def test_no_write_is_begun_whose_outcome_could_not_be_told_in_time(takes: float, sent: int) -> None:
    stage = Stage()
    stage.uplynk.read_takes = takes
    record = stage.does()
    assert len(stage.uplynk.sent) == sent
    if not sent:
        assert (record.state, record.why) == (State.FAILED, Why.INTERRUPTED)
        assert (record.group_id, record.group_name) == (ID_A, "NBA Finals")
        assert set(stage.ledger.told(record.id)) == {Kind.CARD, Kind.ANSWER}
        assert stage.states() == [State.RECEIVED, State.FAILED]


def test_a_change_that_grew_too_old_while_it_was_checked_is_not_sent() -> None:
    stage = Stage()
    accepted = stage.accepts()
    stage.clock.advance(PACE.resume - 5)
    stage.uplynk.read_takes = 3.0
    record = stage.changes.run(accepted)
    assert record is not None
    assert (record.state, record.why) == (State.FAILED, Why.INTERRUPTED)
    assert stage.uplynk.sent == []


def test_a_change_that_the_database_held_up_is_not_sent_and_frees_its_group() -> None:
    stage = Stage()

    def slow(point: str) -> None:
        if point == "take:after":
            stage.clock.advance(PACE.first_word - PACE.least + 0.1)

    stage.ledger.trip = slow
    record = stage.does()
    assert (record.state, record.why) == (State.FAILED, Why.INTERRUPTED)
    assert set(stage.ledger.told(record.id)) == {Kind.CARD, Kind.ANSWER}
    assert stage.uplynk.sent == []
    stage.ledger.trip = lambda _: None
    assert stage.does(key="press-2").state is State.VERIFIED
