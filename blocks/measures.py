"""Locks and the pause in words: what was put in force, until when, and how it ends."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

from blocks.kit import neutral
from failover.change import Change
from failover.lifecycle import Record, State
from failover.measures import Lock, Measure, Pause, Resume, Unlock
from failover.name_grammar import typed

ALL_GROUPS = "All groups"
"""What stands where a group's name would, in what is about none."""

_ICONS: Mapping[type[Measure], str] = MappingProxyType(
    {
        Lock: "\U0001f512",
        Unlock: "\U0001f513",
        Pause: "\u23f8\ufe0f",
        Resume: "\u25b6\ufe0f",
    }
)


def is_measure(change: Change) -> bool:
    """Whether it is put in force in the bot itself, so that nothing is sent for it."""
    return isinstance(change, Lock | Unlock | Pause | Resume)


def in_force(record: Record) -> bool:
    """Whether the record tells of a measure that was taken."""
    return record.state is State.DONE and is_measure(record.request.change)


def icon(change: Measure) -> str:
    """The sign of a measure that was taken."""
    return _ICONS[type(change)]


def asked(change: Measure) -> str:
    """What is asked for."""
    match change:
        case Lock(seconds):
            return "lock" if seconds is None else f"lock for {span(seconds)}"
        case Unlock():
            return "unlock"
        case Pause():
            return "pause of all changes"
        case Resume():
            return "end of the pause"


def already(change: Measure) -> str:
    """How it is where a measure changes nothing."""
    match change:
        case Lock():
            return "already locked"
        case Unlock():
            return "not locked"
        case Pause():
            return "already paused"
        case Resume():
            return "not paused"


def effect(record: Record) -> str:
    """What a measure that was taken came to, in a few words."""
    match record.request.change:
        case Lock():
            moment = until(record)
            return "locked" if moment is None else f"locked until {_utc(moment, _taken(record))}"
        case Unlock():
            return "lock taken away"
        case Pause():
            return "all changes paused"
        case _:
            return "changes go on again"


def title(record: Record, name: str) -> str:
    """The heading of a measure that was taken; ``name``: the group's, neutral."""
    match record.request.change:
        case Lock():
            return f"{name} is locked"
        case Unlock():
            return f"{name} is unlocked"
        case Pause():
            return "All changes are paused"
        case _:
            return "Changes go on again"


def consequence(record: Record, name: str) -> str:
    """What follows from a measure that was taken, and how it ends; ``name`` as from outside."""
    match record.request.change:
        case Lock(seconds):
            unlock = f"\u201c/failover {neutral(f'unlock {typed(name)}', 250)}\u201d"
            itself = "It ends by itself; to end it sooner" if seconds is not None else "To end it"
            return (
                "Only the person who locked it can change this group now. "
                f"{itself}, that person or an admin types {unlock}."
            )
        case Unlock():
            return "Everybody who has the role can change this group again."
        case Pause():
            return (
                "The bot refuses every change of every group until an admin types "
                "\u201c/failover resume\u201d. Looking goes on as before."
            )
        case _:
            return "Everybody who has the role can change groups again."


def until(record: Record) -> datetime | None:
    """When a lock ends by itself; None: not before it is taken away."""
    told = record.facts.get("until")
    if told is not None:
        return datetime.fromisoformat(told).astimezone(UTC)
    change = record.request.change
    if not isinstance(change, Lock) or change.seconds is None:
        return None
    return _taken(record) + timedelta(seconds=change.seconds)


def span(seconds: int) -> str:
    """A duration to the minute, as spoken."""
    minutes, parts = max(1, seconds // 60), []
    for unit, size in (("d", 1_440), ("h", 60), ("min", 1)):
        count, minutes = divmod(minutes, size)
        parts += [f"{count} {unit}"] if count else []
    return " ".join(parts)


def _taken(record: Record) -> datetime:
    return record.ended_at or record.request.received_at


def _utc(moment: datetime, now: datetime) -> str:
    pattern = "%H:%M" if moment.date() == now.date() else "%Y-%m-%d %H:%M"
    return f"{moment.strftime(pattern)} UTC"
