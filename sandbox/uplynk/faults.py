"""Faults on demand: what goes wrong, when, for which requests, and how often."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from threading import Lock
from typing import Any

from sandbox.uplynk.routes import Endpoint

MEBIBYTE = 1_048_576


class FaultKind(StrEnum):
    """What the client gets to see."""

    STATUS = "status"
    DELAY = "delay"
    HANG = "hang"
    RESET = "reset"
    CLOSE = "close"
    HALF = "half"
    TRICKLE = "trickle"
    HTML = "html"
    GARBAGE = "garbage"
    OTHER_SHAPE = "other_shape"
    WRONG_TYPE = "wrong_type"
    GZIP_BOMB = "gzip_bomb"
    LIE = "lie"
    DATE_SHIFT = "date_shift"
    OK_WITH_ERROR = "ok_with_error"


class When(StrEnum):
    """Whether the write behind a fault takes effect: never, first, or after the answer."""

    BEFORE = "before"
    AFTER = "after"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault and the requests that it strikes.

    `times` None means until cleared; `skip` matching requests pass first; `method` "WRITE"
    stands for any but GET. `seconds` is the length of DELAY, the pause between bytes of
    TRICKLE, the shift of DATE_SHIFT, else a pause before the fault shows. `late_seconds`
    lie between the answer and the effect of a LATE write. In `body`, $MSG, $SIG and $QUERY
    stand for what the client sent. `size` is a gzip bomb's bytes once unpacked.
    """

    kind: FaultKind
    when: When = When.BEFORE
    times: int | None = 1
    method: str | None = None
    endpoint: Endpoint | None = None
    group_id: str | None = None
    skip: int = 0
    seconds: float = 0.0
    late_seconds: float = 0.5
    status: int = 503
    retry_after: str | None = None
    headers: tuple[tuple[str, str], ...] = ()
    body: str | None = None
    content_type: str = "application/json"
    field: str = "mode"
    value: Any = 17
    size: int = 64 * MEBIBYTE

    def matches(self, method: str, endpoint: Endpoint | None, group_id: str | None) -> bool:
        """Say whether a request is one of those that this fault strikes."""
        by_method = self.method in (None, method) or (self.method == "WRITE" and method != "GET")
        by_endpoint = self.endpoint in (None, endpoint)
        return by_method and by_endpoint and self.group_id in (None, group_id)


@dataclass(slots=True)
class _Armed:
    fault: Fault
    met: int = 0
    hits: int = 0

    @property
    def spent(self) -> bool:
        return self.fault.times is not None and self.hits >= self.fault.times

    def strike(self) -> bool:
        self.met += 1
        if self.met <= self.fault.skip:
            return False
        self.hits += 1
        return True


class FaultBook:
    """The faults that are armed, in the order of adding; the first match wins."""

    def __init__(self) -> None:
        """Start with none."""
        self._armed: dict[int, _Armed] = {}
        self._last = 0
        self._lock = Lock()

    def add(self, fault: Fault) -> int:
        """Arm a fault; returns its ID."""
        with self._lock:
            self._last += 1
            self._armed[self._last] = _Armed(fault)
            return self._last

    def remove(self, fault_id: int) -> None:
        """Disarm a fault; KeyError when it was never added or is gone."""
        with self._lock:
            del self._armed[fault_id]

    def clear(self) -> None:
        """Disarm all; a request that hangs already goes on hanging."""
        with self._lock:
            self._armed.clear()

    def hits(self, fault_id: int) -> int:
        """Return how many requests this fault struck; KeyError when it was removed."""
        with self._lock:
            return self._armed[fault_id].hits

    def active(self) -> list[dict[str, Any]]:
        """Draw the faults that can still strike."""
        with self._lock:
            return [
                {"id": fault_id, "hits": armed.hits} | asdict(armed.fault)
                for fault_id, armed in self._armed.items()
                if not armed.spent
            ]

    def take(self, method: str, endpoint: Endpoint | None, group_id: str | None) -> Fault | None:
        """Return the fault that strikes this request, and count it; None to be honest."""
        with self._lock:
            for armed in self._armed.values():
                if armed.spent or not armed.fault.matches(method, endpoint, group_id):
                    continue
                return armed.fault if armed.strike() else None
            return None
