"""A database of either kind, and the ledger and the outbox on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

import pytest

from failover.notices import Kind, Tell
from store.changes import ChangeLedger
from store.engine import Database
from store.notices import NoticeBox
from tests.builders import START, group, record, request


@dataclass
class Shelf:
    """Everything that the store offers, over one database; ``now`` is what its clock says."""

    url: str
    now: datetime = START
    rung: int = 0
    database: Database = field(init=False)
    ledger: ChangeLedger = field(init=False)
    outbox: NoticeBox = field(init=False)

    def __post_init__(self) -> None:
        self.database = Database(self.url)
        self.database.create()
        self.ledger = ChangeLedger(self.database, lambda: self.now, self.ring)
        self.outbox = NoticeBox(self.database, lambda: self.now)

    def ring(self, tell: Tell) -> None:
        self.rung += bool(tell)


@pytest.fixture
def shelf(any_database: str) -> Iterator[Shelf]:
    made = Shelf(any_database)
    yield made
    made.database.close()


def received(shelf: Shelf, number: int) -> None:
    """A change with a message that is due."""
    one = record(id=f"change-{number}", request=request(key=f"key-{number}", reason="r" * 4000))
    shelf.ledger.receive(one, {Kind.CARD: START})


def calls(shelf: Shelf) -> list[Callable[[], object]]:
    """Calls that write."""
    return [
        lambda: received(shelf, 99),
        lambda: shelf.ledger.keep(group()),
        shelf.ledger.forget_old,
    ]
