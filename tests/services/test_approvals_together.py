"""Decisions that meet: the first one stands, the slower is told so, and none is lost."""

import threading
from collections.abc import Callable

import pytest

from failover.lifecycle import Actor, State, Why
from services.approvals import Decided
from tests.builders import ADMIN, OPERATOR
from tests.services.asking import (
    APPROVER,
    BOTH,
    OTHER,
    asks,
    presses,
    staged,
    stands,
)
from tests.stage import Stage


def meanwhile(stage: Stage, happens: Callable[[], object]) -> None:
    """It happens once, when the next press has looked and is about to be stored."""

    def trip(point: str) -> None:
        if point == "advance:before":
            stage.ledger.trip = lambda _: None
            happens()

    stage.ledger.trip = trip


FASTER = {
    "approve": (APPROVER, Decided.APPROVED),
    "decline": (APPROVER, Decided.DECLINED),
    "withdraw": (OPERATOR, Decided.WITHDRAWN),
}


@pytest.mark.parametrize("slower", ["approve", "decline", "withdraw"])
@pytest.mark.parametrize("faster", FASTER)
def test_of_two_at_once_the_first_stands_and_the_slower_is_told_so(
    faster: str, slower: str
) -> None:
    stage = staged()
    asks(stage)
    quick, code = FASTER[faster]
    first: list[Decided] = []
    meanwhile(stage, lambda: first.append(presses(stage, faster, quick)))
    slow = OPERATOR if slower == "withdraw" else OTHER
    assert presses(stage, slower, slow) is Decided.NOT_OPEN
    assert first == [code]
    assert stands(stage).version == 3
    stage.work.run()
    assert len(stage.uplynk.sent) == (faster == "approve")


@pytest.mark.parametrize("faster", ["decline", "approve"])
def test_the_slower_one_is_shown_who_was_first(faster: str) -> None:
    stage = staged()
    asks(stage)
    meanwhile(stage, lambda: presses(stage, faster, APPROVER))
    late = stage.approvals.approve("change-1", OTHER)
    assert late.record == stands(stage)
    names = [user for user, _ in stands(stage).approvals] or [stands(stage).facts["by"]]
    assert names == [APPROVER.user_id]


def test_two_approvals_at_once_are_both_counted() -> None:
    stage = staged(2)
    asks(stage)
    meanwhile(stage, lambda: presses(stage, "approve", APPROVER))
    assert presses(stage, "approve", OTHER) is Decided.APPROVED
    assert [user for user, _ in stands(stage).approvals] == [APPROVER.user_id, OTHER.user_id]


@pytest.mark.parametrize(("press", "actor"), [("decline", OTHER), ("withdraw", OPERATOR)])
def test_an_end_is_not_lost_to_an_approval_that_leaves_it_open(press: str, actor: Actor) -> None:
    stage = staged(2)
    asks(stage)
    meanwhile(stage, lambda: presses(stage, "approve", APPROVER))
    assert presses(stage, press, actor) in (Decided.DECLINED, Decided.WITHDRAWN)
    ended = stands(stage)
    assert ended.state is State.REFUSED
    assert [user for user, _ in ended.approvals] == [APPROVER.user_id]
    assert presses(stage, "approve", BOTH) is Decided.NOT_OPEN


def test_one_person_twice_at_once_counts_once() -> None:
    stage = staged(2)
    asks(stage)
    meanwhile(stage, lambda: presses(stage, "approve", APPROVER))
    assert presses(stage, "approve", APPROVER) is Decided.TWICE
    assert len(stands(stage).approvals) == 1


def test_many_at_once_are_counted_to_what_is_needed_and_no_further() -> None:
    people = [APPROVER, OTHER, BOTH, ADMIN]
    stage = staged(2)
    asks(stage)
    barrier, codes = threading.Barrier(len(people), timeout=20), list[Decided]()

    def press(actor: Actor) -> None:
        barrier.wait()
        codes.append(presses(stage, "approve", actor))

    threads = [threading.Thread(target=press, args=[one]) for one in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(codes) == ["approved", "not_open", "not_open", "one_more"]
    assert len(stands(stage).approvals) == 2
    stage.work.run()
    assert len(stage.uplynk.sent) == 1


def test_an_approval_that_is_overtaken_by_the_end_of_its_time_is_none() -> None:
    stage = staged()
    asks(stage)

    def ends() -> None:
        stage.clock.advance(900)
        stage.approvals.tick()

    meanwhile(stage, ends)
    assert presses(stage, "approve", APPROVER) is Decided.NOT_OPEN
    assert (stands(stage).why, stands(stage).approvals) == (Why.EXPIRED, ())


def test_the_end_of_its_time_that_is_overtaken_by_an_approval_is_none() -> None:
    stage = staged()
    asks(stage)
    stage.clock.advance(900)

    def approves_just_before() -> None:
        stage.clock.advance(-0.5)
        assert presses(stage, "approve", APPROVER) is Decided.APPROVED
        stage.clock.advance(0.5)

    meanwhile(stage, approves_just_before)
    stage.approvals.tick()
    assert stands(stage).state is State.APPROVED
