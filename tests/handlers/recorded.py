"""Payloads as Slack documents them, and what reads each of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from slack_bolt import BoltRequest

from failover.lifecycle import Actor
from handlers import payload
from sandbox.slack import payloads as slack_payloads
from sandbox.slack.sample import LIVEOPS, OPERATOR, sample_world
from tests.builders import START

WORLD = sample_world()
STAMP = START.timestamp()

COMMAND: dict[str, Any] = dict(
    slack_payloads.command(
        WORLD, OPERATOR, WORLD.channels[LIVEOPS], "/failover set nba flat <@U1>"
    ).payload
)
TEAM = WORLD.team.id
VIEW: dict[str, Any] = {
    "id": "V1",
    "type": "modal",
    "callback_id": "failover_form",
    "hash": "156.abc",
    "private_metadata": '["g", "m", null, "C1"]',
    "state": {
        "values": {
            "mode:1": {
                "mode": {
                    "type": "radio_buttons",
                    "selected_option": {"text": {"type": "plain_text", "text": "x"},
                                        "value": "flat"},
                }
            },
            "failback:1": {"failback": {"type": "radio_buttons", "selected_option": None}},
            "reason": {"reason": {"type": "plain_text_input", "value": "  because  "}},
        }
    },
}  # fmt: skip
PERSON = {
    "team": {"id": TEAM, "domain": "sandbox"},
    "user": {"id": OPERATOR, "username": "operator", "name": "operator", "team_id": TEAM},
    "api_app_id": "A0FAILOVER",
    "enterprise": None,
    "is_enterprise_install": False,
    "token": "deprecated",
}
BUTTON = {
    "type": "button",
    "action_id": "apply_change",
    "block_id": "b1",
    "value": "{}",
    "text": {"type": "plain_text", "text": "Apply"},
    "action_ts": f"{STAMP:.6f}",
}
IN_A_MESSAGE: dict[str, Any] = {
    **PERSON,
    "type": "block_actions",
    "trigger_id": "1.2.3",
    "container": {"type": "message", "message_ts": "1.2", "channel_id": "C1",
                  "is_ephemeral": True},
    "channel": {"id": "C1", "name": "live-ops"},
    "response_url": "https://hooks.slack.com/actions/1",
    "state": {"values": {}},
    "actions": [BUTTON],
}  # fmt: skip
IN_A_VIEW: dict[str, Any] = {
    **PERSON,
    "type": "block_actions",
    "trigger_id": "1.2.3",
    "container": {"type": "view", "view_id": "V1"},
    "view": VIEW,
    "actions": [{"type": "external_select", "action_id": "group", "block_id": "group",
                 "selected_option": {"text": {"type": "plain_text", "text": "NBA"}, "value": "g"},
                 "action_ts": f"{STAMP:.6f}"}],
}  # fmt: skip
SUBMITTED: dict[str, Any] = {
    **PERSON, "type": "view_submission", "trigger_id": "1.2.3", "view": VIEW, "response_urls": [],
}  # fmt: skip
SEARCHED: dict[str, Any] = {
    **PERSON, "type": "block_suggestion", "action_id": "group", "block_id": "group",
    "value": "nba", "container": {"type": "view", "view_id": "V1"}, "view": VIEW,
}  # fmt: skip
CHANGED: dict[str, Any] = {
    "type": "event_callback",
    "event": {"type": "subteam_members_changed", "subteam_id": "S1", "team_id": TEAM},
}
OPENED: dict[str, Any] = dict(
    slack_payloads.event(
        WORLD,
        {"type": "app_home_opened", "user": OPERATOR, "channel": "D1", "tab": "home",
         "view": {"id": "VHOME", "type": "home", "private_metadata": "[20, false]"}},
        OPERATOR,
    ).payload
)  # fmt: skip
ME = Actor(OPERATOR, "operator", TEAM)


def late(body: Mapping[str, Any]) -> bool:
    request = BoltRequest(body="")
    request.body = dict(body)
    return payload.is_late(request, START)


READERS: list[tuple[Callable[[Mapping[str, Any]], object], dict[str, Any]]] = [
    (payload.command, COMMAND),
    (payload.press, IN_A_MESSAGE),
    (payload.press, IN_A_VIEW),
    (payload.submission, SUBMITTED),
    (payload.suggestion, SEARCHED),
    (payload.changed_usergroup, CHANGED),
    (payload.home_opened, OPENED),
    (payload.surface, IN_A_VIEW),
    (late, IN_A_MESSAGE),
]
