"""The tables' versions: which one a database has, and how it gets the newest.

Alembic carries a database from version to version. It is loaded only where there is something to
carry: a start is not to wait for it. Each version has a sample in ``tests/store/samples``.
"""

import logging
from pathlib import Path

from sqlalchemy import Column, Connection, MetaData, PrimaryKeyConstraint, String, Table, inspect

from failover.errors import LedgerUnavailable
from store import audit_guard
from store.tables import changes, metadata

log = logging.getLogger(__name__)

VERSIONS = ("0001", "0002", "0003")
"""Every version, oldest first; one file in ``versions`` each."""

STAMP = Table(
    "alembic_version",
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)


def version(connection: Connection) -> str | None:
    """Which version the tables have; None: none that is known, or there are no tables.

    Raises LedgerUnavailable where only a newer bot knows it.
    """
    if not inspect(connection).has_table(STAMP.name):
        return None
    found: str | None = connection.execute(STAMP.select()).scalar()
    if found is not None and found not in VERSIONS:
        raise LedgerUnavailable(
            f"its tables are of version {found}, made by a newer bot; this one knows {VERSIONS[-1]}"
        )
    return found


def is_current(connection: Connection) -> bool:
    """Whether there is nothing to do. Raises LedgerUnavailable where only a newer bot can tell."""
    return version(connection) == VERSIONS[-1] and audit_guard.stands(connection)


def run(connection: Connection) -> None:
    """Within a transaction that nobody can disturb: bring the tables up to date.

    Raises LedgerUnavailable where a newer version of the bot has changed them already.
    """
    was = version(connection)
    if was == VERSIONS[-1]:
        _repair(connection)
        return
    if was is None and not inspect(connection).has_table(changes.name):
        metadata.create_all(connection)
        audit_guard.begin(connection)
        STAMP.create(connection)
        connection.execute(STAMP.insert(), {"version_num": VERSIONS[-1]})
        return
    log.info("the tables are brought from version %s to %s", was or "0001", VERSIONS[-1])
    upgrade(connection, VERSIONS[-1])


def _repair(connection: Connection) -> None:
    # Another instance may have made the tables, or repaired them, since they were looked at.
    if not audit_guard.stands(connection):
        log.error(
            "triggers that keep the audit record from being changed were missing and are put up "
            "again; find out who took them away, and run: python bot.py audit verify --witness"
        )
        audit_guard.put_up(connection)


def upgrade(connection: Connection, to: str) -> None:
    """Within a transaction: carry the tables to a version, through every one in between."""
    from alembic import command  # noqa: PLC0415  # see above: no start is to wait for it
    from alembic.config import Config  # noqa: PLC0415

    logging.getLogger("alembic").setLevel(logging.WARNING)
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    command.upgrade(config, to)
