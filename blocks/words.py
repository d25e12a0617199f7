"""Short phrases that every message shares: settings, changes, slicers, ages."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import assert_never

from blocks.kit import NAME_LIMIT, Block, cut, mention, mrkdwn, neutral
from blocks.measures import already, asked, is_measure
from blocks.pieces import (
    NAMES_SHOWN,
    channels_delta,
    delta,
    listing,
    live,
    owners_delta,
    ranked,
    ranking,
    reordered,
    served,
    short,
)
from failover.change import (
    Activate,
    Change,
    Channels,
    Configure,
    Order,
    Owners,
    Slate,
    expected,
    holds,
    writes,
)
from failover.measures import Lock, Pause, Resume, Unlock
from failover.model import NO_SLICER, FailoverGroup, Mode, Slicer
from failover.restore import Restore
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

CHANGE_LIMIT = 1000
"""The most that is shown of a change in one line."""


def on_off(value: bool) -> str:
    """As people say it."""
    return "on" if value else "off"


def settings(group: FailoverGroup) -> str:
    """The mode, and auto failback where it means something."""
    if group.mode is Mode.FLAT:
        return "flat"
    return f"prioritized, auto failback {on_off(group.auto_failback)}"


def wish(change: Change) -> str:
    """What a change asks for, without knowing the group; literal text, foreign names neutral."""
    match change:
        case Configure(mode, auto_failback):
            parts = [] if mode is None else [mode.value]
            if auto_failback is not None:
                parts.append(f"auto failback {on_off(auto_failback)}")
            told = ", ".join(parts) or "nothing"
        case Activate(slicer_id, failback_off):
            first = "auto failback off, " if failback_off else ""
            told = f"{first}active {short(slicer_id)}"
        case Slate(on):
            told = "slate" if on else "live"
        case Order(wanted):
            told = f"order {ranked([Slicer(one, enabled, 1) for one, enabled in wanted])}"
        case Channels(add, remove):
            told = f"channels {delta(map(short, add), map(short, remove))}"
        case Owners(add, remove):
            told = f"owners {delta(map(short, add), map(short, remove))}"
        case Restore(target):
            told = f"undo, back to {settings(target)}"
        case Lock() | Unlock() | Pause() | Resume():
            told = asked(change)
        case _:
            assert_never(change)
    return cut(told, CHANGE_LIMIT)


def before_after(before: FailoverGroup, change: Change) -> str:
    """The change in one line: before, an arrow, after; literal text, foreign names neutral."""
    if is_measure(change):
        return wish(change)
    if holds(before, change):
        return f"{standing(before, change)} (no change)"
    if isinstance(change, Configure):
        return _configured(before, expected(before, change))
    if isinstance(change, Restore):
        goes_back = _differences(before, expected(before, change)) or planned(before, change)
        told = f"undo: {'; '.join(goes_back)}"
    else:
        told = ", ".join(planned(before, change))
    return cut(told, CHANGE_LIMIT)


def planned(group: FailoverGroup, change: Change) -> list[str]:
    """The writes that a change takes from this state, a line each."""
    lines = []
    for write in writes(group, change):
        lines.append(step(group, write))
        group = after(group, write)
    return lines


def step(before: FailoverGroup, write: Write) -> str:
    """One write in a line; literal text, foreign names neutral."""
    match write:
        case Patch(mode, auto_failback):
            return wish(Configure(mode, auto_failback))
        case PutSlicers():
            return reordered(before, after(before, write))
        case PutActive(slicer_id):
            return f"active {served(before)} \u2192 {short(slicer_id)}"
        case PutSlate(on):
            return f"{live(before)} \u2192 slate" if on else "slate \u2192 live"
        case PutChannels():
            return f"channels {channels_delta(before, after(before, write))}"
        case PutOwners():
            return f"owners {owners_delta(before, after(before, write))}"
        case _:
            assert_never(write)


def standing(group: FailoverGroup, change: Change) -> str:
    """How a group is in what a change is about; literal text, foreign names neutral."""
    match change:
        case Configure():
            return settings(group)
        case Activate() | Slate():
            return live(group)
        case Order():
            return ranking(group)
        case Channels():
            return f"channels: {channels(group)}"
        case Owners():
            owners = list(map(short, group.allowed_owners or ()))
            return f"owners: {listing(owners) or 'none'}"
        case Restore():
            return f"{settings(group)}, viewers see {active(group)}"
        case Lock() | Unlock() | Pause() | Resume():
            return already(change)
        case _:
            assert_never(change)


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


def clock(moment: datetime, now: datetime) -> str:
    """A moment in the reader's own time zone, to the minute, for a formatted text.

    With its day where it is more than half a day away from ``now``.
    """
    stamp = int(moment.timestamp())
    if abs(moment - now) < timedelta(hours=12):
        return f"<!date^{stamp}^{{time}}|{moment:%H:%M} UTC>"
    return f"<!date^{stamp}^{{date_short_pretty}}, {{time}}|{moment:%Y-%m-%d %H:%M} UTC>"


def day_and_time(moment: datetime) -> str:
    """A moment in the reader's own time zone, with its day, for a formatted text."""
    stamp = int(moment.timestamp())
    return f"<!date^{stamp}^{{date_short_pretty}}, {{time_secs}}|{moment:%Y-%m-%d %H:%M:%S} UTC>"


def _configured(was: FailoverGroup, will: FailoverGroup, kind: str = "prioritized: ") -> str:
    """``kind`` stands before what goes on and off in a prioritized group."""
    if was.mode is not will.mode:
        return f"{settings(was)} \u2192 {settings(will)}"
    unused = was.mode is Mode.FLAT
    told = "flat, auto failback (unused)" if unused else f"{kind}auto failback"
    return f"{told} {on_off(was.auto_failback)} \u2192 {on_off(will.auto_failback)}"


def _differences(was: FailoverGroup, will: FailoverGroup) -> list[str]:
    """All that goes back, a phrase each."""
    said = [] if settings(was) == settings(will) else [_configured(was, will, "")]
    if _places(was) != _places(will):
        said.append(reordered(was, will) if was.mode is will.mode else ranking(will))
    if will.on_slate != was.on_slate:
        said.append(f"{live(was)} \u2192 {live(will)}")
    elif will.active_slicer_id != was.active_slicer_id:
        said.append(f"active {served(was)} \u2192 {served(will)}")
    for kind, told in (
        ("channels", channels_delta(was, will)),
        ("owners", owners_delta(was, will)),
    ):
        said += [f"{kind} {told}"] if told else []
    return said


def _places(group: FailoverGroup) -> object:
    places = [(one.id, one.enabled) for one in group.by_priority]
    return frozenset(places) if group.mode is Mode.FLAT else places


def _slicer(slicer: Slicer, group: FailoverGroup, place: int) -> str:
    mark = "\u2022" if group.mode is Mode.FLAT else f"{place}."
    notes = []
    if slicer.id == group.active_slicer_id and slicer.id != NO_SLICER:
        notes.append("active")
    if not slicer.enabled:
        notes.append("not eligible")
    return f"{mark} {neutral(slicer.id, 80)}" + (f" ({', '.join(notes)})" if notes else "")
