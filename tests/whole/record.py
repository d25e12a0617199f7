"""The audit record as the tests ask for it: on the command line, and by hand where they tamper."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from typing import Any

from sandbox.bot_process import ROOT

from .conftest import Scene
from .database import everything_is_told


def types_in(scene: Scene, *words: str) -> subprocess.CompletedProcess[str]:
    """``python bot.py audit …`` with the bot's own settings, and in its folder."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "bot.py"), "audit", *words],
        cwd=scene.rig.folder,
        env={"PATH": os.environ["PATH"], **scene.rig._environment()},
        capture_output=True,
        text=True,
        timeout=50,
    )
    assert "Traceback" not in done.stderr
    for secret in scene.rig.secrets():
        assert secret not in done.stdout + done.stderr
    return done


def verifies(scene: Scene) -> str:
    done = types_in(scene, "verify")
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert done.stdout.startswith("The chain is whole: ")
    return done.stdout


def kept(scene: Scene) -> int:
    """How many entries there are, without a process of its own for the question."""
    with closing(sqlite3.connect(scene.rig.folder / "failover.db")) as database:
        return int(database.execute("SELECT count(*) FROM audit").fetchone()[0])


def exported(scene: Scene) -> list[dict[str, Any]]:
    """Every entry, once the chain is found to be whole and each message is known."""
    scene.waits(lambda: everything_is_told(scene.rig.folder))
    verifies(scene)
    done = types_in(scene, "export")
    assert done.returncode == 0
    assert "hooks.slack.com" not in done.stdout
    return [json.loads(line) for line in done.stdout.splitlines()]


def executes(scene: Scene, *statements: str) -> None:
    """Somebody changes the bot's database by hand."""
    with closing(sqlite3.connect(scene.rig.folder / "failover.db")) as database, database:
        for statement in statements:
            database.execute(statement)
