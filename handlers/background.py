"""Work after the acknowledgement: whatever goes wrong, the person who waits is told."""

import logging
import threading
from collections.abc import Callable
from dataclasses import replace

from blocks import errors
from blocks.change_form import notice
from failover.errors import FailoverError, SlackProblem, ViewGone
from failover.lifecycle import ReplyTo
from handlers.payload import Malformed
from services import Services

log = logging.getLogger(__name__)

PATIENCE_SECONDS = 1.5
"""How long a person waits before they hear that the answer takes longer."""


class Background:
    """Runs jobs on the pool and answers for those that fail."""

    def __init__(self, services: Services) -> None:
        """``services``: for its pool, its screen and its IDs."""
        self._services = services

    def start(self, reply: ReplyTo, job: Callable[[], None]) -> bool:
        """Queue a job; False, and nothing queued, when there is no room."""
        return self._services.work.submit(lambda: self.run(reply, job))

    def open_door(self, reply: ReplyTo, job: Callable[[], None]) -> bool:
        """Queue the opening of a form, apart from all that may have to wait for Uplynk."""
        return self._services.doors.submit(lambda: self._guarded(reply, job))

    def start_or_say(self, reply: ReplyTo, job: Callable[[], None]) -> None:
        """Queue what a press asks for; where there is no room say so as soon as there is."""
        if self.start(reply, job):
            return
        log.warning("a press was not carried out: every worker is busy")

        def say() -> None:
            if not self._services.work.submit(lambda: self._explain(reply, errors.BUSY)):
                self._services.later(PATIENCE_SECONDS, say)

        self._services.later(PATIENCE_SECONDS, say)

    def tell(self, reply: ReplyTo, text: str) -> None:
        """Say something privately where the person is looking. Raises SlackProblem."""
        screen = self._services.screen
        if reply.view_id is not None:
            screen.update_view(reply.view_id, notice(text))
        elif reply.response_url is not None:
            screen.respond(reply.response_url, errors.note(text), replace=reply.replaces)

    def run(self, reply: ReplyTo, job: Callable[[], None]) -> None:
        """Do a job on this thread; whatever goes wrong is told where ``reply`` says."""
        call_off = self._promise(reply)
        try:
            self._guarded(reply, job)
        finally:
            call_off()

    def _guarded(self, reply: ReplyTo, job: Callable[[], None]) -> None:
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

    def _promise(self, reply: ReplyTo) -> Callable[[], None]:
        """Unless it is called off in time, tell a person who waits that the work goes on."""
        if reply.view_id is not None or reply.response_url is None:
            return lambda: None

        answered = threading.Event()

        def say() -> None:
            # A message of its own: it must not take the place of an answer that overtakes it.
            if not answered.is_set():
                self._explain(replace(reply, replaces=False), errors.WAIT)

        call_off = self._services.later(PATIENCE_SECONDS, lambda: self._services.work.submit(say))

        def done() -> None:
            answered.set()
            call_off()

        return done

    def _explain(self, reply: ReplyTo, text: str) -> None:
        try:
            self.tell(reply, text)
        except SlackProblem as problem:
            log.warning("the person could not be told: %s", problem.error)
