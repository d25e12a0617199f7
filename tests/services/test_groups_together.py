"""Many who want the listing at the same time share one reading, and nobody waits too long."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from failover.errors import Unavailable
from failover.model import FailoverGroup
from services.groups import Groups, Listing
from tests.builders import flat, later
from tests.fakes import FakeClock, FakeUplynk, silent


class Reader:
    """Groups over a fake Uplynk that holds the list back until ``go`` is set."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.uplynk = FakeUplynk(self.clock, flat(name="NBA"))
        self.groups = Groups(self.uplynk, self.clock, 60)
        self.asked, self.go = threading.Event(), threading.Event()
        self._plain: Callable[..., tuple[FailoverGroup, ...]] = self.uplynk.list_groups
        self.uplynk.list_groups = self._list_groups  # type: ignore[method-assign]

    def _list_groups(self, *, within: float | None = None) -> tuple[FailoverGroup, ...]:
        self.asked.set()
        assert self.go.wait(20)
        return self._plain(within=within)

    @property
    def lists(self) -> int:
        return self.uplynk.log.count("list")


@pytest.mark.parametrize("works", [True, False])
def test_all_who_wait_for_the_listing_share_one_reading(works: bool) -> None:
    reader = Reader()
    reader.uplynk.down = None if works else silent()
    waiting = threading.Semaphore(0)

    class Waits(Future[Listing]):
        def result(self, timeout: float | None = None) -> Listing:
            waiting.release()
            return super().result(timeout)

    with pytest.MonkeyPatch.context() as patch, ThreadPoolExecutor(6) as pool:
        patch.setattr("services.groups.Future", Waits)
        asked = [pool.submit(reader.groups.find, "nba") for _ in range(6)]
        for _ in range(5):
            assert waiting.acquire(timeout=20)
        reader.go.set()
        errors = [one.exception(20) for one in asked]
    assert reader.lists == 1
    assert all(error is None if works else isinstance(error, Unavailable) for error in errors)
    reader.uplynk.down = None
    assert reader.groups.find("nba") == flat(name="NBA")
    assert reader.lists == (1 if works else 2)


def test_waiting_for_somebody_else_counts_against_the_budget() -> None:
    reader = Reader()
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(reader.groups.all)
        assert reader.asked.wait(20)
        with pytest.raises(Unavailable):
            reader.groups.find("NBA", within=0.01)
        reader.go.set()
        assert [one.name for one in first.result(20).groups] == ["NBA"]


def test_whoever_has_no_more_time_to_wait_gets_the_old_listing_with_the_problem() -> None:
    reader = Reader()
    reader.go.set()
    reader.groups.all()
    reader.go.clear()
    reader.asked.clear()
    reader.clock.advance(61)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(reader.groups.all)
        assert reader.asked.wait(20)
        old = reader.groups.all(within=0.01)
        reader.go.set()
        assert first.result(20).problem is None
    assert (old.read_at, type(old.problem)) == (later(0), Unavailable)
