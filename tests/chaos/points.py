"""Kills at chosen points of one change: at every border it crosses, at every system call of it."""

import os
import signal
import threading
from collections.abc import Sequence
from dataclasses import replace

from sandbox.slack.people import PersonCannotError

from . import figures
from .figures import Figures
from .fleet import Fleet
from .flows import FLOWS, Act, Fields, Flow, world_of
from .load import Diary
from .traps import (
    AT_THE_BORDERS,
    SECOND_WRITE,
    AtSystemCall,
    CannotTraceError,
    Trap,
    why_no_tracing,
)

CALLS = ("fdatasync", "sendto", "connect")
GROUPS = 800
LIMIT = 60
"""More calls of one kind no change makes."""


class Range:
    """A fleet, and a group for each point."""

    def __init__(self, fleet: Fleet) -> None:
        self.fleet = fleet
        self.diary = Diary()
        self._fields = Fields(fleet.world)
        self.not_met: list[str] = []
        self.stumbled: list[Exception] = []

    def tries(self, flow: Flow, trap: Trap) -> bool:
        """One change that is killed at one point; False: it never came there."""
        group = self._fields.next(protected=flow is FLOWS["a second person"])
        act = flow(self.fleet, self.diary, group)
        if isinstance(trap, AtSystemCall):
            self.fleet.settles(60)  # only the calls of this change are to be counted
        sprung, acted = threading.Event(), threading.Event()

        def spring() -> None:
            if not sprung.is_set():
                sprung.set()
                os.kill(self.fleet.bots[0].pid, signal.SIGKILL)

        with trap.armed(self.fleet, group, spring):
            acting = threading.Thread(target=self._does, args=(act, acted))
            acting.start()
            acted.wait(20)
            while not sprung.wait(0.1) and not self.fleet.books.settled_of(group.id):
                continue
            sprung.wait(0.5)
            if sprung.is_set():
                self.fleet.kill()
            acting.join(20)
        if sprung.is_set():
            self.fleet.start()
        else:
            self.not_met.append(trap.name)
        return sprung.is_set()

    def _does(self, act: Act, acted: threading.Event) -> None:
        try:
            act()
        except PersonCannotError:
            return
        except Exception as error:
            self.stumbled.append(error)
        finally:
            acted.set()

    def told(self, name: str) -> Figures:
        """What the ledgers say in the end."""
        assert self.stumbled == []
        return figures.of(name, self.fleet, self.diary.asked)


def at_the_borders(seed: int, flows: Sequence[str]) -> Figures:
    """A kill at each point that the simulators see, for each of these flows."""
    with Fleet(seed, people=1, uplynk=world_of(GROUPS)) as fleet:
        field = Range(fleet)
        for name in flows:
            more = SECOND_WRITE if name == "two writes" else ()
            for trap in (*AT_THE_BORDERS, *more):
                field.tries(FLOWS[name], trap)
        found = field.told("kills at each border")
    return found if not field.not_met else _noted(found, f"not met: {', '.join(field.not_met)}")


def at_system_calls(seed: int, flow: str) -> Figures:
    """A kill at every single call of each kind that one change makes."""
    name = f"kills at each call, {flow}"
    if problem := why_no_tracing():
        return Figures(name, note=f"NOT RUN: {problem}")
    try:
        return _at_every_call(seed, name, FLOWS[flow])
    except CannotTraceError as error:
        return Figures(name, note=f"NOT RUN: {error}")


def _at_every_call(seed: int, name: str, flow: Flow) -> Figures:
    counts = {}
    with Fleet(seed, people=1, uplynk=world_of(GROUPS)) as fleet:
        field = Range(fleet)
        for call in CALLS:
            nth = 1
            while nth <= LIMIT and field.tries(flow, AtSystemCall(call, nth)):
                nth += 1
            counts[call] = str(nth - 1)
        found = field.told(name)
    return _noted(found, "", counts)


def _noted(found: Figures, note: str, more: dict[str, str] | None = None) -> Figures:
    return replace(found, note=note, more=more or found.more)
