"""The form for several groups: picked, shown as a table, submitted, carried out as a typed set."""

from dataclasses import replace
from functools import partial

from slack_bolt import Ack, BoltRequest

from blocks import errors
from blocks.change_form import FormMemory, barred, notice
from blocks.form_preview import CHOSEN_SINCE
from blocks.ids import (
    GROUPS,
    PICK_FAILBACK,
    PICK_MODE,
    PICK_SLATE,
    PICK_WHAT,
    TROUBLE,
)
from blocks.set_form import (
    GO_ON,
    NOTHING_CHOSEN,
    SetMemory,
    begun,
    confirming,
    pick_option,
    picking,
    reading,
)
from failover.change import Configure, Slate
from failover.errors import LedgerUnavailable
from failover.lifecycle import Actor, ReplyTo, Request
from failover.picking import KEEP, Picking, PickPicture
from failover.roles import Action
from failover.sets import MOST, PICKED, SetPicture
from failover.standing import Allowed, Answer
from handlers import payload
from handlers.background import Background
from handlers.filled import memory_of, reason_of
from handlers.payload import Malformed, Press, Submission, View
from handlers.sets import SetHandlers
from handlers.turns import Latest
from services import Services
from services.picks import NoLonger
from services.set_previews import TooMany

SUGGESTIONS = 100
VIEWS_FOLLOWED = 500


class SetFormHandlers:
    """Everything that happens in the form of several groups."""

    def __init__(self, services: Services, background: Background, sets: SetHandlers) -> None:
        """``sets`` takes on what is confirmed, as it does under a message."""
        self._services = services
        self._background = background
        self._sets = sets
        self._edits = Latest(VIEWS_FOLLOWED)

    def on_open(self, ack: Ack, press: Press) -> None:
        """*Several groups…*: from the form of one, with its group picked."""
        view, memory = _view_of(press), _memory(press)
        values = () if press.value == "-" else (press.value,)
        action = memory.action if memory.action is Action.SLATE else Action.CONFIGURE
        start = Picking(values, action)
        ack()
        draw = partial(self._pick, view.id, press.actor, start, memory.channel_id)
        self._background.start_or_say(press.reply, draw)

    def on_edit(self, ack: Ack, press: Press) -> None:
        """Another action or mode is chosen, which asks for other inputs."""
        view, memory = _view_of(press), _memory(press)
        filled, turn = _filled(view), self._edits.next(view.id)
        ack()

        def draw() -> None:
            if self._edits.is_last(view.id, turn):
                self._pick(view.id, press.actor, filled, memory.channel_id)

        self._background.start_or_say(press.reply, draw)

    def on_search(self, ack: Ack, body: dict[str, object]) -> None:
        """What is typed into the chooser, answered from memory."""
        found = self._services.picks.search(payload.suggestion(body), SUGGESTIONS)
        ack(options=[one for one in map(pick_option, found) if one is not None])

    def on_picked(self, ack: Ack, body: dict[str, object]) -> None:
        """What is picked is to be looked at; nothing is taken on yet."""
        submission = payload.submission(body)
        memory, filled = memory_of(submission.view), _filled(submission.view)
        if not filled.values:
            ack(response_action="errors", errors={GROUPS: "Pick a group at least."})
            return
        if _change(filled) is None:
            ack(response_action="errors", errors=_nothing_yet(submission.view, filled))
            return
        ack(response_action="update", view=reading())
        show = partial(self._show, submission, filled, memory.channel_id)
        self._background.start_or_say(ReplyTo(view_id=submission.view.id), show)

    def on_repick(self, ack: Ack, press: Press) -> None:
        """Back from the table, with what was picked and chosen for it."""
        view = _view_of(press)
        memory = _set_memory(view)
        ack()
        self._background.start_or_say(
            press.reply, lambda: self._repick(view.id, press.actor, memory)
        )

    def on_submit(self, ack: Ack, body: dict[str, object], request: BoltRequest) -> None:
        """The set is confirmed: stored before it is acknowledged, carried out afterwards."""
        submission = payload.submission(body)
        view, memory = submission.view, _set_memory(submission.view)
        reply = ReplyTo(memory.channel_id, view_id=view.id)
        go_on = view.chosen(TROUBLE) == GO_ON
        try:
            shown = self._services.set_previews.known(memory.set_id)
        except LedgerUnavailable:
            told: str | None = errors.UNRECORDED
        else:
            told = errors.GONE
            if shown is not None:
                told = self._sets.take(shown, submission.actor, reply, request, go_on=go_on)
        ack(response_action="update", view=begun() if told is None else notice(told))

    def _show(self, submission: Submission, filled: Picking, channel_id: str | None) -> None:
        change = _change(filled)
        assert change is not None
        asked = Request(
            key=submission.key,
            actor=submission.actor,
            group=PICKED,
            change=change,
            received_at=self._services.overview.now(),
            reply=ReplyTo(channel_id),
            reason=filled.reason,
        )
        view_id = submission.view.id
        shown = self._services.picks.show(asked, filled.values)
        match shown:
            case SetPicture():
                memory = SetMemory(shown.group_set.id, channel_id, filled.values)
                self._services.screen.update_view(view_id, confirming(shown, memory))
            case TooMany(count):
                told = errors.too_many_groups(count, MOST)
                self._pick(view_id, submission.actor, filled, channel_id, told)
            case NoLonger(values):
                left = tuple(one for one in filled.values if one not in values)
                still, told = replace(filled, values=left), errors.picks_gone(len(values))
                self._pick(view_id, submission.actor, still, channel_id, told)
            case _:
                self._bar(view_id, shown)

    def _repick(self, view_id: str, actor: Actor, memory: SetMemory) -> None:
        known = self._services.set_previews.known(memory.set_id)
        if known is None:
            self._services.screen.update_view(view_id, notice(errors.GONE))
            return
        filled = Picking.of(memory.values, known.request.change, known.request.reason)
        self._pick(view_id, actor, filled, memory.channel_id)

    def _pick(
        self,
        view_id: str,
        actor: Actor,
        filled: Picking,
        channel_id: str | None,
        told: str | None = None,
    ) -> None:
        picture = self._services.picks.picture(actor, filled)
        if isinstance(picture, PickPicture):
            self._services.screen.update_view(view_id, picking(picture, channel_id, told))
        else:
            self._bar(view_id, picture)

    def _bar(self, view_id: str, access: Answer) -> None:
        assert not isinstance(access, Allowed)
        self._services.screen.update_view(view_id, barred(access))


def _view_of(press: Press) -> View:
    if press.view is None:
        raise Malformed("a press in no view")
    return press.view


def _memory(press: Press) -> FormMemory:
    return memory_of(_view_of(press))


def _set_memory(view: View) -> SetMemory:
    try:
        return SetMemory.read(view.metadata)
    except ValueError:
        raise Malformed("private metadata") from None


def _filled(view: View) -> Picking:
    """What stands in the form. Raises Malformed."""
    try:
        return Picking(
            values=tuple(dict.fromkeys(view.picked(GROUPS))),
            action=Action(view.chosen(PICK_WHAT) or Action.CONFIGURE),
            mode=view.chosen(PICK_MODE) or KEEP,
            failback=view.chosen(PICK_FAILBACK) or KEEP,
            slate=view.chosen(PICK_SLATE),
            reason=reason_of(view),
        )
    except ValueError:
        raise Malformed("a choice that was not offered") from None


def _nothing_yet(view: View, filled: Picking) -> dict[str, str]:
    """By block ID, what is missing where nothing is asked for."""
    asked = PICK_SLATE if filled.action is Action.SLATE else PICK_MODE
    # An error under a block that is not there, as before the redraw, would be a failure for Slack.
    return {asked: NOTHING_CHOSEN} if asked in view.values else {PICK_WHAT: CHOSEN_SINCE}


def _change(filled: Picking) -> Configure | Slate | None:
    try:
        return filled.change
    except ValueError:
        raise Malformed("a choice that was not offered") from None
