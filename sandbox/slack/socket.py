"""Socket Mode: one-time links, envelopes and acknowledgements over WebSocket.

Rules: page "using socket mode". Threads are the ``websockets`` package's own, one per connection.
"""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from http import HTTPStatus

from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.sync.server import Server, ServerConnection, serve

from sandbox.slack.model import Json, SlackError
from sandbox.slack.moment import Moment
from sandbox.slack.payloads import Parcel
from sandbox.slack.transport import Answer

RETRY_NUMBER, RETRY_REASON = "x-slack-retry-num", "x-slack-retry-reason"


class _Link(ServerConnection):
    """A connection that can fall silent: open, but nothing leaves it, not even pongs."""

    silent = False

    def send_data(self) -> None:
        """Send what is due, or swallow it when silent."""
        if not self.silent:
            super().send_data()
            return
        for _ in self.protocol.data_to_send():
            continue


@dataclass(slots=True)
class _Waiting:
    """An envelope on its way: set when acknowledged."""

    parcel: Parcel
    done: threading.Event = field(default_factory=threading.Event)
    payload: object = None


class SocketHub:
    """The Slack end of all Socket Mode connections of one app.

    ``accepting`` False refuses new connections; ``links_opened`` counts those there ever were;
    ``problems`` are acknowledgements Slack would not understand.
    """

    name = "socket"

    def __init__(self, app_id: str, moment: Moment) -> None:
        self._app_id = app_id
        self._moment = moment
        self._server: Server | None = None
        self._tickets: set[str] = set()
        self._links: list[_Link] = []
        self._waiting: dict[str, _Waiting] = {}
        self._acks: Counter[str] = Counter()
        self._turn = 0
        self._lock = threading.RLock()
        self.accepting = True
        self.problems: list[str] = []
        self.links_opened = 0

    def start(self) -> None:
        """Listen on a loopback port of the system's choice."""
        self._server = serve(
            self._serve,
            "127.0.0.1",
            0,
            compression=None,
            ping_interval=None,
            close_timeout=0.5,
            process_request=self._admit,
            create_connection=_Link,
        )
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        """Close all connections and stop listening."""
        if self._server is not None:
            for link in self._open_links():
                link.silent = False
            self._server.shutdown()

    def new_link(self) -> str:
        """The address apps.connections.open hands out; good for one connection."""
        if self._server is None:
            raise SlackError("internal_error")
        port = self._server.socket.getsockname()[1]
        ticket = self._moment.next_id("ticket")
        with self._lock:
            self._tickets.add(ticket)
        return f"ws://127.0.0.1:{port}/link/?ticket={ticket}&app_id={self._app_id}"

    @property
    def connections(self) -> int:
        """How many connections are open."""
        return len(self._open_links())

    def send(self, parcel: Parcel) -> Answer:
        """Deliver on the next connection in turn; no connection is ``refused``."""
        started = time.monotonic()
        envelope_id = parcel.envelope_id or self._moment.next_id("envelope-")
        waiting = _Waiting(replace(parcel, envelope_id=envelope_id))
        with self._lock:
            self._waiting[envelope_id] = waiting
        if not self._dispatch(waiting.parcel):
            return Answer(None, "", time.monotonic() - started, error="refused")
        if not waiting.done.wait(self._moment.deadline_seconds):
            return Answer(None, "", time.monotonic() - started, error="timeout")
        body = "" if waiting.payload is None else json.dumps(waiting.payload)
        return Answer(200, body, time.monotonic() - started, "application/json")

    def acknowledgements(self, envelope_id: str) -> int:
        """How often an envelope has been acknowledged, late ones counted."""
        with self._lock:
            return self._acks[envelope_id]

    def disconnect(self, reason: str = "refresh_requested") -> None:
        """Announce the end of every open connection: ``warning``, ``refresh_requested``,
        ``link_disabled``; but for a warning the connection then closes."""
        message = {"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}}
        for link in self._open_links():
            self._put(link, message)
            if reason != "warning":
                threading.Thread(target=link.close, daemon=True).start()

    def fall_silent(self) -> None:
        """Leave the present connections open but dead; new ones are well."""
        for link in self._open_links():
            link.silent = True

    def drop(self) -> None:
        """Cut every open connection without a word, as a lost network does."""
        for link in self._open_links():
            with contextlib.suppress(OSError):
                link.socket.shutdown(socket.SHUT_RDWR)

    def _open_links(self) -> list[_Link]:
        with self._lock:
            return list(self._links)

    def _dispatch(self, parcel: Parcel) -> bool:
        links = self._open_links()
        if not links:
            return False
        with self._lock:
            self._turn += 1
            link = links[self._turn % len(links)]
        return self._put(link, envelope(parcel))

    def _put(self, link: _Link, message: Json) -> bool:
        try:
            link.send(json.dumps(message))
        except ConnectionClosed:
            return False
        return True

    def _admit(self, connection: ServerConnection, request: Request) -> Response | None:
        ticket = request.path.partition("ticket=")[2].partition("&")[0]
        with self._lock:
            if not self.accepting or ticket not in self._tickets:
                return connection.respond(HTTPStatus.UNAUTHORIZED, "link is not valid\n")
            self._tickets.remove(ticket)
        return None

    def _serve(self, connection: ServerConnection) -> None:
        if not isinstance(connection, _Link):
            raise TypeError(type(connection))
        with self._lock:
            self._links.append(connection)
            self.links_opened += 1
            count = len(self._links)
        self._put(connection, hello(self._app_id, count))
        with self._moment.changed:
            self._moment.changed.notify_all()
        try:
            for text in connection:
                self._acknowledged(text)
        except ConnectionClosed:
            pass
        finally:
            with self._lock:
                self._links.remove(connection)
            with self._moment.changed:
                self._moment.changed.notify_all()

    def _acknowledged(self, text: str | bytes) -> None:
        try:
            message = json.loads(text)
            envelope_id, payload = message["envelope_id"], message.get("payload")
        except (ValueError, KeyError, TypeError):
            self.problems.append(f"not an acknowledgement: {text!r:.200}")
            return
        with self._lock:
            waiting = self._waiting.get(envelope_id)
        if waiting is None:
            self.problems.append(f"unknown envelope: {envelope_id}")
            return
        if payload is not None and not waiting.parcel.accepts_payload:
            self.problems.append(f"payload not accepted: {waiting.parcel.name}")
        waiting.payload = payload if waiting.parcel.accepts_payload else None
        with self._lock:
            self._acks[envelope_id] += 1
        waiting.done.set()


def hello(app_id: str, connections: int) -> Json:
    """The first message on a connection."""
    return {
        "type": "hello",
        "num_connections": connections,
        "connection_info": {"app_id": app_id},
        "debug_info": {"host": "sandbox", "approximate_connection_time": 3600},
    }


def envelope(parcel: Parcel) -> Json:
    """A parcel as it travels; events carry their retry number and reason."""
    shape: Json = {
        "type": parcel.kind.value,
        "envelope_id": parcel.envelope_id,
        "payload": parcel.payload,
        "accepts_response_payload": parcel.accepts_payload,
    }
    if parcel.kind.value == "events_api":
        shape["retry_attempt"] = int(parcel.headers.get(RETRY_NUMBER, 0))
        shape["retry_reason"] = parcel.headers.get(RETRY_REASON, "")
    return shape
