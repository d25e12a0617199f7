"""The form: opens at once, fills when Uplynk has answered, redraws on every edit, submits."""

from dataclasses import replace
from functools import partial

from slack_bolt import Ack, BoltRequest

from blocks import errors
from blocks.answers import outcome_view
from blocks.change_form import (
    FormMemory,
    choice,
    loading,
    notice,
    reopen,
    working,
)
from blocks.form_inputs import block_id, what_id
from blocks.form_preview import CHOSEN_SINCE, TYPED_SINCE, field_errors
from blocks.ids import GROUP, REASON, RELOAD_FORM
from blocks.kit import OPTION_VALUE_LIMIT
from blocks.opening import Opening
from failover.change import needed
from failover.draft import FIELDS, Draft, Filled
from failover.errors import LedgerUnavailable, TriggerExpired, ViewMoved
from failover.lifecycle import Actor, ReplyTo, Request
from failover.roles import Action
from handlers import payload
from handlers.acceptance import Acceptance
from handlers.background import Background
from handlers.filled import filled_of, memory_of, reason_of
from handlers.form_views import Drawn, FormViews, not_one
from handlers.payload import Malformed, Press, Submission, View
from handlers.turns import Latest
from services import Services
from services.health import insisting

__all__ = ["FormHandlers", "not_one"]

SUGGESTIONS = 100
VIEWS_FOLLOWED = 500


class FormHandlers:
    """Everything that happens in the form."""

    def __init__(self, services: Services, background: Background) -> None:
        """``background``: runs what may take longer than an acknowledgement."""
        self._services = services
        self._background = background
        self._acceptance = Acceptance(services)
        self._views = FormViews(services.overview, services.attempts)
        self._edits = Latest(VIEWS_FOLLOWED)

    def open(self, trigger_id: str, actor: Actor, word: str | None, reply: ReplyTo) -> None:
        """Open the form, then fill it; ``word``: a group, or what ``Opening`` wrote.

        Runs in the background.
        """
        opening = Opening.read(word)
        memory = FormMemory(channel_id=reply.channel_id, action=opening.action)
        screen = self._services.screen
        try:
            view_id = screen.open_view(trigger_id, self._loading(memory))
        except TriggerExpired:
            if reply.response_url is not None:
                screen.respond(reply.response_url, reopen(word))
            return
        # From here on the person looks at the form: whatever goes wrong is told there.
        here = ReplyTo(reply.channel_id, view_id=view_id)
        fill = partial(self._fill, view_id, actor, opening, memory)
        self._background.start_or_say(here, fill)

    def on_press(self, ack: Ack, press: Press) -> None:
        """A choice in the form, or its *Try again*."""
        ack()
        if press.view is None:
            raise Malformed("a press in no view")
        view = press.view
        turn = self._edits.next(view.id)
        job = {GROUP: self._other_group, RELOAD_FORM: self._again}.get(
            press.action_id, self._edited
        )
        self._background.start_or_say(press.reply, lambda: job(press, view, turn))

    def on_search(self, ack: Ack, body: dict[str, object]) -> None:
        """What is typed into the group chooser, answered from memory."""
        found = self._services.overview.search(payload.suggestion(body), SUGGESTIONS)
        ack(options=[choice(group) for group in found if len(group.id) <= OPTION_VALUE_LIMIT])

    def on_submit(self, ack: Ack, body: dict[str, object], request: BoltRequest) -> None:
        """The form is confirmed: stored before it is acknowledged, carried out afterwards."""
        submission = payload.submission(body)
        memory, view = memory_of(submission.view), submission.view
        if memory.group_id is None or memory.mark is None:
            raise Malformed("a form without a group")
        chosen = view.chosen(GROUP)
        if chosen is not None and chosen != memory.group_id:
            # Another group was chosen, and submitted before it was shown: nobody saw what they do.
            ack(response_action="update", view=self._loading(memory))
            job = partial(self.fill, view.id, submission.actor, chosen, memory)
            self._background.start_or_say(ReplyTo(view_id=view.id), job)
            return
        filled = filled_of(view, memory)
        draft = self._drafted(memory.mark, filled)
        if isinstance(draft, str):
            ack(response_action="update", view=notice(draft))
        elif marked := self._marked(submission, memory, draft):
            ack(response_action="errors", errors=marked)
        else:
            self._take(ack, submission, draft, request)

    def fill(self, view_id: str, actor: Actor, word: str | None, memory: FormMemory) -> None:
        """Draw the form into an open view. Runs in the background."""
        self._fill(view_id, actor, Opening(word), memory)

    def again(self, view_id: str, wanted: Request) -> None:
        """Draw the form with what was asked for before into an open view. In the background."""
        action = needed(wanted.change)
        known = action if action in FIELDS else None
        memory = FormMemory(channel_id=wanted.reply.channel_id, action=known)
        opening = Opening(wanted.group, known, again=wanted.change)
        self._fill(view_id, wanted.actor, opening, memory)

    def _fill(self, view_id: str, actor: Actor, opening: Opening, memory: FormMemory) -> None:
        self._services.screen.update_view(view_id, self._views.opened(actor, opening, memory))
        self._services.overview.refresh()

    def _take(self, ack: Ack, submission: Submission, draft: Draft, request: BoltRequest) -> None:
        memory, view = memory_of(submission.view), submission.view
        assert memory.group_id is not None
        assert draft.change is not None
        wanted = Request(
            key=submission.key,
            actor=submission.actor,
            group=memory.group_id,
            change=draft.change,
            received_at=self._services.overview.now(),
            reply=ReplyTo(channel_id=memory.channel_id, view_id=view.id),
            reason=reason_of(view),
            seen=memory.mark,
        )
        taken = self._acceptance.take(request, wanted)
        if isinstance(taken, str):
            drawn = notice(taken)
        else:
            record, first = taken
            drawn = working() if first else outcome_view(record, None, wanted.received_at)
        ack(response_action="update", view=drawn)

    def _drafted(self, mark: str, filled: Filled) -> Draft | str:
        """What is asked for; words where that is not known any more, or cannot be found out."""
        try:
            draft = self._services.overview.drafted(mark, filled)
        except LedgerUnavailable:
            return errors.UNRECORDED
        except ValueError:
            raise Malformed("a choice that was not offered") from None
        return errors.GONE if draft is None else draft

    def _marked(self, submission: Submission, memory: FormMemory, draft: Draft) -> dict[str, str]:
        """By block ID, what keeps the form from being submitted; empty: nothing."""
        view, mark, action = submission.view, memory.mark or "", draft.action
        if action is memory.action and draft.faults:
            return self._under_inputs(view, mark, draft)
        if action is not memory.action:
            # Under the one input that the form will still have when it is drawn anew.
            found = {REASON: CHOSEN_SINCE}
        elif draft.is_typed and draft.digest != memory.previewed:
            found = {block_id(FIELDS[action][0], mark, action): TYPED_SINCE}
        else:
            return {}
        job = partial(self._redraw, submission.actor, view, self._edits.next(view.id))
        self._background.start_or_say(ReplyTo(view_id=view.id), job)
        return found

    @staticmethod
    def _under_inputs(view: View, mark: str, draft: Draft) -> dict[str, str]:
        # An error under a block that is not there would be a failure for Slack.
        spare = what_id(mark, draft.action)
        return {
            block_id(field, mark, draft.action) if field in view.values else spare: text
            for field, text in field_errors(draft.faults).items()
        }

    def _other_group(self, press: Press, view: View, turn: int) -> None:
        memory = memory_of(view)
        word = press.value if press.value != "-" else None
        if press.action_id == GROUP and word is not None:
            self._draw(view, self._loading(replace(memory, group_id=word)), turn)
            drawn = self._views.of_group(press.actor, word, memory)
            self._draw(replace(view, hash=None), drawn, turn)
            return
        self.fill(view.id, press.actor, word, replace(memory, group_id=None))

    def _again(self, press: Press, view: View, turn: int) -> None:
        """*Try again*: whoever presses it may know that what stood against it is put right."""
        with insisting():
            self._other_group(press, view, turn)

    def _loading(self, memory: FormMemory) -> Drawn:
        return loading(memory, self._services.trouble())

    def _edited(self, press: Press, view: View, turn: int) -> None:
        self._redraw(press.actor, view, turn)

    def _redraw(self, actor: Actor, view: View, turn: int) -> None:
        memory = memory_of(view)
        filled = filled_of(view, memory)
        if filled.action is Action.OWNERS and memory.action is not Action.OWNERS:
            # Those have to be read from Uplynk first.
            self._draw(view, self._loading(replace(memory, action=filled.action)), turn)
            view = replace(view, hash=None)
        self._draw(view, self._views.edited(actor, filled, memory), turn)

    def _draw(self, view: View, drawn: Drawn, turn: int) -> None:
        if not self._edits.is_last(view.id, turn):
            return
        try:
            self._services.screen.update_view(view.id, drawn, hash=view.hash)
        except ViewMoved:
            # The edit came from an older rendering, but nobody has edited since: it is the newest.
            if self._edits.is_last(view.id, turn):
                self._services.screen.update_view(view.id, drawn)
