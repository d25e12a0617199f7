"""The database in memory, with the promises of the real one."""

import copy
import itertools
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from failover.errors import (
    Forestalled,
    GroupHeld,
    LedgerUnavailable,
    Overtaken,
)
from failover.lifecycle import HOLDING, LAST_WORDS, MOVES, Record, State
from failover.measures import Force, InForce
from failover.model import FailoverGroup, fingerprint
from failover.notices import Kind, Notice, Tell
from store.notices import TICK
from tests.builders import START
from tests.fake_time import FakeClock, Trip, no_trip


@dataclass
class Row:
    """A message as the outbox keeps it; ``due_at`` None: all is told."""

    notice: Notice
    due_at: datetime | None
    wanted_at: datetime | None
    claimed_by: str | None = None
    holds_up: bool = True


class FakeLedger:
    """The ledger in memory; ``broken``: how many calls are still to fail, True for all.

    ``me`` is the instance that it speaks for; those in ``dead`` hold nothing. A frozen instance is
    not ``awake``: it may be dead for all it knows. ``wakes`` begins its next term.
    """

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.me = "instance-1"
        self.dead: set[str | None] = {None}
        self.awake = True
        self.terms = 1
        self.holders: dict[str, str | None] = {}
        self.records: dict[str, Record] = {}
        self.rows: list[Row] = []
        self.snapshots: dict[str, FailoverGroup] = {}
        self.in_force: dict[str | None, InForce] = {}
        self.states: list[tuple[str, State]] = []
        self.broken: bool | int = False
        self.trip: Trip = no_trip
        self._lock = threading.RLock()
        self._instances = itertools.count(2)

    def term(self) -> int | None:
        return self.terms if self.awake else None

    def wakes(self) -> None:
        """It was frozen until its lease had run out, and has renewed it."""
        self.awake, self.terms = True, self.terms + 1

    def beside(self) -> "FakeLedger":
        """The same database, as another instance sees it."""
        other = copy.copy(self)
        other.me, other.awake = f"instance-{next(self._instances)}", True
        return other

    def restart(self) -> None:
        """From now on it speaks for a new instance, and the one before is dead."""
        self.dead.add(self.me)
        self.me, self.awake = f"instance-{next(self._instances)}", True

    def receive(self, record: Record, tell: Tell) -> tuple[Record, bool]:
        with self._lock:
            self._begin("receive")
            for known in self.records.values():
                if known.request.key == record.request.key:
                    return known, False
            self._commit(record, tell)
        self.trip("receive:after")
        return record, True

    def advance(self, record: Record, tell: Tell) -> None:
        with self.moving(record, tell):
            pass

    @contextmanager
    def moving(self, record: Record, tell: Tell) -> Iterator[None]:
        with self._lock:
            self._begin("advance")
            self._may_move(record)
            yield
            self._commit(record, tell)
        self.trip("advance:after")

    def take(self, record: Record, tell: Tell, last_sent_at: datetime | None, force: Force) -> None:
        assert record.group_id is not None
        with self._lock:
            self._begin("take")
            self._may_move(record)
            last = self._last_sent(record.group_id)
            if (last.sent_at if last else None) != last_sent_at:
                raise GroupHeld(last.request.actor.user_id if last else None)
            for known, key in ((force.lock, record.group_id), (force.pause, None)):
                now = self.in_force.get(key)
                if now is not None and (known is None or known.id != now.id):
                    raise Forestalled(record.id)
            self._commit(record, tell)
        self.trip("take:after")

    def get(self, change_id: str) -> Record | None:
        with self._lock:
            self._begin("get")
            return self.records.get(change_id)

    def find(self, key: str) -> Record | None:
        with self._lock:
            self._begin("find")
            return next((one for one in self.records.values() if one.request.key == key), None)

    def unfinished(self) -> tuple[Record, ...]:
        with self._lock:
            self._begin("unfinished")
            held = [one for one in self.records.values() if self.holders[one.id] == self.me]
            waiting = [one for one in held if one.state in MOVES]
            return tuple(sorted(waiting, key=lambda one: one.request.received_at))

    def take_over(self) -> int:
        with self._lock:
            self._begin("take_over")
            lost = [
                one
                for one in self.records.values()
                if one.state in MOVES and self.holders[one.id] in self.dead
            ]
            for one in lost:
                self.records[one.id] = replace(one, version=one.version + 1)
                self.holders[one.id] = self.me
            return len(lost)

    def last_sent_at(self, group_id: str) -> datetime | None:
        with self._lock:
            self._begin("last_sent_at")
            last = self._last_sent(group_id)
            return last.sent_at if last else None

    def history(self, group_id: str | None, limit: int) -> tuple[Record, ...]:
        with self._lock:
            self._begin("history")
            taken = LAST_WORDS | HOLDING | {State.AWAITING, State.DONE}
            taken_on = [
                one
                for one in self.records.values()
                if one.state in taken and group_id in (None, one.group_id)
            ]
            newest = sorted(taken_on, key=lambda one: one.request.received_at, reverse=True)
            return tuple(newest[:limit])

    def waiting(self) -> tuple[Record, ...]:
        with self._lock:
            self._begin("waiting")
            found = [one for one in self.records.values() if one.state is State.AWAITING]
            return tuple(sorted(found, key=lambda one: one.request.received_at)[:20])

    def last_of_group(self, group_id: str) -> Record | None:
        with self._lock:
            self._begin("last_of_group")
            return self._last(lambda one: one.group_id == group_id)

    def last_of_person(self, user_id: str) -> Record | None:
        with self._lock:
            self._begin("last_of_person")
            return self._last(lambda one: one.request.actor.user_id == user_id)

    def remind(self, change_id: str, tell: Tell) -> None:
        with self._lock:
            self._begin("remind")
            its = [row.notice for row in self.rows if row.notice.change_id == change_id]
            postponed = {one.kind for one in its if one.attempts}
            for kind in tell.keys() - postponed:
                self._plan(change_id, kind, tell[kind])

    def reads(self, point: str) -> None:
        """Something that stands in the same database is read."""
        with self._lock:
            self._begin(point)

    def keep(self, group: FailoverGroup) -> str:
        with self._lock:
            self._begin("keep")
            mark = fingerprint(group)
            self.snapshots[mark] = group
            return mark

    def seen(self, mark: str) -> FailoverGroup | None:
        with self._lock:
            self._begin("seen")
            return self.snapshots.get(mark)

    def told(self, change_id: str) -> dict[Kind, datetime | None]:
        """When each message of a change is due; None where it has been told."""
        return {r.notice.kind: r.due_at for r in self.rows if r.notice.change_id == change_id}

    def _begin(self, point: str) -> None:
        if self.broken:
            self.broken = self.broken is True or self.broken - 1
            raise LedgerUnavailable("OperationalError")
        self.trip(f"{point}:before")

    def _may_move(self, record: Record) -> None:
        known = self.records.get(record.id)
        if known is None or known.version != record.version - 1:
            raise Overtaken(record.id)
        for other in self.records.values():
            holds = other.state in HOLDING and other.group_id == record.group_id
            if record.state in HOLDING and holds and other.id != record.id:
                raise GroupHeld(other.request.actor.user_id)

    def _commit(self, record: Record, tell: Tell, holder: str | None = None) -> None:
        self.holders[record.id] = holder or self.me
        facts = json.loads(json.dumps(dict(record.facts)))
        self.records[record.id] = replace(record, facts=facts)
        self.states.append((record.id, record.state))
        for kind, due in tell.items():
            self._plan(record.id, kind, due)

    def _plan(self, change_id: str, kind: Kind, due: datetime) -> None:
        for row in self.rows:
            if (row.notice.change_id, row.notice.kind) == (change_id, kind):
                # Another moment than before: ``delivered`` goes by it.
                due += TICK if row.due_at == due else timedelta(0)
                row.notice, row.due_at = replace(row.notice, attempts=0), due
                row.wanted_at, row.holds_up = row.wanted_at or due, True
                return
        notice = Notice(len(self.rows) + 1, change_id, kind, due, 0, None, None, due)
        self.rows.append(Row(notice, due, due))

    def _last_sent(self, group_id: str) -> Record | None:
        return self._last(lambda one: one.group_id == group_id)

    def _last(self, wanted: Callable[[Record], bool]) -> Record | None:
        ends = (State.VERIFIED, State.UNVERIFIED, State.UNSETTLED, State.HALFWAY)
        sent = [
            one
            for one in self.records.values()
            if wanted(one) and one.state in ends and one.sent_at is not None
        ]
        return max(sent, key=lambda one: one.sent_at or START, default=None)
