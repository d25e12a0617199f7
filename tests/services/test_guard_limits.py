"""What a check tells to whom, what it asks of Slack, and how long it may take."""

import pytest

from failover.errors import SlackProblem
from failover.lifecycle import Actor, Why
from failover.policy import Grant, Role
from services.guard import Blocked, Clear, Target
from tests.builders import ID_A, ID_B, MEMBER, OPERATOR, SPORTS, VIEWER, flat, policy, request
from tests.fakes import silent
from tests.stage import Stage

NEWS = flat(id=ID_B, name="News")


def checked(stage: Stage, actor: Actor, group: str = ID_A) -> Blocked | Clear:
    found = stage.guard.check(request(actor=actor, group=group), live=True, within=5.0)
    assert isinstance(found, Blocked | Clear)
    return found


def blocked(stage: Stage, actor: Actor, group: str = ID_A) -> Blocked:
    found = checked(stage, actor, group)
    assert isinstance(found, Blocked)
    return found


@pytest.mark.parametrize("word", ["NBA", "Newz", "n", ID_A])
@pytest.mark.parametrize("remembered", [True, False])
def test_whoever_may_change_nothing_is_told_no_names(word: str, remembered: bool) -> None:
    stage = Stage(flat(), NEWS)
    if remembered:
        stage.groups.all()
    found = blocked(stage, VIEWER, word)
    assert (found.why, found.target, found.now) == (Why.ROLE, Target(None, word), None)
    assert not {"near", "candidates"} & set(found.facts)
    stage.usergroups.problems[SPORTS] = SlackProblem("ratelimited")
    found = blocked(stage, VIEWER, word)
    assert (found.why, found.target) == (Why.ROLE_UNCERTAIN, Target(None, word))


def test_a_role_for_some_group_is_not_denied_over_a_group_that_cannot_be_found_out() -> None:
    rules = policy(
        grants=(Grant(Role.OPERATOR, frozenset({"U0OPERATOR"}), groups=("NBA Finals",)),)
    )
    stage = Stage(rules=rules)
    stage.uplynk.down = silent()
    found = blocked(stage, OPERATOR, "NBA")
    assert (found.why, found.failed, found.target) == (
        Why.UNREADABLE,
        True,
        Target(None, "NBA"),
    )
    assert found.facts["kind"] == "Unavailable"


def test_a_user_group_is_read_once_for_one_check() -> None:
    stage = Stage()
    assert isinstance(checked(stage, MEMBER), Clear)
    assert stage.usergroups.asked == [SPORTS]
    assert isinstance(checked(stage, MEMBER), Clear)
    assert stage.usergroups.asked == [SPORTS, SPORTS]


def test_user_groups_have_no_more_time_than_the_whole_check() -> None:
    slow = [f"S{number}" for number in range(9)]
    grants = (Grant(Role.OPERATOR, usergroups=frozenset(slow)),)
    stage = Stage(rules=policy(grants=grants))
    stage.usergroups.groups[slow[-1]] = frozenset({MEMBER.user_id})
    stage.usergroups.meanwhile = lambda: stage.clock.advance(2.0)
    found = blocked(stage, MEMBER)
    assert (found.why, found.facts["problem"]) == (Why.ROLE_UNCERTAIN, "no_time_left")
    assert found.facts["usergroups"] == slow[3:]
    assert stage.usergroups.asked == slow[:3]
