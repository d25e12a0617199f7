"""What was approved and is about to be sent: what becomes of it."""

from typing import Any

from failover.lifecycle import State, Why
from failover.notices import Kind
from tests.services.asking import (
    APPROVER,
    asks,
    presses,
    stands,
)
from tests.stage import Stage


def approved(stage: Stage, **given: Any) -> None:
    """It is approved, and nobody has taken it up yet."""
    asks(stage, **given)
    presses(stage, "approve", APPROVER)
    assert stands(stage).state is State.APPROVED
    assert stage.uplynk.sent == []


def refused(stage: Stage, why: Why, state: State = State.REFUSED) -> None:
    """Nothing is sent; whoever asked is told why, and the card stops counting down."""
    stage.clock.advance(1)
    stage.work.run()
    ended = stands(stage)
    assert (ended.state, ended.why) == (state, why)
    assert stage.uplynk.sent == []
    assert ended.approvals[0][0] == APPROVER.user_id
    assert stage.ledger.told(ended.id).keys() == {Kind.CARD, Kind.ANSWER}
    assert stage.ledger.told(ended.id)[Kind.CARD] == ended.ended_at


def sent(stage: Stage) -> None:
    """It is sent, and verified."""
    stage.work.run()
    assert (stands(stage).state, stands(stage).why) == (State.VERIFIED, None)
    assert len(stage.uplynk.sent) == 1
