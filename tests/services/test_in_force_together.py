"""Locks and the pause that come while a change is under way, and measures that meet."""

from typing import Any

import pytest

from failover.change import Activate
from failover.lifecycle import Record, State, Why
from failover.notices import Kind
from failover.policy import Rule
from tests.builders import (
    ADMIN,
    OPERATOR,
    SECOND,
    group,
)
from tests.fakes import Write
from tests.services.asking import stands
from tests.services.measured import locks, meanwhile, pauses, resumes, unlocks
from tests.stage import PACE, Stage

PLACED = {"lock": (locks, unlocks), "pause": (pauses, resumes)}
BY = {"lock": OPERATOR, "pause": ADMIN}


def ruled(record: Record, *rules: str) -> None:
    assert (record.state, record.why) == (State.REFUSED, Why.RULE)
    assert [one["rule"] for one in record.facts["rules"]] == list(rules)


# -- what comes while a change is under way


POINTS = ["in_force:before", "get", "take:before"]


@pytest.mark.parametrize("rule", PLACED)
@pytest.mark.parametrize("point", POINTS)
def test_what_is_in_force_before_the_change_takes_the_group_stops_it(rule: str, point: str) -> None:
    stage = Stage()
    stage.groups.all()
    put, _ = PLACED[rule]
    placed = meanwhile(stage, point, lambda: put(stage))
    found = stage.does(actor=SECOND)
    assert [one.state for one in placed] == [State.DONE]
    ruled(found, rule)
    assert stage.uplynk.sent == []
    assert found.facts["rules"][0]["by"] == BY[rule].user_id


@pytest.mark.parametrize("point", POINTS)
def test_the_owner_of_a_lock_that_comes_meanwhile_goes_on(point: str) -> None:
    stage = Stage()
    stage.groups.all()
    meanwhile(stage, point, lambda: locks(stage))
    assert stage.does().state is State.VERIFIED
    assert len(stage.uplynk.sent) == 1


@pytest.mark.parametrize("rule", PLACED)
def test_what_was_set_aside_is_not_what_came_in_its_place(rule: str) -> None:
    stage = Stage()
    stage.groups.all()
    put, take = PLACED[rule]
    put(stage)
    other = pauses if rule == "lock" else locks

    meanwhile(stage, "take:before", lambda: other(stage))
    found = stage.does(actor=ADMIN, override=Rule(rule), reason="black")
    ruled(found, "lock" if rule == "pause" else "pause")
    assert stage.uplynk.sent == []
    take(stage)


@pytest.mark.parametrize("rule", PLACED)
def test_what_is_taken_away_meanwhile_stops_nothing(rule: str) -> None:
    stage = Stage()
    stage.groups.all()
    put, take = PLACED[rule]
    put(stage)
    meanwhile(stage, "take:before", lambda: take(stage))
    found = stage.does(actor=ADMIN, override=Rule(rule), reason="black")
    assert (found.state, found.facts["overridden"]) == (State.VERIFIED, [rule])


@pytest.mark.parametrize("rule", PLACED)
@pytest.mark.parametrize("point", ["take:after", "write:before", "write:after"])
def test_a_change_that_has_taken_the_group_is_seen_through(rule: str, point: str) -> None:
    stage = Stage()
    put, _ = PLACED[rule]
    meanwhile(stage, point, lambda: put(stage))
    assert stage.does(actor=SECOND).state is State.VERIFIED


@pytest.mark.parametrize("rule", PLACED)
def test_a_change_of_two_writes_is_not_left_halfway(rule: str) -> None:
    stage = Stage(group(auto_failback=True))
    put, _ = PLACED[rule]
    placed = meanwhile(stage, "write:after", lambda: put(stage))
    found = stage.does(actor=SECOND, change=Activate("s2", failback_off=True))
    assert (found.state, len(stage.uplynk.sent)) == (State.VERIFIED, 2)
    assert placed[0].state is State.DONE


@pytest.mark.parametrize("rule", PLACED)
def test_an_unknown_outcome_is_looked_into_all_the_same(rule: str) -> None:
    stage = Stage()
    put, _ = PLACED[rule]
    sending = stage.sent_and_died(actor=SECOND)
    put(stage)
    stage.restart()
    stage.runner.recover(PACE)
    stage.work.run()
    assert stands(stage, sending.id).state is State.FAILED
    assert stands(stage, sending.id).why is Why.NO_EFFECT
    assert stage.uplynk.sent == []


# -- measures that meet


MEETINGS = [
    (locks, {}, locks, {"actor": SECOND}),
    (locks, {}, unlocks, {}),
    (unlocks, {}, unlocks, {"actor": ADMIN}),
    (unlocks, {}, locks, {}),
    (pauses, {}, pauses, {}),
    (pauses, {}, resumes, {}),
    (resumes, {}, resumes, {}),
    (resumes, {}, pauses, {}),
]


@pytest.mark.parametrize(("slow", "slows", "quick", "quicks"), MEETINGS)
@pytest.mark.parametrize("there", [False, True])
def test_of_two_measures_at_once_one_counts_and_both_are_told_the_truth(
    slow: Any, slows: dict[str, Any], quick: Any, quicks: dict[str, Any], there: bool
) -> None:
    stage = Stage()
    stage.groups.all()
    if there:
        locks(stage)
        pauses(stage)
    before = dict(stage.forces.rows)
    first = meanwhile(stage, "advance:before", lambda: quick(stage, **quicks))
    second = slow(stage, **slows)
    changed = dict(stage.forces.rows) != before
    assert changed == (first[0].state is State.DONE or second.state is State.DONE)
    if second.state is State.REFUSED:
        assert second.why is Why.RULE
        assert stage.ledger.told(second.id).keys() == {Kind.ANSWER}
    winners = [one.id for one in (*first, second) if one.state is State.DONE]
    placed = {one.id for one in stage.forces.rows.values()} - {one.id for one in before.values()}
    assert placed <= set(winners)


def test_whoever_locks_more_slowly_is_told_whose_lock_it_is() -> None:
    stage = Stage()
    stage.groups.all()
    meanwhile(stage, "advance:before", lambda: locks(stage, actor=SECOND))
    second = locks(stage)
    ruled(second, "lock")
    assert second.facts["rules"][0]["by"] == SECOND.user_id


def test_whoever_pauses_more_slowly_is_told_who_paused() -> None:
    stage = Stage()
    meanwhile(stage, "advance:before", lambda: pauses(stage, reason="first"))
    second = pauses(stage)
    assert (second.state, dict(second.facts)) == (
        State.UNCHANGED,
        {"by": ADMIN.user_id, "reason": "first"},
    )


@pytest.mark.parametrize(("does", "state"), [(locks, State.DONE), (unlocks, State.UNCHANGED)])
def test_what_is_gone_in_the_same_moment_is_looked_at_again(does: Any, state: State) -> None:
    stage = Stage()
    stage.groups.all()
    locks(stage)
    meanwhile(stage, "advance:before", lambda: unlocks(stage, actor=ADMIN))
    assert does(stage).state is state


def test_a_lock_is_put_on_a_group_that_is_being_changed() -> None:
    stage = Stage()
    stage.uplynk.writes.append(Write(late=3))
    placed: list[Record] = []
    stage.timer.meanwhile.append(lambda: placed.append(locks(stage, actor=SECOND)))
    assert stage.does().state is State.VERIFIED
    assert placed[0].state is State.DONE
