"""``/failover``: what was typed, acknowledged at once, then done."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from slack_bolt import Ack, BoltRequest

from blocks import errors, groups, help
from failover.errors import LedgerUnavailable
from failover.grammar import parse
from failover.intents import (
    Ask,
    AskAll,
    GrammarError,
    Help,
    History,
    Intent,
    ListGroups,
    OpenForm,
    Status,
    Undo,
    Whoami,
)
from failover.lifecycle import Request, Why
from failover.measures import Lock, Unlock
from failover.model import FailoverGroup
from failover.roles import Action, Role
from failover.sets import asks_many, is_pattern
from failover.standing import Allowed, Standing
from handlers import payload
from handlers.acceptance import Acceptance
from handlers.background import Background
from handlers.form import FormHandlers, not_one
from handlers.form_views import looking
from handlers.past import PastHandlers
from handlers.payload import Command
from handlers.previewing import Previewing
from handlers.sets import SetHandlers
from services import Services
from services.access import NotRemembered

Message = dict[str, Any]


class SlashHandlers:
    """The typed command."""

    def __init__(self, services: Services, background: Background, form: FormHandlers) -> None:
        """``form``: opens where nothing but a group is typed."""
        self._services = services
        self._background = background
        self._form = form
        self._acceptance = Acceptance(services)
        self._previewing = Previewing(services)
        self._past = PastHandlers(services)
        self._sets = SetHandlers(services, background)

    def on_command(self, ack: Ack, body: Message, request: BoltRequest) -> None:
        """Read the line and answer it, or have it answered."""
        command = payload.command(body)
        intent = parse(command.text)
        match intent:
            case GrammarError():
                _private(ack, help.misread(intent))
            case Ask(group, change, now=now) if asks_many(group, change):
                self._many(ack, command, self._request(command, intent), now, request)
            case Ask(now=True) | AskAll():
                self._take(ack, self._request(command, intent), request)
            case Ask():
                asked = self._request(command, intent)
                self._later(ack, command, lambda: self._previewing.show(asked, replace=False))
            case Undo(now=True):
                self._undo_now(ack, command, intent, request)
            case Undo():
                self._later(ack, command, lambda: self._undo(command, intent))
            case History(word):
                self._later(ack, command, lambda: self._history(command, word))
            case OpenForm(word):
                self._answered(ack, self._open(command, word))
            case Status(str(word)):
                self._later(ack, command, lambda: self._status(command, word))
            case Help() | Whoami() | ListGroups() | Status():
                self._look(ack, command, intent)

    def _undo_now(self, ack: Ack, command: Command, intent: Undo, request: BoltRequest) -> None:
        if intent.group is not None and is_pattern(intent.group):
            self._undo_many_now(ack, command, intent, request)
            return
        try:
            wanted = self._past.undoing_at_once(command, intent)
        except LedgerUnavailable:
            _private(ack, errors.note(errors.UNRECORDED))
            return
        if isinstance(wanted, Request):
            self._take(ack, wanted, request)
        else:
            # Which group is meant has to be read first: shown, and not taken on unseen. And that
            # there is nothing to undo is told to those alone who may look.
            self._later(ack, command, lambda: self._undo(command, intent))

    def _undo_many_now(
        self, ack: Ack, command: Command, intent: Undo, request: BoltRequest
    ) -> None:
        asked = self._past.asked(command, intent, intent.group)
        try:
            may = self._services.overview.allowed(asked.actor, Action.UNDO, remembered_only=True)
            known = isinstance(may, Allowed)
            taken = self._sets.backs_at_once(asked, request) if known else False
        except LedgerUnavailable:
            taken = errors.UNRECORDED
        if isinstance(taken, str):
            _private(ack, errors.note(taken))
        elif taken:
            ack()
        else:
            self._later(ack, command, lambda: self._undo(command, intent))

    def _undo(self, command: Command, intent: Undo) -> None:
        if not self._may_look(command, "undo"):
            return
        if intent.group is not None and is_pattern(intent.group):
            alone = self._sets.show_backs(self._past.asked(command, intent, intent.group))
            if alone is None:
                return
            intent = replace(intent, group=alone.id)
        wanted = self._past.undoing(command, intent)
        if isinstance(wanted, str):
            self._background.tell(command.reply, wanted)
        else:
            self._previewing.show(wanted, replace=False)

    def _history(self, command: Command, word: str | None) -> None:
        if self._may_look(command, "history"):
            self._past.show(command, word)

    def _many(
        self, ack: Ack, command: Command, asked: Request, now: bool, request: BoltRequest
    ) -> None:
        # A lock of a single group has no preview.
        look = now or isinstance(asked.change, Lock | Unlock)
        taken = self._sets.at_once(asked, request, many=now) if look else False
        if isinstance(taken, Request):
            self._take(ack, taken, request)
        elif isinstance(taken, str):
            _private(ack, errors.note(taken))
        elif taken:
            ack()
        else:
            self._later(ack, command, lambda: self._sets.show(asked))

    def _take(self, ack: Ack, wanted: Request, request: BoltRequest) -> None:
        taken = self._acceptance.take(request, wanted)
        if isinstance(taken, str):
            _private(ack, errors.note(taken))
        else:
            ack()

    def _later(self, ack: Ack, command: Command, job: Callable[[], None]) -> None:
        self._answered(ack, self._background.start(command.reply, job))

    @staticmethod
    def _answered(ack: Ack, queued: bool) -> None:
        if queued:
            ack()
        else:
            _private(ack, errors.note(errors.BUSY))

    def _look(self, ack: Ack, command: Command, intent: Intent) -> None:
        drawn = self._drawn(command, intent, remembered_only=True)
        if drawn is not None:
            _private(ack, drawn)
            return
        self._later(ack, command, lambda: self._looked(command, intent))

    def _looked(self, command: Command, intent: Intent) -> None:
        drawn = self._drawn(command, intent, remembered_only=False)
        if drawn is not None and command.reply.response_url is not None:
            self._services.screen.respond(command.reply.response_url, drawn)

    def _drawn(self, command: Command, intent: Intent, *, remembered_only: bool) -> Message | None:
        overview, actor = self._services.overview, command.actor
        try:
            standing = overview.standing(actor, remembered_only=remembered_only)
        except NotRemembered:
            return None
        if isinstance(intent, Help):
            others = (one for one in Action if not standing.may(one))
            return help.usage(standing, {one: overview.who_may(one) for one in others})
        if isinstance(intent, Whoami):
            return help.whoami(actor.user_id, standing)
        if not standing.may(Action.VIEW):
            # Noted before it is told, which takes longer than an acknowledgement may.
            return None if remembered_only else self._may_not_look(command, standing, "list")
        typed = (intent.filter or "") if isinstance(intent, ListGroups) else ""
        page = overview.page(typed, 0, groups.PAGE_SIZE, remembered_only=remembered_only)
        return None if page is None else groups.listing(page)

    def _open(self, command: Command, word: str | None) -> bool:
        trigger, actor, reply = command.trigger_id, command.actor, command.reply
        job = partial(self._form.open, trigger, actor, word, reply)
        return self._background.open_door(reply, job)

    def _status(self, command: Command, word: str) -> None:
        overview, url = self._services.overview, command.reply.response_url
        if url is None or not self._may_look(command, "status"):
            return
        found = overview.find(word)
        if isinstance(found, FailoverGroup):
            drawn = groups.status(overview.read(found.id))
        else:
            drawn = errors.note(not_one(found))
        self._services.screen.respond(url, drawn)

    def _may_look(self, command: Command, at: str) -> bool:
        """Whether the person may see groups and changes; if not, they are told."""
        standing = self._services.overview.standing(command.actor)
        if standing.may(Action.VIEW):
            return True
        if command.reply.response_url is not None:
            drawn = self._may_not_look(command, standing, at)
            self._services.screen.respond(command.reply.response_url, drawn)
        return False

    def _request(self, command: Command, intent: Ask | AskAll) -> Request:
        return Request(
            key=command.key,
            actor=command.actor,
            group=intent.group if isinstance(intent, Ask) else "-",
            change=intent.change,
            received_at=self._services.overview.now(),
            reply=command.reply,
            reason=intent.reason,
            override=intent.override if isinstance(intent, Ask) else None,
        )

    def _may_not_look(self, command: Command, standing: Standing, at: str) -> Message:
        """Note that somebody wanted to look ``at`` something; what they are told."""
        why = Why.ROLE_UNCERTAIN if standing.unread else Why.ROLE
        self._services.attempts.note(looking(command.actor, why, at, command.reply.channel_id))
        users, usergroups = self._services.overview.who_may(Action.VIEW)
        if standing.unread:
            facts = {"usergroups": standing.unread, "problem": standing.problem or ""}
            return errors.refusal(Why.ROLE_UNCERTAIN, facts)
        facts = {"roles": [Role.VIEWER.value], "users": users, "usergroups": usergroups}
        return errors.refusal(Why.ROLE, facts)


def _private(ack: Ack, drawn: Message) -> None:
    ack(response_type="ephemeral", **drawn)
