"""The buttons of a request card: other people approve or decline, whoever asked withdraws."""

from functools import partial
from typing import Any

from slack_bolt import Ack, BoltRequest

from blocks import errors
from blocks.change_form import TITLE, working
from blocks.declining import decline_form
from blocks.ids import NOTICE, REASON
from blocks.kit import modal
from failover.audit import Attempt, Doing
from failover.lifecycle import Actor, ReplyTo, Why
from handlers import payload
from handlers.background import AtHome, Background, Looking, looking
from handlers.filled import reason_of
from handlers.payload import Press
from services import Services
from services.approvals import Decided, Decision

LATE_REASON = "Slack delivered this too late, so it was not done. Press Decline again."
TAKEN = frozenset({Decided.APPROVED, Decided.ONE_MORE, Decided.DECLINED, Decided.WITHDRAWN})
"""What a press came to that was not refused."""


class SecondPersonHandlers:
    """One method for each press. A decision is acknowledged at once and told when it is stored.

    None is made once Slack has told the person that their press failed: what somebody believes not
    to have happened must not happen, be it an approval or a refusal.
    """

    def __init__(self, services: Services, background: Background) -> None:
        """``services``: for the decisions and the screen."""
        self._services = services
        self._background = background

    def on_approve(self, ack: Ack, press: Press, request: BoltRequest) -> None:
        """One person agrees."""
        self._decide(ack, press, request, Doing.APPROVE)

    def on_withdraw(self, ack: Ack, press: Press, request: BoltRequest) -> None:
        """Whoever asked takes it back."""
        self._decide(ack, press, request, Doing.WITHDRAW)

    def on_decline(self, ack: Ack, press: Press, request: BoltRequest) -> None:
        """Somebody refuses: asked why, in a form of its own."""
        ack()
        where = looking(press)
        if self._is_late(request, _late(press, Doing.DECLINE)):
            self._say(where, errors.LATE)
        elif not self._background.open_door(where, lambda: self._ask_why(press)):
            self._say(where, errors.BUSY)

    def on_declined(self, ack: Ack, body: dict[str, Any], request: BoltRequest) -> None:
        """The reason is given."""
        submission = payload.submission(body)
        view, actor = submission.view, submission.actor
        words = reason_of(view)
        late = Attempt(actor, Doing.DECLINE, Why.LATE, change_id=view.metadata)
        if self._is_late(request, late):
            # The form stays open, as it does where Slack shows a failure of its own.
            ack(response_action="errors", errors={REASON: LATE_REASON})
            return
        if words is None:
            ack(response_action="errors", errors={REASON: "Say why, so that they know."})
            return
        ack(response_action="update", view=working())
        reply = ReplyTo(view_id=view.id)

        def decline() -> None:
            decision = self._services.approvals.decline(view.metadata, actor, words)
            self._note(actor, Doing.DECLINE, decision, (view.metadata, None))
            self._tell(reply, decision)

        self._background.start_or_say(reply, decline)

    def _ask_why(self, press: Press) -> None:
        record = self._services.previews.known(press.value)
        if record is None:
            self._background.tell(looking(press), errors.GONE)
            return
        view_id = self._services.screen.open_view(press.trigger_id, decline_form(record))
        barred = self._services.approvals.may_decide(press.value, press.actor)
        if barred is not None:
            place = press.value, press.reply.channel_id
            self._note(press.actor, Doing.DECLINE, barred, place)
            self._tell(ReplyTo(view_id=view_id), barred)

    def _decide(self, ack: Ack, press: Press, request: BoltRequest, doing: Doing) -> None:
        ack()
        # The card stays what it is: what the press came to is told beside it, or in place of the
        # private answer that was pressed.
        where = looking(press)
        if self._is_late(request, _late(press, doing)):
            self._say(where, errors.LATE)
            return
        approvals = self._services.approvals
        decide = approvals.approve if doing is Doing.APPROVE else approvals.withdraw

        def done() -> None:
            decision = decide(press.value, press.actor)
            self._note(press.actor, doing, decision, (press.value, press.reply.channel_id))
            self._tell(where, decision)

        self._background.start_or_say(where, done)

    def _is_late(self, request: BoltRequest, attempt: Attempt) -> bool:
        late = payload.is_late(request, self._services.slack_clock())
        if late:
            self._services.attempts.note_soon(attempt)
        return late

    def _say(self, where: Looking, text: str) -> None:
        self._background.start_or_say(where, partial(self._background.tell, where, text))

    def _note(
        self, actor: Actor, doing: Doing, decision: Decision, place: tuple[str, str | None]
    ) -> None:
        """Keep a press that was refused; ``place``: the change's ID as pressed, the channel."""
        if decision.code in TAKEN:
            return  # the record that it moved tells of it
        (change_id, channel), record = place, decision.record
        found = (None, None) if record is None else (record.group_id, record.group_name)
        why = decision.why if decision.why is not None else decision.code.value
        self._services.attempts.note(
            Attempt(actor, doing, why, channel, change_id, *found, decision.facts)
        )

    def _tell(self, where: Looking, decision: Decision) -> None:
        drawn = _drawn(decision)
        screen = self._services.screen
        if isinstance(where, AtHome):
            self._services.homes.opened(where.actor, where.place, tuple(drawn["blocks"]))
        elif where.view_id is not None:
            view = modal(TITLE, drawn["blocks"], callback_id=NOTICE)
            screen.update_view(where.view_id, view)
        elif where.response_url is not None:
            screen.respond(where.response_url, drawn, replace=where.replaces)


def _late(press: Press, doing: Doing) -> Attempt:
    return Attempt(press.actor, doing, Why.LATE, press.reply.channel_id, press.value)


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
