"""The page's HTTP server on loopback: it starts, knows its open lines, and stops at once."""

from __future__ import annotations

import logging
import socket
import sys
import threading
from http.server import ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Self

from sandbox.page.acts import Acts
from sandbox.page.handler import Handler, shut
from sandbox.page.live import Live, Stage
from sandbox.page.manifest import read_manifest

STATIC = Path(__file__).resolve().parent / "static"
_STOP_SECONDS = 5.0
_log = logging.getLogger(__name__)


class PageServer:
    """Serves one stage to browsers on this machine; the system picks the port."""

    def __init__(self, stage: Stage, static: Path = STATIC) -> None:
        manifest = read_manifest()
        self.stage = stage
        self.static = static.resolve()
        self.live = Live(stage, manifest)
        self.acts = Acts(stage, manifest)
        self._secrets: frozenset[str] = frozenset()
        self._http = Lines(self)

    def start(self) -> Self:
        """Begin to serve."""
        self.live.start()
        threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def stop(self) -> None:
        """Stop serving: no new lines, and the open ones, streams included, end at once."""
        self.live.stop()
        self._http.shutdown()
        self._http.server_close()
        self._http.cut()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._http.server_address[1])

    @property
    def url(self) -> str:
        """The page's address: ``http://127.0.0.1:PORT/``."""
        return f"http://127.0.0.1:{self.port}/"

    def masked(self, text: str) -> str:
        """The text without the rig's secrets: the last gate, whatever came before it."""
        rig = self.stage.rig
        if rig is not None:
            self._secrets |= frozenset(rig.secrets())
        for secret in self._secrets:
            text = text.replace(secret, "***")
        return text


class Lines(ThreadingHTTPServer):
    """Knows its open lines, so that it can cut them."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, page: PageServer) -> None:
        self.page = page
        self._lines: set[socket.socket] = set()
        self._changed = threading.Condition()
        self._closing = False
        super().__init__(("127.0.0.1", 0), Handler)

    def opened(self, line: socket.socket) -> bool:
        """Take note of a line; False where it comes too late."""
        with self._changed:
            self._lines.add(line)
            return not self._closing

    def closed(self, line: socket.socket) -> None:
        """Forget a line."""
        with self._changed:
            self._lines.discard(line)
            self._changed.notify_all()

    def cut(self) -> None:
        """End every line, and wait until those who served them are done."""
        with self._changed:
            self._closing = True
            for line in self._lines:
                shut(line)
            self._changed.wait_for(lambda: not self._lines, _STOP_SECONDS)

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that went away is nothing; anything else goes to the log."""
        if not isinstance(sys.exc_info()[1], (ConnectionError, TimeoutError)):
            _log.exception("a line of the page's server broke")
