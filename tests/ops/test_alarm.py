"""Jobs for later: at their time, in their order, unless they are called off."""

from __future__ import annotations

import threading
from queue import SimpleQueue

import pytest

from ops.alarm import Alarm

WAIT = 10.0


def test_jobs_come_at_their_time_and_in_its_order() -> None:
    alarm, done = Alarm(), SimpleQueue[str]()
    alarm.after(0.2, lambda: done.put("second"))
    alarm.after(0.05, lambda: done.put("first"))
    assert [done.get(timeout=WAIT) for _ in range(2)] == ["first", "second"]


def test_what_is_called_off_does_not_come() -> None:
    alarm, done = Alarm(), SimpleQueue[str]()
    call_off = alarm.after(0.05, lambda: done.put("called off"))
    call_off()
    alarm.after(0.1, lambda: done.put("kept"))
    assert done.get(timeout=WAIT) == "kept"
    assert done.empty()


def test_calling_off_twice_or_too_late_is_harmless() -> None:
    alarm, rung = Alarm(), threading.Event()
    call_off = alarm.after(0, rung.set)
    assert rung.wait(WAIT)
    call_off()
    call_off()
    again = threading.Event()
    alarm.after(0, again.set)
    assert again.wait(WAIT)


def test_a_job_that_fails_does_not_stop_the_next(caplog: pytest.LogCaptureFixture) -> None:
    alarm, done = Alarm(), threading.Event()

    def fails() -> None:
        raise RuntimeError("broken")

    alarm.after(0, fails)
    alarm.after(0.01, done.set)
    assert done.wait(WAIT)
    assert "what was to be done later failed" in caplog.text
