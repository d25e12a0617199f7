"""The database: SQLite in a file, or PostgreSQL; every commit is on disk before it counts."""

import contextlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, func, make_url, select
from sqlalchemy.exc import SQLAlchemyError

from failover.errors import LedgerUnavailable
from store import audit_guard, migrations, postgresql, sqlite, waits


class Database:
    """One database; ``writing`` gives a transaction, ``reading`` a connection.

    Both raise LedgerUnavailable, and nothing is stored, when the database fails.
    """

    def __init__(self, url: str, instance: str = "") -> None:
        """``url``: an SQLAlchemy URL of an SQLite file or a PostgreSQL. Nothing is opened yet.

        ``instance``: what this process is called in the audit record.
        """
        self.instance = instance
        parsed = make_url(url)
        self._one_writer = parsed.get_backend_name() == "sqlite"
        self._engine = (sqlite if self._one_writer else postgresql).engine(parsed)
        self._reader = _reader(self._engine, self._one_writer)
        self._turn = threading.Lock()

    def create(self) -> None:
        """Bring the tables up to date, whoever else is about to do the same.

        Raises LedgerUnavailable also where a newer version of the bot has changed them already.
        """
        with self.reading() as connection:
            if migrations.is_current(connection):
                return
        patient = self._engine.execution_options(patience_ms=waits.MIGRATION_SECONDS * 1000)
        with self._transaction(patient) as connection:
            self._patiently(connection)
            migrations.run(connection)

    def version(self) -> tuple[str | None, str]:
        """The version of the tables as they are, None: there are none; and the newest.

        Raises LedgerUnavailable.
        """
        with self.reading() as connection:
            return migrations.version(connection), migrations.VERSIONS[-1]

    def guarded(self) -> bool:
        """Whether the triggers stand that keep the audit record. Raises LedgerUnavailable."""
        with self.reading() as connection:
            return audit_guard.stands(connection)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that may write; committed on the way out, rolled back on an exception.

        On SQLite nobody else writes meanwhile. On PostgreSQL others do: whoever reads in order to
        write takes ``serialised`` first, or lets a unique index or a row's version decide.
        """
        with self._transaction(self._engine) as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """For statements that only read, each of them by itself; they wait for nobody."""
        with _translated(), self._reader.connect() as connection:
            yield connection

    def serialised(self, connection: Connection, key: str, *, shared: bool = False) -> None:
        """Until this transaction ends, keep out the others that ask for the same key.

        ``shared``: keep out only those who ask without it. Does nothing on SQLite, where a
        transaction has the database to itself. Call it before the read that it is to protect.
        """
        if not self._one_writer:
            lock = func.pg_advisory_xact_lock_shared if shared else func.pg_advisory_xact_lock
            connection.execute(select(lock(func.hashtextextended(f"failover:{key}", 0))))

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    @contextmanager
    def _transaction(self, engine: Engine) -> Iterator[Connection]:
        turn = self._my_turn() if self._one_writer else contextlib.nullcontext()
        with turn, _translated(), engine.begin() as connection:
            yield connection

    def _patiently(self, connection: Connection) -> None:
        """Wait longer than a person in Slack could for whoever does the same at this moment.

        On SQLite that wait is over when the transaction begins: see ``store.sqlite``.
        """
        if not self._one_writer:
            connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{waits.MIGRATION_SECONDS}s'")
        self.serialised(connection, "migrations")

    @contextmanager
    def _my_turn(self) -> Iterator[None]:
        # SQLite's busy handler sleeps between tries, so our own threads take turns on a lock; and
        # whoever stands behind a writer that waits for a foreign lock has to be told in time, too.
        if not self._turn.acquire(timeout=waits.LOCK_MS / 1000):
            raise LedgerUnavailable("no turn to write")
        try:
            yield
        finally:
            self._turn.release()


def _reader(engine: Engine, one_writer: bool) -> Engine:
    if one_writer:
        return engine.execution_options(writes=False)
    return engine.execution_options(isolation_level="AUTOCOMMIT")


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        raise LedgerUnavailable(type(error).__name__) from error
