"""What comes between the two writes of a change: other people, time, a failing database."""

from dataclasses import replace

import pytest

from failover.errors import LedgerUnavailable
from failover.lifecycle import State, Why
from failover.model import NO_SLICER, Channel, Mode
from failover.notices import Kind
from tests.builders import ID_A, slicers
from tests.fakes import Write, fails_at
from tests.services.every_change import TWO_STEPS
from tests.services.test_two_writes import (
    BARE,
    DONE,
    FAILBACK_OFF,
    FIRST,
    SECOND_WRITE,
    after_first,
    does,
    on_write,
    sent,
    staged,
)
from tests.stage import PACE

# -- somebody else's hand

HANDS: list[dict[str, object]] = [
    {"active_slicer_id": NO_SLICER},
    {"mode": Mode.FLAT},
    {"slicers": slicers("s1", "s2", "s3", off=("s3",))},
    {"slicers": slicers("s1", "s2", "s3", orders=(2, 1, 3))},
    {"channels": (Channel("c1", ""),)},
]


@pytest.mark.parametrize("new", HANDS)
def test_after_somebody_elses_change_nothing_more_is_sent(new: dict[str, object]) -> None:
    stage = staged()
    on_write(stage, 1, lambda: stage.uplynk.set(ID_A, **new))
    record = does(stage)
    assert (record.state, record.why) == (State.HALFWAY, Why.OTHER_HAND)
    assert sent(stage) == [FIRST] == list(record.written)
    assert record.after == replace(FAILBACK_OFF, **new)  # type: ignore[arg-type]
    assert (record.before, record.base) == (BARE, BARE)


def test_an_automatic_failover_in_between_is_no_other_hand() -> None:
    stage = staged()
    on_write(stage, 1, lambda: stage.uplynk.set(ID_A, active_slicer_id="s3"))
    assert does(stage).state is State.VERIFIED
    assert sent(stage) == [FIRST, SECOND_WRITE]


def test_what_happens_to_be_done_by_then_is_not_done_again() -> None:
    stage = staged()
    on_write(stage, 1, lambda: stage.uplynk.set(ID_A, active_slicer_id="s2"))
    record = does(stage)
    assert (record.state, record.written, record.after) == (State.VERIFIED, (FIRST,), DONE)
    assert sent(stage) == [FIRST]


def test_a_hand_that_comes_before_the_second_write_arrives_is_met_by_uplynk() -> None:
    stage = staged()

    def failback_on_again(point: str) -> None:
        if point == "write:before" and len(stage.uplynk.sent) == 1:
            stage.uplynk.set(ID_A, auto_failback=True)

    stage.uplynk.trip = failback_on_again
    record = does(stage)
    assert (record.state, record.why, record.after) == (State.HALFWAY, Why.REJECTED, BARE)


# -- time, and a database that fails in between


@pytest.mark.parametrize(
    ("takes", "count"),
    [(PACE.first_word - PACE.least, 2), (PACE.first_word - PACE.least + 0.01, 1), (12.0, 1)],
)
def test_no_second_write_is_begun_that_could_not_be_told_of_in_time(
    takes: float, count: int
) -> None:
    stage = staged(Write(takes=takes))
    record = does(stage)
    assert len(stage.uplynk.sent) == count == len(record.written)
    if count == 1:
        assert (record.state, record.why) == (State.HALFWAY, Why.INTERRUPTED)
    else:
        assert record.state is State.VERIFIED
        assert stage.uplynk.sent[1].within == pytest.approx(PACE.least)


def test_a_second_write_that_the_database_held_up_is_not_begun() -> None:
    stage = staged()
    after_first(stage, "advance:after", lambda: stage.clock.advance(11))
    record = does(stage)
    assert (record.state, record.why) == (State.HALFWAY, Why.INTERRUPTED)
    assert (record.written, record.base, record.after) == ((FIRST,), BARE, FAILBACK_OFF)
    assert sent(stage) == [FIRST]
    assert set(stage.ledger.told(record.id)) == {Kind.CARD, Kind.ANSWER}


@pytest.mark.parametrize(("times", "state"), [(2, State.VERIFIED), (12, State.HALFWAY)])
def test_a_database_that_fails_in_between_is_waited_for_while_there_is_time(
    times: int, state: State
) -> None:
    stage = staged()
    stage.ledger.trip = fails_at("advance:before", LedgerUnavailable("full"), times)
    record = does(stage)
    assert record.state is state
    assert len(stage.uplynk.sent) == len(record.written) == 1 + (state is State.VERIFIED)


def test_a_second_write_whose_commit_gave_no_answer_is_never_sent() -> None:
    stage = staged()
    accepted = stage.accepts(change=TWO_STEPS)

    def lost() -> None:
        raise LedgerUnavailable("lost")

    after_first(stage, "advance:after", lost)
    left = stage.changes.run(accepted)
    assert left is not None
    assert (left.state, left.written) == (State.SENDING, (FIRST, SECOND_WRITE))
    stage.runner.recover(PACE)
    stage.work.run()
    record = stage.ledger.records[left.id]
    assert (record.state, record.why) == (State.HALFWAY, Why.NO_EFFECT)
    assert sent(stage) == [FIRST]
