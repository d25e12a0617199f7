"""What people put in force in the bot itself: locks on groups, and the pause of everything.

Nothing is written to Uplynk for them. The newest of a kind is the one that counts.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Lock:
    """Keep everybody but its owner from changing a group, for so many seconds.

    None: until it is taken away."""

    seconds: int | None = None


@dataclass(frozen=True, slots=True)
class Unlock:
    """Take a group's lock away: the one that this record put in force; None: whichever is."""

    lock: str | None = None


@dataclass(frozen=True, slots=True)
class Pause:
    """Refuse all changes of all groups."""


@dataclass(frozen=True, slots=True)
class Resume:
    """End the pause."""


Measure: TypeAlias = Lock | Unlock | Pause | Resume


@dataclass(frozen=True, slots=True)
class InForce:
    """A lock or a pause that counts: by whom (Slack user ID), why, and until when (UTC) if it ends.

    ``id`` is the record that put it in force.
    """

    id: str
    by: str
    reason: str | None
    until: datetime | None = None

    def at(self, now: datetime) -> bool:
        """Whether it still counts at ``now`` (UTC)."""
        return self.until is None or now < self.until


@dataclass(frozen=True, slots=True)
class Force:
    """What is in force for a group: its newest lock, and the pause, if any."""

    lock: InForce | None = None
    pause: InForce | None = None
