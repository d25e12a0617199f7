"""Telling of changes: what the outbox holds goes out, in order, until Slack has taken it.

A post whose answer was lost may stand in the channel already. So before a card is posted again
some time passes and the channel is searched for the card's own metadata.
"""

import logging
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from failover.errors import LedgerUnavailable, SlackProblem
from failover.lifecycle import Record, State
from failover.notices import OVERDUE_AFTER, Kind, Notice
from services.ports import Clock, Messenger, Outbox, Work
from services.subject import concerning

log = logging.getLogger(__name__)

SEARCH_AFTER = timedelta(seconds=10)
"""How long after a post of unknown outcome the channel is searched."""
LONGEST_PAUSE_SECONDS = 60.0
RARELY_SECONDS = 900.0
"""How often what is overdue is still tried."""
LOOK_AGAIN_SECONDS = 5.0
"""The longest time between two looks while something waits: the clock may have been set."""
UNDER_WAY_SECONDS = 0.05
HELD_BACK_SECONDS = 0.25
STUMBLED = "stumbled"
UNREACHABLE = "unreachable"
AWAY = "another instance may send it"
EVERYBODYS = frozenset(
    {
        *("ratelimited", "rate_limited", "message_limit_exceeded", "no_json_object"),
        *("channel_not_found", "not_in_channel", "is_archived", "restricted_action"),
        *("not_authed", "invalid_auth", "account_inactive", "token_revoked", "token_expired"),
        *("missing_scope", "not_allowed_token_type", "access_denied", "no_permission"),
        *("team_access_not_granted", "org_login_required", "ekm_access_denied"),
    }
)
"""Errors with which the next card would fare no better; any other is the message's own fault."""
ORDER_ATTEMPTS = 20
"""After so many answers of Slack a card no longer holds up the later ones of its group."""
NOT_OURS_TO_EDIT = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})
WITHOUT_CARD = frozenset({State.SHOWN, State.RECEIVED, State.REFUSED, State.UNCHANGED})
ANSWER_FOR = timedelta(hours=24)
"""How long a private answer is tried that is the only message to tell of its change."""
ANSWER_BESIDE_CARD_FOR = timedelta(minutes=30)
"""How long it is tried where the card tells of the change all the same."""


@dataclass(frozen=True, slots=True)
class Unstored:
    """What became of a notice while the database did not take it; next try at ``again``.

    ``version``: up to which version of the record it was told, 0 where it was not. ``address``:
    that of its card.
    """

    version: int
    address: str | None
    again: datetime
    tries: int


class Delivery:
    """Sends one kind of message. Several threads may call ``tick``; each message goes by one.

    So do several instances: the outbox says which message is whose, and which cards have to wait
    for others of their group. How long Slack wants to be left alone each finds out by itself.
    """

    def __init__(
        self,
        kind: Kind,
        outbox: Outbox,
        messenger: Messenger,
        clock: Clock,
        work: Work | None = None,
    ) -> None:
        """``clock`` gives UTC; ``work`` sends while ``tick`` goes on looking."""
        self._work = work
        self._kind = kind
        self._outbox = outbox
        self._messenger = messenger
        self._clock = clock
        self._lock = threading.Lock()
        self._under_way: dict[int, int] = {}  # with the term in which each was claimed
        self._paused: tuple[datetime, datetime] | None = None
        self._unstored: dict[int, Unstored] = {}

    def tick(self) -> float | None:
        """Send everything that is due; seconds until something falls due, None: nothing waits."""
        while True:
            now = self._clock()
            if self._paused is not None and self._paused[0] <= now < self._paused[1]:
                return min(LOOK_AGAIN_SECONDS, (self._paused[1] - now).total_seconds())
            claimed = self._claim(now)
            if claimed is None:
                return self._wait(now)
            apart = partial(self._finish_apart, *claimed)
            if self._work is None or not self._work.submit(apart):
                self._finish(*claimed)

    @concerning
    def _finish_apart(self, notice: Notice, record: Record) -> None:
        try:
            self._finish(notice, record)
        except LedgerUnavailable as problem:
            # Told here, since nobody waits for it; the next look finds it due as it was.
            log.warning("change %s (%s) is not told yet: %s", record.id, notice.kind, problem)

    @concerning
    def _finish(self, notice: Notice, record: Record) -> None:
        try:
            self._send(notice, record)
        finally:
            with self._lock:
                self._under_way.pop(notice.id, None)

    def _claim(self, now: datetime) -> tuple[Notice, Record] | None:
        with self._lock:
            if (term := self._outbox.term()) is None:
                return None  # others may have by now what this instance would go on with
            for notice, record in self._outbox.due(self._kind, now):
                if notice.id in self._under_way:
                    continue
                if not notice.mine:
                    self._unstored.pop(notice.id, None)  # others have seen to it since
                if self._too_early(notice, record, now):
                    continue
                if self._outbox.claim(notice, now):
                    self._under_way[notice.id] = term
                    return notice, record
                self._unstored.pop(notice.id, None)
        return None

    def _too_early(self, notice: Notice, record: Record, now: datetime) -> bool:
        kept = self._unstored.get(notice.id)
        if kept is not None:
            # What is due lies behind now; ``again`` far ahead means that the clock was set back.
            ahead = (kept.again - now).total_seconds()
            return kept.version in (0, record.version) and 0 < ahead <= LONGEST_PAUSE_SECONDS
        since = notice.posting_since
        return since is not None and since <= now < since + SEARCH_AFTER

    def _address(self, notice: Notice) -> str | None:
        kept = self._unstored.get(notice.id)
        return None if kept is None else kept.address

    def _wait(self, now: datetime) -> float | None:
        due = self._outbox.next_due(self._kind)
        if due is None:
            return None
        seconds = (due - now).total_seconds()
        if seconds > 0:
            return min(LOOK_AGAIN_SECONDS, seconds)
        # What is due and was not claimed is on its way by another thread, or held back.
        return UNDER_WAY_SECONDS if self._under_way else HELD_BACK_SECONDS

    def _send(self, notice: Notice, record: Record) -> None:
        kept = self._unstored.get(notice.id)
        if kept is not None and kept.version == record.version:
            self._told(notice, record, kept.address)
            return
        address, tried = None, False
        try:
            if self._kind is Kind.ANSWER:
                if not _told_elsewhere(record):
                    self._still_mine(notice)
                    self._messenger.answer(record)
            else:
                address = self._edited(notice, record)
                if address is None:
                    self._may_be_posted(notice)
                    tried = True
                    address = self._messenger.post_card(record)
        except LedgerUnavailable:
            raise
        except SlackProblem as problem:
            self._failed(notice, record, problem, tried=tried)
        except Exception:
            # One message that can't be drawn must not hold up all that come after it.
            log.exception("telling of change %s (%s) stumbled", record.id, notice.kind)
            self._failed(notice, record, SlackProblem(STUMBLED, maybe_done=True), tried=tried)
        else:
            self._told(notice, record, address)

    def _told(self, notice: Notice, record: Record, address: str | None) -> None:
        try:
            self._outbox.delivered(notice, address)
        except LedgerUnavailable as problem:
            # It must not go out again, so only the storing is tried again.
            log.error("change %s (%s) is told, not stored: %s", record.id, notice.kind, problem)
            tries = self._tries(notice)
            again = self._clock() + timedelta(seconds=min(LOOK_AGAIN_SECONDS, _pause(tries)))
            self._unstored[notice.id] = Unstored(record.version, address, again, tries + 1)
        else:
            self._unstored.pop(notice.id, None)

    def _may_be_posted(self, notice: Notice) -> None:
        known = notice.address is not None or notice.posting_since is not None
        if known or notice.id in self._unstored:
            self._outbox.posting(notice, self._clock())  # else it was noted with the claim
        self._still_mine(notice)

    def _still_mine(self, notice: Notice) -> None:
        """Raises SlackProblem where another instance may be about to send the same.

        Whoever froze and woke may have a lease again, but no longer what it had claimed.
        """
        same_term = self._outbox.term() == self._under_way[notice.id]
        if not (same_term and self._outbox.mine(notice)):
            raise SlackProblem(AWAY)

    def _edited(self, notice: Notice, record: Record) -> str | None:
        """The address of the card, brought up to the record; None: there is none to edit."""
        address = self._address(notice)
        if address is None:
            address = notice.address
            if notice.posting_since is not None:
                address = self._messenger.find_card(record) or address
        if address is None:
            return None
        self._still_mine(notice)
        try:
            self._messenger.edit_card(address, record)
        except SlackProblem as problem:
            if problem.error not in NOT_OURS_TO_EDIT:
                raise
            log.warning("posting the card of change %s anew: %s", record.id, problem.error)
            return None
        return address

    def _failed(
        self, notice: Notice, record: Record, problem: SlackProblem, *, tried: bool
    ) -> None:
        log.warning("telling of change %s (%s): %s", record.id, notice.kind, problem.error)
        now, tries = self._clock(), self._tries(notice)
        if notice.kind is Kind.ANSWER and now >= _answered_until(record):
            log.error("private answer for change %s given up: %s", record.id, problem.error)
            self._told(notice, record, None)
            return
        if problem.retry_after is not None:
            self._paused = (now, now + timedelta(seconds=max(_pause(tries), problem.retry_after)))
        # No longer than a minute, whatever Slack asks for: beyond that the pause alone holds it.
        pause = min(LONGEST_PAUSE_SECONDS, max(_pause(tries), problem.retry_after or 0.0))
        overdue = now - notice.wanted_at > OVERDUE_AFTER
        until = now + timedelta(seconds=RARELY_SECONDS if overdue else pause)
        posted = notice.posting_since is not None or (tried and problem.maybe_done)
        holds_up = not overdue and _holds_up(problem, tries + 1)
        again = max(until, now + SEARCH_AFTER) if posted else until
        self._postpone(notice, again, posted=posted, holds_up=holds_up)

    def _postpone(self, notice: Notice, until: datetime, *, posted: bool, holds_up: bool) -> None:
        try:
            self._outbox.postpone(notice, until, posted=posted, holds_up=holds_up)
        except LedgerUnavailable as problem:
            log.error("change %s (%s): not postponed: %s", notice.change_id, notice.kind, problem)
            address, tries = self._address(notice), self._tries(notice)
            self._unstored[notice.id] = Unstored(0, address, until, tries + 1)
        else:
            self._unstored.pop(notice.id, None)

    def _tries(self, notice: Notice) -> int:
        kept = self._unstored.get(notice.id)
        return notice.attempts if kept is None else max(kept.tries, notice.attempts)


def _told_elsewhere(record: Record) -> bool:
    """Of a member of a set its set's message tells, and at a terminal the terminal has told."""
    typed_on_host = record.request.host is not None and not record.asked_others
    return record.request.set_id is not None or typed_on_host


def _pause(tries: int) -> float:
    return min(LONGEST_PAUSE_SECONDS, 0.5 * 2.0 ** min(tries, 10))


def _answered_until(record: Record) -> datetime:
    since = record.ended_at or record.request.received_at
    return since + (ANSWER_FOR if record.state in WITHOUT_CARD else ANSWER_BESIDE_CARD_FOR)


def _holds_up(problem: SlackProblem, tries: int) -> bool:
    """Whether later cards of the group wait for this one, so that they stand in their order."""
    if problem.retry_after is not None or problem.error in (UNREACHABLE, AWAY):
        return True
    doubtful = problem.maybe_done and problem.error != STUMBLED
    return (doubtful or problem.error in EVERYBODYS) and tries < ORDER_ATTEMPTS
