"""``/failover``: what was typed, acknowledged at once, then done."""

from collections.abc import Callable
from functools import partial
from typing import Any

from slack_bolt import Ack, BoltRequest

from blocks import errors, groups, help
from blocks.answers import answer, preview
from failover.change import Configure
from failover.grammar import parse
from failover.intents import GrammarError, Help, Intent, ListGroups, OpenForm, Set, Status, Whoami
from failover.lifecycle import Actor, Record, Request, Why
from failover.model import FailoverGroup
from failover.roles import Action, Role
from failover.standing import Standing
from handlers import payload
from handlers.acceptance import Acceptance
from handlers.background import Background
from handlers.form import FormHandlers, not_one
from handlers.payload import Command
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

    def on_command(self, ack: Ack, body: Message, request: BoltRequest) -> None:
        """Read the line and answer it, or have it answered."""
        command = payload.command(body)
        intent = parse(command.text)
        match intent:
            case GrammarError():
                _private(ack, help.misread(intent))
            case Set(now=True):
                self._change(ack, command, intent, request)
            case Set():
                asked = self._request(command, intent)
                self._later(ack, command, lambda: self.preview(asked, replace=False))
            case OpenForm(word):
                self._answered(ack, self._open(command, word))
            case Status(str(word)):
                self._later(ack, command, lambda: self._status(command, word))
            case Help() | Whoami() | ListGroups() | Status():
                self._look(ack, command, intent)

    def preview(self, asked: Request, *, replace: bool) -> None:
        """Show what a change would do, or why it can't be asked for. Runs in the background."""
        shown = self._services.previews.show(asked)
        now = self._services.overview.now()
        url = asked.reply.response_url
        if url is None:
            return
        if isinstance(shown, Record):
            drawn = answer(shown, self._services.previews.shown(shown), now)
        else:
            drawn = preview(shown)
        self._services.screen.respond(url, drawn, replace=replace)

    def _change(self, ack: Ack, command: Command, intent: Set, request: BoltRequest) -> None:
        taken = self._acceptance.take(request, self._request(command, intent))
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
        drawn = self._drawn(command.actor, intent, remembered_only=True)
        if drawn is not None:
            _private(ack, drawn)
            return
        self._later(ack, command, lambda: self._looked(command, intent))

    def _looked(self, command: Command, intent: Intent) -> None:
        drawn = self._drawn(command.actor, intent, remembered_only=False)
        if drawn is not None and command.reply.response_url is not None:
            self._services.screen.respond(command.reply.response_url, drawn)

    def _drawn(self, actor: Actor, intent: Intent, *, remembered_only: bool) -> Message | None:
        overview = self._services.overview
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
            return self._may_not_look(standing)
        typed = (intent.filter or "") if isinstance(intent, ListGroups) else ""
        page = overview.page(typed, 0, groups.PAGE_SIZE, remembered_only=remembered_only)
        return None if page is None else groups.listing(page)

    def _open(self, command: Command, word: str | None) -> bool:
        trigger, actor, reply = command.trigger_id, command.actor, command.reply
        job = partial(self._form.open, trigger, actor, word, reply)
        return self._background.open_door(reply, job)

    def _status(self, command: Command, word: str) -> None:
        overview, url = self._services.overview, command.reply.response_url
        if url is None:
            return
        standing = overview.standing(command.actor)
        if not standing.may(Action.VIEW):
            self._services.screen.respond(url, self._may_not_look(standing))
            return
        found = overview.find(word)
        if isinstance(found, FailoverGroup):
            drawn = groups.status(overview.read(found.id))
        else:
            drawn = errors.note(not_one(found))
        self._services.screen.respond(url, drawn)

    def _request(self, command: Command, intent: Set) -> Request:
        return Request(
            key=command.key,
            actor=command.actor,
            group=intent.group,
            change=Configure(intent.mode, intent.auto_failback),
            received_at=self._services.overview.now(),
            reply=command.reply,
            reason=intent.reason,
            override=intent.override,
        )

    def _may_not_look(self, standing: Standing) -> Message:
        users, usergroups = self._services.overview.who_may(Action.VIEW)
        if standing.unread:
            facts = {"usergroups": standing.unread, "problem": standing.problem or ""}
            return errors.refusal(Why.ROLE_UNCERTAIN, facts)
        facts = {"roles": [Role.VIEWER.value], "users": users, "usergroups": usergroups}
        return errors.refusal(Why.ROLE, facts)


def _private(ack: Ack, drawn: Message) -> None:
    ack(response_type="ephemeral", **drawn)
