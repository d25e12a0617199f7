"""A change of two writes whose process stopped or died, at every point there is."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from failover.lifecycle import BETWEEN, Record, State, Why
from failover.model import Mode
from tests.builders import ID_A
from tests.fakes import LOST, TIMED_OUT, Write, silent
from tests.services.every_change import FAILING_BACK, TWO_STEPS
from tests.services.test_two_writes import (
    BARE,
    DONE,
    FAILBACK_OFF,
    FIRST,
    SECOND_WRITE,
    on_write,
    sent,
    staged,
)
from tests.stage import PACE, Stage

POINTS = 40
"""More than such a change reaches."""


class Killed(BaseException):
    """The process dies, as by ``kill -9``."""


def killed(stage: Stage, at: int) -> bool:
    """The change is made by a process that dies at the point ``at``; False: it came to its end."""
    points: Iterator[int] = iter(range(POINTS))

    def trip(_point: str) -> None:
        if next(points) == at:
            raise Killed

    accepted = stage.accepts(change=TWO_STEPS)
    stage.uplynk.trip = stage.ledger.trip = trip
    try:
        stage.changes.run(accepted)
    except Killed:
        return True
    finally:
        stage.uplynk.trip = stage.ledger.trip = lambda _: None
    return False


def recovered(stage: Stage) -> Record:
    """The change as a new process leaves it."""
    stage.restart()
    stage.runner.recover(PACE)
    stage.work.run()
    assert stage.ledger.unfinished() == ()
    return stage.ledger.records["change-1"]


def check_the_truth(stage: Stage, record: Record) -> None:
    """The end says what the group is, and what was done to make it so."""
    there = replace(stage.uplynk.arrived()[ID_A], allowed_owners=None)
    took = len(stage.uplynk.took_effect)
    if record.state is State.VERIFIED:
        assert (there, took) == (DONE, 2)
    elif record.state is State.HALFWAY:
        assert (there, took) == (FAILBACK_OFF, 1)
        assert record.after == there
        assert len(record.written) == (1 if record.why in BETWEEN else 2)
    else:
        assert record.state is State.FAILED
        assert (there, took) == (BARE, 0)


@pytest.mark.parametrize(
    "meets",
    [(), (LOST,), (Write(TIMED_OUT, late=8.0),), (Write(), LOST), (Write(), Write(late=20.0))],
    ids=["well", "first lost", "first late", "second lost", "second late"],
)
@pytest.mark.parametrize("away", [0.0, 20.0, 3600.0])
def test_wherever_it_dies_nothing_is_sent_twice_and_the_end_is_true(
    meets: tuple[Write, ...], away: float
) -> None:
    for at in range(POINTS):
        stage = staged(*meets)
        if not killed(stage, at):
            break
        begun = len(stage.uplynk.sent)
        stage.clock.advance(away)
        record = recovered(stage)
        assert sent(stage) in ([], [FIRST], [FIRST, SECOND_WRITE])
        # Whoever finds a change that was begun reads, and sends nothing more.
        assert not begun or len(stage.uplynk.sent) == begun
        check_the_truth(stage, record)
    else:
        raise AssertionError("it never came to its end")
    assert at > 12


def test_every_end_is_met_on_the_way() -> None:
    ends = set()
    for at in range(POINTS):
        stage = staged()
        if not killed(stage, at):
            break
        record = recovered(stage)
        ends.add((record.state, record.why, len(stage.uplynk.sent)))
    assert ends == {
        (State.VERIFIED, None, 2),  # before anything was recorded, or after all was sent
        (State.FAILED, Why.NO_EFFECT, 0),
        (State.HALFWAY, Why.INTERRUPTED, 1),
        (State.HALFWAY, Why.NO_EFFECT, 1),
    }


def test_a_new_process_does_not_go_on_whatever_time_is_left() -> None:
    stage = staged()
    sending = stage.sent_and_died(change=TWO_STEPS)
    stage.uplynk.set(ID_A, auto_failback=False)
    record = recovered(stage)
    assert (record.id, record.state, record.why) == (sending.id, State.HALFWAY, Why.INTERRUPTED)
    assert (record.written, sent(stage)) == ((FIRST,), [])


def test_a_new_process_sees_somebody_elses_hand() -> None:
    stage = staged()
    stage.sent_and_died(change=TWO_STEPS)
    stage.uplynk.set(ID_A, auto_failback=False, mode=Mode.FLAT)
    record = recovered(stage)
    assert (record.state, record.why) == (State.HALFWAY, Why.OTHER_HAND)


def test_a_new_process_finds_all_of_it_done() -> None:
    stage = staged()
    stage.sent_and_died(change=TWO_STEPS)
    stage.uplynk.set(ID_A, auto_failback=False, active_slicer_id="s2")
    assert recovered(stage).state is State.VERIFIED


# -- stopping


def test_a_stop_does_not_leave_half_a_change_that_goes_well() -> None:
    stage = staged()
    stage.timer.stop_after = 0
    record = stage.does(change=TWO_STEPS)
    assert (record.state, sent(stage)) == (State.VERIFIED, [FIRST, SECOND_WRITE])


def test_a_stop_while_the_first_write_does_not_show_begins_no_second() -> None:
    stage = staged(Write(late=5.0))
    stage.timer.stop_after = 0
    left = stage.does(change=TWO_STEPS)
    assert (left.state, sent(stage)) == (State.UNKNOWN, [FIRST])
    stage.clock.advance(5)
    record = recovered(stage)
    assert (record.state, record.why, sent(stage)) == (State.HALFWAY, Why.INTERRUPTED, [FIRST])


def test_a_stop_while_the_second_write_does_not_show_says_unknown() -> None:
    stage = staged(Write(), Write(late=5.0))
    stage.timer.stop_after = 0
    left = stage.does(change=TWO_STEPS)
    assert (left.state, left.facts) == (State.UNKNOWN, {"acknowledged": True})
    stage.clock.advance(5)
    record = recovered(stage)
    assert (record.state, sent(stage)) == (State.VERIFIED, [FIRST, SECOND_WRITE])


def test_a_stop_with_the_database_down_in_between_begins_no_second() -> None:
    stage = staged()
    stage.timer.stop_after = 3

    def fails() -> None:
        stage.ledger.broken = True

    on_write(stage, 1, fails)
    accepted = stage.accepts(change=TWO_STEPS)
    left = stage.changes.run(accepted)
    assert left is not None
    assert (left.state, left.written) == (State.SENDING, (FIRST,))
    assert sent(stage) == [FIRST]
    stage.ledger.broken = False
    stage.uplynk.trip = lambda _: None
    record = recovered(stage)
    assert (record.state, record.why, sent(stage)) == (State.HALFWAY, Why.INTERRUPTED, [FIRST])


def test_what_was_acknowledged_before_counts_for_that_write_alone() -> None:
    stage = staged(Write(), LOST)
    stage.timer.stop_after = 0
    left = stage.does(change=TWO_STEPS)
    assert (left.state, left.facts.get("acknowledged")) == (State.UNKNOWN, None)
    stage.restart()
    stage.uplynk.down = silent()
    record = stage.changes.settle(left)
    assert record is not None
    assert record.state is State.UNSETTLED


def test_the_settle_time_of_a_second_write_runs_from_that_write() -> None:
    stage = Stage(FAILING_BACK)
    stage.uplynk.writes.extend([Write(takes=8.0), LOST])
    stage.timer.stop_after = 0
    left = stage.does(change=TWO_STEPS)
    assert left.sent_at == stage.uplynk.sent[1].at
    record = recovered(stage)
    assert (record.state, record.why) == (State.HALFWAY, Why.NO_EFFECT)
    assert record.ended_at is not None
    assert left.sent_at is not None
    assert (record.ended_at - left.sent_at).total_seconds() >= PACE.write + PACE.settle
