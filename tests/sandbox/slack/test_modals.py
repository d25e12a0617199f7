"""Modals as people meet them: open, fill, choose, submit, and every response_action."""

from __future__ import annotations

from typing import Any

import pytest
from slack_bolt import App
from slack_sdk.errors import SlackApiError

from sandbox.slack.people import PersonCannotError, SimulatedPerson
from sandbox.slack.server import SlackSimulator
from tests.sandbox.slack.bot_app import (
    button,
    buttons,
    modal,
    new_app,
    opening,
    option,
    over_http,
    over_socket,
    plain,
    section,
    text_input,
)


def mode_select(block_id: str = "mode_row", **more: Any) -> dict[str, Any]:
    element = {"type": "static_select", "action_id": "mode", "placeholder": plain("Pick")}
    element |= {"options": [option("flat"), option("prioritized")], **more}
    return {"type": "section", "block_id": block_id, "text": plain("Mode"), "accessory": element}


def group_search(**more: Any) -> dict[str, Any]:
    element = {"type": "external_select", "action_id": "group", "placeholder": plain("Find")}
    return {
        "type": "input", "block_id": "group_row", "label": plain("Group"),
        "element": element | more,
    }  # fmt: skip


@pytest.mark.parametrize("transport", [over_http, over_socket])
def test_a_form_is_filled_chosen_and_submitted(
    slack: SlackSimulator, operator: SimulatedPerson, transport: Any
) -> None:
    app, got = opening(slack, modal(mode_select(), text_input())), []
    app.action("mode")(lambda ack, body: (ack(), got.append(body["actions"][0])))
    app.view("form")(lambda ack, view: (ack(), got.append(view["state"]["values"])))
    with transport(slack, app):
        assert operator.opens_form().shown.splitlines() == [
            "== Form ==", "Mode", "  <Pick>", "Reason: <>", "[Go]",
        ]  # fmt: skip
        assert operator.chooses("mode", "Prioritized").ok
        assert operator.fills("reason_text", "because <b>") is None
        assert "Reason: <because <b>>" in operator.view.shown
        assert operator.submits().ok
        operator.waits_for(lambda: len(got) == 2)
    assert got[0]["selected_option"]["value"] == "prioritized"
    assert got[1]["mode_row"]["mode"]["selected_option"]["value"] == "prioritized"
    assert got[1]["reason"]["reason_text"] == {"type": "plain_text_input", "value": "because <b>"}
    assert operator.view is None


def test_a_required_input_must_be_filled_in(
    slack: SlackSimulator, operator: SimulatedPerson
) -> None:
    app = opening(slack, modal(text_input(min_length=3), text_input("note", optional=True)))
    app.view("form")(lambda ack: ack())
    with over_http(slack, app):
        operator.opens_form()
        with pytest.raises(PersonCannotError, match="'Reason' must be filled in"):
            operator.submits()
        operator.fills("Reason", "no")
        with pytest.raises(PersonCannotError, match="has 2 characters"):
            operator.submits()
        operator.fills("Reason", "yes")
        assert operator.submits().ok


def test_what_is_not_offered_cannot_be_chosen(
    slack: SlackSimulator, operator: SimulatedPerson
) -> None:
    with over_http(slack, opening(slack, modal(mode_select(), text_input()))):
        operator.opens_form()
        for act in (
            lambda: operator.chooses("mode", "sideways"),
            lambda: operator.chooses("reason_text", "flat"),
            lambda: operator.fills("mode", "flat"),
            lambda: operator.presses("Nothing"),
            lambda: operator.chooses("nothing", "flat"),
        ):
            with pytest.raises(PersonCannotError, match="== Form =="):
                act()
    assert slack.world.journal.deliveries("block_actions") == []


@pytest.mark.parametrize(
    ("more", "typed", "entered"),
    [
        ({}, 0, 0),
        ({"dispatch_action": True}, 0, 1),
        (
            {
                "dispatch_action": True,
                "dispatch_action_config": {"trigger_actions_on": ["on_character_entered"]},
            },
            1,
            1,
        ),
    ],
)
def test_typing_fires_only_as_dispatch_action_says(
    slack: SlackSimulator, operator: SimulatedPerson, more: Any, typed: int, entered: int
) -> None:
    app, heard = opening(slack, modal(text_input(**more))), []
    app.action("reason_text")(lambda ack, body: (ack(), heard.append(body["actions"][0])))
    with over_http(slack, app):
        operator.opens_form()
        assert (operator.fills("reason_text", "a") is not None) == bool(typed)
        operator.waits_for(lambda: len(heard) == typed)
        assert (operator.fills("reason_text", "ab", enter=True) is not None) == bool(entered)
        operator.waits_for(lambda: len(heard) == typed + entered)
    assert [action["value"] for action in heard] == ["a", "ab"][2 - typed - entered :]


def test_a_search_asks_the_bot_and_its_options_can_be_chosen(
    slack: SlackSimulator, operator: SimulatedPerson
) -> None:
    app, asked = opening(slack, modal(group_search(min_query_length=2))), []

    @app.options("group")
    def options(ack: Any, payload: Any) -> None:
        asked.append(payload["value"])
        ack(options=[option("nba")] if payload["value"] == "nb" else [])

    with over_http(slack, app):
        operator.opens_form()
        assert operator.searches("group", "n") == []
        assert [o["value"] for o in operator.searches("group", "nb")] == ["nba"]
        operator.chooses("group", "nba")
        assert "Group: <Nba>" in operator.view.shown
        assert operator.searches("group", "zz") == []
        with pytest.raises(PersonCannotError):
            operator.chooses("group", "nba")
    assert asked == ["nb", "zz"]


def test_too_many_options_are_no_result(slack: SlackSimulator, operator: SimulatedPerson) -> None:
    app = opening(slack, modal(group_search()))
    app.options("group")(lambda ack: ack(options=[option(f"o{n}") for n in range(101)]))
    with over_http(slack, app):
        operator.opens_form()
        assert operator.searches("group", "many") == []
    assert slack.world.journal.deliveries("block_suggestion")[0].failure == "No result"


def pushing(slack: SlackSimulator, errors: list[str]) -> App:
    app = opening(slack, modal(section("bottom"), buttons(button("More"))))

    @app.action("press")
    def press(ack: Any, client: Any, body: Any) -> None:
        ack()
        try:
            view = modal(section("pushed"), buttons(button("More")))
            client.views_push(trigger_id=body["trigger_id"], view=view)
        except SlackApiError as error:
            errors.append(error.response["error"])

    return app


def test_the_stack_holds_three_views(slack: SlackSimulator, operator: SimulatedPerson) -> None:
    errors: list[str] = []
    with over_http(slack, pushing(slack, errors)):
        operator.opens_form()
        for height in (2, 3):
            operator.presses("More")
            operator.waits_for(lambda h=height: len(slack.world.views.stack(operator.id)) == h)
        operator.presses("More")
        operator.waits_for(lambda: errors)
        assert errors == ["push_limit_reached"]
        assert operator.closes(whole_stack=True) is None
    assert operator.view is None


@pytest.mark.parametrize(("whole_stack", "cleared"), [(False, False), (True, True)])
def test_closing_is_told_where_asked_for(
    slack: SlackSimulator, operator: SimulatedPerson, whole_stack: bool, cleared: bool
) -> None:
    app, told = opening(slack, modal(text_input(), notify_on_close=True)), []
    app.view_closed("form")(lambda ack, body: (ack(), told.append(body)))
    with over_http(slack, app):
        operator.opens_form()
        operator.fills("reason_text", "lost")
        assert operator.closes(whole_stack=whole_stack).ok
        operator.waits_for(lambda: told)
    assert told[0]["is_cleared"] is cleared
    assert told[0]["view"]["state"]["values"] == {}
    assert operator.view is None


def test_home_is_published_when_opened(slack: SlackSimulator, operator: SimulatedPerson) -> None:
    app = new_app(slack)

    @app.event("app_home_opened")
    def opened(event: Any, client: Any) -> None:
        assert ("view" in event) == (operator.home is not None)
        blocks = [section(f"hello {event['user']}"), buttons(button("Press"))]
        client.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})

    heard: list[str] = []
    app.action("press")(lambda ack, body: (ack(), heard.append(body["view"]["type"])))
    with over_http(slack, app):
        for _ in range(2):
            assert operator.opens_home().ok
            operator.waits_for(lambda: operator.home)
        assert operator.home.shown.splitlines() == ["hello U0OPERATOR", "  [Press]"]
        assert operator.presses("Press", on=operator.home).ok
        operator.waits_for(lambda: heard)
    assert slack.person("U0VIEWER").home is None
