"""Messages go out in order, once each, whatever Slack does with them."""

import threading
from dataclasses import replace
from datetime import datetime

import pytest

from failover.errors import LedgerUnavailable, SlackProblem
from failover.lifecycle import State, move
from failover.notices import Kind
from services.delivery import ANSWER_ATTEMPTS, SEARCH_AFTER, Delivery
from tests.builders import ID_A, ID_B, START, later, record, request
from tests.fakes import FakeClock, FakeLedger, FakeMessenger, FakeOutbox

LOST = SlackProblem("ReadTimeoutError", maybe_done=True)
UNREACHABLE = SlackProblem("unreachable")
LIMITED = SlackProblem("ratelimited", retry_after=30)
BROKEN = SlackProblem("invalid_blocks")


class Post:
    """Deliveries over fakes, with a card and an answer for each change that is told of."""

    def __init__(self, kind: Kind = Kind.CARD) -> None:
        self.clock = FakeClock()
        self.ledger = FakeLedger(self.clock)
        self.slack = FakeMessenger()
        self.kind = kind
        self.restart()

    def restart(self) -> None:
        self.delivery = Delivery(self.kind, FakeOutbox(self.ledger), self.slack, self.clock)

    def tells(
        self, change_id: str, state: State = State.SENDING, *, due: datetime | None = None,
        group: str = ID_A,
    ) -> None:  # fmt: skip
        """A change moves and is to be told of."""
        known = self.ledger.records.get(change_id)
        due = due or self.clock()
        if known is None:
            asked = request(key=change_id)
            first = replace(record(state, request=asked, id=change_id), group_id=group)
            self.ledger.receive(first, {self.kind: due})
        else:
            self.ledger.advance(move(known, state), {self.kind: due})

    def ticks(self, times: int = 1) -> None:
        """As the loop does: tick, and wait as long as it says."""
        for _ in range(times):
            wait = self.delivery.tick()
            if wait is None:
                return
            self.clock.advance(wait)

    def finishes(self) -> None:
        """Until nothing waits."""
        for _ in range(5000):
            if (wait := self.delivery.tick()) is None:
                return
            self.clock.advance(wait)
        raise AssertionError("messages are left")

    @property
    def waiting(self) -> int:
        return sum(row.due_at is not None for row in self.ledger.rows)


def test_nothing_to_tell() -> None:
    post = Post()
    assert post.delivery.tick() is None
    assert post.slack.log == []


def test_messages_go_out_oldest_first() -> None:
    post = Post()
    for name in ("one", "two", "three"):
        post.tells(name)
    assert post.delivery.tick() is None
    assert post.slack.log == ["post one sending", "post two sending", "post three sending"]
    assert post.waiting == 0


def test_what_is_not_due_yet_is_waited_for() -> None:
    post = Post(Kind.ANSWER)
    post.tells("one", due=later(1.5))
    assert post.delivery.tick() == 1.5
    assert post.slack.log == []
    post.clock.advance(1.5)
    assert post.delivery.tick() is None
    assert post.slack.answers == [("one", State.SENDING)]


def test_a_card_is_posted_once_and_then_edited() -> None:
    post = Post()
    post.tells("one")
    post.ticks()
    post.tells("one", State.UNKNOWN)
    post.ticks()
    post.tells("one", State.VERIFIED)
    post.ticks()
    assert post.slack.log == ["post one sending", "edit one unknown", "edit one verified"]
    assert list(post.slack.cards.values()) == [("one", State.VERIFIED)]


def test_what_moves_on_before_it_is_posted_is_told_once_as_it_is() -> None:
    post = Post()
    post.tells("one")
    post.tells("one", State.VERIFIED)
    post.ticks(3)
    assert post.slack.log == ["post one verified"]


def test_what_moves_on_while_it_is_posted_is_edited_afterwards() -> None:
    post = Post()
    post.tells("one")

    def moves_on() -> None:
        post.slack.meanwhile = lambda: None
        post.clock.advance(0.2)
        post.tells("one", State.VERIFIED)

    post.slack.meanwhile = moves_on
    post.ticks(3)
    assert post.slack.log == ["post one sending", "edit one verified"]


def test_retry_after_is_obeyed_by_every_message_of_the_kind() -> None:
    post = Post()
    post.tells("one")
    post.tells("two", group=ID_B)
    post.slack.problems.append(LIMITED)
    assert post.delivery.tick() == 30
    assert post.slack.log == ["post one sending"]
    post.clock.advance(29.9)
    post.tells("three")
    assert post.delivery.tick() == pytest.approx(0.1)
    assert post.slack.log == ["post one sending"]
    post.clock.advance(0.1)
    assert post.delivery.tick() is None
    assert post.slack.log[1:] == [
        "post one sending",
        "post two sending",
        "post three sending",
    ]


def test_the_pauses_grow_to_a_minute() -> None:
    post = Post()
    post.tells("one")
    post.slack.problems.extend([UNREACHABLE] * 10)
    waits = []
    for _ in range(10):
        wait = post.delivery.tick()
        assert wait is not None
        waits.append(wait)
        post.clock.advance(wait)
    assert waits == [0.5, 1, 2, 4, 8, 16, 32, 60, 60, 60]
    post.ticks()
    assert post.slack.cards == {"C0AUDIT/1": ("one", State.SENDING)}


def test_a_lost_answer_is_searched_for_and_edited_instead_of_posted_twice() -> None:
    post = Post()
    post.tells("one")
    post.slack.problems.append(LOST)
    wait = post.delivery.tick()
    assert wait == SEARCH_AFTER.total_seconds()
    post.tells("one", State.VERIFIED)
    post.clock.advance(9.9)
    assert post.delivery.tick() is not None
    assert post.slack.log == ["post one sending"]
    post.clock.advance(0.1)
    assert post.delivery.tick() is None
    assert post.slack.log == ["post one sending", "find one", "edit one verified"]
    assert list(post.slack.cards.values()) == [("one", State.VERIFIED)]


def test_a_lost_answer_to_a_post_that_never_arrived_is_posted_after_the_search() -> None:
    post = Post()
    post.slack.loses = False
    post.tells("one")
    post.slack.problems.append(LOST)
    post.ticks(2)
    assert post.slack.log == ["post one sending", "find one", "post one sending"]
    assert len(post.slack.cards) == 1
    assert post.waiting == 0


def test_while_the_channel_cannot_be_searched_nothing_is_posted_again() -> None:
    post = Post()
    post.tells("one")
    post.slack.problems.extend([LOST, UNREACHABLE, LIMITED, None])
    for _ in range(6):
        post.ticks()
    assert post.slack.log == ["post one sending", *["find one"] * 3, "edit one sending"]
    assert len(post.slack.cards) == 1


def test_a_process_that_died_while_posting_searches_before_it_posts() -> None:
    post = Post()
    post.tells("one")

    def dies() -> None:
        raise KeyboardInterrupt

    post.slack.meanwhile = dies
    with pytest.raises(KeyboardInterrupt):
        post.delivery.tick()
    post.slack.meanwhile = lambda: None
    post.slack.cards["C0AUDIT/1"] = ("one", State.SENDING)
    post.restart()
    wait = post.delivery.tick()
    assert wait is not None
    assert post.slack.log == ["post one sending"]
    post.clock.advance(10)
    post.ticks()
    assert post.slack.log == ["post one sending", "find one", "edit one sending"]
    assert len(post.slack.cards) == 1


def test_a_definite_refusal_is_tried_again_without_a_search() -> None:
    post = Post()
    post.tells("one")
    post.slack.problems.append(UNREACHABLE)
    post.ticks(2)
    assert post.slack.log == ["post one sending", "post one sending"]
    assert post.clock() == later(0.5)


def test_a_deleted_card_is_posted_anew() -> None:
    post = Post()
    post.tells("one")
    post.ticks()
    post.slack.cards.clear()
    post.tells("one", State.VERIFIED)
    post.ticks()
    assert post.slack.log[1:] == ["edit one verified", "post one verified"]
    assert list(post.slack.cards.values()) == [("one", State.VERIFIED)]
    assert post.waiting == 0


def test_a_card_posted_anew_is_not_posted_twice_either() -> None:
    post = Post()
    post.tells("one")
    post.ticks()
    post.slack.cards.clear()
    post.tells("one", State.VERIFIED)
    post.slack.problems.extend([None, LOST])
    wait = post.delivery.tick()
    assert wait == SEARCH_AFTER.total_seconds()
    post.clock.advance(wait)
    post.ticks()
    assert post.slack.log[1:] == [
        "edit one verified",
        "post one verified",
        "find one",
        "edit one verified",
    ]
    assert len(post.slack.cards) == 1


def test_an_edit_that_was_lost_is_simply_made_again() -> None:
    post = Post()
    post.tells("one")
    post.ticks()
    post.tells("one", State.VERIFIED)
    post.slack.problems.append(LOST)
    assert post.delivery.tick() == 0.5
    post.clock.advance(0.5)
    post.ticks()
    assert post.slack.log[1:] == ["edit one verified", "edit one verified"]


def test_cards_of_one_group_keep_their_order() -> None:
    post = Post()
    for name in ("one", "two", "three"):
        post.tells(name)
    post.tells("other", group=ID_B)
    post.slack.problems.extend([UNREACHABLE, None, UNREACHABLE])
    post.finishes()
    posted = [line.split()[1] for line in post.slack.log]
    assert posted == ["one", "other", "one", "one", "two", "three"]
    assert [one for one, _ in post.slack.cards.values()] == ["other", "one", "two", "three"]


def test_two_hundred_changes_during_an_outage_are_told_in_order() -> None:
    post = Post()
    post.slack.problems.extend([UNREACHABLE, LOST, LIMITED] * 20)
    post.slack.loses = False
    for number in range(200):
        post.tells(f"{number % 7} {number:03}", group=f"group {number % 7}")
        post.ticks()
    post.finishes()
    posted = [one for one, _ in post.slack.cards.values()]
    assert len(posted) == len(set(posted)) == 200
    for group in range(7):
        mine = [one for one in posted if one.startswith(f"{group} ")]
        assert mine == sorted(mine)


@pytest.mark.parametrize("problem", [BROKEN, TypeError("cannot draw this")])
def test_a_message_that_can_never_go_holds_up_nobody(problem: Exception) -> None:
    post = Post()
    post.tells("one")
    post.tells("two")
    post.slack.loses = False
    post.slack.problems.append(problem)
    post.ticks()
    assert [one for one, _ in post.slack.cards.values()] == ["two"]
    assert post.waiting == 1


def test_held_back_messages_are_looked_at_without_haste() -> None:
    post = Post()
    post.tells("one")
    post.tells("two")
    post.slack.problems.append(UNREACHABLE)
    assert post.delivery.tick() == pytest.approx(0.25)


def test_a_private_answer_is_given_up() -> None:
    post = Post(Kind.ANSWER)
    post.tells("one")
    post.slack.problems.extend([UNREACHABLE] * ANSWER_ATTEMPTS)
    post.ticks(ANSWER_ATTEMPTS + 5)
    assert len(post.slack.log) == ANSWER_ATTEMPTS
    assert post.slack.answers == []
    assert post.waiting == 0


def test_a_later_outcome_is_answered_although_the_earlier_was_given_up() -> None:
    post = Post(Kind.ANSWER)
    post.tells("one")
    post.slack.problems.extend([UNREACHABLE] * ANSWER_ATTEMPTS)
    post.ticks(ANSWER_ATTEMPTS + 5)
    post.tells("one", State.VERIFIED)
    post.ticks()
    assert post.slack.answers == [("one", State.VERIFIED)]


def test_a_card_is_never_given_up() -> None:
    post = Post()
    post.tells("one")
    post.slack.problems.extend([UNREACHABLE] * 50)
    post.ticks(60)
    assert post.slack.cards == {"C0AUDIT/1": ("one", State.SENDING)}


def test_a_failing_database_is_not_the_messages_fault() -> None:
    post = Post()
    post.tells("one")
    post.ledger.broken = 1
    with pytest.raises(LedgerUnavailable):
        post.delivery.tick()
    assert post.slack.log == []
    post.ticks()
    assert len(post.slack.cards) == 1


def test_each_delivery_sends_its_own_kind() -> None:
    post = Post()
    post.tells("one")
    answers = Delivery(Kind.ANSWER, FakeOutbox(post.ledger), post.slack, post.clock)
    assert answers.tick() is None
    assert post.slack.log == []


def test_one_message_is_never_sent_by_two_threads_at_once() -> None:
    post = Post(Kind.ANSWER)
    post.tells("one")
    post.tells("two")
    inside, release = threading.Event(), threading.Event()

    def hangs() -> None:
        post.slack.meanwhile = lambda: None
        inside.set()
        assert release.wait(20)

    post.slack.meanwhile = hangs
    slow = threading.Thread(target=post.delivery.tick)
    slow.start()
    assert inside.wait(20)
    wait = post.delivery.tick()
    assert wait is not None
    assert post.slack.log == ["answer one sending", "answer two sending"]
    release.set()
    slow.join(20)
    assert sorted(post.slack.answers) == [("one", State.SENDING), ("two", State.SENDING)]
    assert post.delivery.tick() is None
    assert post.clock() == START
