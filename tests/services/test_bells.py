"""Whoever delivers is woken when something falls due, and only for its own kind."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

import pytest

from failover.notices import Kind
from services.bells import Bells
from tests.builders import START, later
from tests.fakes import FakeClock


class Tower:
    """Bells that note when they rang; what shall ring later is kept."""

    def __init__(self) -> None:
        self.rung: list[Kind] = []
        self.kept: list[tuple[float, Callable[[], object]]] = []
        bells = {kind: partial(self.rung.append, kind) for kind in Kind}
        self.bells = Bells(bells, self.later, FakeClock())

    def later(self, seconds: float, rings: Callable[[], object]) -> Callable[[], None]:
        self.kept.append((seconds, rings))
        return self.kept.clear


@pytest.mark.parametrize("due", [START, later(-5)])
def test_what_is_due_rings_at_once(due: datetime) -> None:
    tower = Tower()
    tower.bells.announce({Kind.CARD: due})
    assert (tower.rung, tower.kept) == ([Kind.CARD], [])


def test_what_falls_due_later_rings_then() -> None:
    tower = Tower()
    tower.bells.announce({Kind.ANSWER: later(1.5), Kind.CARD: START})
    assert tower.rung == [Kind.CARD]
    ((seconds, rings),) = tower.kept
    assert seconds == 1.5
    rings()
    assert tower.rung == [Kind.CARD, Kind.ANSWER]


def test_nothing_to_tell_rings_nothing() -> None:
    tower = Tower()
    tower.bells.announce({})
    assert (tower.rung, tower.kept) == ([], [])
