"""Opening connections: within a time, under TLS, and what a failure to open one means."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from failover.errors import OutcomeUnknown, Unreachable
from failover.model import Mode
from tests.uplynk.scripted import GROUP, ID, Scripted, says, shows
from uplynk import endpoints
from uplynk.client import Limits, UplynkClient
from uplynk.clock import Clock
from uplynk.connections import OneHostAdapter
from uplynk.signing import Credentials
from uplynk.transport import Transport
from uplynk.verdict import Reply, Silence

PEM = Path(__file__).with_name("loopback.pem")
LIMITS = Limits(connect_seconds=0.2, read_seconds=5.0, budget_seconds=5.0)
READ = endpoints.get_group(ID)


@pytest.fixture(scope="module")
def identity() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(PEM)
    return context


@contextmanager
def transport(url: str) -> Iterator[Transport]:
    """A transport that trusts the certificate of these tests."""
    adapter = OneHostAdapter(url, ssl.create_default_context(cafile=str(PEM)))
    made = Transport(adapter, url, Credentials("owner-1", "key"), Limits(), Clock())
    yield made
    made.close()


def within(seconds: float) -> float:
    return time.monotonic() + seconds


def test_tls_with_one_connection_for_all(identity: ssl.SSLContext) -> None:
    with Scripted([shows(GROUP)], tls=identity) as server, transport(server.url) as made:
        outcomes = [made.attempt(READ, within(10)) for _ in range(5)]
        assert all(isinstance(outcome, Reply) and outcome.succeeded for outcome in outcomes)
        assert server.connections == 1
        assert {request.pieces for request in server.requests} == {1}


def test_a_name_that_the_certificate_does_not_hold(identity: ssl.SSLContext) -> None:
    with Scripted([shows(GROUP)], tls=identity) as server:
        with transport(server.url.replace("127.0.0.1", "127.0.0.2")) as made:
            outcome = made.attempt(READ, within(10))
        assert isinstance(outcome, Silence)
        assert not outcome.sent
        assert server.requests == []


def test_a_trickle_under_tls_ends_in_time(identity: ssl.SSLContext) -> None:
    with Scripted([], tls=identity) as server, transport(server.url) as made:
        server.steps.append(server.trickles(b"HTTP/1.1 200 X\r\n", b"A: b\r\n"))
        before = time.monotonic()
        assert made.attempt(READ, within(0.5)) == Silence(True, "no answer in time")
        assert time.monotonic() - before < 5


def test_a_certificate_that_is_not_trusted(identity: ssl.SSLContext) -> None:
    with Scripted([says(204)], tls=identity) as server:
        client = UplynkClient(server.url, "owner-1", "key", LIMITS)
        with pytest.raises(Unreachable, match="certificate is not trusted"):
            client.configure(ID, mode=Mode.FLAT)
        assert server.requests == []
        client.close()


def test_a_server_that_speaks_no_tls() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

        def greet() -> None:
            sock, _ = listener.accept()
            with sock:
                sock.sendall(b"220 welcome\r\n")
                sock.recv(65_536)

        greeting = threading.Thread(target=greet)
        greeting.start()
        client = UplynkClient(f"https://127.0.0.1:{port}", "owner-1", "key", LIMITS)
        with pytest.raises(Unreachable, match="the TLS handshake failed"):
            client.configure(ID, mode=Mode.FLAT)
        client.close()
        greeting.join()


def test_a_handshake_that_hangs() -> None:
    with Scripted([]) as server:
        url = server.url.replace("http:", "https:")
        client = UplynkClient(url, "owner-1", "key", LIMITS)
        with pytest.raises(Unreachable, match=r"no (connection|answer) in time"):
            client.configure(ID, mode=Mode.FLAT)
        client.close()


def test_a_write_that_leaves_in_part_counts_as_sent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:  # which never reads
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        client = UplynkClient(url, "owner-1", "key", LIMITS)
        with pytest.raises(OutcomeUnknown):
            client.activate_slicer(ID, "x" * (32 << 20))
        client.close()


@pytest.fixture
def slow_names(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Name look-ups wait for the event."""
    go, look_up = threading.Event(), socket.getaddrinfo

    def slow(*args: Any, **kwargs: Any) -> Any:
        go.wait(20)
        return look_up(*args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    yield go
    go.set()


@pytest.mark.parametrize(
    "call",
    [
        lambda client: client.configure(ID, mode=Mode.FLAT),
        lambda client: client.get_group(ID, within=0.5),
    ],
)
def test_a_name_look_up_that_hangs(
    slow_names: threading.Event, call: Callable[[UplynkClient], object]
) -> None:
    client = UplynkClient("http://localhost:9", "owner-1", "key", LIMITS)
    before = time.monotonic()
    with pytest.raises(Unreachable, match=r"in time|no time left"):
        call(client)
    assert time.monotonic() - before < 5
    client.close()


def test_a_connection_that_comes_too_late_is_closed_unused(slow_names: threading.Event) -> None:
    with Scripted([says(204)]) as server:
        client = UplynkClient(server.url, "owner-1", "key", LIMITS)
        with pytest.raises(Unreachable, match="no connection in time"):
            client.configure(ID, mode=Mode.FLAT)
        slow_names.set()
        assert server.gone.get(timeout=5) == 1
        assert server.requests == []
        client.close()


def test_a_name_that_does_not_exist(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any, **kwargs: Any) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    client = UplynkClient("https://services.uplynk.com", "owner-1", "key", LIMITS)
    with pytest.raises(Unreachable, match="could not be resolved"):
        client.configure(ID, mode=Mode.FLAT)
    client.close()
