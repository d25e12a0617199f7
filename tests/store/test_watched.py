"""The witness hears of each record once, after the commit, and of nothing that was not stored."""

from __future__ import annotations

from dataclasses import replace

import pytest

from failover.errors import Overtaken
from failover.lifecycle import Record, State, move
from failover.measures import Force
from failover.notices import Kind
from store.instances import ALONE
from store.watched import WatchedLedger, WatchedSets
from tests.builders import ID_A, OPERATOR, START, flat, record
from tests.fakes import FakeClock
from tests.store.conftest import Shelf
from tests.store.test_sets import HERE, drafted, records


class Witness:
    """Notes each record, and whether it could be read from the database by then."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf
        self.heard: list[tuple[str, State, bool]] = []

    def __call__(self, one: Record) -> None:
        stands = self.shelf.ledger.get(one.id) == one
        self.heard.append((one.id, one.state, stands))


@pytest.fixture
def witness(shelf: Shelf) -> Witness:
    return Witness(shelf)


@pytest.fixture
def ledger(shelf: Shelf, witness: Witness) -> WatchedLedger:
    return WatchedLedger(shelf.database, FakeClock(), lambda _: None, ALONE, witness)


def test_each_move_is_heard_of_once_it_stands(ledger: WatchedLedger, witness: Witness) -> None:
    one = record()
    ledger.receive(one, {Kind.CARD: START})
    ledger.receive(replace(one, id="another"), {})
    sending = move(one, State.SENDING, group_id=ID_A, before=flat(), sent_at=START)
    ledger.take(sending, {}, None, Force())
    ended = move(sending, State.VERIFIED, ended_at=START)
    ledger.advance(ended, {})
    with pytest.raises(Overtaken):
        ledger.advance(ended, {})
    with pytest.raises(Overtaken):
        ledger.take(sending, {}, None, Force())
    assert witness.heard == [
        (one.id, State.RECEIVED, True),
        (one.id, State.SENDING, True),
        (one.id, State.VERIFIED, True),
    ]


def test_what_fails_within_the_transaction_is_not_heard_of(
    ledger: WatchedLedger, witness: Witness
) -> None:
    one = record()
    ledger.receive(one, {})
    refused = move(one, State.REFUSED, ended_at=START)
    with pytest.raises(ValueError, match="within"), ledger.moving(refused, {}):
        raise ValueError("within")
    assert witness.heard == [(one.id, State.RECEIVED, True)]


def test_the_members_of_a_set_are_heard_of(shelf: Shelf, witness: Witness) -> None:
    box = WatchedSets(shelf.database, FakeClock(), ALONE, witness)
    refused = replace(record(), state=State.REFUSED)
    box.draft(drafted(), [refused], [])
    taken = drafted().taken(OPERATOR, HERE, go_on=True)
    members = records(taken)
    assert box.take(taken, members) == (taken, True)
    assert box.take(taken, members) == (taken, False)
    assert witness.heard == [
        (refused.id, State.REFUSED, True),
        *((one.id, State.RECEIVED, True) for one in members),
    ]
