"""Requests that run out at their moment, and the countdown on their cards until then."""

import pytest

from failover.errors import LedgerUnavailable
from failover.lifecycle import Actor, State, Why
from failover.notices import Kind
from services.approvals import Decided
from tests.builders import MEMBER, OPERATOR, flat, later
from tests.fakes import fails_at
from tests.services.asking import (
    APPROVER,
    asks,
    presses,
    staged,
    stands,
)
from tests.stage import Stage

# -- the end of its time


@pytest.mark.parametrize(("seconds", "open_still"), [(899.999999, True), (900.0, False)])
@pytest.mark.parametrize(
    ("press", "actor", "code"),
    [
        ("approve", APPROVER, Decided.APPROVED),
        ("decline", APPROVER, Decided.DECLINED),
        ("withdraw", OPERATOR, Decided.WITHDRAWN),
    ],
)
def test_its_time_ends_at_the_very_moment_whether_or_not_that_is_noted(
    seconds: float, open_still: bool, press: str, actor: Actor, code: Decided
) -> None:
    for ticks in (False, True):
        stage = staged()
        asks(stage)
        stage.clock.advance(seconds)
        if ticks:
            stage.approvals.tick()
        found = presses(stage, press, actor)
        assert found is (code if open_still else Decided.NOT_OPEN)


@pytest.mark.parametrize("press", ["approve", "decline"])
def test_a_look_up_that_outlasts_its_time_decides_nothing(press: str) -> None:
    stage = staged()
    asks(stage)
    stage.clock.advance(898)
    stage.usergroups.meanwhile = lambda: stage.clock.advance(3)
    assert presses(stage, press, MEMBER) is Decided.NOT_OPEN
    assert stands(stage).state is State.AWAITING
    stage.approvals.tick()
    assert stands(stage).why is Why.EXPIRED


def test_what_nobody_decided_in_time_is_ended_and_told() -> None:
    stage = staged(2)
    asks(stage)
    presses(stage, "approve", APPROVER)
    stage.clock.advance(899)
    assert stage.approvals.tick() == 1.0
    assert stands(stage).state is State.AWAITING
    stage.clock.advance(1)
    stage.approvals.tick()
    ended = stands(stage)
    assert (ended.state, ended.why, ended.ended_at) == (State.FAILED, Why.EXPIRED, later(900))
    assert stage.ledger.told(ended.id) == {Kind.CARD: later(900), Kind.ANSWER: later(900)}
    assert stage.ledger.unfinished() == ()
    assert stage.uplynk.sent == []


def test_an_approved_change_does_not_run_out() -> None:
    stage = staged()
    asks(stage)
    stage.clock.advance(899)
    presses(stage, "approve", APPROVER)
    stage.clock.advance(2)
    stage.approvals.tick()
    stage.work.run()
    assert stands(stage).state is State.VERIFIED


# -- the countdown


def reminded(stage: Stage, change_id: str = "change-1") -> bool:
    """Whether the card is to be drawn anew since the last time it was asked."""
    rows = [row for row in stage.ledger.rows if row.notice.change_id == change_id]
    (card,) = [row for row in rows if row.notice.kind is Kind.CARD]
    due, card.due_at = card.due_at, None
    return due is not None


def test_the_countdown_on_the_card_goes_on_once_a_minute() -> None:
    stage = staged()
    asks(stage)
    stage.approvals.tick()
    reminded(stage)
    drawn = []
    for second in range(1, 300):
        stage.clock.advance(1)
        stage.approvals.tick()
        if reminded(stage):
            drawn.append(second)
    assert drawn == [1, 61, 121, 181, 241]
    assert stands(stage).version == 2


def test_only_the_card_counts_down() -> None:
    stage = staged()
    asks(stage)
    for row in stage.ledger.rows:
        row.due_at = None
    stage.clock.advance(60)
    stage.approvals.tick()
    assert stage.ledger.told("change-1") == {Kind.CARD: later(60), Kind.ANSWER: None}


def test_each_request_has_its_own_countdown() -> None:
    stage = staged(1, flat(), flat(id="b" * 32, name="News"))
    asks(stage)
    stage.clock.advance(30)
    asks(stage, key="press-2", group="b" * 32)
    stage.approvals.tick()
    for one in ("change-1", "change-2"):
        reminded(stage, one)
    stage.clock.advance(31)
    stage.approvals.tick()
    assert [reminded(stage, one) for one in ("change-1", "change-2")] == [True, True]
    stage.clock.advance(30)
    stage.approvals.tick()
    assert [reminded(stage, one) for one in ("change-1", "change-2")] == [False, True]


@pytest.mark.parametrize("press", ["decline", "withdraw", "approve"])
def test_what_is_decided_counts_down_no_more(press: str) -> None:
    stage = staged()
    asks(stage)
    stage.approvals.tick()
    presses(stage, press, OPERATOR if press == "withdraw" else APPROVER)
    reminded(stage)
    stage.clock.advance(61)
    stage.approvals.tick()
    assert not reminded(stage)


def test_a_reminder_that_the_database_did_not_take_is_made_up_for() -> None:
    stage = staged()
    asks(stage)
    reminded(stage)
    stage.ledger.trip = fails_at("remind:before", LedgerUnavailable("locked"))
    with pytest.raises(LedgerUnavailable):
        stage.approvals.tick()
    stage.clock.advance(1)
    stage.approvals.tick()
    assert reminded(stage)


def test_the_next_look_is_soon_enough_for_whatever_ends_first() -> None:
    stage = staged(1, flat(), flat(id="b" * 32, name="News"))
    assert stage.approvals.tick() == 5.0
    asks(stage)
    stage.clock.advance(2)
    asks(stage, key="press-2", group="b" * 32)
    stage.clock.advance(895.5)
    assert stage.approvals.tick() == 2.5
    stage.clock.advance(2.45)
    assert stage.approvals.tick() == pytest.approx(0.2)
    stage.clock.advance(0.05)
    assert stage.approvals.tick() == pytest.approx(2.0)
