"""Every change from the request to its last word: its writes, what is kept of it, what stops it."""

from dataclasses import replace
from typing import Any

import pytest

from failover.change import (
    Activate,
    Change,
    Channels,
    Configure,
    Order,
    Owners,
    Slate,
    needed,
    reads_owners,
)
from failover.lifecycle import Actor, State, Why
from failover.model import FailoverGroup, Mode
from failover.notices import Kind
from failover.policy import CHANGING, Action, Grant, Protect, Require, Role, Rule
from failover.restore import Restore
from failover.writes import Patch, PutActive, PutSlicers
from tests.builders import ADMIN, ID_A, OPERATOR, SECOND, VIEWER, flat, group, policy, slicers
from tests.services.every_change import CASES, FAILING_BACK, MANUAL, NAMES, Case
from tests.stage import Stage


def asked_for(there: FailoverGroup, change: Change) -> FailoverGroup:
    """The group as it is read for a change."""
    return there if reads_owners(change) else replace(there, allowed_owners=None)


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_its_writes_go_out_in_turn_each_once_and_are_verified(case: Case) -> None:
    stage = case.stage()
    record = stage.does(change=case.change, actor=case.actor)
    assert record.state is State.VERIFIED
    assert tuple(one.write for one in stage.uplynk.sent) == case.writes == record.written
    assert stage.uplynk.groups[ID_A] == case.then
    sending = [State.SENDING] * len(case.writes)
    assert stage.states() == [State.RECEIVED, *sending, State.VERIFIED]
    assert set(stage.ledger.told(record.id)) == {Kind.CARD, Kind.ANSWER}


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_what_is_kept_of_it(case: Case) -> None:
    stage = case.stage()
    record = stage.does(change=case.change, actor=case.actor)
    assert record.before == asked_for(case.there, case.change)
    assert record.after == asked_for(case.then, case.change)
    last = stage.uplynk.sent[-1]
    assert last.record is not None
    assert record.base == last.record.base
    assert record.base == asked_for(stage.uplynk.history[ID_A][-2][1], case.change)
    assert (record.sent_at, record.why) == (last.record.sent_at, None)


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_what_is_so_already_is_not_written_again(case: Case) -> None:
    stage = case.stage()
    stage.does(change=case.change, actor=case.actor)
    again = stage.does(key="press-2", change=case.change, actor=case.actor)
    assert (again.state, again.why) == (State.UNCHANGED, None)
    assert again.before == again.after == asked_for(case.then, case.change)
    assert len(stage.uplynk.sent) == len(case.writes)


MISFITS: list[tuple[FailoverGroup, Change, dict[str, Any]]] = [
    (
        MANUAL,
        Activate("elsewhere"),
        {"code": "unknown_slicers", "slicers": ["elsewhere"], "known": ["s1", "s2", "s3"]},
    ),
    (
        MANUAL,
        Order((("s2", True), ("x", True), ("y", False))),
        {"code": "unknown_slicers", "slicers": ["x", "y"], "known": ["s1", "s2", "s3"]},
    ),
    (FAILING_BACK, Activate("s2"), {"code": "failback_in_the_way"}),
    (flat(), Configure(None, True), {"code": "failback_in_flat"}),
]


@pytest.mark.parametrize(("there", "change", "facts"), MISFITS)
def test_what_makes_no_sense_for_the_group(
    there: FailoverGroup, change: Change, facts: dict[str, Any]
) -> None:
    stage = Stage(there)
    record = stage.does(change=change)
    assert (record.state, record.why, record.facts) == (State.REFUSED, Why.INAPPLICABLE, facts)
    assert stage.uplynk.sent == []


APPROVER = SECOND
RULES = policy(
    grants=(
        Grant(Role.OPERATOR, users=frozenset({OPERATOR.user_id})),
        Grant(Role.APPROVER, users=frozenset({APPROVER.user_id})),
        Grant(Role.ADMIN, users=frozenset({ADMIN.user_id})),
    )
)


@pytest.mark.parametrize("actor", [OPERATOR, ADMIN, APPROVER, VIEWER], ids=lambda one: one.name)
@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_who_may(case: Case, actor: Actor) -> None:
    stage = Stage(case.there, rules=RULES)
    record = stage.does(change=case.change, actor=actor)
    admins_only = needed(case.change) in (Action.CHANNELS, Action.OWNERS)
    if actor == ADMIN or (actor == OPERATOR and not admins_only):
        assert record.state is State.VERIFIED
        return
    assert (record.state, record.why) == (State.REFUSED, Why.ROLE)
    assert record.facts["roles"] == (["admin"] if admins_only else ["operator", "admin"])
    assert stage.uplynk.sent == []


@pytest.mark.parametrize("action", [Action.CHANNELS, Action.OWNERS])
def test_who_may_take_back_what_only_an_admin_may(action: Action) -> None:
    stage = Stage(replace(MANUAL, allowed_owners=()))
    back = Restore(MANUAL, active=False, needs=action)
    record = stage.does(change=back)
    assert (record.why, record.facts["roles"]) == (Why.ROLE, ["admin"])


@pytest.mark.parametrize("action", CHANGING)
@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_a_protection_is_about_its_actions_alone(case: Case, action: Action) -> None:
    stage = Stage(case.there, rules=policy(protects=(Protect(actions=frozenset({action})),)))
    record = stage.does(change=case.change, actor=ADMIN)
    if needed(case.change) is action:
        assert (record.state, record.facts["need"]) == (State.AWAITING, 1)
        assert stage.uplynk.sent == []
    else:
        assert record.state is State.VERIFIED


TWO_ELIGIBLE = policy(requires=(Require(eligible_slicers=2),))
ONE_ELIGIBLE = slicers("s1", "s2", off=("s2",))


def test_an_order_may_not_leave_fewer_eligible_than_required() -> None:
    stage = Stage(group(), rules=TWO_ELIGIBLE)
    record = stage.does(change=Order((("s2", True), ("s1", False))))
    assert (record.state, record.why) == (State.REFUSED, Why.RULE)
    (rule,) = record.facts["rules"]
    assert (rule["rule"], rule["need"], rule["have"]) == ("require", 2, 1)
    assert stage.uplynk.sent == []


def test_an_order_that_leaves_as_many_as_required_is_made() -> None:
    stage = Stage(group(slicers=ONE_ELIGIBLE), rules=TWO_ELIGIBLE)
    assert stage.does(change=Activate("s2")).why is Why.RULE
    assert stage.does(key="press-2", change=Order((("s2", True),))).state is State.VERIFIED
    assert [one.write for one in stage.uplynk.sent] == [
        PutSlicers(slicers("s2", "s1")),
    ]


def test_an_admin_may_set_the_requirement_aside() -> None:
    stage = Stage(group(), rules=TWO_ELIGIBLE)
    record = stage.does(
        change=Order((("s2", False),)), actor=ADMIN, override=Rule.REQUIRE, reason="it smokes"
    )
    assert (record.state, record.facts["overridden"]) == (State.VERIFIED, ["require"])


def test_the_way_back_must_keep_the_rules_too() -> None:
    stage = Stage(group(slicers=ONE_ELIGIBLE))
    made = stage.does(change=Order((("s2", True),)))
    assert made.before is not None
    stage.rules = TWO_ELIGIBLE
    back = stage.does(key="press-2", change=Restore(made.before, active=False))
    assert (back.state, back.why) == (State.REFUSED, Why.RULE)


def test_what_was_overridden_is_kept_through_every_write() -> None:
    stage = Stage(FAILING_BACK, rules=policy(protects=(Protect(),)))
    change = Activate("s2", failback_off=True)
    record = stage.does(change=change, actor=ADMIN, override=Rule.PROTECT, reason="black")
    assert [one.write for one in stage.uplynk.sent] == [
        Patch(auto_failback=False),
        PutActive("s2"),
    ]
    assert (record.state, record.facts) == (
        State.VERIFIED,
        {"overridden": ["protect"], "acknowledged": True},
    )


@pytest.mark.parametrize("change", [Owners(("u1",)), Owners((), ("u9",))])
def test_owners_are_asked_for_before_and_after(change: Change) -> None:
    stage = Stage(replace(MANUAL, allowed_owners=("u9",)))
    stage.does(change=change, actor=ADMIN)
    reading = [f"get {ID_A}", f"owners {ID_A}"]
    assert stage.uplynk.log == ["list", *reading, f"write {ID_A}", *reading]


@pytest.mark.parametrize("change", [Channels(("c3",)), Slate(True), Configure(Mode.FLAT)])
def test_owners_are_asked_for_only_where_they_change(change: Change) -> None:
    stage = Stage(MANUAL)
    stage.does(change=change, actor=ADMIN)
    assert f"owners {ID_A}" not in stage.uplynk.log
