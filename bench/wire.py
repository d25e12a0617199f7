"""HTTP/1.1 on asyncio protocols, as little of it as both ends of the bench need."""

import asyncio
import re
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

LOOPBACK = "127.0.0.1"
PATIENCE_SECONDS = 30.0
"""How long the bench waits for anything before it gives up."""

_LENGTH = re.compile(rb"(?i)\r\ncontent-length:\s*(\d+)")


@dataclass(frozen=True, slots=True)
class Heard:
    """A request as a server got it; ``at``: when it was complete (``time.perf_counter``)."""

    method: str
    path: str
    body: bytes
    at: float


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; ``began`` and ``ended`` are on ``time.perf_counter``'s scale."""

    status: int
    body: bytes
    began: float
    ended: float

    @property
    def seconds(self) -> float:
        """How long it took, a new connection included where there was none."""
        return self.ended - self.began


Reply: TypeAlias = Callable[[int, bytes], None]
"""Sends status and JSON body; status 0 breaks the connection off instead."""
Handler: TypeAlias = Callable[[Heard, Reply], None]


class Stub:
    """A server on 127.0.0.1 that counts its connections and requests."""

    def __init__(self, handler: Handler) -> None:
        """``handler`` is called for each request and replies at once or later."""
        self._handler = handler
        self.connections = 0
        self.requests = 0
        self.port = 0
        self._scheme = "http"

    async def start(self, tls: ssl.SSLContext | None = None) -> None:
        """Listen on a port that the system picks; ``tls``: plain without."""
        loop = asyncio.get_running_loop()
        server = await loop.create_server(
            lambda: _ServerSide(self), LOOPBACK, 0, backlog=512, ssl=tls
        )
        self._scheme = "http" if tls is None else "https"
        self.port = int(server.sockets[0].getsockname()[1])

    @property
    def url(self) -> str:
        """Scheme, host and port."""
        return f"{self._scheme}://{LOOPBACK}:{self.port}"

    def take(self, heard: Heard, reply: Reply) -> None:
        """One request came in."""
        self.requests += 1
        self._handler(heard, reply)


class _ServerSide(asyncio.Protocol):
    def __init__(self, stub: Stub) -> None:
        self._stub = stub
        self._buffer = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._stub.connections += 1

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (whole := _whole(self._buffer)) is not None:
            head, body, self._buffer = whole
            method, path, _ = head.split(b"\r\n", 1)[0].decode("latin-1").split(" ", 2)
            self._stub.take(Heard(method, path, body, time.perf_counter()), self._reply)

    def _reply(self, status: int, body: bytes) -> None:
        assert self._transport is not None
        if not status:
            self._transport.abort()
            return
        head = (
            f"HTTP/1.1 {status} Answer\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        self._transport.write(head.encode() + body)


class Line(asyncio.Protocol):
    """One connection that asks and waits for the answer, opened anew where it was closed."""

    def __init__(self, port: int) -> None:
        """``port`` on 127.0.0.1. Nothing is opened yet."""
        self._port = port
        self._buffer = b""
        self._transport: asyncio.Transport | None = None
        self._waiting: asyncio.Future[tuple[bytes, bytes, float]] | None = None
        self._closed = asyncio.Event()

    async def ask(self, request: bytes) -> Answer:
        """Send one request; its answer. Raises ConnectionError or TimeoutError."""
        loop = asyncio.get_running_loop()
        began = time.perf_counter()
        if self._transport is None:
            await loop.create_connection(lambda: self, LOOPBACK, self._port)
        assert self._transport is not None
        self._waiting = loop.create_future()
        self._transport.write(request)
        head, body, ended = await asyncio.wait_for(self._waiting, PATIENCE_SECONDS)
        if head.startswith(b"HTTP/1.0"):
            await self._closed.wait()  # such a server closes after each answer
        return Answer(int(head.split(b" ", 2)[1]), body, began, ended)

    def close(self) -> None:
        """Close the connection, if it is open."""
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The connection is there."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._buffer = b""
        self._closed.clear()

    def data_received(self, data: bytes) -> None:
        """A piece of an answer."""
        self._buffer += data
        whole = _whole(self._buffer)
        if whole is not None:
            head, body, self._buffer = whole
            self._answered(head, body)

    def connection_lost(self, exc: Exception | None) -> None:
        """The other side closed, which may also be how it ends a body."""
        self._transport = None
        self._closed.set()
        head, separator, body = self._buffer.partition(b"\r\n\r\n")
        if separator and not _LENGTH.search(head):
            self._answered(head, body)
        elif self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(exc or ConnectionError("closed without an answer"))

    def _answered(self, head: bytes, body: bytes) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result((head, body, time.perf_counter()))


def _whole(buffer: bytes) -> tuple[bytes, bytes, bytes] | None:
    """Head, body and what follows; None while a message is not complete."""
    end = buffer.find(b"\r\n\r\n")
    if end < 0:
        return None
    head, start = buffer[:end], end + 4
    found = _LENGTH.search(head)
    if found is None:
        # A request without a length has no body; an answer without one ends with its connection.
        return None if head.startswith(b"HTTP/") else (head, b"", buffer[start:])
    length = int(found[1])
    if len(buffer) - start < length:
        return None
    return head, buffer[start : start + length], buffer[start + length :]
