"""What was changed before: shown, and taken back."""

from blocks import errors
from blocks.history import SHOWN, history
from failover.change import Configure
from failover.intents import Undo
from failover.lifecycle import Request
from failover.model import FailoverGroup
from handlers.form import not_one
from handlers.payload import Command
from services import Services
from services.groups import Ambiguous, NoSuchGroup


class PastHandlers:
    """``undo`` and ``history``."""

    def __init__(self, services: Services) -> None:
        """``services``: for what is remembered, and for its screen."""
        self._services = services

    def show(self, command: Command, word: str | None) -> None:
        """The last changes, of one group or of all. Runs in the background."""
        url = command.reply.response_url
        found = None if word is None else self._services.overview.find(word)
        if url is None:
            return
        if isinstance(found, NoSuchGroup | Ambiguous):
            self._services.screen.respond(url, errors.note(not_one(found)))
            return
        records = self._services.previews.history(None if found is None else found.id, SHOWN)
        name = None if found is None else found.name
        drawn = history(records, name, self._services.overview.now())
        self._services.screen.respond(url, drawn)

    def undoing(self, command: Command, intent: Undo) -> Request | str:
        """The change that takes the last one back, or words why there is none.

        Reads the list of groups where a group is named. Raises UplynkError and LedgerUnavailable.
        """
        if intent.group is None:
            return self._wanted(command, intent, None)
        found = self._services.overview.find(intent.group)
        if not isinstance(found, FailoverGroup):
            return not_one(found)
        return self._wanted(command, intent, found.id)

    def undoing_at_once(self, command: Command, intent: Undo) -> Request | None:
        """Like ``undoing``, from memory alone; None where that is not enough, or there is none.

        Raises LedgerUnavailable.
        """
        group_id = None
        if intent.group is not None:
            found = self._services.overview.find_remembered(intent.group)
            if found is None:
                return None
            group_id = found.id
        wanted = self._wanted(command, intent, group_id)
        return wanted if isinstance(wanted, Request) else None

    def asked(self, command: Command, intent: Undo, group: str | None) -> Request:
        """What was typed, as far as it is known before it is looked up what there is to undo."""
        return Request(
            key=command.key,
            actor=command.actor,
            group=group or "-",
            change=Configure(),
            received_at=self._services.overview.now(),
            reply=command.reply,
            reason=intent.reason,
            override=intent.override,
        )

    def _wanted(self, command: Command, intent: Undo, group_id: str | None) -> Request | str:
        asked = self.asked(command, intent, group_id)
        wanted = self._services.previews.last_undone(asked, group_id)
        if wanted is not None:
            return wanted
        return errors.NO_OWN_CHANGE if group_id is None else errors.NO_CHANGE
