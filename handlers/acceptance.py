"""The moment at which a change is taken on: in time, and stored before it is acknowledged."""

import logging

from slack_bolt import BoltRequest

from blocks import errors
from failover.audit import Attempt, Doing
from failover.errors import LedgerUnavailable
from failover.lifecycle import Record, Request, Why
from handlers import payload
from services import Services

log = logging.getLogger(__name__)


class Acceptance:
    """Takes changes on, until Slack tells the person of a failure, 3 s after the press."""

    def __init__(self, services: Services) -> None:
        """``services``: for the changes, and for the time as Slack has it."""
        self._services = services

    def take(self, request: BoltRequest, wanted: Request) -> str | tuple[Record, bool]:
        """Store a change and start it: its record, and whether this is its first delivery.

        Words, where it is not taken on: it came too late, or could not be stored in time.
        """
        try:
            if self.is_late(request):
                return self._late(wanted)
            record, first = self._services.changes.accept(wanted)
        except LedgerUnavailable:
            return errors.UNRECORDED
        if first and self.is_late(request):
            # The database took so long that Slack has given up: so does the bot.
            self._services.runner.give_up(record)
            return errors.LATE
        if first:
            self._services.runner.start(record)
        return record, first

    def is_late(self, request: BoltRequest) -> bool:
        """Whether Slack has told the person by now that this failed."""
        return payload.is_late(request, self._services.slack_clock())

    def _late(self, wanted: Request) -> str | tuple[Record, bool]:
        # A late repetition of what was taken on in time must not say that it was not done.
        known = self._services.changes.known(wanted)
        if known is not None:
            return known, False
        log.warning("a change came too late and was not taken on")
        attempt = Attempt(
            wanted.actor, Doing.CHANGE, Why.LATE, wanted.reply.channel_id, group_name=wanted.group
        )
        self._services.attempts.note_soon(attempt)
        return errors.LATE
