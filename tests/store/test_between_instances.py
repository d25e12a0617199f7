"""Two instances on one PostgreSQL, each in the middle of a transaction of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from sqlalchemy import make_url, text

from failover.errors import Forestalled, GroupHeld
from failover.lifecycle import Record, State, move
from failover.measures import Force, Lock
from failover.notices import Kind
from store.changes import OnForces
from store.forces import ForceStore
from tests.builders import ADMIN, ID_A, OPERATOR, START, flat, later, record, request
from tests.postgres import Postgres
from tests.store.conftest import Shelf


@pytest.fixture
def any_database(postgres_url: str) -> str:
    """The only kind on which others write meanwhile."""
    return postgres_url


class Other:
    """Another instance, whose call has to wait for what happens here."""

    def __init__(self, shelf: Shelf, postgres: Postgres, pool: ThreadPoolExecutor) -> None:
        self.shelf = Shelf(shelf.url)
        self._postgres, self._pool = postgres, pool

    def begins(self, call: Callable[[], object]) -> Future[object]:
        begun = self._pool.submit(call)
        self._postgres.wait_until_somebody_waits(str(make_url(self.shelf.url).database))
        return begun


@pytest.fixture
def other(shelf: Shelf, postgres: Postgres) -> Iterator[Other]:
    with ThreadPoolExecutor() as pool:
        made = Other(shelf, postgres, pool)
        yield made
    made.shelf.database.close()


def received(shelf: Shelf, number: int, **given: object) -> Record:
    asked = request(key=f"key-{number}", **given)
    return shelf.ledger.receive(record(id=f"change-{number}", request=asked), {})[0]


def sending(one: Record) -> Record:
    """The record as it is about to be sent."""
    return move(
        one, State.SENDING, group_id=ID_A, before=flat(), base=flat(), written=(), sent_at=START
    )


def locking(shelf: Shelf, number: int) -> Record:
    """A lock of the group that is about to be put in force."""
    one = received(shelf, number, change=Lock(None), actor=ADMIN, reason="maintenance")
    return move(one, State.DONE, group_id=ID_A, ended_at=later(1))


def test_whoever_waited_for_the_group_learns_what_was_sent_meanwhile(
    shelf: Shelf, other: Other
) -> None:
    first = sending(received(shelf, 1))
    shelf.ledger.take(first, {}, None, Force())
    second = sending(received(shelf, 2))
    ended = move(first, State.VERIFIED, ended_at=later(5))
    with shelf.ledger.moving(ended, {Kind.CARD: START}):
        taking = other.begins(lambda: other.shelf.ledger.take(second, {}, None, Force()))
    with pytest.raises(GroupHeld) as held:
        taking.result(30)
    assert held.value.holder == OPERATOR.user_id
    left = shelf.ledger.get(second.id)
    assert left is not None
    assert left.state is State.RECEIVED


def test_a_change_that_waited_for_a_lock_is_forestalled(shelf: Shelf, other: Other) -> None:
    change, lock = sending(received(shelf, 1)), locking(shelf, 2)
    with shelf.ledger.moving(lock, {}, OnForces.CHANGES) as connection:
        taking = other.begins(lambda: other.shelf.ledger.take(change, {}, None, Force()))
        connection.execute(
            text("INSERT INTO forces VALUES (:key, :change, 'U0ADMIN', NULL, NULL)"),
            {"key": f"lock:{ID_A}", "change": lock.id},
        )
    with pytest.raises(Forestalled):
        taking.result(30)


def test_of_two_locks_at_once_the_second_learns_of_the_first(shelf: Shelf, other: Other) -> None:
    first, second = locking(shelf, 1), locking(shelf, 2)
    theirs = ForceStore(other.shelf.database, other.shelf.ledger)
    with shelf.ledger.moving(first, {}, OnForces.CHANGES) as connection:
        enacting = other.begins(lambda: theirs.enact(second, {}, None))
        connection.execute(
            text("INSERT INTO forces VALUES (:key, :change, 'U0ADMIN', NULL, NULL)"),
            {"key": f"lock:{ID_A}", "change": first.id},
        )
    with pytest.raises(GroupHeld):
        enacting.result(30)


def test_one_key_is_one_change_whoever_stores_it_first(shelf: Shelf, other: Other) -> None:
    mine, theirs = (record(id=f"change-{one}", request=request(key="press")) for one in (1, 2))
    with shelf.database.writing() as connection:
        shelf.ledger.receive(mine, {})
        connection.execute(text("LOCK TABLE changes IN EXCLUSIVE MODE"))
        storing = other.begins(lambda: other.shelf.ledger.receive(theirs, {}))
    assert storing.result(30) == (mine, False)
