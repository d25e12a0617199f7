"""User groups for a set: read live, once for all the members whose turns come soon after."""

from __future__ import annotations

from failover.errors import SlackProblem
from failover.lifecycle import State, Why
from failover.measures import Lock
from failover.policy import Grant, Policy, Role
from failover.sets import GroupSet
from services.access import RECENT
from tests.builders import MEMBER, SPORTS, policy
from tests.services.set_stage import SetStage

V, R = State.VERIFIED, State.REFUSED
SECONDS = RECENT.total_seconds()


def by_usergroup() -> Policy:
    return policy(grants=(Grant(Role.OPERATOR, usergroups=frozenset({SPORTS})),))


def confirmed(stage: SetStage, **given: object) -> GroupSet:
    shown = stage.shows(actor=MEMBER, **given).group_set
    stage.clock.advance(30)
    known, _ = stage.set_runner.confirmed(shown, MEMBER, shown.request.reply, go_on=False)
    stage.set_runner.start(known)
    return known


def test_one_reading_serves_the_members_that_come_soon_after() -> None:
    stage = SetStage(rules=by_usergroup())
    known = confirmed(stage)
    before = len(stage.usergroups.asked)
    stage.work.run()
    assert stage.ends(known) == [V] * 4
    assert len(stage.usergroups.asked) == before + 1


def test_locks_are_no_exception() -> None:
    stage = SetStage(rules=by_usergroup())
    known = confirmed(stage, change=Lock(600), reason="on air")
    before = len(stage.usergroups.asked)
    stage.work.run()
    assert stage.ends(known) == [State.DONE] * 4
    assert len(stage.usergroups.asked) == before + 1


def test_what_was_read_for_the_preview_is_too_old() -> None:
    stage = SetStage(rules=by_usergroup())
    known = confirmed(stage)
    stage.usergroups.groups[SPORTS] = frozenset()
    stage.work.run()
    assert stage.members(known)[0].why is Why.ROLE
    assert stage.uplynk.sent == []


def test_a_slow_set_reads_again() -> None:
    stage = SetStage(rules=by_usergroup())
    stage.uplynk.read_takes = SECONDS / 2
    known = confirmed(stage)
    stage.uplynk.trip = lambda point: (
        stage.usergroups.groups.update({SPORTS: frozenset()}) if point == "write:after" else None
    )
    stage.work.run()
    assert stage.ends(known)[-1] is R
    assert Why.ROLE in {one.why for one in stage.members(known)}


def test_an_event_of_slack_ends_what_is_remembered() -> None:
    stage = SetStage(rules=by_usergroup())
    known = confirmed(stage)

    def leaves(point: str) -> None:
        if point == "write:after" and len(stage.uplynk.sent) == 1:
            stage.usergroups.groups[SPORTS] = frozenset()
            stage.access.forget(SPORTS)

    stage.uplynk.trip = leaves
    stage.work.run()
    assert stage.ends(known) == [V, R, R, R]
    assert stage.members(known)[1].why is Why.ROLE


def test_a_reading_that_fails_is_none() -> None:
    stage = SetStage(rules=by_usergroup())
    known = confirmed(stage)
    stage.usergroups.problems[SPORTS] = SlackProblem("ratelimited")
    stage.work.run()
    assert stage.ends(known) == [R] * 4
    assert stage.members(known)[0].why is Why.ROLE_UNCERTAIN


def test_a_change_by_itself_is_checked_live_every_time() -> None:
    stage = SetStage(rules=by_usergroup())
    for name in ("sports-east", "sports-north"):
        before = len(stage.usergroups.asked)
        done = stage.does(key=name, group=name, actor=MEMBER, change=stage.asks().change)
        assert done.state is V
        assert len(stage.usergroups.asked) > before
