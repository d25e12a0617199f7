"""The ledger keeps its promises on a real database, also when many ask at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TypeVar

import pytest
from sqlalchemy import text

from failover.errors import FailoverError, GroupHeld, LedgerUnavailable, Overtaken
from failover.lifecycle import MOVES, Actor, Record, State, move
from failover.measures import Force
from failover.model import fingerprint
from failover.notices import Kind
from failover.writes import Patch, PutActive
from store.changes import SNAPSHOTS_KEPT
from store.engine import Database
from tests.builders import ID_A, ID_B, SECOND, START, flat, group, later, record, request
from tests.store.conftest import Shelf

THREADS = 32
FIRST, SECOND_WRITE = Patch(auto_failback=False), PutActive("s2")
T = TypeVar("T")


def received(number: int = 1, **given: object) -> Record:
    """A record that was never seen before."""
    return record(id=f"change-{number}", request=request(key=f"key-{number}", **given))


def sending(first: Record, group_id: str = ID_A) -> Record:
    """The record as it is about to be sent."""
    return move(
        first,
        State.SENDING,
        group_id=group_id,
        group_name="G",
        before=flat(),
        base=flat(),
        written=(FIRST,),
        sent_at=later(1),
    )


def ended(sent: Record, state: State = State.VERIFIED) -> Record:
    return move(sent, state, after=group(), ended_at=later(2))


def at_once(jobs: list[Callable[[], T]]) -> list[T | FailoverError]:
    """What each job returned or refused with, all of them let go at the same moment."""
    barrier = threading.Barrier(len(jobs))

    def run(job: Callable[[], T]) -> T | FailoverError:
        barrier.wait(30)
        try:
            return job()
        except FailoverError as error:
            return error

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def test_a_first_record_is_stored_as_it_is(shelf: Shelf) -> None:
    first = received(reason="because <!channel>")
    assert shelf.ledger.receive(first, {}) == (first, True)
    assert shelf.ledger.get(first.id) == first
    assert shelf.ledger.get("change-2") is None


def test_the_same_key_is_the_same_change(shelf: Shelf) -> None:
    first = received()
    again = replace(received(2), request=first.request)
    shelf.ledger.receive(first, {Kind.ANSWER: START})
    assert shelf.ledger.receive(again, {Kind.ANSWER: START}) == (first, False)
    assert shelf.ledger.get(again.id) is None
    assert len(shelf.outbox.due(Kind.ANSWER, START)) == 1


def test_the_same_key_finds_the_change_as_it_stands_now(shelf: Shelf) -> None:
    first = received()
    shelf.ledger.receive(first, {})
    shelf.ledger.advance(sending(first), {})
    assert shelf.ledger.receive(first, {}) == (sending(first), False)


def test_one_key_under_many_threads_is_one_change(shelf: Shelf) -> None:
    key = received().request
    jobs = [replace(received(n), request=key) for n in range(THREADS)]
    found = at_once([partial(shelf.ledger.receive, job, {}) for job in jobs])
    (winner,) = shelf.ledger.unfinished()
    assert found.count((winner, True)) == 1
    assert found.count((winner, False)) == THREADS - 1


def test_one_group_has_one_holder_whoever_comes_at_once(shelf: Shelf) -> None:
    for turn in range(10):
        people = [Actor(f"U{turn:02}{n:02}", "", "T0HOME") for n in range(THREADS)]
        records = [received(turn * 100 + n, actor=who) for n, who in enumerate(people)]
        for one in records:
            shelf.ledger.receive(one, {})
        last = shelf.ledger.last_sent_at(ID_A)
        found = at_once(
            [partial(shelf.ledger.take, sending(one), {}, last, Force()) for one in records]
        )
        winners = [one for one, answer in zip(records, found, strict=True) if answer is None]
        assert len(winners) == 1
        for answer in found:
            # Whoever does not even get a turn to write has not got the group either.
            if answer is not None and not isinstance(answer, LedgerUnavailable):
                assert isinstance(answer, GroupHeld)
                assert answer.holder == winners[0].request.actor.user_id
        shelf.ledger.advance(ended(replace(sending(winners[0]), sent_at=later(turn))), {})


def test_no_group_blocks_another(shelf: Shelf) -> None:
    records = [received(n) for n in range(THREADS)]
    for one in records:
        shelf.ledger.receive(one, {})
    found = at_once(
        [partial(shelf.ledger.take, sending(one, f"group-{n}"), {}, None, Force())
         for n, one in enumerate(records)]
    )  # fmt: skip
    assert found == [None] * THREADS


@pytest.mark.parametrize("state", [State.SENDING, State.UNKNOWN])
def test_a_change_holds_its_group_until_its_last_word(shelf: Shelf, state: State) -> None:
    first, other = received(1), received(2, actor=SECOND)
    for one in (first, other):
        shelf.ledger.receive(one, {})
    held = sending(first)
    shelf.ledger.advance(held, {})
    if state is State.UNKNOWN:
        held = move(held, State.UNKNOWN)
        shelf.ledger.advance(held, {})
    with pytest.raises(GroupHeld) as refused:
        shelf.ledger.advance(sending(other), {Kind.CARD: START})
    assert refused.value.holder == first.request.actor.user_id
    assert shelf.ledger.get(other.id) == other
    assert shelf.outbox.due(Kind.CARD, later(9)) == ()
    shelf.ledger.advance(ended(held, State.FAILED), {})
    shelf.ledger.advance(sending(other), {})


def test_what_was_sent_since_it_was_asked_stands_in_the_way(shelf: Shelf) -> None:
    first, other = received(1, actor=SECOND), received(2)
    for one in (first, other):
        shelf.ledger.receive(one, {})
    shelf.ledger.take(sending(first), {}, None, Force())
    shelf.ledger.advance(ended(sending(first)), {})
    with pytest.raises(GroupHeld) as refused:
        shelf.ledger.take(sending(other), {Kind.CARD: START}, None, Force())
    assert refused.value.holder == SECOND.user_id
    assert shelf.ledger.get(other.id) == other
    shelf.ledger.take(sending(other), {}, shelf.ledger.last_sent_at(ID_A), Force())


def test_whoever_read_before_another_moved_cannot_overwrite(shelf: Shelf) -> None:
    first = received()
    shelf.ledger.receive(first, {})
    shelf.ledger.advance(sending(first), {})
    stale = move(first, State.REFUSED, ended_at=later(3))
    with pytest.raises(Overtaken):
        shelf.ledger.advance(stale, {Kind.ANSWER: START})
    assert shelf.ledger.get(first.id) == sending(first)
    assert shelf.outbox.due(Kind.ANSWER, later(9)) == ()


def test_one_move_of_many_at_once_wins(shelf: Shelf) -> None:
    first = received()
    shelf.ledger.receive(first, {})
    shelf.ledger.advance(sending(first), {})
    states = sorted(MOVES[State.SENDING]) * 4
    further = {"written": (FIRST, SECOND_WRITE)}
    moves = [
        move(sending(first), state, ended_at=later(n), **further) for n, state in enumerate(states)
    ]
    found = at_once([partial(shelf.ledger.advance, one, {}) for one in moves])
    assert found.count(None) == 1
    assert sum(isinstance(one, Overtaken) for one in found) == len(moves) - 1
    assert shelf.ledger.get(first.id) == moves[found.index(None)]


def test_a_record_that_is_not_there_cannot_move(shelf: Shelf) -> None:
    with pytest.raises(Overtaken):
        shelf.ledger.advance(sending(received()), {})


def test_the_unfinished_ones_oldest_first(shelf: Shelf) -> None:
    records = [received(n, received_at=later(10 - n)) for n in range(5)]
    for one in records:
        shelf.ledger.receive(one, {})
    shelf.ledger.advance(move(records[0], State.REFUSED), {})
    shelf.ledger.advance(sending(records[1], ID_B), {})
    assert [one.id for one in shelf.ledger.unfinished()] == [
        "change-4", "change-3", "change-2", "change-1",
    ]  # fmt: skip


def test_a_preview_is_not_unfinished_work(shelf: Shelf) -> None:
    shelf.ledger.receive(record(State.SHOWN), {})
    assert shelf.ledger.unfinished() == ()


@pytest.mark.parametrize(
    ("state", "counts"),
    [(State.VERIFIED, True), (State.UNVERIFIED, True), (State.UNSETTLED, True),
     (State.HALFWAY, True), (State.FAILED, False), (State.UNKNOWN, False)],
)  # fmt: skip
def test_what_may_have_taken_effect_counts_as_the_last_change(
    shelf: Shelf, state: State, counts: bool
) -> None:
    first = received()
    shelf.ledger.receive(first, {})
    assert shelf.ledger.last_sent_at(ID_A) is None
    shelf.ledger.advance(sending(first), {})
    shelf.ledger.advance(move(sending(first), state), {})
    assert shelf.ledger.last_sent_at(ID_A) == (later(1) if counts else None)
    assert shelf.ledger.last_sent_at(ID_B) is None


def test_the_bell_rings_after_each_commit_that_left_messages(shelf: Shelf) -> None:
    first = received()
    shelf.ledger.receive(first, {})
    assert shelf.rung == 0
    shelf.ledger.advance(sending(first), {Kind.CARD: START})
    assert shelf.rung == 1
    with pytest.raises(Overtaken):
        shelf.ledger.advance(sending(first), {Kind.CARD: START})
    assert shelf.rung == 1


def test_a_commit_is_there_for_others_before_the_call_returns(shelf: Shelf) -> None:
    foreign = Database(shelf.url)

    def seen(query: str) -> list[tuple[object, ...]]:
        with foreign.reading() as connection:
            return [tuple(row) for row in connection.execute(text(query))]

    first = received()
    shelf.ledger.receive(first, {Kind.ANSWER: START})
    assert seen("SELECT id, state FROM changes") == [(first.id, "received")]
    assert seen("SELECT change_id, kind FROM notices") == [(first.id, "answer")]
    shelf.ledger.advance(sending(first), {})
    assert seen("SELECT state, holds FROM changes") == [("sending", ID_A)]
    foreign.close()


def test_a_group_is_remembered_as_it_was_shown(shelf: Shelf) -> None:
    shown = group(name="Ünïcödé \ud800 \x00", failover_time=START)
    mark = shelf.ledger.keep(shown)
    assert mark == fingerprint(shown)
    assert shelf.ledger.keep(shown) == mark
    assert shelf.ledger.seen(mark) == shown
    assert shelf.ledger.seen("0" * 32) is None


def test_what_was_shown_long_ago_is_forgotten_and_what_is_shown_again_is_not(shelf: Shelf) -> None:
    old, again = shelf.ledger.keep(flat()), shelf.ledger.keep(group())
    shelf.now = START + SNAPSHOTS_KEPT
    shelf.ledger.keep(group())
    shelf.ledger.forget_old()
    assert shelf.ledger.seen(old) == flat()
    shelf.now += timedelta(microseconds=1)
    shelf.ledger.forget_old()
    assert shelf.ledger.seen(old) is None
    assert shelf.ledger.seen(again) == group()
