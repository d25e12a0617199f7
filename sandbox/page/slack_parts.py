"""The Slack side as one person sees it: people, channels, messages, the modal, the Home tab."""

from collections.abc import Iterator
from functools import partial

from failover.grammar import ROWS
from sandbox.page.manifest import Manifest
from sandbox.page.parts import Drawn, Json, Part, redrawn, texts_of
from sandbox.page.roster import roster
from sandbox.slack.model import Channel, Message, UserGroup, View
from sandbox.slack.sample import AUDIT, LIVEOPS, PRIVATE
from sandbox.slack.world import SlackWorld

SLACKBOT = "USLACKBOT"

_TOPICS = {
    LIVEOPS: "Where the shift works: type /failover here",
    AUDIT: "Every change is announced here, with its outcome",
    PRIVATE: "A private channel",
}


class SlackParts:
    """Draws what one person sees, and draws again only what has changed since."""

    def __init__(self, world: SlackWorld, person: str, manifest: Manifest) -> None:
        self._world = world
        self._person = person
        self._manifest = manifest
        self._direct = world.direct_channel(person).id
        self._drawn: Drawn = {}

    def texts(self, policy: str) -> dict[str, str]:
        """All parts as they are now; ``policy`` is the policy file's text."""
        with self._world.changed:
            parts = [*self._surroundings(policy), *self._messages(), *self._views()]
        self._drawn = redrawn(self._drawn, parts)
        return texts_of(self._drawn)

    def _surroundings(self, policy: str) -> Iterator[Part]:
        world, manifest = self._world, self._manifest
        people, groups = tuple(world.people.values()), tuple(world.usergroups.values())
        yield Part("people", (people, groups, policy), lambda: roster(people, groups, policy))
        channels = tuple(world.channels.values())
        yield Part("names", (people, channels, groups), lambda: self._names(channels, groups))
        mine = tuple(self._joined())
        yield Part("channels", mine, lambda: [self._channel_json(one) for one in mine])
        yield Part("commands", (), lambda: _commands(manifest))

    def _messages(self) -> Iterator[Part]:
        mine = [one.id for one in self._joined()]
        found = [message for ident in mine for message in self._world.messages(ident)]
        private = self._world.private_messages(self._person)
        found += [one for one in private if one.is_ephemeral and one.channel in mine]
        for message in sorted(found, key=lambda message: message.ts):
            key = f"message/{message.channel}/{message.ts}"
            yield Part(key, (message,), partial(message_json, message))

    def _views(self) -> Iterator[Part]:
        stack = tuple(self._world.views.stack(self._person))
        yield Part("modal", stack, lambda: [view_json(view) for view in stack])
        home = self._world.views.home(self._person)
        yield Part("home", (home,), lambda: view_json(home) if home else None)

    def _joined(self) -> Iterator[Channel]:
        for channel in self._world.channels.values():
            joined = self._person in channel.members and not channel.is_archived
            if joined and (not channel.is_im or channel.id == self._direct):
                yield channel

    def _channel_json(self, channel: Channel) -> Json:
        kind = "private" if channel.is_private else "channel"
        return {
            "id": channel.id,
            "name": self._manifest.bot if channel.is_im else channel.name,
            "kind": "dm" if channel.is_im else kind,
            "audit": channel.id == AUDIT,
            "topic": "What the bot tells you alone" if channel.is_im else _topic(channel),
            "read_only": channel.is_im and self._manifest.read_only,
        }

    def _names(self, channels: tuple[Channel, ...], groups: tuple[UserGroup, ...]) -> Json:
        world = self._world
        people = {one.id: one.display or one.name for one in world.people.values()}
        bot = {world.team.bot_user: self._manifest.bot, SLACKBOT: "Slackbot"}
        mine = [one for one in channels if self._person in one.members]
        return {
            "people": people | bot,
            "channels": {one.id: one.name for one in mine if not one.is_im},
            "usergroups": {group.id: group.handle for group in groups},
            "bot": world.team.bot_user,
            "team": world.team.name,
        }


def message_json(message: Message) -> Json:
    """A message for its readers; the app's metadata is not for them."""
    return {
        "ts": message.ts,
        "channel": message.channel,
        "author": message.author,
        "text": message.text,
        "blocks": list(message.blocks),
        "edited": message.edited,
        "ephemeral": message.is_ephemeral,
        "via": message.via,
        "values": message.values,
        "thread_ts": message.thread_ts,
    }


def view_json(view: View) -> Json:
    """A modal or Home tab for its owner; ``private_metadata`` is not for them."""
    content = view.content
    words = {key: (content.get(key) or {}).get("text") for key in ("title", "submit", "close")}
    return {
        "id": view.id,
        "hash": view.hash,
        "callback_id": content.get("callback_id", ""),
        **words,
        "blocks": view.blocks,
        "values": view.values,
        "errors": view.errors,
        "warning": view.warning,
        "notify_on_close": bool(content.get("notify_on_close")),
    }


def _commands(manifest: Manifest) -> Json:
    return [
        {
            "command": one.command,
            "description": one.description,
            "usage_hint": one.usage_hint,
            "examples": [f"{one.command} {text}".strip() for row in ROWS for text in row.examples],
        }
        for one in manifest.commands
    ]


def _topic(channel: Channel) -> str:
    return _TOPICS.get(channel.id, "")
