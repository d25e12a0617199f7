"""What a real bot leaves behind while things go wrong: no credential, and whole lines of a log."""

import json
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from sandbox import bot_process
from sandbox.rig import API_KEY, Rig
from sandbox.uplynk.faults import Fault, FaultKind
from sandbox.uplynk.scenes import NBA_FINALS

from .canaries import forms, found_in
from .conftest import QUICK, Scene
from .reading import page

CHANGE = "/failover set nba prioritized now because rehearsal"
ECHO = '{"message": "bad credentials: $MSG $SIG, query $QUERY"}'
POLITE = {"level", "logger", "time", "message", "instance", "change", "group", "error"}


@contextmanager
def running(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, style: str, socket_mode: bool
) -> Iterator[Scene]:
    """A bot that logs everything it can, its standard output kept in a file."""
    popen = subprocess.Popen

    def kept(arguments: list[str], **given: Any) -> Any:
        with (tmp_path / "stdout").open("ab") as out:
            return popen(arguments, **given | {"stdout": out})

    monkeypatch.setattr(bot_process.subprocess, "Popen", kept)
    settings = {**QUICK, "LOG_LEVEL": "DEBUG", "LOG_FORMAT": style}
    with Rig(socket_mode=socket_mode, settings=settings) as rig:
        yield Scene(rig)


def main_job(scene: Scene) -> None:
    scene.operator.types(CHANGE)
    scene.shows("applied and verified")
    scene.hears(scene.operator, "applied and verified")


def refused(scene: Scene) -> None:
    scene.viewer.types("/failover set nba flat now because whim")
    scene.hears(scene.viewer, "operator")


def echoed(scene: Scene) -> None:
    scene.uplynk.faults.add(Fault(FaultKind.STATUS, status=401, method="WRITE", body=ECHO))
    scene.operator.types("/failover set nba flat now because echo")
    scene.shows("failed, nothing changed")
    scene.hears(scene.operator, "failed, nothing changed")


def crashed(scene: Scene) -> None:
    """What a preview was kept as has become a secret, which the exception then tells."""
    scene.operator.types("/failover set nba flat because crash")
    scene.hears(scene.operator, "[Apply]")
    with closing(sqlite3.connect(scene.rig.folder / "failover.db")) as database, database:
        spoilt = "json_set(document, '$.change[1]', ?)"
        update = f"UPDATE changes SET document = {spoilt} WHERE state = 'shown'"
        assert database.execute(update, (API_KEY,)).rowcount == 1
    scene.presses(scene.operator, "Apply")
    scene.waits(lambda: "unforeseen, reference" in scene.bot.log)


def traces(scene: Scene, out: Path) -> dict[str, bytes]:
    """Everything that the bot has left so far, by where."""
    slack = scene.slack.world
    calls = [repr((call.method, call.arguments)) for call in slack.journal.calls()]
    folder = scene.rig.folder
    return {
        "stderr": scene.bot.log.encode(),
        "stdout": out.read_bytes(),
        "database": b"".join(path.read_bytes() for path in sorted(folder.glob("failover.db*"))),
        "slack": "\n".join(calls).encode() + scene.channel.encode(),
        "command line": Path(f"/proc/{scene.bot.pid}/cmdline").read_bytes(),
        "figures": page(scene.bot).encode(),
    }


@pytest.mark.parametrize("socket_mode", [False, True], ids=["http", "socket"])
@pytest.mark.parametrize("style", ["text", "json"])
def test_nothing_that_the_bot_leaves_holds_a_credential(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, style: str, socket_mode: bool
) -> None:
    with running(tmp_path, monkeypatch, style, socket_mode) as scene:
        for happening in (main_job, refused, echoed):
            happening(scene)
        stored = traces(scene, tmp_path / "stdout")["database"]
        crashed(scene)
        left = traces(scene, tmp_path / "stdout") | {"database": stored}
        secrets = scene.rig.secrets()
        tickets = scene.slack.world.tickets
        private = [*tickets.triggers, *(f"/{ident}" for ident in tickets.response_urls)]
        assert private
        assert scene.bot.stop() == 0
        left["stderr"] += scene.bot.log.encode()
    found = {where: found_in(text, secrets) for where, text in left.items()}
    assert found == {where: [] for where in left}
    assert [one for one in private if one.encode() in left["stderr"]] == []
    for words in (b"rehearsal", b"whim", b"echo"):
        assert words not in left["stderr"], "nobody's reason belongs in the log"
    assert b"Traceback" in left["stderr"]
    assert b"'***' is not a valid Mode" in left["stderr"]
    assert left["stdout"] == b""


def test_json_lines_are_whole_and_name_the_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(tmp_path, monkeypatch, "json", False) as scene:
        main_job(scene)
        refused(scene)
        echoed(scene)
        pid = scene.bot.pid
        with closing(sqlite3.connect(scene.rig.folder / "failover.db")) as database:
            rows = database.execute("SELECT id, group_id, state FROM changes").fetchall()
        assert scene.bot.stop() == 0
        lines = [json.loads(line) for line in scene.bot.log.splitlines()]
    assert {state for *_, state in rows} == {"verified", "refused", "failed"}
    for line in lines:
        assert line.keys() <= POLITE
        assert line["time"].endswith("Z")
        assert line["instance"].endswith(f":{pid}")
    for change, group, state in rows:
        mine = [line for line in lines if line.get("change") == change]
        assert mine[0]["message"] == "configure is received"
        assert any(line["message"].startswith(f"configure is {state}") for line in mine)
        assert {line["group"] for line in mine if "group" in line} <= {group}
    failed = next(change for change, _, state in rows if state == "failed")
    warned = [line for line in lines if line["level"] == "WARNING" and line.get("change") == failed]
    (write,) = (line for line in warned if line["message"].startswith("write to group"))
    assert write["group"] == NBA_FINALS
    ids = {change for change, *_ in rows}
    told = [line for line in lines if any(one in line["message"] for one in ids)]
    assert all("change" in line for line in told)


def test_the_search_finds_what_it_is_for() -> None:
    secret = "sandbox-key+/é"
    for form in forms(secret):
        assert found_in(b"before " + form + b" after", [secret, "another-secret"]) == [secret]
    assert found_in(b"before after", [secret]) == []
