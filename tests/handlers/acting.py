"""What people do, and what they are shown, in the tests of this room."""

from __future__ import annotations

from typing import Any

from blocks import ids
from blocks.answers import answer
from failover.notices import Kind
from sandbox.slack import payloads as slack_payloads
from sandbox.slack.payloads import Parcel, ParcelKind
from sandbox.slack.sample import LIVEOPS, OPERATOR
from tests.blocks import examine
from tests.handlers.conftest import HOME, Desk

URL = "https://hooks.slack.com/actions/1"


def types(desk: Desk, line: str, user: str = OPERATOR) -> dict[str, Any]:
    """The immediate answer to a typed line."""
    channel = desk.world.channels[LIVEOPS]
    return desk.sends(slack_payloads.command(desk.world, user, channel, line))


def interacts(desk: Desk, kind: str, user: str = OPERATOR, **more: Any) -> dict[str, Any]:
    """The immediate answer to an interaction."""
    body = {
        "type": kind,
        "user": {"id": user, "username": "x", "team_id": HOME},
        "team": {"id": HOME},
        "api_app_id": "A1",
        "trigger_id": f"{len(desk.screen.messages)}.{desk.stage.clock().timestamp()}",
        **more,
    }
    return desk.sends(Parcel(ParcelKind.INTERACTIVE, kind, user, body))


def presses(desk: Desk, action_id: str, value: str, **more: Any) -> dict[str, Any]:
    """Press a button of a private message."""
    action = {"type": "button", "action_id": action_id, "block_id": "b", "value": value,
              "action_ts": f"{desk.stage.clock().timestamp():.6f}"}  # fmt: skip
    where = {"response_url": URL, "container": {"type": "message", "is_ephemeral": True}}
    return interacts(desk, "block_actions", **{**where, "actions": [action], **more})


def view(metadata: str = "", mode: str = "prioritized", **values: Any) -> dict[str, Any]:
    state = {"m": {ids.MODE: {"selected_option": {"value": mode}}}}
    for name, value in values.items():
        key = "value" if name == ids.REASON else "selected_option"
        state[name] = {name: {key: value}}
    return {"id": "V1", "type": "modal", "callback_id": ids.FORM, "hash": "h",
            "private_metadata": metadata, "state": {"values": state}}  # fmt: skip


def shown(message: dict[str, Any]) -> str:
    return examine.shown(message)


def last(desk: Desk) -> str:
    return shown(desk.screen.messages[-1])


def answered(desk: Desk) -> str:
    """What the outbox is about to tell privately of the newest request."""
    ledger = desk.stage.ledger
    notices = [row.notice for row in ledger.rows if row.due_at is not None]
    change_id = [one.change_id for one in notices if one.kind is Kind.ANSWER][-1]
    record = ledger.records[change_id]
    return shown(answer(record, desk.services.previews.shown(record), desk.stage.clock()))


def opened(desk: Desk) -> str:
    """The metadata of the form as it is drawn for the first group."""
    types(desk, "/failover nba")
    desk.works()
    return str(desk.screen.views[-1]["private_metadata"])
