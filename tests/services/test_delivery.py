"""Messages go out in order, once each."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from failover.errors import LedgerUnavailable, SlackProblem
from failover.lifecycle import State
from failover.notices import Kind
from services.delivery import ANSWER_BESIDE_CARD_FOR, ANSWER_FOR, ORDER_ATTEMPTS, Delivery
from tests.builders import ID_B, START, later
from tests.fakes import FakeOutbox, FakeWork
from tests.services.post import BROKEN, LIMITED, LOST, UNREACHABLE, Post


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


@pytest.mark.parametrize(
    "problem",
    [
        BROKEN,
        SlackProblem("invalid_arguments"),
        SlackProblem("invalid_blocks_format"),
        SlackProblem("a_word_that_is_new"),
        TypeError("cannot draw this"),
    ],
)
def test_a_message_that_can_never_go_holds_up_nobody(problem: Exception) -> None:
    post = Post()
    post.tells("one")
    post.tells("two")
    post.slack.loses = False
    post.slack.problems.append(problem)
    post.ticks()
    assert [one for one, _ in post.slack.cards.values()] == ["two"]
    assert post.waiting == 1


@pytest.mark.parametrize("word", ["channel_not_found", "is_archived", "invalid_auth"])
def test_what_no_card_would_get_past_keeps_the_order(word: str) -> None:
    post = Post()
    post.tells("one")
    post.tells("two")
    post.slack.problems.extend([SlackProblem(word)] * (ORDER_ATTEMPTS - 1))
    post.finishes()
    assert post.slack.log == ["post one sending"] * ORDER_ATTEMPTS + ["post two sending"]


def test_a_card_that_stays_untaken_does_not_hold_up_the_later_ones_for_ever() -> None:
    post = Post()
    post.tells("one")
    post.tells("two")
    post.slack.problems.extend([SlackProblem("channel_not_found")] * ORDER_ATTEMPTS)
    for _ in range(ORDER_ATTEMPTS):
        assert not post.slack.cards
        post.asks_again()
    assert [one for one, _ in post.slack.cards.values()] == ["two"]


def test_held_back_messages_are_looked_at_without_haste() -> None:
    post = Post()
    post.tells("one")
    post.tells("two")
    post.slack.problems.append(UNREACHABLE)
    assert post.delivery.tick() == pytest.approx(0.25)


@pytest.mark.parametrize(
    ("state", "limit"),
    [
        (State.RECEIVED, ANSWER_FOR),
        (State.REFUSED, ANSWER_FOR),
        (State.UNCHANGED, ANSWER_FOR),
        (State.SENDING, ANSWER_BESIDE_CARD_FOR),
        (State.VERIFIED, ANSWER_BESIDE_CARD_FOR),
    ],
)
def test_a_private_answer_is_tried_longer_where_no_card_tells_of_the_change(
    state: State, limit: timedelta
) -> None:
    post = Post(Kind.ANSWER)
    post.tells("one", state)
    post.slack.problems.extend([UNREACHABLE] * 2000)
    while post.clock() < START + limit:
        assert post.waiting == 1
        assert post.asks_again() <= 60
    assert post.clock() <= START + limit + timedelta(minutes=1)
    assert post.waiting == 0
    assert post.slack.answers == []


def test_a_refusal_is_told_when_slack_is_back_after_hours() -> None:
    post = Post(Kind.ANSWER)
    post.tells("one", State.REFUSED)
    post.slack.problems.extend([UNREACHABLE] * 200)
    post.finishes()
    assert post.slack.answers == [("one", State.REFUSED)]


def test_the_last_word_of_a_long_change_is_tried_for_its_own_time() -> None:
    post = Post(Kind.ANSWER)
    post.tells("one")
    post.ticks()
    post.clock.advance(7200)
    post.tells("one", State.VERIFIED)
    known = post.ledger.records["one"]
    post.ledger.records["one"] = replace(known, ended_at=post.clock())
    post.slack.problems.append(UNREACHABLE)
    post.finishes()
    assert post.slack.answers == [("one", State.SENDING), ("one", State.VERIFIED)]


def test_a_later_outcome_is_answered_although_the_earlier_was_given_up() -> None:
    post = Post(Kind.ANSWER)
    post.tells("one")
    post.clock.advance(1800)
    post.slack.problems.append(UNREACHABLE)
    post.finishes()
    assert post.slack.answers == []
    post.tells("one", State.VERIFIED)
    post.ticks()
    assert post.slack.answers == [("one", State.VERIFIED)]


def test_a_card_is_never_given_up() -> None:
    post = Post()
    post.tells("one")
    post.slack.problems.extend([UNREACHABLE] * 1100)
    post.finishes()
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


def test_with_a_pool_looking_goes_on_while_messages_are_sent() -> None:
    post = Post(Kind.ANSWER)
    pool = FakeWork(room=2)
    delivery = Delivery(Kind.ANSWER, FakeOutbox(post.ledger), post.slack, post.clock, pool)
    for name in ("one", "two", "three"):
        post.tells(name)
    wait = delivery.tick()
    assert wait is not None
    assert 0 < wait <= 0.1
    assert [one for one, _ in post.slack.answers] == ["three"]
    delivery.tick()
    assert len(pool.jobs) == 2
    pool.run()
    assert [one for one, _ in post.slack.answers] == ["three", "one", "two"]
    assert delivery.tick() is None
