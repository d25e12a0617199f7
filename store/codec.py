"""Changes and writes as JSON-ready data, and back."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from failover.change import Activate, Change, Channels, Configure, Order, Owners, Slate
from failover.measures import Lock, Pause, Resume, Unlock
from failover.model import Mode, Slicer, from_plain, to_plain
from failover.restore import Restore
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

Plain = list[Any]
"""The name of the type, then its parts."""


def change_to_plain(change: Change) -> Plain:
    """A change as a list."""
    match change:
        case Configure(mode, auto_failback):
            return ["configure", mode, auto_failback]
        case Activate(slicer_id, failback_off):
            return ["activate", slicer_id, failback_off]
        case Slate(on):
            return ["slate", on]
        case Order(ranking):
            return ["order", ranking]
        case Channels(add, remove):
            return ["channels", add, remove]
        case Owners(add, remove):
            return ["owners", add, remove]
        case Restore(target, active, needs, change_id):
            return ["restore", to_plain(target), active, needs, change_id]
        case Lock(seconds):
            return ["lock", seconds]
        case Unlock(lock):
            return ["unlock"] if lock is None else ["unlock", lock]
        case Pause():
            return ["pause"]
        case Resume():
            return ["resume"]


def write_to_plain(write: Write) -> Plain:
    """A write as a list."""
    match write:
        case Patch(mode, auto_failback):
            return ["patch", mode, auto_failback]
        case PutSlicers(slicers):
            return ["slicers", [[one.id, one.enabled, one.order] for one in slicers]]
        case PutActive(slicer_id):
            return ["active", slicer_id]
        case PutSlate(on):
            return ["slate", on]
        case PutChannels(add, remove):
            return ["channels", add, remove]
        case PutOwners(add, remove):
            return ["owners", add, remove]


def change_from_plain(plain: Plain) -> Change:
    """The inverse of ``change_to_plain``. Raises KeyError for a type that it does not know."""
    return _CHANGES[plain[0]](*plain[1:])


def write_from_plain(plain: Plain) -> Write:
    """The inverse of ``write_to_plain``. Raises KeyError for a type that it does not know."""
    return _WRITES[plain[0]](*plain[1:])


def _mode(name: str | None) -> Mode | None:
    return None if name is None else Mode(name)


_CHANGES: Mapping[str, Callable[..., Change]] = MappingProxyType(
    {
        "configure": lambda mode, failback: Configure(_mode(mode), failback),
        "activate": Activate,
        "slate": Slate,
        "order": lambda ranking: Order(tuple((slicer, on) for slicer, on in ranking)),
        "channels": lambda add, remove: Channels(tuple(add), tuple(remove)),
        "owners": lambda add, remove: Owners(tuple(add), tuple(remove)),
        "restore": lambda target, active, needs, change_id: Restore(
            from_plain(target), active, Action(needs), change_id
        ),
        "lock": Lock,
        "unlock": Unlock,
        "pause": Pause,
        "resume": Resume,
    }
)
_WRITES: Mapping[str, Callable[..., Write]] = MappingProxyType(
    {
        "patch": lambda mode, failback: Patch(_mode(mode), failback),
        "slicers": lambda rows: PutSlicers(tuple(Slicer(*row) for row in rows)),
        "active": PutActive,
        "slate": PutSlate,
        "channels": lambda add, remove: PutChannels(tuple(add), tuple(remove)),
        "owners": lambda add, remove: PutOwners(tuple(add), tuple(remove)),
    }
)
