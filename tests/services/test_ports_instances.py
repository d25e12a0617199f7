"""What several instances are promised by the database that they share."""

from dataclasses import replace
from datetime import timedelta

import pytest

from failover.errors import Overtaken
from failover.lifecycle import Record, State, move
from failover.notices import OVERDUE_AFTER, Backlog, Kind, Notice
from failover.sets import GroupSet, Member, SetState
from tests.builders import FLAT, ID_A, OPERATOR, START, later, request
from tests.services.memory import Memory

CARD = {Kind.CARD: START}


def names(memory: Memory) -> list[str]:
    return [one.id for one in memory.ledger.unfinished()]


def due(memory: Memory, now: float = 0) -> list[Notice]:
    """What may go, not claimed."""
    return [notice for notice, _ in memory.outbox.due(Kind.CARD, later(now))]


def posts(memory: Memory, change_id: str) -> Record:
    """A change that was sent, with a card that is due."""
    sending = memory.takes(memory.receives(change_id))
    return memory.ends(sending)


def taken(memory: Memory) -> GroupSet:
    asked = request(key="shown:set-1", group="sports-*", change=FLAT)
    shown = GroupSet("set-1", asked, (Member(ID_A, "A", FLAT),))
    one = shown.taken(OPERATOR, asked.reply, go_on=False)
    assert memory.sets.take(one, [Record("member", one.asks(one.members[0], START))])[1]
    return one


def test_each_instance_sees_to_what_it_stored_last(memory: Memory) -> None:
    other = memory.beside()
    mine, theirs = memory.receives("mine"), other.receives("theirs")
    assert (names(memory), names(other)) == ([mine.id], [theirs.id])
    assert memory.ledger.take_over() == other.ledger.take_over() == 0
    waiting = move(mine, State.AWAITING, facts={"expires_at": later(9).isoformat()})
    memory.ledger.advance(waiting, {})
    approved = move(waiting, State.APPROVED, approvals=(("U2", START),))
    other.ledger.advance(approved, {})
    assert (names(memory), set(names(other))) == ([], {theirs.id, mine.id})


@pytest.mark.parametrize("state", [State.RECEIVED, State.AWAITING, State.SENDING])
def test_what_a_dead_instance_held_one_survivor_takes_over(memory: Memory, state: State) -> None:
    was = memory.receives("change-1")
    if state is State.AWAITING:
        was = move(was, state, facts={"expires_at": later(9).isoformat()})
        memory.ledger.advance(was, {})
    if state is State.SENDING:
        was = memory.takes(was)
    one, two = memory.beside(), memory.beside()
    memory.dies()
    assert [one.ledger.take_over(), two.ledger.take_over()] == [1, 0]
    assert one.ledger.unfinished() == (replace(was, version=was.version + 1),)
    assert two.ledger.unfinished() == ()


def test_whoever_was_taken_for_dead_changes_nothing_any_more(memory: Memory) -> None:
    was = memory.takes(memory.receives("change-1"))
    other = memory.beside()
    memory.dies()
    other.ledger.take_over()
    with pytest.raises(Overtaken):
        memory.ledger.advance(move(was, State.VERIFIED), {})
    (held,) = other.ledger.unfinished()
    assert held.state is State.SENDING
    other.ends(held)


def test_what_has_ended_is_nobodys(memory: Memory) -> None:
    posts(memory, "change-1")
    other = memory.beside()
    memory.dies()
    assert other.ledger.take_over() == 0


def test_a_message_is_claimed_by_one(memory: Memory) -> None:
    posts(memory, "change-1")
    other = memory.beside()
    (notice,) = due(memory)
    (seen,) = due(other)
    assert notice == seen
    assert memory.outbox.claim(notice, START)
    assert not other.outbox.claim(seen, START)
    assert (due(other), other.outbox.next_due(Kind.CARD)) == ([], None)
    assert memory.outbox.next_due(Kind.CARD) == START
    memory.outbox.delivered(notice, "C1/1")
    assert (due(memory), due(other)) == ([], [])


def test_a_message_that_moved_since_it_was_read_is_not_claimed(memory: Memory) -> None:
    posts(memory, "change-1")
    (notice,) = due(memory)
    memory.ledger.remind("change-1", {Kind.CARD: later(1)})
    assert not memory.outbox.claim(notice, START)


def test_what_a_dead_instance_was_sending_may_have_been_posted(memory: Memory) -> None:
    posts(memory, "change-1")
    other = memory.beside()
    (notice,) = due(memory)
    memory.outbox.claim(notice, later(1))
    memory.dies()
    (left,) = due(other, 2)
    assert left.posting_since == later(1)
    assert other.outbox.claim(left, later(11))
    memory.outbox.delivered(notice, "C1/late")
    memory.outbox.postpone(notice, later(99), posted=False, holds_up=False)
    other.outbox.delivered(left, "C1/1")
    other.ledger.remind("change-1", {Kind.CARD: later(20)})
    (again,) = due(other, 20)
    assert (again.address, again.attempts) == ("C1/1", 0)


def test_a_private_answer_is_never_looked_for(memory: Memory) -> None:
    posts(memory, "change-1")
    (notice,) = memory.due(Kind.ANSWER)
    (again,) = memory.due(Kind.ANSWER)
    assert (notice.posting_since, again.posting_since) == (None, None)


def test_the_cards_of_a_group_are_posted_in_their_order_whoever_posts_them(memory: Memory) -> None:
    other = memory.beside()
    posts(memory, "change-1")
    posts(other, "change-2")
    other.ends(other.takes(other.receives("change-3"), "another-group"))
    first, third = due(memory)
    assert [first.change_id, third.change_id] == ["change-1", "change-3"]
    memory.outbox.claim(first, START)
    assert [one.change_id for one in due(other)] == ["change-3"]
    memory.outbox.postpone(first, later(60), posted=False, holds_up=True)
    assert [one.change_id for one in due(other, 30)] == ["change-3"]
    (again, _) = due(memory, 60)
    memory.outbox.claim(again, later(60))
    memory.outbox.delivered(again, "C1/1")
    assert [one.change_id for one in due(other, 61)] == ["change-2", "change-3"]


def test_a_card_that_is_at_fault_itself_holds_up_no_other(memory: Memory) -> None:
    posts(memory, "change-1")
    posts(memory, "change-2")
    (first,) = due(memory)
    memory.outbox.claim(first, START)
    memory.outbox.postpone(first, later(60), posted=False, holds_up=False)
    assert [one.change_id for one in due(memory, 1)] == ["change-2"]


def test_a_posted_card_waits_for_nobody(memory: Memory) -> None:
    sending = memory.takes(memory.receives("change-1"))
    memory.ledger.remind("change-1", CARD)
    (first,) = memory.due()
    memory.outbox.delivered(first, "C1/1")
    memory.ends(sending)
    posts(memory, "change-2")
    assert [one.change_id for one in due(memory)] == ["change-1", "change-2"]


def test_what_waits_and_since_when(memory: Memory) -> None:
    now = START + OVERDUE_AFTER
    assert memory.outbox.backlog(now) == Backlog(0, None, 0)
    posts(memory, "change-1")
    memory.ends(memory.takes(memory.receives("change-2"), "another-group"))
    assert memory.outbox.backlog(START) == Backlog(4, START, 0)
    late = now + timedelta(seconds=1)
    (first, _) = memory.due()
    memory.outbox.postpone(first, later(60), posted=False, holds_up=True)
    assert memory.outbox.backlog(late) == Backlog(4, START, 4)
    memory.ledger.remind("change-1", {Kind.CARD: later(70)})
    assert memory.outbox.backlog(late) == Backlog(4, START, 4), "it is wanted since it first was"
    for kind in Kind:
        for notice in memory.due(kind, later(99)):
            memory.outbox.delivered(notice, None)
    assert memory.outbox.backlog(late) == Backlog(0, None, 0)
    memory.ledger.remind("change-1", {Kind.CARD: later(80)})
    assert memory.outbox.backlog(late) == Backlog(1, later(80), 0)


def test_what_is_overdue_may_be_put_off_for_longer(memory: Memory) -> None:
    posts(memory, "change-1")
    now = START + OVERDUE_AFTER + timedelta(hours=1)
    (notice,) = memory.due(now=now)
    memory.outbox.postpone(notice, now + timedelta(minutes=15), posted=False, holds_up=False)
    assert memory.due(now=now) == []
    assert memory.due(now=now - timedelta(minutes=30)) != [], "the clock was set back"
    assert len(memory.due(now=now + timedelta(minutes=15))) == 1


def test_a_set_and_its_members_are_taken_over_together(memory: Memory) -> None:
    one = taken(memory)
    survivor, other = memory.beside(), memory.beside()
    assert (memory.sets.open(), survivor.sets.open()) == ((one,), ())
    memory.dies()
    assert survivor.ledger.take_over() == 0, "its set has to begin it, or to give it up"
    assert (survivor.sets.open(), other.sets.open()) == ((one,), ())
    with pytest.raises(Overtaken):
        memory.sets.move(one, SetState.ENDED)
    survivor.sets.move(one, SetState.TOLD)
    assert survivor.sets.open() == ()


def test_a_member_under_way_is_taken_over_by_itself(memory: Memory) -> None:
    one = taken(memory)
    memory.takes(memory.sets.records(one)[0])
    survivor = memory.beside()
    memory.dies()
    assert survivor.ledger.take_over() == 1
    assert [record.version for record in survivor.sets.records(one)] == [3]


def test_one_that_is_alive_knows_it(memory: Memory) -> None:
    assert memory.ledger.term() is not None
    assert memory.outbox.term() == memory.ledger.term()


def test_only_whoever_has_claimed_a_card_may_post_it(memory: Memory) -> None:
    posts(memory, "change-1")
    other = memory.beside()
    (notice,) = due(memory)
    assert not memory.outbox.mine(notice)
    memory.outbox.claim(notice, START)
    assert (due(memory)[0].mine, memory.outbox.mine(notice)) == (True, True)
    memory.dies()
    (left,) = due(other)
    assert not left.mine
    other.outbox.claim(left, later(2))
    assert not memory.outbox.mine(notice)


def test_the_term_goes_on_while_it_is_alive(memory: Memory) -> None:
    assert memory.ledger.term() == memory.outbox.term() == 1
