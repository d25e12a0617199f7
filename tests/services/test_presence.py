"""An instance says that it lives, and notices who does not."""

from __future__ import annotations

import pytest

from failover.errors import LedgerUnavailable
from failover.instances import Neighbour
from services.presence import AGAIN_SECONDS, RENEW_EVERY_SECONDS, Presence

THERE, GONE = Neighbour("a", "host:1", "there"), Neighbour("b", "host:2", "gone")


class FakeRoll:
    """The instances in memory."""

    def __init__(self, *others: Neighbour) -> None:
        self.neighbours = list(others)
        self.renewed = 0
        self.alive = False
        self.broken = False

    def present(self) -> bool:
        return self.alive

    def renew(self) -> None:
        self._reach()
        self.alive, self.renewed = True, self.renewed + 1

    def others(self) -> tuple[Neighbour, ...]:
        self._reach()
        return tuple(self.neighbours)

    def strike(self, instance_id: str) -> None:
        self._reach()
        self.neighbours = [one for one in self.neighbours if one.id != instance_id]

    def leave(self) -> None:
        self._reach()
        self.alive = False

    def _reach(self) -> None:
        if self.broken:
            raise LedgerUnavailable("down")


def presence(roll: FakeRoll) -> Presence:
    return Presence(roll, lambda identity: identity == "gone")


def test_it_signs_on_and_strikes_off_who_is_gone() -> None:
    roll = FakeRoll(THERE, GONE)
    presence(roll).begin()
    assert (roll.alive, roll.neighbours) == (True, [THERE])


def test_it_cannot_sign_on_without_the_database() -> None:
    roll = FakeRoll()
    roll.broken = True
    with pytest.raises(LedgerUnavailable):
        presence(roll).begin()


def test_it_renews_and_looks_again_and_again() -> None:
    roll = FakeRoll(THERE)
    here = presence(roll)
    here.begin()
    roll.neighbours.append(GONE)
    assert here.tick() == RENEW_EVERY_SECONDS
    assert (roll.renewed, roll.neighbours) == (2, [THERE])


def test_a_database_that_is_away_is_tried_again_soon(caplog: pytest.LogCaptureFixture) -> None:
    roll = FakeRoll()
    here = presence(roll)
    here.begin()
    roll.broken = True
    assert here.tick() == AGAIN_SECONDS
    assert "cannot be renewed" in caplog.text
    roll.broken, roll.alive = False, False
    assert here.tick() == RENEW_EVERY_SECONDS
    assert "had run out" in caplog.text


def test_it_signs_off(caplog: pytest.LogCaptureFixture) -> None:
    roll = FakeRoll()
    here = presence(roll)
    here.begin()
    roll.broken = True
    here.end()
    assert "could not sign off" in caplog.text
    roll.broken = False
    here.end()
    assert not roll.alive
    roll.broken = True
    here.end()  # who counts as dead anyway has nothing to sign off
