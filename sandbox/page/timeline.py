"""What happens in a scene by itself: pure data, the words for it, and the thread that plays it."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from sandbox.uplynk.model import FLAT, NO_SLICER, SimGroup
from sandbox.uplynk.world import UplynkWorld

_LOOK_EVERY_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Beat:
    """One thing that happens, ``at`` seconds from the start."""

    at: float
    knob: Literal["kill", "revive"]
    slicer: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """Beats in one group, all over again every ``period`` seconds; none: nothing happens."""

    group_id: str = ""
    beats: tuple[Beat, ...] = ()
    period: float = 0.0

    def beat(self, number: int) -> Beat:
        """The beat of this number, counted from 0 and without end, at its own time."""
        again, index = divmod(number, len(self.beats))
        beat = self.beats[index]
        return Beat(beat.at + again * self.period, beat.knob, beat.slicer)


def caption(timeline: Timeline, number: int, elapsed: float, group: SimGroup) -> str:
    """What happened last and what comes next, ``elapsed`` seconds from the start, in plain words.

    ``number`` is that of the beat to come, ``group`` as it is now.
    """
    past = _told(timeline.beat(number - 1), group) if number else ""
    coming = timeline.beat(number)
    seconds = max(1, round(coming.at - elapsed))
    return f"{past} In {seconds} s {_foretold(coming, group)}.".strip()


def _told(beat: Beat, group: SimGroup) -> str:
    serves = group.active_slicer_id == beat.slicer
    if beat.knob == "kill":
        seen = "viewers see black" if serves else _seen(group)
        return f"{beat.slicer} lost its input: {seen}."
    seen = "viewers are back on it" if serves else _seen(group)
    return f"{beat.slicer} came back: {seen}."


def _seen(group: SimGroup) -> str:
    on_slate = group.active_slicer_id == NO_SLICER
    return "viewers see the slate" if on_slate else f"{group.active_slicer_id} serves"


def _foretold(beat: Beat, group: SimGroup) -> str:
    if beat.knob == "kill":
        return f"{beat.slicer} loses its input"
    away = group.active_slicer_id not in (beat.slicer, NO_SLICER)
    if away and group.auto_failback and group.mode != FLAT:
        return f"{beat.slicer} comes back, and auto failback throws viewers back to it"
    return f"{beat.slicer} comes back"


def play(world: UplynkWorld, beat: Beat) -> None:
    """Let a beat happen, unless somebody was there before."""
    knob, alive = {"kill": (world.kill_slicer, True), "revive": (world.revive_slicer, False)}[
        beat.knob
    ]
    slicers = [group.find(beat.slicer) for group in world.groups()]
    if any(slicer is not None and slicer.healthy is alive for slicer in slicers):
        knob(beat.slicer)


class Player:
    """Plays a timeline on a thread of its own and looks about once a second.

    ``tick`` is called with each look, so that whoever shows the caption can show it anew.
    """

    def __init__(self, timeline: Timeline, world: UplynkWorld, tick: Callable[[], None]) -> None:
        self._timeline = timeline
        self._world = world
        self._tick = tick
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="scene", daemon=True)
        self._started = 0.0
        self._next = 0

    def start(self) -> None:
        """Begin; the first second starts now."""
        self._started = time.monotonic()
        self._thread.start()

    def stop(self) -> None:
        """End; nothing happens any more when this returns."""
        self._stopping.set()
        self._thread.join()

    def caption(self) -> str:
        """The words of the moment; empty where nothing is to come."""
        if not self._timeline.beats:
            return ""
        group = self._world.group(self._timeline.group_id)
        return caption(self._timeline, self._next, self._elapsed(), group)

    def _run(self) -> None:
        while not self._stopping.wait(self._pause()):
            while self._timeline.beats and self._timeline.beat(self._next).at <= self._elapsed():
                play(self._world, self._timeline.beat(self._next))
                self._next += 1
            self._tick()

    def _pause(self) -> float:
        elapsed = self._elapsed()
        whole = _LOOK_EVERY_SECONDS - elapsed % _LOOK_EVERY_SECONDS
        if not self._timeline.beats:
            return whole
        return max(0.0, min(whole, self._timeline.beat(self._next).at - elapsed))

    def _elapsed(self) -> float:
        return time.monotonic() - self._started
