"""The edits of each open view, numbered, so that an older one never overdraws a newer."""

import threading
from collections import OrderedDict


class Latest:
    """Numbers the edits of the views that were edited last."""

    def __init__(self, size: int) -> None:
        """``size``: how many views are followed at once."""
        self._size = size
        self._lock = threading.Lock()
        self._turns: OrderedDict[str, int] = OrderedDict()

    def next(self, view_id: str) -> int:
        """The number of an edit that has just come in."""
        with self._lock:
            turn = self._turns.pop(view_id, 0) + 1
            self._turns[view_id] = turn
            if len(self._turns) > self._size:
                self._turns.popitem(last=False)
        return turn

    def is_last(self, view_id: str, turn: int) -> bool:
        """Whether no other edit has come in since."""
        with self._lock:
            return self._turns.get(view_id, turn) == turn
