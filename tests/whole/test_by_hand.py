"""The way in for when Slack is down: the command line beside the running bot, or without it."""

import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from sandbox.bot_process import ROOT
from sandbox.rig import POLICY
from sandbox.slack.faults import Fault as SlackFault
from sandbox.slack.faults import FaultKind as SlackFaultKind
from sandbox.slack.sample import ADMIN, OPERATOR, VIEWER
from sandbox.uplynk.faults import Fault, FaultKind
from sandbox.uplynk.scenes import NBA_FINALS

from .conftest import Scene, Start

DOWN = SlackFault(SlackFaultKind.DROP_BEFORE, times=None)
SET = ("set", "NBA Finals", "prioritized", "failback", "on", "now", "because", "Slack is away")
PROTECT = """
[[protect]]
groups = ["NBA*"]
"""


@contextmanager
def slack_down(scene: Scene) -> Iterator[None]:
    """Nothing that the bot asks of Slack is answered."""
    scene.slack.fault(DOWN)
    yield
    scene.slack.world.faults.clear()


def test_a_change_is_made_verified_and_announced(http: Scene) -> None:
    done = http.bot.says("change", "--as", ADMIN, *SET)
    assert (done.returncode, done.stderr) == (0, "")
    assert "NBA FINALS: APPLIED AND VERIFIED" in done.stdout
    assert "flat → prioritized, auto failback on" in done.stdout
    assert http.world.group(NBA_FINALS).mode == "prioritized"
    card = http.shows("applied and verified", "Slack is away")
    assert "@Admin, named on the command line by " in card
    assert "(command line):" in http.card.text
    assert http.attempts() == 1
    assert http.told(http.admin) == ""


def test_it_is_in_the_history_and_can_be_undone_in_slack(http: Scene) -> None:
    http.bot.says("change", "--as", ADMIN, *SET)
    http.presses_card(http.admin, "Undo…")
    http.presses(http.admin, "Apply")
    http.waits(lambda: http.world.group(NBA_FINALS).mode == "flat")


def test_undo_takes_back_what_was_done_in_slack(http: Scene) -> None:
    http.admin.types('/failover set "NBA Finals" prioritized now')
    http.shows("applied and verified")
    done = http.bot.says("undo", "--as", ADMIN, "NBA Finals", "now", "because", "wrong group")
    assert done.returncode == 0
    assert http.world.group(NBA_FINALS).mode == "flat"
    http.shows("undo:", "wrong group")


def test_status_shows_one_group_or_all(http: Scene) -> None:
    assert "NBA FINALS" in http.bot.says("status", "nba").stdout
    everything = http.bot.says("status").stdout
    assert "NBA Finals: flat" in everything
    assert "Sports West: prioritized" in everything
    nobody = http.bot.says("status", "xyzzy")
    assert nobody.returncode == 1
    assert "There is no failover group of this name or ID" in nobody.stderr


def test_while_slack_is_down_the_announcement_waits_for_it(http: Scene) -> None:
    with slack_down(http):
        done = http.bot.says("change", "--as", ADMIN, *SET)
        assert done.returncode == 0
        assert "APPLIED AND VERIFIED" in done.stdout
        assert "could not be told yet" in done.stderr
        assert http.cards == []
    http.shows("applied and verified", "Slack is away")
    assert len(http.cards) == 1


def test_the_bot_that_starts_later_catches_up(http: Scene) -> None:
    http.bot.stop()
    with slack_down(http):
        assert http.bot.says("change", "--as", ADMIN, *SET).returncode == 0
    http.rig.start_bot()
    http.shows("applied and verified")
    assert (len(http.cards), http.attempts()) == (1, 1)


@pytest.mark.parametrize("person", [VIEWER, "U0NOBODY"])
def test_whoever_lacks_the_role_in_slack_lacks_it_here(http: Scene, person: str) -> None:
    done = http.bot.says("change", "--as", person, *SET)
    assert done.returncode == 1
    assert "role operator" in done.stderr
    assert http.attempts() == 0


def test_a_role_by_user_group_is_read_live_and_refused_where_slack_is_down(http: Scene) -> None:
    with slack_down(http):
        done = http.bot.says("change", "--as", OPERATOR, *SET)
    assert done.returncode == 1
    assert http.attempts() == 0
    assert "Nothing was sent" in done.stderr
    assert http.bot.says("change", "--as", OPERATOR, *SET).returncode == 0


def test_a_protected_group_waits_for_a_second_person(start: Start) -> None:
    scene = start(policy=POLICY + PROTECT)
    done = scene.bot.says("change", "--as", OPERATOR, *SET)
    assert done.returncode == 0
    assert scene.attempts() == 0
    scene.presses_card(scene.approver, "Approve")
    scene.shows("applied and verified")
    assert scene.attempts() == 1


def test_an_unclear_outcome_is_told_as_such(http: Scene) -> None:
    http.uplynk.faults.add(Fault(FaultKind.STATUS, method="PATCH", status=500))
    done = http.bot.says("change", "--as", ADMIN, *SET)
    assert done.returncode == 1
    assert "FAILED, NOTHING CHANGED" in done.stderr
    http.shows("failed, nothing changed")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("change",), "--as"),
        (("change", "--as", "bob", "set nba flat now"), "Slack user ID"),
        (("change", "--as", ADMIN, "sett nba flat now"), "Did you mean"),
        (("change", "--as", ADMIN, "list"), "no command that changes"),
        (("change", "--as", ADMIN, "set sports-* flat now"), "one group at a time"),
        (("change", "--as", ADMIN, "set nba flat"), "There is no terminal"),
        (("status", "\t"), ""),
        (("serve",), "usage"),
    ],
)
def test_what_is_not_understood_changes_nothing(
    http: Scene, words: tuple[str, ...], told: str
) -> None:
    done = http.bot.says(*words)
    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert http.attempts() == 0


def test_a_database_that_is_not_the_bots_is_refused_and_not_made(http: Scene) -> None:
    elsewhere = http.rig.folder / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "policy.toml").write_text(POLICY)
    done = http.bot.says("change", "--as", ADMIN, *SET, folder=elsewhere)
    assert done.returncode == 2
    assert "there is no such database" in done.stderr
    assert not list(elsewhere.glob("*.db"))
    assert http.attempts() == 0


def test_an_empty_name_undoes_nothing(http: Scene) -> None:
    http.admin.types('/failover set "NBA Finals" prioritized now')
    http.shows("applied and verified")
    assert http.bot.says("undo", "--as", ADMIN, "", "now").returncode == 2
    assert http.attempts() == 1


@pytest.mark.parametrize(("word", "status", "writes"), [("yes", 0, 1), ("no", 1, 0)])
def test_at_a_terminal_the_preview_is_shown_and_confirmed(
    http: Scene, word: str, status: int, writes: int
) -> None:
    ours, theirs = pty.openpty()
    command = [sys.executable, str(ROOT / "bot.py"), "change", "--as", ADMIN, "set nba prioritized"]
    with subprocess.Popen(
        command,
        env=http.bot.environment,
        cwd=http.rig.folder,
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        os.write(ours, f"{word}\n".encode())
        told, _ = process.communicate(timeout=30)
    os.close(ours)
    os.close(theirs)
    assert "CHANGE NBA FINALS?" in told
    assert "If the active one dies" in told
    assert process.returncode == status
    assert http.attempts() == writes
