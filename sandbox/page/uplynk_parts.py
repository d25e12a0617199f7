"""The Uplynk side: every group as its viewers get it, and what happened lately, in words."""

import threading
from functools import partial

from sandbox.page.happenings import described
from sandbox.page.parts import Drawn, Json, Part, redrawn, texts_of
from sandbox.uplynk.journal import Applied
from sandbox.uplynk.model import NO_SLICER, SimGroup
from sandbox.uplynk.world import UplynkWorld

SHOWN = 100
"""How many of the last happenings are shown."""


class UplynkParts:
    """Draws one world for everybody who looks, once for each of its versions."""

    def __init__(self, world: UplynkWorld) -> None:
        self._world = world
        self._lock = threading.Lock()
        self._version = -1
        self._drawn: Drawn = {}
        self._texts: dict[str, str] = {}

    def texts(self) -> dict[str, str]:
        """All parts as they are now."""
        with self._lock:
            # Read before the groups: a change in between is looked at again, not missed.
            version = self._world.version
            if version != self._version:
                self._version = version
                self._drawn = redrawn(self._drawn, [*self._groups(), *self._happened()])
                self._texts = texts_of(self._drawn)
            return self._texts

    def _groups(self) -> list[Part]:
        return [
            Part(f"group/{one.id}", (one, at), partial(group_json, one, at))
            for at, one in enumerate(self._world.groups())
        ]

    def _happened(self) -> list[Part]:
        return [
            Part(f"happened/{one.seq}", (one.seq,), partial(happened_json, one))
            for one in self._world.journal.changes()[-SHOWN:]
        ]


def group_json(group: SimGroup, position: int) -> Json:
    """A group with what the API hides; ``failover_time`` in Unix milliseconds."""
    slicers = [
        {
            "slicer_id": one.slicer_id,
            "enabled": one.enabled,
            "order": one.order,
            "healthy": one.healthy,
        }
        for one in group.slicers
    ]
    return {
        "id": group.id,
        "name": group.name,
        "mode": group.mode,
        "auto_failback": group.auto_failback,
        "active_slicer_id": group.active_slicer_id,
        "slicers": slicers,
        "channels": [{"id": one.id, "desc": one.desc} for one in group.channels],
        "failover_time": group.failover_time,
        "hot_warm": group.hot_warm,
        "allowed_owners": list(group.allowed_owners),
        "on_slate": group.active_slicer_id == NO_SLICER,
        "viewers": _viewers(group),
        "position": position,
    }


def happened_json(change: Applied) -> Json:
    """Something that happened to a group; ``at`` in Unix seconds."""
    group: Json = change.after or change.before or {}
    return {
        "seq": change.seq,
        "at": change.time,
        "source": change.source.value,
        "group_id": change.group_id,
        "group": group.get("name", ""),
        "text": described(change),
    }


def _viewers(group: SimGroup) -> str:
    if group.active_slicer_id == NO_SLICER:
        return "slate"
    active = group.find(group.active_slicer_id)
    return "live" if active is not None and active.healthy else "black"
