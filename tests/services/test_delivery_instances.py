"""Two instances tell of the same changes: each message goes out once, in its order."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from failover.errors import LedgerUnavailable
from failover.lifecycle import Record, State
from failover.notices import OVERDUE_AFTER, Backlog, Kind, Notice
from services.delivery import RARELY_SECONDS, SEARCH_AFTER
from tests.fake_time import no_trip
from tests.fakes import FakeOutbox
from tests.services.post import BROKEN, LIMITED, UNREACHABLE, Post


def freezes_with_a_claim(post: Post) -> None:
    """It has claimed a message when it freezes; when it wakes it may be dead for all it knows."""
    outbox = post.delivery._outbox
    claim = outbox.claim

    def claims(notice: Notice, now: datetime) -> bool:
        claimed = claim(notice, now)
        post.ledger.awake = False
        return claimed

    outbox.claim = claims  # type: ignore[method-assign]


@pytest.mark.parametrize("kind", list(Kind))
def test_one_that_wakes_with_a_message_in_its_hand_sends_nothing(kind: Kind) -> None:
    first = Post(kind)
    first.tells("change-1", State.VERIFIED)
    freezes_with_a_claim(first)
    first.delivery.tick()
    assert first.slack.log == []
    assert first.waiting == 1


def test_one_that_wakes_with_its_lease_renewed_sends_nothing_that_was_taken_over() -> None:
    first = Post()
    second = first.beside()
    first.tells("change-1", State.VERIFIED)
    outbox = first.delivery._outbox
    claim = outbox.claim

    def freezes(notice: Notice, now: datetime) -> bool:
        outbox.claim = claim  # type: ignore[method-assign]
        claimed = claim(notice, now)
        first.ledger.dead.add(first.ledger.me)
        second.finishes()
        first.ledger.dead.discard(first.ledger.me)  # it wakes, and renews before anything else
        return claimed

    outbox.claim = freezes  # type: ignore[method-assign]
    first.delivery.tick()
    assert posts(first) == ["change-1"]


def test_what_could_not_be_put_off_is_claimed_again_before_it_is_tried_again() -> None:
    first = Post()
    second = first.beside()
    first.tells("change-1", State.VERIFIED)
    first.slack.problems.append(UNREACHABLE)
    put_off = first.delivery._outbox.postpone

    def unstorable(*_: object, **__: object) -> None:
        raise LedgerUnavailable("the disk")

    first.delivery._outbox.postpone = unstorable  # type: ignore[method-assign]
    first.delivery.tick()
    first.delivery._outbox.postpone = put_off  # type: ignore[method-assign]
    first.ledger.dead.add(first.ledger.me)
    second.slack.problems.append(UNREACHABLE)
    second.asks_again()
    second.ledger.dead.add(second.ledger.me)
    first.ledger.dead.discard(first.ledger.me)
    first.finishes()
    assert first.waiting == 0
    assert first.slack.log[-1] == "post change-1 verified"


def test_what_it_may_have_posted_the_other_looks_for_first() -> None:
    first = Post()
    second = first.beside()
    first.tells("change-1", State.VERIFIED)
    ((notice, _),) = first.delivery._outbox.due(Kind.CARD, first.clock())
    assert first.delivery._outbox.claim(notice, first.clock())
    second.ticks(3)
    assert second.slack.log == []
    first.ledger.dead.add(first.ledger.me)
    begun = second.clock()
    second.finishes()
    assert second.clock() - begun >= SEARCH_AFTER
    assert second.slack.log == ["find change-1", "post change-1 verified"]


def test_the_later_card_of_a_group_waits_also_at_the_other() -> None:
    first = Post()
    second = first.beside()
    first.tells("change-1", State.VERIFIED)
    second.tells("change-2", State.VERIFIED)
    first.slack.problems.append(UNREACHABLE)
    first.delivery.tick()
    second.delivery.tick()
    assert posts(first) == ["change-1"]
    first.finishes()
    second.finishes()
    assert posts(first) == ["change-1", "change-1", "change-2"]


@pytest.mark.parametrize("problem", [UNREACHABLE, LIMITED, BROKEN])
def test_what_slack_does_not_take_for_a_day_is_tried_rarely_and_never_lost(
    problem: Exception,
) -> None:
    post = Post()
    box = FakeOutbox(post.ledger)
    for number in (1, 2):
        post.tells(f"change-{number}", State.VERIFIED)
    begun = post.clock()
    post.slack.problems.extend([problem] * 20_000)
    for _ in range(20):
        post.asks_again()
    post.clock.advance(OVERDUE_AFTER.total_seconds() - 3600)
    while post.clock() <= begun + OVERDUE_AFTER:
        assert box.backlog(post.clock()).overdue == 0
        post.asks_again()
    assert box.backlog(post.clock()).overdue == 2
    for _ in range(8):
        post.asks_again()  # each of them comes to be tried as one that is overdue
    asked, hour = len(post.slack.log), post.clock() + timedelta(hours=1)
    while post.clock() < hour:
        post.asks_again()
    assert len(post.slack.log) - asked <= 2 * (3600 / RARELY_SECONDS + 1)
    post.slack.problems.clear()
    post.finishes()
    assert box.backlog(post.clock()) == Backlog(0, None, 0)
    assert set(posts(post)[-2:]) == {"change-1", "change-2"}


def posts(post: Post) -> list[str]:
    """Which changes a card was posted for, or tried to be."""
    return [line.split()[1] for line in post.slack.log if line.startswith("post ")]


def loses_slack_and_the_database(post: Post) -> None:
    """A try of which it can not even be stored that it has to be repeated; its lease runs out."""
    post.slack.problems.append(UNREACHABLE)
    post.cannot_store(1)
    post.delivery.tick()
    post.ledger.trip = no_trip
    post.ledger.awake = False
    post.ledger.dead.add(post.ledger.me)


def comes_back(post: Post) -> None:
    post.ledger.dead.discard(post.ledger.me)
    post.ledger.wakes()
    post.clock.advance(60)


@pytest.mark.parametrize("claimed", [True, False])
def test_what_another_had_in_an_outage_is_posted_by_one(claimed: bool) -> None:
    first = Post()
    second = first.beside()
    first.tells("change-1", State.VERIFIED)
    loses_slack_and_the_database(first)
    ((notice, _),) = second.delivery._outbox.due(Kind.CARD, second.clock())
    assert second.delivery._outbox.claim(notice, second.clock())
    comes_back(first)
    if not claimed:
        now = second.clock()
        second.delivery._outbox.postpone(notice, now, posted=False, holds_up=True)
    post_card = first.slack.post_card

    def meanwhile(record: Record) -> str:
        first.slack.post_card = post_card  # type: ignore[method-assign]
        second.delivery.tick()
        return post_card(record)

    first.slack.post_card = meanwhile  # type: ignore[method-assign]
    first.delivery.tick()
    assert len(posts(first)) == (1 if claimed else 2), "the first try reached nobody"


def test_what_another_has_told_is_forgotten_of_an_outage() -> None:
    first = Post()
    second = first.beside()
    first.tells("change-1", State.AWAITING)
    first.cannot_store(1)
    first.delivery.tick()
    first.ledger.dead.add(first.ledger.me)
    first.clock.advance(60)
    second.finishes()
    comes_back(first)
    first.ledger.remind("change-1", {Kind.CARD: first.clock()})
    first.finishes()
    assert first.slack.log[-1] == "edit change-1 awaiting"
    assert first.slack.log.count("edit change-1 awaiting") == 2


@pytest.mark.parametrize("kind", list(Kind))
def test_one_that_renewed_its_lease_after_a_freeze_sends_nothing(kind: Kind) -> None:
    first = Post(kind)
    second = first.beside()
    first.tells("change-1", State.VERIFIED)
    outbox = first.delivery._outbox
    claim = outbox.claim

    def claims(notice: Notice, now: datetime) -> bool:
        claimed = claim(notice, now)
        first.ledger.dead.add(first.ledger.me)
        first.clock.advance(20)
        second.finishes()
        first.ledger.dead.discard(first.ledger.me)
        first.ledger.wakes()
        return claimed

    outbox.claim = claims  # type: ignore[method-assign]
    first.delivery.tick()
    sent = [line for line in first.slack.log if not line.startswith("find ")]
    assert len(sent) == 1


def test_a_card_whose_claim_is_lost_is_not_posted_whatever_the_lease_says() -> None:
    first = Post()
    first.tells("change-1", State.VERIFIED)
    outbox = first.delivery._outbox
    claim = outbox.claim

    def claims(notice: Notice, now: datetime) -> bool:
        claimed = claim(notice, now)
        first.ledger.rows[0].claimed_by = "another"
        return claimed

    outbox.claim = claims  # type: ignore[method-assign]
    first.delivery.tick()
    assert first.slack.log == []
