"""Delivery over HTTP on lasting connections, within Slack's three seconds."""

from __future__ import annotations

import http.client
import select
import socket
import threading
import time
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlsplit

from sandbox.papers import Headers
from sandbox.slack.moment import DEADLINE_SECONDS, Moment
from sandbox.slack.payloads import Parcel
from sandbox.slack.signing import SignedRequest, Signer


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; ``status`` None with ``error`` ``timeout``, ``refused`` or ``closed``.

    ``asked`` and ``answered`` are the headers of both ways where there are any.
    """

    status: int | None
    body: str
    seconds: float
    content_type: str = ""
    error: str = ""
    deadline: float = DEADLINE_SECONDS
    asked: Headers = field(default_factory=dict)
    answered: Headers = field(default_factory=dict)

    @property
    def in_time(self) -> bool:
        """Whether it came within the deadline."""
        return self.status is not None and self.seconds <= self.deadline


class Transport(Protocol):
    """A way to the bot."""

    name: str

    def send(self, parcel: Parcel) -> Answer:
        """Deliver and wait for the answer until the deadline."""


class HttpTransport:
    """Posts signed requests to one address of the bot."""

    name = "http"

    def __init__(self, url: str, signer: Signer, moment: Moment) -> None:
        self._moment = moment
        self._url = urlsplit(url)
        self._signer = signer
        self._idle: list[http.client.HTTPConnection] = []
        self._closed = False
        self._lock = threading.Lock()

    def send(self, parcel: Parcel) -> Answer:
        """Sign, post and wait for the answer."""
        return self.post(self._signer.parcel(parcel))

    def post(self, request: SignedRequest) -> Answer:
        """Post a request as it is, forged or not."""
        started = time.monotonic()
        connection = self._take()
        try:
            answer = self._exchange(connection, request, started)
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            seconds = time.monotonic() - started
            return Answer(None, "", seconds, error=_word(error), asked=request.headers)
        with self._lock:
            if self._closed:
                connection.close()
            else:
                self._idle.append(connection)
        return answer

    def close(self) -> None:
        """Keep no connection any more; what is under way goes on to its end."""
        with self._lock:
            self._closed = True
            while self._idle:
                self._idle.pop().close()

    def _exchange(
        self, connection: http.client.HTTPConnection, request: SignedRequest, started: float
    ) -> Answer:
        path = self._url.path or "/"
        connection.putrequest("POST", path, skip_accept_encoding=True)
        for key, value in request.headers.items():
            connection.putheader(key, value.encode("utf-8"))
        connection.putheader("Content-Length", str(len(request.body)))
        connection.endheaders(request.body)
        response = connection.getresponse()
        body = response.read().decode("utf-8", "replace")
        seconds = time.monotonic() - started
        kind = response.headers.get("Content-Type") or ""
        return Answer(
            response.status,
            body,
            seconds,
            kind,
            deadline=self._moment.deadline_seconds,
            asked=request.headers,
            answered=response.headers,
        )

    def _take(self) -> http.client.HTTPConnection:
        with self._lock:
            while self._idle:
                connection = self._idle.pop()
                if not _is_closed(connection.sock):
                    connection.sock.settimeout(self._moment.deadline_seconds)
                    return connection
                connection.close()
        port = self._url.port or 80
        return _Connection(
            self._url.hostname or "127.0.0.1", port, timeout=self._moment.deadline_seconds
        )


class _Connection(http.client.HTTPConnection):
    def connect(self) -> None:
        super().connect()
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _word(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "timeout"
    return "refused" if isinstance(error, ConnectionRefusedError) else "closed"


def _is_closed(sock: socket.socket | None) -> bool:
    """An idle connection with something to read has been closed by the other side."""
    if sock is None:
        return True
    watch = select.poll()
    watch.register(sock, select.POLLIN)
    return bool(watch.poll(0))
