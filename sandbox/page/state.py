"""What is kept of a run: taken from a rig, written as JSON, read again, put into a fresh rig."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from sandbox.rig import Rig
from sandbox.slack.model import Json, Message
from sandbox.slack.world import SlackWorld
from sandbox.uplynk.model import SimChannel, SimGroup, SimSlicer

_VERSION = 1
_NUMBERS_LEFT_OUT = 1_000
"""What a killed run counted after it was last written down is fewer than that."""


@dataclass(frozen=True, slots=True)
class State:
    """The scene, Uplynk's groups, Slack's messages, and how far its numbers had come."""

    scene: str
    groups: tuple[SimGroup, ...]
    messages: tuple[Message, ...]
    counted: Mapping[str, int]


def taken(rig: Rig, scene: str) -> State:
    """The state of a rig as it is now."""
    world = rig.slack_world
    with world.changed:
        messages = [one for channel in world.channels for one in world.messages(channel)]
        counted = world.moment.counted()
    return State(scene, rig.world.groups(), tuple(messages), counted)


def restore(kept: State, world: SlackWorld) -> None:
    """Put messages and numbers into a fresh workspace; those of unknown channels are left out."""
    world.moment.count_on({name: count + _NUMBERS_LEFT_OUT for name, count in kept.counted.items()})
    for person in list(world.people):
        if any(message.channel == "D" + person[1:] for message in kept.messages):
            world.direct_channel(person)
    for message in kept.messages:
        if message.channel in world.channels:
            world.post(message)


def text(state: State) -> str:
    """The state as JSON text, the same for equal states."""
    document: Json = {"version": _VERSION} | asdict(state)
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def read(text: str) -> State:
    """The state that a text describes. ValueError saying what is wrong with it."""
    document = json.loads(text)
    try:
        if document["version"] != _VERSION:
            raise ValueError(f"version {document['version']} is not known here")
        return State(
            scene=document["scene"],
            groups=tuple(_group(item) for item in document["groups"]),
            messages=tuple(_message(item) for item in document["messages"]),
            counted={str(name): int(count) for name, count in document["counted"].items()},
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{type(error).__name__}: {error}") from error


def _group(item: Json) -> SimGroup:
    parts = {
        "slicers": tuple(SimSlicer(**one) for one in item["slicers"]),
        "channels": tuple(SimChannel(**one) for one in item["channels"]),
        "allowed_owners": tuple(item["allowed_owners"]),
    }
    return SimGroup(**item | parts)


def _message(item: Json) -> Message:
    return Message(**item | {"blocks": tuple(item["blocks"])})
