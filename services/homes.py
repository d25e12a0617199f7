"""Home tabs: shown when they are opened, and again after a change to those who have them open.

They are only views: what can't be published is logged and dropped.
"""

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from failover.errors import SlackProblem
from failover.home import HomePicture, Note, Place
from failover.lifecycle import Actor
from failover.roles import Action
from failover.standing import Standing
from services.home_pictures import HomePictures, Visit
from services.ports import Drawn, Screen, Timer, Work

log = logging.getLogger(__name__)

OPEN_SECONDS = 900.0
"""How long after its opening a Home tab is kept up to date."""
OPEN_AT_ONCE = 50
"""How many are: those opened last."""
SOON_SECONDS = 0.5
"""How long after the first news a Home tab is published, so that what follows at once is in it."""
LEAST_SECONDS = 2.0
"""The least time between two publications for one person that nobody pressed for."""
BREATH_SECONDS = 0.05
"""Between two publications of a round."""
LONGEST_PAUSE_SECONDS = 60.0
NEWS_SECONDS = 5.0
"""How often to look for what other processes did, which rings no bell here."""


@dataclass(frozen=True, slots=True)
class Hands:
    """Who does the work: ``doors`` what must not wait for Uplynk, ``work`` the rest.

    ``wake`` makes the background loop look what is due.
    """

    doors: Work
    work: Work
    wake: Callable[[], None]


@dataclass(slots=True)
class _Seat:
    """Somebody who has their Home tab open, and how it was last wanted; times as the timer has
    them. ``again``: it is wanted anew while it is being published.
    """

    actor: Actor
    place: Place
    note: Note
    opened: float
    standing: Standing | None = None
    reading: bool = False
    due: float | None = None
    shown: float = float("-inf")
    busy: bool = False
    again: bool = False


class Homes:
    """Who has their Home tab open, and what is published when. Safe to call from many threads."""

    def __init__(
        self,
        pictures: HomePictures,
        screen: Screen,
        draw: Callable[[HomePicture], Drawn],
        hands: Hands,
        timer: Timer,
    ) -> None:
        """``timer`` gives out when the bot is stopping: then nothing more is published."""
        self._pictures = pictures
        self._screen = screen
        self._draw = draw
        self._hands = hands
        self._timer = timer
        self._lock = threading.Lock()
        self._seats: OrderedDict[str, _Seat] = OrderedDict()
        self._paused_until = float("-inf")

    def opened(self, actor: Actor, place: Place, note: Note = ()) -> None:
        """Show somebody their Home tab: at once from memory, and again if that is not fresh.

        Returns before anything is drawn. ``note``: what else the person has to be told.
        """
        seat = self._seated(actor, place, note)
        self._hand(self._hands.doors, seat, self._at_once)

    def changed(self) -> None:
        """Something has changed: whoever has their Home tab open gets it anew, a little later."""
        with self._lock:
            due = self._timer.monotonic() + SOON_SECONDS
            for seat in self._seats.values():
                seat.due = due if seat.due is None else seat.due
        self._hands.wake()

    def look(self) -> float:
        """Take notice of what other processes did; seconds until the next look.

        Raises LedgerUnavailable.
        """
        if self._pictures.has_news():
            self.changed()
        return NEWS_SECONDS

    def tick(self) -> float | None:
        """Publish what is due; seconds until something falls due, None: nothing waits."""
        while True:
            seat, wait = self._next()
            if seat is None:
                return wait
            if not self._timer.pause(BREATH_SECONDS):
                return None
            if not self._pictures.is_fresh():
                self._pictures.read(again=False)
            self._publish(seat, self._pictures.standing(seat.actor))

    def _seated(self, actor: Actor, place: Place, note: Note) -> _Seat:
        now = self._timer.monotonic()
        with self._lock:
            seat = self._seats.setdefault(actor.user_id, _Seat(actor, place, note, now))
            seat.actor, seat.place, seat.note, seat.opened = actor, place, note, now
            self._seats.move_to_end(actor.user_id)
            if len(self._seats) > OPEN_AT_ONCE:
                self._seats.popitem(last=False)
        return seat

    def _hand(self, work: Work, seat: _Seat, job: Callable[[_Seat], None]) -> None:
        if work.submit(partial(job, seat)):
            return
        log.warning("a Home tab has to wait: every worker is busy")
        with self._lock:
            seat.due, seat.reading = self._timer.monotonic(), False
        self._hands.wake()

    def _at_once(self, seat: _Seat) -> None:
        standing = self._pictures.standing(seat.actor, remembered_only=True)
        unknown = standing is None or (_may_look(standing) and not self._pictures.is_fresh())
        seat.reading = unknown
        self._publish(seat, standing)
        if unknown:
            self._hand(self._hands.work, seat, self._read)

    def _read(self, seat: _Seat) -> None:
        standing = self._pictures.standing(seat.actor)
        if standing is not None and _may_look(standing) and not self._pictures.is_fresh():
            if seat.standing is None:
                # Roles are soon known, and need not wait for Uplynk to be shown.
                self._publish(seat, standing)
            self._pictures.read()
        seat.reading = False
        self._publish(seat, standing)

    def _publish(self, seat: _Seat, standing: Standing | None) -> None:
        """Publish a Home tab as it is wanted last.

        Whoever finds it being published leaves that to whoever is at it, so that no thread waits
        for another and an older picture never comes after a newer one.
        """
        with self._lock:
            seat.standing = standing or seat.standing
            if seat.busy:
                seat.again = True
                return
            seat.busy = True
        while True:
            self._show(seat)
            with self._lock:
                seat.shown = self._timer.monotonic()
                seat.busy = seat.again
                seat.again = False
                if not seat.busy:
                    return

    def _show(self, seat: _Seat) -> None:
        with self._lock:
            visit = Visit(seat.actor, seat.standing, seat.place, seat.note, seat.reading)
        try:
            picture = self._pictures.picture(visit, self._pictures.backdrop())
            self._screen.publish_home(visit.actor.user_id, self._draw(picture))
        except SlackProblem as problem:
            log.warning("a Home tab was not published: %s", problem.error)
            if problem.retry_after is not None:
                self._pause(seat, min(LONGEST_PAUSE_SECONDS, problem.retry_after))
        except Exception:
            log.exception("a Home tab could not be drawn")

    def _pause(self, seat: _Seat, seconds: float) -> None:
        with self._lock:
            self._paused_until = seat.due = self._timer.monotonic() + seconds
        self._hands.wake()

    def _next(self) -> tuple[_Seat | None, float | None]:
        """Somebody whose Home tab is due, those who opened it last first; or how long to wait."""
        with self._lock:
            now = self._timer.monotonic()
            for user_id, seat in list(self._seats.items()):
                if now - seat.opened > OPEN_SECONDS:
                    del self._seats[user_id]
            soonest: float | None = None
            for seat in reversed(self._seats.values()):
                if seat.due is None:
                    continue
                at = max(seat.due, seat.shown + LEAST_SECONDS, self._paused_until)
                if at <= now:
                    seat.due = None
                    return seat, None
                soonest = at if soonest is None else min(soonest, at)
            return None, None if soonest is None else soonest - now


def with_news(ring: Callable[[], None], homes: Callable[[], Homes]) -> Callable[[], None]:
    """A bell that Home tabs hear, too; ``homes`` is asked for them when it rings."""

    def rings() -> None:
        ring()
        homes().changed()

    return rings


def _may_look(standing: Standing) -> bool:
    return standing.may(Action.VIEW)
