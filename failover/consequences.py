"""What a change will mean for viewers and staff, worked out from the live state of a group.

Everything is read off two states: the group as it is, and as the change's writes should leave it.
"""

from datetime import datetime, timedelta

from failover.change import (
    Activate,
    Change,
    Channels,
    Configure,
    Order,
    Owners,
    expected,
    holds,
    writes,
)
from failover.foresight import Code, Consequence
from failover.members import joining_and_leaving, misnamed, who_may_use
from failover.model import FailoverGroup, Mode, Slicer
from failover.restore import Lost, Restore, lost
from failover.writes import Patch

RECENT_FAILOVER = timedelta(minutes=5)
"""A failover younger than this says that the slicer that was left may still be unwell."""


def foresee(group: FailoverGroup, change: Change, now: datetime) -> tuple[Consequence, ...]:
    """Everything worth saying before ``change`` is applied to ``group`` at ``now`` (UTC)."""
    if holds(group, change):
        return (Consequence(Code.NO_CHANGE), *misnamed(group, change))
    after = expected(group, change)
    if isinstance(change, Owners):
        return (*who_may_use(group, after), *misnamed(group, change))
    said = [*_lost(group, change), *_viewers(group, after), *_steps(group, change, after)]
    said += [*_order(group, change, after), *_eligible(group, after)]
    said += [*_next(group, after), *_manual(group, after)]
    said += [*joining_and_leaving(group, after), *who_may_use(group, after)]
    said += [*misnamed(group, change), *_recent(group, now)]
    if not isinstance(change, Channels) and all(one.count == 0 for one in said) and after.channels:
        said.append(Consequence(Code.CHANNELS, count=len(after.channels)))
    return tuple(said)


def _viewers(before: FailoverGroup, after: FailoverGroup) -> list[Consequence]:
    """Who serves, and whether viewers move at once."""
    now, then, count = before.active_slicer_id, after.active_slicer_id, len(before.channels)
    served = () if now is None else (now,)
    if before.on_slate and after.on_slate:
        return [Consequence(Code.ON_SLATE)]
    if after.on_slate:
        return [Consequence(Code.SLATE_BEGINS, served, count)]
    if then is None:
        return [Consequence(Code.SLATE_ENDS, count=count)] if before.on_slate else []
    if before.on_slate:
        return [Consequence(Code.SLATE_ENDS_ON, (then,), count)]
    if now == then:
        moves = _pulled_back(after) not in (None, _pulled_back(before))
        return [] if moves else [Consequence(Code.VIEWERS_STAY, (then,))]
    code = Code.VIEWERS_MOVE if served else Code.VIEWERS_MOVE_TO
    return [Consequence(code, (*served, then), count)]


def _steps(before: FailoverGroup, change: Change, after: FailoverGroup) -> list[Consequence]:
    """Auto failback that goes off only to let a slicer be activated."""
    opened = Patch(auto_failback=False) in writes(before, change)
    if isinstance(change, Configure) or not opened:
        return []
    if after.auto_failback:
        return [Consequence(Code.FAILBACK_PAUSED)]
    return [Consequence(Code.FAILBACK_OFF_FIRST)] if isinstance(change, Activate) else []


def _order(before: FailoverGroup, change: Change, after: FailoverGroup) -> list[Consequence]:
    if after.mode is Mode.FLAT:
        if before.mode is not after.mode:
            return [Consequence(Code.ORDER_UNDOCUMENTED)]
        return [Consequence(Code.ORDER_COUNTS_FOR_NOTHING)] if isinstance(change, Order) else []
    sequence = _ids(after.by_priority)
    same = sequence == _ids(before.by_priority)
    if before.mode is not after.mode:
        if same and before.slicers == after.slicers:
            return []
        return [Consequence(Code.ORDER_REWRITTEN, sequence)]
    return [] if same else [Consequence(Code.ORDER_BECOMES, sequence)]


def _eligible(before: FailoverGroup, after: FailoverGroup) -> list[Consequence]:
    was, will = set(_ids(before.eligible)), set(_ids(after.eligible))
    gained = tuple(one.id for one in after.eligible if one.id not in was)
    gone = tuple(one.id for one in before.eligible if one.id not in will)
    said = [Consequence(Code.ELIGIBLE_NOW, gained)] if gained else []
    said += [Consequence(Code.INELIGIBLE_NOW, gone)] if gone else []
    active = after.active_slicer_id
    if active is None or active in will or after.on_slate:
        return said
    if active != before.active_slicer_id:
        said.append(Consequence(Code.ACTIVATES_INELIGIBLE, (active,)))
    elif active in gone:
        said.append(Consequence(Code.ACTIVE_INELIGIBLE, (active,)))
    return said


def _next(before: FailoverGroup, after: FailoverGroup) -> list[Consequence]:
    """Who would take over: afterwards, and today where that is somebody else."""
    if after.on_slate and not before.on_slate:
        return []
    today, then = _successors(before), _successors(after)
    alike = today.names == then.names and (today.code is then.code or len(then.names) == 1)
    if alike or before.on_slate:
        return [then]
    return [Consequence(_TODAY[today.code], today.names), then]


_TODAY = {
    Code.NEXT_BY_CHANCE: Code.TODAY_BY_CHANCE,
    Code.NEXT_IN_ORDER: Code.TODAY_IN_ORDER,
    Code.ONE_ELIGIBLE: Code.TODAY_IN_ORDER,
    Code.NO_BACKUP: Code.TODAY_NO_BACKUP,
}


def _successors(group: FailoverGroup) -> Consequence:
    """Who may take over, in order; by name where it is left to chance."""
    others = _ids(tuple(one for one in group.eligible if one.id != group.active_slicer_id))
    if not others:
        return Consequence(Code.NO_BACKUP)
    if len(others) == 1 and (group.active_slicer_id is None or group.on_slate):
        return Consequence(Code.ONE_ELIGIBLE, others)
    if group.mode is Mode.FLAT:
        return Consequence(Code.NEXT_BY_CHANCE, tuple(sorted(others)))
    return Consequence(Code.NEXT_IN_ORDER, others)


def _manual(before: FailoverGroup, after: FailoverGroup) -> list[Consequence]:
    said = []
    pulled = _pulled_back(after)
    if pulled is not None and pulled != _pulled_back(before):
        said.append(Consequence(Code.SWITCHES_BACK, pulled))
    was, will = _fails_back(before), _fails_back(after)
    if was and not will:
        said.append(Consequence(Code.STAYS_AFTER_FAILOVER))
        said.append(Consequence(Code.MANUAL_SWITCH_AGAIN))
    if will and not was:
        said.append(Consequence(Code.NO_MANUAL_SWITCH))
    return said


def _fails_back(group: FailoverGroup) -> bool:
    return group.mode is Mode.PRIORITIZED and group.auto_failback


def _pulled_back(group: FailoverGroup) -> tuple[str, str] | None:
    """(the slicer that auto failback would go back to, the active one), where these differ."""
    active, first = group.active_slicer_id, group.eligible[:1]
    if not _fails_back(group) or active is None or group.on_slate or not first:
        return None
    return None if first[0].id == active else (first[0].id, active)


def _lost(group: FailoverGroup, change: Change) -> list[Consequence]:
    """What taking a change back does not bring back."""
    if not isinstance(change, Restore):
        return []
    there, then = _ids(group.slicers), _ids(change.target.slicers)
    wanted, active = change.target.active_slicer_id, group.active_slicer_id
    names = {
        Lost.ACTIVE_SLICER: () if wanted is None or active is None else (wanted, active),
        Lost.SLICERS_GONE: tuple(one for one in then if one not in there),
        Lost.SLICERS_NEW: tuple(one for one in there if one not in then),
    }
    return [Consequence(_LOST[one], names[one]) for one in lost(group, change)]


_LOST = {
    Lost.ACTIVE_SLICER: Code.LOST_ACTIVE,
    Lost.SLICERS_GONE: Code.LOST_SLICERS,
    Lost.SLICERS_NEW: Code.NEW_SLICERS,
}


def _recent(group: FailoverGroup, now: datetime) -> list[Consequence]:
    moment = group.failover_time
    if moment is None or now - moment >= RECENT_FAILOVER or group.on_slate:
        return []
    return [Consequence(Code.RECENT_FAILOVER, moment=moment)]


def _ids(slicers: tuple[Slicer, ...]) -> tuple[str, ...]:
    return tuple(slicer.id for slicer in slicers)
