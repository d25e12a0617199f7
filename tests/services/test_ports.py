"""The promises of ledger and outbox, asked of the real database and of the fake that stands in."""

import dataclasses

import pytest

from failover.errors import GroupHeld, Overtaken
from failover.lifecycle import LAST_WORDS, Record, ReplyTo, State, Why, move
from failover.measures import Force
from failover.model import fingerprint
from failover.notices import Kind
from failover.policy import Rule
from failover.writes import Patch
from tests.builders import (
    FAILBACK_ON,
    FLAT,
    ID_A,
    ID_B,
    OPERATOR,
    SECOND,
    START,
    channels,
    flat,
    group,
    later,
    record,
    request,
)
from tests.services.memory import NOW, Memory


def test_a_record_comes_back_as_it_was_stored(memory: Memory) -> None:
    asked = request(
        reason="why, \u201cé\u201d \U0001f3c0",
        override=Rule.FREEZE,
        seen="f" * 32,
        reply=ReplyTo("C1", "https://hooks.slack.com/1", "V1", replaces=True),
        received_at=later(0.123456),
    )
    first = Record("change-1", asked)
    assert memory.ledger.receive(first, {}) == (first, True)
    assert memory.ledger.get("change-1") == first
    sending = move(
        first,
        State.SENDING,
        group_id=ID_A,
        group_name="NBA",
        before=group(channels=channels(2), failover_time=later(-5)),
        base=group(allowed_owners=("u1",)),
        written=(Patch(auto_failback=False),),
        facts={"overridden": ["freeze"]},
        sent_at=later(1),
    )
    memory.ledger.take(sending, {}, None, Force())
    ended = move(sending, State.FAILED, after=flat(), why=Why.NO_EFFECT, ended_at=later(40))
    memory.ledger.advance(ended, {})
    assert memory.ledger.get("change-1") == ended
    assert memory.ledger.get("none") is None


def test_one_key_is_one_change(memory: Memory) -> None:
    first = memory.receives("change-1", key="same", change=FLAT)
    other = Record("change-2", request(key="same", change=FAILBACK_ON))
    assert memory.ledger.receive(other, NOW) == (first, False)
    assert memory.ledger.get("change-2") is None
    assert memory.due() == []


@pytest.mark.parametrize("version", [0, 1, 3])
def test_only_the_next_version_is_stored(memory: Memory, version: int) -> None:
    first = memory.receives("change-1")
    moved = dataclasses.replace(move(first, State.REFUSED), version=version)
    with pytest.raises(Overtaken):
        memory.ledger.advance(moved, NOW)
    with pytest.raises(Overtaken):
        memory.ledger.take(dataclasses.replace(moved, group_id=ID_A), NOW, None, Force())
    assert memory.ledger.get("change-1") == first
    assert memory.due() == []


def test_a_record_that_was_never_received_cannot_be_moved(memory: Memory) -> None:
    with pytest.raises(Overtaken):
        memory.ledger.advance(move(record(), State.REFUSED), NOW)


@pytest.mark.parametrize("unknown", [False, True])
def test_a_group_has_one_holder(memory: Memory, unknown: bool) -> None:
    holder = memory.takes(memory.receives("change-1", actor=SECOND))
    if unknown:
        memory.ledger.advance(move(holder, State.UNKNOWN), {})
    second = memory.receives("change-2")
    with pytest.raises(GroupHeld) as held:
        memory.takes(second)
    assert held.value.holder == SECOND.user_id
    assert memory.ledger.get("change-2") == second
    memory.takes(second, ID_B)


def test_a_group_is_held_through_all_the_writes_of_a_change(memory: Memory) -> None:
    holder = memory.takes(memory.receives("change-1", actor=SECOND))
    second = memory.receives("change-2")
    holder = memory.opens(holder, later(5))
    assert memory.ledger.get("change-1") == holder
    assert memory.ledger.last_sent_at(ID_A) is None
    with pytest.raises(GroupHeld) as held:
        memory.takes(second)
    assert held.value.holder == SECOND.user_id
    memory.ends(holder, State.HALFWAY)
    assert memory.ledger.last_sent_at(ID_A) == later(5)
    memory.takes(second)


@pytest.mark.parametrize("end", sorted(LAST_WORDS))
def test_a_last_word_lets_the_group_go(memory: Memory, end: State) -> None:
    memory.ends(memory.takes(memory.receives("change-1")), end)
    memory.takes(memory.receives("change-2"))


@pytest.mark.parametrize(
    ("end", "counts"),
    [
        (State.VERIFIED, True),
        (State.UNVERIFIED, True),
        (State.UNSETTLED, True),
        (State.HALFWAY, True),
        (State.FAILED, False),
    ],
)
def test_when_a_group_was_last_changed(memory: Memory, end: State, counts: bool) -> None:
    sending = memory.takes(memory.receives("change-1"), sent_at=later(3))
    assert memory.ledger.last_sent_at(ID_A) is None
    memory.ends(sending, end)
    assert memory.ledger.last_sent_at(ID_A) == (later(3) if counts else None)
    assert memory.ledger.last_sent_at(ID_B) is None


def test_the_latest_change_counts(memory: Memory) -> None:
    for number, seconds in enumerate((3, 9, 6)):
        sending = memory.takes(memory.receives(f"change-{number}"), sent_at=later(seconds))
        memory.ends(sending)
    assert memory.ledger.last_sent_at(ID_A) == later(9)


def test_a_change_that_came_and_went_since_the_look_is_named(memory: Memory) -> None:
    slow = memory.receives("change-1")
    quick = memory.receives("change-2", actor=SECOND)
    seen = memory.ledger.last_sent_at(ID_A)
    memory.ends(memory.takes(quick))
    sending = move(slow, State.SENDING, group_id=ID_A, before=flat(), sent_at=later(9))
    with pytest.raises(GroupHeld) as held:
        memory.ledger.take(sending, NOW, seen, Force())
    assert held.value.holder == SECOND.user_id
    assert memory.ledger.get("change-1") == slow
    assert [one.change_id for one in memory.due()] == ["change-2"]
    memory.ledger.take(sending, NOW, memory.ledger.last_sent_at(ID_A), Force())


def test_a_failed_change_in_between_is_none(memory: Memory) -> None:
    slow = memory.receives("change-1")
    seen = memory.ledger.last_sent_at(ID_A)
    memory.ends(memory.takes(memory.receives("change-2")), State.FAILED)
    sending = move(slow, State.SENDING, group_id=ID_A, before=flat(), sent_at=later(9))
    memory.ledger.take(sending, {}, seen, Force())


def test_unfinished_changes_oldest_first(memory: Memory) -> None:
    memory.receives("young", received_at=later(9))
    memory.takes(memory.receives("old", received_at=later(1)))
    memory.ends(memory.takes(memory.receives("ended", received_at=START), ID_B))
    memory.ledger.receive(Record("shown", request(key="shown"), state=State.SHOWN), {})
    assert [one.id for one in memory.ledger.unfinished()] == ["old", "young"]


def test_a_group_is_remembered_as_it_was_shown(memory: Memory) -> None:
    shown = group(name="<!channel> \U0001f3c0", channels=channels(1))
    mark = memory.ledger.keep(shown)
    assert mark == fingerprint(shown) == memory.ledger.keep(shown)
    assert memory.ledger.seen(mark) == shown
    assert memory.ledger.seen("0" * 32) is None


def test_messages_are_stored_with_the_state_they_tell(memory: Memory) -> None:
    first = Record("change-1", request())
    memory.ledger.receive(first, {Kind.ANSWER: later(1.5)})
    assert memory.due(Kind.ANSWER, later(1)) == []
    assert memory.outbox.next_due(Kind.ANSWER) == later(1.5)
    assert memory.outbox.next_due(Kind.CARD) is None
    ((notice, told),) = memory.outbox.due(Kind.ANSWER, later(1.5))
    assert told == first
    assert (notice.change_id, notice.kind, notice.due_at) == (
        "change-1",
        Kind.ANSWER,
        later(1.5),
    )
    assert (notice.attempts, notice.posting_since, notice.address) == (0, None, None)


def test_a_message_that_falls_due_anew_is_the_same_message(memory: Memory) -> None:
    memory.ends(memory.takes(memory.receives("change-1")))
    (first,) = memory.due()
    memory.outbox.delivered(first, "C1/1")
    assert memory.due(now=later(999)) == []
    assert memory.outbox.next_due(Kind.CARD) is None
    other = memory.receives("change-2")
    memory.ledger.advance(move(other, State.REFUSED), {Kind.CARD: later(2)})
    assert [one.change_id for one in memory.due(now=later(2))] == ["change-2"]


def test_what_falls_due_while_it_is_sent_stays_due(memory: Memory) -> None:
    sending = memory.receives("change-1")
    sending = move(sending, State.SENDING, group_id=ID_A, before=flat(), sent_at=START)
    memory.ledger.take(sending, {Kind.CARD: START}, None, Force())
    (posted,) = memory.due()
    memory.ledger.advance(move(sending, State.VERIFIED), {Kind.CARD: later(1)})
    memory.outbox.delivered(posted, "C1/1")
    (again,) = memory.due(now=later(1))
    assert (again.id, again.address, again.due_at) == (posted.id, "C1/1", later(1))


def test_a_post_that_may_have_gone_out_is_noted_until_it_is_known(memory: Memory) -> None:
    memory.ends(memory.takes(memory.receives("change-1")))
    (notice,) = memory.due()
    memory.outbox.posting(notice, later(1))
    (notice,) = memory.due()
    assert notice.posting_since == later(1)
    memory.outbox.postpone(notice, later(5), posted=True, holds_up=True)
    assert memory.due(now=later(4)) == []
    (notice,) = memory.due(now=later(5))
    assert (notice.posting_since, notice.attempts) == (later(1), 1)
    memory.outbox.postpone(notice, later(6), posted=False, holds_up=True)
    (notice,) = memory.due(now=later(6))
    assert (notice.posting_since, notice.attempts) == (None, 2)
    memory.outbox.posting(notice, later(7))
    memory.outbox.delivered(notice, "C1/1")
    assert memory.due(now=later(99)) == []


def test_messages_come_in_the_order_of_their_changes_fifty_at_most(memory: Memory) -> None:
    for number in range(60):
        first = Record(f"change-{number:02}", request(key=str(number), actor=OPERATOR))
        memory.ledger.receive(first, {Kind.CARD: later(-number)})
    found = [one.change_id for one in memory.due()]
    assert found == [f"change-{number:02}" for number in range(50)]
