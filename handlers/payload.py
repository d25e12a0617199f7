"""Slack's payloads into frozen requests: the only place that reaches into them.

Field names: Slack's reference pages "implementing-slash-commands", "block_actions-payload",
"view-interactions-payload" and "block_suggestion-payload". What is missing or of another type than
documented raises Malformed; option labels are never trusted, only their values.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from slack_bolt import BoltRequest

from failover.lifecycle import Actor, ReplyTo

LATE_AFTER_SECONDS = 3.0
"""Slack shows a failure 3 s after a press. It writes the time of the press in whole seconds, so a
press may count as up to a second older than it is: asked for again, it does no harm.
"""

_T = TypeVar("_T")


class Malformed(Exception):
    """Not what Slack documents; nothing is done with it."""


@dataclass(frozen=True, slots=True)
class Command:
    """A typed ``/failover``. ``key`` is the same for every delivery of one command."""

    actor: Actor
    text: str
    trigger_id: str
    key: str
    reply: ReplyTo


@dataclass(frozen=True, slots=True)
class View:
    """A view that somebody is looking at, a modal or their Home tab.

    ``values`` by action ID, whatever the block.
    """

    id: str
    modal: bool
    hash: str | None
    metadata: str
    values: Mapping[str, Mapping[str, Any]]

    def chosen(self, action_id: str) -> str | None:
        """The value of the option that is chosen in a select or in radio buttons."""
        option = self.values.get(action_id, {}).get("selected_option")
        return None if option is None else _text(_mapping(option), "value")

    def picked(self, action_id: str) -> tuple[str, ...]:
        """The values of the options that are chosen in a multi-select, as they were picked."""
        # Which of the two an empty one is Slack does not say.
        options = self.values.get(action_id, {}).get("selected_options") or []
        return tuple(_text(_mapping(option), "value") for option in _is(options, list))

    def typed(self, action_id: str) -> str | None:
        """The text of an input; None where it is empty."""
        value = self.values.get(action_id, {}).get("value")
        return _is(value, str).strip() or None if value is not None else None


@dataclass(frozen=True, slots=True)
class Press:
    """A pressed button or an edited element. ``value`` is a button's value or a chosen option's.

    ``private``: it stands in a message that only the person sees.
    """

    actor: Actor
    action_id: str
    value: str
    trigger_id: str
    key: str
    reply: ReplyTo
    view: View | None
    private: bool


@dataclass(frozen=True, slots=True)
class Submission:
    """A submitted form."""

    actor: Actor
    view: View
    key: str


@dataclass(frozen=True, slots=True)
class Opened:
    """Somebody opened a tab of the bot's; ``metadata``: of the Home tab as they last saw it."""

    actor: Actor
    tab: str
    metadata: str


def command(body: Mapping[str, Any]) -> Command:
    """A slash command. Raises Malformed."""
    trigger = _text(body, "trigger_id")
    return Command(
        actor=Actor(_text(body, "user_id"), _text(body, "user_name", ""), _text(body, "team_id")),
        text=_text(body, "text", ""),
        trigger_id=trigger,
        key=_key("command", trigger),
        reply=ReplyTo(_text(body, "channel_id"), _text(body, "response_url")),
    )


def press(body: Mapping[str, Any]) -> Press:
    """A block action. Raises Malformed."""
    actions = _is(body.get("actions"), list)
    if not actions:
        raise Malformed("no action")
    action = _mapping(actions[0])
    view = None if body.get("view") is None else _view(body)
    channel = body.get("channel")
    trigger = _text(body, "trigger_id", "")
    at = _text(action, "action_ts")
    return Press(
        actor=_actor(body),
        action_id=_text(action, "action_id"),
        value=_value(action),
        trigger_id=trigger,
        key=_key("press", trigger, at, _text(action, "action_id")),
        reply=ReplyTo(
            channel_id=None if channel is None else _text(_mapping(channel), "id"),
            response_url=_text(body, "response_url", "") or None,
            view_id=None if view is None or not view.modal else view.id,
        ),
        view=view,
        private=bool(_mapping(body.get("container") or {}).get("is_ephemeral")),
    )


def submission(body: Mapping[str, Any]) -> Submission:
    """A submitted view. Raises Malformed."""
    view = _view(body)
    return Submission(_actor(body), view, _key("view", view.id, view.metadata))


def suggestion(body: Mapping[str, Any]) -> str:
    """What was typed into an external select. Raises Malformed."""
    return _text(body, "value", "")


def changed_usergroup(body: Mapping[str, Any]) -> str:
    """The user group that an event tells of [subteam_members_changed, subteam_updated].

    Raises Malformed.
    """
    told = _mapping(body.get("event"))
    if told.get("subteam") is not None:
        return _text(_mapping(told["subteam"]), "id")
    return _text(told, "subteam_id")


def home_opened(body: Mapping[str, Any]) -> Opened:
    """The event that tells of an opened tab [app_home_opened]. Raises Malformed."""
    told = _mapping(body.get("event"))
    view = _mapping(told.get("view") or {})
    return Opened(
        # The event names nobody's own team, only the workspace in which the tab was opened.
        actor=Actor(_text(told, "user"), "", _text(body, "team_id")),
        tab=_text(told, "tab"),
        metadata=_text(view, "private_metadata", ""),
    )


def surface(body: Mapping[str, Any]) -> ReplyTo:
    """Where a person is looking, as far as even an odd body says it."""
    view, url = body.get("view"), body.get("response_url")
    view_id = view.get("id") if isinstance(view, dict) and _is_modal(view) else None
    return ReplyTo(
        response_url=url if isinstance(url, str) else None,
        view_id=view_id if isinstance(view_id, str) else None,
    )


def is_late(request: BoltRequest, now: datetime) -> bool:
    """Whether Slack has told the person by now that their press failed. Raises Malformed.

    The time is that of the signed header, over Socket Mode that of the action.
    """
    stamp = request.headers.get("x-slack-request-timestamp", [""])[0]
    if not stamp:
        actions = _is(request.body.get("actions") or [{}], list)
        stamp = str(_mapping(actions[0]).get("action_ts", ""))
    try:
        sent = datetime.fromtimestamp(float(stamp), UTC)
    except (ValueError, OverflowError, OSError):
        return False
    return (now - sent).total_seconds() > LATE_AFTER_SECONDS


def _actor(body: Mapping[str, Any]) -> Actor:
    user = _mapping(body.get("user"))
    team = body.get("team")
    home = _text(user, "team_id", "") or (_text(_mapping(team), "id") if team else "")
    name = _text(user, "username", "") or _text(user, "name", "")
    return Actor(_text(user, "id"), name, home)


def _view(body: Mapping[str, Any]) -> View:
    view = _mapping(body.get("view"))
    state = view.get("state") or {}
    values: dict[str, Mapping[str, Any]] = {}
    for block in _mapping(_mapping(state).get("values") or {}).values():
        for action_id, value in _mapping(block).items():
            values[action_id] = _mapping(value)
    return View(
        id=_text(view, "id"),
        modal=_is_modal(view),
        hash=_text(view, "hash", "") or None,
        metadata=_text(view, "private_metadata", ""),
        values=values,
    )


def _is_modal(view: Mapping[str, Any]) -> bool:
    # A Home tab can't be redrawn as a modal is.
    return view.get("type") != "home"


def _value(action: Mapping[str, Any]) -> str:
    option = action.get("selected_option")
    return _text(action, "value", "") if option is None else _text(_mapping(option), "value")


def _key(*parts: str) -> str:
    digest = hashlib.sha256(json.dumps(parts).encode()).hexdigest()
    return f"{parts[0]}:{digest[:40]}"


def _mapping(value: object) -> Mapping[str, Any]:
    return _is(value, dict)


def _text(body: Mapping[str, Any], name: str, default: str | None = None) -> str:
    value = body.get(name)
    if value is None and default is not None:
        return default
    if not isinstance(value, str):
        raise Malformed(name)
    return value


def _is(value: object, kind: type[_T]) -> _T:
    if not isinstance(value, kind):
        raise Malformed(f"not a {kind.__name__}")
    return value
