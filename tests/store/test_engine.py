"""What holds for a database of either kind."""

from __future__ import annotations

import contextlib
import threading
import time

import pytest
from sqlalchemy import Connection, select, update

from failover.errors import LedgerUnavailable
from failover.notices import Kind
from store.clock import NOW_SECONDS
from store.engine import Database
from store.tables import changes, snapshots
from store.upsert import offered, upsert
from tests.builders import START
from tests.store.conftest import Shelf, received


def test_a_failure_inside_leaves_nothing_behind(shelf: Shelf) -> None:
    received(shelf, 1)
    with contextlib.suppress(ZeroDivisionError), shelf.database.writing() as connection:
        connection.exec_driver_sql("UPDATE changes SET state = 'verified'")
        assert 1 / 0
    assert len(shelf.ledger.unfinished()) == 1


def test_what_was_stored_is_there_after_a_restart(shelf: Shelf) -> None:
    received(shelf, 1)
    shelf.database.close()
    again = Shelf(shelf.url)
    assert [one.id for one in again.ledger.unfinished()] == ["change-1"]
    assert len(again.outbox.due(Kind.CARD, START)) == 1
    again.database.close()


def test_what_is_not_committed_is_seen_by_nobody(shelf: Shelf) -> None:
    received(shelf, 1)
    with shelf.database.writing() as connection:
        connection.execute(update(changes).values(state="verified"))
        assert len(shelf.ledger.unfinished()) == 1
    assert shelf.ledger.unfinished() == ()


def test_a_statement_that_fails_is_an_outage_and_names_no_value(shelf: Shelf) -> None:
    with (
        pytest.raises(LedgerUnavailable) as refused,
        shelf.database.writing() as connection,
    ):
        connection.exec_driver_sql("SELECT confidential FROM nowhere")
    assert str(refused.value) in ("OperationalError", "ProgrammingError")


def test_the_clock_is_the_time_in_seconds(shelf: Shelf) -> None:
    with shelf.database.reading() as connection:
        seconds = connection.execute(select(NOW_SECONDS)).scalar()
    assert isinstance(seconds, float)
    assert seconds == pytest.approx(time.time(), abs=60)


def test_an_upsert_inserts_or_changes_what_it_names(shelf: Shelf) -> None:
    statement = upsert(snapshots, ["fingerprint"], {"shown_at": offered(snapshots, "shown_at")})
    rows = [
        {"fingerprint": "a", "shown_at": "1", "document": "first"},
        {"fingerprint": "b", "shown_at": "1", "document": "other"},
        {"fingerprint": "a", "shown_at": "2", "document": "second"},
    ]
    with shelf.database.writing() as connection:
        connection.execute(statement, rows)
        found = connection.execute(select(snapshots).order_by(snapshots.c.fingerprint)).all()
    assert [tuple(row) for row in found] == [("a", "2", "first"), ("b", "1", "other")]


class Rival:
    """Another thread that asks for the key ``one`` as soon as somebody holds it."""

    def __init__(self, database: Database, key: str, shared: bool = False) -> None:
        self.inside = threading.Event()
        self._thread = threading.Thread(target=self._enter, args=(database, key, shared))
        self._thread.start()

    def _enter(self, database: Database, key: str, shared: bool) -> None:
        with database.writing() as connection:
            database.serialised(connection, key, shared=shared)
            self.inside.set()

    def is_over(self) -> bool:
        self._thread.join(30)
        return self.inside.is_set()


def hold(database: Database, connection: Connection, *, shared: bool = False) -> None:
    database.serialised(connection, "one", shared=shared)


def test_whoever_asks_for_the_same_key_comes_afterwards(shelf: Shelf) -> None:
    with shelf.database.writing() as connection:
        hold(shelf.database, connection)
        rival = Rival(shelf.database, "one")
        assert not rival.inside.wait(0.2)
    assert rival.is_over()


def test_a_reader_of_the_key_waits_for_its_owner_too(shelf: Shelf) -> None:
    with shelf.database.writing() as connection:
        hold(shelf.database, connection)
        rival = Rival(shelf.database, "one", shared=True)
        assert not rival.inside.wait(0.2)
    assert rival.is_over()
