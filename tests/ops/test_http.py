"""Routes, methods and readiness; and the real server, spoken to over a socket."""

from __future__ import annotations

import contextlib
import json
import logging
import socket
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from typing import Any

import pytest

from ops.http import MAX_BODY_BYTES, Server, Site

WAIT = 10.0
EVENTS = "/slack/events"


@dataclass
class Checks:
    """What readiness says."""

    ready: bool = True

    def __call__(self) -> tuple[bool, dict[str, str]]:
        return self.ready, {"database": "ok" if self.ready else "does not answer"}


def mounted(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    body = environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]


def ask(site: Site, method: str, path: str) -> tuple[str, dict[str, str], bytes]:
    said: list[Any] = []
    body = b"".join(
        site({"REQUEST_METHOD": method, "PATH_INFO": path}, lambda *told: said.append(told))
    )
    ((status, headers),) = said
    return status, dict(headers), body


FIGURES = (lambda: b"up 1\n", "text/plain; charset=utf-8")
SITE = Site(Checks(), {EVENTS: mounted}, *FIGURES)
OTHERS = ("GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "", "get")


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_health_and_readiness(path: str, method: str) -> None:
    status, headers, body = ask(SITE, method, path)
    assert status == "200 OK"
    assert headers["Content-Type"] == "application/json"
    assert (body == b"") == (method == "HEAD")
    assert int(headers["Content-Length"]) > 0


def test_what_is_said() -> None:
    assert json.loads(ask(SITE, "GET", "/healthz")[2]) == {"alive": True}
    assert json.loads(ask(SITE, "GET", "/readyz")[2]) == {
        "ready": True, "checks": {"database": "ok"},
    }  # fmt: skip


def test_not_ready_is_503_and_says_why_but_the_process_lives() -> None:
    site = Site(Checks(ready=False), {}, *FIGURES)
    status, _, body = ask(site, "GET", "/readyz")
    assert status == "503 Service Unavailable"
    assert json.loads(body) == {"ready": False, "checks": {"database": "does not answer"}}
    assert ask(site, "GET", "/healthz")[0] == "200 OK"


def test_figures_come_as_they_are() -> None:
    status, headers, body = ask(SITE, "GET", "/metrics")
    assert (status, body) == ("200 OK", b"up 1\n")
    assert headers == {"Content-Type": "text/plain; charset=utf-8", "Content-Length": "5"}
    assert ask(SITE, "HEAD", "/metrics")[2] == b""


def test_a_site_that_stops_says_so_finishes_and_takes_nothing_new() -> None:
    begun, go_on, told = threading.Event(), threading.Event(), []

    def slow(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        begun.set()
        assert go_on.wait(WAIT)
        start_response("200 OK", [])
        return [b"done"]

    site = Site(Checks(), {EVENTS: slow}, *FIGURES)
    asking = threading.Thread(target=lambda: told.append(ask(site, "POST", EVENTS)))
    asking.start()
    assert begun.wait(WAIT)
    assert not site.stop(0)
    status, _, body = ask(site, "GET", "/readyz")
    assert status == "503 Service Unavailable"
    assert json.loads(body) == {"ready": False, "checks": {"process": "stopping"}}
    assert ask(site, "POST", EVENTS)[0] == "503 Service Unavailable"
    assert ask(site, "GET", "/healthz")[0] == "200 OK"
    go_on.set()
    assert site.stop(WAIT)
    asking.join(WAIT)
    assert told[0][0] == "200 OK"


def test_a_request_that_fails_is_over_too() -> None:
    def broken(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        raise ValueError("broken")

    site = Site(Checks(), {EVENTS: broken}, *FIGURES)
    with pytest.raises(ValueError, match="broken"):
        ask(site, "POST", EVENTS)
    assert site.stop(0)


@pytest.mark.parametrize("method", OTHERS)
def test_the_mounted_path_takes_post_alone(method: str) -> None:
    status, headers, _ = ask(SITE, method, EVENTS)
    assert status == "405 Method Not Allowed"
    assert headers["Allow"] == "POST"


@pytest.mark.parametrize("path", ["/healthz", "/metrics"])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "TRACE", ""])
def test_health_and_figures_are_only_looked_at(method: str, path: str) -> None:
    status, headers, _ = ask(SITE, method, path)
    assert status == "405 Method Not Allowed"
    assert headers["Allow"] == "GET, HEAD"


@pytest.mark.parametrize("method", [*OTHERS, "POST"])
@pytest.mark.parametrize(
    "path",
    ["", "/", "/.env", "/slack/events/", "/slack", "//slack/events", "/healthz/", "/HEALTHZ",
     "/slack/events/..", "/debug", "/\u2028", "/healthz\x00"],
)  # fmt: skip
def test_there_is_nothing_else(method: str, path: str) -> None:
    status, _, body = ask(SITE, method, path)
    assert status == "404 Not Found"
    assert body == (b"" if method == "HEAD" else b'{"error": "nothing here"}')


def test_over_socket_mode_there_is_no_slack_path() -> None:
    assert ask(Site(Checks(), {}, *FIGURES), "POST", EVENTS)[0] == "404 Not Found"


@pytest.fixture
def server() -> Iterator[Server]:
    logger = logging.getLogger("waitress")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    made = Server(SITE, "127.0.0.1", 0)
    thread = threading.Thread(target=made.run, daemon=True)
    thread.start()
    yield made
    assert made.close(WAIT)
    thread.join(WAIT)
    assert not thread.is_alive()
    logger.setLevel(level)


@contextlib.contextmanager
def connect(server: Server) -> Iterator[HTTPConnection]:
    with contextlib.closing(HTTPConnection("127.0.0.1", server.port, timeout=WAIT)) as connection:
        yield connection


def once(server: Server, method: str, path: str, body: bytes = b"") -> tuple[HTTPResponse, bytes]:
    with connect(server) as connection:
        found = answer(connection, method, path, body)
        return found, found.read()


def answer(connection: HTTPConnection, method: str, path: str, body: bytes = b"") -> HTTPResponse:
    connection.request(method, path, body or None)
    return connection.getresponse()


def test_the_port_is_the_one_that_the_system_picked(server: Server) -> None:
    assert server.port > 0
    assert once(server, "GET", "/healthz")[1] == b'{"alive": true}'


def test_it_serves_on_after_a_signal_until_it_is_closed() -> None:
    made = Server(SITE, "127.0.0.1", 0)
    told: list[bool] = []

    class Signalled(threading.Event):
        come = False

        def wait(self, timeout: float | None = None) -> bool:
            if not self.come:
                self.come = True
                raise SystemExit
            return super().wait(timeout)

    made._ended = Signalled()
    told.append(made.run())
    assert told == [True]
    assert once(made, "GET", "/healthz")[0].status == 200
    port = made.port
    assert made.close(WAIT)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), WAIT)


def test_one_connection_serves_many_requests_head_among_them(server: Server) -> None:
    with connect(server) as connection:
        for _ in range(3):
            head = answer(connection, "HEAD", "/healthz")
            assert (head.status, head.read()) == (200, b"")
            assert answer(connection, "GET", "/healthz").read() == b'{"alive": true}'
            assert answer(connection, "POST", EVENTS, b"x" * 5000).read() == b"x" * 5000


def test_nobody_is_told_what_serves(server: Server) -> None:
    for path in ("/healthz", "/nothing"):
        found, body = once(server, "GET", path)
        assert "Server" not in found.headers
        assert b"waitress" not in body.lower()


def test_a_body_that_is_too_large_is_refused_and_the_next_one_is_taken(server: Server) -> None:
    with connect(server) as connection:
        connection.putrequest("POST", EVENTS)
        connection.putheader("Content-Length", str(MAX_BODY_BYTES + 1))
        connection.endheaders()
        found = connection.getresponse()
        assert found.status == 413
        found.read()
    assert once(server, "POST", EVENTS, b"small")[1] == b"small"


def test_half_sent_requests_hold_nobody_up(server: Server) -> None:
    half = b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf"
    with contextlib.ExitStack() as stack:
        for _ in range(40):
            line = socket.create_connection(("127.0.0.1", server.port), WAIT)
            stack.enter_context(line).sendall(half)
        assert once(server, "POST", EVENTS, b"whole")[1] == b"whole"


@pytest.mark.parametrize(
    "junk", [b"\x00\x01\x02\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"\xff" * 200 + b"\r\n\r\n",
             b"POST /slack/events HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
             b"POST /slack/events HTTP/1.1\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n"],
)  # fmt: skip
def test_junk_on_the_line_is_survived(server: Server, junk: bytes) -> None:
    with socket.create_connection(("127.0.0.1", server.port), WAIT) as line:
        line.sendall(junk)
        line.shutdown(socket.SHUT_WR)
        said = line.recv(65_536)
    assert b" 500 " not in said
    assert b"Traceback" not in said
    assert once(server, "GET", "/healthz")[0].status == 200
