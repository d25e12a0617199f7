"""Keeps the attempts that have no record of their own: all of them were refused."""

import logging
from functools import partial

from failover.audit import Attempt
from failover.errors import LedgerUnavailable
from services.audit_ports import Audit
from services.ports import Work

log = logging.getLogger(__name__)


class Attempts:
    """Notes refusals in the audit record.

    What is refused stays refused, whether or not the database takes the note.
    """

    def __init__(self, audit: Audit, work: Work) -> None:
        """``work`` takes the notes that an acknowledgement must not wait for."""
        self._audit = audit
        self._work = work

    def note(self, attempt: Attempt) -> None:
        """Keep an attempt, best before the person is told."""
        try:
            self._audit.note(attempt)
        except LedgerUnavailable as problem:
            log.error(
                "a refused attempt is not in the audit record (%s, %s, %s): %s",
                attempt.actor.user_id, attempt.doing, attempt.why, problem,
            )  # fmt: skip

    def note_soon(self, attempt: Attempt) -> None:
        """Keep an attempt on another thread; on this one where there is no room."""
        if not self._work.submit(partial(self.note, attempt)):
            self.note(attempt)
