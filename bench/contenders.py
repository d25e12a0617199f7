"""The bot and the floors as processes, each in a world of its own."""

import asyncio
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

from bench import floor_script
from bench.loopback_tls import trust
from bench.payloads import SIGNING_SECRET, command
from bench.wire import Answer, Line
from bench.world import API_KEY, NAMED, OWNER, USERGROUP, World
from sandbox.bot_process import ROOT, BotProcess

POLICY = f"""
[[grant]]
role = "operator"
users = ["{NAMED}"]

[[grant]]
role = "operator"
usergroups = ["{USERGROUP}"]

[limits]
cooldown_seconds = 0
"""
SECRETS = {"SLACK_BOT_TOKEN": "xoxb-bench", "SLACK_SIGNING_SECRET": SIGNING_SECRET}
SETTINGS = SECRETS | {"GROUPS_CACHE_SECONDS": "300"}


@dataclass(frozen=True, slots=True)
class Contender:
    """A running process: where it answers, and the world that it talks to."""

    world: World
    pid: int
    port: int
    line: Line
    started: float
    """``time.perf_counter`` when the process was started."""

    async def types(self, text: str, user: str = NAMED) -> Answer:
        """A typed command, on the one open connection."""
        return await self.line.ask(command(self.world, text, user))


@asynccontextmanager
async def bot(groups: int = 10, *, tls: bool = False) -> AsyncIterator[Contender]:
    """The real bot; ``tls``: between it and Slack."""
    world = World(groups)
    await world.start(tls=tls)
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "policy.toml").write_text(POLICY, encoding="utf-8")
        process = BotProcess(SETTINGS | world.settings | trust(folder), folder)
        started = time.perf_counter()
        await asyncio.to_thread(process.start)
        port = int(process.url.rpartition(":")[2])
        line = Line(port)
        try:
            yield Contender(world, process.pid, port, line, started)
        finally:
            line.close()
            world.release()
            await asyncio.to_thread(process.stop)


@asynccontextmanager
async def floor(module: str, *, tls: bool = False) -> AsyncIterator[Contender]:
    """A floor that serves Slack: the module's name in this package."""
    world = World(10)
    await world.start(tls=tls)
    with TemporaryDirectory() as folder:
        started = time.perf_counter()
        process = _spawn(module, [], world, folder)
        try:
            port = await asyncio.to_thread(_port, process)
            line = Line(port)
            yield Contender(world, process.pid, port, line, started)
        finally:
            process.kill()
            _reap(process)


@asynccontextmanager
async def bare_changes() -> AsyncIterator[tuple[World, IO[str]]]:
    """The floor of a change without Slack: takes ``GROUP_ID MODE`` lines on standard input."""
    world = World(10)
    await world.start()
    with TemporaryDirectory() as folder:
        process = _spawn("floor_inline", ["alone"], world, folder)
        try:
            await asyncio.to_thread(_port, process)
            assert process.stdin is not None
            yield world, process.stdin
        finally:
            process.kill()
            _reap(process)


async def run_script(world: World, group_id: str, mode: str) -> float:
    """Start the vendor's script; seconds until its PATCH arrived."""
    patch = world.expect("PATCH")
    path = str(floor_script.__file__)
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        sys.executable, path, world.uplynk.url, group_id, mode, OWNER, API_KEY, env={}
    )
    heard = await patch
    await process.wait()
    return heard.at - began


def _spawn(module: str, arguments: list[str], world: World, folder: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", f"bench.{module}", *arguments],
        env=SECRETS | world.settings | trust(Path(folder)) | {"PYTHONPATH": str(ROOT)},
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _port(process: "subprocess.Popen[str]") -> int:
    assert process.stdout is not None
    return int(process.stdout.readline())


def _reap(process: "subprocess.Popen[str]") -> None:
    process.wait()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            stream.close()
