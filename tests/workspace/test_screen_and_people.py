"""Views, user groups, and who the bot is, as the Web API tells them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from failover.errors import SlackProblem, TriggerExpired, ViewGone, ViewMoved
from tests.uplynk.scripted import Step, says, shows
from tests.workspace.conftest import slack
from workspace.identity import RETRY_SECONDS, Identity
from workspace.screen import SlackScreen
from workspace.user_groups import SlackUserGroups

VIEW = {"type": "modal", "title": {"type": "plain_text", "text": "Failover"}, "blocks": []}
ME = {"ok": True, "team_id": "T1", "user_id": "U0BOT", "bot_id": "B1"}


def test_a_view_is_opened_with_the_trigger() -> None:
    with slack(shows({"ok": True, "view": {"id": "V1", "hash": "h"}})) as (client, server):
        assert SlackScreen(client).open_view("123.456", VIEW) == "V1"
        sent = json.loads(server.requests[0].body)
    assert (sent["trigger_id"], sent["view"]) == ("123.456", VIEW)


def test_a_trigger_that_is_too_old() -> None:
    expired = shows({"ok": False, "error": "expired_trigger_id"})
    with slack(expired) as (client, _), pytest.raises(TriggerExpired):
        SlackScreen(client).open_view("123.456", VIEW)


@pytest.mark.parametrize("hash", [None, "156.abc"])
def test_a_view_is_redrawn_under_its_hash(hash: str | None) -> None:
    with slack(shows({"ok": True, "view": {"id": "V1"}})) as (client, server):
        SlackScreen(client).update_view("V1", VIEW, hash=hash)
        sent = json.loads(server.requests[0].body)
    assert sent["view_id"] == "V1"
    assert sent.get("hash") == hash


@pytest.mark.parametrize(
    ("word", "kind"), [("not_found", ViewGone), ("hash_conflict", ViewMoved), ("x", SlackProblem)]
)
def test_a_view_that_cannot_be_redrawn(word: str, kind: type[SlackProblem]) -> None:
    with slack(shows({"ok": False, "error": word})) as (client, _), pytest.raises(kind):
        SlackScreen(client).update_view("V1", VIEW)


def test_a_home_tab_is_published_for_a_person() -> None:
    home = {"type": "home", "blocks": []}
    with slack(shows({"ok": True, "view": {"id": "V1"}})) as (client, server):
        SlackScreen(client).publish_home("U1", home)
        (request,) = server.requests
    sent = json.loads(request.body)
    assert (sent["user_id"], sent["view"]) == ("U1", home)


@pytest.mark.parametrize("step", [shows({"ok": False, "error": "not_enabled"}), says(429)])
def test_a_home_tab_that_cannot_be_published(step: Step) -> None:
    with slack(step) as (client, _), pytest.raises(SlackProblem):
        SlackScreen(client).publish_home("U1", {"type": "home", "blocks": []})


def test_a_direct_message_is_posted_and_drawn_anew() -> None:
    drawn = {"text": "<!channel> 1 of 2", "blocks": [{"type": "divider"}]}
    posted = shows({"ok": True, "channel": "D1", "ts": "1.2"})
    with slack(posted, shows({"ok": True})) as (client, server):
        address = SlackScreen(client).post_direct("U1", drawn)
        SlackScreen(client).edit_direct(address, drawn | {"text": "2 of 2"})
        first, second = (json.loads(request.body) for request in server.requests)
    assert (first["channel"], first["parse"], first["unfurl_links"]) == ("U1", "none", False)
    assert (second["channel"], second["ts"], second["parse"]) == ("D1", "1.2", "none")
    assert (first["text"], second["text"]) == ("<!channel> 1 of 2", "2 of 2")


def test_a_direct_message_that_slack_does_not_take() -> None:
    with slack(says(500)) as (client, _), pytest.raises(SlackProblem):
        SlackScreen(client).post_direct("U1", {"text": "x", "blocks": []})


def test_the_members_of_a_user_group() -> None:
    with slack(shows({"ok": True, "users": ["U1", "U2", "U1"]})) as (client, server):
        assert SlackUserGroups(client).members("S1") == {"U1", "U2"}
        assert b"usergroup=S1" in server.requests[0].body


@pytest.mark.parametrize(
    "step",
    [
        shows({"ok": True}),
        shows({"ok": True, "users": None}),
        shows({"ok": True, "users": "U0VIEWER"}),
        shows({"ok": True, "users": {"U0VIEWER": 1}}),
        shows({"ok": False, "error": "plan_upgrade_required"}),
        shows({"ok": False, "error": "missing_scope", "needed": "usergroups:read"}),
        shows([]),
        says(429),
        says(500, b"<html>"),
    ],
)
def test_members_that_cannot_be_read_are_a_problem_and_not_nobody(step: Step) -> None:
    with slack(step) as (client, _), pytest.raises(SlackProblem):
        SlackUserGroups(client).members("S1")


def test_an_empty_user_group_is_empty() -> None:
    with slack(shows({"ok": True, "users": []})) as (client, _):
        assert SlackUserGroups(client).members("S1") == frozenset()


@pytest.mark.parametrize(
    ("more", "home"),
    [({}, {"T1"}), ({"enterprise_id": None}, {"T1"}), ({"enterprise_id": "E1"}, {"T1", "E1"})],
)
def test_who_the_bot_is_is_learned_once(more: dict[str, Any], home: set[str]) -> None:
    learned: list[Any] = []
    with slack(shows({**ME, **more})) as (client, server):
        identity = Identity(client, learned.append)
        assert identity.tick() is None
        assert identity.tick() is None
        assert len(server.requests) == 1
    assert learned == [identity.known]
    assert identity.known is not None
    assert (identity.known.team_id, identity.known.user_id, identity.known.bot_id) == (
        "T1", "U0BOT", "B1",
    )  # fmt: skip
    assert identity.known.home == home


def test_who_the_bot_is_is_asked_again_until_slack_answers() -> None:
    learned: list[Any] = []
    with slack(says(500), shows({"ok": False, "error": "invalid_auth"}), shows(ME)) as (client, _):
        identity = Identity(client, learned.append)
        assert identity.tick() == RETRY_SECONDS
        assert identity.tick() == RETRY_SECONDS
        assert (identity.known, learned) == (None, [])
        assert identity.tick() is None
        assert len(learned) == 1
