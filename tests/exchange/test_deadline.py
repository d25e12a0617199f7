"""The deadline over a whole exchange. Only generous bounds: what is tested is that it ends."""

import socket
import threading
import time
from collections.abc import Callable

import pytest

from exchange.deadline import Exchange, Watchdog
from failover.errors import OutcomeUnknown, Rejected, Unavailable
from failover.model import Mode
from tests.uplynk.scripted import ID, Scripted, Step
from uplynk.client import Limits, UplynkClient

SOON = 0.15
LIMITS = Limits(read_seconds=20.0, budget_seconds=SOON)
OK = b"HTTP/1.1 200 X\r\n"
Slow = Callable[[Scripted], Step]

WAYS = [
    pytest.param(lambda s: s.hangs(), id="silence"),
    pytest.param(lambda s: s.hangs(b"HTTP/1.1 20"), id="silence in the status line"),
    pytest.param(lambda s: s.hangs(OK), id="silence in the headers"),
    pytest.param(lambda s: s.hangs(OK + b"Content-Length: 9\r\n\r\n{"), id="silence in the body"),
    pytest.param(lambda s: s.trickles(b"HTTP/1.1 200 ", b"x"), id="drops in the status line"),
    pytest.param(lambda s: s.trickles(OK, b"A: b\r\n"), id="header after header"),
    pytest.param(lambda s: s.trickles(OK + b"A: ", b"b"), id="drops in one header"),
    pytest.param(lambda s: s.trickles(b"", b"HTTP/1.1 100 X\r\n\r\n"), id="100 again and again"),
    pytest.param(lambda s: s.trickles(OK + b"\r\n", b" "), id="drops in a body without length"),
    pytest.param(
        lambda s: s.trickles(OK + b"Connection: close\r\nContent-Length: 9999\r\n\r\n", b" "),
        id="drops in the body of a connection that is to be closed",
    ),
    pytest.param(
        lambda s: s.trickles(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
        id="chunk after chunk",
    ),
]


@pytest.mark.parametrize("slow", WAYS)
def test_a_write_ends_in_time_whatever_trickles(slow: Slow) -> None:
    with Scripted([]) as server:
        server.steps.append(slow(server))
        client = UplynkClient(server.url, "owner-1", "key", LIMITS)
        before = time.monotonic()
        with pytest.raises(OutcomeUnknown):
            client.configure(ID, mode=Mode.FLAT)
        assert time.monotonic() - before < 5
        assert len(server.requests) == 1
        client.close()


def test_a_read_ends_in_time_as_well() -> None:
    with Scripted([]) as server:
        server.steps.append(server.trickles(OK, b"A: b\r\n"))
        client = UplynkClient(server.url, "owner-1", "key", LIMITS)
        before = time.monotonic()
        with pytest.raises(Unavailable, match="no answer in time"):
            client.list_groups()
        assert time.monotonic() - before < 5
        client.close()


def test_a_refusal_counts_although_its_body_never_ends() -> None:
    with Scripted([]) as server:
        head = b"HTTP/1.1 400 X\r\nContent-Length: 9999\r\n\r\n"
        server.steps.append(server.trickles(head, b"x"))
        client = UplynkClient(server.url, "owner-1", "key", LIMITS)
        with pytest.raises(Rejected, match="the time was up"):
            client.configure(ID, mode=Mode.FLAT)
        client.close()


def test_a_caller_may_give_less_time_than_the_limits_do() -> None:
    with Scripted([]) as server:
        server.steps.append(server.hangs())
        client = UplynkClient(server.url, "owner-1", "key", Limits(read_seconds=20.0))
        before = time.monotonic()
        with pytest.raises(OutcomeUnknown):
            client.configure(ID, mode=Mode.FLAT, within=SOON)
        assert time.monotonic() - before < 5
        client.close()


def watchdogs() -> int:
    return sum(thread.name == "watchdog" for thread in threading.enumerate())


def connection() -> tuple[socket.socket, socket.socket]:
    return socket.socketpair()


def test_deadlines_are_kept_in_their_order_by_one_thread() -> None:
    watchdog = Watchdog()
    before = watchdogs()
    pairs = [connection() for _ in range(3)]
    exchanges = []
    for seconds, (ours, theirs) in zip((60, 0.05, 0.1), pairs, strict=True):
        exchange = Exchange(time.monotonic() + seconds)
        exchanges.append(exchange)
        exchange.sending(ours)
        watchdog.watch(exchange)
        if seconds < 1:
            theirs.settimeout(10)
            assert theirs.recv(1) == b""
    assert [exchange.cut for exchange in exchanges] == [False, True, True]
    assert watchdogs() == before + 1
    watchdog.stop()
    assert exchanges[0].cut
    assert watchdogs() == before
    for exchange in exchanges:
        exchange.close()
    for sock in (sock for pair in pairs for sock in pair):
        sock.close()


def test_what_is_over_in_time_is_left_alone() -> None:
    watchdog = Watchdog()
    ours, theirs = connection()
    first, second = Exchange(time.monotonic() + 0.05), Exchange(time.monotonic() + 0.2)
    for exchange in (first, second):
        watchdog.watch(exchange)
        exchange.sending(ours)
        exchange.close()
    other, end = connection()
    last = Exchange(time.monotonic() + 0.3)
    last.sending(other)
    watchdog.watch(last)
    end.settimeout(10)
    assert end.recv(1) == b""  # so the two before have had their turn
    ours.sendall(b"still there")
    assert theirs.recv(20) == b"still there"
    assert not first.cut
    watchdog.stop()
    last.close()
    for sock in (ours, theirs, other, end):
        sock.close()


def test_a_late_start_sends_nothing() -> None:
    ours, theirs = connection()
    late = Exchange(time.monotonic() - 1)
    with pytest.raises(TimeoutError):
        late.sending(ours)
    early = Exchange(time.monotonic() + 60)
    early.cut_off()
    with pytest.raises(TimeoutError):
        early.sending(ours)
    assert not late.sent
    assert not early.sent
    ours.close()
    theirs.close()


def test_the_connection_stays_open_for_the_next_exchange() -> None:
    ours, theirs = connection()
    exchange = Exchange(time.monotonic() + 60)
    exchange.sending(ours)
    exchange.close()
    exchange.cut_off()
    ours.sendall(b"x")
    assert theirs.recv(1) == b"x"
    ours.close()
    theirs.close()
