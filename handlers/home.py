"""The Home tab: shown when it is opened, paged through, and a way into the form."""

from functools import partial

from slack_bolt import Ack, BoltRequest

from blocks import errors
from blocks.change_form import FormMemory, loading
from blocks.home import NOT_IN_TIME, UNLOCKING, place_of
from blocks.home_pressing import unlocked
from failover.errors import TriggerExpired
from failover.lifecycle import ReplyTo, Request
from handlers import payload
from handlers.acceptance import Acceptance
from handlers.background import Background, looking
from handlers.form import FormHandlers
from handlers.payload import Press
from services import Services

HOME_TAB = "home"


class HomeHandlers:
    """Everything that happens in the Home tab. What goes wrong is told there, too."""

    def __init__(self, services: Services, background: Background, form: FormHandlers) -> None:
        """``form``: fills what is opened here."""
        self._services = services
        self._background = background
        self._form = form
        self._acceptance = Acceptance(services)

    def on_opened(self, body: dict[str, object]) -> None:
        """Somebody opened a tab of the bot; Slack may say so more than once."""
        told = payload.home_opened(body)
        if told.tab == HOME_TAB:
            self._services.homes.opened(told.actor, place_of(told.metadata))

    def on_turn(self, ack: Ack, press: Press) -> None:
        """Another page, other groups, or the same read again: the button says where to."""
        ack()
        self._services.homes.opened(press.actor, place_of(press.value))

    def on_form(self, ack: Ack, press: Press) -> None:
        """The form, with a group chosen where the button stands beside one."""
        ack()
        if not self._background.open_door(ReplyTo(), partial(self._open, press)):
            self._background.tell(looking(press), errors.BUSY)

    def on_unlock(self, ack: Ack, press: Press, request: BoltRequest) -> None:
        """The lock that was shown is taken away, as by a typed line.

        Its card and a direct message tell of it.

        The tab is drawn anew once it is done, as after any change.
        """
        shown = unlocked(press.value)
        if shown is None:
            ack()
            self._background.tell(looking(press), errors.GONE)
            return
        group, unlock = shown
        wanted = Request(
            key=press.key,
            actor=press.actor,
            group=group,
            change=unlock,
            received_at=self._services.overview.now(),
        )
        taken = self._acceptance.take(request, wanted)
        ack()
        self._background.tell(looking(press), taken if isinstance(taken, str) else UNLOCKING)

    def _open(self, press: Press) -> None:
        word = None if press.value == "-" else press.value
        memory = FormMemory()
        drawn = loading(memory, self._services.trouble())
        try:
            view_id = self._services.screen.open_view(press.trigger_id, drawn)
        except TriggerExpired:
            self._background.tell(looking(press), NOT_IN_TIME)
            return
        here = ReplyTo(view_id=view_id)
        fill = partial(self._form.fill, view_id, press.actor, word, memory)
        self._background.start_or_say(here, fill)
