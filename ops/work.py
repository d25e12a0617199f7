"""Threads: bounded pools for what must not hold up an acknowledgement, and loops that tick."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable

log = logging.getLogger(__name__)


class Stopper:
    """Says that the bot is stopping, and lets waits end at once then."""

    def __init__(self) -> None:
        """Not stopping yet."""
        self._event = threading.Event()

    def stop(self) -> None:
        """From now on the bot is stopping."""
        self._event.set()

    def monotonic(self) -> float:
        """Seconds since some fixed moment."""
        return time.monotonic()

    def pause(self, seconds: float) -> bool:
        """Wait; False, and at once, when the bot is stopping. No wait at all is always whole."""
        return seconds <= 0 or not self._event.wait(seconds)


class Pool:
    """A bounded pool of threads, started as they are needed; a job's failure is logged."""

    def __init__(self, name: str, *, threads: int, queue: int) -> None:
        """``threads``: how many jobs run at once; ``queue``: how many more may wait."""
        self._name = name
        self._threads = threads
        self._queue = queue
        self._change = threading.Condition()
        self._jobs: deque[Callable[[], None]] = deque()
        self._started = 0
        self._idle = 0
        self._closed = False

    def submit(self, job: Callable[[], None]) -> bool:
        """Queue a job; False, and nothing queued, when the queue is full or the pool closing."""
        with self._change:
            if self._closed or len(self._jobs) >= self._queue:
                return False
            self._jobs.append(job)
            if self._idle < len(self._jobs) and self._started < self._threads:
                self._start_one()
            if not self._started:
                self._jobs.pop()
                return False
            self._change.notify()
        return True

    def close(self, within: float) -> bool:
        """Take nothing new and finish what is under way; whether it was done in time (seconds)."""
        until = time.monotonic() + within
        with self._change:
            self._closed = True
            self._change.notify_all()
            return self._change.wait_for(lambda: not self._started, until - time.monotonic())

    def _start_one(self) -> None:
        name = f"{self._name}-{self._started + 1}"
        try:
            threading.Thread(target=self._work, name=name, daemon=True).start()
        except RuntimeError:
            # The host gives no more threads: the ones there are go on, if there are any.
            log.exception("pool %s could not start a thread", self._name)
        else:
            self._started += 1

    def _work(self) -> None:
        while (job := self._next()) is not None:
            try:
                job()
            except Exception:
                log.exception("a job of pool %s failed", self._name)

    def _next(self) -> Callable[[], None] | None:
        with self._change:
            self._idle += 1
            self._change.wait_for(lambda: self._jobs or self._closed)
            self._idle -= 1
            if self._jobs:
                return self._jobs.popleft()
            self._started -= 1
            self._change.notify_all()
            return None


class Bell:
    """Wakes every loop that waits on it."""

    def __init__(self) -> None:
        """Silent."""
        self._change = threading.Condition()
        self._rung = 0

    def ring(self) -> None:
        """Wake the loops."""
        with self._change:
            self._rung += 1
            self._change.notify_all()

    def rung(self) -> int:
        """How often it was rung; for ``wait``."""
        with self._change:
            return self._rung

    def wait(self, rung: int, seconds: float | None) -> None:
        """Until it has rung oftener than ``rung`` times, or for so many seconds."""
        with self._change:
            self._change.wait_for(lambda: self._rung > rung, seconds)


class Loop:
    """Calls ``tick`` again and again on a thread of its own, until it is stopped.

    ``tick`` returns after how many seconds it wants to be called again; None: when the bell rings.
    A failing tick is logged and tried again after ``RETRY_SECONDS``; one line is enough for what is
    known to be out of order now and then.
    """

    RETRY_SECONDS = 1.0

    def __init__(
        self,
        name: str,
        tick: Callable[[], float | None],
        bell: Bell,
        outages: type[Exception] | tuple[()] = (),
    ) -> None:
        """Not started yet. ``outages``: what a tick raises in an outage of what it needs."""
        self._name = name
        self._outages = outages
        self._tick = tick
        self._bell = bell
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self, within: float) -> bool:
        """One more tick, then the end; whether that came within so many seconds."""
        self._stopping = True
        self._bell.ring()
        self._thread.join(within)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while True:
            # In this order, or a stop that comes in between is heard only after the next wait.
            rung = self._bell.rung()
            last = self._stopping
            wait: float | None
            try:
                wait = self._tick()
            except self._outages as error:
                log.warning("loop %s stumbled: %s: %s", self._name, type(error).__name__, error)
                wait = self.RETRY_SECONDS
            except Exception:
                log.exception("loop %s stumbled", self._name)
                wait = self.RETRY_SECONDS
            if last:
                return
            self._bell.wait(rung, wait)


def end_all(ends: Iterable[Callable[[float], bool]], within: float) -> bool:
    """Tell all to end, then wait for each; whether all did by one deadline (seconds from now).

    ``ends`` are such as ``Pool.close`` and ``Loop.stop``; each is called twice, first with 0.
    """
    until = time.monotonic() + within
    told = [end for end in ends if not end(0)]
    return all(end(until - time.monotonic()) for end in told)
