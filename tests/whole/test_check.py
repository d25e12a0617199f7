"""``python bot.py check`` as a process of its own between the two simulators, well and with each
fault.
"""

from __future__ import annotations

import os
import pty
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from sandbox.bot_process import ROOT
from sandbox.rig import API_KEY, OWNER, POLICY
from sandbox.slack.faults import Fault, FaultKind
from sandbox.slack.sample import AUDIT, sample_world
from sandbox.slack.server import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, SlackSimulator
from sandbox.uplynk.scenes import default_scene
from sandbox.uplynk.server import UplynkSimulator
from store import migrations
from store.engine import Database

NAMES = ["settings", "policy", "user groups", "database", "Slack token", "Slack scopes",
         "app token", "audit channel", "Uplynk", "clock"]  # fmt: skip
SECRETS = (BOT_TOKEN, SIGNING_SECRET, APP_TOKEN, OWNER, API_KEY)
COMMAND = [sys.executable, str(ROOT / "bot.py"), "check"]
NEEDED = """\
INSERT INTO changes (id, key, state, version, actor_id, received_at, document)
  VALUES ('a', 'a', 'verified', 1, 'U1', '2026-01-01T00:00:00.000000Z', '{}');
INSERT INTO notices (change_id, kind, due_at, wanted_at, attempts)
  VALUES ('a', 'card', '2026-01-01T00:00:00.000000Z', '2026-01-01T00:00:00.000000Z', 3);
"""


class Place:
    """Where a bot would run: its settings, its folder, and what it would talk to."""

    def __init__(self, folder: Path, slack: SlackSimulator, uplynk: UplynkSimulator) -> None:
        self.folder, self.slack, self.uplynk = folder, slack, uplynk
        self.write_policy(POLICY)
        self.settings = {
            "PATH": os.environ["PATH"],
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_APP_TOKEN": APP_TOKEN,
            "SLACK_SIGNING_SECRET": SIGNING_SECRET,
            "SLACK_API_URL": slack.api_url,
            "UPLYNK_OWNER": OWNER,
            "UPLYNK_API_KEY": API_KEY,
            "UPLYNK_BASE_URL": uplynk.base_url,
            "FAILOVER_CHANNEL": AUDIT,
        }

    def write_policy(self, text: str) -> None:
        (self.folder / "policy.toml").write_text(text)

    def checks(self, *arguments: str) -> tuple[int, list[tuple[str, str, str]]]:
        """The exit status, and of each line how it begins, what it is about, what it says."""
        done = subprocess.run(
            [*COMMAND, *arguments],
            env=self.settings,
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=50,
        )
        assert done.stderr == ""
        assert not [one for one in SECRETS if one in done.stdout]
        assert "\033" not in done.stdout
        rows = [
            (line[:5].strip(), line[7:21].strip(), line[23:]) for line in done.stdout.splitlines()
        ]
        return done.returncode, rows

    def wrong(self) -> dict[str, str]:
        """What a check finds wrong, by name; everything else was tried all the same."""
        status, rows = self.checks()
        found = {name: told for standing, name, told in rows if standing == "wrong"}
        assert status == (1 if found else 0)
        assert [name for standing, name, _ in rows if standing != "hint"] == NAMES
        return found


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    world = sample_world()
    with SlackSimulator(world) as slack:
        uplynk = UplynkSimulator(default_scene(owner=OWNER), OWNER, API_KEY)
        with uplynk:
            yield Place(tmp_path, slack, uplynk)


def test_all_is_well(place: Place) -> None:
    assert place.wrong() == {}
    told = {name: told for standing, name, told in place.checks()[1] if standing == "ok"}
    assert told["Slack token"] == "workspace Sandbox, as failover"
    assert told["Slack scopes"] == "all 10 of the manifest"
    assert told["audit channel"] == "#failover-audit, the bot is a member and can read it"
    assert told["Uplynk"].startswith("8 failover groups, listed in ")
    assert told["clock"] == "agrees with Slack's, agrees with Uplynk's"
    assert told["user groups"] == "1 in the policy, with members: 1"
    assert place.uplynk.world.journal.writes() == []


def _no_scope(place: Place) -> None:
    place.slack.world.scopes.discard("usergroups:read")


def _not_a_member(place: Place) -> None:
    world = place.slack.world
    channel = world.channels[AUDIT]
    world.add_channel(replace(channel, members=channel.members - {world.team.bot_user}))


def _archived(place: Place) -> None:
    world = place.slack.world
    world.add_channel(replace(world.channels[AUDIT], is_archived=True))


def _unread(place: Place) -> None:
    fault = Fault(FaultKind.ERROR, method="conversations.history", error="missing_scope")
    place.slack.fault(fault)


def _backlog(place: Place) -> None:
    assert place.wrong() == {}
    with closing(sqlite3.connect(place.folder / "failover.db")) as database:
        database.executescript(NEEDED)


def _uplynk_ahead(place: Place) -> None:
    place.uplynk.world.clock = lambda: time.time() + 600


def _uplynk_down(place: Place) -> None:
    place.uplynk.stop()


def _settings(**changed: str) -> Callable[[Place], None]:
    return lambda place: place.settings.update(changed)


def _policy(text: str) -> Callable[[Place], None]:
    return lambda place: place.write_policy(text)


GHOSTS = '[[grant]]\nrole = "operator"\nusergroups = ["S0GHOST"]\n'


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_policy("this is no policy"), {"policy": "policy.toml", "user groups": "not known"}),
        (_policy(GHOSTS), {"user groups": "Slack does not list S0GHOST (no_such_subteam)"}),
        (_settings(DATABASE_URL="sqlite:///missing/failover.db"),
         {"database": "takes no records"}),
        (_backlog, {"database": "1 messages have waited for more than 24 h"}),
        (_settings(SLACK_BOT_TOKEN="xoxb-somebody-elses"),
         {"user groups": "invalid_auth", "Slack token": "take SLACK_BOT_TOKEN",
          "Slack scopes": "not known", "audit channel": "not known"}),
        (_no_scope, {"Slack scopes": "missing: usergroups:read", "user groups": "missing_scope"}),
        (_settings(SLACK_APP_TOKEN="xapp-somebody-elses"), {"app token": "xapp-…"}),
        (_settings(FAILOVER_CHANNEL="C0NOWHERE"), {"audit channel": "Slack knows no C0NOWHERE"}),
        (_not_a_member, {"audit channel": "is not a member of #failover-audit: invite it there"}),
        (_archived, {"audit channel": "#failover-audit is archived"}),
        (_unread, {"audit channel": "cannot be read (missing_scope)"}),
        (_settings(UPLYNK_API_KEY="wrong-key-canary"), {"Uplynk": "check UPLYNK_OWNER"}),
        (_uplynk_down, {"Uplynk": "Unreachable (the connection was refused)"}),
        (_uplynk_ahead, {"Uplynk": "10 min behind Uplynk's: set this host's clock",
                         "clock": "10 min behind Uplynk's: set this host's clock"}),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_and_the_rest_is_tried(
    place: Place, spoil: Callable[[Place], None], said: dict[str, str]
) -> None:
    spoil(place)
    found = place.wrong()
    assert found.keys() == said.keys(), found
    for name, words in said.items():
        assert words in found[name]


def test_the_tables_of_an_older_bot_are_left_alone(place: Place) -> None:
    database = Database(f"sqlite:///{place.folder / 'failover.db'}")
    with database.writing() as connection:
        migrations.upgrade(connection, "0002")
    (told,) = (told for _, name, told in place.checks()[1] if name == "database")
    assert "with tables of version 0002: the next start of the bot brings" in told
    assert database.version()[0] == "0002"
    database.close()


def test_a_pattern_that_hits_nothing_is_a_hint(place: Place) -> None:
    place.write_policy(POLICY + '\n[[protect]]\ngroups = ["final-*", "nba*"]\n')
    status, rows = place.checks()
    assert status == 0
    hint = "\u201cfinal-*\u201d under [[protect]] matches no group"
    assert [told for standing, name, told in rows if (standing, name) == ("hint", "policy")] == [
        hint
    ]


def test_scopes_that_nobody_needs_are_a_hint(place: Place) -> None:
    _, rows = place.checks()
    told = {name: told for standing, name, told in rows if standing == "hint"}
    assert told == {"Slack scopes": "not needed: channels:join, im:history, im:read"}


def test_wrong_settings_are_all_named(place: Place) -> None:
    place.settings |= {"SLACK_BOT_TOKEN": "canary", "PORT": "canary"}
    del place.settings["UPLYNK_OWNER"]
    status, rows = place.checks()
    assert status == 2
    assert {standing for standing, _, _ in rows} == {"wrong"}
    assert [told.split()[0] for _, _, told in rows] == ["SLACK_BOT_TOKEN", "UPLYNK_OWNER", "PORT"]
    assert "canary" not in str(rows)


@pytest.mark.parametrize("arguments", [["check", "it"], ["chekc"], ["--help"]])
def test_bad_usage(place: Place, arguments: list[str]) -> None:
    done = subprocess.run(
        [*COMMAND[:-1], *arguments],
        env=place.settings,
        cwd=place.folder,
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("usage: python bot.py")


@pytest.mark.parametrize(("more", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False)])
def test_colour_is_for_terminals(place: Place, more: dict[str, str], coloured: bool) -> None:
    ours, theirs = pty.openpty()
    try:
        process = subprocess.Popen(
            COMMAND, env={**place.settings, **more}, cwd=place.folder, stdout=theirs
        )
        os.close(theirs)
        told = b""
        while piece := _read(ours):
            told += piece
        assert process.wait(30) == 0
    finally:
        os.close(ours)
    assert b"clock" in told
    assert (b"\033[32mok" in told) is coloured


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # how a terminal ends on Linux
        return b""
