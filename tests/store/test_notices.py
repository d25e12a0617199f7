"""The outbox: nothing that has to be told is lost, whatever happens while it is being told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from failover.lifecycle import Record, State, move
from failover.notices import Backlog, Kind, Notice
from store.notices import AT_ONCE, FAR
from tests.builders import ID_A, START, flat, later, record, request
from tests.store.conftest import Shelf


def received(shelf: Shelf, number: int = 1, kind: Kind = Kind.CARD, due: float = 0) -> Record:
    one = record(id=f"change-{number}", request=request(key=f"key-{number}"))
    shelf.ledger.receive(one, {kind: later(due)})
    return one


def the_notice(shelf: Shelf, at: float = 0) -> Notice:
    ((notice, _),) = shelf.outbox.due(Kind.CARD, later(at))
    assert shelf.outbox.claim(notice, later(at))
    return notice


def sent_on(shelf: Shelf, one: Record, due: float) -> Record:
    moved = move(one, State.SENDING, group_id=ID_A, before=flat(), sent_at=later(due))
    shelf.ledger.advance(moved, {Kind.CARD: later(due)})
    return moved


def test_what_is_due_comes_with_its_record_as_it_stands(shelf: Shelf) -> None:
    one = received(shelf)
    assert shelf.outbox.due(Kind.CARD, START - timedelta(microseconds=1)) == ()
    assert shelf.outbox.due(Kind.ANSWER, START) == ()
    ((notice, told),) = shelf.outbox.due(Kind.CARD, START)
    assert told == one
    assert notice == Notice(notice.id, one.id, Kind.CARD, START, 0, None, None, START)


def test_what_was_put_off_before_the_clock_was_set_back_is_due(shelf: Shelf) -> None:
    one = received(shelf, due=3600)
    assert shelf.outbox.due(Kind.CARD, later(3600) - FAR) == ()
    ((notice, told),) = shelf.outbox.due(Kind.CARD, START)
    assert told == one
    assert shelf.outbox.claim(notice, START)
    shelf.outbox.delivered(notice, "a")
    assert shelf.outbox.due(Kind.CARD, START) == ()


def test_oldest_first_and_not_too_many_at_once(shelf: Shelf) -> None:
    made = [received(shelf, n, due=-n).id for n in range(AT_ONCE + 5)]
    found = [told.id for _, told in shelf.outbox.due(Kind.CARD, START)]
    assert found == made[:AT_ONCE]


def test_delivered_is_done(shelf: Shelf) -> None:
    received(shelf)
    shelf.outbox.delivered(the_notice(shelf), '["C1", "1.2"]')
    assert shelf.outbox.due(Kind.CARD, later(999)) == ()
    assert shelf.outbox.next_due(Kind.CARD) is None


def test_the_address_is_there_when_it_falls_due_again(shelf: Shelf) -> None:
    one = received(shelf)
    shelf.outbox.delivered(the_notice(shelf), '["C1", "1.2"]')
    moved = sent_on(shelf, one, 5)
    ((notice, told),) = shelf.outbox.due(Kind.CARD, later(5))
    assert told == moved
    assert (notice.address, notice.due_at, notice.attempts) == ('["C1", "1.2"]', later(5), 0)


@pytest.mark.parametrize("due", [0, 0.000001, 5, -3])
def test_what_fell_due_anew_while_it_was_being_sent_stays_due(shelf: Shelf, due: float) -> None:
    one = received(shelf)
    notice = the_notice(shelf)
    moved = sent_on(shelf, one, due)
    shelf.outbox.delivered(notice, '["C1", "1.2"]')
    ((again, told),) = shelf.outbox.due(Kind.CARD, later(6))
    assert told == moved
    assert again.address == '["C1", "1.2"]'
    assert shelf.outbox.claim(again, later(6))
    shelf.outbox.delivered(again, again.address)
    assert shelf.outbox.next_due(Kind.CARD) is None


def test_posting_is_noted_before_and_cleared_after(shelf: Shelf) -> None:
    received(shelf)
    shelf.outbox.posting(the_notice(shelf), later(1))
    assert the_notice(shelf).posting_since == later(1)
    shelf.outbox.delivered(the_notice(shelf), "a")
    shelf.outbox.postpone(the_notice_again(shelf), later(2), posted=True, holds_up=True)
    assert the_notice(shelf, 2).posting_since is None


def the_notice_again(shelf: Shelf) -> Notice:
    sent_on(shelf, record(id="change-1", request=request(key="key-1")), 1)
    return the_notice(shelf, 1)


@pytest.mark.parametrize("posted", [True, False])
def test_postponed_is_due_later_and_remembers_whether_it_may_have_been_posted(
    shelf: Shelf, posted: bool
) -> None:
    received(shelf)
    shelf.outbox.posting(the_notice(shelf), later(0))
    shelf.outbox.postpone(the_notice(shelf), later(7), posted=posted, holds_up=True)
    assert shelf.outbox.due(Kind.CARD, later(6)) == ()
    assert shelf.outbox.next_due(Kind.CARD) == later(7)
    notice = the_notice(shelf, 7)
    assert notice.attempts == 1
    assert notice.posting_since == (later(0) if posted else None)


def test_the_earliest_of_many_falls_due_next(shelf: Shelf) -> None:
    for number, due in enumerate((9, 3, 5)):
        received(shelf, number, due=due)
    received(shelf, 10, Kind.ANSWER, 1)
    assert shelf.outbox.next_due(Kind.CARD) == later(3)
    assert shelf.outbox.next_due(Kind.ANSWER) == later(1)


def test_one_change_has_one_message_of_each_kind(shelf: Shelf) -> None:
    one = received(shelf)
    moved = move(one, State.SENDING, group_id=ID_A, before=flat())
    shelf.ledger.advance(moved, {Kind.CARD: later(1), Kind.ANSWER: later(1)})
    shelf.ledger.advance(move(moved, State.UNKNOWN), {Kind.CARD: later(2), Kind.ANSWER: later(2)})
    for kind in Kind:
        assert len(shelf.outbox.due(kind, later(9))) == 1


def test_the_backlog_is_what_is_due_or_was_tried_in_vain(shelf: Shelf) -> None:
    assert shelf.outbox.backlog(START) == Backlog(0, None, 0)
    received(shelf, 1, due=0)
    received(shelf, 2, due=60)
    received(shelf, 3, Kind.ANSWER, due=5)
    assert shelf.outbox.backlog(START) == Backlog(1, START, 0)
    assert shelf.outbox.backlog(later(30)) == Backlog(2, START, 0)
    assert shelf.outbox.backlog(later(30), Kind.ANSWER) == Backlog(1, later(5), 0)
    shelf.outbox.postpone(the_notice(shelf), later(40), posted=False, holds_up=True)
    assert shelf.outbox.backlog(later(30), Kind.CARD) == Backlog(1, START, 0)
    shelf.outbox.delivered(the_notice(shelf, 40), "a")
    assert shelf.outbox.backlog(later(30), Kind.CARD) == Backlog(0, None, 0)


def test_what_waits_is_known_until_it_is_told(shelf: Shelf) -> None:
    change = received(shelf).id
    assert shelf.outbox.waits(change, Kind.CARD)
    assert not shelf.outbox.waits(change, Kind.ANSWER)
    shelf.outbox.postpone(the_notice(shelf), later(7), posted=False, holds_up=True)
    assert shelf.outbox.waits(change, Kind.CARD)
    shelf.outbox.delivered(the_notice(shelf, 7), "there")
    assert not shelf.outbox.waits(change, Kind.CARD)
