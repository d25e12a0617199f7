"""The simulated workspace: plain state, changed under one lock, shown as JSON."""

from __future__ import annotations

from dataclasses import asdict, replace

from sandbox.slack import form as slack_form
from sandbox.slack import text as slack_text
from sandbox.slack.faults import FaultBoard
from sandbox.slack.journal import Journal
from sandbox.slack.model import (
    Channel,
    Json,
    Message,
    Person,
    SlackError,
    Team,
    UserGroup,
    View,
)
from sandbox.slack.moment import Moment
from sandbox.slack.tickets import Tickets
from sandbox.slack.untrusted import Foreign, Violation, pieces, violations
from sandbox.slack.views import Views

SCOPES = (
    "commands", "chat:write", "chat:write.public", "channels:read", "groups:read", "im:read",
    "channels:history", "groups:history", "im:history", "channels:join", "im:write",
    "users:read", "usergroups:read",
)  # fmt: skip


class SlackWorld:
    """Team, people, channels, messages, views, journal, faults and violations.

    ``escape_commands``, ``label_mentions`` and ``encode_entities`` choose how typed text reaches
    the bot; ``actors`` are the people whose mention is the bot's own doing; ``scopes`` is what its
    token may do. Hold ``changed`` to look at several parts at once.
    """

    def __init__(self, team: Team | None = None) -> None:
        self.team = team or Team()
        self.moment = Moment()
        self.changed = self.moment.changed
        self.people: dict[str, Person] = {}
        self.channels: dict[str, Channel] = {}
        self.usergroups: dict[str, UserGroup] = {}
        self._messages: dict[str, dict[str, Message]] = {}
        self.views = Views(self.moment, self._draw_view)
        self.tickets = Tickets(self.moment)
        self.journal = Journal(self.moment)
        self.faults = FaultBoard(self.moment)
        self.foreign = ForeignTexts(self)
        self.violations: list[Violation] = []
        self.actors: set[str] = set()
        self.scopes = set(SCOPES)
        self.escape_commands = True
        self.label_mentions = False
        self.encode_entities = False
        self.usergroups_allowed = True
        self.add_person(Person(self.team.bot_user, "failover", is_bot=True))

    def add_person(self, person: Person) -> Person:
        """Add or replace a member."""
        with self.changed:
            self.people[person.id] = person
            self.changed.notify_all()
            return person

    def add_channel(self, channel: Channel) -> Channel:
        """Add or replace a channel; the bot is a member where its user id is in ``members``."""
        with self.changed:
            self.channels[channel.id] = channel
            self.changed.notify_all()
            return channel

    def add_usergroup(self, group: UserGroup) -> UserGroup:
        """Add or replace a user group."""
        with self.changed:
            self.usergroups[group.id] = group
            self.changed.notify_all()
            return group

    def direct_channel(self, user: str) -> Channel:
        """The conversation of ``user`` with the bot, opened when there is none."""
        with self.changed:
            ident = "D" + user[1:]
            if ident not in self.channels:
                members = frozenset({user, self.team.bot_user})
                self.add_channel(Channel(ident, "directmessage", members, True, False, True))
            return self.channels[ident]

    def post(self, message: Message, parse: str = "client") -> Message:
        """Store a message (its ``ts`` is given here when empty) and look for live foreign text."""
        with self.changed:
            kept = self._drawn(replace(message, ts=message.ts or self.moment.next_ts()))
            self._messages.setdefault(kept.channel, {})[kept.ts] = kept
            self._inspect(kept, parse)
            self.changed.notify_all()
            return kept

    def replace_message(self, message: Message, parse: str = "client") -> Message:
        """Store a new version of a message that is still there; raises ``message_not_found``."""
        with self.changed:
            old = self.message(*message.key)
            if old is None:
                raise SlackError("message_not_found")
            blocks = tuple(slack_form.with_ids(message.blocks, self.moment.next_id))
            values = slack_form.carried(old.blocks, message.values, blocks)
            return self.post(replace(message, blocks=blocks, values=values), parse)

    def remove_message(self, channel: str, ts: str) -> None:
        """Delete a message for everybody."""
        with self.changed:
            self._messages.get(channel, {}).pop(ts, None)
            self.changed.notify_all()

    def message(self, channel: str, ts: str) -> Message | None:
        """One message, ephemeral ones too."""
        with self.changed:
            return self._messages.get(channel, {}).get(ts)

    def messages(self, channel: str) -> list[Message]:
        """What everybody in ``channel`` sees, oldest first."""
        with self.changed:
            return [m for m in self._messages.get(channel, {}).values() if not m.viewer]

    def private_messages(self, user: str) -> list[Message]:
        """What is for ``user`` alone, ephemeral or the bot's in their DM, oldest first."""
        with self.changed:
            direct = "D" + user[1:]
            found = [
                message
                for channel in self._messages.values()
                for message in channel.values()
                if message.viewer == user
                or (message.channel == direct and not message.viewer and message.author != user)
            ]
            return sorted(found, key=lambda message: message.ts)

    def forget_ephemeral(self, user: str) -> None:
        """What a reload of the client does: ephemeral messages are gone."""
        with self.changed:
            for message in self.private_messages(user):
                if message.is_ephemeral:
                    self.remove_message(message.channel, message.ts)

    def names(self) -> dict[str, str]:
        """Ids of people, channels and user groups with the names people read."""
        with self.changed:
            people = {p.id: p.display or p.name for p in self.people.values()}
            channels = {c.id: c.name for c in self.channels.values()}
            return people | channels | {g.id: g.handle for g in self.usergroups.values()}

    def inspect_view(self, view: View) -> None:
        """Look for live foreign text in a view."""
        with self.changed:
            self._look(view.content, "none", f"view {view.id}")

    def snapshot(self) -> Json:
        """The whole state as JSON-ready data; tokens and secrets are not in it."""
        with self.changed:
            return {
                "team": asdict(self.team),
                "people": [asdict(p) for p in self.people.values()],
                "channels": [_channel_json(c) for c in self.channels.values()],
                "usergroups": [asdict(g) for g in self.usergroups.values()],
                "messages": [asdict(m) for c in self._messages.values() for m in c.values()],
                "views": [asdict(v) for v in self.views.by_id.values()],
                "stacks": self.views.stacks,
                "homes": self.views.homes,
                "triggers": [asdict(t) for t in self.tickets.triggers.values()],
                "response_urls": [asdict(r) for r in self.tickets.response_urls.values()],
                "calls": [asdict(c) for c in self.journal.calls()],
                "deliveries": [asdict(d) for d in self.journal.deliveries()],
                "connections_opened": self.journal.connections_opened,
                "faults": [asdict(f) for f in self.faults.listed()],
                "violations": [asdict(v) for v in self.violations],
                "scopes": sorted(self.scopes),
            }

    def _inspect(self, message: Message, parse: str) -> None:
        if message.author == self.team.bot_user:
            payload: Json = {"text": message.text, "blocks": list(message.blocks)}
            self._look(payload, parse, f"{message.via} {message.channel}/{message.ts}")

    def _look(self, payload: Json, parse: str, surface: str) -> None:
        for piece in pieces(payload, parse, surface):
            self.violations += violations(piece, self.foreign.texts(), self.actors)

    def _drawn(self, message: Message) -> Message:
        blocks = tuple(slack_form.with_ids(message.blocks, self.moment.next_id))
        values = message.values or slack_form.first_values(blocks)
        lines = slack_text.message_lines(message.text, blocks, self.names())
        return replace(message, blocks=blocks, values=values, shown="\n".join(lines))

    def _draw_view(self, view: View) -> str:
        lines = slack_text.view_lines(view.content, view.values, view.errors, self.names())
        return "\n".join([*lines, f"!! {view.warning}"] if view.warning else lines)


class ForeignTexts:
    """Texts that people typed or Uplynk supplied: they must stay dead wherever they appear."""

    def __init__(self, world: SlackWorld) -> None:
        self._world = world
        self._texts: dict[Foreign, None] = {}

    def add(self, text: str, author: str = "") -> None:
        """Register a text; ``author`` is the person who typed it."""
        with self._world.changed:
            self._world.actors |= {author} - {""}
            if text:
                self._texts[Foreign(text, author)] = None

    def texts(self) -> list[Foreign]:
        """All registered texts."""
        with self._world.changed:
            return list(self._texts)


def _channel_json(channel: Channel) -> Json:
    return {**asdict(channel), "members": sorted(channel.members)}
