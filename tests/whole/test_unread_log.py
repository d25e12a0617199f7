"""Whoever reads the log stops reading: the bot goes on, and nothing that it logged is lost."""

import fcntl
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from .conftest import Scene

CHANGE = "/failover set nba {mode} now because rehearsal {number}"
LINES = 60
"""Each of these typed lines is logged at least once, so that they are more than the pipe holds."""
PAGE = 4096

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="a pipe's size is set on Linux only"
)


@contextmanager
def unread(scene: Scene) -> Iterator[None]:
    """Until the end of the block nobody reads what the bot logs, and the pipe is full."""
    bot = scene.bot
    assert bot._process is not None
    assert bot._process.stderr is not None
    fcntl.fcntl(bot._process.stderr, fcntl.F_SETPIPE_SZ, PAGE)
    with bot._news:
        for number in range(LINES):
            assert scene.viewer.types(CHANGE.format(mode="flat", number=number)).ok
        yield


def test_presses_are_answered_and_changes_made(start: Callable[..., Scene]) -> None:
    scene = start()
    with unread(scene):
        assert scene.operator.types("/failover help").ok
        for number, mode in enumerate(("prioritized", "flat")):
            assert scene.operator.types(CHANGE.format(mode=mode, number=number)).ok
            scene.shows(f"rehearsal {number}", "applied and verified")
        assert scene.bot.get("/readyz")[0] == 200
    scene.waits(lambda: scene.bot.log.count("configure is verified") == 2)
    assert scene.bot.log.count("configure is refused") == LINES
    assert re.search(r"lines of the log were lost", scene.bot.log) is None


def test_it_ends_in_time(start: Callable[..., Scene]) -> None:
    scene = start()
    with unread(scene):
        process = scene.bot._process
        assert process is not None
        process.terminate()
        assert process.wait(15) == 0
