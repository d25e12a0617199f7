"""manifest.json against the documented limits of Slack's app manifest; unknown keys are refused."""

import copy
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

TEXT = Path("manifest.json").read_text(encoding="utf-8")
MANIFEST = json.loads(TEXT)
Check = Callable[[Any], bool]


def text(low: int, high: int, pattern: str = r"(?s).*") -> Check:
    return lambda value: (
        isinstance(value, str)
        and low <= len(value) <= high
        and re.fullmatch(pattern, value) is not None
    )


def flag(value: Any) -> bool:
    return isinstance(value, bool)


def words(high: int, known: set[str]) -> Check:
    return lambda value: (
        isinstance(value, list) and len(value) == len(set(value)) <= high and set(value) <= known
    )


URL = text(1, 3500, r"https?://\S+")
SCOPES = {
    "bookmarks:write", "channels:history", "channels:join", "channels:read", "chat:write",
    "chat:write.public", "commands", "files:write", "groups:history", "groups:read", "im:write",
    "pins:write", "reactions:write", "usergroups:read", "users:read",
}  # fmt: skip
EVENTS = {"app_home_opened", "subteam_members_changed", "subteam_updated", "user_change"}

# The documented table (docs.slack.dev: app manifest reference; manifest schema 2.0.0). A list of
# one table stands for at most so many items of that shape.
TABLE: dict[str, Any] = {
    "_metadata": {"major_version": lambda value: value == 2},
    "display_information": {
        "name": text(1, 35),
        "description": text(1, 140),
        "long_description": text(175, 4000),
        "background_color": text(4, 7, r"#(?:[0-9a-fA-F]{3}){1,2}"),
    },
    "features": {
        "app_home": {
            "home_tab_enabled": flag,
            "messages_tab_enabled": flag,
            "messages_tab_read_only_enabled": flag,
        },
        "bot_user": {"display_name": text(1, 80, r"[\w .-]+"), "always_online": flag},
        "slash_commands": (
            50,
            {
                "command": text(2, 32, r"/[a-z0-9_-]+"),
                "description": text(1, 2000),
                "usage_hint": text(1, 1000),
                "should_escape": flag,
                "url": URL,
            },
        ),
        "shortcuts": (
            10,
            {
                "name": text(1, 24),
                "type": text(1, 7, "global|message"),
                "callback_id": text(1, 255),
                "description": text(1, 150),
            },
        ),
    },
    "oauth_config": {"scopes": {"bot": words(255, SCOPES)}},
    "settings": {
        "event_subscriptions": {"request_url": URL, "bot_events": words(100, EVENTS)},
        "interactivity": {
            "is_enabled": flag,
            "request_url": URL,
            "message_menu_options_url": URL,
        },
        "org_deploy_enabled": flag,
        "socket_mode_enabled": flag,
        "token_rotation_enabled": flag,
        "is_hosted": flag,
    },
}


def faults(value: Any, table: Any, path: str = "") -> list[str]:
    """The paths in a manifest that the table refuses."""
    if callable(table):
        return [] if table(value) else [path]
    if isinstance(table, tuple):
        most, shape = table
        if not isinstance(value, list) or len(value) > most:
            return [path]
        return [f for n, item in enumerate(value) for f in faults(item, shape, f"{path}[{n}]")]
    if not isinstance(value, dict):
        return [path]
    unknown = [f"{path}.{key}" for key in value if key not in table]
    known = [(key, item) for key, item in value.items() if key in table]
    return unknown + [f for key, item in known for f in faults(item, table[key], f"{path}.{key}")]


def test_manifest_keeps_the_documented_limits() -> None:
    assert faults(MANIFEST, TABLE) == []


BROKEN: list[tuple[str, Callable[[Any], Any]]] = [
    (".extra", lambda m: m.update(extra=1)),
    ("._metadata.major_version", lambda m: m["_metadata"].update(major_version=1)),
    (".display_information.name", lambda m: m["display_information"].update(name="x" * 36)),
    (
        ".display_information.description",
        lambda m: m["display_information"].update(description="x" * 141),
    ),
    (".features.app_home.tab", lambda m: m["features"]["app_home"].update(tab=True)),
    (
        ".features.slash_commands[0].command",
        lambda m: m["features"]["slash_commands"][0].update(command="failover"),
    ),
    (
        ".features.slash_commands[0].usage_hint",
        lambda m: m["features"]["slash_commands"][0].update(usage_hint="x" * 1001),
    ),
    (
        ".features.slash_commands",
        lambda m: m["features"].update(slash_commands=[{"command": "/a"}] * 51),
    ),
    (".oauth_config.scopes.bot", lambda m: m["oauth_config"]["scopes"]["bot"].append("admin")),
    (".oauth_config.scopes.bot", lambda m: m["oauth_config"]["scopes"]["bot"].append("commands")),
    (
        ".settings.interactivity.request_url",
        lambda m: m["settings"]["interactivity"].update(request_url="YOUR-HOST"),
    ),
    (".settings.is_hosted", lambda m: m["settings"].update(is_hosted="no")),
]


@pytest.mark.parametrize(("path", "breaking"), BROKEN)
def test_the_check_sees_what_is_wrong(path: str, breaking: Callable[[Any], Any]) -> None:
    broken = copy.deepcopy(MANIFEST)
    breaking(broken)
    assert faults(broken, TABLE) == [path]


def test_manifest_asks_for_what_the_bot_uses_and_no_more() -> None:
    assert set(MANIFEST["oauth_config"]["scopes"]["bot"]) == {
        "commands",
        "chat:write",
        "chat:write.public",
        "channels:read",
        "groups:read",
        "channels:history",
        "groups:history",
        "im:write",
        "users:read",
        "usergroups:read",
    }
    events = MANIFEST["settings"]["event_subscriptions"]["bot_events"]
    assert events == ["app_home_opened", "subteam_members_changed", "subteam_updated"]
    assert MANIFEST["features"]["app_home"]["home_tab_enabled"] is True


def test_every_address_is_the_one_that_the_bot_serves() -> None:
    addresses = re.findall(r"https?://[^\s\"]+", json.dumps(MANIFEST))
    assert set(addresses) == {"https://YOUR-HOST/slack/events"}
    assert len(addresses) == 4


def test_the_command_escapes_what_people_type() -> None:
    (command,) = MANIFEST["features"]["slash_commands"]
    assert command["command"] == "/failover"
    assert command["should_escape"] is True
    assert MANIFEST["settings"]["interactivity"]["is_enabled"] is True


def test_the_edit_that_the_readme_describes_makes_a_manifest_for_socket_mode() -> None:
    lines = TEXT.replace('"socket_mode_enabled": false', '"socket_mode_enabled": true').splitlines()
    kept = [line for line in lines if "YOUR-HOST" not in line]
    assert len(lines) - len(kept) == 4
    edited = json.loads("\n".join(kept))
    assert faults(edited, TABLE) == []
    assert edited["settings"]["socket_mode_enabled"] is True
    assert edited["settings"]["interactivity"] == {"is_enabled": True}
    assert edited["settings"]["event_subscriptions"].keys() == {"bot_events"}
    assert edited["features"]["slash_commands"][0]["command"] == "/failover"
