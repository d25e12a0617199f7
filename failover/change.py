"""What people ask for: the closed family of changes, and the writes that each of them takes.

A change is a goal. ``next_write`` says what still has to be written to reach it from a state of
the group, so a change of several writes goes on from each reading, never from a plan that may no
longer be true. All functions are pure.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias, assert_never

from failover.measures import Lock, Measure, Pause, Resume, Unlock
from failover.model import FailoverGroup, Mode, Slicer
from failover.restore import Restore, restoring
from failover.roles import Action
from failover.writes import (
    Patch,
    PutActive,
    PutChannels,
    PutOwners,
    PutSlate,
    PutSlicers,
    Write,
    after,
)

WRITES_LIMIT = 8
"""More writes than any change takes; a plan that grew longer would never end."""


@dataclass(frozen=True, slots=True)
class Configure:
    """Set the mode and/or auto failback; None leaves a value as it is."""

    mode: Mode | None = None
    auto_failback: bool | None = None


@dataclass(frozen=True, slots=True)
class Activate:
    """Make a slicer the active one; ``failback_off``: turn auto failback off first if it is on."""

    slicer_id: str
    failback_off: bool = False


@dataclass(frozen=True, slots=True)
class Slate:
    """Show the missing-content slate, or end it."""

    on: bool


@dataclass(frozen=True, slots=True)
class Order:
    """The slicers to come first, in this sequence, and which of these are to be eligible.

    ``ranking`` holds (slicer ID, eligible). The slicers that are not named keep their sequence
    behind the named ones, and their eligibility.
    """

    ranking: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class Channels:
    """Channels to add to the group and to remove from it, by ID."""

    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Owners:
    """Users to allow to use the group and to forbid it, by Uplynk user ID."""

    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


Change: TypeAlias = Configure | Activate | Slate | Order | Channels | Owners | Restore | Measure
"""A measure is recorded, announced and checked like the rest, but takes no write."""


class Inapplicable(StrEnum):
    """Why a change makes no sense for a group in its present state."""

    FAILBACK_IN_FLAT = "failback_in_flat"
    FAILBACK_IN_THE_WAY = "failback_in_the_way"
    UNKNOWN_SLICERS = "unknown_slicers"


def needed(change: Change) -> Action:
    """What a person must be allowed to do for this change."""
    match change:
        case Configure():
            return Action.CONFIGURE
        case Activate():
            return Action.ACTIVATE
        case Slate():
            return Action.SLATE
        case Order():
            return Action.ORDER
        case Channels():
            return Action.CHANNELS
        case Owners():
            return Action.OWNERS
        case Restore(needs=action):
            return action
        case Lock() | Unlock():
            return Action.LOCK
        case Pause() | Resume():
            return Action.PAUSE
        case _:
            assert_never(change)


def reads_owners(change: Change) -> bool:
    """Whether the group has to be read together with its allowed owners."""
    return needed(change) is Action.OWNERS


def inapplicable(group: FailoverGroup, change: Change) -> Inapplicable | None:
    """Why ``change`` cannot be asked of ``group``, or None.

    Auto failback applies only to prioritized groups [patch-failover-group]; while it is on Uplynk
    refuses to activate a slicer, and slicers that are not in the group are silently ignored
    [Live-Slicer-Failover-API].
    """
    match change:
        case Configure(mode, auto_failback):
            wrong = (mode or group.mode) is Mode.FLAT and auto_failback
            return Inapplicable.FAILBACK_IN_FLAT if wrong else None
        case Activate(failback_off=failback_off):
            if unknown_slicers(group, change):
                return Inapplicable.UNKNOWN_SLICERS
            barred = group.auto_failback and not failback_off
            return Inapplicable.FAILBACK_IN_THE_WAY if barred else None
        case Order():
            return Inapplicable.UNKNOWN_SLICERS if unknown_slicers(group, change) else None
        case _:
            return None


def unknown_slicers(group: FailoverGroup, change: Change) -> tuple[str, ...]:
    """The slicers that a change names and the group lacks."""
    match change:
        case Activate(slicer_id):
            named: tuple[str, ...] = (slicer_id,)
        case Order(ranking):
            named = tuple(slicer_id for slicer_id, _ in ranking)
        case _:
            named = ()
    known = {slicer.id for slicer in group.slicers}
    return tuple(one for one in named if one not in known)


def next_write(group: FailoverGroup, change: Change) -> Write | None:
    """The next write towards ``change``, with only the values that differ; None: it holds."""
    match change:
        case Configure(mode, auto_failback):
            return _patch(group, mode, auto_failback)
        case Activate(slicer_id):
            if group.active_slicer_id == slicer_id:
                return None
            return Patch(auto_failback=False) if group.auto_failback else PutActive(slicer_id)
        case Slate(on):
            return None if group.on_slate == on else PutSlate(on)
        case Order():
            return _rank(group, change)
        case Channels(add, remove):
            held = {channel.id for channel in group.channels}
            delta = PutChannels(_missing(add, held), _present(remove, held))
            return None if delta == PutChannels() else delta
        case Owners(add, remove):
            held = set(group.allowed_owners or ())
            rights = PutOwners(_missing(add, held), _present(remove, held))
            return None if rights == PutOwners() else rights
        case Restore():
            return restoring(group, change)
        case Lock() | Unlock() | Pause() | Resume():
            return None
        case _:
            assert_never(change)


def holds(group: FailoverGroup, change: Change) -> bool:
    """Whether the group already is as the change wants it."""
    return next_write(group, change) is None


def writes(group: FailoverGroup, change: Change) -> tuple[Write, ...]:
    """Every write that the change takes from this state, as far as it can be foretold."""
    found: list[Write] = []
    while (write := next_write(group, change)) is not None and len(found) < WRITES_LIMIT:
        found.append(write)
        group = after(group, write)
    return tuple(found)


def expected(group: FailoverGroup, change: Change) -> FailoverGroup:
    """The group as it should be afterwards."""
    for write in writes(group, change):
        group = after(group, write)
    return group


def _patch(group: FailoverGroup, mode: Mode | None, auto_failback: bool | None) -> Patch | None:
    differs = Patch(
        mode=None if mode is group.mode else mode,
        auto_failback=None if auto_failback == group.auto_failback else auto_failback,
    )
    return None if differs == Patch() else differs


def _rank(group: FailoverGroup, change: Order) -> PutSlicers | None:
    named = {slicer_id for slicer_id, _ in change.ranking}
    rest = [(one.id, one.enabled) for one in group.by_priority if one.id not in named]
    flat = group.mode is Mode.FLAT  # there every order must be 1
    wanted = tuple(
        Slicer(slicer_id, enabled, 1 if flat else place)
        for place, (slicer_id, enabled) in enumerate([*change.ranking, *rest], start=1)
    )
    eligible = {(one.id, one.enabled) for one in group.slicers}
    same = all((one.id, one.enabled) in eligible for one in wanted)
    if same and (flat or [one.id for one in group.by_priority] == [one.id for one in wanted]):
        return None
    return PutSlicers(wanted)


def _missing(wanted: tuple[str, ...], held: set[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for one in wanted if one not in held))


def _present(unwanted: tuple[str, ...], held: set[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for one in unwanted if one in held))
