"""The channel keeps heads of the audit chain, and gives back those that are the bot's own."""

from __future__ import annotations

import json
from typing import Any

import pytest

from blocks.ids import HEAD_EVENT
from failover.audit_chain import Head
from failover.errors import SlackProblem
from failover.witness import Witness
from tests.builders import START
from tests.uplynk.scripted import Step, resets, shows
from tests.workspace.conftest import slack
from workspace.witness import PAGES, ChannelWitness

HEAD = Head(1234, "9f3c" * 16)
WITNESS = Witness("2026-11-23", HEAD, START)
ME = shows({"ok": True, "bot_id": "B0BOT", "user_id": "U0BOT", "team_id": "T0HOME"})


def page(*messages: dict[str, Any], cursor: str = "") -> Step:
    found = {"ok": True, "messages": list(messages)}
    return shows({**found, "response_metadata": {"next_cursor": cursor}})


def kept(head: Head = HEAD, ts: str = "1700000000.000100", **more: Any) -> dict[str, Any]:
    payload = {"n": head.n, "hash": head.hash, "at": "2026-11-23T12:00:00.000000Z"}
    metadata = {"event_type": HEAD_EVENT, "event_payload": {**payload, **more}}
    return {"ts": ts, "bot_id": "B0BOT", "metadata": metadata}


def test_a_head_is_posted_in_one_line_and_whole_in_the_metadata() -> None:
    posted = shows({"ok": True, "channel": "C0AUDIT", "ts": "1700000000.000100"})
    with slack(posted) as (client, server):
        address = ChannelWitness(client, "C0AUDIT").post(WITNESS)
        body = json.loads(server.requests[0].body)
    assert json.loads(address) == ["C0AUDIT", "1700000000.000100"]
    assert body["metadata"] == kept()["metadata"]
    assert body["text"] == (
        "Audit record: 1,234 entries, head 9f3c9f3c9f3c9f3c…; "
        "kept here so that the record can be checked against this channel."
    )
    assert (body["parse"], body["unfurl_links"]) == ("none", False)


def test_the_bots_own_heads_are_read_page_by_page() -> None:
    other = Head(7, "a" * 64)
    foreign = {**kept(Head(9, "b" * 64)), "bot_id": "B0OTHER"}
    card = {"ts": "1.1", "bot_id": "B0BOT", "metadata": {"event_type": "failover_change"}}
    plain = {"ts": "1.2", "user": "U1", "metadata": None}
    steps = ME, page(kept(), card, plain, cursor="n"), page(foreign, kept(other))
    with slack(*steps) as (client, server):
        evidence = ChannelWitness(client, "C0AUDIT").read()
        first = server.requests[1].body.decode()
    assert [mark.head for mark in evidence.marks] == [HEAD, other]
    assert evidence.marks[0].posted_at.timestamp() == pytest.approx(1700000000.0001)
    assert (evidence.searched, evidence.whole, evidence.garbled) == (5, True, 0)
    assert "include_all_metadata=1" in first


@pytest.mark.parametrize(
    "more", [{"n": "7"}, {"n": True}, {"n": None}, {"hash": "f" * 63}, {"hash": 7}, {"hash": None}]
)
def test_a_head_that_says_nothing_is_counted(more: dict[str, Any]) -> None:
    with slack(ME, page(kept(**more), kept())) as (client, _):
        evidence = ChannelWitness(client, "C0AUDIT").read()
    assert (len(evidence.marks), evidence.garbled) == (1, 1)


def test_the_reading_ends_and_says_so() -> None:
    with slack(ME, page(kept(), cursor="for ever")) as (client, _):
        evidence = ChannelWitness(client, "C0AUDIT").read()
    assert (evidence.searched, evidence.whole) == (PAGES, False)


def test_a_head_that_was_edited_is_told_of_and_no_mark() -> None:
    other = Head(7, "a" * 64)
    altered = {**kept(other), "edited": {"user": "B0BOT", "ts": "1700000001.000100"}}
    with slack(ME, page(kept(), altered)) as (client, _):
        evidence = ChannelWitness(client, "C0AUDIT").read()
    assert [mark.head for mark in evidence.marks] == [HEAD]
    assert (evidence.edited, evidence.garbled, evidence.channel) == ((other,), 0, "C0AUDIT")


@pytest.mark.parametrize("step", [shows({"ok": False, "error": "missing_scope"}), resets()])
def test_a_channel_that_cannot_be_read_is_no_empty_one(step: Any) -> None:
    with slack(ME, step) as (client, _):
        witness = ChannelWitness(client, "C0AUDIT")
        with pytest.raises(SlackProblem):
            witness.read()


def test_a_head_whose_answer_was_lost_is_found() -> None:
    with slack(page(kept(Head(3, "c" * 64)), cursor="n"), page(kept())) as (client, _):
        found = ChannelWitness(client, "C0AUDIT").find(WITNESS)
    assert found is not None
    assert json.loads(found) == ["C0AUDIT", "1700000000.000100"]
    with slack(page(kept(Head(1234, "c" * 64)))) as (client, _):
        assert ChannelWitness(client, "C0AUDIT").find(WITNESS) is None


def test_without_the_right_to_search_it_is_posted_all_the_same() -> None:
    with slack(shows({"ok": False, "error": "missing_scope"})) as (client, _):
        assert ChannelWitness(client, "C0AUDIT").find(WITNESS) is None
    with (
        slack(shows({"ok": False, "error": "fatal_error"})) as (client, _),
        pytest.raises(SlackProblem, match="fatal_error"),
    ):
        ChannelWitness(client, "C0AUDIT").find(WITNESS)
