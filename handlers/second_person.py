"""The buttons of a request card: other people approve or decline, whoever asked withdraws."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from slack_bolt import Ack, BoltRequest

from blocks import errors
from blocks.change_form import TITLE, working
from blocks.declining import decline_form
from blocks.ids import NOTICE, REASON
from blocks.kit import modal
from failover.lifecycle import ReplyTo
from handlers import payload
from handlers.background import Background
from handlers.filled import reason_of
from handlers.payload import Press
from services import Services
from services.approvals import Decided, Decision


class SecondPersonHandlers:
    """One method for each press. A decision is acknowledged at once and told when it is stored."""

    def __init__(self, services: Services, background: Background) -> None:
        """``services``: for the decisions and the screen."""
        self._services = services
        self._background = background

    def on_approve(self, ack: Ack, press: Press, request: BoltRequest) -> None:
        """One person agrees, unless Slack has told them by now that their press failed."""
        if payload.is_late(request, self._services.slack_clock()):
            ack()
            reply = replace(press.reply, replaces=press.private)
            late = partial(self._background.tell, reply, errors.LATE)
            self._background.start_or_say(reply, late)
            return
        self._decide(ack, press, self._services.approvals.approve)

    def on_withdraw(self, ack: Ack, press: Press) -> None:
        """Whoever asked takes it back."""
        self._decide(ack, press, self._services.approvals.withdraw)

    def on_decline(self, ack: Ack, press: Press) -> None:
        """Somebody refuses: asked why, in a form of its own."""
        ack()
        if not self._background.open_door(press.reply, lambda: self._ask_why(press)):
            self._background.start_or_say(
                press.reply, lambda: self._background.tell(press.reply, errors.BUSY)
            )

    def on_declined(self, ack: Ack, body: dict[str, Any]) -> None:
        """The reason is given."""
        submission = payload.submission(body)
        view, actor = submission.view, submission.actor
        words = reason_of(view)
        if words is None:
            ack(response_action="errors", errors={REASON: "Say why, so that they know."})
            return
        ack(response_action="update", view=working())
        reply = ReplyTo(view_id=view.id)

        def decline() -> None:
            self._tell(reply, self._services.approvals.decline(view.metadata, actor, words))

        self._background.start_or_say(reply, decline)

    def _ask_why(self, press: Press) -> None:
        record = self._services.previews.known(press.value)
        if record is None:
            self._background.tell(press.reply, errors.GONE)
            return
        view_id = self._services.screen.open_view(press.trigger_id, decline_form(record))
        barred = self._services.approvals.may_decide(press.value, press.actor)
        if barred is not None:
            self._tell(ReplyTo(view_id=view_id), barred)

    def _decide(self, ack: Ack, press: Press, decide: Callable[..., Decision]) -> None:
        ack()
        # The card stays what it is: what the press came to is told beside it, or in place of the
        # private answer that was pressed.
        reply = replace(press.reply, replaces=press.private)

        def done() -> None:
            self._tell(reply, decide(press.value, press.actor))

        self._background.start_or_say(reply, done)

    def _tell(self, reply: ReplyTo, decision: Decision) -> None:
        drawn = _drawn(decision)
        screen = self._services.screen
        if reply.view_id is not None:
            view = modal(TITLE, drawn["blocks"], callback_id=NOTICE)
            screen.update_view(reply.view_id, view)
        elif reply.response_url is not None:
            screen.respond(reply.response_url, drawn, replace=reply.replaces)


def _drawn(decision: Decision) -> dict[str, Any]:
    record = decision.record
    if decision.code is Decided.NO_ROLE and decision.why is not None:
        return errors.refusal(decision.why, decision.facts)
    if record is not None and decision.code is Decided.NOT_OPEN:
        return errors.decided(record)
    if record is not None and decision.code in (Decided.APPROVED, Decided.ONE_MORE):
        return errors.approved(record)
    return errors.note(_WORDS.get(decision.code, errors.GONE))


_WORDS = {
    Decided.DECLINED: errors.DECLINED,
    Decided.WITHDRAWN: errors.WITHDRAWN,
    Decided.OWN_REQUEST: errors.OWN_REQUEST,
    Decided.NOT_YOURS: errors.NOT_YOUR_REQUEST,
    Decided.TWICE: errors.APPROVED_BEFORE,
}
