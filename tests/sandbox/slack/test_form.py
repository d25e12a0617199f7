"""What stays in a form across updates, what it sends, and how it all reads as text."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from sandbox.slack import form as slack_form
from sandbox.slack import text as slack_text
from sandbox.slack.model import Message
from sandbox.slack.people import PersonCannotError
from sandbox.slack.sample import AUDIT, OPERATOR, sample_world
from sandbox.slack.server import SlackSimulator
from tests.sandbox.slack.bot_app import (
    button,
    buttons,
    modal,
    new_app,
    option,
    over_http,
    plain,
    section,
    text_input,
)


def radios(block_id: str = "row", **more: Any) -> dict[str, Any]:
    element = {"type": "radio_buttons", "action_id": "mode", "options": [option("a"), option("b")]}
    return {"type": "actions", "block_id": block_id, "elements": [{**element, **more}]}


def values_after(before: list[Any], after: list[Any]) -> Any:
    first = slack_form.first_values(before)
    field = next(slack_form.fields(before))
    value = option("b") if field.kind == "radio_buttons" else "typed"
    return slack_form.carried(before, slack_form.with_entry(first, field, value), after)


def test_entries_stay_where_both_ids_stay() -> None:
    kept = values_after([text_input()], [section("new"), text_input(initial_value="other")])
    assert kept["reason"]["reason_text"]["value"] == "typed"
    kept = values_after([radios()], [radios(initial_option=option("a"))])
    assert kept["row"]["mode"]["selected_option"] == option("b")


@pytest.mark.parametrize(
    "fresh",
    [
        text_input("other", initial_value="new"),
        text_input() | {"block_id": "reason2"},
        text_input(type="number_input", initial_value="7"),
        text_input(action_id="renamed", initial_value="new"),
    ],
)
def test_a_new_id_starts_anew(fresh: dict[str, Any]) -> None:
    after = values_after([text_input()], [fresh])
    entry = after[fresh["block_id"]][fresh["element"]["action_id"]]
    assert entry["value"] == fresh["element"].get("initial_value")


@pytest.mark.parametrize(
    ("element", "value"),
    [
        ({"type": "plain_text_input", "initial_value": "x"}, {"value": "x"}),
        ({"type": "plain_text_input"}, {"value": None}),
        ({"type": "static_select", "initial_option": option("a")},
         {"selected_option": option("a")}),
        ({"type": "radio_buttons"}, {"selected_option": None}),
        ({"type": "checkboxes", "initial_options": [option("a")]},
         {"selected_options": [option("a")]}),
        ({"type": "checkboxes"}, {"selected_options": []}),
        ({"type": "users_select", "initial_user": "U1"}, {"selected_user": "U1"}),
        ({"type": "multi_users_select"}, {"selected_users": []}),
        ({"type": "datepicker", "initial_date": "2026-01-01"}, {"selected_date": "2026-01-01"}),
        ({"type": "datetimepicker", "initial_date_time": 1}, {"selected_date_time": 1}),
    ],
)  # fmt: skip
def test_untouched_elements_hold_their_initial_value(element: Any, value: Any) -> None:
    assert slack_form.initial(element) == {"type": element["type"], **value}


def test_missing_ids_are_filled_in() -> None:
    world = sample_world()
    bare = {"type": "actions", "elements": [{"type": "button", "text": plain("x")}]}
    view = world.views.open(OPERATOR, modal(bare, section("y")))
    (found,) = slack_form.fields(view.blocks)
    assert found.action_id
    assert found.block_id
    assert "block_id" not in bare


def test_an_empty_text_is_null_and_checkboxes_toggle(slack: SlackSimulator) -> None:
    boxes = {"type": "checkboxes", "action_id": "c", "options": [option("a"), option("b")]}
    row = {"type": "input", "block_id": "boxes", "label": plain("Boxes"), "element": boxes}
    world, operator = slack.world, slack.person(OPERATOR)
    world.views.open(OPERATOR, modal(text_input(), row))
    operator.fills("reason_text", "x")
    operator.fills("reason_text", "")
    for value in ("a", "b", "a"):
        operator.chooses("c", value)
    assert operator.view.state["reason"]["reason_text"]["value"] is None
    assert operator.view.state["boxes"]["c"]["selected_options"] == [option("b")]
    assert "Boxes: ( ) A  (•) B" in operator.view.shown
    operator.chooses("c", None)
    assert "Boxes: ( ) A  ( ) B" in operator.view.shown


def test_a_press_on_an_old_drawing_is_refused_unless_it_crossed(slack: SlackSimulator) -> None:
    operator, heard = slack.person(OPERATOR), []
    old = slack.world.post(Message("", AUDIT, "U0BOT", blocks=(buttons(button("Undo")),)))
    slack.world.replace_message(replace(old, blocks=(section("done"),)))
    app = new_app(slack)
    app.action("press")(lambda ack, body: (ack(), heard.append(body)))
    with over_http(slack, app):
        with pytest.raises(PersonCannotError, match="0 elements called 'Undo'"):
            operator.presses("Undo", on=old)
        assert operator.presses("Undo", on=old, stale=True).ok
        operator.waits_for(lambda: heard)
    slack.world.remove_message(AUDIT, old.ts)
    with pytest.raises(PersonCannotError, match="no longer there"):
        operator.presses("Undo", on=old)
    assert heard[0]["message"]["ts"] == old.ts
    assert heard[0]["container"]["is_ephemeral"] is False


def test_a_message_reads_as_its_people_see_it() -> None:
    names = {"U1": "Operator", "C1": "live-ops", "S1": "sports-desk"}
    blocks = [
        {"type": "header", "text": plain("Change <1>")},
        {"type": "section", "text": {"type": "mrkdwn", "text": "<@U1> in <#C1|x> &lt;b&gt;"},
         "fields": [plain("Mode"), {"type": "mrkdwn", "text": "<!date^1^{date}|1 Jan>"}],
         "accessory": button("Undo")},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "<!subteam^S1> <!here>"}]},
        {"type": "divider"},
        {"type": "section", "text": {"type": "mrkdwn", "text": "<https://x.test|label>"}},
        buttons(button("Apply"), button("Cancel", "no")),
    ]  # fmt: skip
    assert slack_text.message_lines("unused", blocks, names) == [
        "# Change <1>",
        "@Operator in #live-ops <b>",
        "| Mode",
        "| 1 Jan",
        "  [Undo]",
        "  @sports-desk @here",
        "---",
        "label (https://x.test)",
        "  [Apply] [Cancel]",
    ]
    assert slack_text.message_lines("a &amp; b", [], names) == ["a & b"]
