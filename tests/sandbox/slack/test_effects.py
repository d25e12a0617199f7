"""Every response_action to a submission, right and wrong."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.slack.effects import TROUBLE
from sandbox.slack.people import SimulatedPerson
from sandbox.slack.server import SlackSimulator
from tests.sandbox.slack.bot_app import modal, opening, over_http, section, text_input


def submitting(slack: SlackSimulator, operator: SimulatedPerson, **answer: Any) -> Any:
    app = opening(slack, modal(section("first"), text_input(), private_metadata="one"))
    app.view("form")(lambda ack: ack(**answer))
    with over_http(slack, app):
        operator.opens_form()
        operator.fills("reason_text", "kept")
        return operator.submits()


def test_errors_mark_their_inputs(slack: SlackSimulator, operator: SimulatedPerson) -> None:
    errors = {"reason": "say more"}
    assert submitting(slack, operator, response_action="errors", errors=errors).ok
    assert "Reason: <kept>\n  ! say more" in operator.view.shown
    operator.fills("reason_text", "more")
    assert "say more" not in operator.view.shown


def test_an_update_replaces_the_submitted_view(
    slack: SlackSimulator, operator: SimulatedPerson
) -> None:
    fresh = modal(section("second"), text_input())
    assert submitting(slack, operator, response_action="update", view=fresh).ok
    assert "second\nReason: <kept>" in operator.view.shown
    assert operator.view.private_metadata == ""


def test_a_push_puts_a_view_on_top(slack: SlackSimulator, operator: SimulatedPerson) -> None:
    assert submitting(slack, operator, response_action="push", view=modal(section("top"))).ok
    below, top = slack.world.views.stack(operator.id)
    assert (top.previous_id, top.root_id) == (below.id, below.id)
    operator.closes()
    assert operator.view == slack.world.views.get(below.id)


def test_clear_closes_everything(slack: SlackSimulator, operator: SimulatedPerson) -> None:
    assert submitting(slack, operator, response_action="clear").ok
    assert operator.view is None


@pytest.mark.parametrize(
    ("answer", "detail"),
    [
        ({"response_action": "errors", "errors": {"reason_text": "x"}}, "input block_ids"),
        ({"response_action": "errors", "errors": {"nowhere": "x"}}, "input block_ids"),
        ({"response_action": "update"}, "view missing"),
        ({"response_action": "update", "view": modal()}, "at least 1 block"),
        ({"response_action": "explode"}, "unknown response_action"),
        ({"text": "hello"}, "not a JSON object"),
    ],
)
def test_a_wrong_response_action_is_trouble_connecting(
    slack: SlackSimulator, operator: SimulatedPerson, answer: Any, detail: str
) -> None:
    delivery = submitting(slack, operator, **answer)
    assert delivery.failure == TROUBLE
    assert detail in delivery.detail
    assert TROUBLE in operator.view.shown
    assert "Reason: <kept>" in operator.view.shown


def test_a_late_submission_leaves_the_view_with_a_warning(
    slack: SlackSimulator, operator: SimulatedPerson
) -> None:
    app = opening(slack, modal(section("first")))
    app.view("form")(lambda: None)
    with over_http(slack, app):
        operator.opens_form()
        slack.world.moment.deadline_seconds = 0.1
        delivery = operator.submits()
    assert (delivery.failure, delivery.in_time) == (TROUBLE, False)
    assert operator.view.warning == TROUBLE
