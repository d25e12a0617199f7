"""A ledger with its outbox, real or fake, and short ways to bring a change through its life."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from failover.lifecycle import Record, State, move
from failover.measures import Force
from failover.notices import Kind, Notice, Tell
from failover.writes import Patch, PutActive
from services.ports import Archive, Forces, Ledger, Outbox
from services.set_store import SetStore
from tests.builders import ID_A, START, flat, group, later, request

NOW: Tell = {Kind.CARD: START, Kind.ANSWER: START}
FIRST, SECOND = Patch(auto_failback=False), PutActive("s2")


@dataclass(frozen=True)
class Memory:
    """A ledger with its outbox, as one instance sees them.

    ``beside``: the same as another instance sees it; ``dies``: from now on this one is dead.
    """

    ledger: Ledger
    archive: Archive
    outbox: Outbox
    forces: Forces
    sets: SetStore
    beside: Callable[[], Memory]
    dies: Callable[[], None]

    def receives(self, change_id: str, **given: Any) -> Record:
        asked = request(**{"key": f"key of {change_id}", **given})
        return self.ledger.receive(Record(change_id, asked), {})[0]

    def takes(self, one: Record, group_id: str = ID_A, sent_at: datetime = START) -> Record:
        sending = move(
            one,
            State.SENDING,
            group_id=group_id,
            before=flat(),
            base=flat(),
            written=(FIRST,),
            sent_at=sent_at,
        )
        self.ledger.take(sending, {}, self.ledger.last_sent_at(group_id), Force())
        return sending

    def opens(self, one: Record, sent_at: datetime = START) -> Record:
        """The next write of a change under way."""
        sending = move(
            one, State.SENDING, base=group(), written=(*one.written, SECOND), sent_at=sent_at
        )
        self.ledger.advance(sending, {})
        return sending

    def ends(self, one: Record, state: State = State.VERIFIED) -> Record:
        ended = move(one, state, ended_at=later(60))
        self.ledger.advance(ended, NOW)
        return ended

    def makes(self, change_id: str, state: State, at: float, **given: Any) -> Record:
        """A change that was received at, and sent two seconds after, so many seconds."""
        group_id = given.pop("group", ID_A)
        received = self.receives(change_id, group=group_id, received_at=later(at), **given)
        return self.ends(self.takes(received, group_id, later(at + 2)), state)

    def due(self, kind: Kind = Kind.CARD, now: datetime = START) -> list[Notice]:
        """What is due, claimed."""
        found = [notice for notice, _ in self.outbox.due(kind, now)]
        assert all(self.outbox.claim(one, now) for one in found)
        return found
