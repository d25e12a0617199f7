"""SQLite: a file in WAL mode with ``synchronous=FULL``, so that a commit survives power loss.

Each transaction begins IMMEDIATE: one that reads first and writes later could fail however long it
is willing to wait.
"""

from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL

from store import waits


def engine(url: URL) -> Engine:
    """The engine of a file; nothing is opened yet."""
    made = create_engine(url, pool_size=8, max_overflow=64)
    event.listen(made, "connect", _on_connect)
    event.listen(made, "begin", _on_begin)
    return made


def _on_connect(connection: Any, _: object) -> None:
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout={waits.LOCK_MS}")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")


def _on_begin(connection: Connection) -> None:
    if connection.get_execution_options().get("writes", True):
        patience = connection.get_execution_options().get("patience_ms")
        if patience is None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            return
        connection.exec_driver_sql(f"PRAGMA busy_timeout={patience}")
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        finally:
            # The pool hands the connection to others afterwards.
            connection.exec_driver_sql(f"PRAGMA busy_timeout={waits.LOCK_MS}")
