"""The bell that rings whenever something that the page shows may have changed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sandbox.page.live import Stage
    from sandbox.rig import Rig

_LOOK_SECONDS = 0.5
"""How soon the threads that listen notice that nobody needs them any more."""


class Bell:
    """Listens to the stage and to both worlds of the rig on it; whoever waits hears of a change.

    The threads ring while they hold the lock of what changed, so that no change goes unheard; for
    the same reason they take no other lock than the bell's own.
    """

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._news = threading.Condition()
        self._rings = 0
        self._open = True
        self._rig: Rig | None = None
        self._over = threading.Event()

    def start(self) -> None:
        """Begin to listen."""
        _begin(self._hear_stage)

    def stop(self) -> None:
        """Send everybody who waits away, for good."""
        with self._news:
            self._open = False
            self._over.set()
            self._news.notify_all()

    @property
    def is_open(self) -> bool:
        """Whether it has not been stopped."""
        with self._news:
            return self._open

    def ring(self) -> None:
        """Say that something may have changed."""
        with self._news:
            self._rings += 1
            self._news.notify_all()

    def rings(self) -> int:
        """How often it has rung so far."""
        with self._news:
            return self._rings

    def wait(self, heard: int, seconds: float) -> bool:
        """Until it has rung more than ``heard`` times; False after ``seconds``, or at the stop."""
        with self._news:
            self._news.wait_for(lambda: self._rings > heard or not self._open, seconds)
            return self._open and self._rings > heard

    def rest(self, seconds: float) -> None:
        """Let that time pass; at the stop it is over at once."""
        with self._news:
            self._news.wait_for(lambda: not self._open, seconds)

    def _hear_stage(self) -> None:
        changed = self._stage.changed
        with changed:
            while self.is_open:
                self._follow(self._stage.rig)
                self.ring()
                changed.wait(_LOOK_SECONDS)

    def _follow(self, rig: Rig | None) -> None:
        """Listen to the worlds of another rig from now on, and no more to those of the last one."""
        if rig is self._rig:
            return
        self._over.set()
        self._rig, self._over = rig, threading.Event()
        if rig is not None:
            _begin(self._hear_slack, rig, self._over)
            _begin(self._hear_uplynk, rig, self._over)

    def _hear_slack(self, rig: Rig, over: threading.Event) -> None:
        changed = rig.slack_world.changed
        with changed:
            while not over.is_set():
                self.ring()
                changed.wait(_LOOK_SECONDS)

    def _hear_uplynk(self, rig: Rig, over: threading.Event) -> None:
        def heard(_: object) -> bool:
            self.ring()
            return over.is_set()

        while not rig.world.wait_for(heard, _LOOK_SECONDS):
            continue


def _begin(work: Callable[..., None], *arguments: object) -> None:
    threading.Thread(target=work, args=arguments, daemon=True).start()
