"""From the last approval to the write: group and roles are looked at once more."""

from dataclasses import replace
from typing import Any

import pytest

from failover.change import Activate, Configure
from failover.errors import SlackProblem
from failover.lifecycle import State, Why
from failover.model import Mode, fingerprint
from failover.notices import Kind
from failover.policy import Grant, Role
from failover.writes import PutActive
from tests.builders import (
    FAILBACK_ON,
    FLAT,
    ID_A,
    MEMBER,
    SECOND,
    SPORTS,
    channels,
    flat,
    group,
    later,
    slicers,
)
from tests.fakes import silent
from tests.services.approved import approved, refused, sent
from tests.services.asking import (
    ADMINS,
    APPROVER,
    APPROVERS,
    asks,
    presses,
    protected,
    staged,
    stands,
)

# -- the group


@pytest.mark.parametrize("when", ["before the approval", "after the approval"])
@pytest.mark.parametrize(
    "new",
    [
        {"auto_failback": True},
        {"active_slicer_id": "s2"},
        {"slicers": slicers("s1", "s2", orders=(1, 1), off=("s2",))},
        {"channels": channels(1)},
        {"name": "NBA Finals 2"},
        {"failover_time": later(-1)},
    ],
    ids=lambda new: next(iter(new)),
)
def test_only_the_group_that_was_shown_is_changed(when: str, new: dict[str, Any]) -> None:
    stage = staged()
    waiting = asks(stage)
    if when == "before the approval":
        stage.uplynk.set(ID_A, **new)
    presses(stage, "approve", APPROVER)
    if when == "after the approval":
        stage.uplynk.set(ID_A, **new)
    refused(stage, Why.STALE)
    ended = stands(stage)
    assert ended.before == waiting.before == flat()
    assert ended.after == flat(**new)


def test_a_group_that_changed_and_changed_back_is_the_one_that_was_shown() -> None:
    stage = staged()
    approved(stage)
    stage.uplynk.set(ID_A, auto_failback=True)
    stage.uplynk.set(ID_A, auto_failback=False)
    sent(stage)


def test_what_somebody_did_in_the_meantime_is_not_done_again() -> None:
    stage = staged()
    approved(stage)
    stage.uplynk.set(ID_A, mode=Mode.PRIORITIZED, slicers=slicers("s1", "s2"))
    stage.work.run()
    assert stands(stage).state is State.UNCHANGED
    assert stage.uplynk.sent == []
    assert stage.ledger.told("change-1").keys() == {Kind.CARD, Kind.ANSWER}


def test_of_two_approved_requests_the_second_is_stale() -> None:
    stage = staged()
    asks(stage)
    asks(stage, key="press-2", actor=SECOND, change=Configure(Mode.PRIORITIZED, True))
    presses(stage, "approve", APPROVER)
    presses(stage, "approve", APPROVER, "change-2")
    stage.work.run()
    assert stands(stage).state is State.VERIFIED
    second = stands(stage, "change-2")
    assert (second.state, second.why) == (State.REFUSED, Why.STALE)
    assert len(stage.uplynk.sent) == 1


def test_a_group_that_another_change_holds_is_busy_and_the_card_is_told() -> None:
    stage = staged(1, group(), group(id="b" * 32), protects=())
    under_way = stage.sent_and_died(actor=SECOND, change=FLAT)
    stage.rules = protected()
    stage.uplynk.groups[ID_A] = group()
    asks(stage, key="press-2", change=FAILBACK_ON)
    presses(stage, "approve", APPROVER, "change-2")
    stage.clock.advance(1)
    stage.work.run()
    second = stands(stage, "change-2")
    assert (second.state, second.why) == (State.REFUSED, Why.BUSY)
    assert second.facts["holder"] == under_way.request.actor.user_id
    assert stage.ledger.told("change-2") == {Kind.CARD: later(1), Kind.ANSWER: later(1)}


def test_what_was_asked_in_a_form_is_judged_by_what_the_approvers_saw() -> None:
    stage = staged()
    stage.groups.all()
    waiting = asks(stage, seen=stage.ledger.keep(flat()))
    assert waiting.request.seen == fingerprint(flat())
    presses(stage, "approve", APPROVER)
    sent(stage)


def test_a_change_of_two_writes_is_approved_once() -> None:
    stage = staged(1, group(auto_failback=True, slicers=slicers("s1", "s2")))
    approved(stage, change=Activate("s2", failback_off=True))
    stage.work.run()
    assert stands(stage).state is State.VERIFIED
    assert [type(one.write) for one in stage.uplynk.sent][1:] == [PutActive]
    assert len(stage.uplynk.sent) == 2


def test_uplynk_that_does_not_answer_stops_an_approved_change() -> None:
    stage = staged()
    approved(stage)
    stage.uplynk.down = silent()
    refused(stage, Why.UNREADABLE, State.FAILED)


# -- the roles


def test_a_requester_who_loses_the_role_before_the_approval_gets_nothing_sent() -> None:
    stage = staged()
    asks(stage)
    stage.rules = replace(stage.rules, grants=(APPROVERS, ADMINS))
    presses(stage, "approve", APPROVER)
    refused(stage, Why.ROLE)


def test_a_requester_who_loses_the_role_after_the_approval_gets_nothing_sent() -> None:
    stage = staged()
    approved(stage)
    stage.rules = replace(stage.rules, grants=(APPROVERS, ADMINS))
    refused(stage, Why.ROLE)


@pytest.mark.parametrize("lost", [True, False])
def test_a_requester_by_user_group_is_looked_up_again_before_the_write(lost: bool) -> None:
    operators = Grant(Role.OPERATOR, usergroups=frozenset({SPORTS}))
    stage = staged(grants=(operators, APPROVERS))
    approved(stage, actor=MEMBER)
    if lost:
        stage.usergroups.groups[SPORTS] = frozenset()
        refused(stage, Why.ROLE)
    else:
        stage.usergroups.problems[SPORTS] = SlackProblem("ratelimited")
        refused(stage, Why.ROLE_UNCERTAIN)


def test_that_an_approver_loses_the_role_after_approving_does_not_matter() -> None:
    stage = staged()
    approved(stage)
    stage.rules = replace(stage.rules, grants=tuple(stage.rules.grants[:1]))
    sent(stage)
