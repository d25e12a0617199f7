"""Which head is posted when, and by whom: one a day, whoever dies in between."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from failover.witness import Posted, Witness
from store.audit import AuditTrail
from store.audit_book import AuditBook
from store.engine import Database
from store.witnesses import CLAIMED_FOR, WitnessBook
from tests.builders import START, later
from tests.store.conftest import Shelf
from tests.store.test_audit import ATTEMPT

DAY = timedelta(days=1)


@pytest.fixture
def book(shelf: Shelf) -> WitnessBook:
    return WitnessBook(shelf.database)


def notes(shelf: Shelf) -> None:
    AuditTrail(shelf.database, lambda: shelf.now).note(ATTEMPT)


def test_the_first_head_is_due_when_its_day_is_over(shelf: Shelf, book: WitnessBook) -> None:
    assert book.claim(START + 30 * DAY) is None, "nothing has happened yet"
    notes(shelf)
    assert book.claim(START + timedelta(hours=11)) is None
    witness = book.claim(START + timedelta(hours=13))
    head = AuditBook(shelf.database).head()
    assert head is not None
    assert witness == Witness("2026-11-24", head, START + timedelta(hours=13))


def test_a_day_has_one_head_and_a_day_without_entries_none(shelf: Shelf, book: WitnessBook) -> None:
    notes(shelf)
    first = book.claim(START + DAY)
    assert first is not None
    book.posted(first, START + DAY, "there")
    notes(shelf)
    assert book.claim(START + DAY + timedelta(hours=11)) is None
    second = book.claim(START + 2 * DAY)
    assert second is not None
    assert second.head.n == 2
    book.posted(second, START + 2 * DAY, "there")
    assert book.claim(START + 9 * DAY) is None


def test_who_claims_has_it_until_it_seems_dead(shelf: Shelf, book: WitnessBook) -> None:
    notes(shelf)
    first = book.claim(START + DAY)
    assert first is not None
    assert not first.tried
    assert book.claim(START + DAY + CLAIMED_FOR - timedelta(seconds=1)) is None
    notes(shelf)
    again = book.claim(START + DAY + CLAIMED_FOR)
    assert again == Witness(first.day, first.head, first.at, tried=True)
    # A clock that was set back is no reason to wait for days.
    assert book.claim(START) is not None


def test_what_certainly_was_not_posted_is_free_at_once(shelf: Shelf, book: WitnessBook) -> None:
    notes(shelf)
    first = book.claim(START + DAY)
    assert first is not None
    book.release(first)
    again = book.claim(START + DAY + timedelta(seconds=1))
    assert again == first
    # Posted late, on another day, it is still the head of its own.
    book.release(again)
    late = book.claim(START + 3 * DAY)
    assert late == first


def test_of_several_instances_one_claims(shelf: Shelf) -> None:
    notes(shelf)
    databases = [Database(shelf.url) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        claims = list(pool.map(lambda one: WitnessBook(one).claim(later(86400)), databases))
    assert sum(one is not None for one in claims) == 1
    for one in databases:
        one.close()


def test_the_book_says_what_was_posted_and_where(shelf: Shelf, book: WitnessBook) -> None:
    heads = []
    for number, address in enumerate(['["C0AUDIT","1.2"]', "there", None], 1):
        notes(shelf)
        witness = book.claim(START + number * DAY)
        assert witness is not None
        heads.append(witness.head)
        if address is not None:
            book.posted(witness, START + number * DAY, address)
    assert AuditBook(shelf.database).posted() == (
        Posted("2026-11-24", heads[0], "C0AUDIT"),
        Posted("2026-11-25", heads[1]),
    )
