"""Uplynk as plain state, with a script for what each call meets."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from failover.change import Configure
from failover.errors import (
    GroupGone,
    OutcomeUnknown,
    Unavailable,
    UplynkError,
)
from failover.lifecycle import State
from failover.model import FailoverGroup, Mode
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
    """A write as it arrived."""

    group_id: str
    change: Configure
    at: datetime
    within: float | None
    change_id: str | None


class FakeUplynk:
    """Groups as plain state; writes meet what ``writes`` holds, reads what ``reads`` holds.

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
        return tuple(self.groups.values())

    def get_group(self, group_id: str, *, within: float | None = None) -> FailoverGroup:
        scripted = self._read(f"get {group_id}", within)
        if scripted is not None:
            return scripted
        if group_id not in self.groups:
            raise GroupGone("GET /failover-groups/{id}", status=404)
        # Noted before the answer is on its way: what happens meanwhile is not in it.
        answer = self.groups[group_id]
        self.trip("get")
        return answer

    def configure(
        self,
        group_id: str,
        *,
        mode: Mode | None = None,
        auto_failback: bool | None = None,
        within: float | None = None,
    ) -> None:
        change = Configure(mode, auto_failback)
        assert change != Configure(), "an empty write"
        change_id = self._recorded_before(group_id)
        self.trip("configure:before")
        self.log.append(f"configure {group_id}")
        self.sent.append(Sent(group_id, change, self.clock.now, within, change_id))
        meets = self.writes.popleft() if self.writes else Write()
        self.clock.advance(min(meets.takes, within or meets.takes))
        if meets.late is not None:
            at = self.clock.now + timedelta(seconds=meets.late)
            self._coming.append((at, self.sent[-1]))
            self._arrive()
        self.trip("configure:after")
        if meets.error is not None:
            raise meets.error

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

    def _recorded_before(self, group_id: str) -> str | None:
        if self.ledger is None:
            return None
        stored = self.ledger.records.values()
        sending = [one for one in stored if one.state is State.SENDING and one.group_id == group_id]
        if len(sending) != 1:
            self.violations.append(f"a write to {group_id} with {len(sending)} records of it")
        assert self.violations == []
        return sending[0].id

    def _arrive(self) -> None:
        for coming in sorted(self._coming, key=lambda one: one[0]):
            at, sent = coming
            if at <= self.clock.now:
                self._coming.remove(coming)
                self.took_effect.append(sent)
                self._become(_applied(self.groups[sent.group_id], sent.change), at)

    def _become(self, group: FailoverGroup, at: datetime | None = None) -> None:
        self.groups[group.id] = group
        self.history.setdefault(group.id, []).append((at or self.clock.now, group))


def _applied(group: FailoverGroup, change: Configure) -> FailoverGroup:
    mode = change.mode or group.mode
    failback = group.auto_failback if change.auto_failback is None else change.auto_failback
    listed = group.slicers
    if mode is Mode.PRIORITIZED and group.mode is Mode.FLAT:
        listed = tuple(replace(one, order=place) for place, one in enumerate(listed, start=1))
    return replace(group, mode=mode, auto_failback=failback, slicers=listed)


def silent() -> Unavailable:
    """A read that got no answer."""
    return Unavailable("GET /failover-groups/{id}", words="timed out")


TIMED_OUT = OutcomeUnknown("PATCH /failover-groups/{id}", words="no answer in time")
LOST = Write(TIMED_OUT, late=None)
"""A write that is never answered and never takes effect."""
