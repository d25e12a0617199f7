"""What the page's server answers on one line: files, the live stream, acts and knobs."""

from __future__ import annotations

import contextlib
import json
import logging
import socket
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote, urlsplit

from sandbox.page.acts import Refused
from sandbox.page.guards import HEADERS, body_length, check_origin
from sandbox.page.parts import Json, as_text

if TYPE_CHECKING:
    from sandbox.page.server import Lines

_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
}
_JSON = "application/json"
_LONGEST_NAME = 200
_IDLE_SECONDS = 30
_DRAIN_SECONDS, _DRAIN_BYTES = 1.0, 4 * 1024 * 1024
_log = logging.getLogger(__name__)


class Handler(BaseHTTPRequestHandler):
    """One line of a browser."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = _IDLE_SECONDS
    server: Lines

    def setup(self) -> None:
        """Take note of the line."""
        super().setup()
        if not self.server.opened(self.connection):
            shut(self.connection)

    def finish(self) -> None:
        """Forget the line."""
        self.server.closed(self.connection)
        super().finish()

    def version_string(self) -> str:
        """Who answers, without versions."""
        return "sandbox"

    def log_message(self, format: str, *args: object) -> None:
        """Silent: the wire log of the page shows what matters."""

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """An error of the protocol, as JSON like all others."""
        self.close_connection = True
        # What could not be read may have left the version of 1991 here, which knows no headers.
        self.request_version = self.protocol_version
        self._send(code, as_text({"error": message or "This cannot be answered."}))

    def do_GET(self) -> None:
        """A file, the stream, or one request of the wire log."""
        self._answer(self._get)

    def do_POST(self) -> None:
        """An act, or a turned knob."""
        self._answer(self._post)

    def _answer(self, work: Callable[[], None]) -> None:
        self._begun, self._unread = False, self.command == "POST"
        try:
            check_origin(self.headers, self.server.page.port)
            work()
        except Refused as refusal:
            self.close_connection = self._unread or self.close_connection
            self._send(refusal.status, as_text({"error": refusal.text}))
            self._drain()
        except (ConnectionError, TimeoutError):
            self.close_connection = True
        except Exception:
            _log.exception("the page's server could not answer %s", self.command)
            self.close_connection = True
            if not self._begun:
                self._send(500, as_text({"error": "Something in the sandbox went wrong."}))

    def _drain(self) -> None:
        """Read what is left of a refused body: closing on it would take the answer back."""
        if not self._unread:
            return
        left = _DRAIN_BYTES
        # A browser that has gone meanwhile has no answer to lose.
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_WR)
            self.connection.settimeout(_DRAIN_SECONDS)
            while left > 0 and (piece := self.connection.recv(min(left, 65_536))):
                left -= len(piece)

    def _get(self) -> None:
        address = urlsplit(self.path)
        if address.path == "/live":
            self._stream(parse_qs(address.query).get("person", [""])[0])
        elif address.path.startswith("/wire/"):
            self._wire(address.path.removeprefix("/wire/"))
        else:
            self._file(address.path)

    def _post(self) -> None:
        page, path = self.server.page, urlsplit(self.path).path
        if path not in ("/act", "/world"):
            raise Refused(404, "There is nothing here.")
        body = self._body()
        if path == "/act":
            self._send(200, as_text(page.acts.do(body)))
            return
        if not isinstance(body, dict):
            raise Refused(400, "An object is expected.")
        try:
            page.stage.turn(body)
        except KeyError as error:
            raise Refused(404, f"There is no such thing here: {_said(error)}") from error
        except ValueError as error:
            raise Refused(400, str(error)) from error
        self._send(200, as_text({"ok": True}))

    def _body(self) -> Json:
        raw = self.rfile.read(body_length(self.headers))
        self._unread = False
        try:
            content = json.loads(raw)
            # Half a surrogate pair passes for JSON, but can be sent nowhere.
            json.dumps(content, ensure_ascii=False).encode()
        except (ValueError, RecursionError) as error:
            raise Refused(400, "The body is not JSON.") from error
        return content

    def _stream(self, person: str) -> None:
        rig = self.server.page.stage.rig
        known = None if rig is None else rig.slack_world.people.get(person)
        if not person or (rig is not None and (known is None or known.is_bot or known.deleted)):
            raise Refused(404, "There is no such person here.")
        self.close_connection = True
        self._head(200, "text/event-stream; charset=utf-8")
        for batch in self.server.page.live.batches(person):
            text = ":\n\n" if batch is None else f"data: {self.server.page.masked(batch)}\n\n"
            self.wfile.write(text.encode())

    def _wire(self, number: str) -> None:
        if not (number.isascii() and number.isdigit() and len(number) < 10):
            raise Refused(404, "There is no such request.")
        try:
            detail = self.server.page.stage.wire_detail(int(number))
        except KeyError as error:
            raise Refused(404, "There is no such request, or no more.") from error
        self._send(200, as_text(detail))

    def _file(self, path: str) -> None:
        root = self.server.page.static
        name = unquote(path).lstrip("/") or "index.html"
        if len(name) > _LONGEST_NAME:
            raise Refused(404, "There is nothing here.")
        # No file has a NUL in its name; the system would refuse to look.
        file = (root / name.replace("\0", "?")).resolve()
        kind = _TYPES.get(file.suffix)
        if kind is None or not file.is_relative_to(root) or not file.is_file():
            raise Refused(404, "There is nothing here.")
        content = file.read_bytes()
        self._head(200, kind, len(content))
        self.wfile.write(content)

    def _send(self, status: int, text: str) -> None:
        content = self.server.page.masked(text).encode()
        self._head(status, _JSON, len(content))
        self.wfile.write(content)

    def _head(self, status: int, kind: str, length: int | None = None) -> None:
        self._begun = True
        self.send_response(status)
        self.send_header("Content-Type", kind)
        if length is not None:
            self.send_header("Content-Length", str(length))
        if self.close_connection:
            self.send_header("Connection", "close")
        for name, value in HEADERS.items():
            self.send_header(name, value)
        self.end_headers()


def _said(error: KeyError) -> str:
    return str(error.args[0]) if error.args else ""


def shut(line: socket.socket) -> None:
    """End a line for both sides; one that has ended already stays so."""
    with contextlib.suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)
