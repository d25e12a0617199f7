"""Slack's built-in Socket Mode client with what it lacks: signs of life, and a quick end."""

import contextlib
import select
import socket
import threading
import time
from functools import partial
from typing import Any

from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.socket_mode.builtin.connection import Connection

ENDED = getattr(select, "POLLRDHUP", 0) | select.POLLHUP | select.POLLERR


class LivelyClient(SocketModeClient):
    """Knows when something came last, and closes at once."""

    _heard: float | None = None
    _pong: float | None = None

    def __init__(self, *args: Any, **options: Any) -> None:
        self._closing = threading.Lock()
        super().__init__(*args, **options)
        self.proxy = None  # which the library would take from the environment

    def connect(self) -> None:
        """Open the connection whose address was handed out, and close the one before."""
        super().connect()
        session = self.current_session
        if session is None or not session.is_active():
            return
        # The library counts from the first answer to a ping: to it, a link that falls silent
        # before that is never silent.
        self._pong = session.last_ping_pong_time = time.time()
        self._heard = time.monotonic()
        session.close = partial(_hang_up, session)  # type: ignore[method-assign]

    def heard(self) -> float | None:
        """When something came last, on the monotonic scale; None: never."""
        session = self.current_session
        if session is not None and session.last_ping_pong_time != self._pong:
            # It holds when the ping was sent that has been answered, by a clock that may jump.
            self._pong = session.last_ping_pong_time
            self._heard = time.monotonic()
        return self._heard

    def hung_up(self) -> bool:
        """Whether the other side has closed the connection; the library would go on reading."""
        session = self.current_session
        sock = None if session is None else session.sock
        if sock is None:
            return False
        look = select.poll()
        with contextlib.suppress(OSError, ValueError):  # it may be closed here at this moment
            look.register(sock, ENDED)
            return bool(look.poll(0))
        return False

    def enqueue_message(self, message: str) -> None:
        """Note that something came, and leave it to the workers."""
        self._heard = time.monotonic()
        super().enqueue_message(message)

    def close(self) -> None:
        """End for good, from any thread, as often as anybody likes."""
        with self._closing:
            self.closed = True
            self.message_queue.put(None)  # wakes the thread that waits for the next message
            super().close()


def _hang_up(session: Connection) -> None:
    """Close a connection at once: the library would wait until its receiver's wait is over."""
    sock = session.sock
    if sock is not None:
        with contextlib.suppress(OSError):  # the other side may have gone first
            # Below TLS: a farewell there would wait for the other side.
            socket.socket.shutdown(sock, socket.SHUT_RDWR)
    # The library looks for the socket before it takes its locks: another thread may be first.
    with contextlib.suppress(AttributeError):
        session.disconnect()
