"""The database: one writer at a time, every commit on disk before it counts.

SQLite in WAL mode with ``synchronous=FULL``: a commit survives power loss. Writers take turns on a
lock of our own, since SQLite's busy handler sleeps between tries, and each transaction begins
IMMEDIATE: one that reads first and writes later could fail however long it is willing to wait.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import SQLAlchemyError

from failover.errors import LedgerUnavailable
from store.tables import metadata

BUSY_TIMEOUT_MS = 1200
"""How long to wait for a turn, and then again for a foreign process to let go of the write lock:
both and the work are inside Slack's 3 s.
"""


class Database:
    """One database; ``writing`` gives a transaction, ``reading`` a connection.

    Both raise LedgerUnavailable, and nothing is stored, when the database fails.
    """

    def __init__(self, url: str) -> None:
        """``url``: an SQLAlchemy URL of an SQLite file. Nothing is opened yet."""
        self._engine = create_engine(url, pool_size=8, max_overflow=64)
        self._turn = threading.Lock()
        _prepare(self._engine)

    def create(self) -> None:
        """Create what is missing of the tables."""
        with self.writing() as connection:
            metadata.create_all(connection)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that may write; committed on the way out, rolled back on an exception."""
        with self._my_turn(), _translated(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """For statements that only read, each of them by itself; they wait for nobody."""
        with _translated(), self._engine.connect() as connection:
            yield connection.execution_options(writes=False)

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    @contextmanager
    def _my_turn(self) -> Iterator[None]:
        # Whoever stands behind a writer that waits for a foreign lock has to be told in time, too.
        if not self._turn.acquire(timeout=BUSY_TIMEOUT_MS / 1000):
            raise LedgerUnavailable("no turn to write")
        try:
            yield
        finally:
            self._turn.release()


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        raise LedgerUnavailable(type(error).__name__) from error


def _prepare(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _: object) -> None:
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        if connection.get_execution_options().get("writes", True):
            connection.exec_driver_sql("BEGIN IMMEDIATE")
