"""The card is posted once, found again and edited; the answer reaches the person somehow."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from blocks.announcement import card
from blocks.answers import answer, answer_line, outcome_view
from blocks.ids import CARD_EVENT
from failover.errors import SlackProblem
from failover.lifecycle import Record, ReplyTo, State
from failover.model import FailoverGroup
from tests.builders import START, flat, later, record, request
from tests.uplynk.scripted import Scripted, Step, resets, says, shows
from tests.workspace.conftest import slack
from workspace.messenger import PAGES, UNDRAWABLE, SlackMessenger

POSTED = shows({"ok": True, "channel": "C0AUDIT", "ts": "1700000000.000100"})
ADDRESS = '["C0AUDIT", "1700000000.000100"]'
CHANGE = record(State.VERIFIED, after=flat())
SEEN = flat(name="as it was shown")


@dataclass
class Post:
    """A messenger, and the server that it takes for Slack."""

    messenger: SlackMessenger
    server: Scripted

    @property
    def methods(self) -> list[str]:
        return [one.target.rpartition("/")[2] for one in self.server.requests]

    def body(self, number: int = -1) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.server.requests[number].body)
        return found


@contextlib.contextmanager
def posting(*steps: Step) -> Iterator[Post]:
    def shown(_: Record) -> FailoverGroup:
        return SEEN

    with slack(*steps) as (client, server):
        yield Post(SlackMessenger(client, "C0AUDIT", shown, lambda: START), server)


def test_the_card_is_posted_with_its_own_mark_and_nothing_unfolds() -> None:
    with posting(POSTED) as post:
        assert post.messenger.post_card(CHANGE) == ADDRESS
        assert post.methods == ["chat.postMessage"]
        body = post.body()
    assert body["channel"] == "C0AUDIT"
    assert (body["text"], body["blocks"]) == tuple(card(CHANGE, START).values())
    assert body["metadata"] == {
        "event_type": CARD_EVENT,
        "event_payload": {"change_id": CHANGE.id},
    }
    assert (body["parse"], body["unfurl_links"], body["unfurl_media"]) == ("none", False, False)
    assert "link_names" not in body


def test_a_card_whose_answer_is_lost_is_not_posted_twice() -> None:
    with posting(resets(), POSTED) as post:
        with pytest.raises(SlackProblem) as caught:
            post.messenger.post_card(CHANGE)
        assert caught.value.maybe_done
        assert post.methods == ["chat.postMessage"]


def test_the_card_is_edited_in_place() -> None:
    with posting(POSTED) as post:
        post.messenger.edit_card(ADDRESS, CHANGE)
        assert post.methods == ["chat.update"]
        body = post.body()
    assert (body["channel"], body["ts"]) == ("C0AUDIT", "1700000000.000100")
    assert body["parse"] == "none"
    assert body["blocks"], "an update without blocks would remove them"
    assert len(body["text"]) <= 4000


def test_a_countdown_is_drawn_as_of_now() -> None:
    ends = {"expires_at": later(14 * 60).isoformat()}
    waiting = record(State.AWAITING, facts=ends, written=())
    with posting(POSTED, POSTED) as post:
        post.messenger.post_card(waiting)
        post.messenger.edit_card(ADDRESS, waiting)
        bodies = [json.dumps(post.body(number)) for number in (0, 1)]
    assert ["(in 14 min)" in body for body in bodies] == [True, True]


@pytest.mark.parametrize("word", sorted(UNDRAWABLE))
def test_a_card_that_slack_cannot_draw_is_edited_to_a_plain_line(word: str) -> None:
    with posting(shows({"ok": False, "error": word}), POSTED) as post:
        post.messenger.edit_card(ADDRESS, CHANGE)
        assert post.methods == ["chat.update"] * 2
        body = post.body()
    assert (body["text"], body["blocks"]) == (card(CHANGE, START)["text"], [])
    assert (body["channel"], body["ts"]) == ("C0AUDIT", "1700000000.000100")


def test_an_edit_that_is_refused_otherwise_is_not_made_again() -> None:
    with posting(shows({"ok": False, "error": "message_not_found"}), POSTED) as post:
        with pytest.raises(SlackProblem, match="message_not_found"):
            post.messenger.edit_card(ADDRESS, CHANGE)
        assert post.methods == ["chat.update"]


def page(*messages: dict[str, Any], cursor: str = "") -> Step:
    found = {"ok": True, "messages": list(messages)}
    return shows({**found, "response_metadata": {"next_cursor": cursor}})


def marked(change_id: str, ts: str = "1700000000.000100") -> dict[str, Any]:
    payload = {"change_id": change_id}
    return {"ts": ts, "metadata": {"event_type": CARD_EVENT, "event_payload": payload}}


OTHERS = (
    {"ts": "1.1"},
    {"ts": "1.2", "metadata": None},
    {"ts": "1.3", "metadata": {"event_type": CARD_EVENT}},
    {"ts": "1.4", "metadata": {"event_type": "other", "event_payload": {"change_id": "change-1"}}},
    marked("change-2"),
)


def test_a_lost_card_is_found_page_by_page() -> None:
    with posting(
        page(*OTHERS, cursor="next=="), page(*OTHERS, marked(CHANGE.id), cursor="more")
    ) as post:
        assert post.messenger.find_card(CHANGE) == ADDRESS
        assert post.methods == ["conversations.history"] * 2
        first, second = (one.body.decode() for one in post.server.requests)
    oldest = START.timestamp() - 120
    assert f"oldest={oldest:.6f}" in first
    assert "include_all_metadata=1" in first
    assert "cursor" not in first
    assert "cursor=next%3D%3D" in second


@pytest.mark.parametrize("end", [page(*OTHERS), shows({"ok": True, "messages": []})])
def test_a_card_that_was_never_posted_is_not_found(end: Step) -> None:
    with posting(page(*OTHERS, cursor="next"), end) as post:
        assert post.messenger.find_card(CHANGE) is None
        assert len(post.methods) == 2


def test_the_search_ends() -> None:
    with posting(page(cursor="for ever")) as post:
        assert post.messenger.find_card(CHANGE) is None
        assert len(post.methods) == PAGES


def test_a_search_that_fails_is_not_taken_for_not_found() -> None:
    with posting(says(429, b"", "Retry-After: 9")) as post:
        with pytest.raises(SlackProblem) as caught:
            post.messenger.find_card(CHANGE)
        assert caught.value.retry_after == 9


def told_by_url(server: Scripted, **more: Any) -> Record:
    reply = ReplyTo("C1", f"{server.url}/commands/1", **more)
    return replace(CHANGE, request=request(reply=reply))


@pytest.mark.parametrize("replaces", [True, False])
def test_the_answer_goes_to_the_response_url(replaces: bool) -> None:
    with posting(says(200, b"ok")) as post:
        told = told_by_url(post.server, replaces=replaces)
        post.messenger.answer(told)
        assert post.methods == ["1"]
        assert post.body() == {
            **answer(told, SEEN, START),
            "response_type": "ephemeral",
            "replace_original": replaces,
        }


def test_the_answer_goes_into_the_open_view_first() -> None:
    with posting(shows({"ok": True, "view": {"id": "V1"}})) as post:
        told = told_by_url(post.server, view_id="V1")
        post.messenger.answer(told)
        assert post.methods == ["views.update"]
        body = post.body()
    assert body["view_id"] == "V1"
    assert body["view"] == outcome_view(told, SEEN, START)


def in_a_view(_: Scripted) -> Record:
    return replace(CHANGE, request=request(reply=ReplyTo("C1", view_id="V1")))


def nowhere(_: Scripted) -> Record:
    return replace(CHANGE, request=request(reply=ReplyTo()))


@pytest.mark.parametrize(
    ("where", "gone"),
    [
        (told_by_url, says(404, b"expired_url")),
        (in_a_view, shows({"ok": False, "error": "not_found"})),
        (nowhere, None),
    ],
)
def test_where_that_is_gone_the_answer_goes_to_a_direct_message(where: Any, gone: Any) -> None:
    with posting(*[step for step in (gone, POSTED) if step]) as post:
        post.messenger.answer(where(post.server))
        assert post.methods[-1] == "chat.postMessage"
        body = post.body()
    assert body["channel"] == CHANGE.request.actor.user_id
    assert body["text"] == answer_line(CHANGE)
    assert (body["parse"], body["unfurl_links"], body["unfurl_media"]) == ("none", False, False)


@pytest.mark.parametrize("step", [says(429, b"", "Retry-After: 4"), says(500), resets()])
def test_what_may_come_through_later_is_not_told_twice(step: Step) -> None:
    with posting(step, POSTED) as post:
        told = told_by_url(post.server)
        with pytest.raises(SlackProblem):
            post.messenger.answer(told)
        assert post.methods == ["1"]


def test_a_foreign_response_url_gets_nothing_and_the_person_a_direct_message() -> None:
    with posting(POSTED) as post:
        reply = ReplyTo("C1", "https://evil.example/commands/1")
        post.messenger.answer(replace(CHANGE, request=request(reply=reply)))
        assert post.methods == ["chat.postMessage"]
