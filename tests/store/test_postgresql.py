"""PostgreSQL when it is slow, stopped or not to be reached."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from psycopg.conninfo import make_conninfo
from sqlalchemy import make_url, text

from failover.errors import LedgerUnavailable
from store import waits
from store.engine import Database
from tests.postgres import Postgres
from tests.store.conftest import Shelf, calls, received
from tests.store.test_engine import Rival, hold


@pytest.fixture
def any_database(postgres_url: str) -> str:
    """The only kind that this is about."""
    return postgres_url


@pytest.fixture
def foreign(any_database: str) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    url = make_url(any_database)
    where = make_conninfo(
        host=url.host or "", port=url.port or 0, user="postgres", dbname=url.database or ""
    )
    with psycopg.connect(where) as connection:
        yield connection


def setting(shelf: Shelf, name: str) -> object:
    with shelf.database.reading() as connection:
        return connection.execute(text(f"SHOW {name}")).scalar()


def test_every_wait_is_bounded_and_every_commit_is_on_disk(shelf: Shelf) -> None:
    names = ("lock_timeout", "statement_timeout", "synchronous_commit", "transaction_isolation")
    assert [setting(shelf, name) for name in names] == ["1200ms", "2s", "on", "read committed"]


def test_a_commit_that_would_not_be_waited_for_is(postgres_url: str, postgres: Postgres) -> None:
    name = make_url(postgres_url).database
    postgres.execute(f"ALTER DATABASE {name} SET synchronous_commit = off")
    database = Database(postgres_url)
    with database.reading() as connection:
        assert connection.execute(text("SHOW synchronous_commit")).scalar() == "on"
    database.close()


def test_what_the_url_says_wins(postgres_url: str) -> None:
    database = Database(f"{postgres_url}?application_name=mine")
    with database.reading() as connection:
        assert connection.execute(text("SHOW application_name")).scalar() == "mine"
    database.close()


def test_a_writer_and_a_silent_network_are_inside_slacks_three_seconds() -> None:
    assert waits.LOCK_MS < waits.STATEMENT_MS <= 2500
    assert waits.SILENCE_MS + 1000 * waits.CONNECT_SECONDS < 3000


def test_writers_of_different_rows_do_not_wait_for_each_other(shelf: Shelf) -> None:
    with shelf.database.writing():
        received(shelf, 1)
    with shelf.database.writing() as connection:
        hold(shelf.database, connection)
        assert Rival(shelf.database, "another").is_over()


def test_readers_of_a_key_share_it(shelf: Shelf) -> None:
    with shelf.database.writing() as connection:
        hold(shelf.database, connection, shared=True)
        assert Rival(shelf.database, "one", shared=True).is_over()


def test_a_lock_that_is_not_let_go_is_refused_and_then_nothing_is_wrong(
    shelf: Shelf, foreign: psycopg.Connection[tuple[object, ...]]
) -> None:
    received(shelf, 1)
    foreign.execute("LOCK TABLE changes, snapshots IN EXCLUSIVE MODE")
    with ThreadPoolExecutor() as pool:
        waiting = [pool.submit(call) for call in calls(shelf)]
        for one in waiting:
            with pytest.raises(LedgerUnavailable, match="OperationalError"):
                one.result()
    assert shelf.ledger.get("change-1") is not None, "reading waits for nobody"
    foreign.rollback()
    received(shelf, 2)
    assert [one.id for one in shelf.ledger.unfinished()] == ["change-1", "change-2"]


def test_a_server_that_was_started_anew_costs_nobody_an_attempt(
    shelf: Shelf, postgres: Postgres
) -> None:
    everybody = threading.Barrier(6, timeout=30)

    def receive(number: int) -> None:
        with shelf.database.reading():
            everybody.wait()
        received(shelf, number)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(receive, range(6)))
        postgres.stop()
        postgres.start()
        list(pool.map(receive, range(6, 12)))
    assert len(shelf.ledger.unfinished()) == 12


def test_a_server_that_is_stopped_refuses_and_is_found_again(
    shelf: Shelf, postgres: Postgres
) -> None:
    received(shelf, 1)
    postgres.stop()
    try:
        for call in (*calls(shelf), shelf.ledger.unfinished):
            with pytest.raises(LedgerUnavailable):
                call()
    finally:
        postgres.start()
    received(shelf, 2)
    assert [one.id for one in shelf.ledger.unfinished()] == ["change-1", "change-2"]


def test_a_server_that_stops_within_a_transaction_stores_nothing_of_it(
    shelf: Shelf, postgres: Postgres
) -> None:
    received(shelf, 1)

    def interrupted() -> None:
        with shelf.database.writing() as connection:
            connection.execute(text("UPDATE changes SET state = 'verified'"))
            postgres.stop()
            postgres.start()

    with pytest.raises(LedgerUnavailable):
        interrupted()
    assert len(shelf.ledger.unfinished()) == 1


def test_a_server_that_is_not_there_says_neither_where_nor_who() -> None:
    database = Database("postgresql+psycopg://somebody:tell-no-one@127.0.0.1:1/none")
    with pytest.raises(LedgerUnavailable) as refused:
        database.create()
    assert str(refused.value) == "OperationalError"
    database.close()


def test_a_database_that_is_not_there(postgres: Postgres) -> None:
    database = Database(postgres.url("not_there"))
    with pytest.raises(LedgerUnavailable, match="OperationalError"):
        database.create()
    database.close()
