"""What can go wrong outside, by meaning. The errors carry facts; ``blocks`` finds the words.

For a write the family splits in two: whatever derives from ``OutcomeUnknown`` may have taken
effect, everything else certainly did not.
"""

from typing import Any

from failover.trouble import Trouble, clock_off


class FailoverError(Exception):
    """The root of every error that the bot foresees."""


class UplynkError(FailoverError):
    """Uplynk could not do what was asked. ``endpoint`` is like ``GET /failover-groups/{id}``.

    ``ahead``: by how many seconds this host's clock is ahead of Uplynk's (negative: behind), where
    the signature was not accepted; ``trouble``: how it stands with Uplynk besides this call.
    """

    ahead: float | None = None
    trouble: Trouble | None = None

    def __init__(self, endpoint: str, *, status: int | None = None, words: str = "") -> None:
        """``status``: the HTTP status, if any; ``words``: Uplynk's own, cut and without secrets."""
        super().__init__(f"{endpoint}: {type(self).__name__}, status {status}: {words!r}")
        self.endpoint = endpoint
        self.status = status
        self.words = words

    def facts(self) -> dict[str, Any]:
        """What is worth keeping of it, JSON-ready."""
        known: dict[str, Any] = {
            "kind": type(self).__name__,
            "status": self.status,
            "words": self.words,
        }
        if clock_off(self.ahead):
            known["ahead"] = self.ahead
        if self.trouble is not None:
            known["since"] = self.trouble.since.isoformat()
            known["calls"] = self.trouble.calls
            known["refused"] = self.trouble.refused
        return known


class Rejected(UplynkError):
    """400, 422 and the like: understood and refused; nothing was changed."""


class Unauthorized(UplynkError):
    """401: the credentials (or the clock) are not accepted; nothing was changed."""


class Forbidden(UplynkError):
    """403: the credentials lack the right; nothing was changed."""


class GroupGone(UplynkError):
    """404: the group does not exist (any more)."""


class Conflict(UplynkError):
    """409: something asked for already belongs elsewhere; nothing was changed."""


class RateLimited(UplynkError):
    """429: too many requests; nothing was changed. ``retry_after`` is in seconds."""

    def __init__(self, endpoint: str, *, words: str = "", retry_after: float | None = None) -> None:
        """``retry_after``: what Uplynk asked for, in seconds, if it did."""
        super().__init__(endpoint, status=429, words=words)
        self.retry_after = retry_after


class Unreachable(UplynkError):
    """No connection was made: nothing was sent."""


class Unavailable(UplynkError):
    """A read got no usable answer in time (5xx, time-out, broken connection)."""


class BadAnswer(UplynkError):
    """A read was answered with something that is no answer to it: wrong type, shape or field."""


class OutcomeUnknown(UplynkError):
    """A write may or may not have taken effect (5xx, time-out, reset, unexpected answer)."""


class Overtaken(FailoverError):
    """The record was moved on by somebody else since it was read."""


class GroupHeld(FailoverError):
    """Another change holds the group."""

    def __init__(self, holder: str | None) -> None:
        """``holder``: the Slack user ID behind it; None when it let go in the same moment."""
        super().__init__("the group is held by another change")
        self.holder = holder


class Forestalled(FailoverError):
    """A lock or a pause was put in force since it was looked for."""


class SetUnderWay(FailoverError):
    """The person has another set of changes under way."""


class LedgerUnavailable(FailoverError):
    """The database did not take, or give, what was asked: nothing may be sent."""


class SlackProblem(FailoverError):
    """Slack did not do what was asked. ``maybe_done``: it may have, all the same."""

    def __init__(
        self, error: str, *, retry_after: float | None = None, maybe_done: bool = False
    ) -> None:
        """``error``: Slack's error word; ``retry_after``: seconds, when Slack named them."""
        super().__init__(error)
        self.error = error
        self.retry_after = retry_after
        self.maybe_done = maybe_done


class TriggerExpired(SlackProblem):
    """The press is too old to open a view."""


class ViewGone(SlackProblem):
    """The view was closed."""


class ViewMoved(SlackProblem):
    """The view was updated by another hand since (``hash_conflict``)."""
