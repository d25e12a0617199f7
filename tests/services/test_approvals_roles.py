"""Roles are looked up at the press: whoever lost one decides nothing, whatever is remembered."""

from dataclasses import replace

import pytest

from failover.errors import SlackProblem
from failover.lifecycle import Actor, Why
from failover.policy import Grant, Role
from services.approvals import Decided
from tests.builders import ADMIN, MEMBER, OPERATOR, SPORTS
from tests.services.asking import (
    ADMINS,
    APPROVER,
    APPROVERS,
    BOTH,
    GROUPED,
    OPERATORS,
    PEOPLE,
    asks,
    presses,
    staged,
    stands,
)

# -- roles, as they are at the press


def grants(*held: Grant) -> tuple[Grant, ...]:
    return (OPERATORS, *held)


def test_a_requester_who_may_approve_still_needs_somebody_else() -> None:
    stage = staged()
    asks(stage, actor=BOTH)
    assert presses(stage, "approve", BOTH) is Decided.OWN_REQUEST
    assert presses(stage, "approve", APPROVER) is Decided.APPROVED


def test_an_admin_who_asks_needs_somebody_else_too() -> None:
    stage = staged()
    asks(stage, actor=ADMIN)
    assert presses(stage, "approve", ADMIN) is Decided.OWN_REQUEST
    assert presses(stage, "decline", ADMIN) is Decided.OWN_REQUEST
    assert presses(stage, "withdraw", ADMIN) is Decided.WITHDRAWN


@pytest.mark.parametrize("press", ["approve", "decline"])
def test_an_approver_who_lost_the_role_since_the_request_decides_nothing(press: str) -> None:
    stage = staged()
    asks(stage)
    stage.rules = replace(stage.rules, grants=grants(ADMINS))
    assert presses(stage, press, APPROVER) is Decided.NO_ROLE
    assert stands(stage).version == 2


def test_an_approver_who_got_the_role_since_the_request_decides() -> None:
    stage = staged(grants=grants(ADMINS))
    asks(stage)
    assert presses(stage, "approve", APPROVER) is Decided.NO_ROLE
    stage.rules = replace(stage.rules, grants=grants(APPROVERS))
    assert presses(stage, "approve", APPROVER) is Decided.APPROVED


@pytest.mark.parametrize("press", ["approve", "decline"])
def test_the_user_group_is_read_at_the_press_whatever_is_remembered(press: str) -> None:
    stage = staged()
    asks(stage)
    stage.access.standing(MEMBER)
    stage.usergroups.groups[SPORTS] = frozenset()
    assert presses(stage, press, MEMBER) is Decided.NO_ROLE
    stage.usergroups.groups[SPORTS] = frozenset({MEMBER.user_id})
    assert presses(stage, press, MEMBER) in (Decided.APPROVED, Decided.DECLINED)


@pytest.mark.parametrize("press", ["approve", "decline"])
@pytest.mark.parametrize("error", ["ratelimited", "missing_scope", "unreachable"])
def test_a_user_group_that_cannot_be_read_is_a_no_that_says_so(press: str, error: str) -> None:
    stage = staged()
    asks(stage)
    stage.usergroups.problems[SPORTS] = SlackProblem(error)
    decide = stage.approvals.approve
    found = (
        decide("change-1", MEMBER)
        if press == "approve"
        else stage.approvals.decline("change-1", MEMBER, "no")
    )
    assert (found.code, found.why) == (Decided.NO_ROLE, Why.ROLE_UNCERTAIN)
    assert found.facts["usergroups"] == [SPORTS]
    assert stands(stage).version == 2
    assert presses(stage, press, APPROVER) in (Decided.APPROVED, Decided.DECLINED)


def test_a_refusal_names_the_role_and_who_has_it() -> None:
    stage = staged(grants=grants(APPROVERS, GROUPED, ADMINS))
    asks(stage)
    found = stage.approvals.approve("change-1", PEOPLE["operator"])
    assert (found.code, found.why) == (Decided.NO_ROLE, Why.ROLE)
    assert found.facts["roles"] == ["approver", "admin"]
    assert APPROVER.user_id in found.facts["users"]
    stranger = stage.approvals.approve("change-1", PEOPLE["elsewhere"])
    assert (stranger.why, stranger.facts["stranger"]) == (Why.ROLE, True)


def test_an_approver_of_other_groups_decides_nothing() -> None:
    elsewhere = Grant(Role.APPROVER, frozenset({APPROVER.user_id}), groups=("News*",))
    stage = staged(grants=grants(elsewhere))
    waiting = asks(stage)
    assert waiting.facts["users"] == []
    assert presses(stage, "approve", APPROVER) is Decided.NO_ROLE


def test_until_the_workspace_is_known_only_those_named_by_id_decide() -> None:
    stage = staged()
    asks(stage)
    stage.access.belongs_to()
    assert presses(stage, "approve", MEMBER) is Decided.NO_ROLE
    assert presses(stage, "approve", APPROVER) is Decided.APPROVED


def test_whoever_lost_every_role_can_still_withdraw_their_request() -> None:
    stage = staged()
    asks(stage)
    stage.rules = replace(stage.rules, grants=(APPROVERS,))
    assert presses(stage, "withdraw", OPERATOR) is Decided.WITHDRAWN


def test_somebody_of_the_same_name_is_somebody_else() -> None:
    stage = staged()
    asks(stage)
    twin = Actor("U0TWIN", OPERATOR.name, OPERATOR.team_id)
    assert presses(stage, "withdraw", twin) is Decided.NOT_YOURS
    renamed = replace(OPERATOR, name=APPROVER.name)
    assert presses(stage, "approve", renamed) is Decided.OWN_REQUEST
