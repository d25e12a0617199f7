"""What a person's Home tab shows, put together from memory; the reading is a step of its own."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from failover.errors import LedgerUnavailable, UplynkError
from failover.home import (
    PAGE_SIZE,
    RECENT,
    GroupsPage,
    HomePicture,
    Locked,
    Note,
    Place,
    Waiting,
)
from failover.lifecycle import Actor, Record
from failover.measures import InForce
from failover.model import FailoverGroup
from failover.policy import covers
from failover.roles import CHANGING, Action, allows
from failover.standing import Standing
from services.access import NotRemembered
from services.groups import Groups, Listing
from services.overview import Overview
from services.ports import Archive, Forces

Split = tuple[tuple[FailoverGroup, ...], tuple[FailoverGroup, ...]]

LEFT_ALONE = timedelta(seconds=15)
"""After a failed reading, how long only a person who presses makes the bot try again."""


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody at a place in their Home tab; ``standing`` is None until it is found out.

    ``reading``: the groups are being read for them; ``note``: what they have to be told.
    """

    actor: Actor
    standing: Standing | None
    place: Place
    note: Note = ()
    reading: bool = False


@dataclass(frozen=True, slots=True)
class Backdrop:
    """What all Home tabs have in common at one moment (``now``, UTC)."""

    listing: Listing | None
    problem: UplynkError | None
    recent: tuple[Record, ...] | None
    now: datetime
    pause: InForce | None = None
    locks: tuple[Locked, ...] = ()
    waiting: tuple[Record, ...] = ()


@dataclass(frozen=True, slots=True)
class Stored:
    """What pictures show that comes from the database, where other processes put things, too."""

    recent: tuple[Record, ...]
    waiting: tuple[Record, ...]
    pause: InForce | None
    locks: tuple[tuple[str, InForce], ...]


class HomePictures:
    """Puts pictures together; safe to call from many threads."""

    def __init__(
        self, overview: Overview, groups: Groups, archive: Archive, forces: Forces
    ) -> None:
        """``groups``: the memory behind ``overview``."""
        self._forces = forces
        self._overview = overview
        self._groups = groups
        self._archive = archive
        self._failed: tuple[datetime, UplynkError] | None = None
        self._stored: Stored | None = None
        # To match every group against patterns is dear, and the same for most people.
        self._splits: tuple[Listing | None, dict[frozenset[str], Split]] = (None, {})

    def standing(self, actor: Actor, *, remembered_only: bool = False) -> Standing | None:
        """What the person is; None where Slack would have to be asked, and must not be."""
        try:
            return self._overview.standing(actor, remembered_only=remembered_only)
        except NotRemembered:
            return None

    def is_fresh(self) -> bool:
        """Whether no newer reading of the groups is called for yet."""
        return self._groups.known() is not None

    def read(self, *, again: bool = True) -> None:
        """Read the groups where memory is no longer fresh; a failure becomes part of the pictures.

        ``again``: even where the last try failed just now.
        """
        now = self._overview.now()
        if not again and self._failed and timedelta(0) <= now - self._failed[0] < LEFT_ALONE:
            return
        self._read(self._overview.refresh)

    def has_news(self) -> bool:
        """Whether the database holds anything new since this was asked last, by whomever.

        Where memory has a group otherwise than a new change left it, all are read anew. Raises
        LedgerUnavailable.
        """
        before = self._stored
        self._stored = now = Stored(
            recent=self._archive.history(None, RECENT),
            waiting=self._archive.waiting(),
            pause=self._forces.in_force(None).pause,
            locks=self._forces.locks(),
        )
        if before is None or before == now:
            return False
        known = self._groups.known(fresh_only=False)
        new = tuple(one for one in now.recent if one not in before.recent)
        if known is not None and not _agrees(known, new):
            self._read(self._groups.anew)
        return True

    def backdrop(self) -> Backdrop:
        """What everybody's picture has in common now."""
        fresh = self._groups.known()
        drawn = Backdrop(
            listing=fresh or self._groups.known(fresh_only=False),
            problem=None if fresh or self._failed is None else self._failed[1],
            recent=None,
            now=self._overview.now(),
        )
        try:
            return replace(
                drawn,
                recent=self._archive.history(None, RECENT),
                waiting=self._archive.waiting(),
                pause=self._forces.in_force(None).pause,
                locks=self._locks(drawn),
            )
        except LedgerUnavailable:
            return drawn

    def _read(self, reading: Callable[[], Listing]) -> None:
        try:
            problem = reading().problem
        except UplynkError as error:
            problem = error
        self._failed = None if problem is None else (self._overview.now(), problem)

    def _locks(self, drawn: Backdrop) -> tuple[Locked, ...]:
        names = {} if drawn.listing is None else drawn.listing.by_id
        return tuple(
            Locked(group_id, names[group_id].name if group_id in names else group_id, lock)
            for group_id, lock in self._forces.locks()
            if lock.at(drawn.now)
        )

    def picture(self, visit: Visit, backdrop: Backdrop) -> HomePicture:
        """The picture for one person; what they may not see is not in it."""
        standing, place = visit.standing, visit.place
        may_look = standing is not None and standing.may(Action.VIEW)
        page = self._page(standing, place, backdrop) if standing and may_look else None
        return HomePicture(
            user_id=visit.actor.user_id,
            standing=standing,
            holders=self._overview.who_may(Action.VIEW),
            place=place if page is None else page.place,
            page=page,
            problem=backdrop.problem,
            recent=backdrop.recent if may_look else None,
            now=backdrop.now,
            note=visit.note,
            reading=visit.reading,
            pause=backdrop.pause if may_look else None,
            locks=_unlockable(visit, backdrop.locks) if may_look else (),
            waiting=_decidable(visit, backdrop.waiting) if may_look else (),
        )

    def _page(self, standing: Standing, place: Place, backdrop: Backdrop) -> GroupsPage | None:
        listing = backdrop.listing
        if listing is None:
            return None
        mine, others = self._split(listing, _patterns(standing))
        everything = place.everything or not mine
        count = len(mine) + (len(others) if everything else 0)
        start = max(0, min(place.offset, count - 1)) // PAGE_SIZE * PAGE_SIZE
        end = start + PAGE_SIZE
        before, until = max(0, start - len(mine)), max(0, end - len(mine))
        return GroupsPage(
            mine=mine[start:end],
            others=others[before:until] if everything else (),
            place=Place(start, everything),
            changeable=len(mine),
            total=len(listing.groups),
            read_at=listing.read_at,
        )

    def _split(self, listing: Listing, patterns: frozenset[str]) -> Split:
        of, splits = self._splits
        if of is not listing:
            splits = {}
            self._splits = (listing, splits)
        if patterns not in splits:
            splits[patterns] = _split(listing.groups, patterns)
        return splits[patterns]


def _agrees(listing: Listing, recent: tuple[Record, ...]) -> bool:
    """Whether a listing has the groups as these changes, newest first, left them."""
    left = {one.group_id: one.after for one in reversed(recent) if one.final and one.after}
    return all(
        group_id not in listing.by_id
        or replace(listing.by_id[group_id], allowed_owners=None)
        == replace(after, allowed_owners=None)
        for group_id, after in left.items()
        if group_id is not None
    )


def _unlockable(visit: Visit, locks: tuple[Locked, ...]) -> tuple[Locked, ...]:
    """The locks, with what the person is offered: their own to end, an admin any."""
    standing, user = visit.standing, visit.actor.user_id

    def may(lock: Locked) -> bool:
        key = (lock.group_id, lock.name)
        if standing is None or not standing.may_to(Action.LOCK, key):
            return False
        return lock.force.by == user or standing.may_to(Action.OVERRIDE, key)

    return tuple(replace(lock, may_unlock=may(lock)) for lock in locks)


def _decidable(visit: Visit, waiting: tuple[Record, ...]) -> tuple[Waiting, ...]:
    """The requests, with what the person is offered: to take back their own, to decide others."""
    standing, user = visit.standing, visit.actor.user_id
    found = []
    for record in waiting:
        key = (record.group_id or "", record.group_name or "")
        own = record.request.actor.user_id == user
        may = not own and standing is not None and standing.may_to(Action.APPROVE, key)
        found.append(Waiting(record, may_decide=may, may_withdraw=own))
    return tuple(found)


def _patterns(standing: Standing) -> frozenset[str]:
    """Patterns of the groups that the person may change in any way."""
    roles = (one for one in standing.grants if any(allows(one.role, act) for act in CHANGING))
    return frozenset[str]().union(*(grant.groups for grant in roles))


def _split(groups: tuple[FailoverGroup, ...], patterns: Iterable[str]) -> Split:
    if "*" in patterns:
        return groups, ()
    mine: list[FailoverGroup] = []
    others: list[FailoverGroup] = []
    for group in groups:
        (mine if covers(patterns, (group.id, group.name)) else others).append(group)
    return tuple(mine), tuple(others)
