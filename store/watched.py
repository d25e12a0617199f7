"""The ledger and the sets with a witness: told of each record once it stands in the database."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import Connection

from failover.lifecycle import Record
from failover.model import FailoverGroup
from failover.notices import Tell
from failover.sets import GroupSet
from store.changes import ChangeLedger, OnForces
from store.engine import Database
from store.instances import Instance
from store.sets import SetBox

Witness: TypeAlias = Callable[[Record], None]


class WatchedLedger(ChangeLedger):
    """A ledger; ``witness`` is told of what was stored, after the commit and by whoever stored."""

    def __init__(
        self,
        database: Database,
        clock: Callable[[], datetime],
        bell: Callable[[Tell], None],
        instance: Instance,
        witness: Witness,
    ) -> None:
        """``witness`` must not raise; the rest is the ledger's."""
        super().__init__(database, clock, bell, instance)
        self._witness = witness

    def receive(self, record: Record, tell: Tell) -> tuple[Record, bool]:
        """Store a first record; (it, True), or (the record that has its key already, False)."""
        stored, first = super().receive(record, tell)
        if first:
            self._witness(record)
        return stored, first

    @contextmanager
    def moving(
        self, record: Record, tell: Tell, on_forces: OnForces | None = None
    ) -> Iterator[Connection]:
        """A transaction in which a record is moved on. Raises Overtaken or GroupHeld."""
        with super().moving(record, tell, on_forces) as connection:
            yield connection
        self._witness(record)


class WatchedSets(SetBox):
    """The sets; ``witness`` is told of the members, refused or taken on, that were stored."""

    def __init__(
        self,
        database: Database,
        clock: Callable[[], datetime],
        instance: Instance,
        witness: Witness,
    ) -> None:
        """``witness`` must not raise; the rest is the sets' own."""
        super().__init__(database, clock, instance)
        self._witness = witness

    def draft(
        self, group_set: GroupSet, refused: Sequence[Record], shown: Sequence[FailoverGroup]
    ) -> None:
        """Store a set that is shown, the attempts that it leaves out, and its groups as shown."""
        super().draft(group_set, refused, shown)
        self._tell(refused)

    def take(self, group_set: GroupSet, records: Sequence[Record]) -> tuple[GroupSet, bool]:
        """Store a set that is taken on, and its members; (it, True), or (as it stands, False)."""
        stored, first = super().take(group_set, records)
        if first:
            self._tell(records)
        return stored, first

    def _tell(self, records: Sequence[Record]) -> None:
        for record in records:
            self._witness(record)
