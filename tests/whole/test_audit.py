"""The audit record of the real bot, checked and taken out on the command line as anybody would."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from typing import Any

import pytest

from sandbox.bot_process import ROOT
from sandbox.rig import POLICY
from sandbox.slack.sample import ADMIN, APPROVER, OPERATOR, OUTSIDER, VIEWER
from sandbox.uplynk.faults import Fault, FaultKind
from sandbox.uplynk.routes import Endpoint
from sandbox.uplynk.scenes import NBA_FINALS

from .conftest import Scene, Start
from .record import exported, kept, types_in

CHANGE = "/failover set nba prioritized now because rehearsal"
VERIFIED = "applied and verified"
NO_VIEWERS = POLICY.replace('default_role = "viewer"', 'default_role = "none"')


def told(entries: list[dict[str, Any]]) -> list[tuple[str, str, str | None]]:
    """Kind, person and reason code of each entry but for the arrivals and the messages."""
    rest = (one for one in entries if one["kind"] not in ("accepted", "announced"))
    return [(one["kind"], one["who"]["id"], one["why"]) for one in rest]


def test_a_change_from_its_intent_to_its_message(scene: Scene) -> None:
    scene.operator.types(CHANGE)
    scene.shows(VERIFIED)
    scene.waits(lambda: kept(scene) == 4)
    entries = exported(scene)
    assert told(entries) == [("sending", OPERATOR, None), ("outcome", OPERATOR, None)]
    by_kind = {one["kind"]: one for one in entries}
    assert entries[0] is by_kind["accepted"]
    intent, outcome, announced = (by_kind[one] for one in ("sending", "outcome", "announced"))
    assert json.loads(announced["refs"]["message"]) == ["C0AUDIT", scene.card.ts]
    assert outcome["outcome"] == VERIFIED
    assert outcome["group"] == {"id": NBA_FINALS, "name": "NBA Finals"}
    assert (outcome["before"]["mode"], outcome["after"]["mode"]) == ("flat", "prioritized")
    assert intent["wanted"] == ["configure", "prioritized", None]
    assert intent["reason"] == "rehearsal"
    assert intent["refs"]["instance"].endswith(f":{scene.bot.pid}")
    assert intent["refs"]["change"] == outcome["refs"]["change"]


def test_every_kind_of_refusal_has_its_entry(http: Scene) -> None:
    http.viewer.types(CHANGE)
    http.hears(http.viewer, "operator")
    http.operator.types(CHANGE)
    http.shows(VERIFIED)
    http.operator.types(CHANGE)
    http.hears(http.operator, "already")
    http.operator.types("/failover set nbaaa flat now")
    http.hears(http.operator, "nbaaa")
    assert told(exported(http)) == [
        ("refused", VIEWER, "role"),
        ("sending", OPERATOR, None),
        ("outcome", OPERATOR, None),
        ("unchanged", OPERATOR, None),
        ("refused", OPERATOR, "no_such_group"),
    ]


def test_a_request_to_others_and_who_decided(start: Start) -> None:
    scene = start(policy=POLICY + '[[protect]]\ngroups = ["NBA*"]\n')
    scene.operator.types(CHANGE)
    scene.shows("waits for a second person")
    scene.viewer.presses("Approve", on=scene.card)
    scene.hears(scene.viewer, "role approver")
    scene.operator.presses("Approve", on=scene.card)
    scene.hears(scene.operator, "somebody else has to approve")
    scene.approver.presses("Decline…", on=scene.card)
    scene.waits(lambda: scene.approver.view)
    scene.approver.fills("Why not?", "not during the game")
    scene.approver.submits()
    scene.shows("declined")
    scene.operator.types(CHANGE)
    scene.shows("waits for a second person")
    scene.presses_card(scene.approver, "Approve")
    scene.shows(VERIFIED)
    entries = exported(scene)
    assert told(entries) == [
        ("asked", OPERATOR, None),
        ("attempt", VIEWER, "role"),
        ("attempt", OPERATOR, "own_request"),
        ("declined", APPROVER, "declined"),
        ("asked", OPERATOR, None),
        ("approved", APPROVER, None),
        ("sending", OPERATOR, None),
        ("outcome", OPERATOR, None),
    ]
    by_kind = {one["kind"]: one for one in entries}
    assert by_kind["declined"]["details"]["words"] == "not during the game"
    assert by_kind["declined"]["who"]["name"]
    (approver,) = by_kind["outcome"]["approvers"]
    assert approver[0] == APPROVER
    assert approver[1] == by_kind["declined"]["who"]["name"]


def test_a_change_that_stops_halfway(http: Scene) -> None:
    http.uplynk.faults.add(Fault(FaultKind.STATUS, status=400, endpoint=Endpoint.ACTIVATE))
    http.operator.types('/failover activate "Sports East" east-b')
    http.presses(http.operator, "Turn failback off and activate")
    http.presses(http.operator, "Apply")
    http.shows("stopped halfway")
    entries = exported(http)
    assert told(entries) == [
        ("refused", OPERATOR, "inapplicable"),
        ("sending", OPERATOR, None),
        ("sending", OPERATOR, None),
        ("outcome", OPERATOR, "rejected"),
    ]
    assert [len(one["writes"]) for one in entries if one["kind"] == "sending"] == [1, 2]
    assert entries[-1]["outcome"] == "stopped halfway"
    assert (entries[-1]["before"]["auto_failback"], entries[-1]["after"]["auto_failback"]) == (
        True,
        False,
    )


def test_a_lock_and_who_runs_into_it(http: Scene) -> None:
    http.operator.types("/failover lock nba because encoder work")
    http.shows("is locked")
    http.admin.types(CHANGE)
    http.hears(http.admin, "Rule lock")
    assert told(exported(http)) == [
        ("measure", OPERATOR, None),
        ("refused", ADMIN, "rule"),
    ]


def test_a_look_without_the_role(start: Start) -> None:
    scene = start(policy=NO_VIEWERS)
    scene.outsider.types("/failover list")
    scene.hears(scene.outsider, "viewer")
    scene.viewer.types("/failover history")
    scene.hears(scene.viewer, "viewer")
    entries = exported(scene)
    assert told(entries) == [("attempt", OUTSIDER, "role"), ("attempt", VIEWER, "role")]
    assert [one["details"]["at"] for one in entries] == ["list", "history"]


def test_the_export_as_a_table_and_to_a_file(http: Scene) -> None:
    http.operator.types("/failover set nba prioritized now because =HYPERLINK(1)")
    http.shows(VERIFIED)
    entries = exported(http)
    path = http.rig.folder / "audit.csv"
    done = types_in(http, "export", "--format", "csv", "--output", str(path))
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "4 entries written\n"
    assert path.stat().st_mode & 0o777 == 0o600
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))
    assert [row["hash"] for row in rows] == [one["hash"] for one in entries]
    assert {row["reason"] for row in rows} == {"'=HYPERLINK(1)"}
    assert rows[0]["who"] == OPERATOR
    middle = entries[1]["at"]
    part = types_in(http, "export", "--since", middle, "--until", entries[2]["at"])
    assert [json.loads(line)["n"] for line in part.stdout.splitlines()] == [2]
    later = types_in(http, "export", "--since", "2100-01-01T00:00:00+02:00")
    assert (later.returncode, later.stdout) == (0, "")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "usage: python bot.py audit"),
        (("verified",), "invalid choice"),
        (("verify", "--since", "2026-01-01T00:00:00Z"), "unrecognized arguments"),
        (("export", "--since", "yesterday"), "no moment such as 2026-03-01T18:00:00Z"),
        (("export", "--since", "2026-01-01"), "no moment such as"),
        (("export", "--until", "2026-13-01T00:00:00Z"), "no moment such as"),
        (("export", "--format", "xml"), "invalid choice"),
    ],
)
def test_what_is_not_understood(tmp_path: Any, words: tuple[str, ...], said: str) -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "bot.py"), "audit", *words],
        cwd=tmp_path, env={}, capture_output=True, text=True, timeout=50,
    )  # fmt: skip
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_settings_are_asked_for_by_name(tmp_path: Any) -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "bot.py"), "audit", "verify"],
        cwd=tmp_path, env={}, capture_output=True, text=True, timeout=50,
    )  # fmt: skip
    assert done.returncode == 2
    assert re.search("^SLACK_BOT_TOKEN", done.stderr, re.MULTILINE)


def test_a_database_that_is_not_there_is_not_made(http: Scene) -> None:
    http.bot.stop()
    path = http.rig.folder / "failover.db"
    path.unlink()
    done = types_in(http, "verify")
    assert done.returncode == 2
    assert done.stderr.startswith("DATABASE_URL: there is no such database")
    assert not path.exists()
    path.write_text("")
    empty = types_in(http, "verify")
    assert empty.returncode == 1
    assert "The audit record could not be read" in empty.stderr


def test_whoever_stops_reading_sees_no_traceback(http: Scene) -> None:
    http.operator.types(CHANGE)
    http.shows(VERIFIED)
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "w") as pipe:
        done = subprocess.run(
            [sys.executable, str(ROOT / "bot.py"), "audit", "export"],
            cwd=http.rig.folder, env={"PATH": os.environ["PATH"], **http.rig._environment()},
            stdout=pipe, stderr=subprocess.PIPE, text=True, timeout=50,
        )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr == ""
