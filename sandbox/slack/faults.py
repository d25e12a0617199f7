"""Faults on demand for the simulated Web API and its response_urls."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from enum import StrEnum

from sandbox.slack.model import Json
from sandbox.slack.moment import Moment

RESPONSE_URL = "response_url"
EVERYTHING = "*"


class FaultKind(StrEnum):
    """What goes wrong with a call."""

    RATE_LIMITED = "rate_limited"
    STATUS = "status"
    HTML = "html"
    DROP_BEFORE = "drop_before"
    DROP_AFTER = "drop_after"
    SLOW = "slow"
    HANG = "hang"
    HANG_AFTER = "hang_after"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: which method (``*`` for all, ``response_url``), what, and for how many calls.

    ``times`` None lasts until cleared. ``retry_after`` (seconds) None sends no header. ``body``
    False leaves a 429, 500 or 503 without a body. ``seconds`` is the delay of ``slow`` and the
    longest wait of ``hang`` (before taking the call) and ``hang_after``. ``error`` is the word of
    an ``ok: false`` answer. ``channel`` narrows it to calls naming that channel.
    """

    kind: FaultKind
    method: str = EVERYTHING
    times: int | None = 1
    status: int = 500
    retry_after: int | None = None
    body: bool = True
    seconds: float = 60.0
    error: str = "internal_error"
    channel: str | None = None

    def hits(self, method: str, arguments: Json) -> bool:
        """Whether a call of ``method`` with these arguments meets this fault."""
        if self.method not in (EVERYTHING, method):
            return False
        return self.channel is None or arguments.get("channel") == self.channel


class FaultBoard:
    """The faults in force, taken one call at a time in the order they were set."""

    def __init__(self, moment: Moment) -> None:
        self._moment = moment
        self._faults: list[Fault] = []
        self._released = threading.Event()

    def set(self, fault: Fault) -> None:
        """Put ``fault`` in force behind those already there."""
        with self._moment.changed:
            self._faults.append(fault)

    def clear(self) -> None:
        """Lift all faults and let calls that hang go on."""
        with self._moment.changed:
            self._faults.clear()
            self._released.set()
            self._released = threading.Event()

    def take(self, method: str, arguments: Json) -> Fault | None:
        """The fault that this call meets, counted down; None when it meets none."""
        with self._moment.changed:
            for index, fault in enumerate(self._faults):
                if fault.hits(method, arguments):
                    self._count_down(index, fault)
                    return fault
        return None

    def wait(self, seconds: float) -> None:
        """Hold a call for ``seconds``, or until the faults are cleared."""
        self._released.wait(seconds)

    def listed(self) -> list[Fault]:
        """The faults still in force."""
        with self._moment.changed:
            return list(self._faults)

    def _count_down(self, index: int, fault: Fault) -> None:
        if fault.times is None:
            return
        if fault.times <= 1:
            del self._faults[index]
        else:
            self._faults[index] = replace(fault, times=fault.times - 1)
