"""The database itself refuses to change an entry of the audit record, or to remove one."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy.exc import SQLAlchemyError

from store.audit import AuditTrail
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


def test_the_triggers_stand_again_at_the_next_start(shelf: Shelf) -> None:
    AuditTrail(shelf.database, lambda: START).note(ATTEMPT)
    with shelf.database.writing() as connection:
        name = "audit_keeps_update" if shelf.url.startswith("sqlite") else "audit_keeps ON audit"
        connection.exec_driver_sql(f"DROP TRIGGER {name}")
    shelf.database.create()
    with pytest.raises(SQLAlchemyError), shelf.database._engine.begin() as connection:
        connection.exec_driver_sql("UPDATE audit SET document = 'x'")
