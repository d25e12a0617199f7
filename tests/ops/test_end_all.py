"""Ending pools and loops together, by one deadline."""

import threading

from ops.work import Pool, end_all

WAIT = 10.0
"""Seconds after which a test gives up; nothing here takes long."""


def test_all_are_told_before_any_is_waited_for() -> None:
    calls: list[tuple[str, bool]] = []
    first_may_end = threading.Event()

    def first(within: float) -> bool:
        calls.append(("first", within > 0))
        return first_may_end.wait(within)

    def second(within: float) -> bool:
        calls.append(("second", within > 0))
        first_may_end.set()
        return within > 0

    assert end_all([first, second], WAIT)
    assert calls == [("first", False), ("second", False), ("first", True), ("second", True)]


def test_one_that_is_slow_may_use_the_time_of_all() -> None:
    asked: list[float] = []

    def slow(within: float) -> bool:
        asked.append(within)
        return within > 0

    quick = Pool("quick", threads=1, queue=1)
    assert end_all([quick.close, slow, quick.close], WAIT)
    assert asked[0] == 0
    assert WAIT * 0.9 < asked[1] <= WAIT


def test_one_that_does_not_end_leaves_the_others_closed() -> None:
    stuck, other = (Pool(name, threads=1, queue=1) for name in ("stuck", "other"))
    begun, may_end = threading.Event(), threading.Event()

    def job() -> None:
        begun.set()
        may_end.wait(WAIT)

    assert stuck.submit(job)
    assert begun.wait(WAIT)
    assert not end_all([stuck.close, other.close], 0.01)
    assert not other.submit(job)
    may_end.set()
    assert end_all([stuck.close, other.close], WAIT)
