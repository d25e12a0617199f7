"""A full disk, and a database that can only be read: nothing is sent, and people hear of it.

The disk is filled in up to three ways: the system refuses to let the bot's files grow, which needs
no right and no tool; a small file system of its own is filled up; every write is answered with an
error by strace.
"""

import os
import resource
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from sandbox.bot_process import BotDied
from sandbox.uplynk.faults import Fault, FaultKind, When
from sandbox.uplynk.scenes import NBA_FINALS, SPORTS_WEST

from . import figures
from .figures import Figures
from .fleet import Fleet
from .ledgers import Finding, Kind
from .load import Diary
from .traps import CannotTraceError, Lines, why_no_tracing

TRIES = 5
UNRECORDED = "without a record nothing is sent"
Full = Callable[[Fleet], AbstractContextManager[None]]


@contextmanager
def no_growth(fleet: Fleet) -> Iterator[None]:
    """No file of the bot may be longer than a byte: whatever it writes to a file fails."""
    pid = fleet.bots[0].pid
    usual = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (1, usual[1]))
    yield
    resource.prlimit(pid, resource.RLIMIT_FSIZE, usual)


@contextmanager
def ballast(fleet: Fleet) -> Iterator[None]:
    """The file system that the database is on is filled up to its last byte."""
    path = fleet.home / "ballast"
    with path.open("wb", buffering=0) as file:
        for size in (65536, 512, 1):
            _fills(file.fileno(), b"x" * size)
    yield
    path.unlink()


def _fills(descriptor: int, piece: bytes) -> None:
    try:
        while os.write(descriptor, piece) == len(piece):
            continue
    except OSError:
        return


def answered_with(error: str) -> Full:
    """Every write to a file is answered with this error."""

    @contextmanager
    def held(fleet: Fleet) -> Iterator[None]:
        calls = "pwrite64,fdatasync,ftruncate"
        options = ["-f", "-e", f"trace={calls}", "-e", "signal=none"]
        tracer = subprocess.Popen(
            ["strace", *options, "-e", f"inject={calls}:error={error}", "-p",
             str(fleet.bots[0].pid)],
            stderr=subprocess.PIPE,
        )  # fmt: skip
        Lines(tracer).attached()
        yield
        tracer.send_signal(signal.SIGINT)
        tracer.communicate(timeout=20)

    return held


def run(seed: int, name: str, full: Full, home: Path | None = None) -> Figures:
    """Changes before, while nothing can be stored, and after, by the same process."""
    with Fleet(seed, people=1, home=home) as fleet:
        diary, person = Diary(), fleet.slack.person(fleet.crew[0])
        told: list[str] = []

        def asks(mode: str) -> None:
            token = diary.token()
            line = f'/failover set "NBA Finals" {mode} now because {token}'
            delivery = person.types(line)
            diary.note(token, line, accepted=delivery.ok and delivery.body == "")
            told.append(delivery.body)

        asks("prioritized")
        fleet.settles()
        diary.note(*_under_way(fleet), accepted=True)
        pid, sent = fleet.bots[0].pid, len(fleet.witness.sent())
        with full(fleet):
            for mode in ("flat", "prioritized") * TRIES:
                asks(mode)
            fleet.world.wait_for(lambda _: fleet.world.group(SPORTS_WEST).mode == "flat", 5)
            refused = sum(UNRECORDED in one for one in told[1:])
            ready, _ = fleet.bots[0].get("/readyz")
            meanwhile = len(fleet.witness.sent())
        asks("flat")
        found = figures.of(name, fleet, diary.asked)
        wrong = list(found.findings)
        if refused != TRIES * 2 or meanwhile != sent:
            wrong.append(Finding(Kind.UNAUDITED, f"{refused} refused, {meanwhile - sent} writes"))
        if fleet.bots[0].pid != pid or fleet.world.group(NBA_FINALS).mode != "flat":
            wrong.append(Finding(Kind.LOST, "it does not work again once there is room"))
        more = {"refused": str(refused), "/readyz meanwhile": str(ready)}
        return replace(found, findings=tuple(wrong), more=more)


def _under_way(fleet: Fleet) -> tuple[str, str]:
    """A change that Uplynk takes its time over; back when it is there. Its token and its line.

    By the time that it is done the disk is full, and its outcome has to wait.
    """
    slow = Fault(FaultKind.DELAY, When.AFTER, seconds=0.5, method="WRITE")
    fleet.uplynk.faults.add(slow)
    count = len(fleet.witness.sent())
    line = '/failover set "Sports West" flat now because under way'
    fleet.slack.person(fleet.crew[0]).types(line)
    if not fleet.world.wait_for(lambda _: len(fleet.witness.sent()) > count, 20):
        raise AssertionError("the change was not sent")
    return "under way", line


def every(seed: int) -> list[Figures]:
    """All the ways that this machine lets us; the others say why not."""
    rows = [run(seed, "disk full, no growth", no_growth), _on_a_small_disk(seed)]
    for error in ("ENOSPC", "EROFS", "EIO"):
        name, problem = f"each write: {error}", why_no_tracing()
        try:
            rows.append(
                Figures(name, note=f"NOT RUN: {problem}")
                if problem
                else run(seed, name, answered_with(error))
            )
        except CannotTraceError as cannot:
            rows.append(Figures(name, note=f"NOT RUN: {cannot}"))
    return rows


def _on_a_small_disk(seed: int) -> Figures:
    name = "disk full, small file system"
    with ExitStack() as stack:
        home = stack.enter_context(tempfile.TemporaryDirectory(prefix="chaos-disk-"))
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", home], capture_output=True, text=True
        )
        if mounted.returncode:
            return Figures(name, note=f"NOT RUN: {mounted.stderr.strip()}")
        stack.callback(subprocess.run, ["umount", home], check=True)
        return run(seed, name, ballast, Path(home))


def on_read_only(seed: int) -> tuple[int | None, str, int]:
    """A start on a database that says of itself that it is only to be read, and then a change.

    The exit status, None where the bot runs; what it said, or the person was told; the writes.
    """
    with Fleet(seed, people=1) as fleet:
        fleet.settles()
        fleet.kill()
        fleet.books.close()
        for path in fleet.folder.glob("failover.db-*"):
            path.unlink()
        with (fleet.folder / "failover.db").open("r+b") as file:
            file.seek(18)  # SQLite, "fileformat2": the format that a writer has to know
            file.write(b"\x07")
        try:
            fleet.start()
        except BotDied as died:
            return died.status, died.log, len(fleet.witness.sent())
        told = fleet.slack.person(fleet.crew[0]).types('/failover set "NBA Finals" flat now')
        return None, told.body, len(fleet.witness.sent())
