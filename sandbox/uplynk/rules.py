"""What a write does to one group, and how a group chooses its slicer: pure functions."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from sandbox.uplynk import bodies
from sandbox.uplynk.model import (
    FLAT,
    NO_SLICER,
    PRIORITIZED,
    Json,
    OnFlat,
    OnSameMode,
    RefusedError,
    SimChannel,
    SimGroup,
    SimSlicer,
    WorldOptions,
)

Choose = Callable[[Sequence[SimSlicer]], SimSlicer]


def configure(group: SimGroup, body: object, options: WorldOptions) -> SimGroup:
    """Apply the PATCH: mode, auto_failback, and the documented rewrite of the order."""
    fields = bodies.config(body)
    mode = fields.get("mode")
    if mode == PRIORITIZED and _rewrites(group, options):
        group = _in_listed_order(group)
    elif mode == FLAT and group.mode != FLAT and options.flat is OnFlat.RESETS:
        slicers = tuple(replace(slicer, order=1) for slicer in group.slicers)
        group = replace(group, slicers=slicers, auto_failback=False)
    return replace(group, **fields)


def set_slicers(group: SimGroup, body: object) -> SimGroup:
    """Apply eligibility and order; slicers that the group lacks are silently ignored."""
    wanted: dict[str, Json] = {
        item["slicer_id"]: item
        for item in bodies.slicers(body)
        if group.find(item["slicer_id"]) is not None
    }
    if group.mode == FLAT and any(item["order"] != 1 for item in wanted.values()):
        raise RefusedError(400, "order must be 1 in flat mode")
    slicers = tuple(replace(s, **wanted.get(s.slicer_id, {})) for s in group.slicers)
    return replace(group, slicers=slicers)


def activate(group: SimGroup, body: object) -> SimGroup:
    """Make a slicer the active one; it also ends the slate."""
    slicer_id = bodies.slicer_id(body)
    if group.auto_failback:
        raise RefusedError(400, "auto failback is enabled on this failover group")
    if group.find(slicer_id) is None:
        raise RefusedError(400, f"{slicer_id} does not belong to this failover group")
    return replace(group, active_slicer_id=slicer_id)


def set_no_slicer(group: SimGroup, body: object, choose: Choose) -> SimGroup:
    """Go to the slate, or back to the active slicer (to a successor if that one died)."""
    on_slate = group.active_slicer_id == NO_SLICER
    if bodies.no_slicer(body) == on_slate:
        return group
    if not on_slate:
        resting = group.active_slicer_id
        return replace(group, active_slicer_id=NO_SLICER, resting_slicer_id=resting)
    resting_slicer = group.find(group.resting_slicer_id)
    back = resting_slicer if resting_slicer and resting_slicer.healthy else None
    back = back or successor(group, choose) or group.slicers[0]
    return replace(group, active_slicer_id=back.slicer_id, resting_slicer_id="")


def set_channels(group: SimGroup, body: object, taken: set[str]) -> SimGroup:
    """Apply a delta of channels; `taken` holds the channels of all groups (409)."""
    add, remove = bodies.delta(body, "channels_ids_to_add", "channels_ids_to_remove")
    mine = {channel.id for channel in group.channels}
    conflicts = [one for one in add if one in taken - (mine & set(remove))]
    if conflicts:
        raise RefusedError(409, f"already in a failover group: {', '.join(conflicts)}")
    kept = tuple(channel for channel in group.channels if channel.id not in remove)
    added = tuple(SimChannel(one, f"Channel {one}") for one in dict.fromkeys(add))
    return replace(group, channels=kept + added)


def set_owners(group: SimGroup, body: object) -> SimGroup:
    """Apply a delta of allowed owners."""
    add, remove = bodies.delta(body, "owners_to_add", "owners_to_remove")
    kept = [owner for owner in group.allowed_owners if owner not in remove]
    return replace(group, allowed_owners=tuple(dict.fromkeys(kept + add)))


def successor(group: SimGroup, choose: Choose) -> SimSlicer | None:
    """Choose who takes over: at random in flat, else the healthy eligible first in order."""
    fit = [slicer for slicer in group.slicers if slicer.enabled and slicer.healthy]
    if not fit:
        return None
    return choose(fit) if group.mode == FLAT else min(fit, key=lambda slicer: slicer.order)


def after_death(group: SimGroup, choose: Choose) -> SimSlicer | None:
    """Choose who replaces a dead active slicer; None when no change is due or possible.

    In prioritized mode the next in order after the dead one comes first, then from the top.
    """
    active = group.find(group.active_slicer_id)
    if active is None or active.healthy:
        return None
    if group.mode == FLAT:
        return successor(group, choose)
    later = tuple(slicer for slicer in group.slicers if slicer.order > active.order)
    return successor(replace(group, slicers=later), choose) or successor(group, choose)


def failback(group: SimGroup, revived: str) -> SimSlicer | None:
    """Return the revived slicer when auto failback brings the group back to it."""
    active, back = group.find(group.active_slicer_id), group.find(revived)
    if active is None or back is None or not back.enabled:
        return None
    due = group.mode == PRIORITIZED and group.auto_failback and back.order < active.order
    return back if due else None


def _rewrites(group: SimGroup, options: WorldOptions) -> bool:
    return group.mode != PRIORITIZED or options.same_mode is OnSameMode.REWRITES


def _in_listed_order(group: SimGroup) -> SimGroup:
    slicers = tuple(replace(s, order=n) for n, s in enumerate(group.slicers, start=1))
    return replace(group, slicers=slicers)
