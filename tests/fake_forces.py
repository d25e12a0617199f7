"""Locks and the pause in memory, with the promises of the real ones."""

from failover.errors import GroupHeld
from failover.lifecycle import Record
from failover.measures import Force, InForce, Lock, Pause
from failover.notices import Tell
from store.documents import maybe_moment
from tests.fake_ledger import FakeLedger


class FakeForces:
    """What is in force, by group ID; the pause under None."""

    def __init__(self, ledger: FakeLedger) -> None:
        self.ledger = ledger
        self.rows = ledger.in_force

    def in_force(self, group_id: str | None) -> Force:
        self.ledger.reads("in_force")
        return Force(None if group_id is None else self.rows.get(group_id), self.rows.get(None))

    def locks(self) -> tuple[tuple[str, InForce], ...]:
        self.ledger.reads("locks")
        return tuple((key, row) for key, row in sorted(self.rows.items(), key=str) if key)

    def enact(self, record: Record, tell: Tell, known: str | None) -> None:
        with self.ledger.moving(record, tell):
            was = self.rows.get(record.group_id)
            if (None if was is None else was.id) != known:
                raise GroupHeld(None if was is None else was.by)
            self.rows.pop(record.group_id, None)
            if isinstance(record.request.change, Lock | Pause):
                by, until = record.request.actor.user_id, maybe_moment(record.facts.get("until"))
                self.rows[record.group_id] = InForce(record.id, by, record.request.reason, until)
