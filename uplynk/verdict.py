"""What an exchange came to: the answer or the silence, and the error that it means. Pure.

A read and a write judge the same answer differently: of a write that may have been carried out
nobody may say that it failed, so all that is not plainly a refusal is ``OutcomeUnknown``.
"""

import re
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from enum import StrEnum

from failover.errors import (
    BadAnswer,
    Conflict,
    Forbidden,
    GroupGone,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Unauthorized,
    Unavailable,
    Unreachable,
    UplynkError,
)
from uplynk.endpoints import Call
from uplynk.wire import says_error
from uplynk.words import words_of

RETRIED = frozenset((429, 500, 502, 503, 504))
"""The statuses after which a read is tried again."""

_OF_TIME = re.compile(r"(?i)signature|time ?stamp|expired|\b(msg|sig)\b")
"""What a refusal speaks of that has to do with the clock; the error body is not published."""

_BY_STATUS: dict[int, type[UplynkError]] = {401: Unauthorized, 403: Forbidden, 409: Conflict}


class Fault(StrEnum):
    """Why the body of an answer is not there as a whole."""

    BROKEN = "the answer broke off"
    LATE = "the time was up before the answer ended"
    TOO_LONG = "the answer is too long"
    ENCODED = "the answer is in an encoding that is not read here"


_PASSING = frozenset((Fault.BROKEN, Fault.LATE))


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer with a status; its ``body`` is whole, or empty when there is a ``fault``.

    ``retry_after`` is in seconds. ``secrets`` are what must be struck out of the body's words.
    ``ahead``: by how many seconds this host's clock is ahead of the ``Date`` header, None where
    there is no such header.
    """

    status: int
    body: bytes = field(default=b"", repr=False)
    fault: Fault | None = None
    retry_after: float | None = None
    secrets: tuple[str, ...] = field(default=(), repr=False)
    ahead: float | None = None

    @property
    def succeeded(self) -> bool:
        """Whether the status is one of success."""
        return 200 <= self.status < 300

    @property
    def words(self) -> str:
        """Uplynk's own words, fit to be shown."""
        return words_of(self.body, self.secrets) or str(self.fault or "")


@dataclass(frozen=True, slots=True)
class Silence:
    """No answer. ``sent``: whether any byte of the request may have left; ``reason``: why not."""

    sent: bool
    reason: str


Outcome = Reply | Silence

NOTHING = Silence(False, "nothing was tried")
"""The least telling outcome."""


def of_write(call: Call, outcome: Outcome) -> UplynkError | None:
    """What a write came to; None when Uplynk accepted it.

    A redirect was not followed, yet counts as unknown: nobody documents what Uplynk did before it
    sent one. So does a success whose body is broken, is no JSON, or reports an error.
    """
    if isinstance(outcome, Silence):
        kind = OutcomeUnknown if outcome.sent else Unreachable
        return kind(call.endpoint, words=outcome.reason)
    if 400 <= outcome.status < 500:
        return _refusal(call, outcome)
    if outcome.succeeded and not outcome.fault and not says_error(outcome.body):
        return None
    return OutcomeUnknown(call.endpoint, status=outcome.status, words=outcome.words)


def of_read(call: Call, outcome: Outcome) -> Reply | UplynkError:
    """What a read came to: a success with its whole body, to be parsed, or an error."""
    if isinstance(outcome, Silence):
        kind = Unavailable if outcome.sent else Unreachable
        return kind(call.endpoint, words=outcome.reason)
    if 400 <= outcome.status < 500:
        return _refusal(call, outcome)
    if outcome.status >= 500 or (outcome.succeeded and outcome.fault in _PASSING):
        return Unavailable(call.endpoint, status=outcome.status, words=outcome.words)
    if outcome.succeeded and outcome.fault is None:
        return outcome
    words = outcome.words if outcome.succeeded else "a redirect; it is not followed"
    return BadAnswer(call.endpoint, status=outcome.status, words=words)


def worth_a_retry(outcome: Outcome) -> bool:
    """Whether a read may fare better a moment later."""
    if isinstance(outcome, Silence):
        return True
    return outcome.status in RETRIED or (outcome.succeeded and outcome.fault in _PASSING)


def more_telling(new: Outcome, old: Outcome) -> Outcome:
    """Which of two failed tries to report: an answer before a silence, one that was sent before
    one that was not, and the newer of equals.
    """
    return max(new, old, key=_told)


def asked_to_wait(outcome: Outcome) -> float:
    """The seconds that Uplynk asked us to wait; 0 when it did not."""
    return 0.0 if isinstance(outcome, Silence) else outcome.retry_after or 0.0


def seconds_to_wait(retry_after: str | None, now: float) -> float | None:
    """A ``Retry-After`` header in seconds, not below 0; None when absent or unreadable.

    It holds seconds or an HTTP date; ``now`` is in Unix seconds.
    """
    if retry_after is None:
        return None
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return float(text[:12])
    moment = unix_seconds(text)
    return None if moment is None else max(0.0, moment - now)


def unix_seconds(http_date: str) -> float | None:
    """An HTTP date in Unix seconds; None when it is none."""
    try:
        return parsedate_to_datetime(http_date).timestamp()
    except (ValueError, OverflowError):
        return None


def _told(outcome: Outcome) -> int:
    return 2 if isinstance(outcome, Reply) else int(outcome.sent)


def _refusal(call: Call, reply: Reply) -> UplynkError:
    if reply.status == 429:
        return RateLimited(call.endpoint, words=reply.words, retry_after=reply.retry_after)
    if reply.status == 404 and not call.lists:
        return GroupGone(call.endpoint, status=404, words=reply.words)
    kind = _BY_STATUS.get(reply.status, Rejected)
    error = kind(call.endpoint, status=reply.status, words=reply.words)
    if reply.status in (401, 403) or (reply.status == 400 and _OF_TIME.search(reply.words)):
        error.ahead = reply.ahead
    return error
