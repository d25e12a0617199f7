"""Locks and the pause: checked, recorded and announced like any change, without a write."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from failover.change import Change
from failover.errors import GroupHeld
from failover.lifecycle import Record, Request, State, Why, move
from failover.measures import InForce, Lock, Measure, Pause, Resume, Unlock
from failover.model import FailoverGroup
from failover.notices import Kind, Tell
from failover.policy import EVERYTHING, Action, Rule
from failover.rules import Refusal
from failover.standing import Allowed, Uncertain
from services.access import Access, Span, span_of
from services.desk import Desk
from services.guard import Blocked, Guard, Target, refused_role, ruled
from services.ports import Forces, Ledger


@dataclass(frozen=True, slots=True)
class Met:
    """The newest lock of a group, ended or not; ``already``: there is none to take away."""

    lock: InForce | None
    already: bool = False


class Measures:
    """Puts measures in force and takes them away."""

    def __init__(
        self, ledger: Ledger, forces: Forces, guard: Guard, access: Access, desk: Desk
    ) -> None:
        """``guard`` finds the group and checks the role for it."""
        self._ledger = ledger
        self._forces = forces
        self._guard = guard
        self._access = access
        self.desk = desk

    def run(self, record: Record, within: float) -> Record:
        """Carry out an accepted measure within so many seconds; the record as it then stands.

        Raises LedgerUnavailable, and Overtaken where somebody else has taken it up.
        """
        while True:
            span = span_of(record.request, self.desk.clock(), within)
            try:
                return self._look(record, span)
            except GroupHeld:
                continue  # somebody was faster: what they did decides what this still means

    def _look(self, record: Record, span: Span) -> Record:
        change = record.request.change
        match change:
            case Pause() | Resume():
                return self._for_all(record, change, span)
            case Lock() | Unlock():
                return self._for_group(record, span)
            case _:
                raise TypeError(f"{type(change).__name__} is not a measure")

    def _for_all(self, record: Record, change: Pause | Resume, span: Span) -> Record:
        answer = self._access.check(
            record.request.actor, Action.PAUSE, EVERYTHING, live=True, span=span
        )
        if not isinstance(answer, Allowed):
            return self._stop(record, refused_role(answer, Target(None, "all groups")))
        pause = self._forces.in_force(None).pause
        if (pause is not None) is isinstance(change, Pause):
            return self._already(record, Target(None, "all groups"), pause)
        return self._enact(record, Target(None, "all groups"), pause)

    def _for_group(self, record: Record, span: Span) -> Record:
        target = self._guard.target(record.request, span)
        if isinstance(target, Blocked):
            return self._stop(record, target)
        met = self._meets(record.request, target, span)
        if isinstance(met, Blocked):
            return self._stop(record, met)
        if met.already:
            return self._already(record, target, None)
        return self._enact(record, target, met.lock)

    def judge(self, request: Request, group: FailoverGroup, span: Span) -> Blocked | Met:
        """What a lock or its end would meet at a group that was read before; enacts nothing.

        Raises LedgerUnavailable.
        """
        target = Target(group.id, group.name)
        barred = self._guard.barred(request, target, span)
        return barred or self._meets(request, target, span)

    def _meets(self, request: Request, target: Target, span: Span) -> Blocked | Met:
        lock = self._forces.in_force(target.id).lock
        counts = lock is not None and lock.at(self.desk.clock())
        if lock is not None and counts and _is_other(request.change, lock):
            return Blocked(Why.OTHER_LOCK, target)
        if lock is not None and counts and lock.by != request.actor.user_id:
            barred = self._barred(request, target, lock, span)
            if barred is not None:
                return barred
        return Met(lock, already=isinstance(request.change, Unlock) and not counts)

    def _barred(
        self, request: Request, target: Target, lock: InForce, span: Span
    ) -> Blocked | None:
        """Somebody else's lock: an admin may take it away, nobody may put another over it."""
        actor, key = request.actor, (target.id or "", target.name)
        if isinstance(request.change, Unlock):
            answer = self._access.check(actor, Action.OVERRIDE, key, live=True, span=span)
            if isinstance(answer, Allowed):
                return None
            if isinstance(answer, Uncertain):
                return refused_role(answer, target)
        refusal = Refusal(Rule.LOCK, until=lock.until, reason=lock.reason, by=lock.by)
        return Blocked(Why.RULE, target, facts=ruled(refusal))

    def _enact(self, record: Record, target: Target, known: InForce | None) -> Record:
        done = self._moved(record, State.DONE, target, self._facts(record, known))
        self._forces.enact(done, self._tell(card=True), None if known is None else known.id)
        return done

    def _facts(self, record: Record, known: InForce | None) -> dict[str, Any]:
        change = record.request.change
        facts: dict[str, Any] = {}
        if isinstance(change, Lock) and change.seconds is not None:
            until = self.desk.clock() + timedelta(seconds=change.seconds)
            facts["until"] = until.isoformat()
        if isinstance(change, Unlock) and known is not None:
            facts["was"] = known.by
        return facts

    def _already(self, record: Record, target: Target, known: InForce | None) -> Record:
        facts = {} if known is None else {"by": known.by, "reason": known.reason}
        ended = self._moved(record, State.UNCHANGED, target, facts)
        self._ledger.advance(ended, self._tell(card=False))
        return ended

    def _stop(self, record: Record, blocked: Blocked) -> Record:
        ended = self.desk.stopped(record, blocked)
        self._ledger.advance(ended, self._tell(card=ended.state is State.FAILED))
        return ended

    def _moved(self, record: Record, state: State, target: Target, facts: dict[str, Any]) -> Record:
        return move(
            record,
            state,
            group_id=target.id,
            group_name=target.name,
            facts=facts,
            ended_at=self.desk.clock(),
        )

    def _tell(self, *, card: bool) -> Tell:
        now: datetime = self.desk.clock()
        return {Kind.CARD: now, Kind.ANSWER: now} if card else {Kind.ANSWER: now}


def _is_other(change: Change, lock: InForce) -> bool:
    """Whether somebody wants another lock away, which they had been shown, than this one."""
    return isinstance(change, Unlock) and change.lock not in (None, lock.id)


def is_measure(record: Record) -> bool:
    """Whether a record is about a measure."""
    return isinstance(record.request.change, Measure)
