"""Opens records and closes those that never came to a write."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from failover.lifecycle import Record, Request, State, lasting, move
from services.guard import AlreadySo, Blocked, Clear
from services.ports import Clock, NewId


@dataclass(frozen=True, slots=True)
class Desk:
    """Makes records; ``clock`` gives UTC, ``new_id`` an unguessable ID of 32 characters."""

    clock: Clock
    new_id: NewId

    def open(self, request: Request, state: State = State.RECEIVED) -> Record:
        """The first record of a request."""
        return Record(id=self.new_id(), request=request, state=state)

    def waiting(
        self, record: Record, clear: Clear, seen: str, approvers: Mapping[str, Any]
    ) -> Record:
        """The record of a change that other people have to agree to.

        ``seen``: the fingerprint of the group as they are shown it, and as it has to be still when
        the change is sent; ``approvers``: who they may be, JSON-ready.
        """
        group, asks = clear.reading.group, clear.asks
        assert asks is not None
        ends = self.clock() + timedelta(minutes=asks.minutes or 0)
        facts: dict[str, Any] = {
            "need": asks.need or 1,
            "expires_at": ends.isoformat(),
            "lessened": list(asks.lessened),
        }
        if clear.overridden:
            facts["overridden"] = list(clear.overridden)
        return move(
            record,
            State.AWAITING,
            request=replace(record.request, group=group.id, seen=seen),
            group_id=group.id,
            group_name=group.name,
            before=group,
            facts={**facts, **approvers},
        )

    def stopped(self, record: Record, verdict: Blocked | AlreadySo) -> Record:
        """The record ended by what the guard found: refused, failed, or already so."""
        if isinstance(verdict, AlreadySo):
            group = verdict.reading.group
            return move(
                record,
                State.UNCHANGED,
                group_id=group.id,
                group_name=group.name,
                before=group,
                after=group,
                ended_at=self.clock(),
            )
        return move(
            record,
            State.FAILED if verdict.failed else State.REFUSED,
            group_id=verdict.target.id,
            group_name=verdict.target.name,
            after=verdict.now,
            why=verdict.why,
            facts={**lasting(record), **verdict.facts},
            ended_at=self.clock(),
        )
