"""Changes of several groups at once: typed with a pattern, shown as a table, confirmed once."""

import logging
from collections.abc import Callable
from dataclasses import replace

from slack_bolt import Ack, BoltRequest

from blocks import errors, set_form, sets
from failover.audit import Attempt, Doing
from failover.change import Configure, needed
from failover.errors import LedgerUnavailable, SetUnderWay
from failover.lifecycle import Actor, ReplyTo, Request, Why
from failover.model import FailoverGroup
from failover.sets import MOST, GroupSet, SetPicture, SetState, near
from failover.standing import Allowed, Uncertain
from handlers.acceptance import Acceptance
from handlers.background import Background
from handlers.payload import Press
from handlers.previewing import Previewing
from services import Services
from services.ports import Drawn
from services.set_previews import Hits, TooMany
from services.set_stops import Stopped

log = logging.getLogger(__name__)


class SetHandlers:
    """The pattern in a typed line, and the buttons under a set."""

    def __init__(self, services: Services, background: Background) -> None:
        """``services``: for the sets and the screen."""
        self._services = services
        self._background = background
        self._acceptance = Acceptance(services)
        self._previewing = Previewing(services)

    def show(self, asked: Request) -> None:
        """The table of a typed pattern, or the preview of a single change. In the background."""
        # Whoever may change no group at all is not told which groups there are.
        may = self._services.overview.allowed(asked.actor, needed(asked.change))
        shown = self._services.set_previews.show(asked) if isinstance(may, Allowed) else asked
        if isinstance(shown, Request):
            self._previewing.show(shown, replace=False)
        else:
            if isinstance(shown, TooMany):
                self._refused(asked, "too_many", asked.actor)
            self._draw(asked.reply, shown)

    def at_once(self, asked: Request, request: BoltRequest, *, many: bool) -> str | Request | bool:
        """Take a typed set on without a preview: whether it was, and else it has to be shown.

        Words, where it is not taken on; the single change, where it is one. ``many``: whether
        several groups may be taken on unseen.
        """
        action = needed(asked.change)
        may = self._services.overview.allowed(asked.actor, action, remembered_only=True)
        if not isinstance(may, Allowed):
            return False if isinstance(may, Uncertain) else asked
        found = self._services.set_previews.at_once(asked)
        if found is None or isinstance(found, Request):
            return found or False
        if not many:
            return False
        if isinstance(found, TooMany):
            self._refused(asked, "too_many", asked.actor)
            return _too_many(found)
        return self.take(found, asked.actor, asked.reply, request) or True

    def on_apply(self, ack: Ack, press: Press, request: BoltRequest) -> None:
        """A set is confirmed: stored before it is acknowledged, carried out afterwards."""
        self._confirmed(ack, press, request, go_on=False)

    def on_apply_on(self, ack: Ack, press: Press, request: BoltRequest) -> None:
        """The same, whatever its first groups come to."""
        self._confirmed(ack, press, request, go_on=True)

    def on_cancel(self, ack: Ack, press: Press) -> None:
        """A set is put aside, for good."""
        self._later(ack, press, lambda: self._cancel(press))

    def on_undo(self, ack: Ack, press: Press) -> None:
        """All that a set did is to be taken back: a table of that, for whoever pressed."""
        self._later(ack, press, lambda: self._undo(press))

    def on_stop(self, ack: Ack, press: Press) -> None:
        """A set shall not go on. That is done however late the press arrives.

        It keeps from happening what somebody does not want any more; whoever presses again, since
        Slack told them of a failure, finds it stopped.
        """
        self._later(ack, press, lambda: self._stop(press))

    def show_backs(self, asked: Request) -> FailoverGroup | None:
        """The table of a typed ``undo`` of a pattern; the group, where the pattern is just that."""
        found = self._services.set_previews.backs(asked)
        if isinstance(found, SetPicture | TooMany):
            self._draw(asked.reply, found)
            return None
        if len(found.groups) == 1:
            return found.groups[0]
        if asked.reply.response_url is not None:
            self._services.screen.respond(asked.reply.response_url, _nothing_back(found))
        return None

    def backs_at_once(self, asked: Request, request: BoltRequest) -> str | bool:
        """Take a typed ``undo`` of a pattern on without a look: whether it was; else words."""
        found = self._services.set_previews.backs_at_once(asked)
        if isinstance(found, TooMany):
            return _too_many(found)
        if not isinstance(found, GroupSet):
            return False
        return self.take(found, asked.actor, asked.reply, request) or True

    def _stop(self, press: Press) -> None:
        try:
            drawn = self._stopped(press)
        except LedgerUnavailable:
            log.warning("a set was not stopped: the database did not take it")
            drawn = errors.note(errors.NOT_STOPPED)
        # The message of the set goes on telling how it comes out, so this stands beside it.
        if press.reply.response_url is not None:
            self._services.screen.respond(press.reply.response_url, drawn)

    def _stopped(self, press: Press) -> Drawn:
        stopping = self._services.set_stops.stop(press.value, press.actor)
        if stopping.why is not None:
            channel = press.reply.channel_id
            self._services.attempts.note(
                Attempt(press.actor, Doing.STOP, stopping.why, channel, details=stopping.facts)
            )
            return errors.refusal(stopping.why, stopping.facts)
        if stopping.code is Stopped.STOPPED:
            return errors.note(errors.set_stopped(stopping.count))
        left = stopping.code is Stopped.NOTHING_LEFT
        return errors.note(errors.SET_ENDED if left else errors.GONE)

    def _confirmed(self, ack: Ack, press: Press, request: BoltRequest, *, go_on: bool) -> None:
        reply = _reply(press)
        try:
            shown = self._services.set_previews.known(press.value)
        except LedgerUnavailable:
            told: str | None = errors.UNRECORDED
        else:
            told = errors.GONE
            if shown is not None:
                told = self.take(shown, press.actor, reply, request, go_on=go_on)
        if told is None:
            ack()
        else:
            words = told
            self._later(ack, press, lambda: self._background.tell(reply, words))

    def take(
        self,
        shown: GroupSet,
        actor: Actor,
        reply: ReplyTo,
        request: BoltRequest,
        *,
        go_on: bool = False,
    ) -> str | None:
        """Store a set and start it; words, where it is not taken on."""
        runner = self._services.set_runner
        if shown.state is SetState.CANCELLED:
            return errors.SET_CANCELLED
        try:
            if self._acceptance.is_late(request):
                return self._late(shown, actor)
            known, first = runner.confirmed(shown, actor, reply, go_on=go_on)
        except LedgerUnavailable:
            return errors.UNRECORDED
        except SetUnderWay:
            self._refused(shown.request, "set_under_way", actor)
            return errors.SET_UNDER_WAY
        if not first:
            return errors.SET_CANCELLED if known.state is SetState.CANCELLED else None
        if self._acceptance.is_late(request):
            # The database took so long that Slack has given up: so does the bot.
            runner.give_up(known)
            return errors.LATE
        runner.start(known)
        return None

    def _late(self, shown: GroupSet, actor: Actor) -> str | None:
        # A late repetition of what was taken on in time must not say that it was not done.
        known = self._services.set_previews.known(shown.request.key)
        if known is not None and known.state is not SetState.SHOWN:
            return None
        log.warning("a set came too late and was not taken on")
        self._refused(shown.request, Why.LATE, actor)
        return errors.LATE

    def _cancel(self, press: Press) -> None:
        known = self._services.set_previews.cancel(press.value)
        told = errors.TOO_LATE_TO_CANCEL
        if known is None:
            told = errors.GONE
        elif known.state is SetState.CANCELLED:
            told = errors.CANCELLED
        self._background.tell(_reply(press), told)

    def _undo(self, press: Press) -> None:
        asked = Request(
            key=press.key,
            actor=press.actor,
            group="-",
            change=Configure(),
            received_at=self._services.overview.now(),
            reply=_reply(press),
        )
        shown = self._services.set_previews.undone(press.value, asked)
        if shown is None:
            self._background.tell(asked.reply, errors.NOTHING_TO_UNDO)
        else:
            self._draw(asked.reply, shown)

    def _draw(self, reply: ReplyTo, shown: SetPicture | TooMany) -> None:
        if isinstance(shown, TooMany):
            self._background.tell(reply, _too_many(shown))
        elif reply.response_url is not None:
            drawn = sets.preview(shown)
            self._services.screen.respond(reply.response_url, drawn, replace=reply.replaces)
        elif reply.view_id is not None:
            drawn = set_form.confirming(shown, set_form.SetMemory(shown.group_set.id))
            self._services.screen.update_view(reply.view_id, drawn)

    def _refused(self, asked: Request, why: str, actor: Actor) -> None:
        """Keep that a set was not taken on."""
        channel = asked.reply.channel_id
        attempt = Attempt(actor, Doing.CHANGE, why, channel, group_name=asked.group)
        self._services.attempts.note_soon(attempt)

    def _later(self, ack: Ack, press: Press, job: Callable[[], None]) -> None:
        ack()
        self._background.start_or_say(_reply(press), job)


def _reply(press: Press) -> ReplyTo:
    return replace(press.reply, replaces=press.private)


def _nothing_back(found: Hits) -> Drawn:
    """What is told where nothing of what a pattern hits can be taken back."""
    if found.groups:
        return errors.note(errors.NO_CHANGES)
    names = near(found.pattern, [one.name for one in found.listed])
    return errors.refusal(Why.NO_SUCH_GROUP, {"near": names, "pattern": True})


def _too_many(found: TooMany) -> str:
    return errors.too_many_groups(found.count, MOST)
