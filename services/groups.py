"""The groups of the account: read, remembered for a while, found by what a person typed."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import get_close_matches

from failover.errors import GroupGone, UplynkError
from failover.model import FailoverGroup, Reading
from services.ports import Clock, Uplynk

CANDIDATES = 5
"""How many names an ambiguous or unknown one is answered with."""


@dataclass(frozen=True, slots=True)
class NoSuchGroup:
    """Nothing is called so; ``near`` holds the closest names."""

    word: str
    near: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """Several groups could be meant."""

    word: str
    candidates: tuple[FailoverGroup, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """All groups, sorted by name, and when (UTC) Uplynk reported them.

    ``problem`` is set where a newer reading failed and this one is older than it should be.
    """

    groups: tuple[FailoverGroup, ...]
    read_at: datetime
    folded: tuple[str, ...]
    by_id: Mapping[str, FailoverGroup]
    problem: UplynkError | None = None


class Groups:
    """Reads through Uplynk; keeps the last listing for ``fresh_seconds``."""

    def __init__(self, uplynk: Uplynk, clock: Clock, fresh_seconds: float) -> None:
        """``clock`` gives UTC."""
        self._uplynk = uplynk
        self._clock = clock
        self._fresh = timedelta(seconds=fresh_seconds)
        self._turn = threading.Lock()
        self._swap = threading.Lock()
        self._noted: dict[str, FailoverGroup] = {}
        self._listing: Listing | None = None
        self._outdated = False

    def read(self, group_id: str, *, within: float | None = None) -> Reading:
        """One group, read from Uplynk now. Raises UplynkError."""
        try:
            group = self._uplynk.get_group(group_id, within=within)
        except GroupGone:
            self._drop(group_id)
            raise
        self._note(group)
        return Reading(group, self._clock())

    def known(self, *, fresh_only: bool = True) -> Listing | None:
        """The listing in memory, or None; never touches the network."""
        listing = self._listing
        if listing is None or not fresh_only:
            return listing
        old = self._outdated or self._clock() - listing.read_at > self._fresh
        return None if old else listing

    def all(self, *, within: float | None = None) -> Listing:
        """The listing, read again where it is no longer fresh.

        Raises UplynkError where it can't be read and none is remembered.
        """
        listing = self.known()
        if listing is not None:
            return listing
        with self._turn:
            return self.known() or self._reload(within)

    def find(
        self, word: str, *, within: float | None = None
    ) -> FailoverGroup | NoSuchGroup | Ambiguous:
        """The group whose ID or name is ``word``, or that starts so unmistakably.

        A whole ID or name beats a start, and so does the exact spelling. A group that is not in
        a remembered listing is looked for in a new one. Raises UplynkError as ``all`` does, and
        where a new one can't be had: what an old one lacks may exist all the same.
        """
        remembered = self.known()
        listing = remembered or self.all(within=within)
        found = _find(listing, word)
        if isinstance(found, NoSuchGroup) and remembered is not None:
            listing = self._newer(remembered, within)
            found = _find(listing, word)
        if isinstance(found, NoSuchGroup) and listing.problem is not None:
            raise listing.problem
        return found

    def search(self, typed: str, limit: int) -> tuple[FailoverGroup, ...]:
        """Groups for a type-ahead: names that start with ``typed`` first, then those that hold it.

        Reads nothing: empty while no listing is known.
        """
        listing = self.known(fresh_only=False)
        return () if listing is None else matching(listing, typed)[:limit]

    def _note(self, group: FailoverGroup) -> None:
        """Bring the listing up to a group that was read by itself, as after a change."""
        with self._swap:
            self._noted[group.id] = group
            listing = self._listing
            if listing is None or listing.by_id.get(group.id) == group:
                return
            self._listing = _listing({**listing.by_id, group.id: group}, listing.read_at)

    def _drop(self, group_id: str) -> None:
        with self._swap:
            self._outdated = True
            self._noted.pop(group_id, None)
            listing = self._listing
            if listing is not None and group_id in listing.by_id:
                left = {key: group for key, group in listing.by_id.items() if key != group_id}
                self._listing = _listing(left, listing.read_at)

    def _newer(self, than: Listing, within: float | None) -> Listing:
        with self._turn:
            listing = self.known()
            if listing is not None and listing.read_at > than.read_at:
                return listing
            return self._reload(within)

    def _reload(self, within: float | None) -> Listing:
        with self._swap:
            self._noted.clear()
        try:
            groups = self._uplynk.list_groups(within=within)
        except UplynkError as problem:
            old = self._listing
            if old is None:
                raise
            return Listing(old.groups, old.read_at, old.folded, old.by_id, problem)
        with self._swap:
            # A group read by itself while the list was on its way is the newer of the two.
            by_id = {group.id: group for group in groups} | self._noted
            self._listing = _listing(by_id, self._clock())
            self._outdated = False
            return self._listing


def _listing(by_id: Mapping[str, FailoverGroup], read_at: datetime) -> Listing:
    ordered = tuple(sorted(by_id.values(), key=lambda group: (group.name.casefold(), group.id)))
    folded = tuple(group.name.casefold() for group in ordered)
    return Listing(ordered, read_at, folded, by_id)


def matching(listing: Listing, typed: str) -> tuple[FailoverGroup, ...]:
    """The groups whose name or ID holds ``typed``, those that start with it first."""
    wanted = typed.strip().casefold()
    if not wanted:
        return listing.groups
    first, second = [], []
    for name, group in zip(listing.folded, listing.groups, strict=True):
        if name.startswith(wanted):
            first.append(group)
        elif wanted in name or group.id.startswith(wanted):
            second.append(group)
    return (*first, *second)


def _find(listing: Listing, word: str) -> FailoverGroup | NoSuchGroup | Ambiguous:
    wanted = word.strip()
    folded = wanted.casefold()
    if wanted in listing.by_id:
        return listing.by_id[wanted]
    named = [
        group for name, group in zip(listing.folded, listing.groups, strict=True) if name == folded
    ]
    spelled = [group for group in named if group.name == wanted]
    starting = (
        []
        if named or not folded
        else [
            group
            for name, group in zip(listing.folded, listing.groups, strict=True)
            if name.startswith(folded) or group.id.startswith(folded)
        ]
    )
    for candidates in (spelled, named, starting):
        if len(candidates) == 1:
            return candidates[0]
        if candidates:
            return Ambiguous(wanted, tuple(candidates[: CANDIDATES + 1]))
    near = get_close_matches(folded, dict.fromkeys(listing.folded), CANDIDATES, 0.6)
    names = dict(zip(reversed(listing.folded), reversed(listing.groups), strict=True))
    return NoSuchGroup(wanted, tuple(names[name].name for name in near))
