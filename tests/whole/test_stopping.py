"""A clean stop: what is under way is finished and told, and nobody can cut that short."""

import ctypes
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sandbox.uplynk.faults import Fault, FaultKind, When
from sandbox.uplynk.scenes import NBA_FINALS

from .conftest import Scene

CHANGE = "/failover set nba prioritized now because rehearsal"
LONG_WRITE_SECONDS = 7.0
PATIENT = {"UPLYNK_READ_TIMEOUT_SECONDS": "11"}


@pytest.mark.parametrize("socket_mode", [False, True], ids=["http", "socket"])
def test_a_write_under_way_is_finished_and_told(
    start: Callable[..., Scene], socket_mode: bool
) -> None:
    scene = start(socket_mode=socket_mode, settings=PATIENT)
    scene.uplynk.faults.add(
        Fault(FaultKind.DELAY, When.BEFORE, seconds=LONG_WRITE_SECONDS, method="WRITE", times=1)
    )
    scene.operator.types(CHANGE)
    scene.waits(lambda: scene.attempts() == 1)
    pid = scene.bot.pid
    os.kill(pid, signal.SIGTERM)
    scene.waits(lambda: "stopping" in scene.bot.log)
    for number in (signal.SIGTERM, signal.SIGINT):
        os.kill(pid, number)
    assert scene.bot.stop() == 0
    assert "applied and verified" in scene.channel
    assert "applied and verified" in scene.told(scene.operator)
    assert scene.world.group(NBA_FINALS).mode == "prioritized"
    assert scene.attempts() == 1
    assert "work was left" not in scene.bot.log


@pytest.mark.skipif(sys.platform != "linux", reason="a thread is sent a signal on Linux only")
def test_a_signal_that_wakes_the_wrong_thread_is_heard(http: Scene) -> None:
    pid = http.bot.pid
    threads = sorted(int(task.name) for task in Path(f"/proc/{pid}/task").iterdir())
    assert threads[0] == pid
    assert ctypes.CDLL(None).tgkill(pid, threads[-1], signal.SIGTERM) == 0
    http.waits(lambda: "stopping" in http.bot.log)
    assert http.bot._wait(http.bot._running(), 20) == 0
