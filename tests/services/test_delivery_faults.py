"""What Slack refuses, loses or forgets is told all the same, and nothing is told twice."""

import pytest

from failover.errors import LedgerUnavailable, SlackProblem
from failover.lifecycle import State
from failover.notices import Kind
from services.delivery import LOOK_AGAIN_SECONDS, SEARCH_AFTER, Delivery
from tests.builders import ID_B, later
from tests.fakes import FakeOutbox, FakeWork
from tests.services.post import LIMITED, LOST, UNREACHABLE, Post


def test_retry_after_is_obeyed_by_every_message_of_the_kind() -> None:
    post = Post()
    post.tells("one")
    post.tells("two", group=ID_B)
    post.slack.problems.append(LIMITED)
    assert post.delivery.tick() == LOOK_AGAIN_SECONDS
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


def test_a_new_process_does_not_fall_upon_slack_that_asked_for_half_an_hour() -> None:
    post = Post()
    post.tells("one")
    post.slack.problems.append(SlackProblem("ratelimited", retry_after=1800))
    post.delivery.tick()
    post.restart()
    assert post.asks_again() == 60


def test_the_pauses_grow_to_a_minute() -> None:
    post = Post()
    post.tells("one")
    post.slack.problems.extend([UNREACHABLE] * 10)
    post.delivery.tick()
    waits = [post.asks_again() for _ in range(10)]
    assert waits == [0.5, 1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert post.slack.cards == {"C0AUDIT/1": ("one", State.SENDING)}


def test_a_lost_answer_is_searched_for_and_edited_instead_of_posted_twice() -> None:
    post = Post()
    post.tells("one")
    post.slack.problems.append(LOST)
    post.delivery.tick()
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
    post.delivery.tick()
    assert post.asks_again() == SEARCH_AFTER.total_seconds()
    assert post.slack.log == ["post one sending", "find one", "post one sending"]
    assert len(post.slack.cards) == 1
    assert post.waiting == 0


def test_while_the_channel_cannot_be_searched_nothing_is_posted_again() -> None:
    post = Post()
    post.tells("one")
    post.slack.problems.extend([LOST, UNREACHABLE, LIMITED, None])
    post.finishes()
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
    post.delivery.tick()
    assert post.asks_again() == SEARCH_AFTER.total_seconds()
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


@pytest.mark.parametrize(
    ("kind", "log"),
    [
        (Kind.ANSWER, ["answer one sending", "answer one verified"]),
        (Kind.CARD, ["post one sending", "edit one verified"]),
    ],
)
def test_what_is_told_but_not_stored_does_not_go_out_again(kind: Kind, log: list[str]) -> None:
    post = Post(kind)
    post.tells("one")
    post.slack.meanwhile = lambda: post.cannot_store(12)
    post.finishes()
    assert post.slack.log == log[:1]
    assert post.clock() > later(12)
    post.tells("one", State.VERIFIED)
    post.finishes()
    assert post.slack.log == log
    assert len(post.slack.cards) + len(post.slack.answers) == len(log) - (kind is Kind.CARD)


def test_what_moved_on_before_it_was_stored_is_told_without_a_search() -> None:
    post = Post()
    post.tells("one")
    post.slack.meanwhile = lambda: post.cannot_store(1)
    post.delivery.tick()
    post.slack.meanwhile = lambda: None
    post.clock.advance(1)
    post.tells("one", State.VERIFIED)
    post.delivery.tick()
    assert post.slack.log == ["post one sending", "edit one verified"]
    assert post.waiting == 0


def test_what_neither_slack_nor_the_database_takes_is_tried_without_haste() -> None:
    post = Post(Kind.ANSWER)
    post.tells("one")
    post.slack.problems.extend([LOST] * 5)
    post.cannot_store(5)
    post.delivery.tick()
    assert [post.asks_again() for _ in range(5)] == [0.5, 1, 2, 4, 8]
    post.finishes()
    assert post.slack.answers == [("one", State.SENDING)]


@pytest.mark.parametrize("problem", [UNREACHABLE, LOST, SlackProblem("x", retry_after=1800)])
@pytest.mark.parametrize("kind", list(Kind))
def test_a_clock_set_back_an_hour_delays_nothing(kind: Kind, problem: SlackProblem) -> None:
    post = Post(kind)
    post.tells("one")
    post.slack.problems.append(problem)
    post.delivery.tick()
    post.clock.advance(-3600)
    post.finishes()
    assert post.clock() < later(-3590)
    assert len(post.slack.cards) + len(post.slack.answers) == 1


def test_a_clock_set_back_an_hour_delays_no_storing() -> None:
    post = Post(Kind.ANSWER)
    post.tells("one")
    post.slack.meanwhile = lambda: post.cannot_store(1)
    post.delivery.tick()
    post.clock.advance(-3600)
    post.ledger.rows[0].due_at = post.clock()
    post.finishes()
    assert post.clock() < later(-3590)


def test_while_something_waits_the_clock_is_looked_at_often() -> None:
    post = Post()
    post.tells("one", due=later(60))
    assert post.delivery.tick() == LOOK_AGAIN_SECONDS


def test_a_database_that_goes_away_meanwhile_stops_no_pool(
    caplog: pytest.LogCaptureFixture,
) -> None:
    post, pool = Post(Kind.ANSWER), FakeWork()
    outbox = FakeOutbox(post.ledger)
    delivery = Delivery(Kind.ANSWER, outbox, post.slack, post.clock, pool)
    post.tells("one")
    delivery.tick()
    mine = outbox.mine

    def away(_: object) -> bool:
        raise LedgerUnavailable("OperationalError")

    outbox.mine = away  # type: ignore[method-assign]
    pool.run()
    assert post.slack.answers == []
    assert [one.getMessage() for one in caplog.records] == [
        "change one (answer) is not told yet: OperationalError"
    ]
    assert caplog.records[0].exc_info is None
    outbox.mine = mine  # type: ignore[method-assign]
    delivery.tick()
    pool.run()
    assert [one for one, _ in post.slack.answers] == ["one"]
