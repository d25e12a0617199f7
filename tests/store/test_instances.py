"""The roll of the instances: who counts as alive, by the clock of the database alone."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from failover.instances import Neighbour
from store.instances import ALONE, LEASE_SECONDS, LIVING, InstanceRow
from tests.store.conftest import Shelf


class Seconds:
    """A clock of the process."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


def instance(shelf: Shelf, seconds: Seconds, number: int = 1) -> InstanceRow:
    return InstanceRow(shelf.database, Neighbour(f"id-{number}", f"host:{number}", "{}"), seconds)


def living(shelf: Shelf) -> list[str]:
    with shelf.database.reading() as connection:
        return sorted(connection.execute(LIVING).scalars())


def passes(shelf: Shelf, time: float) -> None:
    """So many seconds pass by the clock of the database."""
    with shelf.database.writing() as connection:
        connection.execute(text("UPDATE instances SET seen_until = seen_until - :t"), {"t": time})


def test_one_that_renews_is_alive(shelf: Shelf, seconds: Seconds) -> None:
    one = instance(shelf, seconds)
    assert (living(shelf), one.present()) == ([], False)
    for _ in range(3):
        one.renew()
        passes(shelf, LEASE_SECONDS / 2)
        assert living(shelf) == ["id-1"]
    assert one.present()


def test_it_gives_up_before_others_take_it_for_dead(shelf: Shelf, seconds: Seconds) -> None:
    one = instance(shelf, seconds)
    one.renew()
    seconds.now += LEASE_SECONDS - 0.5
    passes(shelf, LEASE_SECONDS - 0.5)
    assert (living(shelf), one.present()) == (["id-1"], False)
    passes(shelf, 1)
    assert living(shelf) == []
    one.renew()
    assert (living(shelf), one.present()) == (["id-1"], True)


def test_the_time_that_renewing_takes_counts(shelf: Shelf, seconds: Seconds) -> None:
    class Slow(Seconds):
        def __call__(self) -> float:
            self.now += LEASE_SECONDS
            return self.now

    one = InstanceRow(shelf.database, Neighbour("id-1", "host:1", "{}"), Slow())
    one.renew()
    assert not one.present()


def test_a_lease_from_before_the_clock_was_set_back_is_none(shelf: Shelf, seconds: Seconds) -> None:
    instance(shelf, seconds).renew()
    passes(shelf, -3600)
    assert living(shelf) == []


def test_the_others_are_seen_and_struck_off(shelf: Shelf, seconds: Seconds) -> None:
    one, two = (instance(shelf, seconds, number) for number in (1, 2))
    one.renew()
    two.renew()
    assert one.others() == (Neighbour("id-2", "host:2", "{}"),)
    one.strike("id-2")
    assert (living(shelf), one.others()) == (["id-1"], ())
    two.renew()
    assert living(shelf) == ["id-1", "id-2"]


def test_one_that_leaves_is_dead_at_once(shelf: Shelf, seconds: Seconds) -> None:
    one = instance(shelf, seconds)
    one.renew()
    one.leave()
    assert (living(shelf), one.present()) == ([], False)


def test_those_long_dead_are_forgotten(shelf: Shelf, seconds: Seconds) -> None:
    one, two = (instance(shelf, seconds, number) for number in (1, 2))
    two.renew()
    passes(shelf, 3000)
    one.renew()
    assert len(one.others()) == 1
    passes(shelf, 3000)
    one.renew()
    assert one.others() == ()


def test_who_is_alone_needs_no_lease() -> None:
    assert ALONE.present()


def test_each_lease_that_ran_out_begins_another_term(shelf: Shelf, seconds: Seconds) -> None:
    one = instance(shelf, seconds)
    assert one.term() is None
    one.renew()
    seconds.now += LEASE_SECONDS / 2
    one.renew()
    assert one.term() == 1
    seconds.now += LEASE_SECONDS
    assert one.term() is None
    one.renew()
    assert one.term() == 2
    assert ALONE.term() == 1
