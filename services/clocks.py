"""How far this host's clock is from those of Slack and Uplynk: noticed, named, and said once."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

from failover.trouble import clock_off

log = logging.getLogger(__name__)

GOOD_FOR_SECONDS = 900.0
"""What was measured earlier says nothing any more: the host may have slept since."""


@dataclass(frozen=True, slots=True)
class _Measured:
    """Two clocks compared: the other one in Unix seconds, when ours ran so far (monotonic)."""

    theirs: float
    at: float


class Clocks:
    """Compares by the last answer of each side; a clock that is set right is right at once.

    Safe to call from many threads.
    """

    def __init__(self, wall: Callable[[], float], monotonic: Callable[[], float]) -> None:
        """``wall``: this host's clock in Unix seconds; ``monotonic``: seconds that never
        jump, and go on while the host sleeps."""
        self._wall = wall
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._measured: dict[str, _Measured] = {}
        self._warned: set[str] = set()

    def compared(self, whose: str, ahead: float) -> None:
        """By an answer of ``whose`` service this host's clock is so many seconds ahead."""
        measured = _Measured(self._wall() - ahead, self._monotonic())
        off = clock_off(ahead)
        with self._lock:
            self._measured[whose] = measured
            new = off and whose not in self._warned
            (self._warned.add if off else self._warned.discard)(whose)
        if new:
            way = "ahead of" if ahead > 0 else "behind"
            log.warning("this host's clock is %.0f s %s %s's: set it", abs(ahead), way, whose)

    def ahead(self) -> dict[str, float]:
        """By how many seconds this host's clock is ahead now of each service that answered."""
        wall, now = self._wall(), self._monotonic()
        with self._lock:
            return {
                whose: wall - (one.theirs + now - one.at)
                for whose, one in self._measured.items()
                if now - one.at <= GOOD_FOR_SECONDS
            }
