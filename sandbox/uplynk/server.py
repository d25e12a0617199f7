"""The HTTP face of the simulated Uplynk: HTTP/1.1 with keep-alive on a loopback port."""

import socket
import sys
from contextlib import suppress
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Condition, Event, Thread
from types import TracebackType
from typing import Any, Self

from sandbox.papers import HeadLines, Papers, short
from sandbox.uplynk.answers import Answer, Manner, failure
from sandbox.uplynk.control import PREFIX, Control
from sandbox.uplynk.delivery import send
from sandbox.uplynk.exchange import Call, Exchange, Hook, Stage, answers_before_effect
from sandbox.uplynk.faults import FaultBook
from sandbox.uplynk.journal import RequestRecord, finished
from sandbox.uplynk.model import RefusedError
from sandbox.uplynk.routes import route
from sandbox.uplynk.signature import Verifier, masked
from sandbox.uplynk.world import UplynkWorld

_BODY_LIMIT = 1_048_576
_HOST = "127.0.0.1"
_STOP_SECONDS = 2.0
_POLL_SECONDS = 0.1

__all__ = ["Stage", "UplynkSimulator"]


class UplynkSimulator:
    """A simulated Uplynk for one account; `hook` may be set at any time.

    The hook is called with a Stage and the request's record in the thread that serves it.
    """

    def __init__(
        self, world: UplynkWorld, owner: str, api_key: str, hook: Hook | None = None
    ) -> None:
        """Serve this world to whoever signs with this owner and key; does not listen yet."""
        self.world = world
        self.faults = FaultBook()
        self.hook = hook
        self.port = 0
        self.verifier = Verifier(owner, api_key)
        self._server: _Server | None = None
        self._opened = 0

    @property
    def base_url(self) -> str:
        """Scheme, host and port; the port is 0 before the first start."""
        return f"http://{_HOST}:{self.port}"

    @property
    def connections(self) -> int:
        """How many connections were opened so far."""
        return self._opened + (self._server.opened if self._server else 0)

    def start(self) -> None:
        """Listen; a second start after a stop takes the same port. OSError if that is gone."""
        self._server = _Server((_HOST, self.port), self, self._opened)
        self.port = self._server.server_address[1]
        Thread(target=self._server.serve_forever, args=(_POLL_SECONDS,), daemon=True).start()

    def stop(self) -> None:
        """Stop listening, end pauses and hanging requests, close every connection."""
        server, self._server = self._server, None
        if server is not None:
            server.stop()
            self._opened += server.opened

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop."""
        self.stop()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, address: tuple[str, int], sim: UplynkSimulator, earlier: int) -> None:
        self.sim = sim
        self.opened = 0
        self.stopping = Event()
        self.exchange = Exchange(sim.world, sim.faults, self.stopping)
        self.control = Control(sim.world, sim.faults)
        self._earlier = earlier
        self._open: dict[int, socket.socket] = {}
        self._idle = Condition()
        super().__init__(address, _Handler)

    def stop(self) -> None:
        self.stopping.set()
        # wakes the accepting thread at once where the system allows it; elsewhere it polls
        with suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        self.shutdown()
        self.server_close()
        with self._idle:
            for connection in self._open.values():
                # one that the client has closed, or that was reset, is no longer connected
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
            self._idle.wait_for(lambda: not self._open, _STOP_SECONDS)

    def opening(self, connection: socket.socket) -> int:
        with self._idle:
            self.opened += 1
            number = self._earlier + self.opened
            self._open[number] = connection
        return number

    def closing(self, number: int) -> None:
        with self._idle:
            del self._open[number]
            self._idle.notify_all()

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def setup(self) -> None:
        super().setup()
        self.number = self.server.opening(self.connection)

    def finish(self) -> None:
        self.server.closing(self.number)
        super().finish()

    def log_message(self, format: str, *args: Any) -> None:
        """Stay silent: the request line holds msg and sig."""

    def serve(self) -> None:
        path, _, query = self.path.partition("?")
        try:
            body = self._read_body()
        except RefusedError as refusal:
            self.close_connection = True
            self._send(failure(refusal.status, refusal.message))
            return
        if path.startswith(PREFIX):
            self._send(self.server.control.answer(self.command, path, body))
            return
        content_type = self.headers.get("Content-Type", "")
        self._exchange(Call(self._arrived(path, query), query, content_type, body))

    do_GET = do_PATCH = do_PUT = do_POST = do_DELETE = serve  # noqa: N815

    def _read_body(self) -> bytes:
        if "Transfer-Encoding" in self.headers:
            raise RefusedError(411, "Content-Length is required")
        length = self.headers.get("Content-Length", "0")
        if not (length.isascii() and length.isdigit()):
            raise RefusedError(400, "bad Content-Length")
        if int(length) > _BODY_LIMIT:
            raise RefusedError(413, "the body is too long")
        return self.rfile.read(int(length))

    def _arrived(self, path: str, query: str) -> RequestRecord:
        world, verifier = self.server.sim.world, self.server.sim.verifier
        now, number = world.clock(), world.journal.next_number()
        endpoint, group_id = route(path)
        record = RequestRecord(
            number=number,
            time=now,
            connection=self.number,
            method=self.command,
            path=path,
            query=masked(query),
            endpoint=None if endpoint is None else endpoint.value,
            group_id=group_id,
            signature=verifier.verdict(query, now).value,
            repeats=verifier.first_use(query, number),
        )
        world.journal.put(record)
        return record

    def _exchange(self, call: Call) -> None:
        hook = self.server.sim.hook
        reply = self.server.exchange.reply(call, hook)
        seconds = reply.late_seconds
        if seconds is not None and not answers_before_effect(reply):
            self._apply_late(call, seconds)
        try:
            self._deliver(reply.answer, reply.record, call.body)
        finally:
            if seconds is not None and answers_before_effect(reply):
                self._apply_late(call, seconds)
        if hook is not None:
            hook(Stage.ANSWERED, reply.record)

    def _deliver(self, answer: Answer, record: RequestRecord, asked: bytes) -> None:
        world = self.server.sim.world
        if answer.manner is Manner.FULL:
            # written down first: who has the answer must find it in the journal
            head = answer.head(world.clock(), closing=self.close_connection)
            sent = len(head) + len(answer.body)
            papers = Papers(self.headers, short(asked), HeadLines(head), short(answer.body))
            world.journal.file(record.number, papers)
            world.journal.put(finished(record, answer.status, sent, world.clock()))
            send(self.connection, head, answer, self.server.stopping)
            return
        self.close_connection = True
        world.journal.file(record.number, Papers(self.headers, short(asked)))
        status = answer.status if answer.manner in (Manner.HALF, Manner.TRICKLE) else None
        sent = 0
        try:
            sent = self._send(answer)
        finally:
            world.journal.put(finished(record, status, sent, world.clock()))

    def _send(self, answer: Answer) -> int:
        head = answer.head(self.server.sim.world.clock(), closing=self.close_connection)
        return send(self.connection, head, answer, self.server.stopping)

    def _apply_late(self, call: Call, seconds: float) -> None:
        late = replace(call, query="")
        args = (late, self.server.sim.hook, seconds)
        Thread(target=self.server.exchange.apply_late, args=args, daemon=True).start()
