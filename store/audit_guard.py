"""What the audit record stands on besides its tables: its first head, and triggers.

By these the database itself refuses to change an entry, or to remove one.
"""

from collections.abc import Mapping
from types import MappingProxyType

from sqlalchemy import Connection

from failover.audit_chain import GENESIS

ONLY = 1
"""The key of the one row of ``audit_head``."""

_FIRST_HEAD = f"INSERT INTO audit_head (id, n, hash) VALUES ({ONLY}, 0, '{GENESIS}')"  # noqa: S608

# SQLite carries out INSERT OR REPLACE without asking the triggers for deletion: the last one does.
_SQLITE = (
    """
    CREATE TRIGGER IF NOT EXISTS audit_keeps_update BEFORE UPDATE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit record is append-only'); END
    """,
    """
    CREATE TRIGGER IF NOT EXISTS audit_keeps_delete BEFORE DELETE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit record is append-only'); END
    """,
    """
    CREATE TRIGGER IF NOT EXISTS audit_keeps_replace BEFORE INSERT ON audit
    WHEN EXISTS (SELECT 1 FROM audit WHERE n = NEW.n)
      OR EXISTS (SELECT 1 FROM audit WHERE prev = NEW.prev)
      OR EXISTS (SELECT 1 FROM audit WHERE hash = NEW.hash)
    BEGIN SELECT RAISE(ABORT, 'the audit record is append-only'); END
    """,
)
_POSTGRESQL = (
    """
    CREATE OR REPLACE FUNCTION audit_keeps() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'the audit record is append-only'; END
    $$
    """,
    """
    CREATE OR REPLACE TRIGGER audit_keeps BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION audit_keeps()
    """,
)
STATEMENTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"sqlite": _SQLITE, "postgresql": _POSTGRESQL}
)
"""By SQLAlchemy's name of the dialect. Each may be run again without harm."""


_STANDING: Mapping[str, str] = MappingProxyType(
    {
        "sqlite": "SELECT count(*) FROM sqlite_master "
        "WHERE type = 'trigger' AND tbl_name = 'audit' AND name GLOB 'audit_keeps_*'",
        "postgresql": "SELECT count(*) FROM pg_trigger WHERE tgname = 'audit_keeps' "
        "AND tgrelid = to_regclass('audit') AND tgenabled <> 'D'",
    }
)
_TRIGGERS: Mapping[str, int] = MappingProxyType({"sqlite": len(_SQLITE), "postgresql": 1})


def stands(connection: Connection) -> bool:
    """Whether every trigger is there."""
    dialect = connection.dialect.name
    return connection.exec_driver_sql(_STANDING[dialect]).scalar() == _TRIGGERS[dialect]


def put_up(connection: Connection) -> None:
    """Within a transaction, once the tables are there: see that the triggers stand."""
    for statement in STATEMENTS[connection.dialect.name]:
        connection.exec_driver_sql(statement)


def begin(connection: Connection) -> None:
    """Within the transaction that makes the tables: put up the first head and the triggers.

    Never later: a head that is lost is not made up.
    """
    connection.exec_driver_sql(_FIRST_HEAD)
    put_up(connection)
