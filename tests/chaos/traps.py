"""Points at which the process is killed, seen from Uplynk, from Slack and from the kernel."""

import json
import os
import re
import shutil
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, replace
from typing import Protocol

from sandbox.slack.faults import Fault as SlackFault
from sandbox.slack.faults import FaultBoard
from sandbox.slack.faults import FaultKind as SlackKind
from sandbox.slack.model import Json
from sandbox.slack.moment import Moment
from sandbox.uplynk.exchange import Stage
from sandbox.uplynk.faults import Fault, FaultKind, When
from sandbox.uplynk.journal import RequestRecord
from sandbox.uplynk.model import SimGroup

from .fleet import Fleet

Spring = Callable[[], None]


class Trap(Protocol):
    """Kills the first instance at one point."""

    @property
    def name(self) -> str:
        """The point, for whoever reads the table."""

    def armed(self, fleet: Fleet, group: SimGroup, spring: Spring) -> AbstractContextManager[None]:
        """Wait for the point while inside, in the change of this group; ``spring`` kills."""


@dataclass(frozen=True, slots=True)
class AtUplynk:
    """When the ``nth`` request of this kind is at this stage; ``fault`` strikes it, too.

    ``seconds``: how much later, for an answer of which some is to come through.
    """

    name: str
    stage: Stage
    writes: bool
    nth: int = 1
    fault: Fault | None = None
    seconds: float = 0.0

    @contextmanager
    def armed(self, fleet: Fleet, group: SimGroup, spring: Spring) -> Iterator[None]:
        """See ``Trap``."""
        seen: set[int] = set()

        def saw(stage: Stage, record: RequestRecord) -> None:
            if stage is not self.stage or (record.method != "GET") != self.writes:
                return
            if record.group_id != group.id:
                return
            seen.add(record.number)
            if len(seen) == self.nth:
                threading.Event().wait(self.seconds)
                spring()

        if self.fault is not None:
            fleet.uplynk.faults.add(replace(self.fault, group_id=group.id))
        fleet.witness.also = saw
        yield
        fleet.witness.also = None
        fleet.uplynk.faults.clear()


@dataclass(frozen=True, slots=True)
class AtSlack:
    """When a call of this method arrives, ``taken`` or not."""

    method: str
    taken: bool

    @property
    def name(self) -> str:
        """See ``Trap``."""
        return f"{self.method} {'taken' if self.taken else 'arrives'}"

    @contextmanager
    def armed(self, fleet: Fleet, group: SimGroup, spring: Spring) -> Iterator[None]:
        """See ``Trap``."""
        usual = fleet.slack.world.faults
        board = _Trapdoor(fleet.slack.world.moment, group.name, spring)
        board.set(SlackFault(SlackKind.HANG_AFTER if self.taken else SlackKind.HANG, self.method))
        fleet.slack.world.faults = board
        if self.method == "chat.update":
            # So that there is something to edit by the time that the outcome is known.
            slow = Fault(FaultKind.DELAY, When.AFTER, seconds=0.6, method="WRITE")
            fleet.uplynk.faults.add(slow)
        yield
        fleet.slack.world.faults = usual
        fleet.uplynk.faults.clear()


class _Trapdoor(FaultBoard):
    """Kills instead of letting a call hang that speaks of one group."""

    def __init__(self, moment: Moment, name: str, spring: Spring) -> None:
        super().__init__(moment)
        self._name = name
        self._spring = spring

    def take(self, method: str, arguments: Json) -> SlackFault | None:
        """The fault, for a call that tells of the group."""
        return super().take(method, arguments) if self._name in json.dumps(arguments) else None

    def wait(self, seconds: float) -> None:
        """The call that would hang is here."""
        self._spring()


@dataclass(frozen=True, slots=True)
class AtSystemCall:
    """Just before the ``nth`` call of this name of all threads together, by strace.

    Each call is held up for a moment before the kernel gets to see it; time to strike.
    """

    call: str
    nth: int

    @property
    def name(self) -> str:
        """See ``Trap``."""
        return f"{self.call} {self.nth}"

    @contextmanager
    def armed(self, fleet: Fleet, group: SimGroup, spring: Spring) -> Iterator[None]:
        """See ``Trap``. Raises CannotTraceError.

        The tracer attaches to a process that is ready, so that only the change is counted.
        """
        held = f"inject={self.call}:delay_enter=30000"
        options = ["-f", "-e", f"trace={self.call}", "-e", "signal=none", "-e", held]
        tracer = subprocess.Popen(
            ["strace", *options, "-p", str(fleet.bots[0].pid)], stderr=subprocess.PIPE
        )
        lines = Lines(tracer)
        reader = threading.Thread(target=self._counts, args=(lines, spring), daemon=True)
        try:
            lines.attached()
            if self.call == "connect":
                # The bot keeps its connections; only one that was cut is opened anew.
                fleet.uplynk.stop()
                fleet.uplynk.start()
            reader.start()
            yield
        finally:
            with suppress(ProcessLookupError):
                tracer.send_signal(signal.SIGINT)
            tracer.wait(20)
            if reader.ident is not None:
                reader.join(20)
            lines.close()

    def _counts(self, lines: "Lines", spring: Spring) -> None:
        with suppress(OSError):
            lines.until(rb"\b" + self.call.encode() + rb"\(", self.nth)
            spring()


class CannotTraceError(Exception):
    """This machine does not let one process trace another; the text says why."""


class Lines:
    """What strace says, as it says it: the beginning of a line comes before the call is made."""

    def __init__(self, tracer: subprocess.Popen[bytes]) -> None:
        assert tracer.stderr is not None
        self._pipe = tracer.stderr
        self._said = b""

    def attached(self) -> None:
        """Wait until it has taken hold. Raises CannotTraceError."""
        try:
            self.until(rb"attached", 1)
        except OSError as error:
            raise CannotTraceError(str(error)) from None

    def until(self, pattern: bytes, times: int) -> None:
        """Read until it has said this so often. Raises OSError where it ends before."""
        while len(re.findall(pattern, self._said)) < times:
            more = os.read(self._pipe.fileno(), 4096)
            if not more:
                raise OSError(self._said.decode(errors="replace").strip()[-200:])
            self._said += more

    def close(self) -> None:
        """No more."""
        self._pipe.close()


def why_no_tracing() -> str:
    """Why this machine has no system calls traced; empty where it has."""
    if shutil.which("strace") is None:
        return "no strace on this machine: install the package strace"
    tried = subprocess.run(
        ["strace", "-qq", "-e", "trace=none", "true"], capture_output=True, text=True, timeout=20
    )
    return f"strace may not trace here: {tried.stderr.strip()}" if tried.returncode else ""


def fault(kind: FaultKind, when: When, seconds: float = 0.0) -> Fault:
    """A fault of one write."""
    return Fault(kind, when, seconds=seconds, method="WRITE")


A, P, Q = Stage.ARRIVED, Stage.APPLIED, Stage.ANSWERED
AT_THE_BORDERS: tuple[Trap, ...] = (
    AtUplynk("the group is read", A, writes=False),
    AtUplynk("the group was read", Q, writes=False),
    AtUplynk("a write arrives, is applied", A, writes=True),
    AtUplynk("a write arrives, is not", A, True, fault=fault(FaultKind.RESET, When.BEFORE)),
    AtUplynk("a write is applied", P, writes=True),
    AtUplynk(
        "half an answer", P, True, fault=fault(FaultKind.TRICKLE, When.AFTER, 0.05), seconds=0.2
    ),
    AtUplynk("a write is answered", Q, writes=True),
    AtUplynk("it is read back", A, writes=False, nth=2),
    AtUplynk("it was read back", Q, writes=False, nth=2),
    AtSlack("chat.postMessage", taken=False),
    AtSlack("chat.postMessage", taken=True),
    AtSlack("chat.update", taken=False),
    AtSlack("chat.update", taken=True),
    AtSlack("response_url", taken=False),
    AtSlack("response_url", taken=True),
)
SECOND_WRITE: tuple[Trap, ...] = (
    AtUplynk("write 2 arrives, is applied", A, writes=True, nth=2),
    AtUplynk("write 2 is applied", P, writes=True, nth=2),
    AtUplynk("write 2 is answered", Q, writes=True, nth=2),
)
