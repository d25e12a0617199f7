"""Telling of changes: what the outbox holds goes out, in order, until Slack has taken it.

A post whose answer was lost may stand in the channel already. So before a card is posted again
some time passes and the channel is searched for the card's own metadata.
"""

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from failover.errors import SlackProblem
from failover.lifecycle import Record
from failover.notices import Kind, Notice
from services.ports import Clock, Messenger, Outbox

log = logging.getLogger(__name__)

SEARCH_AFTER = timedelta(seconds=10)
"""How long after a post of unknown outcome the channel is searched."""
LONGEST_PAUSE_SECONDS = 60.0
ANSWER_ATTEMPTS = 8
"""A private answer is given up after so many tries; the card tells the outcome all the same."""


class Delivery:
    """Sends one kind of message. Several threads may call ``tick``; each message goes by one."""

    def __init__(self, kind: Kind, outbox: Outbox, messenger: Messenger, clock: Clock) -> None:
        """``clock`` gives UTC."""
        self._kind = kind
        self._outbox = outbox
        self._messenger = messenger
        self._clock = clock
        self._lock = threading.Lock()
        self._under_way: set[int] = set()
        self._paused_until: datetime | None = None

    def tick(self) -> float | None:
        """Send everything that is due; seconds until something falls due, None: nothing waits."""
        while True:
            now = self._clock()
            if self._paused_until is not None and now < self._paused_until:
                return (self._paused_until - now).total_seconds()
            claimed = self._claim(now)
            if claimed is None:
                return self._wait(now)
            try:
                self._send(*claimed)
            finally:
                with self._lock:
                    self._under_way.discard(claimed[0].id)

    def _claim(self, now: datetime) -> tuple[Notice, Record] | None:
        with self._lock:
            for notice, record in self._outbox.due(self._kind, now):
                if notice.id not in self._under_way and now >= _earliest(notice):
                    self._under_way.add(notice.id)
                    return notice, record
        return None

    def _wait(self, now: datetime) -> float | None:
        due = self._outbox.next_due(self._kind)
        if due is None:
            return None
        return max(0.05, (due - now).total_seconds())

    def _send(self, notice: Notice, record: Record) -> None:
        send: Callable[[Notice, Record], str | None]
        send = self._card if self._kind is Kind.CARD else self._answer
        try:
            address = send(notice, record)
        except SlackProblem as problem:
            self._failed(notice, record, problem)
        else:
            self._outbox.delivered(notice, address)

    def _card(self, notice: Notice, record: Record) -> str:
        address = notice.address
        if address is None and notice.posting_since is not None:
            address = self._messenger.find_card(record)
        if address is not None and self._edited(address, record):
            return address
        self._outbox.posting(notice, self._clock())
        return self._messenger.post_card(record)

    def _edited(self, address: str, record: Record) -> bool:
        try:
            self._messenger.edit_card(address, record)
        except SlackProblem as problem:
            if problem.error != "message_not_found":
                raise
            log.warning("the card of change %s was deleted: posting it anew", record.id)
            return False
        return True

    def _answer(self, notice: Notice, record: Record) -> None:
        self._messenger.answer(record)

    def _failed(self, notice: Notice, record: Record, problem: SlackProblem) -> None:
        log.warning("telling of change %s (%s): %s", record.id, notice.kind, problem.error)
        if notice.kind is Kind.ANSWER and notice.attempts + 1 >= ANSWER_ATTEMPTS:
            log.error("private answer for change %s given up: %s", record.id, problem.error)
            self._outbox.delivered(notice, None)
            return
        pause = min(LONGEST_PAUSE_SECONDS, 0.5 * 2.0**notice.attempts)
        until = self._clock() + timedelta(seconds=max(pause, problem.retry_after or 0.0))
        first = notice.kind is Kind.CARD and notice.address is None
        posted = first and (problem.maybe_done or notice.posting_since is not None)
        if posted:
            until = max(until, self._clock() + SEARCH_AFTER)
        self._outbox.postpone(notice, until, posted=posted)
        if problem.retry_after is not None:
            self._paused_until = until


def _earliest(notice: Notice) -> datetime:
    if notice.address is None and notice.posting_since is not None:
        return notice.posting_since + SEARCH_AFTER
    return notice.due_at
