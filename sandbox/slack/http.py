"""The HTTP face of the simulated Slack: Web API, response_urls, state and faults.

It holds no state of its own; everything is in the world.
"""

from __future__ import annotations

import json
import socket
import struct
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from sandbox.papers import Papers, short
from sandbox.slack.api import ApiAnswer, WebApi, parse_call
from sandbox.slack.args import Arguments
from sandbox.slack.faults import RESPONSE_URL, Fault, FaultKind
from sandbox.slack.model import ApiCall, Json, SlackError
from sandbox.slack.response_url import respond
from sandbox.slack.world import SlackWorld

_HTML = "<html><body><h1>502 Bad Gateway</h1></body></html>"
_LONGEST_BODY = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes over the wire; ``dropped`` closes the line instead."""

    status: int = 200
    body: str = ""
    content_type: str = "application/json; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)
    dropped: bool = False
    ok: bool = False
    error: str = ""

    @property
    def all_headers(self) -> Mapping[str, str]:
        """The headers that tell of the content too."""
        return {} if self.dropped else {"Content-Type": self.content_type, **self.headers}


@dataclass(frozen=True, slots=True)
class Request:
    """What came in: ``name`` is the method's name or ``response_url``, ``ident`` the URL's id."""

    name: str
    ident: str
    token: str
    args: Arguments
    problem: str = ""


class SlackHttpServer(ThreadingHTTPServer):
    """Serves one world on a loopback port of the system's choice."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, world: SlackWorld, api: WebApi) -> None:
        self.world = world
        self.api = api
        super().__init__(("127.0.0.1", 0), SlackHandler)

    @property
    def base_url(self) -> str:
        """``http://127.0.0.1:PORT``."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is not worth a traceback; anything else is."""
        if not isinstance(sys.exc_info()[1], (ConnectionError, TimeoutError)):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class SlackHandler(BaseHTTPRequestHandler):
    """One connection of a client."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: SlackHttpServer

    def setup(self) -> None:
        """Number the connection."""
        super().setup()
        self._connection = self.server.world.journal.new_connection()
        self._fresh = True

    def log_message(self, format: str, *args: object) -> None:
        """Silent: the journal has it all."""

    def do_GET(self) -> None:
        """``/_sim/state``, or a Web API method that is asked by GET."""
        self._answer()

    def do_POST(self) -> None:
        """A Web API method, a response_url, or ``/_sim/faults``."""
        self._answer()

    def do_DELETE(self) -> None:
        """``/_sim/faults``: lift all."""
        self._answer()

    def _answer(self) -> None:
        body = self.rfile.read(min(int(self.headers.get("Content-Length") or 0), _LONGEST_BODY))
        address = urlsplit(self.path)
        _, area, *rest = address.path.split("/", 2)
        name = rest[0] if rest else ""
        if area == "_sim":
            self._send(self._own(name, body))
        elif area in ("api", "response") and name:
            self._send(self._journaled(area, name, body, address.query))
        else:
            self._send(Reply(404, "{}"))

    def _own(self, name: str, body: bytes) -> Reply:
        world = self.server.world
        if name == "state" and self.command == "GET":
            return Reply(200, json.dumps(world.snapshot(), default=str))
        if name != "faults":
            return Reply(404, "{}")
        if self.command == "DELETE":
            world.faults.clear()
        elif self.command == "POST":
            try:
                world.faults.set(fault_from(json.loads(body)))
            except (ValueError, TypeError) as error:
                return Reply(400, json.dumps({"error": str(error)}))
        return Reply(200, json.dumps({"faults": [str(f) for f in world.faults.listed()]}))

    def _journaled(self, area: str, name: str, body: bytes, query: str) -> Reply:
        started = time.perf_counter()
        request = self._request(area, name, body, query)
        world = self.server.world
        fault = world.faults.take(request.name, request.args.given)
        reply = faulted(fault, world, lambda: self._take(request))
        shown = {k: v for k, v in request.args.given.items() if k != "token"}
        world.journal.add_call(
            ApiCall(
                number=0,
                method=request.name,
                arguments=shown,
                token=masked(request.token),
                status=None if reply.dropped else reply.status,
                ok=reply.ok,
                error=reply.error,
                ms=(time.perf_counter() - started) * 1000,
                connection=self._connection,
                new_connection=self._fresh,
                fault=fault.kind.value if fault else "",
                at=world.moment.now(),
            ),
            Papers(self.headers, b"", reply.all_headers, short(reply.body)),
        )
        self._fresh = False
        return reply

    def _request(self, area: str, name: str, body: bytes, query: str) -> Request:
        known = name if area == "api" else RESPONSE_URL
        token = (self.headers.get("Authorization") or "").removeprefix("Bearer ").strip()
        kind = self.headers.get("Content-Type") or ""
        try:
            return Request(known, name, token, parse_call(kind, body, query))
        except SlackError as error:
            return Request(known, name, token, Arguments({}), error.word)

    def _take(self, request: Request) -> Reply:
        if request.name == RESPONSE_URL:
            return _response_reply(self.server.world, request)
        if request.problem:
            return _api_reply(ApiAnswer({"ok": False, "error": request.problem}))
        return _api_reply(self.server.api.call(request.name, request.token, request.args))

    def _send(self, reply: Reply) -> None:
        if reply.dropped:
            self._drop()
            return
        body = reply.body.encode()
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.content_type)
        self.send_header("Content-Length", str(len(body)))
        for key, value in reply.headers.items():
            self.send_header(key, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
        self.wfile.flush()

    def _drop(self) -> None:
        """Reset the line, as a broken proxy does."""
        self.close_connection = True
        linger = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)


def faulted(fault: Fault | None, world: SlackWorld, take: Callable[[], Reply]) -> Reply:
    """The reply to a call under ``fault``; ``take`` does the call and is run or not."""
    match fault.kind if fault else None:
        case FaultKind.DROP_BEFORE:
            return Reply(dropped=True, error="dropped")
        case FaultKind.DROP_AFTER:
            return Reply(dropped=True, ok=take().ok, error="dropped")
        case FaultKind.SLOW if fault:
            world.faults.wait(fault.seconds)
            return take()
        case FaultKind.HANG if fault:
            world.faults.wait(fault.seconds)
            return Reply(dropped=True, error="hung")
        case FaultKind.HANG_AFTER if fault:
            done = take()
            world.faults.wait(fault.seconds)
            return Reply(dropped=True, ok=done.ok, error="hung")
    return take() if fault is None else refused(fault)


def refused(fault: Fault) -> Reply:
    """The answer of a fault that keeps the call from being taken."""
    if fault.kind is FaultKind.HTML:
        return Reply(502, _HTML, "text/html", error="html")
    if fault.kind is FaultKind.ERROR:
        return Reply(200, json.dumps({"ok": False, "error": fault.error}), error=fault.error)
    limited = fault.kind is FaultKind.RATE_LIMITED
    word = "ratelimited" if limited else "internal_error"
    body = json.dumps({"ok": False, "error": word}) if fault.body else ""
    wait = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
    return Reply(429 if limited else fault.status, body, headers=wait, error=word)


def fault_from(data: Json) -> Fault:
    """A fault from JSON; raises ``ValueError`` or ``TypeError`` naming what is wrong."""
    unknown = set(data) - {each.name for each in fields(Fault)}
    if unknown:
        raise ValueError(f"unknown: {', '.join(sorted(unknown))}")
    return Fault(**{**data, "kind": FaultKind(str(data.get("kind")))})


def masked(token: str) -> str:
    """The kind of a token without the token."""
    return token.split("-", maxsplit=1)[0] + "-…" if "-" in token else ("…" if token else "")


def _api_reply(answer: ApiAnswer) -> Reply:
    error = str(answer.body.get("error", ""))
    body = json.dumps(answer.body)
    return Reply(200, body, headers=answer.headers, ok=answer.ok, error=error)


def _response_reply(world: SlackWorld, request: Request) -> Reply:
    try:
        if request.problem:
            raise SlackError("invalid_payload")
        respond(world, request.ident, request.args)
    except SlackError as error:
        gone = error.word in ("expired_url", "used_url")
        body = json.dumps({"ok": False, "error": error.word, **error.extra})
        return Reply(404 if gone else 400, body, error=error.word)
    return Reply(200, "ok", "text/plain", ok=True)
