"""Several instances reach for the same at once: each piece of work is had by exactly one."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import pytest

from failover.errors import SetUnderWay
from failover.instances import Neighbour
from failover.lifecycle import Record
from failover.notices import Kind
from failover.sets import GroupSet, Member
from ops import process
from store.changes import ChangeLedger
from store.engine import Database
from store.instances import InstanceRow
from store.notices import NoticeBox
from store.sets import SetBox
from tests.builders import FLAT, ID_A, OPERATOR, START, request
from tests.fakes import FakeClock

COUNT = 4
T = TypeVar("T")


@dataclass
class Instance:
    """One instance, with connections of its own."""

    row: InstanceRow
    database: Database
    ledger: ChangeLedger
    outbox: NoticeBox
    sets: SetBox


def instance(url: str, number: int) -> Instance:
    database = Database(url)
    row = InstanceRow(database, Neighbour(f"id-{number}", f"host:{number}", ""), process.seconds)
    row.renew()
    ledger = ChangeLedger(database, FakeClock(), lambda _: None, row)
    return Instance(
        row,
        database,
        ledger,
        NoticeBox(database, FakeClock(), row),
        SetBox(database, FakeClock(), row),
    )


@pytest.fixture
def instances(any_database: str) -> Iterator[list[Instance]]:
    first = Database(any_database)
    first.create()
    first.close()
    made = [instance(any_database, number) for number in range(COUNT)]
    yield made
    for one in made:
        one.database.close()


def all_at_once(instances: list[Instance], call: Callable[[Instance], T]) -> list[T]:
    barrier = threading.Barrier(len(instances))

    def called(one: Instance) -> T:
        barrier.wait(30)
        return call(one)

    with ThreadPoolExecutor(len(instances)) as pool:
        return list(pool.map(called, instances))


def receives(one: Instance, number: int) -> tuple[Record, bool]:
    first = Record(f"change-{number} of {one.row.id}", request(key=f"key-{number}"))
    return one.ledger.receive(first, {Kind.CARD: START})


def test_one_press_is_one_change(instances: list[Instance]) -> None:
    for number in range(10):
        answers = all_at_once(instances, lambda one, n=number: receives(one, n))  # type: ignore[misc]
        assert len({record.id for record, _ in answers}) == 1
        assert sum(first for _, first in answers) == 1


def test_what_a_dead_one_left_is_taken_over_once(instances: list[Instance]) -> None:
    dead, *survivors = instances
    for number in range(30):
        receives(dead, number)
    dead.row.leave()
    taken = all_at_once(survivors, lambda one: one.ledger.take_over())
    taken += [one.ledger.take_over() for one in survivors]
    assert sum(taken) == 30
    held = [record for one in survivors for record in one.ledger.unfinished()]
    assert Counter(record.version for record in held) == {2: 30}


def test_each_message_is_claimed_by_one(instances: list[Instance]) -> None:
    for number in range(20):
        receives(instances[0], number)
    due = [notice for notice, _ in instances[0].outbox.due(Kind.CARD, START)]
    assert len(due) == 20

    def claims(one: Instance) -> list[int]:
        return [notice.id for notice in due if one.outbox.claim(notice, START)]

    claimed = [number for mine in all_at_once(instances, claims) for number in mine]
    assert sorted(claimed) == sorted(notice.id for notice in due)


def shown(number: int, key: str) -> GroupSet:
    asked = request(key=key, group="sports-*", change=FLAT)
    one = GroupSet(f"set-{number}", asked, (Member(ID_A, "A", FLAT),))
    return one.taken(OPERATOR, asked.reply, go_on=False)


def takes(one: Instance, group_set: GroupSet) -> bool | None:
    """Whether it was the first delivery; None where the person has another set under way."""
    member = Record(f"{group_set.id} {one.row.id}", group_set.asks(group_set.members[0], START))
    try:
        return one.sets.take(group_set, [member])[1]
    except SetUnderWay:
        return None


def test_one_confirmation_is_one_set(instances: list[Instance]) -> None:
    assert takes_all(instances, same=True) == [False] * (COUNT - 1) + [True]


def test_of_several_sets_of_a_person_one_is_under_way(instances: list[Instance]) -> None:
    answers = takes_all(instances, same=False)
    assert answers.count(True) == 1
    assert answers.count(None) == COUNT - 1


def takes_all(instances: list[Instance], *, same: bool) -> list[bool | None]:
    numbers = {one.row.id: number for number, one in enumerate(instances)}

    def call(one: Instance) -> bool | None:
        number = 0 if same else numbers[one.row.id]
        return takes(one, shown(number, f"shown:{number}"))

    return sorted(all_at_once(instances, call), key=bool)
