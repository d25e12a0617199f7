"""Uplynk as plain state, with a script for what each call meets."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from failover import writes
from failover.errors import (
    Conflict,
    GroupGone,
    OutcomeUnknown,
    Rejected,
    Unavailable,
    UplynkError,
)
from failover.lifecycle import Record, State
from failover.model import FailoverGroup
from tests.fake_ledger import FakeLedger
from tests.fake_time import FakeClock, Trip, no_trip


@dataclass(frozen=True)
class Write:
    """How Uplynk meets one write: the error that comes back, and when it takes effect.

    ``late``: seconds after the answer, None where it never does; ``takes``: seconds to the answer.
    """

    error: UplynkError | None = None
    late: float | None = 0.0
    takes: float = 0.1


@dataclass(frozen=True)
class Sent:
    """A write as it arrived; ``record``: that of its change as it stood on disk."""

    group_id: str
    write: writes.Write
    at: datetime
    within: float | None
    record: Record | None = None

    @property
    def change_id(self) -> str | None:
        """The change it belongs to."""
        return None if self.record is None else self.record.id

    @property
    def number(self) -> int:
        """Which of the writes of its change it is, from 1."""
        return 0 if self.record is None else len(self.record.written)


class FakeUplynk:
    """Groups as plain state; writes meet what ``writes`` holds, reads what ``reads`` holds.

    What Uplynk refuses has no effect: 400 for an activation under auto failback, 409 for a channel
    of another group [Live-Slicer-Failover-API]. Allowed owners are shown only if asked for.
    ``reads``: for each read an error to raise, a group to show instead, or None for the truth;
    where it is empty the truth is told, or ``down`` raised. ``history`` keeps each state of a
    group with the moment from which on it was so.
    """

    def __init__(self, clock: FakeClock, *groups: FailoverGroup) -> None:
        self.clock = clock
        self.groups = {group.id: group for group in groups}
        self.history = {group.id: [(clock.now, group)] for group in groups}
        self.writes: deque[Write] = deque()
        self.reads: deque[UplynkError | FailoverGroup | None] = deque()
        self.down: UplynkError | None = None
        self.sent: list[Sent] = []
        self.log: list[str] = []
        self.violations: list[str] = []
        self.withins: list[float | None] = []
        self.read_takes = 0.0
        self.ledger: FakeLedger | None = None
        self.trip: Trip = no_trip
        self.took_effect: list[Sent] = []
        self._coming: list[tuple[datetime, Sent]] = []

    def list_groups(self, *, within: float | None = None) -> tuple[FailoverGroup, ...]:
        self._read("list", within)
        return tuple(replace(group, allowed_owners=None) for group in self.groups.values())

    def get_group(self, group_id: str, *, within: float | None = None) -> FailoverGroup:
        scripted = self._read(f"get {group_id}", within)
        if scripted is not None:
            return scripted
        if group_id not in self.groups:
            raise GroupGone("GET /failover-groups/{id}", status=404)
        # Noted before the answer is on its way: what happens meanwhile is not in it.
        answer = replace(self.groups[group_id], allowed_owners=None)
        self.trip("get")
        return answer

    def allowed_owners(self, group_id: str, *, within: float | None = None) -> tuple[str, ...]:
        self._read(f"owners {group_id}", within)
        if group_id not in self.groups:
            raise GroupGone("GET /failover-groups/{id}/allowed-owners", status=404)
        return self.groups[group_id].allowed_owners or ()

    def write(self, group_id: str, write: writes.Write, *, within: float | None = None) -> None:
        record = self._recorded_before(group_id, write)
        self.trip("write:before")
        self.log.append(f"write {group_id}")
        self.sent.append(Sent(group_id, write, self.clock.now, within, record))
        meets = self.writes.popleft() if self.writes else Write()
        self.clock.advance(min(meets.takes, within or meets.takes))
        self._arrive()
        refused = self._refusal(group_id, write)
        if meets.late is not None:
            at = self.clock.now + timedelta(seconds=meets.late)
            self._coming.append((at, self.sent[-1]))
            self._arrive()
        self.trip("write:after")
        if meets.error is not None:
            raise meets.error
        if refused is not None:
            raise refused

    def set(self, group_id: str, **new: object) -> None:
        """Somebody changes the group in Uplynk's own pages."""
        self._arrive()
        self._become(replace(self.groups[group_id], **new))  # type: ignore[arg-type]

    def arrived(self) -> Mapping[str, FailoverGroup]:
        """The groups as they are now, late writes that have arrived included."""
        self._arrive()
        return self.groups

    def was(self, group_id: str, moment: datetime) -> FailoverGroup:
        """The group as it was at a moment."""
        self._arrive()
        return [group for since, group in self.history[group_id] if since <= moment][-1]

    def _read(self, name: str, within: float | None) -> FailoverGroup | None:
        self.log.append(name)
        self.withins.append(within)
        self._arrive()
        if self.down is not None:
            self.clock.advance(within or 1.0)
            raise self.down
        self.clock.advance(self.read_takes)
        scripted = self.reads.popleft() if self.reads else None
        if isinstance(scripted, UplynkError):
            raise scripted
        return scripted

    def _recorded_before(self, group_id: str, write: writes.Write) -> Record | None:
        if self.ledger is None:
            return None
        stored = self.ledger.records.values()
        sending = [one for one in stored if one.state is State.SENDING and one.group_id == group_id]
        if len(sending) != 1:
            self.violations.append(f"a write to {group_id} with {len(sending)} records of it")
        elif sending[0].written[-1:] != (write,):
            self.violations.append(f"{write} to {group_id} that its record does not tell of")
        assert self.violations == []
        return sending[0]

    def _arrive(self) -> None:
        for coming in sorted(self._coming, key=lambda one: one[0]):
            at, sent = coming
            if at <= self.clock.now:
                self._coming.remove(coming)
                if self._refusal(sent.group_id, sent.write) is None:
                    self.took_effect.append(sent)
                    self._take_effect(sent, at)

    def _refusal(self, group_id: str, write: writes.Write) -> UplynkError | None:
        if isinstance(write, writes.PutActive) and self.groups[group_id].auto_failback:
            return Rejected("PUT /failover-groups/{id}/activate_slicer", status=400)
        if isinstance(write, writes.PutChannels):
            others = [group for group in self.groups.values() if group.id != group_id]
            taken = {channel.id for group in others for channel in group.channels}
            if taken.intersection(write.add):
                return Conflict("PUT /failover-groups/{id}/channels", status=409)
        return None

    def _take_effect(self, sent: Sent, at: datetime) -> None:
        group = self.groups[sent.group_id]
        after = writes.after(group, sent.write)
        if after.active_slicer_id is None:
            after = replace(after, active_slicer_id=group.slicers[0].id)
        self._become(after, at)

    def _become(self, group: FailoverGroup, at: datetime | None = None) -> None:
        self.groups[group.id] = group
        self.history.setdefault(group.id, []).append((at or self.clock.now, group))


def silent() -> Unavailable:
    """A read that got no answer."""
    return Unavailable("GET /failover-groups/{id}", words="timed out")


TIMED_OUT = OutcomeUnknown("PATCH /failover-groups/{id}", words="no answer in time")
LOST = Write(TIMED_OUT, late=None)
"""A write that is never answered and never takes effect."""
