"""Posting, editing and reading back, by the real client."""

from __future__ import annotations

from dataclasses import replace

from slack_sdk import WebClient

from sandbox.slack.sample import AUDIT, OUTSIDER, VIEWER
from sandbox.slack.server import SlackSimulator
from tests.sandbox.slack.bot_app import error_of, section


def test_a_post_is_read_back_with_its_metadata(slack: SlackSimulator, client: WebClient) -> None:
    metadata = {"event_type": "change", "event_payload": {"id": "c1"}}
    first = client.chat_postMessage(channel=AUDIT, text="one", metadata=metadata)
    client.chat_postMessage(channel=AUDIT, text="two", blocks=[section("2")])
    client.chat_postEphemeral(channel=AUDIT, user=VIEWER, text="whisper")
    history = client.conversations_history(channel=AUDIT, include_all_metadata=True)
    assert [m["text"] for m in history["messages"]] == ["two", "one"]
    assert history["messages"][1]["metadata"] == metadata
    assert history["messages"][0]["bot_id"] == "B0BOT"
    bare = client.conversations_history(channel=AUDIT)
    assert "metadata" not in bare["messages"][1]
    link = client.chat_getPermalink(channel=AUDIT, message_ts=first["ts"])["permalink"]
    assert link.endswith("/p" + first["ts"].replace(".", ""))


def test_history_is_paged_and_bounded(slack: SlackSimulator, client: WebClient) -> None:
    stamps = [client.chat_postMessage(channel=AUDIT, text=str(n))["ts"] for n in range(5)]
    page = client.conversations_history(channel=AUDIT, limit=2)
    assert [m["text"] for m in page["messages"]] == ["4", "3"]
    cursor = page["response_metadata"]["next_cursor"]
    page = client.conversations_history(channel=AUDIT, limit=3, cursor=cursor)
    assert [m["text"] for m in page["messages"]] == ["2", "1", "0"]
    assert page["response_metadata"]["next_cursor"] == ""
    inner = client.conversations_history(channel=AUDIT, oldest=stamps[1], latest=stamps[3])
    assert [m["text"] for m in inner["messages"]] == ["2"]
    edges = client.conversations_history(
        channel=AUDIT, oldest=stamps[1], latest=stamps[3], inclusive=True
    )
    assert [m["text"] for m in edges["messages"]] == ["3", "2", "1"]


def test_an_update_without_blocks_drops_them(slack: SlackSimulator, client: WebClient) -> None:
    metadata = {"event_type": "change", "event_payload": {}}
    posted = client.chat_postMessage(
        channel=AUDIT, text="t", blocks=[section("b")], metadata=metadata
    )
    place = {"channel": AUDIT, "ts": posted["ts"], "parse": "none"}
    client.chat_update(**place, text="u", blocks=[section("c")])
    (message,) = slack.channel(AUDIT).messages()
    assert (message.shown, message.edited) == ("c", False)
    client.chat_update(**place, text="v")
    (message,) = slack.channel(AUDIT).messages()
    assert (message.shown, message.blocks, message.edited) == ("v", (), True)
    assert message.metadata == metadata
    assert error_of(client, "chat.update", **place, text="x" * 4001) == "msg_too_long"


def test_ephemeral_messages_cannot_be_updated(slack: SlackSimulator, client: WebClient) -> None:
    ts = client.chat_postEphemeral(channel=AUDIT, user=VIEWER, text="whisper")["message_ts"]
    assert error_of(client, "chat.update", channel=AUDIT, ts=ts, text="x") == "message_not_found"


def test_a_persons_message_is_not_the_bots(slack: SlackSimulator, client: WebClient) -> None:
    mine = client.chat_postMessage(channel=AUDIT, text="x")
    (message,) = slack.channel(AUDIT).messages()
    theirs = slack.world.post(replace(message, ts="", author=VIEWER))
    arguments = {"channel": AUDIT, "ts": theirs.ts, "text": "y"}
    assert error_of(client, "chat.update", **arguments) == "cant_update_message"
    client.chat_delete(channel=AUDIT, ts=mine["ts"])
    assert slack.channel(AUDIT).messages() == [theirs]


def test_a_persons_id_opens_their_direct_messages(slack: SlackSimulator, client: WebClient) -> None:
    opened = client.conversations_open(users=OUTSIDER)
    assert (opened["channel"]["id"], opened["already_open"]) == ("D0OUTSIDER", False)
    assert client.chat_postMessage(channel=OUTSIDER, text="psst")["channel"] == "D0OUTSIDER"
    assert [m.text for m in slack.person(OUTSIDER).private_messages()] == ["psst"]
    assert client.conversations_info(channel="D0OUTSIDER")["channel"]["is_im"] is True


def test_posting_outside_needs_the_public_scope_or_joining(
    slack: SlackSimulator, client: WebClient
) -> None:
    place = {"channel": "C0PUBLIC", "text": "x"}
    assert client.chat_postMessage(**place)["ok"]
    slack.world.scopes.discard("chat:write.public")
    assert error_of(client, "chat.postMessage", **place) == "not_in_channel"
    assert client.conversations_join(channel="C0PUBLIC")["channel"]["is_member"] is True
    assert client.chat_postMessage(**place)["ok"]
