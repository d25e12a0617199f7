"""Socket Mode against Bolt's own client, and by hand where the client hides things."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from slack_sdk import WebClient
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from sandbox.slack.effects import DISPATCH_FAILED, OPERATION_TIMEOUT
from sandbox.slack.people import SimulatedPerson
from sandbox.slack.sample import LIVEOPS
from sandbox.slack.server import SlackSimulator
from tests.sandbox.slack.bot_app import button, buttons, new_app, over_socket


def link(slack: SlackSimulator) -> str:
    client = WebClient(token=slack.bot_token, base_url=slack.api_url)
    return str(client.apps_connections_open(app_token=slack.app_token)["url"])


def ack(connection: ClientConnection, payload: Any = None) -> dict[str, Any]:
    """Read the next envelope and acknowledge it."""
    message: dict[str, Any] = json.loads(connection.recv(timeout=5))
    answer = {"envelope_id": message["envelope_id"]}
    connection.send(json.dumps(answer if payload is None else {**answer, "payload": payload}))
    return message


def test_bolt_hears_commands_presses_and_events(
    slack: SlackSimulator, operator: SimulatedPerson
) -> None:
    app, heard = new_app(slack), []
    blocks = [buttons(button("Press"))]
    app.command("/failover")(lambda ack: ack(text="choose", blocks=blocks))
    app.action("press")(lambda ack, body, respond: (ack(), respond("pressed")))
    app.event("subteam_members_changed")(lambda ack, request: heard.append(request.headers))
    with over_socket(slack, app):
        delivery = operator.types("/failover", LIVEOPS)
        assert (delivery.transport, delivery.shown) == ("socket", "  [Press]")
        assert operator.presses("Press", on=operator.private_messages()[-1]).ok
        operator.waits_for(lambda: operator.private_messages()[-1].text == "pressed")
        event = slack.changes_usergroup("S0SPORTS", ())
        assert event.ok
        assert slack.office.retry(event, 2, "timeout").ok
        operator.waits_for(lambda: len(heard) == 2)
    assert heard[1]["x-slack-retry-num"] == ["2"]
    assert heard[1]["x-slack-retry-reason"] == ["timeout"]
    assert slack.hub.problems == []


def test_bolt_comes_back_after_a_disconnect(
    slack: SlackSimulator, operator: SimulatedPerson
) -> None:
    app = new_app(slack)
    app.command("/failover")(lambda ack: ack("here"))
    with over_socket(slack, app):
        slack.hub.disconnect("refresh_requested")
        operator.waits_for(lambda: slack.hub.links_opened == 2 and slack.hub.connections == 1)
        assert operator.types("/failover").shown == "here"


def test_bolt_replaces_a_cut_line(slack: SlackSimulator, operator: SimulatedPerson) -> None:
    app = new_app(slack)
    app.command("/failover")(lambda ack: ack("here"))
    with over_socket(slack, app):
        slack.hub.drop()
        operator.waits_for(lambda: slack.hub.links_opened == 2 and slack.hub.connections == 1)
        assert operator.types("/failover").shown == "here"


def test_a_silent_link_answers_no_pings_and_carries_nothing(
    slack: SlackSimulator, operator: SimulatedPerson
) -> None:
    with connect(link(slack), ping_interval=None) as connection:
        assert json.loads(connection.recv(timeout=5))["type"] == "hello"
        assert connection.ping().wait(5)
        slack.hub.fall_silent()
        slack.world.moment.deadline_seconds = 0.1
        pong = connection.ping()
        delivery = operator.types("/failover")
        assert delivery.failure == OPERATION_TIMEOUT
        assert not pong.is_set()
        slack.hub.drop()


def test_a_warning_leaves_the_line_open_and_the_end_closes_it(slack: SlackSimulator) -> None:
    with connect(link(slack)) as connection:
        connection.recv(timeout=5)
        for reason in ("warning", "link_disabled"):
            slack.hub.disconnect(reason)
            message = json.loads(connection.recv(timeout=5))
            assert (message["type"], message["reason"]) == ("disconnect", reason)
        with pytest.raises(ConnectionClosed):
            connection.recv(timeout=5)


def test_a_link_is_good_for_one_connection(slack: SlackSimulator) -> None:
    address = link(slack)
    with connect(address) as connection:
        hello = json.loads(connection.recv(timeout=5))
        assert hello["connection_info"] == {"app_id": "A0FAILOVER"}
        assert hello["num_connections"] == 1
        with pytest.raises(InvalidStatus, match="401"):
            connect(address)


def test_a_switched_off_socket_mode_admits_nobody(slack: SlackSimulator) -> None:
    slack.hub.accepting = False
    with pytest.raises(InvalidStatus, match="401"):
        connect(link(slack))


def test_without_a_connection_the_dispatch_fails(operator: SimulatedPerson) -> None:
    delivery = operator.types("/failover")
    assert (delivery.failure, delivery.detail) == (DISPATCH_FAILED, "refused")


def test_the_same_envelope_is_delivered_again_and_counted(
    slack: SlackSimulator, operator: SimulatedPerson
) -> None:
    heard: list[dict[str, Any]] = []
    app = new_app(slack)
    app.command("/failover")(lambda ack, body: (heard.append(body), ack()))
    with over_socket(slack, app):
        first = operator.types("/failover")
        again = slack.office.deliver_again(first)
    assert first.ok
    assert again.ok
    assert heard[0]["trigger_id"] == heard[1]["trigger_id"]
    envelope_id = slack.office.parcel_of(first).envelope_id
    assert slack.hub.acknowledgements(envelope_id) == 2


def test_deliveries_take_turns_between_connections(
    slack: SlackSimulator, operator: SimulatedPerson
) -> None:
    with connect(link(slack)) as one, connect(link(slack)) as two:
        for connection in (one, two):
            assert json.loads(connection.recv(timeout=5))["type"] == "hello"
        with ThreadPoolExecutor() as pool:
            heard = [pool.submit(ack, one, {"text": "one"}), pool.submit(ack, two, {"text": "two"})]
            shown = {operator.types("/failover").shown for _ in range(2)}
        assert [each.result()["accepts_response_payload"] for each in heard] == [True, True]
    assert shown == {"one", "two"}


def test_a_payload_where_none_is_accepted_is_noted(
    slack: SlackSimulator, operator: SimulatedPerson
) -> None:
    with connect(link(slack)) as connection, ThreadPoolExecutor() as pool:
        connection.recv(timeout=5)
        heard = pool.submit(ack, connection, {"text": "no"})
        assert slack.changes_usergroup("S0SPORTS", ()).ok
        assert heard.result()["accepts_response_payload"] is False
        connection.send("junk")
        operator.waits_for(lambda: len(slack.hub.problems) == 2)
    assert slack.hub.problems[0] == "payload not accepted: subteam_members_changed"
