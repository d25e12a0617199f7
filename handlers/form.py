"""The form: opens at once, fills when Uplynk has answered, redraws on every edit, submits."""

import threading
from collections import OrderedDict
from dataclasses import replace
from functools import partial

from slack_bolt import Ack, BoltRequest

from blocks import change_form, errors
from blocks.answers import outcome_view
from blocks.change_form import (
    FormMemory,
    barred,
    choice,
    choosing,
    form,
    loading,
    notice,
    reopen,
    unavailable,
    working,
)
from blocks.ids import FAILBACK, GROUP, MODE, REASON
from blocks.kit import OPTION_VALUE_LIMIT
from blocks.reasons import explain
from failover.change import Configure
from failover.errors import TriggerExpired, UplynkError, ViewMoved
from failover.lifecycle import Actor, ReplyTo, Request, Why
from failover.model import FailoverGroup, Mode
from failover.roles import Action
from failover.standing import Allowed
from handlers import payload
from handlers.acceptance import Acceptance
from handlers.background import Background
from handlers.payload import Malformed, Press, View
from services import Services
from services.groups import Ambiguous, NoSuchGroup

SUGGESTIONS = 100
VIEWS_FOLLOWED = 500
NOT_READ = "\u26a0\ufe0f This could not be read."


class FormHandlers:
    """Everything that happens in the form."""

    def __init__(self, services: Services, background: Background) -> None:
        """``background``: runs what may take longer than an acknowledgement."""
        self._services = services
        self._background = background
        self._acceptance = Acceptance(services)
        self._edits = _Latest(VIEWS_FOLLOWED)

    def open(self, trigger_id: str, actor: Actor, word: str | None, reply: ReplyTo) -> None:
        """Open the form, then fill it. Runs in the background."""
        memory = FormMemory(channel_id=reply.channel_id)
        screen = self._services.screen
        try:
            view_id = screen.open_view(trigger_id, loading(memory))
        except TriggerExpired:
            if reply.response_url is not None:
                screen.respond(reply.response_url, reopen(word))
            return
        # From here on the person looks at the form: whatever goes wrong is told there.
        here = ReplyTo(reply.channel_id, view_id=view_id)
        self._background.start_or_say(here, lambda: self.fill(view_id, actor, word, memory))

    def on_press(self, ack: Ack, press: Press) -> None:
        """A choice in the form, or its *Try again*."""
        ack()
        if press.view is None:
            raise Malformed("a press in no view")
        view = press.view
        turn = self._edits.next(view.id)
        job = self._chosen if press.action_id in (MODE, FAILBACK) else self._other_group
        self._background.start_or_say(press.reply, lambda: job(press, view, turn))

    def on_search(self, ack: Ack, body: dict[str, object]) -> None:
        """What is typed into the group chooser, answered from memory."""
        found = self._services.overview.search(payload.suggestion(body), SUGGESTIONS)
        ack(options=[choice(group) for group in found if len(group.id) <= OPTION_VALUE_LIMIT])

    def on_submit(self, ack: Ack, body: dict[str, object], request: BoltRequest) -> None:
        """The form is confirmed: stored before it is acknowledged, carried out afterwards."""
        submission = payload.submission(body)
        memory, view = _memory(submission.view), submission.view
        if memory.group_id is None or memory.mark is None:
            raise Malformed("a form without a group")
        chosen = view.chosen(GROUP)
        if chosen is not None and chosen != memory.group_id:
            # Another group was chosen, and submitted before it was shown: nobody saw what they do.
            ack(response_action="update", view=loading(memory))
            job = partial(self.fill, view.id, submission.actor, chosen, memory)
            self._background.start_or_say(ReplyTo(view_id=view.id), job)
            return
        wanted = Request(
            key=submission.key,
            actor=submission.actor,
            group=memory.group_id,
            change=_draft(view),
            received_at=self._services.overview.now(),
            reply=ReplyTo(channel_id=memory.channel_id, view_id=view.id),
            reason=_reason(view),
            seen=memory.mark,
        )
        taken = self._acceptance.take(request, wanted)
        if isinstance(taken, str):
            drawn = notice(taken)
        else:
            record, first = taken
            drawn = working() if first else outcome_view(record, None, wanted.received_at)
        ack(response_action="update", view=drawn)

    def fill(self, view_id: str, actor: Actor, word: str | None, memory: FormMemory) -> None:
        """Draw the form into an open view. Runs in the background."""
        overview, screen = self._services.overview, self._services.screen
        try:
            view = self._barred(actor) or self._filled(actor, word, memory)
        except UplynkError as error:
            again = replace(memory, group_id=word)
            view = unavailable(NOT_READ, errors.told(error), again)
        screen.update_view(view_id, view)
        overview.refresh()

    def _filled(self, actor: Actor, word: str | None, memory: FormMemory) -> dict[str, object]:
        overview = self._services.overview
        if word is None:
            overview.listing()
            return choosing(memory)
        found = overview.find(word)
        if isinstance(found, FailoverGroup):
            return form(overview.picture(actor, found.id), memory.channel_id)
        return change_form.not_one(word, not_one(found), memory)

    def _barred(self, actor: Actor) -> dict[str, object] | None:
        access = self._services.overview.allowed(actor, Action.VIEW)
        return None if isinstance(access, Allowed) else barred(access)

    def _other_group(self, press: Press, view: View, turn: int) -> None:
        memory = _memory(view)
        word = press.value if press.value != "-" else None
        if press.action_id == GROUP and word is not None:
            self._draw(view, loading(replace(memory, group_id=word)), turn)
            drawn = self._barred(press.actor) or self._pictured(press.actor, word, memory)
            self._draw(replace(view, hash=None), drawn, turn)
            return
        self.fill(view.id, press.actor, word, replace(memory, group_id=None))

    def _pictured(self, actor: Actor, group_id: str, memory: FormMemory) -> dict[str, object]:
        try:
            return form(self._services.overview.picture(actor, group_id), memory.channel_id)
        except UplynkError as error:
            again = replace(memory, group_id=group_id)
            return unavailable(NOT_READ, errors.told(error), again)

    def _chosen(self, press: Press, view: View, turn: int) -> None:
        memory = _memory(view)
        if memory.mark is None or memory.read_at is None:
            raise Malformed("a choice without a group")
        draft = _draft(view)
        picture = self._services.overview.edited(press.actor, memory.mark, memory.read_at, draft)
        drawn = notice(errors.GONE) if picture is None else form(picture, memory.channel_id)
        self._draw(view, self._barred(press.actor) or drawn, turn)

    def _draw(self, view: View, drawn: dict[str, object], turn: int) -> None:
        if not self._edits.is_last(view.id, turn):
            return
        try:
            self._services.screen.update_view(view.id, drawn, hash=view.hash)
        except ViewMoved:
            # The edit came from an older rendering, but nobody has edited since: it is the newest.
            if self._edits.is_last(view.id, turn):
                self._services.screen.update_view(view.id, drawn)


class _Latest:
    """Numbers the edits of each view, so that an older one never overdraws a newer."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._lock = threading.Lock()
        self._turns: OrderedDict[str, int] = OrderedDict()

    def next(self, view_id: str) -> int:
        with self._lock:
            turn = self._turns.pop(view_id, 0) + 1
            self._turns[view_id] = turn
            if len(self._turns) > self._size:
                self._turns.popitem(last=False)
        return turn

    def is_last(self, view_id: str, turn: int) -> bool:
        with self._lock:
            return self._turns.get(view_id, turn) == turn


def _draft(view: View) -> Configure:
    mode, failback = view.chosen(MODE), view.chosen(FAILBACK)
    if mode not in (Mode.FLAT, Mode.PRIORITIZED) or failback not in (None, "on", "off"):
        raise Malformed("a choice that was not offered")
    if mode == Mode.FLAT or failback is None:
        return Configure(Mode(mode))
    return Configure(Mode(mode), failback == "on")


def _memory(view: View) -> FormMemory:
    try:
        return FormMemory.read(view.metadata)
    except ValueError:
        raise Malformed("private metadata") from None


def _reason(view: View) -> str | None:
    reason = view.typed(REASON)
    return None if reason is None else reason[:500]


def not_one(found: NoSuchGroup | Ambiguous) -> str:
    """The paragraph for a word that means no group, or several."""
    if isinstance(found, NoSuchGroup):
        return explain(Why.NO_SUCH_GROUP, {"near": found.near})
    names = [(group.name, group.id) for group in found.candidates]
    return explain(Why.AMBIGUOUS_GROUP, {"candidates": names})
