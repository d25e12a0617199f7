"""How a set goes, told to its person: where they pressed, and in a direct message beyond that.

A form that was submitted is drawn anew while it is open. Since it can be closed at any time, how it
came out is told in a direct message as well.

An answer of Slack's to a press can be used five times within 30 minutes [handling-user-interaction]
and takes the place of the message that was pressed; what was typed can only be answered below it.
"""

import logging
from collections.abc import Callable
from dataclasses import replace

from failover.errors import SlackProblem, ViewGone
from failover.sets import GroupSet, SetProgress
from services.ports import Drawn, Screen, Timer

log = logging.getLogger(__name__)

IN_PLACE = 4
"""So often a pressed message is drawn anew before the last word."""

EDIT_EVERY_SECONDS = 1.0
REST = 5.0
"""So many times as long as Slack took for an edit the next one has to wait: the changes go first.
"""


class SetTelling:
    """Makes a teller for each set."""

    def __init__(
        self,
        screen: Screen,
        draw: Callable[[SetProgress], Drawn],
        timer: Timer,
        draw_view: Callable[[SetProgress], Drawn],
    ) -> None:
        """``draw`` puts a progress into a message, ``draw_view`` into a view."""
        self._screen = screen
        self._draw = draw
        self._timer = timer
        self._draw_view = draw_view

    def of(self, group_set: GroupSet) -> "Teller":
        """What tells of one set."""
        return Teller(group_set, self._screen, (self._draw, self._draw_view), self._timer)


class Teller:
    """One message about one set, edited in place. For one thread."""

    def __init__(
        self,
        group_set: GroupSet,
        screen: Screen,
        draw: tuple[Callable[[SetProgress], Drawn], Callable[[SetProgress], Drawn]],
        timer: Timer,
    ) -> None:
        """Nothing is told yet; ``draw``: into a message, and into a view."""
        self._to = group_set.request.actor.user_id
        self._reply = group_set.request.reply
        self._screen = screen
        self._draw, self._draw_view = draw
        self._timer = timer
        self._view_id = self._reply.view_id
        self._left = 0
        if self._reply.response_url is not None:
            self._left = IN_PLACE if self._reply.replaces else 1
        self._direct: str | None = None
        self._next = float("-inf")

    def goes(self, progress: SetProgress) -> None:
        """Tell how it goes, unless that was told a moment ago; where Slack fails it is left."""
        begun = self._timer.monotonic()
        if begun < self._next:
            return
        try:
            self._tell(progress)
            took = self._timer.monotonic() - begun
            self._next = begun + max(EDIT_EVERY_SECONDS, REST * took)
        except SlackProblem as problem:
            # The changes must not wait for a Slack that fails: the last word is tried anyway.
            log.warning("the progress of a set is told no more: %s", problem.error)
            self._next = float("inf")

    def ends(self, progress: SetProgress) -> None:
        """Tell how it came out, wherever it was told how it goes. Raises SlackProblem."""
        self._try(lambda: self._into_view(progress))
        told = self._try(lambda: self._respond(progress))
        if self._direct is not None or not told:
            self._directly(progress)

    def _tell(self, progress: SetProgress) -> None:
        self._into_view(progress)
        if self._view_id is not None:
            return
        if self._left > 0:
            self._left -= 1
            self._respond(replace(progress, elsewhere=self._left == 0))
        else:
            self._directly(progress)

    def _into_view(self, progress: SetProgress) -> None:
        """Draw the form anew that was submitted, as long as it is open."""
        if self._view_id is None:
            return
        try:
            self._screen.update_view(self._view_id, self._draw_view(progress))
        except ViewGone:
            self._view_id = None

    def _respond(self, progress: SetProgress) -> None:
        url = self._reply.response_url
        if url is None:
            raise SlackProblem("nowhere_to_answer")
        self._screen.respond(url, self._draw(progress), replace=self._reply.replaces)

    def _directly(self, progress: SetProgress) -> None:
        if self._direct is None:
            self._direct = self._screen.post_direct(self._to, self._draw(progress))
        else:
            self._screen.edit_direct(self._direct, self._draw(progress))

    @staticmethod
    def _try(job: Callable[[], None]) -> bool:
        try:
            job()
        except SlackProblem as problem:
            log.info("a set is told in a direct message: %s", problem.error)
            return False
        return True
