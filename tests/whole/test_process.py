"""The process itself: start, stop, sudden death, readiness, wrong settings."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox.bot_process import ROOT
from sandbox.uplynk.faults import Fault, FaultKind, When
from sandbox.uplynk.scenes import NBA_FINALS

from .conftest import Scene, Start
from .freezing import freeze, thaw

CHANGE = "/failover set nba prioritized now because rehearsal"


def test_health_and_readiness(scene: Scene) -> None:
    assert scene.bot.get("/healthz") == (200, {"alive": True})
    status, told = scene.bot.get("/readyz")
    assert status == 200
    assert told["checks"] == {
        "database": "ok",
        "recovery": "done",
        "policy": "ok",
        "slack": "ok",
        "uplynk": "not asked yet",
        "clock": "ok",
        **({"slack link": "ok"} if scene.slack.hub.connections else {}),
    }


def test_slack_events_is_not_served_over_socket_mode(start: Start) -> None:
    assert start(socket_mode=True).bot.get("/slack/events")[0] == 404


def test_the_record_is_on_disk_before_the_write_arrives(http: Scene) -> None:
    seen: list[str] = []

    def look(stage: object, request: object) -> None:
        if str(stage).endswith("arrived") and getattr(request, "method", "") == "PATCH":
            with sqlite3.connect(http.rig.folder / "failover.db") as database:
                seen.extend(row[0] for row in database.execute("SELECT state FROM changes"))

    http.uplynk.hook = look
    http.operator.types(CHANGE)
    http.waits(lambda: "applied and verified" in http.channel)
    assert seen == ["sending"]


@pytest.mark.parametrize("applied", [When.BEFORE, When.AFTER])
def test_killed_in_the_middle_of_a_write(http: Scene, applied: When) -> None:
    http.uplynk.faults.add(Fault(FaultKind.HANG, applied, method="WRITE"))
    http.operator.types(CHANGE)
    http.waits(lambda: http.attempts() == 1 and "under way" in http.channel)
    http.bot.kill()
    http.rig.start_bot()
    word = "applied and verified" if applied is When.AFTER else "failed, nothing changed"
    http.waits(lambda: word in http.channel, 40)
    assert (http.world.group(NBA_FINALS).mode == "prioritized") == (applied is When.AFTER)
    assert http.attempts() == 1
    assert len(http.cards) == 1


def test_stopped_while_an_outcome_is_open(http: Scene) -> None:
    http.uplynk.faults.add(Fault(FaultKind.RESET, When.BEFORE, method="WRITE"))
    http.uplynk.faults.add(Fault(FaultKind.STATUS, status=503, method="GET", times=None, skip=2))
    http.operator.types(CHANGE)
    http.waits(lambda: "outcome unknown" in http.channel, 20)
    assert http.bot.stop() == 0
    http.uplynk.faults.clear()
    http.rig.start_bot()
    http.waits(lambda: "failed, nothing changed" in http.channel, 40)
    assert http.attempts() == 1


def test_a_frozen_bot_does_not_make_a_change_that_slack_reported_as_failed(http: Scene) -> None:
    freeze(http.bot.pid)
    try:
        delivery = http.operator.types(CHANGE)
        assert delivery.failure == "operation_timeout"
        with http.slack.world.changed:
            http.slack.world.changed.wait(3.5)
    finally:
        thaw(http.bot.pid)
    http.waits(lambda: "came too late and was not taken on" in http.bot.log)
    assert http.attempts() == 0
    assert http.cards == []


def test_wrong_settings_are_all_named_and_no_secret_is_shown(tmp_path: Path) -> None:
    settings = {
        "PATH": os.environ["PATH"],
        "SLACK_BOT_TOKEN": "canary-token",
        "UPLYNK_BASE_URL": "http://example.com",
        "UPLYNK_API_KEY": "canary-key",
    }
    done = subprocess.run(
        [sys.executable, str(ROOT / "bot.py")],
        env=settings,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert done.returncode == 2
    lines = done.stderr.strip().splitlines()
    named = {line.split()[0].rstrip(":") for line in lines}
    assert named == {
        "SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "UPLYNK_OWNER", "UPLYNK_BASE_URL",
        "FAILOVER_CHANNEL",
    }  # fmt: skip
    assert "canary" not in done.stderr


def test_no_secret_leaves_the_process(http: Scene) -> None:
    http.uplynk.faults.add(Fault(FaultKind.STATUS, status=500, method="WRITE"))
    http.operator.types(CHANGE)
    http.waits(lambda: "failed, nothing changed" in http.channel, 20)
    http.bot.stop()
    database = b"".join(path.read_bytes() for path in http.rig.folder.glob("failover.db*"))
    told = http.bot.log + http.channel + http.operator.sees()
    for secret in http.rig.secrets():
        assert secret not in told
        assert secret.encode() not in database
