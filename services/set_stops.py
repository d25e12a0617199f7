"""Stops sets that are under way: what has not been begun is refused, what is under way goes on.

The members themselves are moved, each once and by whoever is first, so that it does not matter
which process carries the set out.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from failover.change import needed
from failover.errors import Overtaken
from failover.lifecycle import Actor, Record, State, Why, move
from failover.sets import GroupSet, SetState, halted_by
from failover.standing import Allowed
from services.access import Access, Span
from services.desk import Desk
from services.guard import Blocked, Target, refused_role
from services.ports import Ledger
from services.set_store import SetStore

log = logging.getLogger(__name__)

LOOK_UP_SECONDS = 5.0
"""For finding out whether somebody else may stop a set."""


class Stopped(StrEnum):
    """What became of one press."""

    STOPPED = "stopped"
    NOTHING_LEFT = "nothing_left"
    NO_ROLE = "no_role"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Stopping:
    """The answer to a press: how many groups will not be begun, and for NO_ROLE why."""

    code: Stopped
    count: int = 0
    why: Why | None = None
    facts: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))


class SetStops:
    """Lets whoever asked for a set, or may change what is left of it, stop it."""

    def __init__(self, store: SetStore, ledger: Ledger, access: Access, desk: Desk) -> None:
        """``store`` knows the sets, ``ledger`` moves their members."""
        self._store = store
        self._ledger = ledger
        self._access = access
        self._desk = desk

    def stop(self, set_id: str, actor: Actor) -> Stopping:
        """Refuse every member that has not been begun. Raises LedgerUnavailable."""
        known = self._store.get(set_id)
        if known is None or known.state in (SetState.SHOWN, SetState.CANCELLED):
            return Stopping(Stopped.UNKNOWN)
        left = [one for one in self._store.records(known) if one.state is State.RECEIVED]
        barred = self._barred(known, left, actor)
        if barred is not None:
            log.warning("stopping set %s was refused: %s", set_id, barred.why)
            return Stopping(Stopped.NO_ROLE, why=barred.why, facts=barred.facts)
        count = sum(self._end(one, actor) for one in left)
        return Stopping(Stopped.STOPPED if count else Stopped.NOTHING_LEFT, count)

    def _barred(self, known: GroupSet, left: Sequence[Record], actor: Actor) -> Blocked | None:
        """Why somebody may not stop a set; whoever asked for it needs no role to take it back."""
        if known.request.actor.user_id == actor.user_id and not self._access.stranger(actor):
            return None
        begun = self._desk.clock()
        span = Span(begun, begun + timedelta(seconds=LOOK_UP_SECONDS))
        for one in left:
            key = (one.group_id or "", one.group_name or "")
            action = needed(one.request.change)
            answer = self._access.check(actor, action, key, live=True, span=span)
            if not isinstance(answer, Allowed):
                return refused_role(answer, Target(*key))
        return None

    def _end(self, record: Record, actor: Actor) -> bool:
        """Whether it is this press that keeps the member from being begun."""
        ended = move(
            record,
            State.REFUSED,
            why=Why.SET_STOPPED,
            facts=halted_by(actor.user_id),
            ended_at=self._desk.clock(),
        )
        try:
            self._ledger.advance(ended, {})
        except Overtaken:
            log.info("change %s was begun, or stopped, in the meantime", record.id)
            return False
        return True
