"""This host's clock against those of Slack and Uplynk."""

from __future__ import annotations

import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.clocks import GOOD_FOR_SECONDS, Clocks

NOW = 1_800_000_000.0


class Host:
    """A clock that somebody sets, and one that only runs."""

    def __init__(self) -> None:
        self.wall, self.ran = NOW, 50.0
        self.clocks = Clocks(lambda: self.wall, lambda: self.ran)

    def waits(self, seconds: float) -> None:
        self.wall += seconds
        self.ran += seconds


@given(st.floats(-1e6, 1e6), st.floats(0, GOOD_FOR_SECONDS))
def test_what_was_measured_holds_for_a_while(ahead: float, later: float) -> None:
    host = Host()
    host.clocks.compared("Slack", ahead)
    host.waits(later)
    assert host.clocks.ahead()["Slack"] == pytest.approx(ahead, abs=0.01)
    host.waits(GOOD_FOR_SECONDS + 1)
    assert host.clocks.ahead() == {}


def test_a_clock_that_is_set_right_is_right_at_once() -> None:
    host = Host()
    host.clocks.compared("Uplynk", -300.0)
    assert host.clocks.ahead() == {"Uplynk": -300.0}
    host.wall += 300
    assert host.clocks.ahead() == {"Uplynk": 0.0}


def test_it_is_said_once_until_it_is_right_again(caplog: pytest.LogCaptureFixture) -> None:
    host = Host()
    with caplog.at_level(logging.WARNING):
        for ahead in (29.0, 31.0, 45.0, 300.0, 0.0, -31.0, -31.0):
            host.clocks.compared("Uplynk", ahead)
    assert [record.getMessage() for record in caplog.records] == [
        "this host's clock is 31 s ahead of Uplynk's: set it",
        "this host's clock is 31 s behind Uplynk's: set it",
    ]


def test_each_side_is_measured_by_itself(caplog: pytest.LogCaptureFixture) -> None:
    host = Host()
    host.clocks.compared("Uplynk", 60.0)
    host.clocks.compared("Slack", 0.0)
    assert host.clocks.ahead() == {"Uplynk": 60.0, "Slack": 0.0}
    host.clocks.compared("Slack", -241.0)
    assert host.clocks.ahead()["Slack"] == -241.0
    assert len(caplog.records) == 2
