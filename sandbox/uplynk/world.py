"""The simulated Uplynk as plain state and rules, without HTTP; safe to use from many threads."""

import json
import random
import time
from collections.abc import Callable
from dataclasses import replace
from threading import Condition, RLock
from typing import Any

from sandbox.uplynk import rules
from sandbox.uplynk.journal import Change, Journal, Source
from sandbox.uplynk.model import (
    API_ROOT,
    NO_SLICER,
    Json,
    RefusedError,
    SimGroup,
    SimSlicer,
    WorldOptions,
    collection,
)
from sandbox.uplynk.routes import Endpoint


class UplynkWorld:
    """Groups, what may be done to them, and what happens by itself."""

    def __init__(
        self,
        groups: tuple[SimGroup, ...] = (),
        options: WorldOptions | None = None,
        seed: int = 1,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Start with these groups; `seed` fixes flat mode's choices, `clock` is Unix seconds."""
        self.options = options or WorldOptions()
        self.clock = clock
        self.version = 0
        self._random = random.Random(seed)
        self._changed = Condition(RLock())
        self._groups = {group.id: group for group in groups}
        self._listing: tuple[tuple[int, WorldOptions], bytes] | None = None
        self.journal = Journal(self._changed)

    def group(self, group_id: str) -> SimGroup:
        """Return the group as it is now; KeyError when there is none."""
        with self._changed:
            return self._groups[group_id]

    def groups(self) -> tuple[SimGroup, ...]:
        """Return all groups in the order in which they are listed."""
        with self._changed:
            return tuple(self._groups.values())

    def wait_for(self, predicate: "Callable[[UplynkWorld], bool]", timeout: float) -> bool:
        """Wait until `predicate(world)` holds, looking after each change; False on time-out."""
        with self._changed:
            return self._changed.wait_for(lambda: predicate(self), timeout)

    def add_group(self, group: SimGroup) -> None:
        """Make a group, as a person in the CMS would."""
        with self._changed:
            self._groups[group.id] = group
            self._note(Change(Source.CMS, group.id, None, self._draw(group)))

    def delete_group(self, group_id: str) -> None:
        """Remove a group; KeyError when there is none."""
        with self._changed:
            gone = self._groups.pop(group_id)
            self._note(Change(Source.CMS, group_id, self._draw(gone), None))

    def change_in_cms(self, group_id: str, **fields: Any) -> SimGroup:
        """Change fields of a group behind the API's back; KeyError, TypeError on bad names."""
        with self._changed:
            after = replace(self._groups[group_id], **fields)
            return self._store(after, Source.CMS)

    def kill_slicer(self, slicer_id: str) -> None:
        """Let a slicer die wherever it serves; groups that it feeds fail over. KeyError."""
        with self._changed:
            for group in self._serving(slicer_id):
                self._failover(self._with_health(group, slicer_id, healthy=False))

    def revive_slicer(self, slicer_id: str) -> None:
        """Bring a slicer back; auto failback, or a dead feed, may return to it. KeyError."""
        with self._changed:
            for group in self._serving(slicer_id):
                alive = self._failover(self._with_health(group, slicer_id, healthy=True))
                back = rules.failback(alive, slicer_id)
                if back is not None:
                    self._switch(alive, back, Source.FAILBACK)

    def read(self, endpoint: Endpoint, group_id: str | None) -> Json:
        """Answer one of the three GETs; RefusedError 404 or 405."""
        with self._changed:
            if group_id is None:
                return collection(API_ROOT, [self._draw(group) for group in self.groups()])
            group = self._known(group_id)
            if endpoint is Endpoint.GROUP:
                return self._draw(group)
            if endpoint is Endpoint.OWNERS:
                return group.owners_json()
            raise RefusedError(405, "method not allowed")

    def read_bytes(self, endpoint: Endpoint, group_id: str | None) -> bytes:
        """Answer as `read` does, as JSON text; a long list is drawn once for each state."""
        with self._changed:
            key = (self.version, self.options)
            if endpoint is Endpoint.GROUPS and self._listing and self._listing[0] == key:
                return self._listing[1]
            text = json.dumps(self.read(endpoint, group_id)).encode()
            if endpoint is Endpoint.GROUPS:
                self._listing = (key, text)
            return text

    def check(self, endpoint: Endpoint, group_id: str, body: object) -> None:
        """Raise what `apply` would, changing nothing but the state of the random choice."""
        with self._changed:
            self._after_write(self._known(group_id), endpoint, body)

    def apply(
        self, endpoint: Endpoint, group_id: str, body: object, request: int | None = None
    ) -> SimGroup:
        """Apply one of the six writes and journal it; RefusedError (400, 404, 409, 405)."""
        with self._changed:
            before = self._known(group_id)
            after = self._after_write(before, endpoint, body)
            self._groups[group_id] = after
            path = f"{API_ROOT}/{group_id}{endpoint.suffix}"
            drawn = (self._draw(before), self._draw(after))
            self._note(
                Change(Source.API, group_id, *drawn, endpoint.write_method, path, body, request)
            )
            return after

    def to_json(self) -> Json:
        """Draw the whole state: groups with what the API hides, options and journal."""
        with self._changed:
            groups = [
                group.to_json()
                | {"allowed_owners": list(group.allowed_owners)}
                | {"resting_slicer_id": group.resting_slicer_id}
                for group in self._groups.values()
            ]
            options = {
                name: getattr(self.options, name) for name in WorldOptions.__dataclass_fields__
            }
            return {"groups": groups, "options": options} | self.journal.to_json()

    def _after_write(self, group: SimGroup, endpoint: Endpoint, body: object) -> SimGroup:
        match endpoint:
            case Endpoint.GROUP:
                return rules.configure(group, body, self.options)
            case Endpoint.SLICERS:
                return rules.set_slicers(group, body)
            case Endpoint.ACTIVATE:
                return rules.activate(group, body)
            case Endpoint.NO_SLICER:
                return rules.set_no_slicer(group, body, self._random.choice)
            case Endpoint.CHANNELS:
                return rules.set_channels(group, body, self._taken())
            case Endpoint.OWNERS:
                return rules.set_owners(group, body)
            case Endpoint.GROUPS:
                raise RefusedError(405, "method not allowed")

    def _taken(self) -> set[str]:
        return {channel.id for group in self._groups.values() for channel in group.channels}

    def _known(self, group_id: str) -> SimGroup:
        if group_id not in self._groups:
            raise RefusedError(404, "no such failover group")
        return self._groups[group_id]

    def _draw(self, group: SimGroup) -> Json:
        return group.to_json(self.options.no_failover)

    def _serving(self, slicer_id: str) -> list[SimGroup]:
        found = [group for group in self._groups.values() if group.find(slicer_id)]
        if not found:
            raise KeyError(slicer_id)
        return found

    def _with_health(self, group: SimGroup, slicer_id: str, *, healthy: bool) -> SimGroup:
        slicers = tuple(
            replace(slicer, healthy=healthy) if slicer.slicer_id == slicer_id else slicer
            for slicer in group.slicers
        )
        return self._store(replace(group, slicers=slicers), Source.HEALTH)

    def _failover(self, group: SimGroup) -> SimGroup:
        chosen = rules.after_death(group, self._random.choice)
        return self._switch(group, chosen, Source.FAILOVER) if chosen else group

    def _switch(self, group: SimGroup, chosen: SimSlicer, source: Source) -> SimGroup:
        moved = replace(
            group, active_slicer_id=chosen.slicer_id, failover_time=int(self.clock() * 1000)
        )
        return self._store(moved, source)

    def _store(self, after: SimGroup, source: Source) -> SimGroup:
        before = self._groups[after.id]
        if after.active_slicer_id == NO_SLICER and before.active_slicer_id != NO_SLICER:
            after = replace(after, resting_slicer_id=before.active_slicer_id)
        self._groups[after.id] = after
        self._note(Change(source, after.id, self._draw(before), self._draw(after)))
        return after

    def _note(self, change: Change) -> None:
        self.version += 1
        self.journal.applied(change, self.clock())
