"""Wakes those who deliver, each kind when something of that kind falls due and not before."""

from collections.abc import Callable, Mapping

from failover.notices import Kind, Tell
from services.ports import Clock, Later


class Bells:
    """One bell for each kind of message."""

    def __init__(
        self, bells: Mapping[Kind, Callable[[], None]], later: Later, clock: Clock
    ) -> None:
        """``bells`` ring at once; ``clock`` gives UTC."""
        self._bells = bells
        self._later = later
        self._clock = clock

    def announce(self, tell: Tell) -> None:
        """Ring for each message at its moment."""
        now = self._clock()
        for kind, due in tell.items():
            seconds = (due - now).total_seconds()
            if seconds > 0:
                self._later(seconds, self._bells[kind])
            else:
                self._bells[kind]()
