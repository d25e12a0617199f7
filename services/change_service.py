"""One change, one path: record, guard, write once, verify by reading, announce.

The record is on disk before anything is sent, and each message that tells of it is stored in the
same transaction as the state it tells. A write is never sent a second time.
"""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from failover.change import next_write
from failover.errors import Forestalled, GroupHeld, LedgerUnavailable, Overtaken, UplynkError
from failover.lifecycle import HOLDING, Record, Request, State, Why, lasting, move
from failover.model import FailoverGroup
from failover.notices import Kind
from failover.rules import Refusal
from failover.writes import Write
from services.guard import AlreadySo, Blocked, Clear, Guard, Target, ruled
from services.health import insisting
from services.measures import Measures, is_measure
from services.onward import onward
from services.pace import Pace
from services.ports import Ledger, Timer, Uplynk
from services.reasons import explained
from services.settling import Look, Settled, Settling

log = logging.getLogger(__name__)

STORE_AGAIN_SECONDS = 1.0
"""How long a database that did not take an outcome is left alone."""


class ChangeService:
    """Carries out requests; safe to call from many threads, one change per call."""

    def __init__(
        self,
        ledger: Ledger,
        guard: Guard,
        measures: Measures,
        uplynk: Uplynk,
        settling: Settling,
    ) -> None:
        """``settling`` brings the pace and the timer with it, ``measures`` the desk."""
        self._ledger = ledger
        self._guard = guard
        self._measures = measures
        self._uplynk = uplynk
        self._desk = measures.desk
        self._clock = measures.desk.clock
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
        until = self._timer.monotonic() + self._pace.first_word
        within = self._pace.guard
        try:
            if self._old(record):
                # It waited for a worker so long that its moment may be over: ask the person again.
                return self.interrupt(record, Why.INTERRUPTED, {})
            if is_measure(record):
                with insisting():
                    return self._measures.run(record, within)
            agreed = len(record.approvals)
            with insisting():
                verdict = self._guard.check(
                    record.request, live=True, within=within, approvals=agreed
                )
            if isinstance(verdict, Clear) and verdict.asks is not None:
                return self._ask(record, verdict, verdict.asks)
            if isinstance(verdict, Clear):
                return self._send(record, verdict, until)
            return self._stop(record, verdict)
        except Overtaken:
            return self._elsewhere(record)

    def settle(self, record: Record) -> Record | None:
        """Find out by reading what became of a write that a dead process may have sent."""
        assert record.state in HOLDING
        # When it was sent proves nothing: that was another host's clock, or it has been set since.
        # A host that lost only the database may even be at it still, for as long as a write takes.
        ended = self._timer.monotonic() + self._pace.write
        look = Look(ended, bool(record.facts.get("acknowledged")))
        try:
            return self._look(record, look)
        except Overtaken:
            return self._elsewhere(record)

    def interrupt(self, record: Record, why: Why, facts: Mapping[str, Any]) -> Record:
        """End a request that was never sent; announced, so that nobody waits for it.

        Raises Overtaken where somebody else has taken it up.
        """
        kept = {**lasting(record), **facts}
        ended = move(record, State.FAILED, why=why, facts=kept, ended_at=self._clock())
        self._ledger.advance(ended, self._tell())
        return ended

    def _stop(self, record: Record, verdict: Blocked | AlreadySo) -> Record:
        ended = self._desk.stopped(record, verdict)
        # What other people were asked about has a card, which has to tell how it ended.
        told = ended.state is State.FAILED or ended.asked_others
        self._ledger.advance(ended, self._tell() if told else {Kind.ANSWER: self._clock()})
        return ended

    def _ask(self, record: Record, clear: Clear, asks: Refusal) -> Record:
        """Other people have to agree: what they are shown is what may be written."""
        group = clear.reading.group
        if record.state is State.APPROVED or record.request.set_id is not None:
            # The policy has come to ask for more approvals than there was time to give; and whoever
            # has to agree is asked about one change, not about a part of several.
            target = Target(group.id, group.name)
            return self._stop(record, Blocked(Why.RULE, target, group, ruled(asks)))
        approvers = self._guard.approvers(group)
        waiting = self._desk.waiting(record, clear, self._ledger.keep(group), approvers)
        self._ledger.advance(waiting, self._tell())
        return waiting

    def _send(self, record: Record, clear: Clear, until: float) -> Record | None:
        group, term = clear.reading.group, self._ledger.term()
        if self._old(record) or self._short(until, term):
            target = Target(group.id, group.name)
            return self._stop(record, Blocked(Why.INTERRUPTED, target, group, failed=True))
        write = next_write(group, record.request.change)
        assert write is not None
        facts = lasting(record)
        facts.pop("overridden", None)  # what had to be set aside when it was asked for
        if clear.overridden:
            facts["overridden"] = list(clear.overridden)
        sending = move(
            record,
            State.SENDING,
            group_id=group.id,
            group_name=group.name,
            before=group,
            base=group,
            written=(write,),
            facts=facts,
            sent_at=self._clock(),
        )
        try:
            card = self._clock() + timedelta(seconds=self._pace.card)
            self._ledger.take(sending, {Kind.CARD: card}, clear.last_sent_at, clear.force)
        except GroupHeld as held:
            return self._busy(record, held.holder, group)
        except Forestalled:
            return self.run(record)  # looked at again, so that the rule which stands now is named
        if self._short(until, term):
            # The database took so long; the record says "sending", so it is told what became of it.
            return self._unsent(sending, State.FAILED)
        return self._carry(sending, until, term)

    def _carry(self, record: Record, until: float, term: int | None) -> Record | None:
        """Make the open write, and after it whatever else the change takes."""
        while True:
            problem = self._write(record, until)
            now = self._timer.monotonic()
            look = Look(now, problem is None, until, term, problem)
            found = self._look(record, look)
            if found is None or len(found.written) == len(record.written):
                return found
            if self._short(until, term):
                # The database took so long that the write, although opened, is not begun.
                return self._unsent(found, State.HALFWAY, written=record.written, base=record.base)
            record = found

    def _old(self, record: Record) -> bool:
        age = self._clock() - record.ready_since
        return age > timedelta(seconds=self._pace.resume)

    def _short(self, until: float, term: int | None) -> bool:
        """Whether no write may be begun: too little time is left, or others may have it."""
        left = until - self._timer.monotonic()
        return left < self._pace.least or term is None or self._ledger.term() != term

    def _unsent(self, sending: Record, state: State, **was: Any) -> Record:
        ended = move(sending, state, why=Why.INTERRUPTED, ended_at=self._clock(), **was)
        return ended if self._store(ended) else sending

    def _busy(self, record: Record, holder: str | None, group: FailoverGroup) -> Record:
        facts = {} if holder is None else {"holder": holder}
        return self._stop(record, Blocked(Why.BUSY, Target(group.id, group.name), group, facts))

    def _write(self, record: Record, until: float) -> UplynkError | None:
        assert record.group_id is not None
        within = min(self._pace.write, until - self._timer.monotonic())
        try:
            self._uplynk.write(record.group_id, record.written[-1], within=within)
        except UplynkError as problem:
            log.warning("write to group %s: %s", record.group_id, problem)
            return problem
        return None

    def _look(self, record: Record, look: Look) -> Record | None:
        """Read until the outcome of the open write is known; first word within ``look.until``.

        A change that goes on comes back with its next write open, stored but not sent.
        """
        while True:
            found = self._settling.next(record, look)
            if found is None:
                return self._leave(record, look)
            moved = self._apply(record, found, look)
            if moved is not record and not self._store(moved):
                return record
            opened = len(moved.written) > len(record.written)
            record = moved
            if record.final or opened:
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
                self._ledger.advance(record, self._tell(record))
            except LedgerUnavailable as problem:
                log.error("change %s is %s, not stored: %s", record.id, record.state, problem)
                if not self._timer.pause(STORE_AGAIN_SECONDS):
                    return False
            else:
                return True

    def _apply(self, record: Record, found: Settled, look: Look) -> Record:
        if found.state is record.state:
            return record
        ready = record.state is State.SENDING and look.until is not None
        step = onward(record, found, ready=ready and not self._short(look.until or 0.0, look.term))
        if step.write is not None:
            return self._opened(record, found, step.write)
        why, facts = explained(record, look)
        if why is Why.CONFLICT:
            facts |= self._settling.holders(record)
        why = step.why or why
        if step.state is State.VERIFIED:
            why = None
        ended = None if step.state is State.UNKNOWN else self._clock()
        # What certainly did not take effect left the group as it was before that write.
        there = record.base if step.state is State.HALFWAY else None
        after = found.after or there
        return move(record, step.state, after=after, why=why, facts=facts, ended_at=ended)

    def _opened(self, record: Record, found: Settled, write: Write) -> Record:
        """The change with its next write open; what is known of the one before is done with."""
        return move(
            record,
            State.SENDING,
            written=(*record.written, write),
            base=found.after,
            after=found.after,
            facts=lasting(record),
            sent_at=self._clock(),
        )

    def _tell(self, record: Record | None = None) -> dict[Kind, datetime]:
        now = self._clock()
        if record is not None and record.state is State.SENDING:
            # Between two writes the channel is kept up to date; the person hears of the outcome.
            return {Kind.CARD: now}
        return {Kind.CARD: now, Kind.ANSWER: now}
