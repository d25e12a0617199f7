"""The floor of everything durable: one INSERT and its commit, by the driver alone."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import psycopg

from store import waits

Commit: TypeAlias = Callable[[str], object]
"""Puts a text into a row; it is on disk when this returns."""

TABLE = "CREATE TABLE IF NOT EXISTS floor (id INTEGER PRIMARY KEY, document TEXT NOT NULL)"
SERVER_TABLE = "CREATE TABLE IF NOT EXISTS floor (id SERIAL PRIMARY KEY, document TEXT NOT NULL)"


def on_sqlite(path: Path) -> Callable[[], Commit]:
    """Makes writers, each with a connection of its own: WAL, ``synchronous=FULL``, IMMEDIATE."""

    def writer() -> Commit:
        database = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        database.execute(f"PRAGMA busy_timeout={10 * waits.LOCK_MS}")
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA synchronous=FULL")
        database.execute(TABLE)

        def commit(document: str) -> None:
            database.execute("BEGIN IMMEDIATE")
            database.execute("INSERT INTO floor (document) VALUES (?)", (document,))
            database.execute("COMMIT")

        return commit

    return writer


def on_postgresql(url: str) -> Callable[[], Commit]:
    """Makes writers, each with a connection of its own; ``url`` as SQLAlchemy writes it."""
    where = url.replace("postgresql+psycopg:", "postgresql:")
    with psycopg.connect(where) as connection:
        connection.execute(SERVER_TABLE)

    def writer() -> Commit:
        database = psycopg.connect(where)

        def commit(document: str) -> None:
            database.execute("INSERT INTO floor (document) VALUES (%s)", (document,))
            database.commit()

        return commit

    return writer
