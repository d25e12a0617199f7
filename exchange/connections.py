"""Pooled connections that are guarded by a deadline, opened within a time, written at once.

Whoever makes a request over them has put its ``Exchange`` ``under_way`` before.
"""

import http.client
import threading
from collections.abc import Mapping
from concurrent.futures import Future, InvalidStateError, wait
from contextvars import ContextVar
from typing import Any

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError

from exchange.deadline import Exchange

under_way: ContextVar[Exchange] = ContextVar("under_way")
"""The exchange that the current thread is making."""


class _Head:
    """The head of an answer as it is read, line by line."""

    def __init__(self, stream: Any) -> None:
        self.stream = stream
        self.last = b""

    def readline(self, limit: int = -1) -> bytes:
        self.last = self.stream.readline(limit)
        return self.last

    def close(self) -> None:
        self.stream.close()


class _Answer(http.client.HTTPResponse):
    """Refuses a head that breaks off, which http.client takes for one that has ended."""

    def begin(self) -> None:
        head = _Head(self.fp)
        self.fp: Any = head
        try:
            super().begin()
        finally:
            if self.fp is head:
                self.fp = head.stream
        if head.last not in (b"\r\n", b"\n"):
            raise http.client.IncompleteRead(head.last)


class _Guarded(HTTPConnection):
    """Adds to a connection what urllib3's time-outs leave open."""

    response_class = _Answer
    _held: bytearray | None = None

    def connect(self) -> None:
        """Connect within ``self.timeout`` seconds in all: name look-up, each address, TLS.

        A thread does it, since nothing can end a name look-up. When it is late, what it brings is
        closed. Raises ConnectTimeoutError, and whatever urllib3 does.
        """
        done: Future[None] = Future()
        todo = (super().connect, done)
        threading.Thread(target=self._open, args=todo, name="connect", daemon=True).start()
        wait((done,), self.timeout)
        if done.cancel():
            raise ConnectTimeoutError(self, "no connection in time")
        done.result()

    def _open(self, connect: Any, done: Future[None]) -> None:
        error: Exception | None = None
        try:
            connect()
        except Exception as caught:
            error = caught
        try:
            if error is None:
                done.set_result(None)
            else:
                done.set_exception(error)
        except InvalidStateError:  # nobody waits any more
            self.close()

    def request(
        self,
        method: str,
        url: str,
        body: Any = None,
        headers: Mapping[str, Any] | None = None,
        **options: Any,
    ) -> None:
        """Send headers and body in one piece, with the connection under guard."""
        self._held = bytearray()
        try:
            super().request(method, url, body, headers, **options)
            whole = bytes(self._held)
        finally:
            self._held = None
        if self.sock is None:
            self.connect()
        under_way.get().sending(self.sock)
        self.send(whole)

    def send(self, data: Any) -> None:
        """Hold back what belongs to a request that is being put together; else send it."""
        if self._held is None:
            super().send(data)
        else:
            self._held += data


class _GuardedTls(_Guarded, HTTPSConnection):
    pass


class PlainPool(HTTPConnectionPool):
    """A pool of guarded connections without TLS: for loopback hosts."""

    ConnectionCls = _Guarded


class TlsPool(HTTPSConnectionPool):
    """A pool of guarded connections under TLS."""

    ConnectionCls = _GuardedTls
