"""What Slack sends: command forms, interaction payloads and events as data.

Fields are those of the payload reference pages; texts and ids come from the world.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from sandbox.slack import wire as slack_wire
from sandbox.slack.form import VALUE_KEYS, Field
from sandbox.slack.model import Channel, Json, Message, View
from sandbox.slack.world import SlackWorld

_PERSON = re.compile(r"(?<!\S)@([\w.-]+)")
_CHANNEL = re.compile(r"(?<!\S)#([\w-]+)")
_URL = re.compile(r"(?<!\S)(https?://[^\s<>]+)")


class ParcelKind(StrEnum):
    """The envelope types of Socket Mode, which stand for the encodings over HTTP."""

    COMMAND = "slash_commands"
    INTERACTIVE = "interactive"
    EVENT = "events_api"


@dataclass(frozen=True, slots=True)
class Parcel:
    """One thing to deliver; ``name`` is the payload's type, ``headers`` go with it unsigned."""

    kind: ParcelKind
    name: str
    person: str
    payload: Json
    headers: Mapping[str, str] = field(default_factory=dict)
    envelope_id: str = ""

    @property
    def accepts_payload(self) -> bool:
        """Whether an answer may carry a body (``accepts_response_payload``)."""
        return self.kind is not ParcelKind.EVENT and self.name not in (
            "block_actions",
            "view_closed",
        )


def command(world: SlackWorld, user: str, channel: Channel, line: str) -> Parcel:
    """A typed ``/command text``; escapes as the world's settings say."""
    word, _, text = line.partition(" ")
    if world.encode_entities:
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    trigger = world.tickets.new_trigger(user)
    form = {
        "token": "deprecated",
        "team_id": world.team.id,
        "team_domain": world.team.domain,
        "channel_id": channel.id,
        "channel_name": "privategroup" if _is_group(channel) else channel.name,
        "user_id": user,
        "user_name": world.people[user].name,
        "command": word,
        "text": escaped(world, text) if world.escape_commands else text,
        "api_app_id": world.team.app_id,
        "is_enterprise_install": "false",
        "response_url": world.tickets.new_response_url(user, channel.id),
        "trigger_id": trigger,
    }
    return Parcel(ParcelKind.COMMAND, "command", user, form)


def escaped(world: SlackWorld, text: str) -> str:
    """Typed mentions and addresses as the bot receives them with ``should_escape``."""
    people = {p.name: p.id for p in world.people.values()}
    channels = {c.name: c for c in world.channels.values() if not c.is_im}

    def person(match: re.Match[str]) -> str:
        ident = people.get(match.group(1))
        label = f"|{match.group(1)}" if world.label_mentions else ""
        return f"<@{ident}{label}>" if ident else match.group(0)

    def channel(match: re.Match[str]) -> str:
        found = channels.get(match.group(1))
        if found is None:
            return match.group(0)
        return f"<#{found.id}|{'' if found.is_private else found.name}>"

    return _URL.sub(r"<\1>", _CHANNEL.sub(channel, _PERSON.sub(person, text)))


def view_action(world: SlackWorld, view: View, action: Json) -> Parcel:
    """``block_actions`` from a modal or Home tab."""
    payload = _interaction(world, "block_actions", view.owner) | {
        "trigger_id": world.tickets.new_trigger(view.owner, _modal_id(view)),
        "container": {"type": "view", "view_id": view.id},
        "view": slack_wire.view_json(view, world.team),
        "actions": [action],
    }
    return Parcel(ParcelKind.INTERACTIVE, "block_actions", view.owner, payload)


def message_action(world: SlackWorld, user: str, message: Message, action: Json) -> Parcel:
    """``block_actions`` from a message; of an ephemeral one the content is not sent along."""
    channel = world.channels[message.channel]
    container = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": message.channel,
        "is_ephemeral": message.is_ephemeral,
    }
    payload = _interaction(world, "block_actions", user) | {
        "trigger_id": world.tickets.new_trigger(user),
        "container": container,
        "channel": {"id": channel.id, "name": channel.name},
        "response_url": world.tickets.new_response_url(user, channel.id, message.ts),
        "state": {"values": message.values},
        "actions": [action],
    }
    if not message.is_ephemeral:
        payload["message"] = slack_wire.message_json(message, world.team)
    return Parcel(ParcelKind.INTERACTIVE, "block_actions", user, payload)


def submission(world: SlackWorld, view: View) -> Parcel:
    """``view_submission`` of a modal."""
    payload = _interaction(world, "view_submission", view.owner) | {
        "trigger_id": world.tickets.new_trigger(view.owner, view.id),
        "view": slack_wire.view_json(view, world.team),
        "response_urls": [],
    }
    return Parcel(ParcelKind.INTERACTIVE, "view_submission", view.owner, payload)


def closing(world: SlackWorld, view: View, is_cleared: bool) -> Parcel:
    """``view_closed``; it carries no input values."""
    payload = _interaction(world, "view_closed", view.owner) | {
        "view": slack_wire.view_json(view, world.team, values=False) | {"state": {"values": {}}},
        "is_cleared": is_cleared,
    }
    return Parcel(ParcelKind.INTERACTIVE, "view_closed", view.owner, payload)


def suggestion(world: SlackWorld, view: View, found: Field, query: str) -> Parcel:
    """``block_suggestion``: what was typed into an external menu of a view."""
    payload = _interaction(world, "block_suggestion", view.owner) | {
        "action_id": found.action_id,
        "block_id": found.block_id,
        "value": query,
        "container": {"type": "view", "view_id": view.id},
        "view": slack_wire.view_json(view, world.team),
    }
    return Parcel(ParcelKind.INTERACTIVE, "block_suggestion", view.owner, payload)


def event(world: SlackWorld, content: Json, user: str = "") -> Parcel:
    """An ``event_callback`` around ``content``; ``event_ts`` and ids are filled in."""
    stamp = world.moment.next_ts()
    payload = {
        "token": "deprecated",
        "type": "event_callback",
        "team_id": world.team.id,
        "context_team_id": world.team.id,
        "api_app_id": world.team.app_id,
        "event": {"event_ts": stamp, **content},
        "event_id": world.moment.next_id("Ev"),
        "event_time": int(world.moment.now()),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": world.team.id,
                "user_id": world.team.bot_user,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
    }
    return Parcel(ParcelKind.EVENT, str(content["type"]), user, payload)


def action_of(world: SlackWorld, found: Field, value: object = None) -> Json:
    """One entry of ``actions``: a button's own value, or what was chosen or typed."""
    action: Json = {
        "type": found.kind,
        "action_id": found.action_id,
        "block_id": found.block_id,
        "action_ts": world.moment.next_ts(),
    }
    if found.kind == "button":
        action["text"] = found.element["text"]
        if "value" in found.element:
            action["value"] = found.element["value"]
    elif found.kind == "overflow":
        action["selected_option"] = value
    else:
        action[VALUE_KEYS[found.kind]] = value
    return action


def _interaction(world: SlackWorld, kind: str, user: str) -> Json:
    name = world.people[user].name
    return {
        "type": kind,
        "token": "deprecated",
        "team": {"id": world.team.id, "domain": world.team.domain},
        "user": {"id": user, "username": name, "name": name, "team_id": world.team.id},
        "api_app_id": world.team.app_id,
        "enterprise": None,
        "is_enterprise_install": False,
    }


def _modal_id(view: View) -> str | None:
    return view.id if view.content["type"] == "modal" else None


def _is_group(channel: Channel) -> bool:
    return channel.is_private and not channel.is_im
