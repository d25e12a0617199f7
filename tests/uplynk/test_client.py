"""The client against scripted servers: what is sent, how often, over how many connections."""

import gzip
import json
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from failover.errors import (
    BadAnswer,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Unavailable,
    Unreachable,
    UplynkError,
)
from failover.model import Mode, Slicer
from tests.uplynk.scripted import (
    GROUP,
    ID,
    PATIENT,
    Scripted,
    Step,
    raw,
    resets,
    says,
    shows,
    talking,
)
from uplynk.client import Clock, Limits, UplynkClient
from uplynk.signing import Credentials, sign

QUICK = Limits(connect_seconds=2.0, read_seconds=0.3, budget_seconds=1.0)


def write(client: UplynkClient) -> None:
    client.configure(ID, mode=Mode.FLAT)


@pytest.mark.parametrize(
    ("step", "kind", "status"),
    [
        (says(429, b"", "Retry-After: 0"), RateLimited, 429),
        (says(503), Unavailable, 503),
        (resets(), Unavailable, None),
    ],
)
def test_tries_end_with_the_budget(step: Step, kind: type[UplynkError], status: int | None) -> None:
    with talking(step) as (client, server):
        with pytest.raises(UplynkError) as caught:
            client.get_group(ID, within=0.4)
        assert type(caught.value) is kind
        assert caught.value.status == status
        assert 2 <= len(server.requests) <= 6


def test_a_wait_beyond_the_budget_is_not_begun() -> None:
    with talking(says(429, b"", "Retry-After: 3600")) as (client, server):
        with pytest.raises(RateLimited) as caught:
            client.get_group(ID)
        assert caught.value.retry_after == 3600
        assert len(server.requests) == 1


def test_a_wait_that_was_asked_for_is_kept() -> None:
    with talking(says(503, b"", "Retry-After: 1"), shows(GROUP)) as (client, server):
        before = time.monotonic()
        client.get_group(ID)
        assert time.monotonic() - before >= 1
        assert len(server.requests) == 2


def test_the_most_telling_failure_is_reported() -> None:
    with talking(says(503, b"maintenance"), resets()) as (client, _):
        with pytest.raises(Unavailable) as caught:
            client.get_group(ID, within=0.8)
        assert (caught.value.status, caught.value.words) == (503, "maintenance")


def test_nobody_there() -> None:
    with Scripted([]) as server:
        url = server.url
    client = UplynkClient(url, "owner-1", "key", QUICK)
    with pytest.raises(Unreachable, match="refused"):
        write(client)
    with pytest.raises(Unreachable, match="refused"):
        client.get_group(ID)
    client.close()


def test_no_time_left_means_nothing_is_sent() -> None:
    with talking(says(204)) as (client, server):
        with pytest.raises(Unreachable, match="no time left"):
            client.configure(ID, mode=Mode.FLAT, within=0)
        with pytest.raises(Unreachable, match="no time left"):
            client.get_group(ID, within=-1)
        assert server.requests == []


def test_each_try_is_signed_afresh() -> None:
    moments = iter(range(1_700_000_000, 1_700_000_100))
    with Scripted([says(503), says(429, b"", "Retry-After: 0"), shows(GROUP)]) as server:
        client = UplynkClient(server.url, "owner-1", "key", clock=Clock(lambda: next(moments)))
        client.get_group(ID)
        client.close()
    queries = [request.query for request in server.requests]
    assert len({query["msg"] for query in queries}) == len(queries) == 3
    possible = [sign(Credentials("owner-1", "key"), 1_700_000_000 + n) for n in range(20)]
    assert all(any(q == {"msg": s.msg, "sig": s.sig} for s in possible) for q in queries)


def test_a_stale_connection_and_a_write() -> None:
    """A connection that was closed in the meantime is noticed before anything is sent."""
    with talking(raw(b"HTTP/1.1 204 X\r\n\r\n"), says(204)) as (client, server):
        write(client)
        server.gone.get(timeout=5)
        write(client)
        assert [request.connection for request in server.requests] == [1, 2]


def test_a_connection_that_dies_under_a_write() -> None:
    with talking(says(204), resets(), says(204)) as (client, server):
        write(client)
        with pytest.raises(OutcomeUnknown):
            write(client)
        write(client)
        assert [request.connection for request in server.requests] == [1, 1, 2]


ALL: list[Callable[[UplynkClient], object]] = [
    lambda client: client.list_groups(),
    lambda client: client.get_group(ID),
    lambda client: client.configure(ID, mode=Mode.PRIORITIZED, auto_failback=True),
    lambda client: client.set_slicers(ID, [Slicer("a", True, 1)]),
    lambda client: client.activate_slicer(ID, "a"),
    lambda client: client.set_no_slicer(ID, True),
    lambda client: client.change_channels(ID, add=["c1"], remove=["c2"]),
    lambda client: client.allowed_owners(ID),
    lambda client: client.change_owners(ID, add=["u1"]),
]


@pytest.mark.parametrize(
    "step",
    [says(500), says(503, b"", "Retry-After: 0"), resets(), raw(b""), raw(b"garbage\r\n\r\n")],
)
@pytest.mark.parametrize("call", [ALL[2], ALL[3], ALL[4], ALL[5], ALL[6], ALL[8]])
def test_no_write_is_ever_sent_twice(call: Callable[[UplynkClient], object], step: Step) -> None:
    with talking(step, says(204)) as (client, server):
        with pytest.raises(OutcomeUnknown):
            call(client)
        assert len(server.requests) == 1


def test_one_connection_serves_all_calls_and_every_request_comes_in_one_piece() -> None:
    answers = [{"items": [GROUP]}, GROUP, *[{}] * 5, {"items": [{"owner": "u1"}]}, {}]
    with talking(*map(shows, answers)) as (client, server):
        results = [call(client) for call in ALL]
        assert results[7] == ("u1",)
        assert server.connections == 1
        assert {request.pieces for request in server.requests} == {1}
        written = [request for request in server.requests if request.method != "GET"]
        assert all(request.headers["content-type"] == "application/json" for request in written)
        assert json.loads(written[0].body) == {"mode": "prioritized", "auto_failback": True}
        assert {request.headers["accept-encoding"] for request in server.requests} == {"identity"}


def test_errors_leave_the_connection_open_for_the_next_call() -> None:
    with talking(says(404, b"gone"), says(400, b"x" * 9000), says(204)) as (client, server):
        for _ in range(2):
            with pytest.raises(UplynkError):
                write(client)
        write(client)
        assert server.connections == 1


def test_many_threads_share_the_connections() -> None:
    with talking(shows(GROUP)) as (client, server):
        with ThreadPoolExecutor(32) as pool:
            list(pool.map(lambda _: client.get_group(ID), range(200)))
            opened = server.connections
            list(pool.map(lambda _: client.get_group(ID), range(200)))
        assert opened <= 32
        assert server.connections - opened <= 32 - opened
        assert len(server.requests) == 400


def test_cookies_are_not_kept() -> None:
    with talking(shows(GROUP, "Set-Cookie: a=b; Path=/")) as (client, server):
        client.get_group(ID)
        client.get_group(ID)
        assert all("cookie" not in request.headers for request in server.requests)


def test_the_environment_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    with talking(shows(GROUP)) as (client, server):
        client.get_group(ID)
        assert len(server.requests) == 1


def test_compressed_answers_are_read_although_nobody_asked() -> None:
    body = gzip.compress(json.dumps(GROUP).encode())
    with talking(says(200, body, "Content-Encoding: gzip")) as (client, _):
        assert client.get_group(ID).name == "NBA Finals"


def test_a_bomb_is_put_down_when_it_has_grown_too_long() -> None:
    bomb = says(200, gzip.compress(b" " * (16 << 20)), "Content-Encoding: gzip")
    limits = Limits(max_body_bytes=1 << 16, max_list_bytes=2 << 20)
    with talking(bomb, limits=limits) as (client, server):
        with pytest.raises(BadAnswer, match="too long"):
            client.list_groups()
        with pytest.raises(OutcomeUnknown, match="too long"):
            write(client)
        assert len(server.requests) == 2


def test_the_list_may_be_longer_than_one_group() -> None:
    items = says(200, json.dumps({"items": [GROUP] * 20}).encode())
    limits = Limits(max_body_bytes=100, max_list_bytes=10_000)
    with talking(items, shows(GROUP), limits=limits) as (client, _):
        assert len(client.list_groups()) == 20
        with pytest.raises(BadAnswer, match="too long"):
            client.get_group(ID)


def test_closing_ends_what_is_under_way() -> None:
    with Scripted([]) as server:
        server.steps.append(server.hangs())
        client = UplynkClient(server.url, "owner-1", "key", PATIENT)
        with ThreadPoolExecutor(2) as pool:
            read = pool.submit(client.get_group, ID)
            written = pool.submit(write, client)
            while len(server.requests) < 2:
                threading.Event().wait(0.01)
            client.close()
            with pytest.raises(Unavailable):
                read.result(timeout=5)
            with pytest.raises(OutcomeUnknown):
                written.result(timeout=5)
        with pytest.raises(Unreachable):
            client.get_group(ID)


def test_building_a_client_does_nothing_yet() -> None:
    threads = set(threading.enumerate())
    client = UplynkClient("https://services.uplynk.com", "owner-1", "key")
    assert set(threading.enumerate()) <= threads
    assert repr(client) == "UplynkClient('https://services.uplynk.com')"
    client.close()


def test_settings_that_cannot_be() -> None:
    with pytest.raises(ValueError, match="loopback"):
        UplynkClient("http://services.uplynk.com", "owner-1", "key")
    with pytest.raises(ValueError, match="must not be empty"):
        UplynkClient("https://services.uplynk.com", "owner-1", "")
    with pytest.raises(ValueError, match="above zero"):
        Limits(read_seconds=0)


def test_a_call_that_makes_no_sense_sends_nothing() -> None:
    with talking(says(204)) as (client, server):
        with pytest.raises(ValueError, match="nothing to change"):
            client.configure(ID)
        with pytest.raises(Rejected):
            client.get_group("../../etc")
        assert server.requests == []
