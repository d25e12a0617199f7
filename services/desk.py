"""Opens records and closes those that never came to a write."""

from dataclasses import dataclass

from failover.lifecycle import Record, Request, State, move
from services.guard import AlreadySo, Blocked
from services.ports import Clock, NewId


@dataclass(frozen=True, slots=True)
class Desk:
    """Makes records; ``clock`` gives UTC, ``new_id`` an unguessable ID of 32 characters."""

    clock: Clock
    new_id: NewId

    def open(self, request: Request, state: State = State.RECEIVED) -> Record:
        """The first record of a request."""
        return Record(id=self.new_id(), request=request, state=state)

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
            facts=dict(verdict.facts),
            ended_at=self.clock(),
        )
