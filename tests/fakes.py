"""Fakes of everything that the services need from outside, in memory and without waiting.

Every fake calls ``trip`` with the name of the point it has reached, if it was given one: a test
may raise there, as if the process died, or let somebody else act in between.
"""

import json
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from failover.change import Configure
from failover.errors import (
    GroupGone,
    GroupHeld,
    LedgerUnavailable,
    Overtaken,
    SlackProblem,
    Unavailable,
    UplynkError,
)
from failover.lifecycle import HOLDING, MOVES, Record, State
from failover.model import FailoverGroup, Mode, fingerprint
from failover.notices import Kind, Notice, Tell
from tests.builders import START

Trip = Callable[[str], None]


def no_trip(_point: str) -> None:
    """Nothing happens."""


class FakeClock:
    """UTC that stands still until it is told to go on."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class FakeTimer:
    """Pauses that pass at once and move the clock; ``meanwhile`` runs after each, once."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.pauses: list[float] = []
        self.meanwhile: deque[Callable[[], None]] = deque()
        self.stop_after: int | None = None

    def monotonic(self) -> float:
        return 1000.0 + (self.clock.now - START).total_seconds()

    @property
    def stopping(self) -> bool:
        return self.stop_after is not None and len(self.pauses) >= self.stop_after

    def pause(self, seconds: float) -> bool:
        if seconds <= 0:
            return True
        if self.stopping:
            return False
        self.pauses.append(seconds)
        self.clock.advance(seconds)
        if self.meanwhile:
            self.meanwhile.popleft()()
        return True


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


@dataclass
class Row:
    """A message as the outbox keeps it; ``due_at`` None: all is told."""

    notice: Notice
    due_at: datetime | None


class FakeLedger:
    """The ledger in memory; ``broken``: how many calls are still to fail, True for all."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.records: dict[str, Record] = {}
        self.rows: list[Row] = []
        self.snapshots: dict[str, FailoverGroup] = {}
        self.states: list[tuple[str, State]] = []
        self.broken: bool | int = False
        self.trip: Trip = no_trip
        self._lock = threading.RLock()

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
        with self._lock:
            self._begin("advance")
            self._may_move(record)
            self._commit(record, tell)
        self.trip("advance:after")

    def take(self, record: Record, tell: Tell, last_sent_at: datetime | None) -> None:
        assert record.group_id is not None
        with self._lock:
            self._begin("take")
            self._may_move(record)
            last = self._last_sent(record.group_id)
            if (last.sent_at if last else None) != last_sent_at:
                raise GroupHeld(last.request.actor.user_id if last else None)
            self._commit(record, tell)
        self.trip("take:after")

    def get(self, change_id: str) -> Record | None:
        with self._lock:
            self._begin("get")
            return self.records.get(change_id)

    def unfinished(self) -> tuple[Record, ...]:
        with self._lock:
            self._begin("unfinished")
            waiting = [one for one in self.records.values() if one.state in MOVES]
            return tuple(sorted(waiting, key=lambda one: one.request.received_at))

    def last_sent_at(self, group_id: str) -> datetime | None:
        with self._lock:
            self._begin("last_sent_at")
            last = self._last_sent(group_id)
            return last.sent_at if last else None

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

    def _commit(self, record: Record, tell: Tell) -> None:
        facts = json.loads(json.dumps(dict(record.facts)))
        self.records[record.id] = replace(record, facts=facts)
        self.states.append((record.id, record.state))
        for kind, due in tell.items():
            self._plan(record.id, kind, due)

    def _plan(self, change_id: str, kind: Kind, due: datetime) -> None:
        for row in self.rows:
            if (row.notice.change_id, row.notice.kind) == (change_id, kind):
                row.notice, row.due_at = replace(row.notice, attempts=0), due
                return
        notice = Notice(len(self.rows) + 1, change_id, kind, due, 0, None, None)
        self.rows.append(Row(notice, due))

    def _last_sent(self, group_id: str) -> Record | None:
        ends = (State.VERIFIED, State.UNVERIFIED, State.UNSETTLED)
        sent = [
            one
            for one in self.records.values()
            if one.group_id == group_id and one.state in ends and one.sent_at is not None
        ]
        return max(sent, key=lambda one: one.sent_at or START, default=None)


class FakeOutbox:
    """The outbox on a ``FakeLedger``."""

    def __init__(self, ledger: FakeLedger) -> None:
        self.ledger = ledger

    def due(self, kind: Kind, now: datetime) -> tuple[tuple[Notice, Record], ...]:
        with self.ledger._lock:
            self.ledger._begin("due")
            waiting = [
                replace(row.notice, due_at=row.due_at)
                for row in self.ledger.rows
                if row.notice.kind is kind and row.due_at is not None and row.due_at <= now
            ]
            return tuple((one, self.ledger.records[one.change_id]) for one in waiting[:50])

    def next_due(self, kind: Kind) -> datetime | None:
        with self.ledger._lock:
            self.ledger._begin("next_due")
            mine = [row.due_at for row in self.ledger.rows if row.notice.kind is kind]
            return min((due for due in mine if due is not None), default=None)

    def posting(self, notice: Notice, now: datetime) -> None:
        self._set(notice, posting_since=now)

    def delivered(self, notice: Notice, address: str | None) -> None:
        row = self._set(notice, attempts=0, posting_since=None, address=address)
        if row.due_at == notice.due_at:
            row.due_at = None

    def postpone(self, notice: Notice, until: datetime, *, posted: bool) -> None:
        since = {} if posted else {"posting_since": None}
        self._set(notice, attempts=notice.attempts + 1, **since).due_at = until

    def _set(self, notice: Notice, **values: object) -> Row:
        with self.ledger._lock:
            self.ledger._begin("outbox")
            row = self.ledger.rows[notice.id - 1]
            row.notice = replace(row.notice, **values)  # type: ignore[arg-type]
            return row


@dataclass
class FakeMessenger:
    """Slack's side of the messages: ``cards`` by address, ``answers`` in order, each as told.

    ``problems``: for each of the next calls what goes wrong, None for nothing. A post with a
    problem whose ``maybe_done`` is set stands in the channel all the same, if ``loses`` says so.
    """

    cards: dict[str, tuple[str, State]] = field(default_factory=dict)
    answers: list[tuple[str, State]] = field(default_factory=list)
    log: list[str] = field(default_factory=list)
    problems: deque[Exception | None] = field(default_factory=deque)
    loses: bool = True
    meanwhile: Callable[[], None] = lambda: None

    def post_card(self, record: Record) -> str:
        self.log.append(f"post {record.id} {record.state}")
        problem = self._problem()
        if problem is not None and not (_doubtful(problem) and self.loses):
            raise problem
        address = f"C0AUDIT/{len(self.cards) + 1}"
        self.cards[address] = (record.id, record.state)
        if problem is not None:
            raise problem
        return address

    def edit_card(self, address: str, record: Record) -> None:
        self.log.append(f"edit {record.id} {record.state}")
        self._raise()
        if address not in self.cards:
            raise SlackProblem("message_not_found")
        self.cards[address] = (record.id, record.state)

    def find_card(self, record: Record) -> str | None:
        self.log.append(f"find {record.id}")
        self._raise()
        found = [address for address, (one, _) in self.cards.items() if one == record.id]
        return found[0] if found else None

    def answer(self, record: Record) -> None:
        self.log.append(f"answer {record.id} {record.state}")
        self._raise()
        self.answers.append((record.id, record.state))

    def _raise(self) -> None:
        problem = self._problem()
        if problem is not None:
            raise problem

    def _problem(self) -> Exception | None:
        self.meanwhile()
        return self.problems.popleft() if self.problems else None


def _doubtful(problem: Exception) -> bool:
    return isinstance(problem, SlackProblem) and problem.maybe_done


@dataclass
class FakeUserGroups:
    """Members by user group; ``problems`` says which can't be read, and why."""

    groups: dict[str, frozenset[str]] = field(default_factory=dict)
    problems: dict[str, SlackProblem] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    meanwhile: Callable[[], None] = lambda: None

    def members(self, usergroup: str) -> frozenset[str]:
        self.asked.append(usergroup)
        if usergroup in self.problems:
            raise self.problems[usergroup]
        answer = self.groups.get(usergroup, frozenset())
        self.meanwhile()
        return answer


@dataclass
class FakeWork:
    """A pool: jobs run ``at_once``, or when ``run`` is called; ``room``: how many are taken."""

    at_once: bool = False
    room: int = 1000
    jobs: deque[Callable[[], None]] = field(default_factory=deque)

    def submit(self, job: Callable[[], None]) -> bool:
        if self.room <= len(self.jobs):
            return False
        if self.at_once:
            job()
        else:
            self.jobs.append(job)
        return True

    def run(self) -> None:
        """Run every job that waits."""
        while self.jobs:
            self.jobs.popleft()()
