"""How Uplynk has answered of late: said at once where it did not, without ever refusing the try
that a person's change is.

Only while Uplynk refuses the bot's key are reads given a rest: asking again would change nothing,
and many refused signatures may look like somebody who guesses.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import TypeVar

from failover.errors import (
    BadAnswer,
    Forbidden,
    OutcomeUnknown,
    Unauthorized,
    Unavailable,
    Unreachable,
    UplynkError,
)
from failover.model import FailoverGroup
from failover.trouble import Trouble
from failover.writes import Write
from services.ports import Clock, Uplynk

log = logging.getLogger(__name__)

REST_SECONDS = 10.0
"""How long reads fail at once after Uplynk has refused the key."""
REFUSED_BEFORE_REST = 2
"""How often it must have done so, with nothing else in between. A 403 at one and the same group
counts once: others may be open to the bot all the same.
"""

REFUSALS = (Unauthorized, Forbidden)
FAILURES = (Unreachable, Unavailable, BadAnswer, OutcomeUnknown)
"""What is no answer of Uplynk; a refusal of what was asked is one."""

_T = TypeVar("_T")
_insisting: ContextVar[bool] = ContextVar("insisting", default=False)


@contextmanager
def insisting() -> Iterator[None]:
    """Until the end of the block this thread's reads are made, whatever came before."""
    token = _insisting.set(True)
    try:
        yield
    finally:
        _insisting.reset(token)


class Health:
    """What became of the last calls. Safe to call from many threads."""

    def __init__(self, clock: Clock, monotonic: Callable[[], float]) -> None:
        """``clock`` gives UTC, ``monotonic`` seconds."""
        self._clock = clock
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._trouble: Trouble | None = None
        self._refusal: tuple[UplynkError, float] | None = None
        self._forbidden: frozenset[str] = frozenset()
        self._alarmed = False
        self.asked = False

    def trouble(self) -> Trouble | None:
        """How it stands with Uplynk; None: it has answered the last call, or was not asked yet."""
        return self._trouble

    def answered(self) -> None:
        """Uplynk has given an answer, whatever it says."""
        with self._lock:
            self.asked = True
            before, self._trouble, self._refusal = self._trouble, None, None
            self._forbidden, self._alarmed = frozenset(), False
        if before is not None:
            log.warning("Uplynk answers again, after %d calls that failed", before.calls)

    def failed(self, begun: datetime, error: UplynkError, group: str | None = None) -> Trouble:
        """A call that began at ``begun`` (UTC) got no answer, or its key was refused.

        ``group``: the ID of the one that it was about; None: all of them.
        """
        refused = isinstance(error, REFUSALS)
        with self._lock:
            self.asked = True
            before = self._trouble
            same = before is not None and before.refused == refused
            since, calls = (before.since, before.calls) if before and same else (begun, 0)
            self._trouble = trouble = Trouble(min(since, begun), calls + 1, refused)
            general = refused and self._general(error, group, same)
            resting = general and trouble.calls >= REFUSED_BEFORE_REST
            self._refusal = (error, self._monotonic() + REST_SECONDS) if resting else None
            alarm, self._alarmed = general and not (same and self._alarmed), general
        if alarm or not same:
            self._tell(error, refused, general)
        return trouble

    def _general(self, error: UplynkError, group: str | None, same: bool) -> bool:
        """Whether a refusal is about more than one group: the key, the listing, or two of them."""
        if group is None or not isinstance(error, Forbidden) or (same and self._alarmed):
            return True
        self._forbidden = (self._forbidden if same else frozenset()) | {group}
        return len(self._forbidden) > 1

    def rest(self) -> UplynkError | None:
        """What a read should fail with instead of being made; None: it should be made."""
        with self._lock:
            if self._refusal is None or _insisting.get():
                return None
            error, until = self._refusal
            return error if self._monotonic() < until else None

    @staticmethod
    def _tell(error: UplynkError, refused: bool, general: bool) -> None:
        if refused and not general:
            log.warning("Uplynk refuses the bot one group: %s", error)
        elif refused:
            log.error(
                "ALARM: Uplynk refuses the bot's key or its rights (%s); no change can be made "
                "until UPLYNK_OWNER, UPLYNK_API_KEY and this host's clock are put right",
                error,
            )
        else:
            log.warning("Uplynk does not answer: %s", error)


class WatchedUplynk:
    """``services.ports.Uplynk``: each call tells ``health`` how it went."""

    def __init__(self, uplynk: Uplynk, health: Health, clock: Clock) -> None:
        """``uplynk`` makes the calls; ``clock`` gives UTC."""
        self._uplynk = uplynk
        self._health = health
        self._clock = clock

    def list_groups(self, *, within: float | None = None) -> tuple[FailoverGroup, ...]:
        """Every failover group of the account."""
        return self._read(lambda: self._uplynk.list_groups(within=within))

    def get_group(self, group_id: str, *, within: float | None = None) -> FailoverGroup:
        """One group, read now."""
        return self._read(lambda: self._uplynk.get_group(group_id, within=within), group_id)

    def allowed_owners(self, group_id: str, *, within: float | None = None) -> tuple[str, ...]:
        """The user IDs of those who may use a group, read now."""
        return self._read(lambda: self._uplynk.allowed_owners(group_id, within=within), group_id)

    def write(self, group_id: str, write: Write, *, within: float | None = None) -> None:
        """Make one write, whatever came before."""
        self._made(lambda: self._uplynk.write(group_id, write, within=within), group_id)

    def _read(self, call: Callable[[], _T], group: str | None = None) -> _T:
        refused = self._health.rest()
        if refused is not None:
            raise _again(refused, self._health.trouble())
        return self._made(call, group)

    def _made(self, call: Callable[[], _T], group: str | None) -> _T:
        begun = self._clock()
        try:
            answer = call()
        except (*REFUSALS, *FAILURES) as error:
            error.trouble = self._health.failed(begun, error, group)
            raise
        except UplynkError:
            self._health.answered()
            raise
        self._health.answered()
        return answer


def _again(error: UplynkError, trouble: Trouble | None) -> UplynkError:
    """The same error for somebody else: one that is raised twice would drag its past along."""
    same = type(error)(error.endpoint, status=error.status, words=error.words)
    same.ahead, same.trouble = error.ahead, trouble
    return same
