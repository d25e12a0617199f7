"""The rules that stand against a change, and who may set which of them aside."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from failover.errors import (
    SlackProblem,
)
from failover.lifecycle import Record, State, Why
from failover.policy import Freeze, Grant, Policy, Protect, Require, Role, Rule
from services.guard import AlreadySo, Blocked, Clear
from tests.builders import (
    ADMIN,
    MEMBER,
    OPERATOR,
    SPORTS,
    flat,
    later,
    policy,
    record,
    request,
)
from tests.stage import Stage


def checks(stage: Stage, *, live: bool = True, **given: Any) -> Blocked | AlreadySo | Clear:
    return stage.guard.check(request(**given), live=live, within=5.0)


def blocked(stage: Stage, **given: Any) -> Blocked:
    found = checks(stage, **given)
    assert isinstance(found, Blocked)
    return found


FREEZE = Freeze(("*",), later(-60), later(60), "New Year live")
RULES = [
    (Rule.FREEZE, policy(freezes=(FREEZE,))),
    (Rule.REQUIRE, policy(requires=(Require(eligible_slicers=3),))),
    (Rule.COOLDOWN, policy(cooldown_seconds=10)),
]


def ruled(rules: Policy) -> Stage:
    """The group was last changed five seconds ago."""
    stage = Stage(rules=rules)
    stage.ledger.records["earlier"] = ended(later(-5))
    return stage


def ended(sent_at: datetime) -> Record:
    return record(State.VERIFIED, id="earlier", sent_at=sent_at, request=request(key="earlier"))


@pytest.mark.parametrize(("rule", "rules"), RULES, ids=[row[0] for row in RULES])
def test_a_rule_that_stands_is_named_even_to_an_admin(rule: Rule, rules: Policy) -> None:
    for actor in (OPERATOR, ADMIN):
        found = blocked(ruled(rules), actor=actor, reason="it must be")
        assert (found.why, found.failed) == (Why.RULE, False)
        assert [one["rule"] for one in found.facts["rules"]] == [rule.value]
        assert found.now == flat()


@pytest.mark.parametrize(("rule", "rules"), RULES, ids=[row[0] for row in RULES])
def test_an_admin_who_says_why_lifts_the_rule_that_is_named(rule: Rule, rules: Policy) -> None:
    found = checks(ruled(rules), actor=ADMIN, override=rule, reason="the feed is black")
    assert isinstance(found, Clear)
    assert found.overridden == (rule.value,)


@pytest.mark.parametrize(("rule", "rules"), RULES, ids=[row[0] for row in RULES])
@pytest.mark.parametrize("named", Rule)
def test_no_other_rule_is_lifted(rule: Rule, rules: Policy, named: Rule) -> None:
    if named is rule:
        return
    found = blocked(ruled(rules), actor=ADMIN, override=named, reason="the feed is black")
    assert [one["rule"] for one in found.facts["rules"]] == [rule.value]


@pytest.mark.parametrize("reason", [None, ""])
def test_an_override_without_a_reason_lifts_nothing(reason: str | None) -> None:
    found = blocked(ruled(RULES[0][1]), actor=ADMIN, override=Rule.FREEZE, reason=reason)
    assert found.why is Why.RULE


def test_an_operator_cannot_override() -> None:
    found = blocked(ruled(RULES[0][1]), override=Rule.FREEZE, reason="please")
    assert (found.why, found.facts["roles"], found.facts["users"]) == (
        Why.OVERRIDE_ROLE,
        ["admin"],
        ["U0ADMIN"],
    )


def test_whether_somebody_is_an_admin_is_read_now() -> None:
    rules = replace(
        RULES[0][1],
        grants=(
            Grant(Role.OPERATOR, users=frozenset({MEMBER.user_id})),
            Grant(Role.ADMIN, usergroups=frozenset({SPORTS})),
        ),
    )
    stage = ruled(rules)
    wanted: dict[str, Any] = {"actor": MEMBER, "override": Rule.FREEZE, "reason": "black"}
    assert isinstance(checks(stage, **wanted), Clear)
    stage.usergroups.groups.clear()
    assert blocked(stage, live=False, **wanted).why is Why.OVERRIDE_ROLE
    stage.usergroups.problems[SPORTS] = SlackProblem("ratelimited")
    assert blocked(stage, live=False, **wanted).why is Why.ROLE_UNCERTAIN


def test_an_override_that_is_not_needed_is_not_noted() -> None:
    found = checks(Stage(), override=Rule.FREEZE, reason="to be safe")
    assert isinstance(found, Clear)
    assert found.overridden == ()


def test_what_is_left_beside_the_lifted_rule_still_stands() -> None:
    rules = policy(freezes=(FREEZE,), protects=(Protect(),), cooldown_seconds=10)
    found = blocked(ruled(rules), actor=ADMIN, override=Rule.FREEZE, reason="black")
    (left,) = found.facts["rules"]
    assert {name: fact for name, fact in left.items() if fact} == {
        "rule": "cooldown",
        "until": later(5).isoformat(),
    }


PROTECTED = policy(protects=(Protect(approvals=2, expires_minutes=7),))


def test_a_protection_asks_other_people_once_nothing_else_stands_against_it() -> None:
    found = checks(ruled(PROTECTED))
    assert isinstance(found, Clear)
    assert found.asks is not None
    assert (found.asks.rule, found.asks.need, found.asks.minutes) == (Rule.PROTECT, 2, 7)


@pytest.mark.parametrize(("approvals", "asks"), [(0, True), (1, True), (2, False), (3, False)])
def test_those_who_agreed_are_counted(approvals: int, asks: bool) -> None:
    found = ruled(PROTECTED).guard.check(request(), live=True, within=5.0, approvals=approvals)
    assert isinstance(found, Clear)
    assert (found.asks is not None) == asks


def test_an_admin_who_says_why_asks_nobody() -> None:
    stage = ruled(PROTECTED)
    found = checks(stage, actor=ADMIN, override=Rule.PROTECT, reason="the feed is black")
    assert isinstance(found, Clear)
    assert (found.asks, found.overridden) == (None, ("protect",))
    refused = blocked(stage, override=Rule.PROTECT, reason="the feed is black")
    assert refused.why is Why.OVERRIDE_ROLE
