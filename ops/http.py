"""The HTTP side: health, readiness, figures, and whatever else is mounted, on waitress."""

import json
import logging
import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any, TypeAlias

from waitress import create_server

log = logging.getLogger(__name__)

MAX_BODY_BYTES = 1024 * 1024
UNAVAILABLE = "503 Service Unavailable"
THREADS = 8
"""Requests are answered in about a millisecond; threads are for the moments when disks are slow."""
AWAKE_SECONDS = 0.5

Environ: TypeAlias = dict[str, Any]
StartResponse: TypeAlias = Callable[..., Any]
Wsgi: TypeAlias = Callable[[Environ, StartResponse], Iterable[bytes]]
Readiness: TypeAlias = Callable[[], tuple[bool, Mapping[str, str]]]


class Site:
    """Routes by method and path; everything else is 404 or 405."""

    def __init__(
        self,
        ready: Readiness,
        mounted: Mapping[str, Wsgi],
        figures: Callable[[], bytes],
        figures_type: str,
    ) -> None:
        """``ready``: whether work may come, what each check says; ``mounted``: POST, by path.

        ``figures``: the page of figures for machines, and its content type.
        """
        self._ready = ready
        self._mounted = mounted
        self._figures = figures
        self._figures_type = figures_type
        self._change = threading.Condition()
        self._under_way = 0
        self._stopping = False

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        path, method = environ.get("PATH_INFO", ""), environ.get("REQUEST_METHOD", "")
        if method == "POST" and path in self._mounted:
            return self._hand_on(self._mounted[path], environ, start_response)
        told = self._look(path, method, start_response)
        # A body after HEAD would be read as the start of the next answer.
        return [] if method == "HEAD" else told

    def stop(self, within: float) -> bool:
        """From now on nothing new is taken; whether all was answered within so many seconds."""
        with self._change:
            self._stopping = True
            return self._change.wait_for(lambda: not self._under_way, within)

    def _hand_on(
        self, wsgi: Wsgi, environ: Environ, start_response: StartResponse
    ) -> Iterable[bytes]:
        with self._change:
            if self._stopping:
                return reply(start_response, UNAVAILABLE, {"error": "stopping"})
            self._under_way += 1
        try:
            return wsgi(environ, start_response)
        finally:
            with self._change:
                self._under_way -= 1
                self._change.notify_all()

    def _look(self, path: str, method: str, start_response: StartResponse) -> Iterable[bytes]:
        if path in self._mounted:
            return _wrong_method(start_response, "POST")
        if path not in ("/healthz", "/readyz", "/metrics"):
            return reply(start_response, "404 Not Found", {"error": "nothing here"})
        if method not in ("GET", "HEAD"):
            return _wrong_method(start_response, "GET, HEAD")
        if path == "/healthz":
            return reply(start_response, "200 OK", {"alive": True})
        if path == "/metrics":
            return _sent(start_response, "200 OK", self._figures(), self._figures_type)
        return self._readiness(start_response)

    def _readiness(self, start_response: StartResponse) -> Iterable[bytes]:
        ready, told = (False, {"process": "stopping"}) if self._stopping else self._ready()
        status = "200 OK" if ready else UNAVAILABLE
        return reply(start_response, status, {"ready": ready, "checks": told})


def reply(
    start_response: StartResponse, status: str, body: Mapping[str, Any], *headers: tuple[str, str]
) -> Iterable[bytes]:
    """A small JSON answer."""
    data = json.dumps(body).encode()
    return _sent(start_response, status, data, "application/json", *headers)


def _sent(
    start_response: StartResponse, status: str, data: bytes, kind: str, *headers: tuple[str, str]
) -> Iterable[bytes]:
    own = [("Content-Type", kind), ("Content-Length", str(len(data)))]
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
        self._ended = threading.Event()

    def run(self) -> bool:
        """Serve. True when SystemExit is raised in this thread, as by a signal: then it goes on
        until ``close``, for what a bot that stops still has to say. False where serving failed.
        """
        try:
            log.info("listening on http://%s:%d", self.host, self.port)
            threading.Thread(target=self._serve, name="http", daemon=True).start()
            # A signal that comes just as this thread falls asleep, or that another thread gets, is
            # noted and wakes nobody: its handler runs the next time that this thread is awake.
            while not self._ended.wait(AWAKE_SECONDS):
                continue
        except SystemExit:
            return True
        return False

    def close(self, within: float) -> bool:
        """Stop listening; whether that came to its end within so many seconds."""
        self._server.task_dispatcher.shutdown(timeout=within)
        # The loop may close everything, the trigger too, before the trigger's byte is written.
        with suppress(OSError):
            self._server.trigger.pull_trigger(self._close_all)
        return self._ended.wait(within)

    def _serve(self) -> None:
        try:
            self._server.run()
        finally:
            self._ended.set()

    def _close_all(self) -> None:
        self._server.asyncore.close_all(self._server._map, ignore_all=True)
