"""A loop in an outage: it goes on afterwards, and the log holds a line for each try."""

import queue

import pytest

from ops.work import Bell, Loop


def test_an_outage_takes_one_line_and_no_traceback(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(Loop, "RETRY_SECONDS", 0.0)
    ticks: queue.SimpleQueue[None] = queue.SimpleQueue()
    fates = iter([TimeoutError("nobody there"), KeyError("a fault of ours")])

    def tick() -> None:
        ticks.put(None)
        fate = next(fates, None)
        if fate is not None:
            raise fate

    loop = Loop("l", tick, Bell(), outages=OSError)
    loop.start()
    for _ in range(3):
        ticks.get(timeout=10)
    assert loop.stop(10)
    outage, fault = caplog.records
    assert outage.getMessage() == "loop l stumbled: TimeoutError: nobody there"
    assert outage.exc_info is None
    assert fault.exc_info is not None
