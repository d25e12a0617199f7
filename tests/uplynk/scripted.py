"""A server that does exactly what a test says, byte by byte, and remembers what it was sent."""

import contextlib
import json
import queue
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from uplynk.client import Limits, UplynkClient

PATIENT = Limits(connect_seconds=2.0, read_seconds=5.0, budget_seconds=20.0)
ID = "0123456789abcdef0123456789abcdef"
GROUP = {
    "id": ID,
    "name": "NBA Finals",
    "mode": "flat",
    "auto_failback": False,
    "slicers": [{"slicer_id": "a", "enabled": True, "order": 1}],
}


@dataclass(frozen=True)
class Received:
    """One request: ``connection`` counts from 1, ``pieces`` are the reads that it came in."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    connection: int
    pieces: int

    @property
    def query(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(urlsplit(self.target).query).items()}


Step = Callable[[socket.socket, Received], bool]
"""Answers one request; says whether the connection stays open."""


def says(status: int, body: bytes = b"", *headers: str, length: bool = True) -> Step:
    """An answer in one piece."""

    def step(sock: socket.socket, request: Received) -> bool:
        lines = [f"HTTP/1.1 {status} Whatever", *headers]
        if length and status != 204:
            lines.append(f"Content-Length: {len(body)}")
        sock.sendall("\r\n".join([*lines, "", ""]).encode("latin-1") + body)
        return length

    return step


def shows(value: Any, *headers: str) -> Step:
    """A JSON answer with status 200."""
    return says(200, json.dumps(value).encode(), "Content-Type: application/json", *headers)


def raw(data: bytes, keep: bool = False) -> Step:
    """These very bytes."""

    def step(sock: socket.socket, request: Received) -> bool:
        sock.sendall(data)
        return keep

    return step


def resets(first: bytes = b"") -> Step:
    """A reset (RST), after some bytes or none."""

    def step(sock: socket.socket, request: Received) -> bool:
        sock.sendall(first)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        return False

    return step


@dataclass
class Scripted:
    """Plays its steps one by one, the last one for ever. A context manager."""

    steps: list[Step]
    tls: ssl.SSLContext | None = None
    requests: list[Received] = field(default_factory=list)
    connections: int = 0
    gone: "queue.SimpleQueue[int]" = field(default_factory=queue.SimpleQueue)
    stopped: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _open: list[socket.socket] = field(default_factory=list)

    def __enter__(self) -> "Scripted":
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = self._listener.getsockname()[1]
        self.url = f"http{'s' if self.tls else ''}://127.0.0.1:{self.port}"
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopped.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._lock:
            for sock in self._open:
                with contextlib.suppress(OSError):
                    sock.shutdown(socket.SHUT_RDWR)

    def hangs(self, first: bytes = b"") -> Step:
        """Some bytes, and then nothing till the test is over."""

        def step(sock: socket.socket, request: Received) -> bool:
            sock.sendall(first)
            self.stopped.wait(30)
            return False

        return step

    def trickles(self, first: bytes, drop: bytes, every: float = 0.05) -> Step:
        """Some bytes, and then a drop again and again, for as long as the other side listens."""

        def step(sock: socket.socket, request: Received) -> bool:
            sock.sendall(first)
            while not self.stopped.wait(every):
                sock.sendall(drop)
            return False

        return step

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._talk, args=(sock, self.connections), daemon=True).start()

    def _talk(self, sock: socket.socket, number: int) -> None:
        with contextlib.suppress(OSError), sock:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self.tls.wrap_socket(sock, server_side=True) if self.tls else sock as spoken:
                with self._lock:
                    self._open.append(spoken)
                self._answer(spoken, number)
        self.gone.put(number)

    def _answer(self, sock: socket.socket, number: int) -> None:
        while (request := _receive(sock, number)) is not None:
            with self._lock:
                self.requests.append(request)
                step = self.steps[min(len(self.requests), len(self.steps)) - 1]
            if not step(sock, request):
                return


@contextlib.contextmanager
def talking(*steps: Step, limits: Limits = PATIENT) -> Iterator[tuple[UplynkClient, Scripted]]:
    """A client, and the server that it talks to."""
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(Scripted(list(steps)))
        client = UplynkClient(server.url, "owner-1", "key-canary", limits)
        stack.callback(client.close)
        yield client, server


def _receive(sock: socket.socket, number: int) -> Received | None:
    data, pieces = b"", 0
    while b"\r\n\r\n" not in data:
        data, pieces = data + (more := sock.recv(65_536)), pieces + 1
        if not more:
            return None
    head, _, body = data.partition(b"\r\n\r\n")
    line, *rest = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value for name, value in (row.split(": ", 1) for row in rest)}
    while len(body) < int(headers.get("content-length", "0")):
        body, pieces = body + sock.recv(65_536), pieces + 1
    method, target, _ = line.split(" ")
    return Received(method, target, headers, body, number, pieces)
