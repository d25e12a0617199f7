"""Uplynk's nine failover endpoints as methods: reads are tried again, writes are sent once.

Every method takes ``within``, the seconds that the whole call may take with all its tries; it
raises the errors of ``failover.errors``, and for a write also ``OutcomeUnknown``. Where an error's
``status`` is None its ``words`` are the client's own, otherwise they are Uplynk's.
"""

import random
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from failover.errors import BadAnswer, UplynkError
from failover.model import FailoverGroup, Mode, Slicer
from failover.writes import Write
from uplynk import calls, endpoints, verdict, wire
from uplynk.clock import Clock
from uplynk.connections import OneHostAdapter
from uplynk.endpoints import Call
from uplynk.signing import Credentials
from uplynk.transport import Limits, Transport
from uplynk.verdict import Outcome, Reply
from uplynk.words import plain

__all__ = ["Clock", "Limits", "UplynkClient"]

FIRST_PAUSE_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 2.0
"""Pauses between the tries of a read double from the first to the longest, less up to a half."""

_DEFAULTS = Limits()
_CLOCK = Clock()
_T = TypeVar("_T")


class UplynkClient:
    """The signed client. Thread-safe; opens nothing and starts no thread before the first call.

    Building it keeps the signed query out of what urllib3 logs, in this whole process.
    """

    def __init__(
        self,
        base_url: str,
        owner: str,
        api_key: str,
        limits: Limits = _DEFAULTS,
        clock: Clock = _CLOCK,
    ) -> None:
        """Raises ValueError for a base URL that must not be used."""
        if not owner or not api_key:
            raise ValueError("the Uplynk user ID and the API key must not be empty")
        self._base_url = endpoints.base_url(base_url)
        self._limits = limits
        self._closed = threading.Event()
        self._chance = random.SystemRandom()
        credentials = Credentials(owner, api_key)
        adapter = OneHostAdapter(self._base_url)
        self._transport = Transport(adapter, self._base_url, credentials, limits, clock)

    def __repr__(self) -> str:
        return f"UplynkClient({self._base_url!r})"

    def list_groups(self, *, within: float | None = None) -> tuple[FailoverGroup, ...]:
        """All groups that the credentials may see."""
        return self._read(endpoints.list_groups(), wire.groups, within)

    def get_group(self, group_id: str, *, within: float | None = None) -> FailoverGroup:
        """One group, fresh."""
        parse = partial(wire.group, group_id=group_id)
        return self._read(endpoints.get_group(group_id), parse, within)

    def write(self, group_id: str, write: Write, *, within: float | None = None) -> None:
        """Make one of the six writes."""
        self._write(calls.of(group_id, write), within)

    def configure(
        self,
        group_id: str,
        *,
        mode: Mode | None = None,
        auto_failback: bool | None = None,
        within: float | None = None,
    ) -> None:
        """Set the mode, auto failback, or both. ValueError when neither is given."""
        self._write(endpoints.configure(group_id, mode, auto_failback), within)

    def set_slicers(
        self, group_id: str, slicers: Sequence[Slicer], *, within: float | None = None
    ) -> None:
        """Set eligibility and priority of the given slicers. ValueError when there are none."""
        self._write(endpoints.set_slicers(group_id, slicers), within)

    def activate_slicer(
        self, group_id: str, slicer_id: str, *, within: float | None = None
    ) -> None:
        """Make a slicer the active one. Uplynk refuses it while auto failback is on."""
        self._write(endpoints.activate_slicer(group_id, slicer_id), within)

    def set_no_slicer(self, group_id: str, no_slicer: bool, *, within: float | None = None) -> None:
        """Show the missing-content slate (true), or the active slicer again (false)."""
        self._write(endpoints.set_no_slicer(group_id, no_slicer), within)

    def change_channels(
        self,
        group_id: str,
        *,
        add: Sequence[str] = (),
        remove: Sequence[str] = (),
        within: float | None = None,
    ) -> None:
        """Add and remove channels by their IDs. ValueError when none is given."""
        self._write(endpoints.change_channels(group_id, add, remove), within)

    def allowed_owners(self, group_id: str, *, within: float | None = None) -> tuple[str, ...]:
        """The IDs of the users who may use the group."""
        return self._read(endpoints.allowed_owners(group_id), wire.owners, within)

    def change_owners(
        self,
        group_id: str,
        *,
        add: Sequence[str] = (),
        remove: Sequence[str] = (),
        within: float | None = None,
    ) -> None:
        """Let users use the group, or no longer. ValueError when none is given."""
        self._write(endpoints.change_owners(group_id, add, remove), within)

    def close(self) -> None:
        """Cut off what is under way, wake what waits for its next try, close the connections."""
        self._closed.set()
        self._transport.close()

    def _write(self, call: Call, within: float | None) -> None:
        error = verdict.of_write(call, self._transport.attempt(call, self._deadline(within)))
        if error is not None:
            raise error

    def _read(self, call: Call, parse: Callable[[bytes], _T], within: float | None) -> _T:
        answer = verdict.of_read(call, self._answer(call, self._deadline(within)))
        if isinstance(answer, UplynkError):
            raise answer
        return _parsed(call, answer, parse)

    def _answer(self, call: Call, deadline: float) -> Outcome:
        """The first answer not worth another try, or the most telling one there was time for."""
        pause = FIRST_PAUSE_SECONDS
        best: Outcome = verdict.NOTHING
        while True:
            outcome = self._transport.attempt(call, deadline)
            if not verdict.worth_a_retry(outcome):
                return outcome
            best = verdict.more_telling(outcome, best)
            wait = max(self._chance.uniform(pause / 2, pause), verdict.asked_to_wait(outcome))
            if time.monotonic() + wait >= deadline or self._closed.wait(wait):
                return best
            pause = min(2 * pause, LONGEST_PAUSE_SECONDS)

    def _deadline(self, within: float | None) -> float:
        return time.monotonic() + (self._limits.budget_seconds if within is None else within)


def _parsed(call: Call, reply: Reply, parse: Callable[[bytes], _T]) -> _T:
    try:
        return parse(reply.body)
    except wire.MalformedError as error:
        words = plain(str(error), reply.secrets)
    raise BadAnswer(call.endpoint, status=reply.status, words=words)
