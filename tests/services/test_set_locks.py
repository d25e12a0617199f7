"""Locks of all groups that a pattern hits: shown, confirmed once, put in force one by one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from failover.lifecycle import Request, State, Why
from failover.measures import InForce, Lock, Unlock
from failover.policy import Grant, Role
from failover.sets import GroupSet, SetPicture
from tests.builders import ADMIN, OPERATOR, SECOND, later, policy
from tests.services.set_stage import SetStage, sports

LOCK = Lock(7200)
D, U, R = State.DONE, State.UNCHANGED, State.REFUSED


def shows(stage: SetStage, pattern: str = "sports *", **given: Any) -> SetPicture:
    return stage.shows(pattern, **{"change": LOCK, "reason": "on air", **given})


def of(picture: SetPicture) -> dict[str, tuple[Why | None, bool]]:
    return {row.group.id: (row.why, row.already) for row in picture.rows}


def test_all_are_locked_one_after_the_other() -> None:
    stage = SetStage()
    picture = shows(stage)
    assert {row.taken for row in picture.rows} == {True}
    assert stage.forces.rows == {}
    known, _ = stage.confirms(picture.group_set)
    stage.work.run()
    assert stage.ends(known) == [D] * 4
    locks = [stage.forces.in_force(one.group_id).lock for one in known.members]
    told = [(one.by, one.reason) for one in locks if one is not None]
    assert told == [(OPERATOR.user_id, "on air")] * 4
    ends = [one.ended_at + timedelta(hours=2) for one in stage.members(known) if one.ended_at]
    assert [one.until for one in locks if one is not None] == ends
    assert stage.uplynk.sent == []
    assert stage.set_screen.last.ended
    stage.cards.tick()
    assert len(stage.messenger.cards) == 4
    stage.answers.tick()
    assert stage.messenger.answers == []


def test_a_lock_of_somebody_else_is_left_out_and_taken_over_by_nobody() -> None:
    stage = SetStage()
    stage.forces.rows["sports-north"] = InForce("r1", SECOND.user_id, "mine")
    picture = shows(stage)
    assert of(picture)["sports-north"] == (Why.RULE, False)
    (refused,) = stage.ledger.records.values()
    assert (refused.why, refused.group_id) == (Why.RULE, "sports-north")
    known, _ = stage.confirms(picture.group_set)
    stage.forces.rows["sports-south"] = InForce("r2", SECOND.user_id, "mine")
    stage.work.run()
    assert stage.ends(known) == [D, R, R]
    lock = stage.forces.in_force("sports-south").lock
    assert lock is not None
    assert lock.by == SECOND.user_id


def test_a_group_that_moved_since_is_locked_all_the_same() -> None:
    stage = SetStage()
    picture = shows(stage)
    stage.uplynk.groups["sports-north"] = sports("Sports North", active_slicer_id="s2")
    known, _ = stage.confirms(picture.group_set)
    stage.work.run()
    assert stage.ends(known) == [D] * 4


def test_unlocking_takes_ones_own_away_and_an_admin_any() -> None:
    stage = SetStage()
    stage.forces.rows["sports-north"] = InForce("r1", OPERATOR.user_id, "mine")
    stage.forces.rows["sports-south"] = InForce("r2", SECOND.user_id, "theirs")
    stage.forces.rows["sports-west"] = InForce("r3", OPERATOR.user_id, "over", later(-60))
    assert of(shows(stage, change=Unlock(), reason=None)) == {
        "sports-east": (None, True),
        "sports-north": (None, False),
        "sports-south": (Why.RULE, False),
        "sports-west": (None, True),
    }
    picture = shows(stage, change=Unlock(), reason=None, actor=ADMIN)
    assert of(picture)["sports-south"] == (None, False)


def test_roles_count_for_each_group() -> None:
    only = (Grant(Role.OPERATOR, frozenset({OPERATOR.user_id}), groups=("sports-west",)),)
    stage = SetStage(rules=policy(grants=only))
    found = of(shows(stage))
    assert [one for one, (why, _) in found.items() if why is None] == ["sports-west"]
    assert {why for why, _ in found.values()} == {None, Why.ROLE}


def test_a_single_hit_is_shown_too_and_from_memory_it_is_a_single_lock() -> None:
    stage = SetStage()
    picture = shows(stage, "*north")
    assert [row.group.id for row in picture.rows] == ["sports-north"]
    found = stage.set_previews.at_once(stage.asks("*north", change=LOCK))
    assert isinstance(found, Request)
    assert found.group == "sports-north"


def test_now_locks_all_from_memory() -> None:
    stage = SetStage()
    stage.groups.all()
    found = stage.set_previews.at_once(stage.asks(change=LOCK, reason="on air"))
    assert isinstance(found, GroupSet)
    known, _ = stage.confirms(found)
    stage.work.run()
    assert stage.ends(known) == [D] * 4


def test_a_pattern_that_hits_nothing_stays_as_it_was_typed() -> None:
    stage = SetStage()
    asked = stage.asks("golf*", change=LOCK)
    assert stage.set_previews.show(asked) == asked
