"""A change of several writes on a real database: it holds its group, and is opened once."""

from __future__ import annotations

from functools import partial

import pytest

from failover.errors import GroupHeld, Overtaken
from failover.lifecycle import Record, State, move
from failover.measures import Force
from failover.notices import Kind
from tests.builders import SECOND, START, group, later
from tests.store.conftest import Shelf
from tests.store.test_changes import SECOND_WRITE, THREADS, at_once, ended, received, sending


def opened(sent: Record) -> Record:
    """The record with its next write open."""
    return move(
        sent, State.SENDING, written=(*sent.written, SECOND_WRITE), base=group(), sent_at=later(5)
    )


def test_a_change_of_several_writes_never_lets_its_group_go_in_between(shelf: Shelf) -> None:
    first, other = received(1), received(2, actor=SECOND)
    for one in (first, other):
        shelf.ledger.receive(one, {})
    shelf.ledger.take(sending(first), {}, None, Force())
    shelf.ledger.advance(opened(sending(first)), {Kind.CARD: START})
    assert shelf.ledger.get(first.id) == opened(sending(first))
    with pytest.raises(GroupHeld) as refused:
        shelf.ledger.take(sending(other), {}, None, Force())
    assert refused.value.holder == first.request.actor.user_id
    shelf.ledger.advance(ended(opened(sending(first)), State.HALFWAY), {})
    with pytest.raises(GroupHeld):
        shelf.ledger.take(sending(other), {}, None, Force())
    shelf.ledger.take(sending(other), {}, later(5), Force())


def test_one_of_many_opens_the_next_write(shelf: Shelf) -> None:
    first = received()
    shelf.ledger.receive(first, {})
    shelf.ledger.take(sending(first), {}, None, Force())
    jobs = [partial(shelf.ledger.advance, opened(sending(first)), {}) for _ in range(THREADS)]
    found = at_once(jobs)
    assert found.count(None) == 1
    assert sum(isinstance(one, Overtaken) for one in found) == THREADS - 1
