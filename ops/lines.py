"""Text for whoever reads the log, written by a thread of its own: a reader may come to a stop.

A pipe that nobody empties makes whoever writes into it wait, and every thread that answers a press
or makes a change writes to the log.
"""

import atexit
import logging
import os
import select
import threading

log = logging.getLogger(__name__)

KEPT_CHARACTERS = 4_000_000
"""How much waits for a reader; what comes then is counted and left out."""
AT_THE_END_SECONDS = 1.0


class Lines:
    """A text stream on a file descriptor, for as long as the process lives.

    ``write`` never waits and never fails; the end of the process waits a moment for what was
    written. The descriptor is not closed.
    """

    encoding = "utf-8"

    def __init__(self, descriptor: int, keep: int = KEPT_CHARACTERS) -> None:
        """``keep``: how many characters may wait."""
        self._descriptor = descriptor
        self._keep = keep
        self._turn = threading.Condition()
        self._texts: list[str] = []
        self._waiting = 0
        self._lost = 0
        threading.Thread(target=self._empty, name="log", daemon=True).start()
        atexit.register(self.drained, AT_THE_END_SECONDS)

    def write(self, text: str) -> int:
        """Have it written, or leave it out where too much waits; how long it is."""
        with self._turn:
            if self._waiting + len(text) > self._keep:
                self._lost += text.count("\n")
            else:
                self._texts.append(text)
                self._waiting += len(text)
                self._turn.notify_all()
        return len(text)

    def flush(self) -> None:
        """Do nothing: whoever is in no hurry asks ``drained``."""

    def drained(self, within: float) -> bool:
        """Wait until everything is written, for so many seconds at most; whether it is."""
        with self._turn:
            return self._turn.wait_for(lambda: not self._waiting, within)

    def _empty(self) -> None:
        while True:
            with self._turn:
                self._turn.wait_for(lambda: self._texts)
                text, self._texts = "".join(self._texts), []
            written, lost = self._put(text.encode(self.encoding, "backslashreplace")), 0
            with self._turn:
                self._waiting -= len(text)
                if written:
                    lost, self._lost = self._lost, 0
                else:
                    self._lost += text.count("\n")
                self._turn.notify_all()
            if lost:
                log.warning("%d lines of the log were lost: they could not be written", lost)

    def _put(self, data: bytes) -> bool:
        # Not by way of a buffer of Python's: its lock, held by a write that waits, would keep the
        # process from ending.
        while data:
            try:
                data = data[os.write(self._descriptor, data) :]
            except BlockingIOError:
                select.select((), (self._descriptor,), ())
            except OSError:
                return False  # no reader any more, or a full disk
        return True
