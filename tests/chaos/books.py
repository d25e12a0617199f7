"""The bot's database, SQLite or PostgreSQL, as an onlooker reads it: with nothing of the bot's."""

import json
import threading
import time
from typing import Any

from sqlalchemy import TextClause, create_engine, event, inspect, text
from sqlalchemy.exc import DBAPIError

from .ledgers import Entry

HOLDER = text("SELECT id, document FROM changes WHERE holds = :group_id")
# A request that waits for people counts down on its card, so there is always more to tell of it.
UNTOLD = text("SELECT change_id FROM notices WHERE due_at IS NOT NULL")
UNFINISHED = text(
    "SELECT count(*) FROM changes WHERE state IN ('received', 'approved', 'sending', 'unknown')"
)
OUTSTANDING = text(
    "SELECT count(*) FROM notices JOIN changes ON changes.id = notices.change_id"
    " WHERE notices.due_at IS NOT NULL AND"
    " (changes.state <> 'awaiting' OR (notices.kind = 'card' AND notices.address IS NULL))"
)
UNFINISHED_OF = text(f"{UNFINISHED.text} AND (group_id = :group_id OR group_id IS NULL)")
OUTSTANDING_OF = text(f"{OUTSTANDING.text} AND group_id = :group_id")
PATIENCE_SECONDS = 10.0
CUT = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


class Books:
    """Looks into the database at a URL; safe to use from many threads."""

    def __init__(self, url: str) -> None:
        self._engine = create_engine(url, pool_size=4, max_overflow=32, pool_pre_ping=True)
        if url.startswith("sqlite"):
            event.listen(self._engine, "connect", _patient)

    def holder(self, group_id: str | None) -> tuple[str | None, int]:
        """Which change holds a group, and how many writes it has stored; (None, 0): none does."""
        row = self._patiently(HOLDER, {"group_id": group_id})
        return (None, 0) if row is None else (row.id, len(json.loads(row.document)["written"]))

    def _patiently(self, statement: TextClause, values: dict[str, object]) -> Any:
        """The first row; asked again where the server was cut off, as it is meant to be."""
        until, pause = time.monotonic() + PATIENCE_SECONDS, threading.Event()
        while True:
            try:
                with self._engine.connect() as connection:
                    return connection.execute(statement, values).first()
            except DBAPIError:
                if time.monotonic() > until:
                    raise
                pause.wait(0.05)

    def settled(self) -> bool:
        """Whether every change has its last word, or waits for people, and nothing is untold."""
        with self._engine.connect() as connection:
            counts = [connection.execute(one).scalar_one() for one in (UNFINISHED, OUTSTANDING)]
        return counts == [0, 0]

    def settled_of(self, group_id: str) -> bool:
        """The same of the changes of one group, and of those that have not found theirs yet."""
        with self._engine.connect() as connection:
            both = [
                connection.execute(one, {"group_id": group_id}).scalar_one()
                for one in (UNFINISHED_OF, OUTSTANDING_OF)
            ]
        return both == [0, 0]

    def entries(self) -> tuple[Entry, ...]:
        """Every recorded change."""
        with self._engine.connect() as connection:
            untold = {row.change_id for row in connection.execute(UNTOLD)}
            rows = list(connection.execute(text("SELECT id, state, document FROM changes")))
        return tuple(_entry(row, untold) for row in rows)

    def cut(self) -> None:
        """End every connection of everybody else to a PostgreSQL database; else nothing."""
        if self._engine.dialect.name == "postgresql":
            self._patiently(CUT, {})

    def keeps_audit(self) -> bool:
        """Whether this database has an audit record."""
        return inspect(self._engine).has_table("audit")

    def is_whole(self) -> bool:
        """Whether an SQLite file passes its own check; true of any other database."""
        if self._engine.dialect.name != "sqlite":
            return True
        with self._engine.connect() as connection:
            return bool(connection.execute(text("PRAGMA integrity_check")).scalar() == "ok")

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()


def _patient(connection: Any, _: object) -> None:
    connection.execute("PRAGMA busy_timeout=5000")


def _entry(row: Any, untold: set[str]) -> Entry:
    document = json.loads(row.document)
    return Entry(
        id=row.id,
        token=document["reason"] or "",
        state=row.state,
        steps=len(document["written"]),
        why=document["why"],
        asked_others="expires_at" in document["facts"],
        told=row.state == "awaiting" or row.id not in untold,
    )
