"""The promises about locks and the pause, asked of the real database and of the fake."""

from typing import Any

import pytest

from failover.errors import Forestalled, GroupHeld, Overtaken
from failover.lifecycle import Record, State, move
from failover.measures import Force, InForce, Lock, Pause, Resume, Unlock
from failover.notices import Kind
from tests.builders import ADMIN, ID_A, ID_B, OPERATOR, SECOND, START, flat, later
from tests.services.memory import NOW, Memory

CHANGES = {"lock": Lock(60), "unlock": Unlock(), "pause": Pause(), "resume": Resume()}


def done(memory: Memory, change_id: str, what: str, **given: Any) -> Record:
    """A measure that was received, as it is about to be put in force."""
    group_id, until = given.pop("group_id", ID_A), given.pop("until", None)
    first = memory.receives(change_id, change=CHANGES[what], **given)
    facts = {} if until is None else {"until": until.isoformat()}
    about = None if what in ("pause", "resume") else group_id
    return move(first, State.DONE, group_id=about, group_name="G", facts=facts, ended_at=START)


def enacts(
    memory: Memory, change_id: str, what: str, known: str | None = None, **given: Any
) -> Record:
    """A measure is put in force; what it takes the place of is ``known``."""
    one = done(memory, change_id, what, **given)
    memory.forces.enact(one, NOW, known)
    return one


def test_nothing_is_in_force_at_first(memory: Memory) -> None:
    assert memory.forces.in_force(ID_A) == memory.forces.in_force(None) == Force()
    assert memory.forces.locks() == ()


@pytest.mark.parametrize("until", [None, later(60), later(0.000001)])
@pytest.mark.parametrize("reason", [None, "“quoted” \U0001f512"])
def test_a_lock_comes_back_as_it_was_stored(memory: Memory, until: Any, reason: Any) -> None:
    enacts(memory, "change-1", "lock", reason=reason, until=until)
    lock = InForce("change-1", OPERATOR.user_id, reason, until)
    assert memory.forces.in_force(ID_A) == Force(lock)
    assert memory.forces.in_force(ID_B) == memory.forces.in_force(None) == Force()
    assert memory.forces.locks() == ((ID_A, lock),)


def test_a_pause_is_seen_from_every_group(memory: Memory) -> None:
    enacts(memory, "change-1", "pause", actor=ADMIN, reason="fire")
    pause = InForce("change-1", ADMIN.user_id, "fire", None)
    assert memory.forces.in_force(None) == memory.forces.in_force(ID_A) == Force(None, pause)
    assert memory.forces.locks() == ()


def test_what_is_put_in_force_is_stored_with_its_record_and_its_messages(memory: Memory) -> None:
    one = enacts(memory, "change-1", "lock")
    assert memory.ledger.get("change-1") == one
    assert [notice.change_id for notice in memory.due()] == ["change-1"]
    assert memory.ledger.unfinished() == ()


def test_one_takes_the_place_of_the_other(memory: Memory) -> None:
    enacts(memory, "change-1", "lock", until=later(60))
    enacts(memory, "change-2", "lock", known="change-1", actor=SECOND)
    lock = memory.forces.in_force(ID_A).lock
    assert lock == InForce("change-2", SECOND.user_id, None, None)
    assert len(memory.forces.locks()) == 1


def test_locks_of_groups_and_the_pause_are_each_their_own(memory: Memory) -> None:
    enacts(memory, "change-1", "lock")
    enacts(memory, "change-2", "lock", group_id=ID_B)
    enacts(memory, "change-3", "pause")
    enacts(memory, "change-4", "unlock", known="change-1")
    assert [key for key, _ in memory.forces.locks()] == [ID_B]
    enacts(memory, "change-5", "resume", known="change-3")
    assert memory.forces.in_force(ID_B).pause is None
    assert memory.forces.in_force(ID_B).lock is not None


def test_an_ended_lock_is_there_until_something_takes_its_place(memory: Memory) -> None:
    enacts(memory, "change-1", "lock", until=later(-60))
    assert memory.forces.in_force(ID_A).lock is not None
    enacts(memory, "change-2", "lock", known="change-1")
    lock = memory.forces.in_force(ID_A).lock
    assert lock is not None
    assert lock.id == "change-2"


@pytest.mark.parametrize("known", [None, "change-0"])
@pytest.mark.parametrize("what", ["lock", "unlock"])
def test_what_is_not_as_it_was_known_is_not_replaced(
    memory: Memory, known: str | None, what: str
) -> None:
    enacts(memory, "change-1", "lock", actor=SECOND)
    first = memory.receives("change-2", change=CHANGES[what])
    with pytest.raises(GroupHeld) as held:
        memory.forces.enact(move(first, State.DONE, group_id=ID_A), NOW, known)
    assert held.value.holder == SECOND.user_id
    assert memory.ledger.get("change-2") == first
    assert [one.change_id for one in memory.due()] == ["change-1"]
    lock = memory.forces.in_force(ID_A).lock
    assert lock is not None
    assert lock.id == "change-1"


@pytest.mark.parametrize("what", ["unlock", "resume"])
def test_what_is_gone_since_is_not_taken_away_again(memory: Memory, what: str) -> None:
    with pytest.raises(GroupHeld) as held:
        enacts(memory, "change-1", what, known="change-0")
    assert held.value.holder is None


def test_what_somebody_else_moved_on_puts_nothing_in_force(memory: Memory) -> None:
    one = done(memory, "change-1", "lock")
    memory.ledger.advance(move(memory.ledger.get("change-1"), State.REFUSED), {})  # type: ignore[arg-type]
    for known in (None, "change-0"):
        with pytest.raises(Overtaken):
            memory.forces.enact(one, NOW, known)
    assert memory.forces.in_force(ID_A) == Force()
    assert memory.due() == []


# -- what they keep from being sent


def sending(memory: Memory, change_id: str, group_id: str = ID_A) -> Record:
    first = memory.receives(change_id)
    return move(first, State.SENDING, group_id=group_id, before=flat(), sent_at=START)


@pytest.mark.parametrize("what", ["lock", "pause"])
def test_a_group_is_not_taken_past_what_came_in_force_since_the_look(
    memory: Memory, what: str
) -> None:
    seen = memory.forces.in_force(ID_A)
    enacts(memory, "change-1", what)
    one = sending(memory, "change-2")
    with pytest.raises(Forestalled):
        memory.ledger.take(one, {Kind.CARD: START}, None, seen)
    stored = memory.ledger.get("change-2")
    assert stored is not None
    assert stored.state is State.RECEIVED
    assert [notice.change_id for notice in memory.due()] == ["change-1"]
    memory.ledger.take(one, {}, None, memory.forces.in_force(ID_A))
    assert memory.ledger.get("change-2") == one


@pytest.mark.parametrize("what", ["lock", "pause"])
def test_another_of_the_kind_is_not_the_one_that_was_looked_at(memory: Memory, what: str) -> None:
    enacts(memory, "change-1", what)
    seen = memory.forces.in_force(ID_A)
    enacts(memory, "change-2", what, known="change-1")
    with pytest.raises(Forestalled):
        memory.ledger.take(sending(memory, "change-3"), {}, None, seen)


@pytest.mark.parametrize(("what", "back"), [("lock", "unlock"), ("pause", "resume")])
def test_what_was_taken_away_since_the_look_stops_nothing(
    memory: Memory, what: str, back: str
) -> None:
    enacts(memory, "change-1", what)
    seen = memory.forces.in_force(ID_A)
    enacts(memory, "change-2", back, known="change-1")
    memory.ledger.take(sending(memory, "change-3"), {}, None, seen)


def test_a_lock_stops_nothing_of_other_groups(memory: Memory) -> None:
    enacts(memory, "change-1", "lock", group_id=ID_B)
    memory.ledger.take(sending(memory, "change-2"), {}, None, Force())


def test_that_the_group_is_held_or_the_record_moved_on_is_said_first(memory: Memory) -> None:
    memory.takes(memory.receives("change-1", actor=SECOND))
    enacts(memory, "change-2", "pause")
    with pytest.raises(GroupHeld):
        memory.ledger.take(sending(memory, "change-3"), {}, None, Force())
    one = sending(memory, "change-4", ID_B)
    memory.ledger.advance(move(memory.ledger.get("change-4"), State.REFUSED), {})  # type: ignore[arg-type]
    with pytest.raises(Overtaken):
        memory.ledger.take(one, {}, None, Force())


# -- a message falls due again although nothing moved


def test_a_reminder_lets_the_same_message_fall_due_again(memory: Memory) -> None:
    first = memory.receives("change-1")
    memory.ledger.advance(move(first, State.AWAITING), NOW)
    (card,) = memory.due()
    memory.outbox.delivered(card, "C1/1")
    assert memory.due(now=later(99)) == []
    memory.ledger.remind("change-1", {Kind.CARD: later(60)})
    assert memory.due(now=later(59)) == []
    (again,) = memory.due(now=later(60))
    assert (again.id, again.address, again.attempts) == (card.id, "C1/1", 0)
    stored = memory.ledger.get("change-1")
    assert stored is not None
    assert stored.version == 2
    assert len(memory.due(Kind.ANSWER)) == 1


def test_a_reminder_of_what_is_being_sent_is_not_lost(memory: Memory) -> None:
    memory.ledger.advance(move(memory.receives("change-1"), State.AWAITING), NOW)
    (card,) = memory.due()
    memory.ledger.remind("change-1", {Kind.CARD: START})
    memory.outbox.delivered(card, "C1/1")
    (again,) = memory.due(now=later(1))
    assert again.address == "C1/1"


def test_a_reminder_before_the_first_post_makes_no_second_message(memory: Memory) -> None:
    memory.ledger.advance(move(memory.receives("change-1"), State.AWAITING), NOW)
    memory.ledger.remind("change-1", {Kind.CARD: later(1)})
    assert len(memory.due(now=later(1))) == 1


def test_approvals_come_back_as_they_were_stored(memory: Memory) -> None:
    first = memory.receives("change-1")
    facts = {"need": 2, "expires_at": later(900).isoformat(), "lessened": ["to_flat"]}
    waiting = move(first, State.AWAITING, group_id=ID_A, before=flat(), facts=facts)
    memory.ledger.advance(waiting, {})
    once = move(waiting, State.AWAITING, approvals=((SECOND.user_id, later(0.5)),))
    memory.ledger.advance(once, {})
    twice = move(once, State.APPROVED, approvals=(*once.approvals, (ADMIN.user_id, later(2))))
    memory.ledger.advance(twice, {})
    assert memory.ledger.get("change-1") == twice
    assert memory.ledger.unfinished() == (twice,)
    with pytest.raises(Overtaken):
        memory.ledger.advance(move(waiting, State.REFUSED), NOW)


@pytest.mark.parametrize("posted", [True, False])
def test_a_reminder_leaves_what_was_postponed_as_it_is(memory: Memory, posted: bool) -> None:
    memory.ledger.advance(move(memory.receives("change-1"), State.AWAITING), NOW)
    if posted:
        (card,) = memory.due()
        memory.outbox.delivered(card, "C1/1")
        memory.ledger.remind("change-1", {Kind.CARD: START})
    (card,) = memory.due()
    memory.outbox.postpone(card, later(60), posted=False, holds_up=False)
    memory.ledger.remind("change-1", {Kind.CARD: later(1)})
    assert memory.due(now=later(59)) == []
    (again,) = memory.due(now=later(60))
    assert again.attempts == 1
