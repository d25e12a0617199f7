"""The second person: approving, declining, withdrawing, and what happens when nobody decides."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from failover.errors import Overtaken
from failover.lifecycle import Actor, Record, State, Why, move
from failover.notices import Kind, Tell
from failover.policy import Action
from failover.standing import Allowed
from services.access import Access, Span
from services.desk import Desk
from services.guard import Target, refused_role
from services.ports import Ledger
from services.runner import Runner
from services.subject import concerning

log = logging.getLogger(__name__)

LOOK_UP_SECONDS = 5.0
"""For finding out whether somebody may approve."""
MINUTE = timedelta(minutes=1)


class Decided(StrEnum):
    """What became of one press."""

    APPROVED = "approved"
    ONE_MORE = "one_more"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    OWN_REQUEST = "own_request"
    NOT_YOURS = "not_yours"
    TWICE = "twice"
    NO_ROLE = "no_role"
    NOT_OPEN = "not_open"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer to a press: the record as it stands now, and for NO_ROLE why and who could."""

    code: Decided
    record: Record | None = None
    why: Why | None = None
    facts: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))


class Approvals:
    """Decides on changes that wait for other people. The first decision of each stands."""

    def __init__(self, ledger: Ledger, access: Access, runner: Runner, desk: Desk) -> None:
        """``runner`` carries on with what is approved."""
        self._ledger = ledger
        self._access = access
        self._runner = runner
        self._desk = desk
        self._told: dict[str, int] = {}

    def approve(self, change_id: str, actor: Actor) -> Decision:
        """One person agrees; the last one needed sets the change going.

        Raises LedgerUnavailable.
        """
        while True:
            record = self._ledger.get(change_id)
            barred = self._barred(record, actor)
            if barred is not None or record is None:
                return barred or Decision(Decided.UNKNOWN)
            if not self._open(record):
                # Slack took so long to tell who holds the role.
                return Decision(Decided.NOT_OPEN, record)
            approvals = (*record.approvals, (actor.user_id, self._desk.clock()))
            enough = len(approvals) >= int(record.facts["need"])
            state = State.APPROVED if enough else State.AWAITING
            moved = move(record, state, approvals=approvals, facts=_named(record, actor))
            try:
                self._ledger.advance(moved, self._tell(answer=False))
            except Overtaken:
                continue  # somebody was faster: what they did decides what this press still means
            if enough:
                self._runner.start(moved)
            return Decision(Decided.APPROVED if enough else Decided.ONE_MORE, moved)

    def decline(self, change_id: str, actor: Actor, words: str) -> Decision:
        """One person refuses, which ends the request. Raises LedgerUnavailable."""
        while True:
            record = self._ledger.get(change_id)
            barred = self._barred(record, actor, declines=True)
            if barred is not None or record is None:
                return barred or Decision(Decided.UNKNOWN)
            if not self._open(record):
                return Decision(Decided.NOT_OPEN, record)
            facts = {"by": actor.user_id, "words": words}
            ended = self._end(record, Why.DECLINED, _named(record, actor) | facts)
            if ended is not None:
                return Decision(Decided.DECLINED, ended)

    def withdraw(self, change_id: str, actor: Actor) -> Decision:
        """Whoever asked takes the request back. Raises LedgerUnavailable."""
        while True:
            record = self._ledger.get(change_id)
            if record is None:
                return Decision(Decided.UNKNOWN)
            asked_by = record.request.actor.user_id
            if asked_by != actor.user_id or self._access.stranger(actor):
                return Decision(Decided.NOT_YOURS, record)
            if not self._open(record):
                return Decision(Decided.NOT_OPEN, record)
            ended = self._end(record, Why.WITHDRAWN, {})
            if ended is not None:
                return Decision(Decided.WITHDRAWN, ended)

    def may_decide(self, change_id: str, actor: Actor) -> Decision | None:
        """Why this person may not decide on a request, or None. Raises LedgerUnavailable."""
        return self._barred(self._ledger.get(change_id), actor, declines=True)

    def tick(self) -> float:
        """End what nobody decided in time, keep the countdowns going; seconds to the next look.

        Each request is seen to by the instance that holds it. Raises LedgerUnavailable.
        """
        now = self._desk.clock()
        waiting = [one for one in self._ledger.unfinished() if one.state is State.AWAITING]
        for record in waiting:
            left = expires_at(record) - now
            if left <= timedelta(0):
                self._end(record, Why.EXPIRED, {})
            elif self._told.get(record.id) != left // MINUTE:
                self._ledger.remind(record.id, {Kind.CARD: now})
                self._told[record.id] = left // MINUTE
        open_now = {one.id for one in waiting}
        self._told = {one: told for one, told in self._told.items() if one in open_now}
        ends = [(expires_at(one) - now).total_seconds() for one in waiting]
        return max(0.2, min([5.0, *(left for left in ends if left > 0)]))

    def _barred(
        self, record: Record | None, actor: Actor, *, declines: bool = False
    ) -> Decision | None:
        if record is None:
            return Decision(Decided.UNKNOWN)
        if not self._open(record):
            return Decision(Decided.NOT_OPEN, record)
        asked_by = record.request.actor
        if asked_by.user_id == actor.user_id:
            return Decision(Decided.OWN_REQUEST, record)
        if not declines and any(user == actor.user_id for user, _ in record.approvals):
            return Decision(Decided.TWICE, record)
        return self._without_role(record, actor)

    def _open(self, record: Record) -> bool:
        return record.state is State.AWAITING and self._desk.clock() < expires_at(record)

    @concerning
    def _without_role(self, record: Record, actor: Actor) -> Decision | None:
        begun = self._desk.clock()
        span = Span(begun, begun + timedelta(seconds=LOOK_UP_SECONDS))
        target = Target(record.group_id, record.group_name or "")
        key = (record.group_id or "", record.group_name or "")
        answer = self._access.check(actor, Action.APPROVE, key, live=True, span=span)
        if isinstance(answer, Allowed):
            return None
        blocked = refused_role(answer, target)
        log.warning("a decision on change %s was refused: %s", record.id, blocked.why)
        return Decision(Decided.NO_ROLE, record, blocked.why, blocked.facts)

    def _end(self, record: Record, why: Why, facts: Mapping[str, Any]) -> Record | None:
        """The request ended; None: somebody else moved it on in the meantime."""
        state = State.FAILED if why is Why.EXPIRED else State.REFUSED
        kept = {**record.facts, **facts}
        ended = move(record, state, why=why, facts=kept, ended_at=self._desk.clock())
        try:
            self._ledger.advance(ended, self._tell(answer=True))
        except Overtaken:
            return None
        return ended

    def _tell(self, *, answer: bool) -> Tell:
        now = self._desk.clock()
        return {Kind.CARD: now, Kind.ANSWER: now} if answer else {Kind.CARD: now}


def _named(record: Record, actor: Actor) -> dict[str, Any]:
    """The facts of a record, and what somebody who decides on it is called at this time."""
    names = {**record.facts.get("names", {}), actor.user_id: actor.name}
    return {**record.facts, "names": names}


def expires_at(record: Record) -> datetime:
    """When (UTC) a change that waits for other people is given up."""
    return datetime.fromisoformat(record.facts["expires_at"])
