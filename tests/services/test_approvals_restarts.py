"""A bot that dies, or whose database fails, around a decision, and comes back."""

from collections.abc import Callable

import pytest

from failover.errors import LedgerUnavailable
from failover.lifecycle import State, Why
from failover.notices import Kind
from services.approvals import Decided, Decision
from tests.builders import ID_A, OPERATOR, START, flat
from tests.fakes import fails_at
from tests.services.asking import (
    APPROVER,
    OTHER,
    asks,
    presses,
    staged,
    stands,
)
from tests.stage import PACE, Stage

RESUME = PACE.resume


# -- a bot that dies


def test_a_request_outlives_the_bot() -> None:
    stage = staged(2)
    asks(stage)
    presses(stage, "approve", APPROVER)
    stage.restart()
    stage.clock.advance(600)
    stage.runner.recover(PACE)
    stage.work.run()
    assert stands(stage).state is State.AWAITING
    assert presses(stage, "approve", APPROVER) is Decided.TWICE
    assert presses(stage, "approve", OTHER) is Decided.APPROVED
    stage.work.run()
    assert stands(stage).state is State.VERIFIED


def test_a_request_that_ran_out_while_the_bot_was_away_is_ended_and_told() -> None:
    stage = staged()
    asks(stage)
    stage.restart()
    stage.clock.advance(5000)
    stage.runner.recover(PACE)
    assert presses(stage, "approve", APPROVER) is Decided.NOT_OPEN
    stage.approvals.tick()
    assert stands(stage).why is Why.EXPIRED


@pytest.mark.parametrize(("away", "resumes"), [(0.0, True), (RESUME, True), (RESUME + 0.1, False)])
def test_what_was_approved_goes_on_while_the_approval_is_young(away: float, resumes: bool) -> None:
    stage = staged()
    asks(stage)
    stage.clock.advance(800)
    presses(stage, "approve", APPROVER)
    stage.restart()
    stage.clock.advance(away)
    stage.runner.recover(PACE)
    stage.work.run()
    ended = stands(stage)
    if resumes:
        assert ended.state is State.VERIFIED
    else:
        assert (ended.state, ended.why) == (State.FAILED, Why.INTERRUPTED)
        assert stage.ledger.told("change-1") == {
            Kind.CARD: ended.ended_at,
            Kind.ANSWER: ended.ended_at,
        }
    assert len(stage.uplynk.sent) == resumes


def test_what_was_approved_while_every_worker_was_busy_waits_for_one_as_long() -> None:
    stage = staged()
    asks(stage)
    stage.work.room = 0
    assert presses(stage, "approve", APPROVER) is Decided.APPROVED
    stage.work.room = 10
    stage.clock.advance(RESUME - 1)
    stage.runner.recover(PACE)
    stage.clock.advance(2)
    stage.work.run()
    assert (stands(stage).state, stands(stage).why) == (State.FAILED, Why.INTERRUPTED)
    assert stage.uplynk.sent == []


POINTS = ["keep:before", "advance:before", "advance:after"]


class Died(BaseException):
    """The process dies."""


@pytest.mark.parametrize("point", POINTS)
def test_wherever_it_dies_while_it_asks_the_request_is_there_or_is_begun_again(point: str) -> None:
    stage = staged()
    stage.accepts()
    dies_at(stage, point, lambda: stage.changes.run(stands(stage)))
    stage.runner.recover(PACE)
    stage.work.run()
    assert stands(stage).state is State.AWAITING
    assert presses(stage, "approve", APPROVER) is Decided.APPROVED


@pytest.mark.parametrize(("point", "kept"), [("advance:before", False), ("advance:after", True)])
@pytest.mark.parametrize("press", ["approve", "decline", "withdraw"])
def test_wherever_it_dies_while_it_is_decided_the_decision_is_kept_or_was_none(
    press: str, point: str, kept: bool
) -> None:
    stage = staged()
    asks(stage)
    actor = OPERATOR if press == "withdraw" else APPROVER
    dies_at(stage, point, lambda: presses(stage, press, actor))
    assert (stands(stage).state is not State.AWAITING) is kept
    stage.runner.recover(PACE)
    stage.work.run()
    assert len(stage.uplynk.sent) == (kept and press == "approve")


@pytest.mark.parametrize("point", ["take:before", "take:after", "write:before", "write:after"])
def test_wherever_it_dies_after_the_approval_it_is_sent_once_at_most(point: str) -> None:
    stage = staged()
    asks(stage)
    presses(stage, "approve", APPROVER)
    dies_at(stage, point, stage.work.run)
    stage.runner.recover(PACE)
    stage.work.run()
    assert len(stage.uplynk.sent) <= 1
    ended = stands(stage)
    took = stage.uplynk.groups[ID_A] != flat()
    assert ended.state is (State.VERIFIED if took else State.FAILED)


def dies_at(stage: Stage, point: str, does: Callable[[], object]) -> None:
    def trip(here: str) -> None:
        if here == point:
            raise Died

    stage.ledger.trip = stage.uplynk.trip = trip
    with pytest.raises(Died):
        does()
    stage.ledger.trip = stage.uplynk.trip = lambda _: None
    stage.restart()


# -- a database that fails


@pytest.mark.parametrize("press", ["approve", "decline", "withdraw"])
def test_a_decision_that_cannot_be_stored_is_none_and_says_so(press: str) -> None:
    stage = staged()
    asks(stage)
    stage.ledger.trip = fails_at("advance:before", LedgerUnavailable("locked"))
    actor = OPERATOR if press == "withdraw" else APPROVER
    with pytest.raises(LedgerUnavailable):
        presses(stage, press, actor)
    assert (stands(stage).state, stands(stage).version) == (State.AWAITING, 2)
    assert stage.work.jobs == type(stage.work.jobs)()
    assert presses(stage, press, actor) is not Decided.NOT_OPEN


def test_an_approved_change_that_the_database_fails_is_told_directly_and_never_sent() -> None:
    stage = staged()
    asks(stage)
    presses(stage, "approve", APPROVER)
    stage.ledger.broken = True
    stage.work.run()
    assert stage.messenger.answers == [("change-1", State.FAILED)]
    stage.ledger.broken = False
    stage.runner.recover(PACE)
    stage.work.run()
    assert (stands(stage).state, stands(stage).why) == (State.FAILED, Why.INTERRUPTED)
    assert stage.uplynk.sent == []
    assert stands(stage).request.received_at == START


def test_a_decision_says_how_the_record_stands() -> None:
    stage = staged(2)
    asks(stage)
    assert stage.approvals.approve("change-1", APPROVER) == Decision(
        Decided.ONE_MORE, stands(stage)
    )
    assert stage.approvals.approve("change-1", OTHER) == Decision(Decided.APPROVED, stands(stage))
