"""A set is stopped: what has not been begun is not, what is under way is finished."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from failover.lifecycle import Actor, State, Why
from failover.policy import Grant, Role
from failover.sets import GroupSet, SetState
from services.set_stops import Stopped
from tests.builders import ADMIN, MEMBER, OPERATOR, SECOND, SPORTS, STRANGER, VIEWER, policy
from tests.services.set_stage import SetStage

V, R = State.VERIFIED, State.REFUSED


def under_way(stage: SetStage, *, go_on: bool = False) -> GroupSet:
    return stage.confirms(stage.shows().group_set, go_on=go_on)[0]


def meanwhile(stage: SetStage, point: str, count: int, then: Callable[[], object]) -> None:
    """Something happens once, at Uplynk's so manyth call of a kind."""
    left = [count]

    def trip(reached: str) -> None:
        left[0] -= reached == point
        if left[0] == 0:
            left[0] = -1
            then()

    stage.uplynk.trip = trip


@pytest.mark.parametrize("go_on", [False, True])
def test_what_is_under_way_is_finished_and_the_rest_not_begun(go_on: bool) -> None:
    stage = SetStage()
    known = under_way(stage, go_on=go_on)
    meanwhile(stage, "write:before", 2, lambda: stage.set_stops.stop(known.id, OPERATOR))
    stage.work.run()
    done, stopped = stage.ends(known)[:2], stage.members(known)[2:]
    assert done == [V, V]
    assert [(one.state, one.why, one.facts) for one in stopped] == [
        (R, Why.SET_STOPPED, {"by": OPERATOR.user_id})
    ] * 2
    assert len(stage.uplynk.sent) == 2
    assert stage.set_screen.last.ended
    assert stage.set_store.sets[known.id].state is SetState.TOLD


def test_what_was_done_can_be_taken_back() -> None:
    stage = SetStage()
    known = under_way(stage)
    meanwhile(stage, "write:before", 2, lambda: stage.set_stops.stop(known.id, OPERATOR))
    stage.work.run()
    back = stage.set_previews.undone(known.id, stage.asks("-", key="undo"))
    assert back is not None
    assert [row.group.name for row in back.rows] == ["Sports North", "Sports East"]


def test_a_member_that_is_stopped_while_it_is_looked_at_is_not_sent() -> None:
    stage = SetStage()
    known = under_way(stage, go_on=True)
    meanwhile(stage, "get", 1, lambda: stage.set_stops.stop(known.id, OPERATOR))
    stage.work.run()
    assert stage.ends(known) == [R] * 4
    assert stage.uplynk.sent == []
    assert {one.why for one in stage.members(known)} == {Why.SET_STOPPED}


def test_it_says_how_many_are_not_begun() -> None:
    stage = SetStage()
    known = under_way(stage)
    stopping = stage.set_stops.stop(known.id, OPERATOR)
    assert (stopping.code, stopping.count) == (Stopped.STOPPED, 4)
    again = stage.set_stops.stop(known.id, OPERATOR)
    assert again.code is Stopped.NOTHING_LEFT
    stage.work.run()
    assert stage.uplynk.sent == []


def test_at_its_end_there_is_nothing_left_to_stop() -> None:
    stage = SetStage()
    known = stage.applies()
    assert stage.set_stops.stop(known.id, OPERATOR).code is Stopped.NOTHING_LEFT
    assert stage.ends(known) == [V] * 4


def test_what_is_only_shown_or_unknown_is_not_under_way() -> None:
    stage = SetStage()
    shown = stage.shows().group_set
    assert stage.set_stops.stop(shown.id, OPERATOR).code is Stopped.UNKNOWN
    assert stage.set_stops.stop("unknown", OPERATOR).code is Stopped.UNKNOWN
    assert stage.confirms(shown)[1]


@pytest.mark.parametrize("actor", [SECOND, ADMIN, MEMBER])
def test_whoever_may_change_what_is_left_may_stop_it(actor: Actor) -> None:
    grants = (
        Grant(Role.OPERATOR, frozenset({OPERATOR.user_id, SECOND.user_id})),
        Grant(Role.ADMIN, frozenset({ADMIN.user_id})),
        Grant(Role.OPERATOR, usergroups=frozenset({SPORTS}), groups=("sports-*",)),
    )
    stage = SetStage(rules=policy(grants=grants))
    known = under_way(stage)
    assert stage.set_stops.stop(known.id, actor).code is Stopped.STOPPED
    assert {one.facts["by"] for one in stage.members(known)} == {actor.user_id}


@pytest.mark.parametrize("actor", [VIEWER, STRANGER, MEMBER])
def test_nobody_else_may(actor: Actor) -> None:
    grants = (
        Grant(Role.OPERATOR, frozenset({OPERATOR.user_id})),
        Grant(Role.OPERATOR, usergroups=frozenset({SPORTS}), groups=("sports-east",)),
    )
    stage = SetStage(rules=policy(grants=grants))
    known = under_way(stage)
    stopping = stage.set_stops.stop(known.id, actor)
    assert (stopping.code, stopping.why) == (Stopped.NO_ROLE, Why.ROLE)
    stage.work.run()
    assert stage.ends(known) == [V] * 4


def test_whoever_lost_the_role_since_may_not() -> None:
    grants = (
        Grant(Role.OPERATOR, frozenset({OPERATOR.user_id})),
        Grant(Role.OPERATOR, usergroups=frozenset({SPORTS})),
    )
    stage = SetStage(rules=policy(grants=grants))
    known = under_way(stage)
    stage.access.standing(MEMBER)
    stage.usergroups.groups[SPORTS] = frozenset()
    assert stage.set_stops.stop(known.id, MEMBER).code is Stopped.NO_ROLE


def test_a_database_that_fails_in_between_leaves_nothing_to_be_begun() -> None:
    stage = SetStage()
    known = under_way(stage)
    first = stage.members(known)[0]
    stage.set_stops._end(first, ADMIN)
    stage.work.run()
    assert stage.ends(known) == [R] * 4
    assert [one.facts for one in stage.members(known)] == [{"by": ADMIN.user_id}] * 4


def test_it_holds_across_a_restart() -> None:
    stage = SetStage()
    known = under_way(stage)
    stage.set_stops.stop(known.id, OPERATOR)
    stage.restart()
    stage.set_runner.tick()
    assert stage.ends(known) == [R] * 4
    assert stage.uplynk.sent == []
    assert stage.set_store.sets[known.id].state is SetState.TOLD
