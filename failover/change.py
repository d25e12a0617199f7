"""Changes to a failover group: what is asked for, what it should lead to, what a reading proves.

All functions are pure. A change is absolute ("make it prioritized"), never a toggle, so that a
reading can tell whether it took effect.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from failover.model import FailoverGroup, Mode, Slicer


@dataclass(frozen=True, slots=True)
class Configure:
    """Set the mode and/or auto failback; None leaves a value as it is."""

    mode: Mode | None = None
    auto_failback: bool | None = None


class Inapplicable(StrEnum):
    """Why a change makes no sense for a group in its present state."""

    FAILBACK_IN_FLAT = "failback_in_flat"


def inapplicable(group: FailoverGroup, change: Configure) -> Inapplicable | None:
    """Why ``change`` cannot be asked of ``group``, or None.

    Auto failback applies only to prioritized groups [patch-failover-group].
    """
    if (change.mode or group.mode) is Mode.FLAT and change.auto_failback:
        return Inapplicable.FAILBACK_IN_FLAT
    return None


def holds(group: FailoverGroup, change: Configure) -> bool:
    """Whether the group already is as the change wants it."""
    return change.mode in (None, group.mode) and change.auto_failback in (
        None,
        group.auto_failback,
    )


def effective(group: FailoverGroup, change: Configure) -> Configure:
    """The part of the change that differs from the group: all that is worth sending."""
    return Configure(
        mode=None if change.mode is group.mode else change.mode,
        auto_failback=(
            None if change.auto_failback == group.auto_failback else change.auto_failback
        ),
    )


def expected(group: FailoverGroup, change: Configure) -> FailoverGroup:
    """The group as it should be afterwards.

    A switch to prioritized resets every priority to the sequence in which the group lists its
    slicers [patch-failover-group]. What a switch to flat does to the order is not documented.
    """
    mode = change.mode or group.mode
    failback = group.auto_failback if change.auto_failback is None else change.auto_failback
    slicers = group.slicers
    if mode is Mode.PRIORITIZED and group.mode is not mode:
        slicers = tuple(
            Slicer(slicer.id, slicer.enabled, order)
            for order, slicer in enumerate(group.slicers, start=1)
        )
    return replace(group, mode=mode, auto_failback=failback, slicers=slicers)


class Verdict(StrEnum):
    """What one reading after a write proves."""

    APPLIED = "applied"
    NOT_APPLIED = "not_applied"
    DIFFERENT = "different"


def judge(before: FailoverGroup, change: Configure, now: FailoverGroup) -> Verdict:
    """Compare a reading with what was there and what was wanted.

    DIFFERENT: neither; somebody else's hand shows, or only half of the change took effect.
    """
    if holds(now, change):
        return Verdict.APPLIED
    same = (now.mode, now.auto_failback) == (before.mode, before.auto_failback)
    return Verdict.NOT_APPLIED if same else Verdict.DIFFERENT


def undoing(before: FailoverGroup, after: FailoverGroup) -> Configure | None:
    """The change that leads from ``after`` back to ``before``, where one change can do it exactly.

    None where it can't, as when going back to prioritized would reset another order.
    """
    # Both values, even one that did not differ: it may, by the time the way back is taken.
    back = Configure(before.mode, before.auto_failback)
    if holds(after, back) or inapplicable(after, back) is not None:
        return None
    return back if _ranking(expected(after, back)) == _ranking(before) else None


def _ranking(group: FailoverGroup) -> list[tuple[str, bool]]:
    """Who may take over, in the order that counts; in flat none does."""
    ranked = [(slicer.id, slicer.enabled) for slicer in group.by_priority]
    return sorted(ranked) if group.mode is Mode.FLAT else ranked
