"""The form as Slack and the person meet it: opens, fills, redraws, submits, refuses."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from blocks import errors, ids
from blocks.change_form import FormMemory
from failover.errors import TriggerExpired, Unavailable, ViewGone
from failover.lifecycle import State
from failover.roles import Role
from tests.blocks import examine
from tests.builders import ID_A, policy
from tests.handlers.acting import interacts, last, opened, types, view
from tests.handlers.conftest import Desk


def test_the_form_opens_before_anything_is_read(desk: Desk) -> None:
    types(desk, "/failover nba")
    desk.works()
    (loading,) = desk.screen.opened
    assert "Reading the failover groups" in examine.shown_view(loading)
    assert "# NBA Finals" in examine.shown_view(desk.screen.views[-1])


def test_a_form_that_comes_too_late_leaves_a_button(desk: Desk) -> None:
    desk.screen.problem = TriggerExpired("expired_trigger_id")
    types(desk, "/failover nba")
    desk.works()
    assert "[Open the form]" in last(desk)
    assert desk.screen.messages[-1]["blocks"][-1]["elements"][0]["value"] == "nba"


def test_an_edit_redraws_and_changes_nothing(desk: Desk) -> None:
    metadata = opened(desk)
    edit = {"type": "radio_buttons", "action_id": ids.MODE, "block_id": "m", "action_ts": "1.1",
            "selected_option": {"value": "prioritized"}}  # fmt: skip
    interacts(desk, "block_actions", actions=[edit], view=view(metadata))
    desk.works()
    assert "Preview: *flat → prioritized" in examine.shown_view(desk.screen.views[-1])
    assert desk.stage.ledger.records == {}


def test_a_role_lost_while_the_form_is_open_shows_nothing_more(desk: Desk) -> None:
    metadata = opened(desk)
    desk.stage.rules = policy(default_role=Role.NONE, grants=())
    edit = {"type": "radio_buttons", "action_id": ids.MODE, "block_id": "m", "action_ts": "1.1",
            "selected_option": {"value": "prioritized"}}  # fmt: skip
    interacts(desk, "block_actions", actions=[edit], view=view(metadata))
    desk.works()
    text = examine.shown_view(desk.screen.views[-1])
    assert "NBA" not in text
    assert "you need the role" in text


def test_submitting_is_one_change(desk: Desk) -> None:
    metadata = opened(desk)
    for _ in range(3):
        said = interacts(desk, "view_submission", view=view(metadata, reason="because"))
        assert said["response_action"] == "update"
        assert "working on it" in examine.shown_view(said["view"]).lower()
    desk.works()
    (record,) = desk.stage.ledger.records.values()
    assert (record.state, record.request.reason) == (State.VERIFIED, "because")
    assert len(desk.stage.uplynk.sent) == 1


def test_what_the_form_did_not_show_is_not_overwritten(desk: Desk) -> None:
    metadata = opened(desk)
    desk.stage.uplynk.set(ID_A, active_slicer_id="s2")
    interacts(desk, "view_submission", view=view(metadata))
    desk.works()
    assert list(desk.stage.uplynk.sent) == []


@pytest.mark.parametrize(
    "metadata",
    ["", "x", "[]", "{}", "5", '["g"]', "[1, 2, 3, 4]", '["g", null, null, null]',
     '["g", null, null, null, null, null]', '["g", "m", "yesterday", null, null, null]',
     '["g", "m", null, null, "fly", null]', "[" * 50_000],
)  # fmt: skip
def test_tampered_metadata_does_nothing_and_is_told(desk: Desk, metadata: str) -> None:
    said = interacts(desk, "view_submission", view=view(metadata))
    assert errors.MALFORMED in examine.shown_view(said["view"])
    assert desk.stage.ledger.records == {}


@pytest.mark.parametrize(
    "edited",
    [
        {"mode": "chaos"},
        {"failback": {"value": "perhaps"}},
        {"failback": "on"},
        {"reason": 5},
    ],
)
def test_a_choice_that_was_not_offered_does_nothing(desk: Desk, edited: dict[str, Any]) -> None:
    metadata = opened(desk)
    said = interacts(desk, "view_submission", view=view(metadata, **edited))
    assert errors.MALFORMED in examine.shown_view(said["view"])
    assert desk.stage.ledger.records == {}


def test_another_group_in_the_metadata_is_not_what_was_shown(desk: Desk) -> None:
    memory = FormMemory.read(opened(desk))
    other = replace(memory, group_id="c" * 32)
    interacts(desk, "view_submission", view=view(other.write(), mode="flat"))
    desk.works()
    assert list(desk.stage.uplynk.sent) == []


def test_type_ahead_is_answered_from_memory(desk: Desk) -> None:
    types(desk, "/failover")
    desk.works()
    asked: dict[str, Any] = {"action_id": ids.GROUP, "block_id": ids.GROUP, "view": view()}
    said = interacts(desk, "block_suggestion", value="west", **asked)
    assert [one["text"]["text"] for one in said["options"]] == ["Sports West"]


def test_uplynk_that_does_not_answer_is_said_in_the_form(desk: Desk) -> None:
    metadata = opened(desk)
    desk.stage.uplynk.reads.extend([Unavailable("GET /x", status=503)] * 9)
    chosen = {"type": "external_select", "action_id": ids.GROUP, "block_id": ids.GROUP,
              "action_ts": "1.1", "selected_option": {"value": ID_A}}  # fmt: skip
    interacts(desk, "block_actions", actions=[chosen], view=view(metadata))
    desk.works()
    text = examine.shown_view(desk.screen.views[-1])
    assert "Uplynk is in trouble (it answered 503)" in text
    assert "[Try again]" in text


def test_a_closed_form_is_no_problem(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    metadata = opened(desk)
    edit = {"type": "radio_buttons", "action_id": ids.MODE, "block_id": "m", "action_ts": "1.1"}
    interacts(desk, "block_actions", actions=[edit], view=view(metadata))
    desk.screen.problem = ViewGone("not_found")
    desk.works()
    assert "reference" not in caplog.text
    assert desk.screen.messages == []
