"""Locks and the pause: who may put them in force and take them away, and what that says."""

from dataclasses import replace
from typing import Any

import pytest

from failover.errors import SlackProblem
from failover.lifecycle import Actor, Record, State, Why
from failover.measures import InForce
from failover.notices import Kind
from failover.policy import Grant, Role
from tests.builders import (
    ADMIN,
    ID_A,
    ID_B,
    MEMBER,
    OPERATOR,
    SPORTS,
    STRANGER,
    VIEWER,
    flat,
    later,
    policy,
)
from tests.services.asking import APPROVER, APPROVERS
from tests.services.measured import (
    in_place,
    lock_of,
    locks,
    pause_of,
    pauses,
    resumes,
    unlocks,
)
from tests.stage import Stage

NEWS = flat(id=ID_B, name="News")
RULES = policy(grants=(*policy().grants, APPROVERS))


def staged(**given: Any) -> Stage:
    return Stage(flat(), NEWS, rules=replace(RULES, **given))


def refusal(record: Record) -> tuple[State, Why | None]:
    return record.state, record.why


def rule_of(record: Record) -> dict[str, Any]:
    (rule,) = record.facts["rules"]
    return {name: fact for name, fact in rule.items() if fact}


# -- who may


ROLES: list[tuple[Actor, bool, bool]] = [
    (OPERATOR, True, False),
    (MEMBER, True, False),
    (ADMIN, True, True),
    (APPROVER, False, False),
    (VIEWER, False, False),
    (STRANGER, False, False),
]


@pytest.mark.parametrize(("actor", "may_lock", "may_pause"), ROLES, ids=lambda one: str(one)[:30])
def test_operators_lock_and_unlock_and_admins_pause_and_resume_too(
    actor: Actor, may_lock: bool, may_pause: bool
) -> None:
    stage = staged()
    for does, may in ((locks, may_lock), (unlocks, may_lock), (pauses, may_pause)):
        found = does(stage, actor=actor)
        assert refusal(found) == ((State.DONE, None) if may else (State.REFUSED, Why.ROLE))
    if not may_pause:
        assert in_place(stage) == (None, None)
        pauses(stage)
    there = pause_of(stage)
    found = resumes(stage, actor=actor)
    assert refusal(found) == ((State.DONE, None) if may_pause else (State.REFUSED, Why.ROLE))
    assert pause_of(stage) == (None if may_pause else there)


def test_a_refusal_names_the_role_and_who_has_it() -> None:
    stage = staged()
    assert locks(stage, actor=VIEWER).facts["roles"] == ["operator", "admin"]
    refused = pauses(stage, actor=OPERATOR)
    assert (refused.facts["roles"], refused.facts["users"]) == (["admin"], [ADMIN.user_id])
    assert refused.group_name == "all groups"


def test_an_operator_of_other_groups_locks_nothing_here() -> None:
    stage = staged(grants=(Grant(Role.OPERATOR, frozenset({OPERATOR.user_id}), groups=("News",)),))
    assert refusal(locks(stage)) == (State.REFUSED, Why.ROLE)
    assert refusal(locks(stage, group="News")) == (State.DONE, None)


@pytest.mark.parametrize("groups", [("NBA*",), ("NBA*", "News"), (ID_A, ID_B)])
def test_an_admin_of_some_groups_cannot_pause_them_all(groups: tuple[str, ...]) -> None:
    stage = staged(grants=(Grant(Role.ADMIN, frozenset({ADMIN.user_id}), groups=groups),))
    assert refusal(pauses(stage)) == (State.REFUSED, Why.ROLE)
    assert refusal(locks(stage, actor=ADMIN)) == (State.DONE, None)


@pytest.mark.parametrize("does", [locks, unlocks])
def test_the_user_group_is_read_now_whatever_is_remembered(does: Any) -> None:
    stage = staged()
    stage.access.standing(MEMBER)
    stage.usergroups.groups[SPORTS] = frozenset()
    assert refusal(does(stage, actor=MEMBER)) == (State.REFUSED, Why.ROLE)
    stage.usergroups.problems[SPORTS] = SlackProblem("ratelimited")
    assert refusal(does(stage, actor=MEMBER)) == (State.REFUSED, Why.ROLE_UNCERTAIN)
    assert in_place(stage) == (None, None)


@pytest.mark.parametrize("does", [pauses, resumes])
def test_whether_somebody_may_pause_is_read_now(does: Any) -> None:
    stage = staged(grants=(Grant(Role.ADMIN, usergroups=frozenset({SPORTS})),))
    stage.usergroups.problems[SPORTS] = SlackProblem("ratelimited")
    assert refusal(does(stage, actor=MEMBER)) == (State.REFUSED, Why.ROLE_UNCERTAIN)
    stage.usergroups.problems.clear()
    stage.usergroups.groups[SPORTS] = frozenset()
    assert refusal(does(stage, actor=MEMBER)) == (State.REFUSED, Why.ROLE)
    assert in_place(stage) == (None, None)


# -- what it says


def test_a_lock_says_by_whom_why_and_until_when() -> None:
    stage = staged()
    stage.clock.advance(10)
    found = locks(stage, 7200, reason="do not touch")
    assert (found.state, found.group_id, found.group_name) == (State.DONE, ID_A, "NBA Finals")
    assert dict(found.facts) == {"until": later(7210).isoformat()}
    assert (found.written, found.sent_at, found.ended_at) == ((), None, later(10))
    assert lock_of(stage) == InForce(found.id, OPERATOR.user_id, "do not touch", later(7210))


def test_a_lock_without_an_end_stays_until_it_is_taken_away() -> None:
    stage = staged()
    found = locks(stage, None)
    assert lock_of(stage) == InForce(found.id, OPERATOR.user_id, "the final", None)
    stage.clock.advance(10**8)
    lock = lock_of(stage)
    assert lock is not None
    assert lock.at(stage.clock())
    assert unlocks(stage).state is State.DONE
    assert lock_of(stage) is None


def test_a_pause_says_by_whom_and_why() -> None:
    stage = staged()
    found = pauses(stage)
    assert (found.group_id, found.group_name) == (None, "all groups")
    assert pause_of(stage) == InForce(found.id, ADMIN.user_id, "fire", None)


@pytest.mark.parametrize("does", [locks, pauses])
def test_what_is_put_in_force_or_taken_away_has_a_card_and_an_answer(does: Any) -> None:
    stage = staged()
    back = unlocks if does is locks else resumes
    for act in (does, back):
        stage.clock.advance(1)
        found = act(stage)
        assert stage.ledger.told(found.id) == {
            Kind.CARD: stage.clock(),
            Kind.ANSWER: stage.clock(),
        }


def test_a_measure_asks_nothing_of_uplynk_but_which_group_it_is() -> None:
    stage = staged()
    stage.groups.all()
    stage.uplynk.log.clear()
    for does in (locks, unlocks, pauses, resumes):
        assert does(stage).state is State.DONE
    assert stage.uplynk.log == []


# -- already so


def test_no_lock_to_take_away() -> None:
    stage = staged()
    found = unlocks(stage)
    assert (found.state, found.why, dict(found.facts)) == (State.UNCHANGED, None, {})
    assert stage.ledger.told(found.id).keys() == {Kind.ANSWER}


def test_no_pause_to_end() -> None:
    stage = staged()
    found = resumes(stage)
    assert (found.state, dict(found.facts)) == (State.UNCHANGED, {})
    assert stage.ledger.told(found.id).keys() == {Kind.ANSWER}


def test_a_second_pause_names_whoever_paused_and_changes_nothing() -> None:
    stage = staged()
    first = pauses(stage)
    second = pauses(stage, reason="mine")
    assert (second.state, dict(second.facts)) == (
        State.UNCHANGED,
        {"by": ADMIN.user_id, "reason": "fire"},
    )
    assert stage.ledger.told(second.id).keys() == {Kind.ANSWER}
    pause = pause_of(stage)
    assert pause is not None
    assert pause.id == first.id


@pytest.mark.parametrize("pattern", ["[!N]*", "?", "?*", "**", "nba*"])
def test_an_admin_of_all_groups_but_some_does_not_pause(pattern: str) -> None:
    grant = Grant(Role.ADMIN, frozenset({ADMIN.user_id}), groups=(pattern,))
    stage = Stage(rules=policy(grants=(grant,)))
    refused = pauses(stage)
    assert (refused.state, refused.why) == (State.REFUSED, Why.ROLE)
    assert pause_of(stage) is None
    stage.rules = policy(grants=(Grant(Role.ADMIN, frozenset({ADMIN.user_id})),))
    assert pauses(stage).state is State.DONE
