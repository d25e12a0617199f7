"""One change, one path: record, guard, write once, verify by reading, announce.

The record is on disk before anything is sent, and each message that tells of it is stored in the
same transaction as the state it tells. A write is never sent a second time.
"""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from failover.change import Configure, effective
from failover.errors import (
    Conflict,
    Forbidden,
    GroupGone,
    GroupHeld,
    LedgerUnavailable,
    OutcomeUnknown,
    Overtaken,
    RateLimited,
    Rejected,
    Unauthorized,
    UplynkError,
)
from failover.lifecycle import HOLDING, Record, Request, State, Why, move
from failover.model import FailoverGroup
from failover.notices import Kind
from services.desk import Desk
from services.guard import AlreadySo, Blocked, Clear, Guard, Target, uplynk_facts
from services.pace import Pace
from services.ports import Ledger, Timer, Uplynk
from services.settling import Look, Settled, Settling

log = logging.getLogger(__name__)

REASONS: Mapping[type[UplynkError], Why] = MappingProxyType(
    {
        Rejected: Why.REJECTED,
        Unauthorized: Why.UNAUTHORIZED,
        Forbidden: Why.FORBIDDEN,
        GroupGone: Why.GONE,
        Conflict: Why.CONFLICT,
        RateLimited: Why.RATE_LIMITED,
    }
)

STORE_AGAIN_SECONDS = 1.0
"""How long a database that did not take an outcome is left alone."""


class ChangeService:
    """Carries out requests; safe to call from many threads, one change per call."""

    def __init__(
        self, ledger: Ledger, guard: Guard, uplynk: Uplynk, settling: Settling, desk: Desk
    ) -> None:
        """``settling`` brings the pace and the timer with it; ``desk`` opens records."""
        self._ledger = ledger
        self._guard = guard
        self._uplynk = uplynk
        self._desk = desk
        self._clock = desk.clock
        self._settling = settling
        self._pace: Pace = settling.pace
        self._timer: Timer = settling.timer

    def accept(self, request: Request) -> tuple[Record, bool]:
        """Store a request before it is acknowledged; (record, whether it is the first delivery).

        A local commit and nothing else, so that the acknowledgement waits for no network. Raises
        LedgerUnavailable: then nothing may be sent.
        """
        interim = self._clock() + timedelta(seconds=self._pace.interim)
        return self._ledger.receive(self._desk.open(request), {Kind.ANSWER: interim})

    def known(self, request: Request) -> Record | None:
        """The record of an earlier delivery of the same request. Raises LedgerUnavailable."""
        return self._ledger.find(request.key)

    def run(self, record: Record) -> Record | None:
        """Carry out an accepted request to its last word; the record as it then stands.

        Returns early, with the change not yet final, when the bot is stopping. Raises
        LedgerUnavailable where the database fails before anything is sent, never after.
        """
        if self._old(record):
            # It waited for a worker so long that its moment may be over: ask the person again.
            return self.interrupt(record, Why.INTERRUPTED, {})
        until = self._timer.monotonic() + self._pace.first_word
        try:
            verdict = self._guard.check(record.request, live=True, within=self._pace.guard)
            if isinstance(verdict, Clear):
                return self._send(record, verdict, until)
            return self._stop(record, verdict)
        except Overtaken:
            return self._elsewhere(record)

    def settle(self, record: Record) -> Record | None:
        """Find out by reading what became of a write that a dead process may have sent."""
        assert record.state in HOLDING
        sent = record.sent_at or record.request.received_at
        # A clock that was set back since must not hold the group until it has caught up.
        waited = max(0.0, (self._clock() - sent).total_seconds()) - self._pace.write
        now = self._timer.monotonic()
        acknowledged = bool(record.facts.get("acknowledged"))
        look = Look(now - waited, acknowledged, begun=max(now, now - waited))
        try:
            return self._look(record, look)
        except Overtaken:
            return self._elsewhere(record)

    def interrupt(self, record: Record, why: Why, facts: Mapping[str, Any]) -> Record:
        """End a request that was never sent; announced, so that nobody waits for it.

        Raises Overtaken where somebody else has taken it up.
        """
        ended = move(record, State.FAILED, why=why, facts=dict(facts), ended_at=self._clock())
        self._ledger.advance(ended, self._tell())
        return ended

    def _stop(self, record: Record, verdict: Blocked | AlreadySo) -> Record:
        ended = self._desk.stopped(record, verdict)
        failed = ended.state is State.FAILED
        self._ledger.advance(ended, self._tell() if failed else {Kind.ANSWER: self._clock()})
        return ended

    def _send(self, record: Record, clear: Clear, until: float) -> Record | None:
        group = clear.reading.group
        if self._old(record) or self._short(until):
            target = Target(group.id, group.name)
            return self._stop(record, Blocked(Why.INTERRUPTED, target, group, failed=True))
        change = effective(group, record.request.change)
        facts = {"overridden": list(clear.overridden)} if clear.overridden else {}
        sending = move(
            record,
            State.SENDING,
            group_id=group.id,
            group_name=group.name,
            before=group,
            facts=facts,
            sent_at=self._clock(),
        )
        try:
            card = self._clock() + timedelta(seconds=self._pace.card)
            self._ledger.take(sending, {Kind.CARD: card}, clear.last_sent_at)
        except GroupHeld as held:
            return self._busy(record, held.holder, group)
        if self._short(until):
            # The database took so long; the record says "sending", so it is told what became of it.
            return self._unsent(sending)
        problem = self._write(group.id, change, until)
        now = self._timer.monotonic()
        look = Look(now, problem is None, begun=now, until=until, problem=problem)
        return self._look(sending, look)

    def _old(self, record: Record) -> bool:
        age = self._clock() - record.request.received_at
        return age > timedelta(seconds=self._pace.resume)

    def _short(self, until: float) -> bool:
        return until - self._timer.monotonic() < self._pace.least

    def _unsent(self, sending: Record) -> Record:
        ended = move(sending, State.FAILED, why=Why.INTERRUPTED, ended_at=self._clock())
        return ended if self._store(ended) else sending

    def _busy(self, record: Record, holder: str | None, group: FailoverGroup) -> Record:
        facts = {} if holder is None else {"holder": holder}
        blocked = Blocked(Why.BUSY, Target(group.id, group.name), group, facts)
        ended = self._desk.stopped(record, blocked)
        self._ledger.advance(ended, {Kind.ANSWER: self._clock()})
        return ended

    def _write(self, group_id: str, change: Configure, until: float) -> UplynkError | None:
        within = min(self._pace.write, until - self._timer.monotonic())
        try:
            self._uplynk.configure(
                group_id, mode=change.mode, auto_failback=change.auto_failback, within=within
            )
        except UplynkError as problem:
            log.warning("write to group %s: %s", group_id, problem)
            return problem
        return None

    def _look(self, record: Record, look: Look) -> Record | None:
        """Read until the outcome is known; first word within the look's ``until``."""
        while True:
            found = self._settling.next(record, look)
            if found is None:
                return self._leave(record, look)
            moved = self._apply(record, found, look)
            if moved is not record and not self._store(moved):
                return record
            record = moved
            if record.final:
                return record

    def _leave(self, record: Record, look: Look) -> Record:
        if record.state is State.SENDING:
            unknown = self._apply(record, Settled(State.UNKNOWN), look)
            return unknown if self._store(unknown) else record
        return record

    def _elsewhere(self, record: Record) -> Record | None:
        try:
            return self._ledger.get(record.id)
        except LedgerUnavailable as problem:
            log.error("change %s is somebody else's now: %s", record.id, problem)
            return record

    def _store(self, record: Record) -> bool:
        """Keep what was found out about a write; False: the bot is stopping, and it is not kept.

        What is known now a later reading might no longer show, so this goes on until it is stored.
        """
        while True:
            try:
                self._ledger.advance(record, self._tell())
            except LedgerUnavailable as problem:
                log.error("change %s is %s, not stored: %s", record.id, record.state, problem)
                if not self._timer.pause(STORE_AGAIN_SECONDS):
                    return False
            else:
                return True

    def _apply(self, record: Record, found: Settled, look: Look) -> Record:
        if found.state is record.state:
            return record
        facts: dict[str, Any] = dict(record.facts)
        why = found.why
        if look.problem is not None:
            facts |= uplynk_facts(look.problem)
            why = why or REASONS.get(type(look.problem))
            if not isinstance(look.problem, OutcomeUnknown):
                why = why or Why.UNREACHABLE
        if look.acknowledged:
            facts["acknowledged"] = True
        if found.state is State.VERIFIED:
            why = None
        ended = None if found.state is State.UNKNOWN else self._clock()
        return move(record, found.state, after=found.after, why=why, facts=facts, ended_at=ended)

    def _tell(self) -> dict[Kind, datetime]:
        now = self._clock()
        return {Kind.CARD: now, Kind.ANSWER: now}
