"""SQLite when it fails: nothing is stored, it is said so, and it recovers by itself."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest

from failover.errors import LedgerUnavailable
from failover.notices import Kind
from store import waits
from store.engine import Database
from tests.builders import START
from tests.store.conftest import Shelf, calls, received


def was_taken(shelf: Shelf, number: int) -> bool:
    try:
        received(shelf, number)
    except LedgerUnavailable:
        return False
    return True


def pragma(shelf: Shelf, text: str) -> None:
    """Set something on the one connection that the pool has handed out so far."""
    with shelf.database.reading() as connection:
        connection.exec_driver_sql(f"PRAGMA {text}")


@pytest.fixture
def any_database(tmp_path: Path) -> str:
    """The only kind that this is about."""
    return f"sqlite:///{tmp_path / 'failover.db'}"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "failover.db"


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waits, "LOCK_MS", 60)


@pytest.fixture
def foreign(hasty: None, shelf: Shelf, path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None)


def test_a_foreign_writer_is_waited_for_and_then_refused(
    foreign: sqlite3.Connection, shelf: Shelf
) -> None:
    received(shelf, 1)
    foreign.execute("BEGIN IMMEDIATE")
    for call in calls(shelf):
        with pytest.raises(LedgerUnavailable):
            call()
    assert shelf.ledger.get("change-1") is not None, "reading waits for nobody"
    foreign.execute("ROLLBACK")
    received(shelf, 2)
    assert [one.id for one in shelf.ledger.unfinished()] == ["change-1", "change-2"]
    foreign.close()


def test_whoever_stands_behind_a_waiting_writer_is_refused_as_well(
    hasty: None, shelf: Shelf
) -> None:
    inside, leave = threading.Event(), threading.Event()

    def occupy() -> None:
        with shelf.database.writing():
            inside.set()
            leave.wait(30)

    occupier = threading.Thread(target=occupy)
    occupier.start()
    assert inside.wait(30)
    with pytest.raises(LedgerUnavailable):
        received(shelf, 1)
    leave.set()
    occupier.join(30)
    received(shelf, 1)


def test_a_full_disk_refuses_and_recovers_without_a_restart(shelf: Shelf) -> None:
    received(shelf, 1)
    pragma(shelf, "max_page_count=1")
    taken = [number for number in range(2, 40) if was_taken(shelf, number)]
    assert len(taken) < 38, "the disk was never full"
    kept = [one.id for one in shelf.ledger.unfinished()]
    assert kept == ["change-1", *(f"change-{number}" for number in taken)]
    told = shelf.outbox.due(Kind.CARD, START)
    assert [one.id for _, one in told] == kept, "each record with its message, or neither"
    pragma(shelf, "max_page_count=1000000")
    received(shelf, 99)
    assert len(shelf.ledger.unfinished()) == len(kept) + 1


def test_a_file_that_turned_read_only_refuses_and_recovers(shelf: Shelf) -> None:
    received(shelf, 1)
    pragma(shelf, "query_only=1")
    for call in calls(shelf):
        with pytest.raises(LedgerUnavailable):
            call()
    assert len(shelf.ledger.unfinished()) == 1
    pragma(shelf, "query_only=0")
    received(shelf, 2)


def test_every_commit_is_synchronous_and_in_the_log(shelf: Shelf) -> None:
    with shelf.database.writing() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert found == {
        "journal_mode": "wal", "synchronous": 2, "foreign_keys": 1,
        "busy_timeout": waits.LOCK_MS,
    }  # fmt: skip


def test_a_writer_takes_the_lock_before_it_reads(foreign: sqlite3.Connection, shelf: Shelf) -> None:
    foreign.execute("PRAGMA busy_timeout=0")
    with shelf.database.writing(), pytest.raises(sqlite3.OperationalError, match="locked"):
        foreign.execute("BEGIN IMMEDIATE")
    with shelf.database.reading():
        foreign.execute("BEGIN IMMEDIATE")
        foreign.execute("COMMIT")
    foreign.close()


def test_both_waits_together_are_inside_slacks_three_seconds() -> None:
    assert 2 * waits.LOCK_MS <= 2500


@pytest.mark.parametrize("name", ["not/there/failover.db", "."])
def test_a_file_that_cannot_be_opened(tmp_path: Path, name: str) -> None:
    database = Database(f"sqlite:///{tmp_path / name}")
    with pytest.raises(LedgerUnavailable):
        database.create()
    database.close()


def test_a_file_that_is_no_database(path: Path) -> None:
    path.write_bytes(b"this was never a database, and is long enough to be seen as none" * 20)
    database = Database(f"sqlite:///{path}")
    with pytest.raises(LedgerUnavailable):
        database.create()
    database.close()


def test_an_error_says_nothing_of_what_was_to_be_stored(shelf: Shelf) -> None:
    pragma(shelf, "query_only=1")
    with pytest.raises(LedgerUnavailable) as refused:
        received(shelf, 1)
    assert "r" * 20 not in str(refused.value)


def test_a_start_waits_for_another_that_migrates(
    hasty: None, tmp_path: Path, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database(f"sqlite:///{path}")
    with database.writing() as connection:
        connection.exec_driver_sql("CREATE TABLE other (n INTEGER)")
    foreign = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    foreign.execute("BEGIN IMMEDIATE")
    ends = threading.Timer(10 * waits.LOCK_MS / 1000, lambda: foreign.execute("ROLLBACK"))
    ends.start()
    database.create()
    ends.join()
    foreign.execute("BEGIN IMMEDIATE")
    monkeypatch.setattr(waits, "MIGRATION_SECONDS", 0)
    with pytest.raises(LedgerUnavailable), database.writing():
        pass
    with database.reading() as connection:
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == waits.LOCK_MS
    foreign.close()
    database.close()
