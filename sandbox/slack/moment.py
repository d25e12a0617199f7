"""What all parts of the simulated workspace share: one lock, one clock, one source of ids."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Mapping

DEADLINE_SECONDS = 3.0


class Moment:
    """The lock under which the world changes, its clock and its counters.

    ``changed`` is a condition on a re-entrant lock: hold it to read or write several things as
    one, wait on it to hear of changes. The clock is the machine's, moved ahead by ``advance``.
    ``deadline_seconds`` is how long the bot has to answer a delivery; shorten it to save time.
    """

    def __init__(self) -> None:
        self.deadline_seconds = DEADLINE_SECONDS
        self.changed = threading.Condition()
        self._ahead = 0.0
        self._last_ts = 0
        self._counters: Counter[str] = Counter()

    def now(self) -> float:
        """Unix time in seconds as the workspace sees it."""
        return time.time() + self._ahead

    def advance(self, seconds: float) -> None:
        """Let ``seconds`` pass at once: triggers and response_urls grow older."""
        with self.changed:
            self._ahead += seconds
            self.changed.notify_all()

    def next_id(self, prefix: str) -> str:
        """A new id such as ``V00001``."""
        with self.changed:
            return f"{prefix}{self.next_number(prefix):05d}"

    def next_number(self, name: str) -> int:
        """The next of a named series, from 1."""
        with self.changed:
            self._counters[name] += 1
            return self._counters[name]

    def next_ts(self) -> str:
        """A message timestamp, unique and growing: seconds, a dot, six digits."""
        with self.changed:
            self._last_ts = max(int(self.now() * 1_000_000), self._last_ts + 1)
            return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def next_hash(self) -> str:
        """A view hash, new with every rendering."""
        return f"{int(self.now())}.{self.next_number('hash'):08x}"

    def counted(self) -> dict[str, int]:
        """How far each series of ids and numbers has come."""
        with self.changed:
            return dict(self._counters)

    def count_on(self, counted: Mapping[str, int]) -> None:
        """Go on from what another run had ``counted``, so that no id comes twice."""
        with self.changed:
            self._counters.update(counted)
