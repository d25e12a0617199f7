"""The HTTP side: health, readiness, and whatever else is mounted, on waitress."""

import json
import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias

from waitress import create_server

log = logging.getLogger(__name__)

MAX_BODY_BYTES = 1024 * 1024
THREADS = 8
"""Requests are answered in about a millisecond; threads are for the moments when disks are slow."""

Environ: TypeAlias = dict[str, Any]
StartResponse: TypeAlias = Callable[..., Any]
Wsgi: TypeAlias = Callable[[Environ, StartResponse], Iterable[bytes]]
Readiness: TypeAlias = Callable[[], tuple[bool, Mapping[str, str]]]


class Site:
    """Routes by method and path; everything else is 404 or 405."""

    def __init__(self, ready: Readiness, mounted: Mapping[str, Wsgi]) -> None:
        """``ready``: whether work may come, what each check says; ``mounted``: POST, by path."""
        self._ready = ready
        self._mounted = mounted

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        path, method = environ.get("PATH_INFO", ""), environ.get("REQUEST_METHOD", "")
        if method == "POST" and path in self._mounted:
            return self._mounted[path](environ, start_response)
        told = self._look(path, method, start_response)
        # A body after HEAD would be read as the start of the next answer.
        return [] if method == "HEAD" else told

    def _look(self, path: str, method: str, start_response: StartResponse) -> Iterable[bytes]:
        if path in self._mounted:
            return _wrong_method(start_response, "POST")
        if path not in ("/healthz", "/readyz"):
            return reply(start_response, "404 Not Found", {"error": "nothing here"})
        if method not in ("GET", "HEAD"):
            return _wrong_method(start_response, "GET, HEAD")
        if path == "/healthz":
            return reply(start_response, "200 OK", {"alive": True})
        return self._readiness(start_response)

    def _readiness(self, start_response: StartResponse) -> Iterable[bytes]:
        ready, told = self._ready()
        status = "200 OK" if ready else "503 Service Unavailable"
        return reply(start_response, status, {"ready": ready, "checks": told})


def reply(
    start_response: StartResponse, status: str, body: Mapping[str, Any], *headers: tuple[str, str]
) -> Iterable[bytes]:
    """A small JSON answer."""
    data = json.dumps(body).encode()
    own = [("Content-Type", "application/json"), ("Content-Length", str(len(data)))]
    start_response(status, [*own, *headers])
    return [data]


def _wrong_method(start_response: StartResponse, allowed: str) -> Iterable[bytes]:
    told = {"error": f"use {allowed}"}
    return reply(start_response, "405 Method Not Allowed", told, ("Allow", allowed))


class Server:
    """Waitress with a site. The socket is bound on construction."""

    def __init__(self, site: Wsgi, host: str, port: int) -> None:
        """``port`` 0: the system picks one. Raises OSError where the address is taken."""
        # At WARNING waitress tells of each request that waits for a thread, if only for a moment.
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)
        self._server = create_server(
            site,
            host=host,
            port=port,
            threads=THREADS,
            max_request_body_size=MAX_BODY_BYTES,
            max_request_header_size=64 * 1024,
            channel_timeout=30,
            cleanup_interval=10,
            connection_limit=500,
            ident=None,
            clear_untrusted_proxy_headers=True,
        )
        self.port = int(self._server.effective_port)
        self.host = host

    def run(self) -> None:
        """Serve until SystemExit is raised in this thread, as by a signal; then stop listening."""
        log.info("listening on http://%s:%d", self.host, self.port)
        self._server.run()
        self._server.close()
