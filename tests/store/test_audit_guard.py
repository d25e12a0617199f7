"""The database itself refuses to change an entry of the audit record, or to remove one."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy.exc import SQLAlchemyError

from failover.audit_chain import Break, Fault
from services.verifying import verify
from store.audit import AuditTrail
from store.audit_book import AuditBook
from tests.builders import START
from tests.store.conftest import Shelf
from tests.store.test_audit import ATTEMPT, any_database, kinds

__all__ = ["any_database"]

TOUCHES = [
    "UPDATE audit SET document = 'x'",
    "UPDATE audit SET at = 'x' WHERE n = 1",
    "DELETE FROM audit",
    "DELETE FROM audit WHERE n = 2",
]
REPLACES = [
    "INSERT OR REPLACE INTO audit SELECT n, at, change_id, group_id, 'x', prev, hash FROM audit",
    "INSERT OR REPLACE INTO audit SELECT 9, at, change_id, group_id, 'x', prev, 'h' FROM audit",
    "INSERT OR REPLACE INTO audit SELECT 9, at, change_id, group_id, 'x', 'p', hash FROM audit",
]


@pytest.mark.parametrize("statement", TOUCHES)
def test_the_database_itself_refuses_to_change_an_entry(shelf: Shelf, statement: str) -> None:
    is_refused(shelf, statement)


@pytest.mark.parametrize("statement", REPLACES)
def test_sqlite_refuses_to_put_another_entry_in_its_place(tmp_path: Path, statement: str) -> None:
    shelf = Shelf(f"sqlite:///{tmp_path / 'failover.db'}")
    is_refused(shelf, statement)
    shelf.database.close()


def test_postgresql_refuses_to_empty_the_record(postgres_url: str) -> None:
    shelf = Shelf(postgres_url)
    is_refused(shelf, "TRUNCATE audit")
    shelf.database.close()


def is_refused(shelf: Shelf, statement: str) -> None:
    trail = AuditTrail(shelf.database, lambda: START)
    trail.note(ATTEMPT)
    trail.note(ATTEMPT)
    refused = pytest.raises(SQLAlchemyError, match="append-only")
    with refused, shelf.database._engine.begin() as connection:
        connection.exec_driver_sql(statement)
    assert kinds(shelf.database) == ["attempt", "attempt"]


def opens_the_door(shelf: Shelf) -> None:
    on_sqlite = shelf.url.startswith("sqlite")
    names = ("update", "delete", "replace") if on_sqlite else ("",)
    with shelf.database.writing() as connection:
        for name in names:
            what = f"audit_keeps_{name}" if on_sqlite else "audit_keeps ON audit"
            connection.exec_driver_sql(f"DROP TRIGGER {what}")


def test_the_triggers_stand_again_at_the_next_start(
    shelf: Shelf, caplog: pytest.LogCaptureFixture
) -> None:
    AuditTrail(shelf.database, lambda: START).note(ATTEMPT)
    opens_the_door(shelf)
    assert not AuditBook(shelf.database).guarded()
    with caplog.at_level("ERROR"):
        shelf.database.create()
    assert "were missing and are put up again" in caplog.text
    assert AuditBook(shelf.database).guarded()
    with pytest.raises(SQLAlchemyError), shelf.database._engine.begin() as connection:
        connection.exec_driver_sql("UPDATE audit SET document = 'x'")


def test_a_record_that_was_emptied_gets_no_new_beginning(shelf: Shelf) -> None:
    AuditTrail(shelf.database, lambda: START).note(ATTEMPT)
    opens_the_door(shelf)
    with shelf.database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM audit")
        connection.exec_driver_sql("DELETE FROM audit_head")
    shelf.database.create()
    found = verify(AuditBook(shelf.database), None, START)
    assert found.broken == Break(0, Fault.HEADLESS)
