"""Slack's payloads become frozen requests; what is missing is Malformed."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest
from slack_bolt import BoltRequest

from failover.lifecycle import Actor, ReplyTo
from handlers import payload
from handlers.payload import LATE_AFTER_SECONDS, Command, Malformed, Opened, Press
from sandbox.slack.sample import LIVEOPS, OPERATOR
from tests.builders import START
from tests.handlers.recorded import (
    BUTTON,
    COMMAND,
    IN_A_MESSAGE,
    IN_A_VIEW,
    ME,
    OPENED,
    PERSON,
    READERS,
    STAMP,
    SUBMITTED,
    TEAM,
    VIEW,
    late,
)


def test_a_command() -> None:
    read = payload.command(COMMAND)
    assert read == Command(
        actor=ME,
        text="set nba flat <@U1>",
        trigger_id=COMMAND["trigger_id"],
        key=read.key,
        reply=ReplyTo(LIVEOPS, COMMAND["response_url"]),
    )
    assert payload.command({**COMMAND, "text": "other"}).key == read.key
    assert payload.command({**COMMAND, "trigger_id": "other"}).key != read.key


def test_a_command_without_words() -> None:
    assert payload.command({**COMMAND, "text": ""}).text == ""


def test_a_press_in_a_message() -> None:
    read = payload.press(IN_A_MESSAGE)
    assert read == Press(
        actor=ME,
        action_id="apply_change",
        value="{}",
        trigger_id="1.2.3",
        key=read.key,
        reply=ReplyTo("C1", "https://hooks.slack.com/actions/1"),
        view=None,
        private=True,
    )


def test_a_press_in_a_view() -> None:
    read = payload.press(IN_A_VIEW)
    assert (read.action_id, read.value, read.private) == ("group", "g", False)
    assert read.reply == ReplyTo(view_id="V1")
    assert read.view is not None
    assert (read.view.id, read.view.hash, read.view.metadata) == (
        "V1", "156.abc", VIEW["private_metadata"],
    )  # fmt: skip


def test_a_press_in_a_home_tab_is_answered_in_no_modal() -> None:
    body = {**IN_A_VIEW, "view": {**VIEW, "type": "home"}}
    read = payload.press(body)
    assert read.reply == payload.surface(body) == ReplyTo()
    assert read.view is not None
    assert (read.view.id, read.view.modal) == ("V1", False)


def test_an_opened_tab() -> None:
    actor = Actor(OPERATOR, "", TEAM)
    assert payload.home_opened(OPENED) == Opened(actor, "home", "[20, false]")
    first = {**OPENED, "event": {"user": OPERATOR, "tab": "messages"}}
    assert payload.home_opened(first) == Opened(actor, "messages", "")


def test_what_stands_in_a_view() -> None:
    view = payload.submission(SUBMITTED).view
    assert (view.chosen("mode"), view.chosen("failback"), view.typed("reason")) == (
        "flat", None, "because",
    )  # fmt: skip
    assert (view.chosen("nothing"), view.typed("nothing")) == (None, None)


@pytest.mark.parametrize("typed", [None, "", "   "])
def test_nothing_typed_is_nothing(typed: str | None) -> None:
    body = copy.deepcopy(SUBMITTED)
    body["view"]["state"]["values"]["reason"]["reason"]["value"] = typed
    assert payload.submission(body).view.typed("reason") is None


def test_a_view_is_submitted_once() -> None:
    first = payload.submission(SUBMITTED)
    assert payload.submission({**SUBMITTED, "trigger_id": "other"}).key == first.key
    other = {**SUBMITTED, "view": {**VIEW, "id": "V2"}}
    assert payload.submission(other).key != first.key


def test_each_press_has_a_key_of_its_own_and_each_delivery_the_same() -> None:
    first = payload.press(IN_A_MESSAGE)
    assert payload.press(copy.deepcopy(IN_A_MESSAGE)).key == first.key
    later = {**IN_A_MESSAGE, "actions": [{**BUTTON, "action_ts": "1.3"}]}
    other = {**IN_A_MESSAGE, "actions": [{**BUTTON, "action_id": "cancel_change"}]}
    assert len({first.key, payload.press(later).key, payload.press(other).key}) == 3


def test_who_somebody_is_comes_from_their_own_team() -> None:
    guest = {**IN_A_MESSAGE, "user": {**PERSON["user"], "team_id": "T0ELSEWHERE"}}  # type: ignore[dict-item]
    assert payload.press(guest).actor.team_id == "T0ELSEWHERE"
    nowhere = {**IN_A_MESSAGE, "user": {"id": "U1"}, "team": None}
    assert payload.press(nowhere).actor == Actor("U1", "", "")


@pytest.mark.parametrize(
    ("event", "usergroup"),
    [({"subteam_id": "S1"}, "S1"), ({"subteam": {"id": "S2", "users": []}}, "S2")],
)
def test_an_event_about_a_user_group(event: dict[str, Any], usergroup: str) -> None:
    assert payload.changed_usergroup({"event": event}) == usergroup


@pytest.mark.parametrize("event", [None, "x", {}, {"subteam": "S1"}, {"subteam_id": 5}])
def test_an_event_about_no_user_group(event: object) -> None:
    with pytest.raises(Malformed):
        payload.changed_usergroup({"event": event})


@pytest.mark.parametrize(
    ("body", "reply"),
    [
        (IN_A_MESSAGE, ReplyTo(response_url="https://hooks.slack.com/actions/1")),
        (IN_A_VIEW, ReplyTo(view_id="V1")),
        ({}, ReplyTo()),
        ({"view": "x", "response_url": 5}, ReplyTo()),
        ({"view": {"id": []}}, ReplyTo()),
    ],
)
def test_where_a_person_is_looking(body: dict[str, Any], reply: ReplyTo) -> None:
    assert payload.surface(body) == reply


@pytest.mark.parametrize(
    ("age", "is_late"),
    [(0, False), (LATE_AFTER_SECONDS, False), (LATE_AFTER_SECONDS + 0.01, True), (-60, False)],
)
def test_late_is_what_slack_has_called_a_failure(age: float, is_late: bool) -> None:
    now = START + timedelta(seconds=age)
    headers = {"x-slack-request-timestamp": [str(int(STAMP))]}
    assert payload.is_late(BoltRequest(body="", headers=headers), now) == is_late
    press = BoltRequest(body="")
    press.body = {"actions": [{"action_ts": f"{STAMP:.6f}"}]}
    assert payload.is_late(press, now) == is_late


@pytest.mark.parametrize("stamp", ["", "nan", "inf", "-inf", "abc", "1e400", "9" * 400, None, 7])
def test_a_moment_that_is_none_is_not_late(stamp: object) -> None:
    late({"actions": [{"action_ts": stamp}]})
    assert not late({"actions": [{"action_ts": "abc"}]})
    assert not late({})


@pytest.mark.parametrize("reader", [reader for reader, _ in READERS if reader is not late])
@pytest.mark.parametrize("body", [{}, {"view": None}, {"actions": []}, {"user": "x"}])
def test_what_is_missing_is_malformed(
    reader: Callable[[Mapping[str, Any]], object], body: dict[str, Any]
) -> None:
    if reader in (payload.suggestion, payload.surface):
        assert reader(body) in ("", ReplyTo())
    else:
        with pytest.raises(Malformed):
            reader(body)
