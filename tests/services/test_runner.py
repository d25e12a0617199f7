"""Every accepted change is seen through, and none is run twice."""

import pytest

from failover.errors import LedgerUnavailable, OutcomeUnknown, SlackProblem
from failover.lifecycle import Record, State, Why
from failover.model import Mode
from failover.notices import Kind
from services.runner import Recovery
from tests.builders import ID_A, flat
from tests.fakes import Write, fails_at
from tests.stage import PACE, Stage


def state(stage: Stage, change_id: str = "change-1") -> State:
    return stage.ledger.records[change_id].state


def test_a_change_runs_on_the_pool() -> None:
    stage = Stage()
    stage.runner.start(stage.accepts())
    assert state(stage) is State.RECEIVED
    stage.work.run()
    assert state(stage) is State.VERIFIED


def test_a_change_that_is_under_way_is_not_started_again() -> None:
    stage = Stage()
    accepted = stage.accepts()
    stage.runner.start(accepted)
    stage.runner.start(accepted)
    stage.runner.recover(PACE)
    assert len(stage.work.jobs) == 1
    stage.work.run()
    assert len(stage.uplynk.sent) == 1


def test_a_change_started_again_after_its_end_sends_nothing() -> None:
    stage = Stage()
    accepted = stage.accepts()
    for _ in range(2):
        stage.runner.start(accepted)
        stage.work.run()
    assert len(stage.uplynk.sent) == 1


def test_a_full_pool_leaves_the_change_to_recovery() -> None:
    stage = Stage()
    stage.work.room = 0
    stage.runner.start(stage.accepts())
    assert stage.work.jobs == type(stage.work.jobs)()
    stage.work.room = 1
    stage.runner.recover(PACE)
    stage.work.run()
    assert state(stage) is State.VERIFIED


@pytest.mark.parametrize(
    ("age", "end", "why"),
    [
        (0.0, State.VERIFIED, None),
        (PACE.resume, State.VERIFIED, None),
        (PACE.resume + 0.1, State.FAILED, Why.INTERRUPTED),
        (86400.0, State.FAILED, Why.INTERRUPTED),
    ],
)
def test_a_request_that_a_dead_process_left_is_carried_out_only_while_young(
    age: float, end: State, why: Why | None
) -> None:
    stage = Stage()
    accepted = stage.accepts()
    stage.restart()
    stage.clock.advance(age)
    stage.runner.recover(PACE)
    stage.work.run()
    record = stage.ledger.records[accepted.id]
    assert (record.state, record.why) == (end, why)
    assert len(stage.uplynk.sent) == (end is State.VERIFIED)


@pytest.mark.parametrize("lands", [True, False])
def test_a_write_that_a_dead_process_may_have_sent_is_settled_by_reading(lands: bool) -> None:
    stage = Stage()
    stage.sent_and_died()
    if lands:
        stage.uplynk.set(ID_A, mode=Mode.PRIORITIZED)
    stage.restart()
    stage.clock.advance(300)
    stage.runner.recover(PACE)
    stage.work.run()
    assert state(stage) is (State.VERIFIED if lands else State.FAILED)
    assert stage.uplynk.sent == []


def test_recovery_takes_up_what_was_left_unknown_at_a_stop() -> None:
    stage = Stage()
    stage.timer.stop_after = 1
    stage.uplynk.writes.append(Write(OutcomeUnknown("PATCH x"), late=20))
    stage.runner.start(stage.accepts())
    stage.work.run()
    assert state(stage) is State.UNKNOWN
    stage.restart()
    stage.runner.recover(PACE)
    stage.work.run()
    assert state(stage) is State.VERIFIED
    assert len(stage.uplynk.sent) == 1


def test_finished_changes_are_left_alone() -> None:
    stage = Stage()
    stage.does()
    stage.does(key="press-2")
    stage.restart()
    stage.runner.recover(PACE)
    assert len(stage.work.jobs) == 0


def test_somebody_else_may_be_faster_to_interrupt() -> None:
    stage = Stage()
    old, other = stage.accepts(), stage.accepts(key="press-2")
    stage.clock.advance(PACE.resume + 1)
    listed = stage.ledger.unfinished()
    stage.ledger.unfinished = lambda: listed  # type: ignore[method-assign]
    stage.changes.interrupt(old, Why.INTERRUPTED, {})
    stage.runner.recover(PACE)
    assert state(stage, old.id) is state(stage, other.id) is State.FAILED


def test_what_nobody_foresaw_before_sending_ends_the_change_with_a_reference() -> None:
    stage = Stage()

    def breaks(point: str) -> None:
        if point == "get":
            raise ZeroDivisionError

    stage.uplynk.trip = breaks
    stage.runner.start(stage.accepts())
    stage.work.run()
    record = stage.ledger.records["change-1"]
    assert (record.state, record.why) == (State.FAILED, Why.INTERNAL)
    assert record.facts["reference"]
    assert set(stage.ledger.told(record.id)) == {Kind.CARD, Kind.ANSWER}
    assert stage.messenger.answers == []


def test_the_reference_is_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    stage = Stage()
    stage.uplynk.trip = fails_at("get", ZeroDivisionError())
    stage.runner.start(stage.accepts())
    stage.work.run()
    assert str(stage.ledger.records["change-1"].facts["reference"]) in caplog.text


def test_what_nobody_foresaw_after_sending_is_settled_by_reading() -> None:
    stage = Stage()

    def breaks(point: str) -> None:
        if point == "write:after":
            raise ZeroDivisionError

    stage.uplynk.trip = breaks
    stage.runner.start(stage.accepts())
    stage.work.run()
    assert state(stage) is State.SENDING
    stage.runner.recover(PACE)
    stage.work.run()
    assert state(stage) is State.VERIFIED
    assert len(stage.uplynk.sent) == 1


def test_without_the_database_the_person_is_told_directly_that_nothing_was_sent() -> None:
    stage = Stage()
    accepted = stage.accepts()
    stage.ledger.broken = True
    stage.runner.start(accepted)
    stage.work.run()
    assert stage.messenger.answers == [(accepted.id, State.FAILED)]
    assert stage.uplynk.sent == []


def test_where_nobody_can_be_told_the_log_says_so(caplog: pytest.LogCaptureFixture) -> None:
    stage = Stage()
    stage.messenger.problems.append(SlackProblem("unreachable"))
    stage.runner.start(stage.accepts())
    stage.ledger.broken = True
    stage.work.run()
    assert "nobody could be told of change change-1" in caplog.text


def test_nobody_is_told_failed_of_a_change_that_may_have_been_sent() -> None:
    stage = Stage()
    sending = stage.sent_and_died()
    stage.uplynk.set(ID_A, mode=Mode.PRIORITIZED)
    stage.restart()
    stage.runner.recover(PACE)
    stage.timer.stop_after = 0
    stage.ledger.broken = True
    stage.work.run()
    assert stage.messenger.answers == []
    assert state(stage, sending.id) is State.SENDING


def test_nobody_is_told_failed_when_the_database_dies_after_the_write() -> None:
    stage = Stage()

    def dies(point: str) -> None:
        if point == "write:after":
            stage.ledger.broken = True
            stage.timer.stop_after = 0

    stage.uplynk.trip = dies
    stage.runner.start(stage.accepts())
    stage.work.run()
    assert stage.messenger.answers == []
    assert stage.uplynk.arrived()[ID_A].mode is Mode.PRIORITIZED


def test_a_bug_after_the_write_with_the_database_down_claims_nothing() -> None:
    stage = Stage()

    def dies(point: str) -> None:
        if point == "write:after":
            stage.ledger.broken = True
            raise ZeroDivisionError

    stage.uplynk.trip = dies
    stage.runner.start(stage.accepts())
    stage.work.run()
    assert stage.messenger.answers == []


def test_what_somebody_was_told_will_not_come_does_not_come() -> None:
    stage = Stage()
    accepted = stage.accepts()
    stage.ledger.broken = True
    stage.runner.start(accepted)
    stage.work.run()
    assert stage.messenger.answers == [(accepted.id, State.FAILED)]
    stage.ledger.broken = False
    stage.runner.start(accepted)
    stage.work.run()
    assert state(stage) is State.RECEIVED
    stage.runner.recover(PACE)
    stage.work.run()
    assert (state(stage), stage.uplynk.sent) == (State.FAILED, [])
    assert stage.ledger.records[accepted.id].why is Why.INTERRUPTED


def test_recovery_ticks_and_says_when_it_is_done() -> None:
    stage = Stage()
    recovery = Recovery(stage.runner, PACE)
    stage.accepts()
    stage.ledger.broken = 1
    with pytest.raises(LedgerUnavailable):
        recovery.tick()
    done_too_early = recovery.done
    assert recovery.tick() == Recovery.EVERY_SECONDS
    assert (done_too_early, recovery.done) == (False, True)
    assert len(stage.work.jobs) == 1
    assert stage.uplynk.groups[ID_A] == flat()


def test_a_database_that_fails_while_settling_claims_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stage = Stage()
    sending = stage.sent_and_died()

    def fails(_record: Record) -> Record:
        stage.ledger.broken = True
        raise LedgerUnavailable("down")

    monkeypatch.setattr(stage.changes, "settle", fails)
    stage.runner.start(sending)
    stage.work.run()
    assert stage.messenger.answers == []


def test_what_ends_while_recovery_reads_its_list_is_not_started_again() -> None:
    stage = Stage()
    plain = stage.ledger.unfinished

    def slow() -> tuple[Record, ...]:
        listed = plain()
        stage.work.run()
        return listed

    stage.ledger.unfinished = slow  # type: ignore[method-assign]
    stage.runner.start(stage.accepts())
    stage.runner.recover(PACE)
    assert state(stage) is State.VERIFIED
    assert len(stage.work.jobs) == 0
