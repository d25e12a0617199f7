"""How a set goes is told in one message in its place, and beyond that directly."""

from __future__ import annotations

from datetime import timedelta

from failover.errors import (
    SlackProblem,
)
from failover.lifecycle import State
from failover.sets import SetState
from services.set_runner import TOLD_FOR
from tests.builders import FLAT, OPERATOR
from tests.services.set_stage import SetStage, sports

V = State.VERIFIED


def test_it_is_told_in_place_of_the_preview_at_most_once_a_second() -> None:
    stage = SetStage()
    stage.uplynk.read_takes = 0.6
    stage.applies()
    assert set(stage.set_screen.places) == {"in place"}
    assert stage.set_screen.last.ended
    begun = [
        sum(one.state is not State.RECEIVED for one in progress.records)
        for _, progress in stage.set_screen.told
    ]
    assert begun == [0, 1, 2, 3, 4]


def test_quick_ones_are_told_together() -> None:
    stage = SetStage()
    stage.applies()
    assert len(stage.set_screen.told) < 4
    assert [one.state for one in stage.set_screen.last.records] == [V] * 4


def test_a_long_one_goes_on_in_a_direct_message() -> None:
    stage = SetStage(*(sports(f"Sports {number}") for number in range(8)))
    stage.uplynk.read_takes = 1.0
    stage.applies()
    post, edit = f"post {OPERATOR.user_id}", "edit D1/1"
    assert stage.set_screen.places == [*["in place"] * 4, post, *[edit] * 3, "in place", edit]
    assert [one.elsewhere for _, one in stage.set_screen.told[:4]] == [False, False, False, True]


def test_what_was_typed_is_answered_below_and_goes_on_in_a_direct_message() -> None:
    stage = SetStage()
    stage.uplynk.read_takes = 1.0
    stage.groups.all()
    found = stage.set_previews.at_once(stage.asks())
    known, _ = stage.set_runner.confirmed(found, OPERATOR, found.request.reply, go_on=False)  # type: ignore[union-attr,arg-type]
    stage.set_runner.start(known)
    stage.work.run()
    places = stage.set_screen.places
    assert places[:3] == ["below", f"post {OPERATOR.user_id}", "edit D1/1"]
    assert places[-2:] == ["below", "edit D1/1"]


def test_a_slack_that_fails_is_asked_once_more_at_the_end_and_then_directly() -> None:
    stage = SetStage()
    stage.uplynk.read_takes = 1.0
    stage.set_screen.problems.extend([SlackProblem("timeout"), SlackProblem("used_url")])
    known = stage.applies()
    assert stage.set_screen.places == [f"post {OPERATOR.user_id}"]
    assert stage.set_store.sets[known.id].state is SetState.TOLD


def test_a_slow_slack_holds_the_changes_up_only_a_little() -> None:
    stage = SetStage(*(sports(f"Sports {number}") for number in range(8)))
    stage.set_screen.meanwhile = lambda: stage.clock.advance(4.0)
    known = stage.applies()
    ended = [one.ended_at for one in stage.members(known)]
    assert ended[-1] is not None
    assert ended[-1] - known.request.received_at < timedelta(seconds=10)


def test_an_end_that_slack_does_not_take_is_told_later() -> None:
    stage = SetStage()
    stage.set_screen.problems.extend([SlackProblem("x")] * 3)
    known = stage.applies()
    assert stage.set_store.sets[known.id].state is SetState.ENDED
    assert stage.confirms(stage.shows(change=FLAT).group_set)[1]
    stage.set_runner.tick()
    assert stage.set_store.sets[known.id].state is SetState.TOLD
    assert [one.state for one in stage.set_screen.last.records] == [V] * 4


def test_an_end_that_nobody_can_be_told_is_given_up_in_time() -> None:
    stage = SetStage()
    stage.set_screen.problems.extend([SlackProblem("x")] * 9)
    known = stage.applies()
    stage.clock.advance(TOLD_FOR.total_seconds() + 1)
    stage.set_runner.tick()
    assert stage.set_store.sets[known.id].state is SetState.TOLD
    assert stage.set_screen.told == []
