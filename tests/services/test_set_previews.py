"""What a pattern stands for: a row for each group, and why some are left out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from failover.change import Configure
from failover.errors import (
    Unavailable,
)
from failover.lifecycle import State, Why
from failover.model import Mode
from failover.policy import Freeze, Grant, Protect, Role
from failover.roles import Rule
from services.set_previews import TooMany
from tests.builders import ADMIN, OPERATOR, later, policy
from tests.services.set_stage import NAMES, SetStage, sports

R = State.REFUSED


def test_a_preview_has_a_row_for_each_group_and_reads_the_list_once() -> None:
    stage = SetStage()
    stage.groups.all()
    before = len(stage.uplynk.log)
    picture = stage.shows()
    assert stage.uplynk.log[before:] == ["list"]
    assert [row.group.name for row in picture.rows] == list(NAMES)
    assert all(row.taken and row.foreseen for row in picture.rows)
    assert [one.name for one in picture.group_set.members] == list(NAMES)
    assert all(stage.ledger.seen(one.seen or "") for one in picture.group_set.members)
    assert stage.uplynk.sent == []
    assert stage.ledger.records == {}


def test_what_would_be_refused_is_left_out_and_recorded() -> None:
    so = sports("Sports North", mode=Mode.PRIORITIZED)
    stage = SetStage(sports("Sports East"), so, sports("Sports South"), sports("Sports West"))
    frozen = Freeze(("sports west",), later(-10), later(60), "on air")
    stage.rules = policy(freezes=(frozen,), protects=(Protect(("sports south",)),))
    picture = stage.shows()
    assert [row.taken for row in picture.rows] == [True, False, False, False]
    assert picture.rows[1].already
    assert [row.why for row in picture.rows[2:]] == [Why.RULE, Why.RULE]
    assert picture.rows[2].facts["rules"][0]["rule"] == Rule.PROTECT
    assert [one.name for one in picture.group_set.members] == ["Sports East"]
    recorded = [(one.group_name, one.state, one.why) for one in stage.ledger.records.values()]
    assert recorded == [("Sports South", R, Why.RULE), ("Sports West", R, Why.RULE)]
    assert stage.ledger.rows == []


def test_groups_of_others_and_groups_that_it_does_not_fit_are_left_out() -> None:
    mine = Grant(Role.OPERATOR, users=frozenset({OPERATOR.user_id}), groups=("*east", "*west"))
    stage = SetStage(rules=policy(grants=(mine,)))
    stage.uplynk.groups["sports-west"] = sports("Sports West", mode=Mode.PRIORITIZED)
    picture = stage.shows(change=Configure(auto_failback=True))
    assert [row.why for row in picture.rows] == [Why.INAPPLICABLE, Why.ROLE, Why.ROLE, None]


def test_an_admin_sets_a_rule_aside_for_all_of_them() -> None:
    frozen = Freeze(("*",), later(-10), later(600), "on air")
    stage = SetStage(rules=policy(freezes=(frozen,)))
    asked = {"actor": ADMIN, "override": Rule.FREEZE, "reason": "fire"}
    picture = stage.shows(**asked)
    assert [row.overridden for row in picture.rows] == [("freeze",)] * 4
    # It is for whoever presses, and an operator may not.
    known, _ = stage.confirms(picture.group_set)
    stage.work.run()
    assert [one.why for one in stage.members(known)] == [Why.OVERRIDE_ROLE] + [Why.SET_STOPPED] * 3


@pytest.mark.parametrize("pattern", ["sports e*", "[s]ports ea?t", "sports-east*", "SPORTS E*"])
def test_a_pattern_that_hits_one_group_is_a_single_change(pattern: str) -> None:
    stage = SetStage()
    asked = stage.asks(pattern)
    assert stage.set_previews.show(asked) == replace(asked, group="sports-east")


def test_a_name_that_looks_like_a_pattern_is_a_name() -> None:
    stage = SetStage(sports("Sports *"), *map(sports, NAMES))
    asked = stage.asks("sports *")
    assert stage.set_previews.show(asked) == replace(asked, group="sports-*")


def test_a_pattern_without_a_match_is_refused_with_what_is_near() -> None:
    stage = SetStage()
    asked = stage.asks("sprots *")
    assert stage.set_previews.show(asked) == asked
    refused = stage.previews.show(asked)
    assert refused.why is Why.NO_SUCH_GROUP  # type: ignore[union-attr]
    assert refused.facts == {"near": list(NAMES), "pattern": True}  # type: ignore[union-attr]


def test_more_groups_than_a_set_may_have() -> None:
    stage = SetStage(*(sports(f"Sports {number}") for number in range(51)))
    assert stage.set_previews.show(stage.asks()) == TooMany(51)
    assert stage.set_previews.at_once(stage.asks()) == TooMany(51)
    assert stage.shows("sports ??").group_set.members[-1].name == "Sports 50"


def test_a_list_that_cannot_be_read_shows_nothing() -> None:
    stage = SetStage()
    stage.groups.all()
    stage.uplynk.down = Unavailable("GET /failover-groups")
    with pytest.raises(Unavailable):
        stage.set_previews.show(stage.asks())
