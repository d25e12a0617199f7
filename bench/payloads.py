"""What Slack sends, signed, as the bytes of one HTTP request."""

import itertools
import json
from typing import Any
from urllib.parse import urlencode

from bench.world import CHANNEL, TEAM, World
from blocks.ids import FAILBACK, FORM, GROUP, MODE
from sandbox.slack.signing import Signer

SIGNING_SECRET = "signing-bench"  # noqa: S105  # known to both sides of the bench alone
PATH = "/slack/events"

_signer = Signer(SIGNING_SECRET)
_numbers = itertools.count(1)


def command(world: World, text: str, user: str) -> bytes:
    """``/failover TEXT``, typed by ``user``."""
    number = next(_numbers)
    form = {
        "command": "/failover",
        "text": text,
        "user_id": user,
        "user_name": "operator",
        "team_id": TEAM,
        "team_domain": "bench",
        "channel_id": CHANNEL,
        "channel_name": "live",
        "api_app_id": "A0BENCH",
        "trigger_id": f"{number}.1.bench",
        "response_url": f"{world.slack.url}/commands/{number}",
    }
    return _signed(urlencode(form).encode())


def submission(view: dict[str, Any], mode: str, user: str) -> bytes:
    """The submission of a drawn form, ``mode`` chosen in it."""
    number = next(_numbers)
    chosen: dict[str, Any] = {"m": {MODE: {"selected_option": {"value": mode}}}}
    if mode == "prioritized":
        chosen["f"] = {FAILBACK: {"selected_option": {"value": "off"}}}
    shown = {"type": "modal", "id": f"V{number}S", "hash": "h", "callback_id": FORM}
    shown["private_metadata"] = view["private_metadata"]
    return _interaction("view_submission", user, view=shown | {"state": {"values": chosen}})


def suggestion(typed: str, user: str) -> bytes:
    """A look-up of the group chooser."""
    return _interaction(
        "block_suggestion", user, action_id=GROUP, block_id=GROUP, value=typed, view={"id": "V1"}
    )


def _interaction(kind: str, user: str, **rest: Any) -> bytes:
    person = {"id": user, "username": "operator", "team_id": TEAM}
    payload = {"type": kind, "team": {"id": TEAM}, "user": person, "api_app_id": "A0BENCH", **rest}
    payload["trigger_id"] = f"{next(_numbers)}.1.bench"
    return _signed(urlencode({"payload": json.dumps(payload)}).encode())


def _signed(body: bytes) -> bytes:
    request = _signer.sign(body, "application/x-www-form-urlencoded")
    lines = [f"POST {PATH} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in request.headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body
