"""The audit record on disk: stored with what it tells of, whole under many writers, guarded."""

from __future__ import annotations

import json
import multiprocessing
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from failover.audit import Attempt, Doing
from failover.audit_chain import GENESIS, Head
from failover.errors import LedgerUnavailable, Overtaken
from failover.lifecycle import Record, State, Why, move
from failover.measures import Force, Pause
from failover.notices import Kind
from failover.writes import Patch
from services.verifying import verify
from store.audit import AuditTrail
from store.audit_book import PAGE, AuditBook
from store.engine import Database
from store.forces import ForceStore
from store.sets import SetBox
from tests.builders import ID_A, SECOND, START, VIEWER, flat, group, later, record, request
from tests.store.audit_writer import writes
from tests.store.conftest import Shelf
from tests.store.test_sets import drafted

ATTEMPT = Attempt(VIEWER, Doing.LOOK, "role", "C0OPS", details={"at": "list"})


@pytest.fixture(params=["sqlite", "postgresql"])
def any_database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """One that nobody uses afterwards: what guards it is taken away here."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'failover.db'}"
    fresh: str = request.getfixturevalue("postgres_url")
    return fresh


def entries(database: Database) -> list[dict[str, Any]]:
    """Every entry, once the whole chain is found to be in order."""
    book = AuditBook(database)
    assert verify(book, None, START).broken is None
    return [json.loads(row.document) for row in book.rows()]


def kinds(database: Database) -> list[str]:
    return [one["kind"] for one in entries(database)]


def received(shelf: Shelf, key: str = "k", **given: Any) -> Record:
    first = record(id=f"change-{key}", request=request(key=key, **given))
    return shelf.ledger.receive(first, {Kind.CARD: START})[0]


def sending(first: Record) -> Record:
    named = {"group_id": ID_A, "group_name": "NBA Finals"}
    read = {"before": flat(), "base": flat()}
    return move(first, State.SENDING, written=(Patch(),), sent_at=later(1), **named, **read)


def test_a_change_has_its_intent_its_message_and_its_outcome(shelf: Shelf) -> None:
    shelf.database.instance = "host:42"
    first = received(shelf, reason="the final")
    assert kinds(shelf.database) == ["accepted"]
    sent = sending(first)
    shelf.now = later(1)
    shelf.ledger.take(sent, {}, None, Force())
    _, intent = entries(shelf.database)
    assert intent["kind"] == "sending"
    assert intent["at"] == "2026-11-23T12:00:01.000000Z"
    assert intent["who"] == {"id": "U0OPERATOR", "name": "Operator", "team": "T0HOME"}
    assert intent["where"] == "C0OPS"
    assert intent["group"] == {"id": ID_A, "name": "NBA Finals"}
    assert (intent["before"]["mode"], intent["after"]) == ("flat", None)
    assert (intent["wanted"], intent["writes"]) == (
        ["configure", "prioritized", None],
        [["patch", None, None]],
    )
    assert (intent["reason"], intent["outcome"]) == ("the final", None)
    assert intent["refs"] == {
        "change": "change-k", "asked_by": "U0OPERATOR", "key": "k", "set": None,
        "via": "slack", "instance": "host:42", "message": None,
    }  # fmt: skip

    ((notice, _),) = shelf.outbox.due(Kind.CARD, later(1))
    assert shelf.outbox.claim(notice, later(1))
    shelf.outbox.delivered(notice, '["C0AUDIT","1.2"]')
    ended = move(sent, State.VERIFIED, after=group(), ended_at=later(2))
    shelf.ledger.advance(ended, {Kind.CARD: later(2)})
    _, _, announced, outcome = entries(shelf.database)
    assert announced["kind"] == "announced"
    assert announced["refs"]["message"] == '["C0AUDIT","1.2"]'
    assert (outcome["kind"], outcome["outcome"]) == ("outcome", "applied and verified")
    assert (outcome["before"]["mode"], outcome["after"]["mode"]) == ("flat", "prioritized")
    assert outcome["refs"]["message"] == '["C0AUDIT","1.2"]'

    ((notice, _),) = shelf.outbox.due(Kind.CARD, later(2))
    assert shelf.outbox.claim(notice, later(2))
    shelf.outbox.delivered(notice, notice.address)
    assert len(entries(shelf.database)) == 4, "an edit is no new message"


def test_no_entry_holds_a_response_url(shelf: Shelf) -> None:
    shelf.ledger.take(sending(received(shelf)), {}, None, Force())
    rows = list(AuditBook(shelf.database).rows())
    assert len(rows) == 2
    for row in rows:
        assert "hooks.slack.com" not in row.document
        assert row.document.isascii()


def test_what_is_not_stored_has_no_entry(shelf: Shelf) -> None:
    sent = sending(received(shelf))
    shelf.ledger.take(sent, {}, None, Force())
    again = record(id="other", request=request(key="k"), state=State.REFUSED)
    assert shelf.ledger.receive(again, {}) == (sent, False)
    with pytest.raises(Overtaken):
        shelf.ledger.advance(move(record(id="change-k"), State.REFUSED), {})
    assert kinds(shelf.database) == ["accepted", "sending"]


def test_a_preview_that_is_refused_has_its_entry(shelf: Shelf) -> None:
    shelf.ledger.receive(record(id="2", request=request(key="2"), state=State.SHOWN), {})
    refused = record(id="3", request=request(key="3"), state=State.REFUSED, why=Why.ROLE)
    shelf.ledger.receive(refused, {})
    (entry,) = entries(shelf.database)
    assert (entry["kind"], entry["why"], entry["refs"]["change"]) == ("refused", "role", "3")


def test_a_measure_has_its_entry(shelf: Shelf) -> None:
    first = received(shelf, change=Pause(), reason="storage")
    done = move(first, State.DONE, group_name="all groups", ended_at=later(1))
    ForceStore(shelf.database, shelf.ledger).enact(done, {}, None)
    _, entry = entries(shelf.database)
    assert (entry["kind"], entry["wanted"], entry["reason"]) == ("measure", ["pause"], "storage")


def test_what_a_set_leaves_out_stands_in_sequence(shelf: Shelf) -> None:
    box = SetBox(shelf.database, lambda: START)
    left_out = [
        Record(f"r{number}", request(key=f"r{number}"), State.REFUSED, 2) for number in range(7)
    ]
    box.draft(drafted(), left_out, [])
    assert [one["refs"]["change"] for one in entries(shelf.database)] == [
        f"r{number}" for number in range(7)
    ]


REFUSES = "CREATE TRIGGER no BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'full'); END"
UNWRITABLE = ["DROP TABLE audit", "DELETE FROM audit_head", "DROP TABLE audit_head"]


@pytest.mark.parametrize("statement", UNWRITABLE)
def test_without_its_entry_nothing_is_stored(shelf: Shelf, statement: str) -> None:
    nothing_is_stored(shelf, statement)


def test_an_entry_that_the_database_refuses_stores_nothing(tmp_path: Path) -> None:
    shelf = Shelf(f"sqlite:///{tmp_path / 'failover.db'}")
    nothing_is_stored(shelf, REFUSES)
    shelf.database.close()


def nothing_is_stored(shelf: Shelf, statement: str) -> None:
    """Once the statement has made the audit record unwritable."""
    first = received(shelf)
    with shelf.database.writing() as connection:
        connection.exec_driver_sql(statement)
    with pytest.raises(LedgerUnavailable):
        shelf.ledger.take(sending(first), {}, None, Force())
    with pytest.raises(LedgerUnavailable):
        received(shelf, "2")
    with pytest.raises(LedgerUnavailable):
        shelf.ledger.receive(record(id="n", request=request(key="n"), state=State.REFUSED), {})
    with pytest.raises(LedgerUnavailable):
        AuditTrail(shelf.database, lambda: START).note(ATTEMPT)
    with pytest.raises(LedgerUnavailable):
        SetBox(shelf.database, lambda: START).draft(
            drafted(), [Record("r", request(key="r"), State.REFUSED, 2)], []
        )
    assert shelf.ledger.get("change-k") == first
    assert shelf.ledger.find("n") is None
    assert shelf.ledger.find("2") is None
    assert SetBox(shelf.database, lambda: START).get("set-1") is None


def test_a_lost_head_is_not_made_up(shelf: Shelf) -> None:
    AuditTrail(shelf.database, lambda: START).note(ATTEMPT)
    with shelf.database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM audit_head")
    shelf.database.create()
    assert AuditBook(shelf.database).head() is None
    with pytest.raises(LedgerUnavailable, match="head"):
        AuditTrail(shelf.database, lambda: START).note(ATTEMPT)


def test_the_chain_cannot_fork(shelf: Shelf) -> None:
    trail = AuditTrail(shelf.database, lambda: START)
    trail.note(ATTEMPT)
    trail.note(ATTEMPT)
    with shelf.database.writing() as connection:
        connection.exec_driver_sql(f"UPDATE audit_head SET n = 5, hash = '{GENESIS}'")
    with pytest.raises(LedgerUnavailable):
        trail.note(ATTEMPT)
    assert len(list(AuditBook(shelf.database).rows())) == 2


def test_many_threads_keep_one_chain(shelf: Shelf) -> None:
    def changes(number: int) -> None:
        received(shelf, f"{number}")
        refused = record(
            id=f"r{number}", request=request(key=f"r{number}", actor=SECOND), state=State.REFUSED
        )
        shelf.ledger.receive(refused, {})
        AuditTrail(shelf.database, lambda: START).note(ATTEMPT)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(changes, range(48)))
    assert Counter(kinds(shelf.database)) == dict.fromkeys(("accepted", "refused", "attempt"), 48)


def test_many_processes_keep_one_chain(shelf: Shelf) -> None:
    spawning = multiprocessing.get_context("spawn")
    names = ("one", "two", "three")
    url = shelf.url
    writers = [spawning.Process(target=writes, args=(url, name, 40)) for name in names]
    for one in writers:
        one.start()
    for one in writers:
        one.join(50)
    assert [one.exitcode for one in writers] == [0, 0, 0]
    found = entries(shelf.database)
    assert Counter(one["refs"]["instance"] for one in found) == dict.fromkeys(names, 40)
    for name in names:
        mine = [one["details"]["number"] for one in found if one["refs"]["instance"] == name]
        assert mine == list(range(40))


def test_the_book_is_read_page_by_page_and_between_bounds(tmp_path: Path) -> None:
    shelf = Shelf(f"sqlite:///{tmp_path / 'failover.db'}")
    trail = AuditTrail(shelf.database, lambda: shelf.now)
    note = partial(trail.note, ATTEMPT)
    for number in range(5):
        shelf.now = later(number)
        note()
    book = AuditBook(shelf.database)
    assert [row.n for row in book.rows()] == [1, 2, 3, 4, 5]
    stamps = [row.at for row in book.rows()]
    assert [row.n for row in book.rows(stamps[1], stamps[3])] == [2, 3]
    assert book.head() == Head(5, list(book.rows())[-1].hash)
    with shelf.database.writing() as connection:
        copied = (
            f"WITH RECURSIVE k(i) AS (SELECT 6 UNION ALL SELECT i+1 FROM k WHERE i < {2 * PAGE})"
            " INSERT INTO audit SELECT i, at, NULL, NULL, document, i, -i FROM audit, k WHERE n = 1"
        )
        connection.exec_driver_sql(copied)
    assert [row.n for row in book.rows()] == list(range(1, 2 * PAGE + 1))
    shelf.database.close()
