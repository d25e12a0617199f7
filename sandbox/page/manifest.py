"""What the app's manifest tells Slack's client: its name, its commands, which tabs it has."""

import json
from dataclasses import dataclass
from pathlib import Path

MANIFEST = Path(__file__).resolve().parents[2] / "manifest.json"


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command as the composer offers it."""

    command: str
    description: str
    usage_hint: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """``read_only``: people cannot write in the Messages tab; ``events``: what the bot is told."""

    bot: str
    commands: tuple[Command, ...]
    read_only: bool
    events: frozenset[str]

    def has_command(self, word: str) -> bool:
        """Whether a line that starts with this word reaches the app."""
        return any(word == one.command for one in self.commands)


def read_manifest(path: Path = MANIFEST) -> Manifest:
    """The manifest in that file; raises what a missing or malformed one raises."""
    content = json.loads(path.read_text(encoding="utf-8"))
    features = content["features"]
    home = features.get("app_home", {})
    subscriptions = content["settings"].get("event_subscriptions", {})
    return Manifest(
        bot=features["bot_user"]["display_name"],
        commands=tuple(
            Command(one["command"], one["description"], one.get("usage_hint", ""))
            for one in features["slash_commands"]
        ),
        read_only=bool(home.get("messages_tab_read_only_enabled")),
        events=frozenset(subscriptions.get("bot_events", ())),
    )
