"""The Home tab before it is drawn: where in it somebody is, and what there is to see there."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from failover.errors import UplynkError
from failover.lifecycle import Record
from failover.measures import InForce
from failover.model import FailoverGroup
from failover.standing import Standing

Note: TypeAlias = tuple[Mapping[str, Any], ...]
"""A word to one person, drawn."""

PAGE_SIZE = 20
"""Groups on a page: with all else well below the 100 blocks that a Home tab may have."""

RECENT = 5
"""How many of the last changes are shown."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody has paged to: ``offset`` counts groups from 0.

    ``everything``: the groups that they may only look at are shown, too.
    """

    offset: int = 0
    everything: bool = False


@dataclass(frozen=True, slots=True)
class GroupsPage:
    """The groups on one page: those that the person may change, then those of the others.

    ``changeable`` of all ``total`` groups are the person's to change. ``place`` is where the page
    is, which may not be where it was asked for. ``read_at`` is UTC.
    """

    mine: tuple[FailoverGroup, ...]
    others: tuple[FailoverGroup, ...]
    place: Place
    changeable: int
    total: int
    read_at: datetime

    @property
    def length(self) -> int:
        """How many groups can be paged through."""
        return self.total if self.place.everything else self.changeable


@dataclass(frozen=True, slots=True)
class Locked:
    """A group that is locked; ``may_unlock``: whether the person is offered to end that."""

    group_id: str
    name: str
    force: InForce
    may_unlock: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """A change that needs a second person, and what the one who looks is offered to do about it."""

    record: Record
    may_decide: bool = False
    may_withdraw: bool = False


@dataclass(frozen=True, slots=True)
class HomePicture:
    """A person's Home tab at one moment (``now``, UTC).

    ``standing`` is None until it is found out; ``holders`` are the user IDs and user group IDs of
    those who may look. ``page`` is None where the groups were never read, or are not for this
    person, ``recent`` (newest first) where the database did not tell. ``problem``: why they could
    not be read anew; ``reading``: that is being done. ``note`` is a word of the bot to this person,
    as blocks. ``pause`` and ``locks`` are in force; ``waiting`` changes need a second person, the
    one that ends first first.
    """

    user_id: str
    standing: Standing | None
    holders: tuple[tuple[str, ...], tuple[str, ...]]
    place: Place
    page: GroupsPage | None
    problem: UplynkError | None
    recent: tuple[Record, ...] | None
    now: datetime
    note: Note = ()
    reading: bool = False
    pause: InForce | None = None
    locks: tuple[Locked, ...] = ()
    waiting: tuple[Waiting, ...] = ()
