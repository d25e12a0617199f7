"""The groups of the account: read, remembered for a while, found by what a person typed."""

import threading
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from difflib import get_close_matches

from failover.errors import GroupGone, Unavailable, UplynkError
from failover.model import FailoverGroup, Reading
from failover.sets import is_pattern
from failover.sets import near as near_pattern
from services.ports import Clock, Uplynk

CANDIDATES = 5
"""How many names an ambiguous or unknown one is answered with."""

LONGEST_WAIT_SECONDS = 12.0
"""For a listing that somebody else has asked for, unless the caller has less time."""


LEAST_SECONDS = 0.5
"""For the second of two readings, even where the first has used up the time."""


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
        self._swap = threading.Lock()
        self._coming: Future[Listing] | None = None
        self._noted: dict[str, FailoverGroup] = {}
        self._listing: Listing | None = None
        self._outdated = False

    def read(self, group_id: str, *, owners: bool = False, within: float | None = None) -> Reading:
        """One group, read from Uplynk now, with its allowed owners if asked. Raises UplynkError.

        ``within``: seconds for it all.
        """
        begun = self._clock()
        try:
            group = self._uplynk.get_group(group_id, within=within)
            left = self._left(begun, within)
            allowed = self._uplynk.allowed_owners(group_id, within=left) if owners else None
        except GroupGone:
            self._drop(group_id)
            raise
        self._note(group)
        return Reading(replace(group, allowed_owners=allowed), self._clock())

    def known(self, *, fresh_only: bool = True) -> Listing | None:
        """The listing in memory, or None; never touches the network."""
        listing = self._listing
        if listing is None or not fresh_only:
            return listing
        # A negative age, after the clock was set back, says nothing: that listing counts as old.
        young = timedelta(0) <= self._clock() - listing.read_at <= self._fresh
        return listing if young and not self._outdated else None

    def all(self, *, within: float | None = None) -> Listing:
        """The listing, read again where it is no longer fresh; ``within``: seconds for it all.

        Those who ask at the same time share one reading, and the error it may end in. Raises
        UplynkError where it can't be read and none is remembered.
        """
        return self.known() or self._newer(None, within)

    def anew(self, *, within: float | None = None) -> Listing:
        """The listing, read now whatever is remembered; otherwise as ``all``."""
        return self._newer(self.known(), within)

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

    def find_remembered(self, word: str) -> FailoverGroup | None:
        """What ``find`` would say without reading anything; None where that is not one group."""
        listing = self.known()
        found = None if listing is None else _find(listing, word)
        return found if isinstance(found, FailoverGroup) else None

    def holding(self, channel_ids: tuple[str, ...], besides: str | None) -> list[list[str]]:
        """Which other groups hold these channels, from memory: [channel ID, group name] pairs."""
        listing = self.known(fresh_only=False)
        return [
            [channel.id, group.name]
            for group in (() if listing is None else listing.groups)
            for channel in group.channels
            if channel.id in channel_ids and group.id != besides
        ]

    def search(self, typed: str, limit: int) -> tuple[FailoverGroup, ...]:
        """Groups for a type-ahead: names that start with ``typed`` first, then those that hold it.

        Reads nothing: empty while no listing is known.
        """
        listing = self.known(fresh_only=False)
        return () if listing is None else matching(listing, typed)[:limit]

    def _left(self, begun: datetime, within: float | None) -> float | None:
        if within is None:
            return None
        # A clock that jumps must neither lengthen the time nor end it.
        spent = (self._clock() - begun).total_seconds()
        return within - spent if 0 <= spent < within else LEAST_SECONDS

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

    def _newer(self, than: Listing | None, within: float | None) -> Listing:
        with self._swap:
            listing = self.known()
            if listing is not None and (than is None or listing.read_at != than.read_at):
                return listing
            mine = self._coming is None
            coming = self._coming = self._coming or Future()
        try:
            return self._reload(coming, within) if mine else _wait(coming, within)
        except UplynkError as problem:
            old = self._listing
            if old is None:
                raise
            return replace(old, problem=problem)

    def _reload(self, coming: "Future[Listing]", within: float | None) -> Listing:
        try:
            listing = self._read_all(within)
        except BaseException as error:
            self._landed()
            coming.set_exception(error)
            raise
        self._landed()
        coming.set_result(listing)
        return listing

    def _landed(self) -> None:
        with self._swap:
            self._coming = None

    def _read_all(self, within: float | None) -> Listing:
        with self._swap:
            self._noted.clear()
        groups = self._uplynk.list_groups(within=within)
        with self._swap:
            # A group read by itself while the list was on its way is the newer of the two.
            by_id = {group.id: group for group in groups} | self._noted
            self._listing = _listing(by_id, self._clock())
            self._outdated = False
            return self._listing


def _wait(coming: "Future[Listing]", within: float | None) -> Listing:
    seconds = LONGEST_WAIT_SECONDS if within is None else min(within, LONGEST_WAIT_SECONDS)
    try:
        return coming.result(seconds)
    except TimeoutError as late:
        raise Unavailable("GET /failover-groups", words="no answer in time") from late


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
    if is_pattern(wanted):
        return NoSuchGroup(wanted, near_pattern(wanted, [group.name for group in listing.groups]))
    near = get_close_matches(folded, dict.fromkeys(listing.folded), CANDIDATES, 0.6)
    names = dict(zip(reversed(listing.folded), reversed(listing.groups), strict=True))
    return NoSuchGroup(wanted, tuple(names[name].name for name in near))
