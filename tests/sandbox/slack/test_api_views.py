"""Views by the real client: triggers, hashes, external ids, sizes."""

from __future__ import annotations

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox.slack.sample import OPERATOR, VIEWER
from sandbox.slack.server import SlackSimulator
from tests.sandbox.slack.bot_app import error_of, modal, option, section, text_input


def trigger(slack: SlackSimulator, view_id: str | None = None) -> str:
    return slack.world.tickets.new_trigger(OPERATOR, view_id)


def test_a_trigger_opens_one_view_within_three_seconds(
    slack: SlackSimulator, client: WebClient
) -> None:
    used, view = trigger(slack), modal(section("x"))
    assert client.views_open(trigger_id=used, view=view)["view"]["id"] == "V00001"
    assert error_of(client, "views.open", trigger_id=used, view=view) == "exchanged_trigger_id"
    old = trigger(slack)
    slack.world.moment.advance(3.1)
    assert error_of(client, "views.open", trigger_id=old, view=view) == "expired_trigger_id"
    assert error_of(client, "views.push", trigger_id=trigger(slack), view=view) == "not_found"


def test_a_stale_hash_is_a_conflict(slack: SlackSimulator, client: WebClient) -> None:
    view = modal(section("x"))
    opened = client.views_open(trigger_id=trigger(slack), view=view)["view"]
    fresh = client.views_update(view_id=opened["id"], view=view, hash=opened["hash"])["view"]
    assert fresh["hash"] != opened["hash"]
    stale = {"view_id": opened["id"], "view": view, "hash": opened["hash"]}
    assert error_of(client, "views.update", **stale) == "hash_conflict"
    assert client.views_update(view_id=opened["id"], view=view)["ok"]


def test_external_ids_are_unique_while_open(slack: SlackSimulator, client: WebClient) -> None:
    view = modal(section("x"), external_id="mine")
    opened = client.views_open(trigger_id=trigger(slack), view=view)["view"]
    assert client.views_update(external_id="mine", view=view)["view"]["id"] == opened["id"]
    other = slack.world.tickets.new_trigger(VIEWER)
    assert error_of(client, "views.open", trigger_id=other, view=view) == "duplicate_external_id"
    slack.person(OPERATOR).closes()
    assert client.views_open(trigger_id=slack.world.tickets.new_trigger(VIEWER), view=view)["ok"]


def test_a_view_above_250_kb_is_too_large(slack: SlackSimulator, client: WebClient) -> None:
    options = [option(f"{n}{'x' * 140}") for n in range(100)]
    for choice in options:
        choice["text"]["text"] = "é" * 75
    element = {"type": "static_select", "action_id": "a", "options": options}
    rows = [{"type": "actions", "elements": [element] * 1} for _ in range(6)]
    error = error_of(client, "views.open", trigger_id=trigger(slack), view=modal(*rows))
    assert error == "view_too_large"


def test_refused_views_say_where(slack: SlackSimulator, client: WebClient) -> None:
    view = modal(text_input(), title={"type": "plain_text", "text": "x" * 25})
    with pytest.raises(SlackApiError) as caught:
        client.views_open(trigger_id=trigger(slack), view=view)
    messages = caught.value.response["response_metadata"]["messages"]
    assert messages == ["[ERROR] must be less than 25 characters [json-pointer:/view/title/text]"]
