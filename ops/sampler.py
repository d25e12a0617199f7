"""A question that may hang, asked on a thread of its own: whoever asks waits but a moment."""

import logging
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

log = logging.getLogger(__name__)

WITHIN_SECONDS = 2.0

_T = TypeVar("_T")


class _Asking(Generic[_T]):
    """One asking: ``over`` is set when there is an answer, or none to come."""

    def __init__(self) -> None:
        self.over = threading.Event()
        self.hangs = False
        self.answer: _T | None = None


class Sampler(Generic[_T]):
    """Asks again for every caller, but never twice at the same time."""

    def __init__(self, ask: Callable[[], _T], within: float = WITHIN_SECONDS) -> None:
        """``within``: how many seconds a caller waits; ``ask`` may take longer, or raise."""
        self._ask = ask
        self._within = within
        self._lock = threading.Lock()
        self._asking: _Asking[_T] | None = None

    def __call__(self) -> _T | None:
        """The answer; None, where it failed, takes too long, or is known to hang."""
        asking = self._joined()
        if asking is None or asking.hangs:
            return None
        asking.hangs = not asking.over.wait(self._within)
        return asking.answer

    def _joined(self) -> _Asking[_T] | None:
        with self._lock:
            if self._asking is None:
                asking: _Asking[_T] = _Asking()
                job = threading.Thread(target=self._run, args=(asking,), name="sample", daemon=True)
                try:
                    job.start()
                except RuntimeError:
                    log.warning("the host gives no thread to look at the database")
                    return None
                self._asking = asking
            return self._asking

    def _run(self, asking: _Asking[_T]) -> None:
        try:
            asking.answer = self._ask()
        except Exception as error:
            log.warning("no figures from the database: %s", type(error).__name__)
        finally:
            with self._lock:
                self._asking = None
            asking.over.set()
