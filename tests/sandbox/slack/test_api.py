"""Tokens, scopes and refusals of the Web API, by the real client."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox.slack.api import METHODS
from sandbox.slack.sample import AUDIT, OPERATOR, PRIVATE, SPORTS_DESK
from sandbox.slack.server import SlackSimulator
from tests.sandbox.slack.bot_app import error_of, modal, section

Refusal = tuple[str, dict[str, Any], str]


def test_auth_test_names_the_bot_and_its_scopes(slack: SlackSimulator, client: WebClient) -> None:
    answer = client.auth_test()
    assert (answer["user_id"], answer["team_id"]) == ("U0BOT", "T0SANDBOX")
    assert "usergroups:read" in answer.headers["x-oauth-scopes"].split(",")


@pytest.mark.parametrize(
    ("token", "error"),
    [("xoxb-wrong", "invalid_auth"), ("xapp-sandbox", "not_allowed_token_type")],
)
def test_a_wrong_token_is_refused(slack: SlackSimulator, token: str, error: str) -> None:
    assert error_of(WebClient(token=token, base_url=slack.api_url), "auth.test") == error


def test_a_link_needs_the_app_token(slack: SlackSimulator, client: WebClient) -> None:
    assert client.apps_connections_open(app_token=slack.app_token)["url"].startswith("ws://127.")
    assert error_of(client, "apps.connections.open") == "not_allowed_token_type"


@pytest.mark.parametrize(
    ("method", "scope", "arguments"),
    [
        ("chat.postMessage", "chat:write", {"channel": AUDIT, "text": "x"}),
        ("usergroups.users.list", "usergroups:read", {"usergroup": SPORTS_DESK}),
        ("users.info", "users:read", {"user": OPERATOR}),
        ("conversations.info", "groups:read", {"channel": PRIVATE}),
        ("conversations.history", "channels:history", {"channel": AUDIT}),
    ],
)
def test_a_missing_scope_is_named(
    slack: SlackSimulator, client: WebClient, method: str, scope: str, arguments: Any
) -> None:
    assert client.api_call(method, json=arguments)["ok"]
    slack.world.scopes.discard(scope)
    with pytest.raises(SlackApiError) as caught:
        client.api_call(method, json=arguments)
    assert caught.value.response["error"] == "missing_scope"
    assert caught.value.response["needed"] == scope


REFUSALS: list[Refusal] = [
    ("no.such.method", {}, "unknown_method"),
    ("chat.postMessage", {"text": "x"}, "invalid_arguments"),
    ("chat.postMessage", {"channel": "C0NONE", "text": "x"}, "channel_not_found"),
    ("chat.postMessage", {"channel": "#live-ops", "text": "x"}, "channel_not_found"),
    ("chat.postMessage", {"channel": "C0SECRET", "text": "x"}, "channel_not_found"),
    ("chat.postMessage", {"channel": "U0GONE", "text": "x"}, "channel_not_found"),
    ("chat.postMessage", {"channel": "C0OLD", "text": "x"}, "is_archived"),
    ("chat.postMessage", {"channel": AUDIT}, "no_text"),
    ("chat.postMessage", {"channel": AUDIT, "blocks": "[{"}, "invalid_blocks_format"),
    ("chat.postMessage", {"channel": AUDIT, "blocks": {}}, "invalid_blocks_format"),
    ("chat.postMessage", {"channel": AUDIT, "blocks": [{"type": "x"}]}, "invalid_blocks"),
    ("chat.postMessage", {"channel": AUDIT, "text": "x", "thread_ts": "1"},
     "cannot_reply_to_message"),
    ("chat.postMessage", {"channel": AUDIT, "text": "x", "metadata": {"event_type": 1}},
     "invalid_metadata_format"),
    ("chat.postMessage", {"channel": AUDIT, "blocks": [section("x" * 2900)] * 4},
     "msg_blocks_too_long"),
    ("chat.postEphemeral", {"channel": AUDIT, "user": "U0GONE", "text": "x"},
     "user_not_in_channel"),
    ("chat.update", {"channel": AUDIT, "ts": "1.0", "text": "x"}, "message_not_found"),
    ("chat.update", {"channel": OPERATOR, "ts": "1.0", "text": "x"}, "channel_not_found"),
    ("chat.getPermalink", {"channel": AUDIT, "message_ts": "1.0"}, "message_not_found"),
    ("users.info", {"user": "U0NONE"}, "user_not_found"),
    ("usergroups.users.list", {"usergroup": "S0NONE"}, "no_such_subteam"),
    ("usergroups.users.list", {"usergroup": "S0OFF"}, "no_such_subteam"),
    ("conversations.info", {"channel": "C0SECRET"}, "channel_not_found"),
    ("conversations.history", {"channel": "C0PUBLIC"}, "not_in_channel"),
    ("conversations.history", {"channel": AUDIT, "limit": "0"}, "invalid_limit"),
    ("conversations.list", {"cursor": "zzz"}, "invalid_cursor"),
    ("conversations.join", {"channel": PRIVATE}, "method_not_supported_for_channel_type"),
    ("conversations.join", {"channel": "C0OLD"}, "is_archived"),
    ("conversations.open", {"users": "U0GONE"}, "user_disabled"),
    ("conversations.open", {"users": "U0NONE"}, "user_not_found"),
    ("views.open", {"trigger_id": "none", "view": modal(section("x"))}, "invalid_trigger_id"),
    ("views.open", {"trigger_id": "none"}, "invalid_arguments"),
    ("views.update", {"view_id": "V0", "view": modal(section("x"))}, "not_found"),
    ("views.update", {"external_id": "x", "view": modal(section("x"))}, "not_found"),
    ("views.publish", {"user_id": OPERATOR, "view": modal(section("x"))}, "invalid_arguments"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "arguments", "error"), REFUSALS)
def test_refusals_have_slacks_words(
    client: WebClient, method: str, arguments: dict[str, Any], error: str
) -> None:
    assert error_of(client, method, **arguments) == error


def test_every_method_answers_a_call_without_arguments(slack: SlackSimulator) -> None:
    client = WebClient(token=slack.bot_token, base_url=slack.api_url)
    for method in METHODS:
        try:
            assert client.api_call(method)["ok"]
        except SlackApiError as error:
            assert error.response["error"] in ("invalid_arguments", "user_not_found")
