"""One entry of the wire log in one line: who to whom, what for, signed how, and what came of it."""

from sandbox.slack.faults import RESPONSE_URL
from sandbox.slack.model import ApiCall, Delivery, Json
from sandbox.slack.world import SlackWorld
from sandbox.uplynk.journal import RequestRecord
from sandbox.uplynk.routes import Endpoint
from sandbox.uplynk.world import UplynkWorld

_SUBJECTS = {
    Endpoint.GROUP: "mode and failback",
    Endpoint.SLICERS: "order and eligibility",
    Endpoint.ACTIVATE: "active slicer",
    Endpoint.NO_SLICER: "slate",
    Endpoint.CHANNELS: "channels",
    Endpoint.OWNERS: "allowed owners",
}


def of_delivery(entry: Delivery) -> Json:
    """What Slack delivered to the bot."""
    socket = entry.transport != "http"
    return {
        "from": "slack",
        "to": "bot",
        "method": "" if socket else "POST",
        "path": "Socket Mode" if socket else "/slack/events",
        "what": _delivered(entry),
        "signature": "in the URL" if socket else _checked(entry.status != 401),
        "status": entry.status,
        "ms": round(entry.seconds * 1000, 1),
        "problem": _trouble(entry),
        "person": entry.person,
    }


def of_call(entry: ApiCall, world: SlackWorld) -> Json:
    """What the bot called in Slack's Web API, or posted to a response_url."""
    posted = entry.method == RESPONSE_URL
    trusted = entry.error not in ("not_authed", "invalid_auth", "not_allowed_token_type")
    return {
        "from": "bot",
        "to": "slack",
        "method": "POST",
        "path": entry.method,
        "what": _answered(entry.arguments) if posted else _called(entry, world),
        "signature": "in the URL" if posted else "bearer token" if trusted else "refused",
        "status": entry.status,
        "ms": round(entry.ms, 1),
        "problem": _weather(entry.fault) or entry.error,
        "person": str(entry.arguments.get("user") or ""),
    }


def of_request(entry: RequestRecord, world: UplynkWorld) -> Json:
    """What the bot asked of Uplynk; status None while there is no answer."""
    signed = entry.signature == "ok"
    return {
        "from": "bot",
        "to": "uplynk",
        "method": entry.method,
        "path": entry.path,
        "what": _asked(entry, world),
        "signature": _checked(signed),
        "status": entry.status,
        "ms": round(entry.milliseconds, 1),
        "problem": _weather(entry.fault or "") if signed else entry.signature,
        "person": "",
    }


def _checked(good: bool) -> str:
    return "verified" if good else "refused"


def _weather(fault: str) -> str:
    return f"{fault} (weather)" if fault else ""


def _trouble(entry: Delivery) -> str:
    if entry.detail == "timeout" or (entry.status is not None and not entry.in_time):
        return "late"
    if entry.status is None:
        return {"refused": "nobody listens", "closed": "connection cut"}.get(
            entry.detail, "no answer"
        )
    return entry.failure or entry.detail


def _delivered(entry: Delivery) -> str:
    request = entry.request
    match entry.kind:
        case "command":
            return f"slash command · {request.get('command')} {request.get('text')}".rstrip()
        case "block_actions":
            return f"block_actions · {_pressed(request)}"
        case "view_submission" | "view_closed":
            title = (request.get("view") or {}).get("title") or {}
            return f"{entry.kind} · {title.get('text', '')}"
        case "block_suggestion":
            return f"block_suggestion · {request.get('value', '')}"
    return f"event · {entry.kind}"


def _pressed(request: Json) -> str:
    action = (request.get("actions") or [{}])[0]
    text = action.get("text")
    label = text.get("text") if isinstance(text, dict) else None
    return str(label or action.get("action_id", ""))


def _answered(arguments: Json) -> str:
    if arguments.get("delete_original"):
        return "takes its answer away"
    return "replaces its answer" if arguments.get("replace_original") else "answers the person"


def _called(entry: ApiCall, world: SlackWorld) -> str:
    arguments = entry.arguments
    view = arguments.get("view")
    if isinstance(view, dict):
        return str((view.get("title") or {}).get("text") or view.get("type", ""))
    channel = arguments.get("channel")
    if isinstance(channel, str):
        known = world.channels.get(channel)
        name = f"#{known.name}" if known is not None and not known.is_im else "direct message"
        return f"{name} · {arguments['text']}" if "text" in arguments else name
    return str(arguments.get("usergroup") or "")


def _asked(entry: RequestRecord, world: UplynkWorld) -> str:
    if entry.group_id is None:
        return "all groups" if entry.endpoint else "unknown path"
    try:
        name = world.group(entry.group_id).name
    except KeyError:
        name = "unknown group"
    if entry.method == "GET" or entry.endpoint is None:
        return f"reads {name}"
    return f"writes {name} · {_SUBJECTS[Endpoint(entry.endpoint)]}"
