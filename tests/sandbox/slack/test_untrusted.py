"""Foreign text that comes alive is found; text that stays dead, or is the bot's own, is not."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk import WebClient

from sandbox.slack.people import SimulatedPerson
from sandbox.slack.sample import AUDIT, OPERATOR
from sandbox.slack.server import SlackSimulator
from sandbox.slack.world import SlackWorld
from tests.sandbox.slack.bot_app import modal, new_app, over_http, plain, section

HOSTILE = "x <!channel> <@U0VICTIM> @everyone #live-ops https://evil.test/a <https://e.test|ok> *b*"


def mrkdwn(text: str, **more: bool) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text, **more}}


def escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@pytest.fixture
def client(slack: SlackSimulator) -> WebClient:
    slack.world.foreign.add(HOSTILE)
    return WebClient(token=slack.bot_token, base_url=slack.api_url)


def kinds(world: SlackWorld) -> set[tuple[str, str]]:
    return {(found.kind, found.live) for found in world.violations}


BRACKETED = {
    ("broadcast", "<!channel>"), ("mention", "<@U0VICTIM>"), ("link", "<https://e.test|ok>"),
}  # fmt: skip
BARE = {("mention", "@everyone"), ("mention", "#live-ops"), ("link", "https://evil.test/a")}
FORMAT = {("format", "*b*")}


@pytest.mark.parametrize(
    ("arguments", "alive"),
    [
        ({"blocks": [section(HOSTILE)]}, set()),
        ({"blocks": [mrkdwn(HOSTILE)]}, BRACKETED | BARE | FORMAT),
        ({"blocks": [mrkdwn(HOSTILE, verbatim=True)]}, BRACKETED | FORMAT),
        ({"blocks": [mrkdwn(escape(HOSTILE))]},
         BARE | FORMAT | {("link", "https://e.test"), ("mention", "@U0VICTIM")}),
        ({"blocks": [mrkdwn(escape(HOSTILE), verbatim=True)]}, FORMAT),
        ({"text": escape(HOSTILE), "parse": "none"}, set()),
        ({"text": HOSTILE, "parse": "none"}, BRACKETED),
        ({"text": escape(HOSTILE)},
         {("link", "https://evil.test/a"), ("link", "https://e.test")}),
        ({"text": escape("@everyone"), "link_names": True}, {("mention", "@everyone")}),
        ({"text": "@everyone", "parse": "none"}, set()),
        ({"blocks": [mrkdwn("<https://evil.test/a|see>", verbatim=True)]},
         {("link", "<https://evil.test/a|see>")}),
        ({"blocks": [mrkdwn("*bold* <@U0OTHER> <!here> https://own.test")]}, set()),
    ],
)  # fmt: skip
def test_what_is_alive_in_a_posted_message_is_found(
    slack: SlackSimulator, client: WebClient, arguments: dict[str, Any], alive: set[Any]
) -> None:
    client.api_call("chat.postMessage", json={"channel": AUDIT, "text": "fixed", **arguments})
    assert kinds(slack.world) == alive


def test_an_update_parses_names_unless_told_not_to(
    slack: SlackSimulator, client: WebClient
) -> None:
    ts = client.chat_postMessage(channel=AUDIT, text="x")["ts"]
    client.chat_update(channel=AUDIT, ts=ts, text="@everyone", parse="none")
    assert kinds(slack.world) == set()
    client.chat_update(channel=AUDIT, ts=ts, text="@everyone")
    assert kinds(slack.world) == {("mention", "@everyone")}


def test_views_are_looked_at_too(slack: SlackSimulator, client: WebClient) -> None:
    trigger = slack.world.tickets.new_trigger(OPERATOR)
    client.views_open(trigger_id=trigger, view=modal(mrkdwn("x <!channel>")))
    (found,) = slack.world.violations
    assert found.where.startswith("view V00001/blocks/0")
    assert (found.kind, found.foreign) == ("broadcast", HOSTILE)


def test_typed_text_is_foreign_and_its_typist_may_be_mentioned(
    slack: SlackSimulator, operator: SimulatedPerson
) -> None:
    app = new_app(slack)
    app.command("/failover")(
        lambda ack, command: ack(
            text="fixed",
            blocks=[mrkdwn(f"<@{command['user_id']}>: {command['text']}", verbatim=True)],
        )
    )
    with over_http(slack, app):
        operator.types("/failover because @operator and @viewer")
    assert kinds(slack.world) == {("mention", "<@U0VIEWER>")}


def test_rich_text_elements_are_live_but_its_text_is_not(
    slack: SlackSimulator, client: WebClient
) -> None:
    def rich(element: dict[str, Any]) -> list[dict[str, Any]]:
        inner = {"type": "rich_text_section", "elements": [element]}
        return [{"type": "rich_text", "elements": [inner]}]

    post = {"channel": AUDIT, "text": "fixed"}
    client.chat_postMessage(**post, blocks=rich({"type": "text", "text": HOSTILE}))
    assert kinds(slack.world) == set()
    client.chat_postMessage(**post, blocks=rich({"type": "user", "user_id": "U0VICTIM"}))
    assert kinds(slack.world) == {("mention", "<@U0VICTIM>")}


def test_a_persons_own_message_is_no_violation(slack: SlackSimulator) -> None:
    assert plain(HOSTILE)["type"] == "plain_text"
    slack.world.foreign.add(HOSTILE)
    app = new_app(slack)
    app.command("/failover")(lambda ack: ack(response_type="in_channel"))
    with over_http(slack, app):
        slack.person(OPERATOR).types(f"/failover {HOSTILE}", AUDIT)
    assert "<!channel>" in slack.channel(AUDIT).messages()[0].text
    assert slack.world.violations == []
