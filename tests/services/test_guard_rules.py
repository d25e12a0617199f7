"""The rules that stand against a change, and who may set which of them aside."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from failover.errors import SlackProblem, Unavailable
from failover.lifecycle import Record, State, Why
from failover.measures import InForce
from failover.policy import Freeze, Grant, Policy, Protect, Require, Role, Rule
from services.guard import AlreadySo, Blocked, Clear
from tests.builders import (
    ADMIN,
    ID_A,
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


def forced() -> Stage:
    """A stage with the pause and the lock in force, before an Uplynk that is silent."""
    stage = Stage()
    stage.groups.all()
    by = InForce("measure-1", ADMIN.user_id, "the encoders move", later(600))
    stage.forces.rows |= {None: by, ID_A: by}
    stage.uplynk.reads.extend([Unavailable("GET /x", status=503)] * 9)
    return stage


@pytest.mark.parametrize("seen", [None, "mark"])
def test_the_pause_and_the_lock_are_named_although_uplynk_is_silent(seen: str | None) -> None:
    found = blocked(forced(), seen=seen)
    assert (found.why, found.failed) == (Why.RULE, False)
    assert [one["rule"] for one in found.facts["rules"]] == ["pause", "lock"]


def test_the_pause_is_named_where_not_even_the_group_can_be_found() -> None:
    stage = forced()
    stage.clock.advance(600)
    stage.restart()
    found = blocked(stage, group="nba", received_at=stage.clock())
    assert (found.why, found.target.id) == (Why.RULE, None)
    assert [one["rule"] for one in found.facts["rules"]] == ["pause"]


def test_what_is_set_aside_is_not_named_instead_of_the_silence() -> None:
    stage = forced()
    del stage.forces.rows[ID_A]
    found = blocked(stage, actor=ADMIN, override=Rule.PAUSE, reason="the feed is black")
    assert (found.why, found.failed) == (Why.UNREADABLE, True)


@pytest.mark.parametrize(
    ("given", "asked"),
    [({}, ["protect"]), ({"override": Rule.PROTECT, "reason": "black"}, [])],
)
def test_a_group_that_changed_since_says_whether_others_have_to_agree(
    given: dict[str, Any], asked: list[str]
) -> None:
    stage = Stage(rules=policy(protects=(Protect(),)))
    found = blocked(stage, seen="another mark", actor=ADMIN, **given)
    assert found.why is Why.STALE
    assert [one["rule"] for one in found.facts.get("rules", ())] == asked


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
