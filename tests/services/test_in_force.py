"""What a lock and the pause keep from being sent, whoever asks and whenever they came."""

from typing import Any

import pytest

from failover.lifecycle import Actor, Record, State, Why
from failover.notices import Kind
from failover.policy import Rule
from tests.builders import (
    ADMIN,
    FAILBACK_ON,
    FLAT,
    ID_B,
    MEMBER,
    OPERATOR,
    SECOND,
    flat,
    group,
    later,
    policy,
)
from tests.services.asking import APPROVER, asks, presses, protected, staged, stands
from tests.services.measured import locks, meanwhile, pauses, resumes, unlocks
from tests.stage import Stage

PLACED = {"lock": (locks, unlocks), "pause": (pauses, resumes)}
BY = {"lock": OPERATOR, "pause": ADMIN}


def ruled(record: Record, *rules: str) -> None:
    assert (record.state, record.why) == (State.REFUSED, Why.RULE)
    assert [one["rule"] for one in record.facts["rules"]] == list(rules)


# -- who is kept out


@pytest.mark.parametrize(
    ("actor", "passes"), [(OPERATOR, True), (SECOND, False), (MEMBER, False), (ADMIN, False)]
)
def test_a_lock_keeps_everybody_out_but_its_owner(actor: Actor, passes: bool) -> None:
    stage = Stage()
    locks(stage, reason="do not touch")
    found = stage.does(actor=actor)
    if passes:
        assert found.state is State.VERIFIED
        return
    ruled(found, "lock")
    (rule,) = found.facts["rules"]
    assert {name: fact for name, fact in rule.items() if fact} == {
        "rule": "lock",
        "until": later(3600).isoformat(),
        "reason": "do not touch",
        "by": OPERATOR.user_id,
    }
    assert stage.ledger.told(found.id).keys() == {Kind.ANSWER}
    assert stage.uplynk.sent == []


@pytest.mark.parametrize("actor", [OPERATOR, SECOND, ADMIN])
def test_a_pause_keeps_everybody_out_even_whoever_paused(actor: Actor) -> None:
    stage = Stage()
    pauses(stage)
    found = stage.does(actor=actor)
    ruled(found, "pause")
    (rule,) = found.facts["rules"]
    assert (rule["by"], rule["reason"], rule["until"]) == (ADMIN.user_id, "fire", None)
    assert stage.uplynk.sent == []


@pytest.mark.parametrize(("seconds", "ended"), [(3599.999999, False), (3600.0, True)])
def test_a_lock_keeps_out_until_its_very_end(seconds: float, ended: bool) -> None:
    stage = Stage()
    locks(stage)
    stage.clock.advance(seconds)
    assert stage.does(actor=SECOND).state is (State.VERIFIED if ended else State.REFUSED)


@pytest.mark.parametrize("rule", PLACED)
def test_what_is_taken_away_keeps_nobody_out(rule: str) -> None:
    stage = Stage()
    put, take = PLACED[rule]
    put(stage)
    ruled(stage.does(actor=SECOND), rule)
    take(stage)
    assert stage.does(key="press-2", actor=SECOND).state is State.VERIFIED


def test_a_lock_is_about_its_group_and_a_pause_about_all() -> None:
    stage = Stage(flat(), flat(id=ID_B, name="News"))
    locks(stage)
    assert stage.does(actor=SECOND, group=ID_B).state is State.VERIFIED
    pauses(stage)
    ruled(stage.does(key="press-2", actor=SECOND, group=ID_B, change=FAILBACK_ON), "pause")
    ruled(stage.does(key="press-3", actor=SECOND), "pause", "lock")


def test_every_rule_that_stands_is_named() -> None:
    stage = Stage(group(), rules=policy(cooldown_seconds=60.0))
    stage.does(key="earlier", change=FLAT)
    locks(stage)
    pauses(stage)
    ruled(stage.does(actor=SECOND), "pause", "lock", "cooldown")


# -- overrides


@pytest.mark.parametrize("rule", [Rule.LOCK, Rule.PAUSE])
def test_an_admin_who_says_why_passes_and_it_is_announced(rule: Rule) -> None:
    stage = Stage()
    put, _ = PLACED[rule.value]
    put(stage)
    found = stage.does(actor=ADMIN, override=rule, reason="the feed is black")
    assert (found.state, found.facts["overridden"]) == (State.VERIFIED, [rule.value])
    assert stage.ledger.told(found.id).keys() == {Kind.CARD, Kind.ANSWER}
    ruled(stage.does(key="press-2", actor=SECOND, change=FLAT), rule.value)


@pytest.mark.parametrize("rule", [Rule.LOCK, Rule.PAUSE])
@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"actor": ADMIN, "reason": None}, Why.RULE),
        ({"actor": ADMIN, "reason": ""}, Why.RULE),
        ({"actor": SECOND, "reason": "please"}, Why.OVERRIDE_ROLE),
    ],
)
def test_nobody_else_passes_and_no_admin_without_a_reason(
    rule: Rule, given: dict[str, Any], why: Why
) -> None:
    stage = Stage()
    put, _ = PLACED[rule.value]
    put(stage)
    found = stage.does(override=rule, **given)
    assert (found.state, found.why) == (State.REFUSED, why)
    assert stage.uplynk.sent == []


def test_one_override_sets_one_rule_aside() -> None:
    stage = Stage()
    locks(stage)
    pauses(stage)
    given: dict[str, Any] = {"actor": ADMIN, "reason": "black"}
    ruled(stage.does(key="press-1", override=Rule.PAUSE, **given), "lock")
    ruled(stage.does(key="press-2", override=Rule.LOCK, **given), "pause")
    ruled(stage.does(key="press-3", override=Rule.FREEZE, **given), "pause", "lock")
    assert stage.uplynk.sent == []


def test_whoever_has_no_lock_to_set_aside_overrides_nothing() -> None:
    stage = Stage()
    locks(stage, actor=ADMIN)
    found = stage.does(actor=ADMIN, override=Rule.LOCK, reason="black")
    assert found.state is State.VERIFIED
    assert "overridden" not in found.facts


# -- with a second person


@pytest.mark.parametrize("rule", PLACED)
def test_what_is_in_force_when_it_is_asked_for_asks_nobody(rule: str) -> None:
    stage = staged()
    put, _ = PLACED[rule]
    put(stage)
    ruled(stage.does(actor=SECOND), rule)


@pytest.mark.parametrize("rule", PLACED)
@pytest.mark.parametrize("when", ["before the approval", "after the approval", "take:before"])
def test_what_comes_after_the_request_stops_the_approved_change(rule: str, when: str) -> None:
    stage = staged()
    put, _ = PLACED[rule]
    asks(stage, actor=SECOND)
    if when == "before the approval":
        put(stage)
    presses(stage, "approve", APPROVER)
    if when == "after the approval":
        put(stage)
    if when == "take:before":
        meanwhile(stage, when, lambda: put(stage))
    stage.work.run()
    ended = stands(stage)
    ruled(ended, rule)
    assert stage.ledger.told(ended.id).keys() == {Kind.CARD, Kind.ANSWER}
    assert stage.uplynk.sent == []


def test_the_owner_of_the_lock_is_who_asked_not_who_approved() -> None:
    stage = staged()
    asks(stage)
    locks(stage)
    presses(stage, "approve", APPROVER)
    stage.work.run()
    assert stands(stage).state is State.VERIFIED


def test_an_override_of_the_lock_still_asks_other_people() -> None:
    stage = staged()
    locks(stage)
    given: dict[str, Any] = {"actor": ADMIN, "override": Rule.LOCK, "reason": "black"}
    waiting = stage.does(**given)
    assert (waiting.state, waiting.facts["overridden"]) == (State.AWAITING, ["lock"])
    presses(stage, "approve", APPROVER, waiting.id)
    stage.work.run()
    ended = stands(stage, waiting.id)
    assert (ended.state, ended.facts["overridden"]) == (State.VERIFIED, ["lock"])


def test_locks_and_the_pause_need_no_second_person() -> None:
    stage = Stage(rules=protected(2))
    for does in (locks, unlocks, pauses, resumes):
        assert does(stage).state is State.DONE
