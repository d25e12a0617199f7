"""Pools are bounded and drain, loops wake when the bell rings, waits end when the bot stops."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable, Iterator

import pytest

from ops.work import Bell, Loop, Pool, Stopper

WAIT = 10.0
"""Seconds after which a test gives up; nothing here takes long."""


class Gate:
    """Jobs that say when they begin, and end when they are let through."""

    def __init__(self) -> None:
        self.begun: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.open = threading.Event()
        self.done: queue.SimpleQueue[str] = queue.SimpleQueue()

    def job(self, name: str = "") -> Callable[[], None]:
        def run() -> None:
            self.begun.put(name or threading.current_thread().name)
            self.open.wait(WAIT)
            self.done.put(name)

        return run


@pytest.fixture
def gate() -> Iterator[Gate]:
    made = Gate()
    yield made
    made.open.set()


def test_a_pool_runs_so_many_at_once_and_lets_so_many_wait(gate: Gate) -> None:
    pool = Pool("p", threads=2, queue=3)
    for _ in range(2):
        assert pool.submit(gate.job())
    assert {gate.begun.get(timeout=WAIT) for _ in range(2)} == {"p-1", "p-2"}
    assert [pool.submit(gate.job(f"waiting-{n}")) for n in range(4)] == [True, True, True, False]
    assert gate.begun.empty()
    gate.open.set()
    assert pool.close(WAIT)
    ended = [gate.done.get(timeout=WAIT) for _ in range(5)]
    assert sorted(name for name in ended if name) == ["waiting-0", "waiting-1", "waiting-2"]


def test_an_idle_thread_is_used_before_another_is_started() -> None:
    pool = Pool("p", threads=8, queue=8)
    names: queue.SimpleQueue[str] = queue.SimpleQueue()
    idle = 0
    for _ in range(20):
        assert pool.submit(lambda: names.put(threading.current_thread().name))
        names.get(timeout=WAIT)
        with pool._change:
            idle = max(idle, pool._started)
    assert idle <= 3, "one thread after the other was started for work that one can do"
    assert pool.close(WAIT)


def test_what_is_queued_runs_in_order(gate: Gate) -> None:
    pool = Pool("p", threads=1, queue=50)
    for number in range(20):
        pool.submit(gate.job(str(number)))
    gate.open.set()
    assert [gate.done.get(timeout=WAIT) for _ in range(20)] == [str(n) for n in range(20)]
    assert pool.close(WAIT)


def test_closing_takes_nothing_new_and_finishes_what_was_taken(gate: Gate) -> None:
    pool = Pool("p", threads=1, queue=9)
    for name in "abc":
        assert pool.submit(gate.job(name))
    gate.begun.get(timeout=WAIT)
    assert not pool.close(0.01), "a job is still under way"
    assert not pool.submit(gate.job("late"))
    gate.open.set()
    assert pool.close(WAIT)
    assert [gate.done.get(timeout=WAIT) for _ in range(3)] == ["a", "b", "c"]
    assert gate.done.empty()


def test_a_pool_that_never_worked_is_closed_at_once() -> None:
    assert Pool("p", threads=3, queue=3).close(0)


def test_a_job_that_fails_is_logged_and_harms_nobody(caplog: pytest.LogCaptureFixture) -> None:
    pool = Pool("p", threads=1, queue=9)
    done = threading.Event()
    pool.submit(lambda: 1 / 0)  # type: ignore[arg-type, return-value]
    pool.submit(done.set)
    assert done.wait(WAIT)
    assert pool.close(WAIT)
    assert "a job of pool p failed" in caplog.text
    assert "ZeroDivisionError" in caplog.text


def no_more_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    def start(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", start)


def test_without_any_thread_nothing_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    pool = Pool("p", threads=2, queue=9)
    ran = threading.Event()
    with monkeypatch.context() as patched:
        no_more_threads(patched)
        assert not pool.submit(ran.set)
    other = threading.Event()
    assert pool.submit(other.set)
    assert other.wait(WAIT)
    assert pool.close(WAIT)
    assert not ran.is_set(), "what was refused must not be done after all"


def test_the_threads_there_are_go_on_when_no_more_can_be_had(
    gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool = Pool("p", threads=2, queue=9)
    assert pool.submit(gate.job("first"))
    gate.begun.get(timeout=WAIT)
    with monkeypatch.context() as patched:
        no_more_threads(patched)
        assert pool.submit(gate.job("second"))
    gate.open.set()
    assert [gate.done.get(timeout=WAIT) for _ in range(2)] == ["first", "second"]
    assert pool.close(WAIT)


def test_many_submitters_lose_nothing() -> None:
    pool = Pool("p", threads=8, queue=10_000)
    done: queue.SimpleQueue[int] = queue.SimpleQueue()

    def submit(offset: int) -> None:
        for number in range(offset, offset + 250):
            assert pool.submit(lambda number=number: done.put(number))  # type: ignore[misc]

    threads = [threading.Thread(target=submit, args=(n * 250,)) for n in range(4)]
    for thread in threads:
        thread.start()
    assert {done.get(timeout=WAIT) for _ in range(1000)} == set(range(1000))
    for thread in threads:
        thread.join(WAIT)
    assert pool.close(WAIT)


def looping(tick: Callable[[], float | None]) -> tuple[Loop, Bell]:
    bell = Bell()
    return Loop("l", tick, bell), bell


def test_a_loop_waits_for_the_bell_and_ticks_once_more_at_the_end() -> None:
    ticks: queue.SimpleQueue[int] = queue.SimpleQueue()
    loop, bell = looping(lambda: ticks.put(1))
    loop.start()
    ticks.get(timeout=WAIT)
    for _ in range(3):
        bell.ring()
        ticks.get(timeout=WAIT)
    assert ticks.empty()
    assert loop.stop(WAIT)
    ticks.get(timeout=WAIT)
    assert ticks.empty()


def test_a_loop_comes_back_after_as_many_seconds_as_it_asked_for() -> None:
    ticks: queue.SimpleQueue[int] = queue.SimpleQueue()
    waits = iter([0.0, 0.001, 0.0])

    def tick() -> float | None:
        ticks.put(1)
        return next(waits, None)

    loop, _ = looping(tick)
    loop.start()
    for _ in range(4):
        ticks.get(timeout=WAIT)
    assert loop.stop(WAIT)


def test_a_ring_during_a_tick_is_not_lost() -> None:
    ticks: queue.SimpleQueue[int] = queue.SimpleQueue()
    bell = Bell()

    def tick() -> None:
        if ticks.qsize() == 0:
            bell.ring()
        ticks.put(1)

    loop = Loop("l", tick, bell)
    loop.start()
    ticks_seen = [ticks.get(timeout=WAIT) for _ in range(2)]
    assert len(ticks_seen) == 2
    assert loop.stop(WAIT)


def test_a_loop_that_stumbles_goes_on(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(Loop, "RETRY_SECONDS", 0.0)
    ticks: queue.SimpleQueue[int] = queue.SimpleQueue()
    fates = iter([True, True, False])

    def tick() -> None:
        ticks.put(1)
        if next(fates, False):
            raise OSError("canary")

    loop, _ = looping(tick)
    loop.start()
    for _ in range(3):
        ticks.get(timeout=WAIT)
    assert loop.stop(WAIT)
    assert caplog.text.count("loop l stumbled") == 2


def test_a_loop_in_the_middle_of_a_tick_is_waited_for(gate: Gate) -> None:
    loop, _ = looping(gate.job("tick"))
    loop.start()
    gate.begun.get(timeout=WAIT)
    assert not loop.stop(0.01)
    gate.open.set()
    assert loop.stop(WAIT)


def test_a_loop_told_to_stop_between_two_looks_does_not_wait_first() -> None:
    loop, bell = looping(lambda: None)
    rung, told = bell.rung, threading.Event()

    def stops_meanwhile() -> int:
        if not told.is_set():
            told.set()
            other = threading.Thread(target=loop.stop, args=(0,))
            other.start()
            other.join(WAIT)
        return rung()

    bell.rung = stops_meanwhile  # type: ignore[method-assign]
    loop.start()
    assert told.wait(WAIT)
    loop._thread.join(WAIT)
    assert not loop._thread.is_alive()


def test_the_bell_wakes_everybody_who_waits() -> None:
    bell = Bell()
    woken: queue.SimpleQueue[int] = queue.SimpleQueue()

    def wait() -> None:
        bell.wait(0, WAIT)
        woken.put(bell.rung())

    threads = [threading.Thread(target=wait) for _ in range(5)]
    for thread in threads:
        thread.start()
    bell.ring()
    assert [woken.get(timeout=WAIT) for _ in threads] == [1] * 5


def test_a_wait_for_a_ring_that_has_been_is_over() -> None:
    bell = Bell()
    bell.ring()
    bell.wait(0, None)
    bell.wait(1, 0)


def test_a_pause_ends_when_the_bot_stops() -> None:
    stopper = Stopper()
    assert stopper.pause(0.001)
    ended: queue.SimpleQueue[bool] = queue.SimpleQueue()
    thread = threading.Thread(target=lambda: ended.put(stopper.pause(WAIT * 6)))
    thread.start()
    stopper.stop()
    assert ended.get(timeout=WAIT) is False
    assert stopper.pause(WAIT * 6) is False
    assert stopper.pause(0)
    assert stopper.monotonic() <= stopper.monotonic()


def test_everything_that_runs_is_a_daemon(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)
    daemons: queue.SimpleQueue[bool] = queue.SimpleQueue()
    pool = Pool("p", threads=1, queue=1)
    pool.submit(lambda: daemons.put(threading.current_thread().daemon))
    loop, _ = looping(lambda: daemons.put(threading.current_thread().daemon))
    loop.start()
    assert [daemons.get(timeout=WAIT) for _ in range(2)] == [True, True]
    assert pool.close(WAIT)
    assert loop.stop(WAIT)
