"""The six writes that Uplynk's failover API takes, what each leads to and what a reading proves.

All are absolute ("make it prioritized"), never toggles, so that a reading can tell whether one
took effect. Vendor page: "Live-Slicer-Failover-API". All functions are pure.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeAlias, assert_never

from failover.model import NO_SLICER, Channel, FailoverGroup, Mode, Slicer


@dataclass(frozen=True, slots=True)
class Patch:
    """Mode and/or auto failback; None leaves a value as it is."""

    mode: Mode | None = None
    auto_failback: bool | None = None


@dataclass(frozen=True, slots=True)
class PutSlicers:
    """Eligibility and priority of these slicers of the group."""

    slicers: tuple[Slicer, ...]


@dataclass(frozen=True, slots=True)
class PutActive:
    """Make a slicer the active one on every channel of the group; 400 under auto failback."""

    slicer_id: str


@dataclass(frozen=True, slots=True)
class PutSlate:
    """Show the missing-content slate, or go back to the active slicer."""

    on: bool


@dataclass(frozen=True, slots=True)
class PutChannels:
    """Channels to add and to remove; 409 where one to add belongs to a group already."""

    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PutOwners:
    """Users to allow and to forbid."""

    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


Write: TypeAlias = Patch | PutSlicers | PutActive | PutSlate | PutChannels | PutOwners


class Verdict(StrEnum):
    """What one reading after a write proves."""

    APPLIED = "applied"
    NOT_APPLIED = "not_applied"
    DIFFERENT = "different"


def judge(before: FailoverGroup, write: Write, now: FailoverGroup) -> Verdict:
    """Compare a reading with what was there and what was wanted.

    DIFFERENT: neither; somebody else's hand shows, or only half of the write took effect.
    """
    if done(now, write):
        return Verdict.APPLIED
    touched = _touched(before, write) != _touched(now, write)
    return Verdict.DIFFERENT if touched else Verdict.NOT_APPLIED


def done(group: FailoverGroup, write: Write) -> bool:
    """Whether a group is as the write wants it."""
    match write:
        case Patch(mode, auto_failback):
            return mode in (None, group.mode) and auto_failback in (None, group.auto_failback)
        case PutSlicers(slicers):
            return set(slicers) <= set(group.slicers)
        case PutActive(slicer_id):
            return group.active_slicer_id == slicer_id
        case PutSlate(on):
            return group.on_slate == on
        case PutChannels(add, remove) | PutOwners(add, remove):
            held = set(_members(group, write))
            return held.issuperset(add) and held.isdisjoint(remove)
        case _:
            assert_never(write)


def after(group: FailoverGroup, write: Write) -> FailoverGroup:
    """The group as it should be once the write took effect.

    A switch to prioritized resets every priority to the sequence in which the group lists its
    slicers [patch-failover-group]. What a switch to flat does to order and auto failback is not
    documented, nor which slicer is active after the slate: both are left as they are, or unknown.
    """
    match write:
        case Patch(mode, auto_failback):
            return _patched(group, mode, auto_failback)
        case PutSlicers(slicers):
            new = {slicer.id: slicer for slicer in slicers}
            return replace(group, slicers=tuple(new.get(one.id, one) for one in group.slicers))
        case PutActive(slicer_id):
            return replace(group, active_slicer_id=slicer_id)
        case PutSlate(on):
            return replace(group, active_slicer_id=NO_SLICER if on else None)
        case PutChannels(add, remove):
            kept = tuple(one for one in group.channels if one.id not in remove)
            return replace(group, channels=kept + tuple(Channel(one, "") for one in add))
        case PutOwners(add, remove):
            held = tuple(one for one in group.allowed_owners or () if one not in remove)
            return replace(group, allowed_owners=held + add)
        case _:
            assert_never(write)


def same_settings(one: FailoverGroup, other: FailoverGroup) -> bool:
    """Whether two states agree in all that a person sets; which slicer is active may differ.

    In flat mode neither the order nor auto failback counts, and Uplynk may change them by itself.
    """
    return _settings(one) == _settings(other)


def _patched(group: FailoverGroup, mode: Mode | None, auto_failback: bool | None) -> FailoverGroup:
    slicers = group.slicers
    if mode is Mode.PRIORITIZED and group.mode is not mode:
        slicers = tuple(
            Slicer(slicer.id, slicer.enabled, order)
            for order, slicer in enumerate(group.slicers, start=1)
        )
    return replace(
        group,
        mode=mode or group.mode,
        auto_failback=group.auto_failback if auto_failback is None else auto_failback,
        slicers=slicers,
    )


def _touched(group: FailoverGroup, write: Write) -> object:
    """All that a write may change, to be compared."""
    match write:
        case Patch():
            return group.mode, group.auto_failback
        case PutSlicers():
            return frozenset(group.slicers)
        case PutActive():
            return group.active_slicer_id
        case PutSlate():
            return group.on_slate
        case PutChannels() | PutOwners():
            return frozenset(_members(group, write))
        case _:
            assert_never(write)


def _members(group: FailoverGroup, write: PutChannels | PutOwners) -> tuple[str, ...]:
    if isinstance(write, PutChannels):
        return tuple(channel.id for channel in group.channels)
    return group.allowed_owners or ()


def _settings(group: FailoverGroup) -> object:
    flat = group.mode is Mode.FLAT
    return (
        group.mode,
        None if flat else group.auto_failback,
        frozenset((one.id, one.enabled, 0 if flat else one.order) for one in group.slicers),
        group.on_slate,
        frozenset(channel.id for channel in group.channels),
        None if group.allowed_owners is None else frozenset(group.allowed_owners),
    )
