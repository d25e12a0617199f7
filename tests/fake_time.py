"""Clock, timer and pool of threads that never wait."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.builders import START

Trip = Callable[[str], None]


def no_trip(_point: str) -> None:
    """Nothing happens."""


def fails_at(point: str, error: Exception, times: int = 1) -> Trip:
    """A trip that raises when ``point`` is reached, so many times."""
    left = [times]

    def trip(here: str) -> None:
        if here == point and left[0]:
            left[0] -= 1
            raise error

    return trip


class FakeClock:
    """UTC that stands still until it is told to go on."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class FakeTimer:
    """Pauses that pass at once and move the clock; ``meanwhile`` runs after each, once."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.pauses: list[float] = []
        self.meanwhile: deque[Callable[[], None]] = deque()
        self.stop_after: int | None = None

    def monotonic(self) -> float:
        return 1000.0 + (self.clock.now - START).total_seconds()

    @property
    def stopping(self) -> bool:
        return self.stop_after is not None and len(self.pauses) >= self.stop_after

    def pause(self, seconds: float) -> bool:
        if seconds <= 0:
            return True
        if self.stopping:
            return False
        self.pauses.append(seconds)
        self.clock.advance(seconds)
        if self.meanwhile:
            self.meanwhile.popleft()()
        return True


@dataclass
class FakeWork:
    """A pool: jobs run ``at_once``, or when ``run`` is called; ``room``: how many are taken."""

    at_once: bool = False
    room: int = 1000
    jobs: deque[Callable[[], None]] = field(default_factory=deque)

    def submit(self, job: Callable[[], None]) -> bool:
        if self.room <= len(self.jobs):
            return False
        if self.at_once:
            job()
        else:
            self.jobs.append(job)
        return True

    def run(self) -> None:
        """Run every job that waits."""
        while self.jobs:
            self.jobs.popleft()()
