"""Typed commands over HTTP to a real Bolt app: answers, response_url, failures, escapes."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.slack.effects import DISPATCH_FAILED, OPERATION_TIMEOUT
from sandbox.slack.people import PersonCannotError, SimulatedPerson
from sandbox.slack.sample import LIVEOPS, PRIVATE, VIEWER
from sandbox.slack.server import SlackSimulator
from tests.sandbox.slack.bot_app import new_app, over_http, section


def answering(slack: SlackSimulator, answer: Any) -> Any:
    app = new_app(slack)
    app.command("/failover")(answer)
    return over_http(slack, app)


def test_an_answered_command_shows_its_text_to_its_person_alone(
    slack: SlackSimulator, operator: SimulatedPerson
) -> None:
    with answering(slack, lambda ack, command: ack(f"heard {command['text']}")):
        delivery = operator.types("/failover status", LIVEOPS)
    assert delivery.ok
    assert delivery.transport == "http"
    assert delivery.shown == "heard status"
    assert [m.text for m in operator.private_messages()] == ["heard status"]
    assert slack.channel(LIVEOPS).messages() == []
    assert slack.person(VIEWER).private_messages() == []


def test_an_empty_answer_shows_nothing(slack: SlackSimulator, operator: SimulatedPerson) -> None:
    with answering(slack, lambda ack: ack()):
        assert operator.types("/failover").shown == ""
    assert operator.private_messages() == []


def test_an_answer_for_the_channel_shows_the_typed_line_too(
    slack: SlackSimulator, operator: SimulatedPerson
) -> None:
    blocks = [section("all well")]
    with answering(slack, lambda ack: ack(response_type="in_channel", text="all", blocks=blocks)):
        operator.types("/failover status", LIVEOPS)
    typed, reply = slack.channel(LIVEOPS).messages()
    assert (typed.author, typed.text) == (operator.id, "/failover status")
    assert reply.shown == "all well"


@pytest.mark.parametrize(
    ("answer", "detail"),
    [
        (lambda ack: ack(text="x", blocks=[{"type": "section"}]), "invalid_blocks"),
        (lambda ack: ack({"text": ""}), "no_text"),
        (lambda ack: ack("{not json"), "not a JSON object"),
    ],
)
def test_a_malformed_answer_is_a_failed_dispatch(
    slack: SlackSimulator, operator: SimulatedPerson, answer: Any, detail: str
) -> None:
    with answering(slack, answer):
        delivery = operator.types("/failover")
    assert delivery.failure == DISPATCH_FAILED
    assert detail in delivery.detail
    assert operator.private_messages()[-1].text == delivery.shown


def test_a_crash_is_a_failed_dispatch(slack: SlackSimulator, operator: SimulatedPerson) -> None:
    def command() -> None:
        raise ValueError

    with answering(slack, command):
        delivery = operator.types("/failover")
    assert (delivery.status, delivery.failure) == (500, DISPATCH_FAILED)
    assert "failed with the error" in operator.sees()


def test_silence_for_three_seconds_is_a_timeout(
    slack: SlackSimulator, operator: SimulatedPerson
) -> None:
    with answering(slack, lambda: None):
        delivery = operator.types("/failover")
    assert delivery.failure == OPERATION_TIMEOUT
    assert not delivery.in_time
    assert delivery.seconds >= 3


def test_nobody_listening_is_a_failed_dispatch(
    slack: SlackSimulator, operator: SimulatedPerson
) -> None:
    slack.deliver_to("http://127.0.0.1:9/slack/events")
    delivery = operator.types("/failover")
    assert (delivery.status, delivery.failure, delivery.detail) == (
        None, DISPATCH_FAILED, "refused",
    )  # fmt: skip


def test_a_later_answer_goes_through_the_response_url(
    slack: SlackSimulator, operator: SimulatedPerson
) -> None:
    def command(ack: Any, respond: Any) -> None:
        ack()
        respond("first")
        respond(text="for all", response_type="in_channel")

    with answering(slack, command):
        assert operator.types("/failover", LIVEOPS).shown == ""
        operator.waits_for(lambda: slack.channel(LIVEOPS).messages())
    assert [m.text for m in operator.private_messages()] == ["first"]
    assert slack.channel(LIVEOPS).text() == "for all"


def test_a_response_url_lasts_five_uses(slack: SlackSimulator, operator: SimulatedPerson) -> None:
    statuses: list[int] = []

    def command(ack: Any, respond: Any) -> None:
        ack()
        statuses.extend(respond(f"{n}").status_code for n in range(6))

    with answering(slack, command):
        operator.types("/failover")
        operator.waits_for(lambda: len(statuses) == 6)
    assert statuses == [200] * 5 + [404]
    assert len(operator.private_messages()) == 5


def test_a_response_url_lasts_half_an_hour(
    slack: SlackSimulator, operator: SimulatedPerson
) -> None:
    statuses: list[int] = []

    def command(ack: Any, respond: Any) -> None:
        ack()
        slack.world.moment.advance(1799)
        statuses.append(respond("in time").status_code)
        slack.world.moment.advance(2)
        statuses.append(respond("too late").status_code)

    with answering(slack, command):
        operator.types("/failover")
        operator.waits_for(lambda: len(statuses) == 2)
    assert statuses == [200, 404]


def test_the_typed_line_itself_cannot_be_replaced(
    slack: SlackSimulator, operator: SimulatedPerson
) -> None:
    def command(ack: Any, respond: Any) -> None:
        ack(response_type="in_channel")
        respond(text="instead", replace_original=True)
        respond(delete_original=True)

    with answering(slack, command):
        operator.types("/failover status", LIVEOPS)
        operator.waits_for(lambda: len(slack.world.journal.calls("response_url")) == 2)
    assert slack.channel(LIVEOPS).text() == "/failover status"
    assert operator.private_messages()[-1].text == "instead"


@pytest.mark.parametrize(
    ("settings", "received"),
    [
        ({}, "ask <@U0VIEWER> in <#C0LIVEOPS|live-ops> <#C0PRIVATE|> <https://x.test/a> a&b"),
        (
            {"label_mentions": True},
            "ask <@U0VIEWER|viewer> in <#C0LIVEOPS|live-ops> <#C0PRIVATE|> <https://x.test/a> a&b",
        ),
        ({"escape_commands": False}, "ask @viewer in #live-ops #control-room https://x.test/a a&b"),
        (
            {"escape_commands": False, "encode_entities": True},
            "ask @viewer in #live-ops #control-room https://x.test/a a&amp;b",
        ),
    ],
)
def test_typed_mentions_arrive_as_the_settings_say(
    slack: SlackSimulator, operator: SimulatedPerson, settings: dict[str, bool], received: str
) -> None:
    for name, value in settings.items():
        assert hasattr(slack.world, name)
        setattr(slack.world, name, value)
    heard: list[str] = []
    with answering(slack, lambda ack, command: (heard.append(command["text"]), ack())):
        operator.types("/failover ask @viewer in #live-ops #control-room https://x.test/a a&b")
    assert heard == [received]


def test_a_command_names_where_it_was_typed(
    slack: SlackSimulator, operator: SimulatedPerson
) -> None:
    heard: list[tuple[str, str]] = []

    def command(ack: Any, command: Any) -> None:
        heard.append((command["channel_id"], command["channel_name"]))
        ack()

    direct = slack.world.direct_channel(operator.id).id
    with answering(slack, command):
        for channel in (LIVEOPS, PRIVATE, direct):
            operator.types("/failover", channel)
    assert heard == [
        (LIVEOPS, "live-ops"), (PRIVATE, "privategroup"), (direct, "directmessage"),
    ]  # fmt: skip


def test_only_commands_are_typed(operator: SimulatedPerson) -> None:
    with pytest.raises(PersonCannotError, match="not a command"):
        operator.types("hello")


def test_deliveries_keep_their_connection(slack: SlackSimulator, operator: SimulatedPerson) -> None:
    app = new_app(slack)
    app.command("/failover")(lambda ack: ack())
    with over_http(slack, app) as server:
        for _ in range(5):
            assert operator.types("/failover").ok
        assert server.connections == 1


def test_waiting_in_vain_tells_what_the_person_sees(
    slack: SlackSimulator, operator: SimulatedPerson
) -> None:
    with answering(slack, lambda ack: ack("still working")):
        operator.types("/failover")
    with pytest.raises(PersonCannotError, match="still working"):
        operator.waits_for(lambda: False, timeout=0.01)


def test_a_reload_loses_what_was_private(slack: SlackSimulator, operator: SimulatedPerson) -> None:
    with answering(slack, lambda ack: ack("for you")):
        operator.types("/failover")
    operator.reloads()
    assert operator.private_messages() == []
