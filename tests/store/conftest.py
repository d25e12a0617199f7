"""A database in a file, and the ledger and the outbox on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest

from failover.notices import Tell
from store.changes import ChangeLedger
from store.engine import Database
from store.notices import NoticeBox
from tests.builders import START


@dataclass
class Shelf:
    """Everything that the store offers, over one file; ``now`` is what its clock says."""

    path: Path
    now: datetime = START
    rung: int = 0
    database: Database = field(init=False)
    ledger: ChangeLedger = field(init=False)
    outbox: NoticeBox = field(init=False)

    def __post_init__(self) -> None:
        self.database = Database(f"sqlite:///{self.path}")
        self.database.create()
        self.ledger = ChangeLedger(self.database, lambda: self.now, self.ring)
        self.outbox = NoticeBox(self.database)

    def ring(self, tell: Tell) -> None:
        self.rung += bool(tell)


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    made = Shelf(tmp_path / "failover.db")
    yield made
    made.database.close()
