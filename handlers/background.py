"""Work after the acknowledgement: whatever goes wrong, the person who waits is told."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

from blocks import errors
from blocks.change_form import notice
from blocks.home import noted, place_of
from failover.errors import FailoverError, SlackProblem, ViewGone
from failover.home import Place
from failover.lifecycle import Actor, ReplyTo
from handlers.payload import Malformed, Press
from services import Services
from services.observing import Part

log = logging.getLogger(__name__)

PATIENCE_SECONDS = 1.5
"""How long a person waits before they hear that the answer takes longer."""
WARNING_SECONDS = 0.3
"""The same where Uplynk did not answer the last calls: what needs no answer of it is quicker."""


@dataclass(frozen=True, slots=True)
class AtHome:
    """Where a person is looking who pressed in their Home tab, which answers by being redrawn."""

    actor: Actor
    place: Place


Looking: TypeAlias = ReplyTo | AtHome


def looking(press: Press) -> Looking:
    """Where to answer a press: at home, in place of a private message, or beside any other."""
    if press.view is not None and not press.view.modal:
        return AtHome(press.actor, place_of(press.view.metadata))
    return replace(press.reply, replaces=press.private)


class Background:
    """Runs jobs on the pool and answers for those that fail."""

    def __init__(self, services: Services) -> None:
        """``services``: for its pool, its screen and its IDs."""
        self._services = services

    def start(self, reply: Looking, job: Callable[[], None]) -> bool:
        """Queue a job; False, and nothing queued, when there is no room."""
        return self._services.work.submit(lambda: self.run(reply, job))

    def open_door(self, reply: Looking, job: Callable[[], None]) -> bool:
        """Queue the opening of a form, apart from all that may have to wait for Uplynk."""
        pressed = time.monotonic()
        return self._services.doors.submit(lambda: self._door(reply, job, pressed))

    def start_or_say(self, reply: Looking, job: Callable[[], None]) -> None:
        """Queue what a press asks for; where there is no room say so as soon as there is."""
        if self.start(reply, job):
            return
        log.warning("a press was not carried out: every worker is busy")

        def say() -> None:
            if not self._services.work.submit(lambda: self._explain(reply, errors.BUSY)):
                self._services.later(PATIENCE_SECONDS, say)

        self._services.later(PATIENCE_SECONDS, say)

    def tell(self, reply: Looking, text: str) -> None:
        """Say something privately where the person is looking. Raises SlackProblem."""
        screen = self._services.screen
        if isinstance(reply, AtHome):
            self._services.homes.opened(reply.actor, reply.place, noted(text))
        elif reply.view_id is not None:
            screen.update_view(reply.view_id, notice(text))
        elif reply.response_url is not None:
            screen.respond(reply.response_url, errors.note(text), replace=reply.replaces)

    def run(self, reply: Looking, job: Callable[[], None]) -> None:
        """Do a job on this thread; whatever goes wrong is told where ``reply`` says."""
        call_off = self._promise(reply)
        try:
            self._guarded(reply, job)
        finally:
            call_off()

    def _door(self, reply: Looking, job: Callable[[], None], pressed: float) -> None:
        self._guarded(reply, job)
        self._services.meters.took(Part.FORM, time.monotonic() - pressed)

    def _guarded(self, reply: Looking, job: Callable[[], None]) -> None:
        try:
            job()
        except ViewGone:
            log.info("the view was closed before it could be redrawn")
        except Malformed as error:
            log.warning("a press that is not as it was drawn: %s", error)
            self._explain(reply, errors.MALFORMED)
        except FailoverError as error:
            log.warning("%s: %s", type(error).__name__, error)
            self._explain(reply, errors.told(error))
        except Exception:
            reference = self._services.new_id()[:8]
            log.exception("unforeseen, reference %s", reference)
            self._explain(reply, errors.unforeseen(reference))

    def _promise(self, reply: Looking) -> Callable[[], None]:
        """Unless it is called off in time, tell a person who waits that the work goes on."""
        if isinstance(reply, AtHome):
            return lambda: None
        if reply.view_id is not None or reply.response_url is None:
            return lambda: None

        answered, trouble = threading.Event(), self._services.trouble()
        told = errors.WAIT if trouble is None else errors.trying(trouble)
        patience = PATIENCE_SECONDS if trouble is None else WARNING_SECONDS

        def say() -> None:
            # A message of its own: it must not take the place of an answer that overtakes it.
            if not answered.is_set():
                self._explain(replace(reply, replaces=False), told)

        call_off = self._services.later(patience, lambda: self._services.work.submit(say))

        def done() -> None:
            answered.set()
            call_off()

        return done

    def _explain(self, reply: Looking, text: str) -> None:
        try:
            self.tell(reply, text)
        except SlackProblem as problem:
            log.warning("the person could not be told: %s", problem.error)
