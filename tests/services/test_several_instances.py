"""Two instances over one database: one works, the other waits until it is dead."""

from __future__ import annotations

import pytest

from failover.errors import Overtaken
from failover.lifecycle import State, Why, move
from failover.model import Mode
from failover.sets import SetState
from services.approvals import Decided
from services.runner import Recovery
from tests.builders import ID_A
from tests.services.asking import APPROVER, OTHER, asks, presses, staged
from tests.services.set_stage import SetStage
from tests.stage import PACE, Stage


def dies(stage: Stage) -> None:
    """From now on the others take it for dead, whatever it still does."""
    stage.ledger.dead.add(stage.ledger.me)


def takes_over(stage: Stage) -> None:
    stage.runner.recover(PACE)
    stage.work.run()


def test_what_a_living_instance_works_on_is_left_to_it() -> None:
    first = Stage()
    second = first.beside()
    first.runner.start(first.accepts())
    takes_over(second)
    assert first.uplynk.sent == []
    first.work.run()
    assert first.states()[-1] is State.VERIFIED


def test_what_a_dead_instance_accepted_is_carried_out_by_the_other() -> None:
    first = Stage()
    second = first.beside()
    accepted = first.accepts()
    dies(first)
    takes_over(second)
    assert second.ledger.records[accepted.id].state is State.VERIFIED
    assert len(first.uplynk.sent) == 1


def test_one_that_wakes_before_its_write_sends_nothing_after_the_other() -> None:
    first = Stage()
    second = first.beside()
    accepted = first.accepts()

    def freezes(point: str) -> None:
        if point == "get":
            first.uplynk.trip = lambda _: None
            dies(first)
            takes_over(second)

    first.uplynk.trip = freezes
    first.changes.run(accepted)
    assert first.ledger.records[accepted.id].state is State.VERIFIED
    assert len(first.uplynk.sent) == 1
    assert first.states().count(State.SENDING) == 1


def test_one_that_wakes_too_late_to_begin_leaves_the_word_to_the_other() -> None:
    first = Stage()
    second = first.beside()
    accepted = first.accepts()
    dies(first)
    takes_over(second)
    first.clock.advance(PACE.resume + 1)
    found = first.changes.run(accepted)
    assert found == second.ledger.records[accepted.id]
    assert found.state is State.VERIFIED


@pytest.mark.parametrize("taken_over", [True, False])
def test_one_that_wakes_with_the_group_in_its_hand_sends_nothing(taken_over: bool) -> None:
    first = Stage()
    second = first.beside()
    accepted = first.accepts()

    def freezes(point: str) -> None:
        if point == "take:after":
            first.ledger.awake = False
            if taken_over:
                dies(first)
                second.runner.recover(PACE)

    first.ledger.trip = freezes
    first.changes.run(accepted)
    second.work.run()
    record = first.ledger.records[accepted.id]
    assert (first.uplynk.sent, record.state) == ([], State.FAILED)
    assert record.why is (Why.NO_EFFECT if taken_over else Why.INTERRUPTED)


def test_one_that_may_be_dead_begins_no_write() -> None:
    stage = Stage()
    accepted = stage.accepts()
    stage.ledger.awake = False
    stage.changes.run(accepted)
    record = stage.ledger.records[accepted.id]
    assert (record.state, record.why) == (State.FAILED, Why.INTERRUPTED)
    assert stage.uplynk.sent == []


def test_one_that_may_be_dead_takes_nothing_over_and_is_not_ready() -> None:
    first = Stage()
    second = first.beside()
    first.accepts()
    dies(first)
    second.ledger.awake = False
    recovery = Recovery(second.runner, PACE)
    recovery.tick()
    assert (recovery.done, len(second.work.jobs)) == (False, 0)
    second.ledger.awake = True
    recovery.tick()
    second.ledger.awake = False
    recovery.tick()
    assert (recovery.done, len(second.work.jobs)) == (True, 1)


def test_a_write_of_the_dead_one_is_settled_by_reading() -> None:
    first = Stage()
    second = first.beside()
    sending = first.sent_and_died()
    first.uplynk.set(ID_A, mode=Mode.PRIORITIZED)
    dies(first)
    takes_over(second)
    assert second.ledger.records[sending.id].state is State.VERIFIED
    assert first.uplynk.sent == []
    with pytest.raises(Overtaken):
        first.ledger.advance(move(sending, State.FAILED, ended_at=first.clock()), {})


def test_one_request_for_a_second_person_is_ended_once_by_whoever_holds_it() -> None:
    first = staged()
    waiting = asks(first)
    second = first.beside()
    first.clock.advance(10_000)
    assert second.approvals.tick() > 0
    assert second.ledger.records[waiting.id].state is State.AWAITING
    dies(first)
    second.runner.recover(PACE)
    second.approvals.tick()
    first.approvals.tick()
    record = second.ledger.records[waiting.id]
    assert (record.state, record.why) == (State.FAILED, Why.EXPIRED)
    assert first.states(waiting.id).count(State.FAILED) == 1


def test_of_two_approvals_at_two_instances_each_has_one_answer() -> None:
    first = staged()
    waiting = asks(first)
    second = first.beside()
    decided = []

    def presses_there(point: str) -> None:
        if point == "advance:before":
            first.ledger.trip = lambda _: None
            decided.append(presses(second, "approve", OTHER))

    first.ledger.trip = presses_there
    decided.append(presses(first, "approve", APPROVER))
    assert decided == [Decided.APPROVED, Decided.NOT_OPEN]
    first.work.run()
    second.work.run()
    assert first.ledger.records[waiting.id].state is State.VERIFIED
    assert len(first.uplynk.sent) == 1


def test_a_set_of_a_dead_instance_is_ended_and_told_once() -> None:
    first = SetStage()
    second = first.beside()
    known, _ = first.confirms(first.shows().group_set)
    job = first.work.jobs.pop()
    second.set_runner.tick()
    assert second.set_store.sets[known.id].state is SetState.TAKEN
    dies(first)
    second.set_runner.tick()
    assert second.set_store.sets[known.id].state is SetState.TOLD
    told = len(first.set_screen.told)
    job()
    assert (len(first.set_screen.told), first.uplynk.sent) == (told, [])
    assert [one.state for one in second.set_store.records(known)] == [State.REFUSED] * 4


def test_one_that_renewed_its_lease_after_a_freeze_sends_nothing() -> None:
    first = Stage()
    second = first.beside()
    accepted = first.accepts()

    def freezes(point: str) -> None:
        if point == "take:after":
            first.ledger.trip = lambda _: None
            dies(first)
            second.runner.recover(PACE)
            first.ledger.dead.discard(first.ledger.me)
            first.ledger.wakes()

    first.ledger.trip = freezes
    first.changes.run(accepted)
    second.work.run()
    record = first.ledger.records[accepted.id]
    assert (first.uplynk.sent, record.state) == ([], State.FAILED)
