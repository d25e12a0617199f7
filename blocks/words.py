"""Short phrases that every message shares: settings, changes, slicers, ages."""

from collections.abc import Sequence
from datetime import datetime

from blocks.kit import NAME_LIMIT, Block, mention, mrkdwn, neutral
from failover.change import Configure, effective, expected
from failover.model import NO_SLICER, FailoverGroup, Mode, Slicer

NAMES_SHOWN = 12
"""How many slicers or channels a line names before it only counts the rest."""


def on_off(value: bool) -> str:
    """As people say it."""
    return "on" if value else "off"


def settings(group: FailoverGroup) -> str:
    """The mode, and auto failback where it means something."""
    if group.mode is Mode.FLAT:
        return "flat"
    return f"prioritized, auto failback {on_off(group.auto_failback)}"


def wish(change: Configure) -> str:
    """What a change asks for, without knowing the group."""
    parts = [] if change.mode is None else [change.mode.value]
    if change.auto_failback is not None:
        parts.append(f"auto failback {on_off(change.auto_failback)}")
    return ", ".join(parts) or "nothing"


def before_after(before: FailoverGroup, change: Configure) -> str:
    """The change in one line: before, an arrow, after."""
    differs = effective(before, change)
    after = expected(before, change)
    if differs == Configure():
        return f"{settings(before)} (no change)"
    if before.mode is after.mode is Mode.FLAT:
        was, will = on_off(before.auto_failback), on_off(after.auto_failback)
        return f"flat, auto failback (unused) {was} \u2192 {will}"
    if before.mode is after.mode:
        was, will = on_off(before.auto_failback), on_off(after.auto_failback)
        return f"prioritized: auto failback {was} \u2192 {will}"
    return f"{settings(before)} \u2192 {settings(after)}"


def order(group: FailoverGroup) -> str:
    """The slicers by priority with what is special about each."""
    rows = [_slicer(slicer, group, place) for place, slicer in enumerate(group.by_priority, 1)]
    shown = rows[:NAMES_SHOWN]
    if len(rows) > NAMES_SHOWN:
        shown.append(f"\u2026 and {len(rows) - NAMES_SHOWN} more")
    return "\n".join(shown) or "(no slicers)"


def active(group: FailoverGroup, limit: int = NAME_LIMIT) -> str:
    """What viewers see."""
    if group.active_slicer_id is None:
        return "(not reported)"
    if group.on_slate:
        return "the missing-content slate"
    return neutral(group.active_slicer_id, limit)


def channels(group: FailoverGroup) -> str:
    """The channels that the group feeds."""
    if not group.channels:
        return "none"
    names = [neutral(channel.description or channel.id, 60) for channel in group.channels]
    return listing(names)


def listing(names: list[str]) -> str:
    """Names in a row, and how many more there are."""
    more = len(names) - NAMES_SHOWN
    return ", ".join(names[:NAMES_SHOWN]) + (f" and {more} more" if more > 0 else "")


def holders(users: Sequence[str], usergroups: Sequence[str]) -> str:
    """People and user groups as mentions, by ID, for a formatted text; empty for nobody."""
    return listing([mention(user) for user in users] + [f"<!subteam^{one}>" for one in usergroups])


def sequence(slicers: tuple[str, ...]) -> str:
    """Slicer IDs in order."""
    return listing([neutral(one, 60) for one in slicers])


def age(seconds: float) -> str:
    """A duration in one unit, as spoken."""
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= size:
            return f"{int(seconds // size)} {unit}"
    return f"{max(0, int(seconds))} s"


def ago(moment: datetime | None, now: datetime) -> str:
    """How long ago; ``never`` for None."""
    if moment is None:
        return "never"
    return f"{age((now - moment).total_seconds())} ago"


def took(seconds: float) -> str:
    """How long a change took."""
    return f"{seconds:.2f} s" if seconds < 10 else age(seconds)


def clock_time(moment: datetime, prefix: str = "", suffix: str = "") -> Block:
    """A moment in the reader's own time zone, between words of our own."""
    token = f"<!date^{int(moment.timestamp())}^{{time_secs}}|{moment:%H:%M:%S} UTC>"
    return mrkdwn(f"{prefix}{token}{suffix}")


def _slicer(slicer: Slicer, group: FailoverGroup, place: int) -> str:
    mark = "\u2022" if group.mode is Mode.FLAT else f"{place}."
    notes = []
    if slicer.id == group.active_slicer_id and slicer.id != NO_SLICER:
        notes.append("active")
    if not slicer.enabled:
        notes.append("not eligible")
    return f"{mark} {neutral(slicer.id, 80)}" + (f" ({', '.join(notes)})" if notes else "")
