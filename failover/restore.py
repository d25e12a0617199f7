"""The way back: the writes that make a group again what it was, in an order that Uplynk accepts."""

from dataclasses import dataclass
from enum import StrEnum

from failover.model import FailoverGroup, Mode, Slicer
from failover.roles import Action
from failover.writes import (
    Patch,
    PutActive,
    PutChannels,
    PutOwners,
    PutSlate,
    PutSlicers,
    Write,
)


@dataclass(frozen=True, slots=True)
class Restore:
    """Make the group what ``target`` shows: mode, failback, order, eligibility, slate, channels.

    ``active``: the active slicer too, where it was a person who moved it. ``needs``: what one must
    be allowed to do, more than ``undo`` where channels or owners go back. ``change_id``: the change
    that is taken back.
    """

    target: FailoverGroup
    active: bool
    needs: Action = Action.UNDO
    change_id: str = ""


class Lost(StrEnum):
    """What the way back cannot bring back."""

    ACTIVE_SLICER = "active_slicer"
    SLICERS_GONE = "slicers_gone"
    SLICERS_NEW = "slicers_new"


def lost(group: FailoverGroup, restore: Restore) -> tuple[Lost, ...]:
    """What will differ from ``target`` even when every write takes effect."""
    target, found = restore.target, []
    there, then = {one.id for one in group.slicers}, {one.id for one in target.slicers}
    moved = group.active_slicer_id != target.active_slicer_id and not target.on_slate
    if moved and not group.on_slate and not _reactivates(group, restore):
        found.append(Lost.ACTIVE_SLICER)
    if then - there:
        found.append(Lost.SLICERS_GONE)
    if there - then:
        found.append(Lost.SLICERS_NEW)
    return tuple(found)


def restoring(group: FailoverGroup, restore: Restore) -> Write | None:
    """The next write on the way back; None: all that can be restored is.

    What others may refuse (channels, owners) comes first, so that a refusal leaves nothing half
    done; the slate ends first and begins last; activation needs auto failback off, and a switch to
    prioritized rewrites the order, so the order follows the mode.
    """
    target = restore.target
    reactivates = _reactivates(group, restore)
    for write in (
        _channels(group, target),
        _owners(group, target),
        PutSlate(False) if group.on_slate and not target.on_slate else None,
        Patch(auto_failback=False) if reactivates and group.auto_failback else None,
        _mode(group, target, alone=reactivates),
        _slicers(group, target),
        PutActive(target.active_slicer_id or "") if reactivates else None,
        _failback(group, target),
        PutSlate(True) if target.on_slate and not group.on_slate else None,
    ):
        if write is not None:
            return write
    return None


def _reactivates(group: FailoverGroup, restore: Restore) -> bool:
    wanted = restore.target.active_slicer_id
    there = any(slicer.id == wanted for slicer in group.slicers)
    return restore.active and there and group.active_slicer_id != wanted


def _mode(group: FailoverGroup, target: FailoverGroup, *, alone: bool) -> Patch | None:
    if group.mode is target.mode:
        return None
    with_failback = not alone and _failback_differs(group, target)
    return Patch(target.mode, target.auto_failback if with_failback else None)


def _failback(group: FailoverGroup, target: FailoverGroup) -> Patch | None:
    differs = _failback_differs(group, target)
    return Patch(auto_failback=target.auto_failback) if differs else None


def _failback_differs(group: FailoverGroup, target: FailoverGroup) -> bool:
    # In flat it means nothing, and there Uplynk documents no way to turn it on.
    can = target.mode is Mode.PRIORITIZED or not target.auto_failback
    return can and group.auto_failback != target.auto_failback


def _slicers(group: FailoverGroup, target: FailoverGroup) -> PutSlicers | None:
    then = {slicer.id: slicer for slicer in target.slicers}
    flat = target.mode is Mode.FLAT
    wanted = tuple(
        Slicer(one.id, then[one.id].enabled, 1 if flat else then[one.id].order)
        for one in group.slicers
        if one.id in then
    )
    now = {slicer.id: slicer for slicer in group.slicers}
    same = all(now[one.id].enabled == one.enabled for one in wanted) and (
        flat or all(now[one.id].order == one.order for one in wanted)
    )
    return None if same else PutSlicers(wanted)


def _channels(group: FailoverGroup, target: FailoverGroup) -> PutChannels | None:
    now = [channel.id for channel in group.channels]
    then = [channel.id for channel in target.channels]
    delta = PutChannels(*_delta(now, then))
    return None if delta == PutChannels() else delta


def _owners(group: FailoverGroup, target: FailoverGroup) -> PutOwners | None:
    if target.allowed_owners is None or group.allowed_owners is None:
        return None
    delta = PutOwners(*_delta(list(group.allowed_owners), list(target.allowed_owners)))
    return None if delta == PutOwners() else delta


def _delta(now: list[str], then: list[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    add = tuple(one for one in then if one not in now)
    return add, tuple(one for one in now if one not in then)
