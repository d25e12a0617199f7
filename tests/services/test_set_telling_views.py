"""How a set goes, told in the form that was submitted, and directly once that is closed."""

from __future__ import annotations

from collections.abc import Iterable

from failover.errors import SlackProblem, ViewGone
from failover.lifecycle import ReplyTo, State
from failover.sets import SetState
from tests.builders import OPERATOR
from tests.services.set_stage import SetStage

VIEW, POST, EDIT = "view V1", f"post {OPERATOR.user_id}", "edit D1/1"


def submits(stage: SetStage, problems: Iterable[SlackProblem | None] = ()) -> str:
    """Four groups confirmed in a form, with a pause in which each can be told; the set's ID."""
    stage.uplynk.read_takes = 1.0
    shown = stage.shows().group_set
    stage.set_screen.problems.extend(problems)
    reply = ReplyTo("C0OPS", view_id="V1")
    known, first = stage.set_runner.confirmed(shown, OPERATOR, reply, go_on=False)
    assert first
    stage.set_runner.start(known)
    stage.work.run()
    assert stage.ends(known) == [State.VERIFIED] * 4
    return known.id


def test_the_form_follows_and_the_end_is_told_directly_too() -> None:
    stage = SetStage()
    set_id = submits(stage)
    assert stage.set_screen.places == [*[VIEW] * 5, POST]
    assert [one.ended for _, one in stage.set_screen.told] == [False] * 4 + [True] * 2
    assert stage.set_store.sets[set_id].state is SetState.TOLD


def test_a_form_that_is_closed_goes_on_in_one_direct_message() -> None:
    stage = SetStage()
    submits(stage, [None, ViewGone("not_found")])
    assert stage.set_screen.places == [VIEW, POST, EDIT, EDIT, EDIT]
    assert stage.set_screen.last.ended


def test_a_slack_that_fails_is_told_of_the_end_all_the_same() -> None:
    stage = SetStage()
    submits(stage, [SlackProblem("internal_error"), SlackProblem("internal_error")])
    assert stage.set_screen.places == [POST]
    assert stage.set_screen.last.ended
