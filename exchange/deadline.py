"""A deadline over a whole exchange, however slowly the other side trickles.

A socket's own time-out starts anew with each byte. So one thread watches all exchanges and shuts
the socket of each one that is over its time, which ends whatever read or write waits on it.
"""

import contextlib
import heapq
import os
import socket
import threading
import time
from itertools import count


class Exchange:
    """One request and its answer. Used by the thread that makes it, cut by the watchdog.

    ``deadline`` is on ``time.monotonic``'s scale, in seconds. ``sent`` turns true just before the
    first byte leaves; ``cut`` when the time is up.
    """

    __slots__ = ("_guard", "_lock", "cut", "deadline", "over", "sent")

    def __init__(self, deadline: float) -> None:
        self.deadline = deadline
        self.sent = self.cut = self.over = False
        self._guard: socket.socket | None = None
        self._lock = threading.Lock()

    @property
    def remaining(self) -> float:
        """Seconds until the deadline; negative after it."""
        return self.deadline - time.monotonic()

    def sending(self, sock: socket.socket) -> None:
        """Put the connection under guard and count the request as sent from here on.

        Raises TimeoutError when the time is up already, and then nothing has been sent.
        """
        with self._lock:
            if self.cut or self.remaining <= 0:
                raise TimeoutError("no time left to send the request")
            # A descriptor of its own: it stays good when the connection closes its socket early
            # or hands it to TLS, and shutting it down ends the one connection they share.
            self._guard = _second_handle(sock)
            self.sent = True

    def cut_off(self) -> None:
        """End the exchange now, from any thread."""
        with self._lock:
            if self.over:
                return
            self.cut = True
            if self._guard is not None:
                _shut(self._guard)

    def close(self) -> None:
        """Let go of the connection: it may serve the next exchange."""
        with self._lock:
            self.over = True
            if self._guard is not None:
                self._guard.close()
                self._guard = None


class Watchdog:
    """One daemon thread for any number of exchanges, started by the first.

    Finished exchanges stay queued until their deadline and cost nothing till then, so a call in
    steady state neither wakes the thread nor makes one.
    """

    def __init__(self) -> None:
        self._turn = threading.Condition()
        self._queue: list[tuple[float, int, Exchange]] = []
        self._numbers = count()
        self._thread: threading.Thread | None = None
        self._stopped = False

    def watch(self, exchange: Exchange) -> None:
        """See to it that the exchange is cut off at its deadline."""
        with self._turn:
            first = not self._queue or exchange.deadline < self._queue[0][0]
            heapq.heappush(self._queue, (exchange.deadline, next(self._numbers), exchange))
            if self._thread is None and not self._stopped:
                self._thread = threading.Thread(target=self._run, name="watchdog")
                self._thread.daemon = True
                self._thread.start()
            elif first:
                self._turn.notify()

    def stop(self) -> None:
        """Cut off what is under way and end the thread."""
        with self._turn:
            self._stopped = True
            queue, self._queue = self._queue, []
            thread = self._thread
            self._turn.notify()
        for _, _, exchange in queue:
            exchange.cut_off()
        if thread is not None:
            thread.join()

    def _run(self) -> None:
        while (due := self._wait()) is not None:
            due.cut_off()

    def _wait(self) -> Exchange | None:
        """The next exchange that is over its time; None when stopped."""
        with self._turn:
            while not self._stopped:
                if not self._queue:
                    self._turn.wait()
                    continue
                deadline, _, exchange = self._queue[0]
                if exchange.over or deadline <= time.monotonic():
                    heapq.heappop(self._queue)
                    if not exchange.over:
                        return exchange
                    continue
                self._turn.wait(deadline - time.monotonic())
        return None


def _second_handle(sock: socket.socket) -> socket.socket:
    return socket.socket(sock.family, sock.type, sock.proto, fileno=os.dup(sock.fileno()))


def _shut(sock: socket.socket) -> None:
    with contextlib.suppress(OSError):  # the other side may have gone first
        sock.shutdown(socket.SHUT_RDWR)
