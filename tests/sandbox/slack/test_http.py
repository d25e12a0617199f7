"""The simulated Slack's HTTP face: encodings, journal, state, connections."""

from __future__ import annotations

import http.client
import json
import urllib.request
from typing import Any

import pytest
from slack_sdk import WebClient

from sandbox.slack.sample import AUDIT
from sandbox.slack.server import SlackSimulator
from sandbox.slack.transport import Answer, HttpTransport
from tests.sandbox.slack.bot_app import section


def test_form_encoding_is_read_as_well(slack: SlackSimulator, client: WebClient) -> None:
    data = {"channel": AUDIT, "text": "t", "blocks": json.dumps([section("from a form")])}
    assert client.api_call("chat.postMessage", data=data)["ok"]
    assert slack.channel(AUDIT).text() == "from a form"


@pytest.mark.parametrize(("body", "error"), [(b"{", "invalid_json"), (b"[]", "json_not_object")])
def test_bad_json_is_named(slack: SlackSimulator, body: bytes, error: str) -> None:
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {slack.bot_token}"}
    request = urllib.request.Request(slack.api_url + "auth.test", body, headers)
    with urllib.request.urlopen(request, timeout=5) as answer:
        assert json.load(answer) == {"ok": False, "error": error}


def test_calls_are_journaled_without_the_token(slack: SlackSimulator, client: WebClient) -> None:
    client.chat_postMessage(channel=AUDIT, text="x")
    (call,) = slack.world.journal.calls("chat.postMessage")
    assert (call.status, call.ok, call.error, call.token) == (200, True, "", "xoxb-…")
    assert call.arguments["text"] == "x"
    assert slack.bot_token not in json.dumps(slack.world.snapshot(), default=str)


def test_the_state_is_shown_and_a_kept_connection_counted_once(slack: SlackSimulator) -> None:
    host = slack.base_url.removeprefix("http://")
    connection = http.client.HTTPConnection(host, timeout=5)
    headers = {"Authorization": f"Bearer {slack.bot_token}"}
    for _ in range(3):
        connection.request("POST", "/api/auth.test", headers=headers)
        assert json.load(connection.getresponse())["ok"] is True
    connection.request("GET", "/_sim/state")
    state = json.load(connection.getresponse())
    connection.close()
    assert state["connections_opened"] == 1
    assert [call["new_connection"] for call in state["calls"]] == [True, False, False]
    assert {"people", "channels", "messages", "views", "deliveries", "violations"} <= set(state)


def test_a_way_that_is_closed_keeps_no_connection(slack: SlackSimulator) -> None:
    way = HttpTransport(slack.api_url + "auth.test", slack.signer, slack.world.moment)
    request = slack.signer.sign(b"{}", "application/json")
    assert way.post(request).status == 200
    assert len(way._idle) == 1
    exchange = way._exchange

    def meanwhile(*given: Any) -> Answer:
        way.close()
        return exchange(*given)

    way._exchange = meanwhile  # type: ignore[method-assign]
    assert way.post(request).status == 200
    assert way._idle == []
