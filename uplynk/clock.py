"""This host's clock, and how far it is from Uplynk's by the ``Date`` of each answer."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from uplynk.verdict import unix_seconds


def _nobody(ahead: float) -> None:
    """Nobody wants to know."""


@dataclass(frozen=True, slots=True)
class Clock:
    """``now`` gives Unix seconds; ``compared`` is told by how many seconds it is ahead of Uplynk's
    clock, with every answer that has a date.
    """

    now: Callable[[], float] = time.time
    compared: Callable[[float], None] = _nobody

    def ahead(self, date: str | None) -> float | None:
        """By how many seconds this host is ahead of a ``Date`` that came just now; None: no date.

        Such dates are in whole seconds.
        """
        theirs = None if date is None else unix_seconds(date)
        if theirs is None:
            return None
        ahead = self.now() - theirs
        self.compared(ahead)
        return ahead
