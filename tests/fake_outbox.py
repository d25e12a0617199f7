"""The outbox in memory, with the promises of the real one."""

from dataclasses import replace
from datetime import datetime

from failover.lifecycle import Record
from failover.notices import OVERDUE_AFTER, Backlog, Kind, Notice
from store.notices import FAR, FARTHER
from tests.fake_ledger import FakeLedger, Row


class FakeOutbox:
    """The outbox on a ``FakeLedger``, of the same instance."""

    def __init__(self, ledger: FakeLedger) -> None:
        self.ledger = ledger

    def term(self) -> int | None:
        return self.ledger.term()

    def due(self, kind: Kind, now: datetime) -> tuple[tuple[Notice, Record], ...]:
        with self.ledger._lock:
            self.ledger._begin("due")
            waiting = [
                self._notice(row)
                for row in self.ledger.rows
                if row.notice.kind is kind and self._is_due(row, now) and self._may_go(row)
            ]
            return tuple((one, self.ledger.records[one.change_id]) for one in waiting[:50])

    def claim(self, notice: Notice, now: datetime) -> bool:
        with self.ledger._lock:
            self.ledger._begin("claim")
            row = self.ledger.rows[notice.id - 1]
            if row.due_at != notice.due_at or not self._may_go(row):
                return False
            row.claimed_by = self.ledger.me
            if notice.kind is Kind.CARD and notice.address is None:
                since = row.notice.posting_since or now
                row.notice = replace(row.notice, posting_since=since)
            return True

    def next_due(self, kind: Kind) -> datetime | None:
        with self.ledger._lock:
            self.ledger._begin("next_due")
            mine = [r for r in self.ledger.rows if r.notice.kind is kind and self._free(r)]
            return min((r.due_at for r in mine if r.due_at is not None), default=None)

    def mine(self, notice: Notice) -> bool:
        with self.ledger._lock:
            return self.ledger.rows[notice.id - 1].claimed_by == self.ledger.me

    def posting(self, notice: Notice, now: datetime) -> None:
        self._set(notice, posting_since=now)

    def delivered(self, notice: Notice, address: str | None) -> None:
        row = self._set(notice, attempts=0, posting_since=None, address=address)
        if row is not None:
            row.claimed_by = None
            row.due_at = None if row.due_at == notice.due_at else row.due_at
            row.wanted_at = row.due_at

    def postpone(self, notice: Notice, until: datetime, *, posted: bool, holds_up: bool) -> None:
        since = {} if posted else {"posting_since": None}
        row = self._set(notice, attempts=notice.attempts + 1, **since)
        if row is not None:
            row.due_at, row.holds_up, row.claimed_by = until, holds_up, None

    def backlog(self, now: datetime) -> Backlog:
        with self.ledger._lock:
            self.ledger._begin("backlog")
            left = [r.wanted_at for r in self.ledger.rows if r.wanted_at and r.wanted_at <= now]
            overdue = sum(one < now - OVERDUE_AFTER for one in left)
            return Backlog(len(left), min(left, default=None), overdue)

    def _set(self, notice: Notice, **values: object) -> Row | None:
        with self.ledger._lock:
            self.ledger._begin("outbox")
            row = self.ledger.rows[notice.id - 1]
            if row.claimed_by != self.ledger.me:
                return None
            row.notice = replace(row.notice, **values)  # type: ignore[arg-type]
            return row

    def _notice(self, row: Row) -> Notice:
        assert row.due_at is not None
        mine = row.claimed_by == self.ledger.me
        wanted_at = row.wanted_at or row.due_at
        return replace(row.notice, due_at=row.due_at, wanted_at=wanted_at, mine=mine)

    @staticmethod
    def _is_due(row: Row, now: datetime) -> bool:
        if row.due_at is None or row.wanted_at is None:
            return False
        far = row.due_at > now + FAR and row.wanted_at > now - OVERDUE_AFTER
        return row.due_at <= now or far or row.due_at > now + FARTHER

    def _free(self, row: Row) -> bool:
        return row.claimed_by in {*self.ledger.dead, self.ledger.me}

    def _may_go(self, row: Row) -> bool:
        if not self._free(row):
            return False
        if row.notice.kind is not Kind.CARD or row.notice.address is not None:
            return True
        group = self.ledger.records[row.notice.change_id].group_id
        return not any(
            other.holds_up
            and other.due_at is not None
            and other.notice.address is None
            and other.notice.kind is Kind.CARD
            and group is not None
            and self.ledger.records[other.notice.change_id].group_id == group
            for other in self.ledger.rows[: row.notice.id - 1]
        )
