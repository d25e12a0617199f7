"""Rules, protections and overrides, as they are when what was approved is about to be sent."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from failover.change import Configure
from failover.lifecycle import State, Why
from failover.policy import Freeze, Grant, Protect, Require, Risk, Role, Rule
from failover.risk import Lessened
from tests.builders import (
    ADMIN,
    FAILBACK_ON,
    FLAT,
    OPERATOR,
    PRIORITIZED,
    flat,
    group,
    later,
    record,
    request,
)
from tests.fakes import fails_at
from tests.services.approved import approved, refused, sent
from tests.services.asking import (
    APPROVER,
    APPROVERS,
    OTHER,
    asks,
    presses,
    protected,
    staged,
    stands,
)

# -- the rules


FREEZE = Freeze(("*",), later(60), later(3600), "the final")


@pytest.mark.parametrize(
    ("new", "rule"),
    [
        ({"freezes": (replace(FREEZE, start=later(-60)),)}, Rule.FREEZE),
        ({"requires": (Require(eligible_slicers=3),)}, Rule.REQUIRE),
    ],
)
def test_a_rule_that_came_in_the_meantime_stands(new: dict[str, Any], rule: Rule) -> None:
    stage = staged()
    approved(stage)
    stage.rules = replace(stage.rules, **new)
    refused(stage, Why.RULE)
    assert [one["rule"] for one in stands(stage).facts["rules"]] == [rule.value]


def test_a_freeze_that_begins_between_request_and_approval_stands() -> None:
    stage = staged(freezes=(FREEZE,))
    asks(stage)
    stage.clock.advance(60)
    presses(stage, "approve", APPROVER)
    refused(stage, Why.RULE)
    assert stands(stage).facts["rules"][0]["rule"] == "freeze"


def test_a_change_and_its_undo_in_the_meantime_begin_a_cool_down() -> None:
    stage = staged(cooldown_seconds=60.0)
    approved(stage)
    asked = request(key="earlier")
    stage.ledger.records["earlier"] = record(State.VERIFIED, id="earlier", request=asked)
    refused(stage, Why.RULE)
    (rule,) = stands(stage).facts["rules"]
    assert (rule["rule"], rule["until"]) == ("cooldown", later(60).isoformat())


def test_a_policy_that_has_come_to_need_more_approvals_sends_nothing() -> None:
    stage = staged()
    approved(stage)
    stage.rules = protected(2)
    refused(stage, Why.RULE)
    (rule,) = stands(stage).facts["rules"]
    assert (rule["rule"], rule["need"]) == ("protect", 2)


def test_a_policy_that_has_come_to_need_fewer_approvals_needs_what_was_asked_for() -> None:
    stage = staged(2)
    asks(stage)
    stage.rules = protected(1)
    presses(stage, "approve", APPROVER)
    stage.work.run()
    assert stands(stage).state is State.AWAITING
    presses(stage, "approve", OTHER)
    sent(stage)


def test_a_protection_that_is_gone_by_now_stops_nothing() -> None:
    stage = staged()
    approved(stage)
    stage.rules = replace(stage.rules, protects=())
    sent(stage)


def test_the_strictest_of_several_protections_counts() -> None:
    stage = staged(
        protects=(
            Protect(approvals=1, expires_minutes=5),
            Protect(approvals=2, expires_minutes=60),
            Protect(approvals=2, expires_minutes=30),
        )
    )
    facts = asks(stage).facts
    assert (facts["need"], facts["expires_at"]) == (2, later(1800).isoformat())


# -- overrides


WITH_REASON: dict[str, Any] = {"actor": ADMIN, "reason": "the feed is black"}


def test_an_admin_who_says_why_needs_nobody_and_it_is_announced() -> None:
    stage = staged(2)
    done = stage.does(**WITH_REASON, override=Rule.PROTECT)
    assert (done.state, done.facts["overridden"]) == (State.VERIFIED, ["protect"])
    assert not done.asked_others
    assert len(stage.uplynk.sent) == 1


@pytest.mark.parametrize("given", [{"reason": None}, {"reason": ""}])
def test_without_a_reason_an_override_of_the_protection_asks_other_people(
    given: dict[str, Any],
) -> None:
    stage = staged()
    asks(stage, actor=ADMIN, override=Rule.PROTECT, **given)


def test_an_operator_cannot_override_the_protection() -> None:
    stage = staged()
    ended = stage.does(override=Rule.PROTECT, reason="please")
    assert (ended.state, ended.why) == (State.REFUSED, Why.OVERRIDE_ROLE)
    assert stage.uplynk.sent == []


def test_approvers_are_shown_that_another_rule_is_set_aside() -> None:
    frozen = replace(FREEZE, start=later(-60))
    stage = staged(freezes=(frozen,))
    waiting = asks(stage, **WITH_REASON, override=Rule.FREEZE)
    assert waiting.facts["overridden"] == ["freeze"]
    presses(stage, "approve", APPROVER)
    sent(stage)
    assert stands(stage).facts["overridden"] == ["freeze"]


def test_what_needed_no_setting_aside_when_it_was_sent_is_not_called_an_override() -> None:
    frozen = replace(FREEZE, start=later(-60), end=later(30))
    stage = staged(freezes=(frozen,))
    asks(stage, **WITH_REASON, override=Rule.FREEZE)
    stage.clock.advance(60)
    presses(stage, "approve", APPROVER)
    sent(stage)
    assert "overridden" not in stands(stage).facts


def test_an_admin_who_is_none_any_more_sets_nothing_aside() -> None:
    stage = staged(freezes=(replace(FREEZE, start=later(-60)),))
    approved(stage, **WITH_REASON, override=Rule.FREEZE)
    operator = Grant(Role.OPERATOR, frozenset({ADMIN.user_id}))
    stage.rules = replace(stage.rules, grants=(operator, APPROVERS))
    refused(stage, Why.OVERRIDE_ROLE)


# -- the safe direction


RISKIER = (Protect(risk=Risk.RISKIER),)
DIRECTIONS = [
    ("to prioritized", flat(), PRIORITIZED, ()),
    ("to flat", group(), FLAT, (Lessened.TO_FLAT,)),
    ("failback off", group(auto_failback=True), Configure(None, False), ()),
    ("failback on, proven", group(failover_time=later(-600)), FAILBACK_ON, ()),
    (
        "failback on, unproven",
        group(failover_time=later(-60)),
        FAILBACK_ON,
        (Lessened.FAILBACK_TO_UNPROVEN,),
    ),
]


@pytest.mark.parametrize(("name", "there", "change", "risks"), DIRECTIONS)
def test_only_what_lessens_protection_asks_other_people(
    name: str, there: Any, change: Any, risks: tuple[Lessened, ...]
) -> None:
    stage = staged(1, there, protects=RISKIER)
    found = stage.does(change=change)
    assert found.state is (State.AWAITING if risks else State.VERIFIED), name
    if risks:
        assert found.facts["lessened"] == list(risks)
        presses(stage, "approve", APPROVER)
        sent(stage)


def test_what_was_risky_when_it_was_asked_and_is_no_more_is_still_approved() -> None:
    stage = staged(1, group(failover_time=later(-60)), protects=RISKIER)
    asks(stage, change=FAILBACK_ON)
    stage.clock.advance(timedelta(minutes=10).total_seconds())
    presses(stage, "approve", APPROVER)
    sent(stage)


def test_an_error_of_the_bot_itself_ends_an_approved_change_unsent() -> None:
    stage = staged()
    approved(stage)
    stage.uplynk.trip = fails_at("get", ZeroDivisionError())
    refused(stage, Why.INTERNAL, State.FAILED)
    assert stands(stage).request.actor == OPERATOR
