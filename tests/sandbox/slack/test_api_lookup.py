"""Reading people, channels and user groups by the real client."""

from __future__ import annotations

from typing import Any

from slack_sdk import WebClient

from sandbox.slack.sample import AUDIT, LIVEOPS, OPERATOR, PRIVATE, SPORTS_DESK
from sandbox.slack.server import SlackSimulator
from tests.sandbox.slack.bot_app import error_of


def test_channels_are_listed_by_type_and_page(slack: SlackSimulator, client: WebClient) -> None:
    def ids(**arguments: Any) -> list[str]:
        return [c["id"] for c in client.conversations_list(**arguments)["channels"]]

    assert ids() == [LIVEOPS, AUDIT, "C0OLD", "C0PUBLIC"]
    assert ids(exclude_archived=True, limit=2) == [LIVEOPS, AUDIT]
    assert ids(types="private_channel") == [PRIVATE]


def test_groups_are_listed_and_may_need_a_plan(slack: SlackSimulator, client: WebClient) -> None:
    group = client.usergroups_list(include_users=True)["usergroups"][0]
    assert (group["id"], group["users"], group["date_delete"]) == (SPORTS_DESK, [OPERATOR], 0)
    assert len(client.usergroups_list(include_disabled=True)["usergroups"]) == 2
    assert client.usergroups_users_list(usergroup=SPORTS_DESK)["users"] == [OPERATOR]
    slack.world.usergroups_allowed = False
    assert error_of(client, "usergroups.list") == "plan_upgrade_required"


def test_people_are_described(client: WebClient) -> None:
    assert client.users_info(user="U0GONE")["user"]["deleted"] is True
    assert client.users_info(user=OPERATOR)["user"]["profile"]["display_name"] == "Operator"
