"""Changes that a stop, a dead process or a failing database left half done."""

import pytest

from failover.errors import (
    LedgerUnavailable,
)
from failover.lifecycle import HOLDING, State, Why
from failover.model import Mode
from failover.notices import Kind
from tests.builders import (
    ID_A,
    group,
)
from tests.fakes import LOST, Write, fails_at, silent
from tests.stage import PACE, Stage

# -- stopping, dying and coming back


def test_a_stop_while_looking_leaves_the_outcome_unknown_and_says_so() -> None:
    stage = Stage()
    stage.timer.stop_after = 0
    stage.uplynk.writes.append(Write(late=None))
    record = stage.does()
    assert record.state is State.UNKNOWN
    assert record.facts == {"acknowledged": True}
    assert set(stage.ledger.told(record.id)) == {Kind.CARD, Kind.ANSWER}
    assert stage.ledger.unfinished() == (record,)


def test_a_stop_does_not_hide_what_one_reading_shows() -> None:
    stage = Stage()
    stage.timer.stop_after = 0
    assert stage.does().state is State.VERIFIED


def test_a_stop_leaves_what_is_unknown_as_it_is() -> None:
    stage = Stage()
    stage.timer.stop_after = 3
    stage.uplynk.writes.append(LOST)
    record = stage.does()
    assert (record.state, record.version) == (State.UNKNOWN, 3)


@pytest.mark.parametrize("lands", [True, False])
def test_after_a_restart_only_readings_tell(lands: bool) -> None:
    stage = Stage()
    sending = stage.sent_and_died()
    if lands:
        stage.uplynk.set(ID_A, mode=Mode.PRIORITIZED)
    stage.restart()
    record = stage.changes.settle(sending)
    assert record is not None
    assert record.state is (State.VERIFIED if lands else State.FAILED)
    assert record.why is (None if lands else Why.NO_EFFECT)
    assert stage.uplynk.sent == []
    assert set(stage.ledger.told(record.id)) == {Kind.CARD, Kind.ANSWER}


@pytest.mark.parametrize("away", [-600.0, 0.0, 41.9, 600.0])
def test_after_a_restart_all_of_the_settle_time_is_watched_whatever_the_clocks_say(
    away: float,
) -> None:
    stage = Stage()
    sending = stage.sent_and_died()
    stage.clock.advance(away)
    stage.restart()
    taken_over = stage.clock()
    record = stage.changes.settle(sending)
    assert record is not None
    assert (record.state, record.why) == (State.FAILED, Why.NO_EFFECT)
    assert record.ended_at is not None
    waited = (record.ended_at - taken_over).total_seconds()
    settled = PACE.write + PACE.settle
    assert settled <= waited <= settled + 2.5


def test_after_a_restart_unknown_is_said_at_once() -> None:
    stage = Stage()
    sending = stage.sent_and_died()
    stage.restart()
    stage.changes.settle(sending)
    assert stage.states()[-2:] == [State.UNKNOWN, State.FAILED]
    assert stage.uplynk.log[-1] == f"get {ID_A}"


def test_after_a_long_absence_readings_get_their_time() -> None:
    stage = Stage()
    sending = stage.sent_and_died()
    stage.clock.advance(3600)
    stage.restart()
    stage.uplynk.reads.extend([silent()] * 5)
    record = stage.changes.settle(sending)
    assert record is not None
    assert (record.state, record.why) == (State.FAILED, Why.NO_EFFECT)


def test_what_was_acknowledged_before_a_stop_is_not_forgotten() -> None:
    stage = Stage()
    stage.timer.stop_after = 0
    stage.uplynk.writes.append(Write(late=None))
    left = stage.does()
    stage.restart()
    stage.uplynk.down = silent()
    record = stage.changes.settle(left)
    assert record is not None
    assert record.state is State.UNVERIFIED


def test_settling_is_left_to_whoever_is_faster() -> None:
    stage = Stage()
    sending = stage.sent_and_died()
    stage.changes.settle(sending)
    ended = stage.ledger.records[sending.id]
    assert stage.changes.settle(sending) == ended
    assert stage.ledger.records[sending.id] == ended


def test_settling_can_be_stopped() -> None:
    stage = Stage()
    sending = stage.sent_and_died()
    stage.timer.stop_after = 1
    record = stage.changes.settle(sending)
    assert record is not None
    assert record.state is State.UNKNOWN


# -- a database that fails after the write


def test_an_outcome_that_cannot_be_stored_is_stored_as_soon_as_it_can() -> None:
    stage = Stage()
    accepted = stage.accepts()
    stage.ledger.trip = fails_at("advance:before", times=5, error=LedgerUnavailable("full"))
    record = stage.changes.run(accepted)
    assert record is not None
    assert record.state is State.VERIFIED
    assert stage.ledger.records[accepted.id] == record
    assert len(stage.uplynk.sent) == 1


def test_what_was_seen_once_is_not_unsaid_by_later_readings() -> None:
    stage = Stage()
    accepted = stage.accepts()
    stage.ledger.trip = fails_at("advance:before", times=3, error=LedgerUnavailable("full"))
    stage.timer.meanwhile.append(lambda: stage.uplynk.set(ID_A, mode=Mode.FLAT))
    record = stage.changes.run(accepted)
    assert record is not None
    assert (record.state, record.after) == (State.VERIFIED, group())


def test_a_commit_whose_answer_was_lost_counts() -> None:
    stage = Stage()
    accepted = stage.accepts()
    stage.ledger.trip = fails_at("advance:after", error=LedgerUnavailable("lost"))
    record = stage.changes.run(accepted)
    assert record is not None
    assert record.state is State.VERIFIED
    assert stage.states() == [State.RECEIVED, State.SENDING, State.VERIFIED]


def test_a_stop_while_the_database_is_down_claims_nothing() -> None:
    stage = Stage()
    accepted = stage.accepts()
    stage.timer.stop_after = 2

    def down_after_write(point: str) -> None:
        if point == "write:after":
            stage.ledger.broken = True

    stage.uplynk.trip = down_after_write
    record = stage.changes.run(accepted)
    assert record is not None
    assert record.state is State.SENDING
    stage.ledger.broken = False
    assert stage.ledger.records[accepted.id].state in HOLDING


def test_being_overtaken_while_the_database_is_down_claims_nothing() -> None:
    stage = Stage()
    accepted = stage.accepts()

    def overtaken(point: str) -> None:
        if point == "write:after":
            stage.restart()
            stage.changes.settle(stage.ledger.records[accepted.id])
            stage.ledger.trip = fails_at("get:before", error=LedgerUnavailable("down"))

    changes = stage.changes
    stage.uplynk.trip = overtaken
    record = changes.run(accepted)
    assert record is not None
    assert record.state is State.RECEIVED
    assert stage.ledger.records[accepted.id].state is State.VERIFIED
    assert len(stage.uplynk.sent) == 1


def test_what_was_given_up_although_the_database_took_it_frees_its_group() -> None:
    stage = Stage()

    def dies(point: str) -> None:
        if point == "take:after":
            stage.ledger.broken = True
            raise LedgerUnavailable("lost")

    stage.ledger.trip = dies
    accepted = stage.accepts()
    stage.runner.start(accepted)
    stage.work.run()
    assert stage.messenger.answers == [(accepted.id, State.FAILED)]
    assert stage.ledger.records[accepted.id].state is State.SENDING
    stage.ledger.broken = False
    stage.ledger.trip = lambda _: None
    stage.runner.recover(PACE)
    stage.work.run()
    assert (stage.ledger.records[accepted.id].state, stage.uplynk.sent) == (State.FAILED, [])
    assert stage.does(key="press-2").state is State.VERIFIED
