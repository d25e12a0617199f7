"""Something to do later, unless it is called off: one thread for all who wait."""

import heapq
import logging
import threading
import time
from collections.abc import Callable
from itertools import count

log = logging.getLogger(__name__)

LOOK_EVERY_SECONDS = 0.1
"""How late a job may come."""


class Alarm:
    """Calls quick jobs at their time. The thread is started by the first of them."""

    def __init__(self) -> None:
        """Nothing waits."""
        self._change = threading.Condition()
        self._waiting: list[tuple[float, int, Callable[[], object]]] = []
        self._off: set[int] = set()
        self._numbers = count()
        self._thread: threading.Thread | None = None

    def after(self, seconds: float, job: Callable[[], object]) -> Callable[[], None]:
        """Call ``job`` in so many seconds; what is returned calls it off."""
        with self._change:
            number = next(self._numbers)
            # Nobody is woken: to switch threads costs those most who are in a hurry.
            heapq.heappush(self._waiting, (time.monotonic() + seconds, number, job))
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="alarm", daemon=True)
                self._thread.start()
        return lambda: self._call_off(number)

    def _call_off(self, number: int) -> None:
        with self._change:
            if any(waiting == number for _, waiting, _ in self._waiting):
                self._off.add(number)

    def _run(self) -> None:
        while True:
            job = self._next()
            try:
                job()
            except Exception:
                log.exception("what was to be done later failed")

    def _next(self) -> Callable[[], object]:
        with self._change:
            while True:
                left = self._waiting[0][0] - time.monotonic() if self._waiting else None
                if left is not None and left <= 0:
                    _, number, job = heapq.heappop(self._waiting)
                    if number not in self._off:
                        return job
                    self._off.discard(number)
                else:
                    self._change.wait(
                        LOOK_EVERY_SECONDS if left is None else min(left, LOOK_EVERY_SECONDS)
                    )
