"""Telling of changes: what the outbox holds goes out, in order, until Slack has taken it.

A post whose answer was lost may stand in the channel already. So before a card is posted again
some time passes and the channel is searched for the card's own metadata.
"""

import logging
import threading
from datetime import datetime, timedelta
from functools import partial

from failover.errors import LedgerUnavailable, SlackProblem
from failover.lifecycle import Record
from failover.notices import Kind, Notice
from services.ports import Clock, Messenger, Outbox, Work

log = logging.getLogger(__name__)

SEARCH_AFTER = timedelta(seconds=10)
"""How long after a post of unknown outcome the channel is searched."""
LONGEST_PAUSE_SECONDS = 60.0
UNDER_WAY_SECONDS = 0.05
HELD_BACK_SECONDS = 0.25
STUMBLED = "stumbled"
ITS_OWN_FAULT = frozenset(
    {STUMBLED, "invalid_blocks", "msg_blocks_too_long", "msg_too_long", "metadata_too_large"}
)
"""Errors of one message; with any other, the next one of the same group would fare no better."""
NOT_OURS_TO_EDIT = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})
ANSWER_ATTEMPTS = 8
"""A private answer is given up after so many tries; the card tells the outcome all the same."""


class Delivery:
    """Sends one kind of message. Several threads may call ``tick``; each message goes by one."""

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
        self._under_way: set[int] = set()
        self._paused_until: datetime | None = None
        # Cards that Slack did not take yet: those of later changes of the same group wait.
        self._unposted: dict[int, str] = {}

    def tick(self) -> float | None:
        """Send everything that is due; seconds until something falls due, None: nothing waits."""
        while True:
            now = self._clock()
            if self._paused_until is not None and now < self._paused_until:
                return (self._paused_until - now).total_seconds()
            claimed = self._claim(now)
            if claimed is None:
                return self._wait(now)
            job = partial(self._finish, *claimed)
            if self._work is None or not self._work.submit(job):
                job()

    def _finish(self, notice: Notice, record: Record) -> None:
        try:
            self._send(notice, record)
        finally:
            with self._lock:
                self._under_way.discard(notice.id)

    def _claim(self, now: datetime) -> tuple[Notice, Record] | None:
        with self._lock:
            for notice, record in self._outbox.due(self._kind, now):
                if self._may_go(notice, record, now):
                    self._under_way.add(notice.id)
                    return notice, record
        return None

    def _may_go(self, notice: Notice, record: Record, now: datetime) -> bool:
        if notice.id in self._under_way or now < _earliest(notice):
            return False
        waiting = (one for one, group in self._unposted.items() if group == record.group_id)
        return notice.address is not None or all(one >= notice.id for one in waiting)

    def _wait(self, now: datetime) -> float | None:
        due = self._outbox.next_due(self._kind)
        if due is None:
            return None
        seconds = (due - now).total_seconds()
        if seconds > 0:
            return seconds
        # What is due and was not claimed is on its way by another thread, or held back.
        return UNDER_WAY_SECONDS if self._under_way else HELD_BACK_SECONDS

    def _send(self, notice: Notice, record: Record) -> None:
        address, tried = None, False
        try:
            if self._kind is Kind.ANSWER:
                self._messenger.answer(record)
            else:
                address = self._edited(notice, record)
                if address is None:
                    self._outbox.posting(notice, self._clock())
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
            self._outbox.delivered(notice, address)
            self._unposted.pop(notice.id, None)

    def _edited(self, notice: Notice, record: Record) -> str | None:
        """The address of the card, brought up to the record; None: there is none to edit."""
        address = notice.address
        if notice.posting_since is not None:
            address = self._messenger.find_card(record) or address
        if address is None:
            return None
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
        if notice.kind is Kind.ANSWER and notice.attempts + 1 >= ANSWER_ATTEMPTS:
            log.error("private answer for change %s given up: %s", record.id, problem.error)
            self._outbox.delivered(notice, None)
            return
        pause = min(LONGEST_PAUSE_SECONDS, 0.5 * 2.0**notice.attempts)
        until = self._clock() + timedelta(seconds=max(pause, problem.retry_after or 0.0))
        posted = notice.posting_since is not None or (tried and problem.maybe_done)
        if posted:
            until = max(until, self._clock() + SEARCH_AFTER)
        self._outbox.postpone(notice, until, posted=posted)
        if problem.retry_after is not None:
            self._paused_until = until
        if tried and record.group_id is not None and problem.error not in ITS_OWN_FAULT:
            self._unposted[notice.id] = record.group_id


def _earliest(notice: Notice) -> datetime:
    if notice.posting_since is not None:
        return notice.posting_since + SEARCH_AFTER
    return notice.due_at
