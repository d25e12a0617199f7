"""What a change will mean for viewers and staff, worked out from the live state of a group."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from failover.change import Configure, effective, expected
from failover.model import FailoverGroup, Mode, Slicer

RECENT_FAILOVER = timedelta(minutes=5)
"""A failover younger than this says that the slicer that was left may still be unwell."""


class Code(StrEnum):
    """The closed list of things worth saying before a change."""

    NO_CHANGE = "no_change"
    ORDER_REWRITTEN = "order_rewritten"
    ORDER_UNDOCUMENTED = "order_undocumented"
    NEXT_BY_CHANCE = "next_by_chance"
    NEXT_IN_ORDER = "next_in_order"
    NO_BACKUP = "no_backup"
    SWITCHES_BACK = "switches_back"
    STAYS_AFTER_FAILOVER = "stays_after_failover"
    NO_MANUAL_SWITCH = "no_manual_switch"
    MANUAL_SWITCH_AGAIN = "manual_switch_again"
    RECENT_FAILOVER = "recent_failover"
    ON_SLATE = "on_slate"
    CHANNELS = "channels"


WARNINGS = frozenset(
    {
        Code.ORDER_REWRITTEN,
        Code.NO_BACKUP,
        Code.SWITCHES_BACK,
        Code.RECENT_FAILOVER,
        Code.ON_SLATE,
    }
)
"""The codes that ask for a second look before pressing."""


@dataclass(frozen=True, slots=True)
class Consequence:
    """One thing that will be so: the slicers it speaks of, in order, and a count where it has one.

    ``moment`` is UTC.
    """

    code: Code
    slicers: tuple[str, ...] = ()
    count: int = 0
    moment: datetime | None = None


def foresee(group: FailoverGroup, change: Configure, now: datetime) -> tuple[Consequence, ...]:
    """Everything worth saying before ``change`` is applied to ``group`` at ``now`` (UTC)."""
    change = effective(group, change)
    if change == Configure():
        return (Consequence(Code.NO_CHANGE),)
    after = expected(group, change)
    said = [*_order(group, after), *_next(after), *_manual(group, after)]
    said += _present(group, after, now)
    return tuple(said)


def _order(before: FailoverGroup, after: FailoverGroup) -> list[Consequence]:
    if after.mode is before.mode:
        return []
    if after.mode is Mode.FLAT:
        return [Consequence(Code.ORDER_UNDOCUMENTED)]
    sequence = _ids(after.by_priority)
    if sequence == _ids(before.by_priority) and before.slicers == after.slicers:
        return []
    return [Consequence(Code.ORDER_REWRITTEN, sequence)]


def _next(after: FailoverGroup) -> list[Consequence]:
    candidates = tuple(s for s in after.eligible if s.id != after.active_slicer_id)
    if not candidates:
        return [Consequence(Code.NO_BACKUP)]
    if after.mode is Mode.FLAT:
        return [Consequence(Code.NEXT_BY_CHANCE, tuple(sorted(_ids(candidates))))]
    return [Consequence(Code.NEXT_IN_ORDER, _ids(candidates))]


def _manual(before: FailoverGroup, after: FailoverGroup) -> list[Consequence]:
    was = before.mode is Mode.PRIORITIZED and before.auto_failback
    will = after.mode is Mode.PRIORITIZED and after.auto_failback
    if will == was:
        return []
    if not will:
        return [Consequence(Code.STAYS_AFTER_FAILOVER), Consequence(Code.MANUAL_SWITCH_AGAIN)]
    said = [Consequence(Code.NO_MANUAL_SWITCH)]
    first = after.eligible[:1]
    active = after.active_slicer_id
    if first and active and not after.on_slate and first[0].id != active:
        said.insert(0, Consequence(Code.SWITCHES_BACK, (first[0].id, active)))
    return said


def _present(before: FailoverGroup, after: FailoverGroup, now: datetime) -> list[Consequence]:
    said = []
    moment = before.failover_time
    if moment is not None and now - moment < RECENT_FAILOVER and not before.on_slate:
        said.append(Consequence(Code.RECENT_FAILOVER, moment=moment))
    if after.on_slate:
        said.append(Consequence(Code.ON_SLATE))
    if after.channels:
        said.append(Consequence(Code.CHANNELS, count=len(after.channels)))
    return said


def _ids(slicers: tuple[Slicer, ...]) -> tuple[str, ...]:
    return tuple(slicer.id for slicer in slicers)
