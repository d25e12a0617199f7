"""Whose lock it is, which group is meant, and measures that come late or twice."""

from dataclasses import replace
from typing import Any

import pytest

from failover.errors import SlackProblem
from failover.lifecycle import Actor, Record, State, Why
from failover.measures import InForce, Pause, Resume
from failover.notices import Kind
from failover.policy import Grant, Role, Rule
from tests.builders import (
    ADMIN,
    ID_A,
    ID_B,
    OPERATOR,
    SECOND,
    SPORTS,
    flat,
    later,
    policy,
)
from tests.fakes import silent
from tests.services.asking import APPROVERS
from tests.services.measured import (
    HOUR,
    in_place,
    lock_of,
    locks,
    measures,
    pause_of,
    pauses,
    resumes,
    unlocks,
)
from tests.stage import PACE, Stage

NEWS = flat(id=ID_B, name="News")
RULES = policy(grants=(*policy().grants, APPROVERS))


def staged(**given: Any) -> Stage:
    return Stage(flat(), NEWS, rules=replace(RULES, **given))


def refusal(record: Record) -> tuple[State, Why | None]:
    return record.state, record.why


def rule_of(record: Record) -> dict[str, Any]:
    (rule,) = record.facts["rules"]
    return {name: fact for name, fact in rule.items() if fact}


# -- whose lock it is


def test_whoever_locked_may_lock_anew_which_sets_the_end_anew() -> None:
    stage = staged()
    locks(stage, 3600)
    stage.clock.advance(60)
    longer = locks(stage, 7200, reason="extra time")
    assert longer.state is State.DONE
    assert lock_of(stage) == InForce(longer.id, OPERATOR.user_id, "extra time", later(7260))
    shorter = locks(stage, 60)
    assert lock_of(stage) == InForce(shorter.id, OPERATOR.user_id, "the final", later(120))


@pytest.mark.parametrize("actor", [SECOND, ADMIN])
def test_nobody_locks_over_somebody_elses_lock(actor: Actor) -> None:
    stage = staged()
    first = locks(stage)
    second = locks(stage, 60, actor=actor)
    assert refusal(second) == (State.REFUSED, Why.RULE)
    assert rule_of(second) == {
        "rule": "lock",
        "until": later(HOUR).isoformat(),
        "reason": "the final",
        "by": OPERATOR.user_id,
    }
    lock = lock_of(stage)
    assert lock is not None
    assert lock.id == first.id


def test_whoever_locked_unlocks_and_so_does_an_admin_but_nobody_else() -> None:
    stage = staged()
    first = locks(stage)
    refused = unlocks(stage, actor=SECOND)
    assert refusal(refused) == (State.REFUSED, Why.RULE)
    assert rule_of(refused)["by"] == OPERATOR.user_id
    assert stage.ledger.told(refused.id).keys() == {Kind.ANSWER}
    assert lock_of(stage) is not None
    own = unlocks(stage)
    assert (own.state, dict(own.facts)) == (State.DONE, {"was": OPERATOR.user_id})
    assert first.state is State.DONE
    locks(stage)
    by_admin = unlocks(stage, actor=ADMIN)
    assert (by_admin.state, dict(by_admin.facts)) == (State.DONE, {"was": OPERATOR.user_id})
    assert lock_of(stage) is None


def test_an_admin_of_other_groups_is_nobody_to_this_lock() -> None:
    grants = (*RULES.grants[:2], Grant(Role.ADMIN, frozenset({SECOND.user_id}), groups=("News",)))
    stage = staged(grants=grants)
    locks(stage)
    assert refusal(unlocks(stage, actor=SECOND)) == (State.REFUSED, Why.RULE)


def test_that_nobody_can_tell_who_is_an_admin_is_said_so() -> None:
    operators = Grant(Role.OPERATOR, frozenset({OPERATOR.user_id, SECOND.user_id}))
    stage = staged(grants=(operators, Grant(Role.ADMIN, usergroups=frozenset({SPORTS}))))
    locks(stage)
    stage.usergroups.problems[SPORTS] = SlackProblem("ratelimited")
    assert refusal(unlocks(stage, actor=SECOND)) == (State.REFUSED, Why.ROLE_UNCERTAIN)
    assert lock_of(stage) is not None
    assert unlocks(stage).state is State.DONE


@pytest.mark.parametrize(("seconds", "ended"), [(HOUR - 0.000001, False), (HOUR, True)])
def test_a_lock_that_has_ended_is_nobodys(seconds: float, ended: bool) -> None:
    stage = staged()
    locks(stage)
    stage.clock.advance(seconds)
    nothing = unlocks(stage, actor=SECOND)
    assert refusal(nothing) == ((State.UNCHANGED, None) if ended else (State.REFUSED, Why.RULE))
    other = locks(stage, actor=SECOND)
    assert other.state is (State.DONE if ended else State.REFUSED)
    lock = lock_of(stage)
    assert lock is not None
    assert lock.by == (SECOND if ended else OPERATOR).user_id


def test_each_group_has_its_own_lock() -> None:
    stage = staged()
    locks(stage)
    locks(stage, actor=SECOND, group=ID_B)
    assert [(key, one.by) for key, one in stage.forces.locks()] == [
        (ID_A, OPERATOR.user_id),
        (ID_B, SECOND.user_id),
    ]
    unlocks(stage)
    assert [key for key, _ in stage.forces.locks()] == [ID_B]


def test_locks_and_the_pause_are_put_and_taken_whatever_else_is_in_force() -> None:
    stage = staged()
    pauses(stage)
    assert locks(stage).state is State.DONE
    assert unlocks(stage).state is State.DONE
    assert locks(stage).state is State.DONE
    assert resumes(stage).state is State.DONE
    assert (lock_of(stage) is None, pause_of(stage)) == (False, None)


# -- which group it is


@pytest.mark.parametrize("word", [ID_A, "NBA Finals", "nba finals", "nb"])
def test_a_group_is_found_by_what_is_typed(word: str) -> None:
    stage = staged()
    assert locks(stage, group=word).group_id == ID_A


@pytest.mark.parametrize(("word", "why"), [("Golf", Why.NO_SUCH_GROUP), ("N", Why.AMBIGUOUS_GROUP)])
def test_no_one_group_that_is_meant(word: str, why: Why) -> None:
    stage = staged()
    assert refusal(locks(stage, group=word)) == (State.REFUSED, why)
    assert refusal(unlocks(stage, group=word)) == (State.REFUSED, why)
    assert stage.forces.locks() == ()


@pytest.mark.parametrize("remembered", [True, False])
@pytest.mark.parametrize("does", [locks, unlocks])
def test_while_uplynk_does_not_answer_a_remembered_group_can_be_locked(
    does: Any, remembered: bool
) -> None:
    stage = staged()
    locks(stage)
    if not remembered:
        stage.restart()
    stage.uplynk.down = silent()
    stage.clock.advance(600)
    found = does(stage)
    if remembered:
        assert (found.state, found.group_name) == (State.DONE, "NBA Finals")
    else:
        assert refusal(found) == (State.FAILED, Why.UNREADABLE)
        assert stage.ledger.told(found.id).keys() == {Kind.CARD, Kind.ANSWER}
        assert lock_of(stage) is not None


def test_a_group_that_an_old_list_lacks_may_exist_all_the_same() -> None:
    stage = staged()
    stage.groups.all()
    stage.uplynk.down = silent()
    stage.clock.advance(600)
    assert refusal(locks(stage, group="Golf")) == (State.FAILED, Why.UNREADABLE)


def test_a_pause_needs_neither_uplynk_nor_slack() -> None:
    stage = staged()
    stage.uplynk.down = silent()
    stage.usergroups.problems[SPORTS] = SlackProblem("unreachable")
    assert pauses(stage).state is State.DONE
    assert resumes(stage).state is State.DONE
    assert stage.uplynk.log == []


# -- late, twice, after a restart


@pytest.mark.parametrize("change", [Pause(), Resume()])
def test_a_measure_that_waited_too_long_is_not_carried_out(change: Any) -> None:
    stage = staged()
    accepted = stage.accepts(actor=ADMIN, group="", change=change)
    stage.clock.advance(PACE.resume + 1)
    stage.changes.run(accepted)
    assert refusal(stage.ledger.records[accepted.id]) == (State.FAILED, Why.INTERRUPTED)
    assert in_place(stage) == (None, None)


def test_what_a_dead_process_left_is_taken_up_once() -> None:
    stage = staged()
    accepted = stage.accepts(actor=ADMIN, group="", change=Pause())
    stage.restart()
    stage.runner.recover(PACE)
    stage.runner.recover(PACE)
    stage.work.run()
    assert stage.ledger.records[accepted.id].state is State.DONE
    stage.changes.run(accepted)
    assert stage.states(accepted.id) == ["received", "done"]


def test_what_is_in_force_outlives_the_bot() -> None:
    stage = staged()
    locks(stage)
    pauses(stage)
    there = in_place(stage)
    stage.restart()
    assert in_place(stage) == there
    assert stage.does(key="press-2").why is Why.RULE


def test_a_measure_is_no_way_round_the_rules_that_name_it() -> None:
    stage = staged()
    locks(stage)
    refused = locks(stage, actor=ADMIN, override=Rule.LOCK, reason="mine now")
    assert refusal(refused) == (State.REFUSED, Why.RULE)
    assert measures(stage, Resume(), actor=ADMIN, group="").state is State.UNCHANGED
