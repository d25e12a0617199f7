"""Values of the simulated Uplynk: groups, slicers, options, and the refusal of a request."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

API_ROOT = "/api/v4/failover-groups"
NO_SLICER = "no_slicer"
FLAT = "flat"
PRIORITIZED = "prioritized"

Json = dict[str, Any]


class OnFlat(StrEnum):
    """What switching to flat does to `order` and `auto_failback`; Uplynk does not say."""

    KEEPS = "keeps"
    RESETS = "resets"


class OnSameMode(StrEnum):
    """What a PATCH with the mode `prioritized` does to a group that already has it."""

    KEEPS = "keeps"
    REWRITES = "rewrites"


class NoFailover(StrEnum):
    """How `failover_time` looks in a group that never failed over."""

    NULL = "null"
    ABSENT = "absent"
    ZERO = "zero"


class RefusedError(Exception):
    """Uplynk says no: an HTTP status and the words of its error body."""

    def __init__(self, status: int, message: str) -> None:
        """Keep the status (400, 404, 405, 409, 411, 413 or 415) and the message."""
        super().__init__(message)
        self.status = status
        self.message = message


@dataclass(frozen=True, slots=True)
class WorldOptions:
    """Behaviour that the public pages leave open; `auth_status` is 401 or 403."""

    flat: OnFlat = OnFlat.KEEPS
    same_mode: OnSameMode = OnSameMode.KEEPS
    auth_status: int = 401
    no_failover: NoFailover = NoFailover.NULL


@dataclass(frozen=True, slots=True)
class SimSlicer:
    """A Live Slicer within one group; `order` counts from 1."""

    slicer_id: str
    enabled: bool = True
    order: int = 1
    healthy: bool = True

    def to_json(self) -> Json:
        """Draw the item as `get-failover-group` is assumed to, with a health field on top."""
        return {
            "slicer_id": self.slicer_id,
            "enabled": self.enabled,
            "order": self.order,
            "health": "healthy" if self.healthy else "down",
        }


@dataclass(frozen=True, slots=True)
class SimChannel:
    """A live channel that belongs to a group."""

    id: str
    desc: str = ""

    def to_json(self) -> Json:
        """Draw the item of `channels`."""
        return {"id": self.id, "desc": self.desc}


@dataclass(frozen=True, slots=True)
class SimGroup:
    """A failover group; `failover_time` in Unix milliseconds.

    `resting_slicer_id` is the slicer that an end of the slate brings back; it is not shown.
    """

    id: str
    owner: str
    name: str
    slicers: tuple[SimSlicer, ...]
    mode: str = PRIORITIZED
    auto_failback: bool = False
    active_slicer_id: str = ""
    hot_warm: int = 0
    failover_time: int | None = None
    channels: tuple[SimChannel, ...] = ()
    allowed_owners: tuple[str, ...] = ()
    resting_slicer_id: str = ""

    def find(self, slicer_id: str) -> SimSlicer | None:
        """Return the slicer with this ID, or None when the group has none such."""
        return next((s for s in self.slicers if s.slicer_id == slicer_id), None)

    def to_json(self, no_failover: NoFailover = NoFailover.NULL) -> Json:
        """Draw the FailoverGroup of `get-failover-group`."""
        drawn: Json = {
            "@id": f"{API_ROOT}/{self.id}",
            "@type": "FailoverGroup",
            "id": self.id,
            "owner": self.owner,
            "name": self.name,
            "hot_warm": self.hot_warm,
            "mode": self.mode,
            "auto_failback": self.auto_failback,
            "failover_time": self.failover_time,
            "active_slicer_id": self.active_slicer_id,
            "slicers": [slicer.to_json() for slicer in self.slicers],
            "channels": [channel.to_json() for channel in self.channels],
        }
        if self.failover_time is None and no_failover is NoFailover.ABSENT:
            del drawn["failover_time"]
        elif self.failover_time is None and no_failover is NoFailover.ZERO:
            drawn["failover_time"] = 0
        return drawn

    def owners_json(self) -> Json:
        """Draw the Collection of `get-allowed-users`."""
        items = [
            {"id": "", "owner": owner, "failover_group_id": self.id}
            for owner in self.allowed_owners
        ]
        return collection(f"{API_ROOT}/{self.id}/allowed-owners", items)


def collection(path: str, items: list[Json]) -> Json:
    """Draw a Collection of `get-all-failover-groups`; `total_items` is a string there."""
    return {"@id": path, "@type": "Collection", "items": items, "total_items": str(len(items))}
