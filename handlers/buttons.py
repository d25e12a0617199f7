"""The buttons under previews, answers, lists and cards."""

import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from slack_bolt import Ack, BoltRequest

from blocks import errors, groups
from blocks.reasons import explain
from failover.change import Activate, Configure
from failover.errors import LedgerUnavailable
from failover.lifecycle import Request, Why
from failover.roles import Action
from handlers.acceptance import Acceptance
from handlers.background import Background
from handlers.form import FormHandlers
from handlers.form_views import looking
from handlers.payload import Malformed, Press
from handlers.previewing import Previewing
from services import Services


class ButtonHandlers:
    """One method for each button."""

    def __init__(
        self,
        services: Services,
        background: Background,
        form: FormHandlers,
    ) -> None:
        """``form``: opens."""
        self._services = services
        self._background = background
        self._previewing = Previewing(services)
        self._form = form
        self._acceptance = Acceptance(services)

    def on_apply(self, ack: Ack, press: Press, request: BoltRequest) -> None:
        """A preview is confirmed: stored before it is acknowledged, carried out afterwards."""
        try:
            wanted = self._confirmed(press)
        except LedgerUnavailable:
            self._say(ack, press, errors.UNRECORDED)
            return
        if wanted is None:
            self._say(ack, press, errors.GONE)
            return
        taken = self._acceptance.take(request, wanted)
        if isinstance(taken, str):
            self._say(ack, press, taken)
        elif taken[0].why is Why.CANCELLED:
            self._say(ack, press, explain(Why.CANCELLED, {}))
        else:
            ack()

    def on_cancel(self, ack: Ack, press: Press) -> None:
        """A preview is put aside, for good."""
        self._later(ack, press, lambda: self._cancel(press))

    def on_try_again(self, ack: Ack, press: Press) -> None:
        """The same change once more: a new preview, for whoever pressed."""
        self._later(ack, press, lambda: self._again(press))

    def on_activate_anyway(self, ack: Ack, press: Press) -> None:
        """Auto failback stood in the way of an activation: a preview of both, as one change."""
        self._later(ack, press, lambda: self._activate_anyway(press))

    def on_undo(self, ack: Ack, press: Press) -> None:
        """A change is to be taken back: a preview of that, for whoever pressed."""
        self._later(ack, press, lambda: self._undo(press))

    def on_more(self, ack: Ack, press: Press) -> None:
        """The next page of a list."""
        self._later(ack, press, lambda: self._more(press))

    def on_open_form(self, ack: Ack, press: Press) -> None:
        """The form, from a button."""
        word = None if press.value == "-" else press.value
        ack()
        job = partial(self._form.open, press.trigger_id, press.actor, word, press.reply)
        if not self._background.open_door(press.reply, job):
            self._say(ack, press, errors.BUSY)

    def _confirmed(self, press: Press) -> Request | None:
        value = _json(press.value)
        draft, seen = _text(value, "draft"), _text(value, "seen")
        return self._services.previews.confirmed(draft, seen, self._asked(press))

    def _cancel(self, press: Press) -> None:
        wanted = self._confirmed(press)
        told = errors.GONE
        if wanted is not None:
            known = self._services.previews.cancel(wanted)
            told = errors.CANCELLED if known.why is Why.CANCELLED else errors.TOO_LATE_TO_CANCEL
        self._background.tell(self._reply(press), told)

    def _again(self, press: Press) -> None:
        wanted = self._services.previews.repeated(press.value, self._asked(press))
        if wanted is None:
            self._background.tell(self._reply(press), errors.GONE)
        elif press.view is not None:
            self._form.again(press.view.id, wanted)
        else:
            self._previewing.show(wanted, replace=press.private)

    def _activate_anyway(self, press: Press) -> None:
        wanted = self._services.previews.repeated(press.value, self._asked(press))
        if wanted is None or not isinstance(wanted.change, Activate):
            self._background.tell(self._reply(press), errors.GONE)
        else:
            both = replace(wanted, change=replace(wanted.change, failback_off=True))
            self._previewing.show(both, replace=press.private)

    def _undo(self, press: Press) -> None:
        wanted = self._services.previews.undone(press.value, self._asked(press))
        if wanted is None:
            self._background.tell(self._reply(press), errors.GONE)
        else:
            self._previewing.show(wanted, replace=press.private)

    def _more(self, press: Press) -> None:
        value = _json(press.value)
        start = value.get("start")
        if not isinstance(start, int):
            raise Malformed("start")
        overview, url = self._services.overview, press.reply.response_url
        if url is None:
            return
        standing = overview.standing(press.actor)
        if not standing.may(Action.VIEW):
            why = Why.ROLE_UNCERTAIN if standing.unread else Why.ROLE
            attempt = looking(press.actor, why, "list", press.reply.channel_id)
            self._services.attempts.note(attempt)
            return
        page = overview.page(_text(value, "filter"), start, groups.PAGE_SIZE)
        if page is not None:
            self._services.screen.respond(url, groups.listing(page), replace=press.private)

    def _later(self, ack: Ack, press: Press, job: Callable[[], None]) -> None:
        ack()
        self._background.start_or_say(self._reply(press), job)

    def _say(self, ack: Ack, press: Press, text: str) -> None:
        reply = self._reply(press)
        self._later(ack, press, lambda: self._background.tell(reply, text))

    def _asked(self, press: Press) -> Request:
        return Request(
            key=press.key,
            actor=press.actor,
            group="-",
            change=Configure(),
            received_at=self._services.overview.now(),
            reply=self._reply(press),
        )

    @staticmethod
    def _reply(press: Press) -> Any:
        return replace(press.reply, replaces=press.private)


def _json(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except ValueError:
        raise Malformed("a button's value") from None
    if not isinstance(value, dict):
        raise Malformed("a button's value")
    return value


def _text(value: dict[str, Any], name: str) -> str:
    text = value.get(name)
    if not isinstance(text, str):
        raise Malformed(name)
    return text
