"""Keeps this instance on the roll of those that are alive, and strikes those off that are not."""

import logging
from collections.abc import Callable
from typing import Protocol

from failover.errors import LedgerUnavailable
from failover.instances import Neighbour

log = logging.getLogger(__name__)

RENEW_EVERY_SECONDS = 2.0
AGAIN_SECONDS = 0.5
"""How soon a lease that could not be renewed is tried again."""


class Roll(Protocol):
    """The instances on one database. Every method but ``present`` raises LedgerUnavailable."""

    def present(self) -> bool:
        """Whether this instance surely counts as alive, so that its work is left to it."""
        ...

    def renew(self) -> None:
        """Count as alive for a while longer."""
        ...

    def others(self) -> tuple[Neighbour, ...]:
        """Every other instance on the roll, dead or alive."""
        ...

    def strike(self, instance_id: str) -> None:
        """Take an instance off the roll that certainly runs no more."""
        ...

    def leave(self) -> None:
        """Count as dead from now on, so that others take over at once."""
        ...


class Presence:
    """Lets the others know that this instance lives, from ``begin`` until ``end``."""

    def __init__(self, roll: Roll, gone: Callable[[str], bool]) -> None:
        """``gone``: whether the process with this identity certainly runs no more.

        A process that was killed on this host is so known at once; any other by its lease.
        """
        self._roll = roll
        self._gone = gone

    def begin(self) -> None:
        """Sign on, before anything is stored. Raises LedgerUnavailable."""
        self._roll.renew()
        self._strike_off()

    def tick(self) -> float:
        """Renew the lease and look for dead neighbours; seconds until the next time."""
        present = self._roll.present()
        try:
            self._roll.renew()
            self._strike_off()
        except LedgerUnavailable as problem:
            log.error("the lease of this instance cannot be renewed: %s", problem)
            return AGAIN_SECONDS
        if not present:
            log.warning("the lease of this instance had run out; others may have its work")
        return RENEW_EVERY_SECONDS

    def end(self) -> None:
        """Sign off; what is left is anybody's. Where that fails the lease runs out by itself."""
        if not self._roll.present():
            return  # the database is away, or has been for too long
        try:
            self._roll.leave()
        except LedgerUnavailable as problem:
            log.warning("this instance could not sign off: %s", problem)

    def _strike_off(self) -> None:
        for other in self._roll.others():
            if self._gone(other.identity):
                log.warning("instance %s is gone; its work is taken over", other.name)
                self._roll.strike(other.id)
