"""A head of the audit chain that is posted in the channel, so that the channel is a witness."""

from dataclasses import dataclass
from datetime import datetime

from failover.audit_chain import Head, Mark


@dataclass(frozen=True, slots=True)
class Witness:
    """The head of one day (UTC, ``YYYY-MM-DD``), as it was ``at`` (UTC).

    ``tried``: it may have been posted already, by somebody who never told.
    """

    day: str
    head: Head
    at: datetime
    tried: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """The heads that the channel holds, among so many messages that were looked through.

    ``whole``: there were no older messages; ``garbled``: so many of the bot's own said nothing
    that could be understood; ``edited``: heads in messages that were edited since, which nobody
    can trust; ``channel``: its ID.
    """

    marks: tuple[Mark, ...] = ()
    searched: int = 0
    whole: bool = True
    garbled: int = 0
    edited: tuple[Head, ...] = ()
    channel: str = ""


@dataclass(frozen=True, slots=True)
class Posted:
    """A head that the database says was posted; ``channel``: where, an ID, empty: unknown."""

    day: str
    head: Head
    channel: str = ""
