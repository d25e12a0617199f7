"""Failover groups as the bot sees them: frozen values, their plain form and their fingerprint.

Field meanings follow Uplynk's reference pages "get-failover-group" and "get-all-failover-groups".
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any

NO_SLICER = "no_slicer"
"""What Uplynk puts in ``active_slicer_id`` while a group shows its missing-content slate."""


class Mode(StrEnum):
    """How a group chooses the next Live Slicer when the active one dies."""

    FLAT = "flat"
    PRIORITIZED = "prioritized"


@dataclass(frozen=True, slots=True)
class Slicer:
    """A Live Slicer in a group: eligible for failover when ``enabled``; ``order`` counts from 1."""

    id: str
    enabled: bool
    order: int


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel fed by a group."""

    id: str
    description: str


@dataclass(frozen=True, slots=True)
class FailoverGroup:
    """One failover group as Uplynk reported it.

    ``slicers`` keeps the sequence in which Uplynk lists them, since a switch to prioritized resets
    the priorities to just that sequence. ``failover_time`` is UTC; None when there was none.
    ``allowed_owners`` (Uplynk user IDs) is None where nobody asked Uplynk for them.
    ``extra`` holds fields that the bot does not know. Neither it nor ``owner``, which is a
    credential where it is the bot's own, is compared, written down or shown.
    """

    id: str
    name: str
    mode: Mode
    auto_failback: bool
    slicers: tuple[Slicer, ...] = ()
    active_slicer_id: str | None = None
    channels: tuple[Channel, ...] = ()
    failover_time: datetime | None = None
    hot_warm: int | None = None
    owner: str | None = field(default=None, compare=False, repr=False)
    extra: Mapping[str, object] = field(
        default_factory=lambda: MappingProxyType({}), compare=False, repr=False
    )
    allowed_owners: tuple[str, ...] | None = None

    @property
    def on_slate(self) -> bool:
        """Whether viewers see the missing-content slate."""
        return self.active_slicer_id == NO_SLICER

    @property
    def by_priority(self) -> tuple[Slicer, ...]:
        """The slicers by ``order``; equal orders stay as listed."""
        return tuple(sorted(self.slicers, key=lambda slicer: slicer.order))

    @property
    def eligible(self) -> tuple[Slicer, ...]:
        """The slicers that may take over, by priority."""
        return tuple(slicer for slicer in self.by_priority if slicer.enabled)


@dataclass(frozen=True, slots=True)
class Reading:
    """A group and the moment (UTC) at which Uplynk reported it."""

    group: FailoverGroup
    read_at: datetime


def to_plain(group: FailoverGroup) -> dict[str, Any]:
    """The group as JSON-ready data, ``owner`` and ``extra`` left out; ``from_plain`` reads it."""
    moment, owners = group.failover_time, group.allowed_owners
    return ({} if owners is None else {"allowed_owners": list(owners)}) | {
        "id": group.id,
        "name": group.name,
        "mode": group.mode.value,
        "auto_failback": group.auto_failback,
        "slicers": [[slicer.id, slicer.enabled, slicer.order] for slicer in group.slicers],
        "active_slicer_id": group.active_slicer_id,
        "channels": [[channel.id, channel.description] for channel in group.channels],
        "failover_time": None if moment is None else moment.isoformat(),
        "hot_warm": group.hot_warm,
    }


def from_plain(plain: Mapping[str, Any]) -> FailoverGroup:
    """The group that ``to_plain`` wrote down."""
    moment = plain["failover_time"]
    return FailoverGroup(
        id=plain["id"],
        name=plain["name"],
        mode=Mode(plain["mode"]),
        auto_failback=plain["auto_failback"],
        slicers=tuple(Slicer(*row) for row in plain["slicers"]),
        active_slicer_id=plain["active_slicer_id"],
        channels=tuple(Channel(*row) for row in plain["channels"]),
        failover_time=None if moment is None else datetime.fromisoformat(moment).astimezone(UTC),
        hot_warm=plain["hot_warm"],
        allowed_owners=tuple(plain["allowed_owners"]) if "allowed_owners" in plain else None,
    )


def fingerprint(group: FailoverGroup) -> str:
    """32 hex digits over everything a person is shown of a group: equal if and only if it is."""
    canonical = json.dumps(to_plain(group), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:32]
