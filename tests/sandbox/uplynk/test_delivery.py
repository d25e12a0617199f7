"""Answers of the simulated Uplynk that break on the wire, or never come."""

from collections.abc import Iterator

import pytest
import requests

from sandbox.uplynk.faults import Fault, FaultKind, When
from sandbox.uplynk.scenes import NBA_FINALS
from sandbox.uplynk.world import UplynkWorld
from tests.sandbox.uplynk.client import Client, everything, running

FAR = 30.0
BROKEN = (requests.ConnectionError, requests.exceptions.ChunkedEncodingError)


@pytest.fixture
def uplynk() -> Iterator[Client]:
    with running() as client:
        yield client


def mode(uplynk: Client) -> str:
    return uplynk.sim.world.group(NBA_FINALS).mode


def arrived(world: UplynkWorld) -> bool:
    return any(record.fault for record in world.journal.requests())


def done(world: UplynkWorld) -> bool:
    return all(record.done for record in world.journal.requests())


@pytest.mark.parametrize(("when", "now"), [("before", "flat"), ("after", "prioritized")])
def test_a_hang_lasts_until_the_client_goes(uplynk: Client, when: str, now: str) -> None:
    uplynk.sim.faults.add(Fault(FaultKind.HANG, When(when)))
    with pytest.raises(requests.ReadTimeout):
        uplynk.patch(NBA_FINALS, timeout=(5, 0.1))
    assert uplynk.sim.world.wait_for(done, timeout=5)
    record = uplynk.sim.world.journal.requests()[0]
    assert (record.status, record.bytes, mode(uplynk)) == (None, 0, now)


def test_a_stop_ends_a_hang_and_a_delay(uplynk: Client) -> None:
    uplynk.sim.faults.add(Fault(FaultKind.HANG))
    uplynk.sim.faults.add(Fault(FaultKind.DELAY, seconds=FAR))
    world = uplynk.sim.world

    def struck(count: int) -> bool:
        return world.wait_for(
            lambda w: sum(bool(r.fault) for r in w.journal.requests()) == count, 5
        )

    with uplynk.raw(f"/{NBA_FINALS}") as first:
        assert struck(1)
        with uplynk.raw(f"/{NBA_FINALS}") as second:
            assert struck(2)
            uplynk.sim.stop()
            assert (first.recv(1), done(world)) == (b"", True)
            everything(second)


@pytest.mark.parametrize("kind", [FaultKind.RESET, FaultKind.CLOSE])
@pytest.mark.parametrize(("when", "now"), [("before", "flat"), ("after", "prioritized")])
def test_no_answer_before_or_after_applying(
    uplynk: Client, kind: FaultKind, when: str, now: str
) -> None:
    uplynk.sim.faults.add(Fault(kind, When(when)))
    with pytest.raises(BROKEN):
        uplynk.patch(NBA_FINALS)
    assert mode(uplynk) == now


def test_a_reset_is_a_reset_and_a_close_an_end_of_file(uplynk: Client) -> None:
    uplynk.sim.faults.add(Fault(FaultKind.RESET))
    uplynk.sim.faults.add(Fault(FaultKind.CLOSE))
    with uplynk.raw("") as first, pytest.raises(ConnectionResetError):
        first.recv(1)
    with uplynk.raw("") as second:
        assert second.recv(1) == b""


def test_half_an_answer(uplynk: Client) -> None:
    uplynk.sim.faults.add(Fault(FaultKind.HALF, times=2))
    with pytest.raises(BROKEN):
        uplynk.call("GET", f"/{NBA_FINALS}")
    with uplynk.raw(f"/{NBA_FINALS}", "PATCH", {"mode": "prioritized"}) as connection:
        got = everything(connection)
    assert got.startswith(b"HTTP/1.1 204")
    assert b"\r\n\r\n" not in got
    assert mode(uplynk) == "flat"


def test_a_trickle_comes_byte_by_byte_and_is_whole(uplynk: Client) -> None:
    uplynk.sim.faults.add(Fault(FaultKind.TRICKLE, When.AFTER, seconds=0.0005))
    with uplynk.raw(f"/{NBA_FINALS}", "PATCH", {"mode": "prioritized"}) as connection:
        parts = iter(lambda: connection.recv(65_536), b"")
        received = list(parts)
    assert len(received) > 20
    assert b"".join(received).endswith(b"\r\n\r\n")
    assert mode(uplynk) == "prioritized"


def test_a_trickle_ends_when_the_client_goes(uplynk: Client) -> None:
    uplynk.sim.faults.add(Fault(FaultKind.TRICKLE, seconds=0.01))
    with uplynk.raw("") as connection:
        assert connection.recv(1) == b"H"
    assert uplynk.sim.world.wait_for(done, timeout=5)
