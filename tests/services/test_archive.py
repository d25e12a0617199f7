"""The promises of the archive, asked of the real database and of the fake that stands in."""

import pytest

from failover.lifecycle import Record, State, move
from failover.policy import Rule
from tests.builders import ID_A, ID_B, OPERATOR, SECOND, later, request
from tests.services.memory import Memory

EFFECTIVE = [State.VERIFIED, State.UNVERIFIED, State.UNSETTLED, State.HALFWAY]


def ids(records: tuple[Record, ...]) -> list[str]:
    return [one.id for one in records]


def test_the_newest_that_were_taken_on_newest_first(memory: Memory) -> None:
    for number, state in enumerate([*EFFECTIVE, State.FAILED]):
        memory.makes(f"change-{number}", state, 10.0 * number)
    memory.takes(memory.receives("under way", received_at=later(99)))
    assert ids(memory.archive.history(None, 9)) == [
        "under way", "change-4", "change-3", "change-2", "change-1", "change-0",
    ]  # fmt: skip
    assert ids(memory.archive.history(None, 2)) == ["under way", "change-4"]
    assert memory.archive.history(None, 0) == ()


def test_what_came_to_no_write_is_no_history(memory: Memory) -> None:
    memory.receives("waiting")
    for name, state in [("refused", State.REFUSED), ("so already", State.UNCHANGED)]:
        memory.ledger.advance(move(memory.receives(name), state), {})
    memory.ledger.receive(Record("shown", request(key="shown"), state=State.SHOWN), {})
    assert memory.archive.history(None, 9) == ()


def test_what_was_taken_on_and_failed_before_it_was_sent_is_history(memory: Memory) -> None:
    failed = memory.ends(memory.receives("change-1"), State.FAILED)
    assert memory.archive.history(None, 9) == (failed,)
    assert memory.archive.history(ID_A, 9) == ()


def test_the_history_of_one_group(memory: Memory) -> None:
    memory.makes("a1", State.VERIFIED, 1)
    memory.makes("b1", State.VERIFIED, 2, group=ID_B)
    memory.makes("a2", State.HALFWAY, 3)
    assert ids(memory.archive.history(ID_A, 9)) == ["a2", "a1"]
    assert ids(memory.archive.history(ID_A, 1)) == ["a2"]
    assert memory.archive.history("c" * 32, 9) == ()


@pytest.mark.parametrize("state", EFFECTIVE)
def test_the_last_that_may_have_taken_effect(memory: Memory, state: State) -> None:
    memory.makes("earlier", State.VERIFIED, 0)
    last = memory.makes("last", state, 20, reason="why", override=Rule.FREEZE)
    memory.makes("failed", State.FAILED, 40)
    memory.takes(memory.receives("under way", received_at=later(60)), sent_at=later(61))
    assert memory.archive.last_of_group(ID_A) == last
    assert memory.archive.last_of_person(OPERATOR.user_id) == last


def test_the_last_is_the_one_that_was_sent_last(memory: Memory) -> None:
    slow = memory.receives("slow", received_at=later(0))
    memory.makes("quick", State.VERIFIED, 5)
    slow = memory.ends(memory.takes(slow, sent_at=later(30)))
    assert memory.archive.last_of_group(ID_A) == slow
    assert memory.archive.last_of_person(OPERATOR.user_id) == slow


def test_the_last_write_of_a_change_counts(memory: Memory) -> None:
    two = memory.takes(memory.receives("two writes"), sent_at=later(1))
    memory.makes("meanwhile", State.VERIFIED, 5, group=ID_B)
    two = memory.ends(memory.opens(two, later(9)), State.HALFWAY)
    assert memory.archive.last_of_person(OPERATOR.user_id) == two


def test_each_group_and_each_person_has_its_own_last(memory: Memory) -> None:
    mine = memory.makes("mine", State.VERIFIED, 0, group=ID_B)
    theirs = memory.makes("theirs", State.VERIFIED, 20, actor=SECOND)
    assert memory.archive.last_of_group(ID_A) == theirs
    assert memory.archive.last_of_group(ID_B) == mine
    assert memory.archive.last_of_person(OPERATOR.user_id) == mine
    assert memory.archive.last_of_person(SECOND.user_id) == theirs


def test_there_is_none(memory: Memory) -> None:
    memory.makes("failed", State.FAILED, 0)
    assert memory.archive.last_of_group(ID_A) is None
    assert memory.archive.last_of_person(OPERATOR.user_id) is None


def test_locks_and_requests_that_wait_are_history(memory: Memory) -> None:
    for name, state in [("locked", State.DONE), ("asked", State.AWAITING)]:
        memory.ledger.advance(move(memory.receives(name), state), {})
    assert set(ids(memory.archive.history(None, 9))) == {"locked", "asked"}
