"""What is known of Uplynk after calls that failed, and what it never keeps anybody from."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest

from failover.errors import (
    BadAnswer,
    Conflict,
    Forbidden,
    GroupGone,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Unauthorized,
    Unavailable,
    Unreachable,
    UplynkError,
)
from failover.trouble import Trouble
from failover.writes import PutSlate
from services.health import REST_SECONDS, Health, WatchedUplynk, insisting
from tests.builders import flat
from tests.fake_time import FakeClock
from tests.fakes import FakeUplynk


class Line:
    """Uplynk with somebody who watches; each of ``fails`` is met by one call."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.uplynk = FakeUplynk(self.clock, flat())
        self.group = next(iter(self.uplynk.groups))
        self.health = Health(self.clock, lambda: self.clock().timestamp())
        self.watched = WatchedUplynk(self, self.health, self.clock)
        self.fails: list[UplynkError] = []
        self.calls = 0

    def _meets(self) -> None:
        self.calls += 1
        if self.fails:
            raise self.fails.pop(0)

    def list_groups(self, *, within: float | None = None) -> object:
        self._meets()
        return ()

    def get_group(self, group_id: str, *, within: float | None = None) -> object:
        self._meets()
        return self.uplynk.groups[group_id]

    def allowed_owners(self, group_id: str, *, within: float | None = None) -> tuple[str, ...]:
        self._meets()
        return ()

    def write(self, group_id: str, write: object, *, within: float | None = None) -> None:
        self._meets()

    def reads(self, *errors: UplynkError) -> UplynkError | None:
        """Read once for each error; the last that was raised."""
        raised = None
        for error in errors:
            self.fails.append(error)
            with pytest.raises(UplynkError) as caught:
                self.watched.get_group(self.group)
            raised = caught.value
        return raised


def failing(kind: type[UplynkError]) -> UplynkError:
    return kind("GET /failover-groups") if kind is not RateLimited else RateLimited("GET /x")


@pytest.mark.parametrize("kind", [Unreachable, Unavailable, BadAnswer, OutcomeUnknown])
def test_silence_is_counted_from_its_beginning(kind: type[UplynkError]) -> None:
    line = Line()
    begun = line.clock()
    line.reads(failing(kind))
    line.clock.now += timedelta(seconds=20)
    raised = line.reads(failing(kind), failing(kind))
    assert line.health.trouble() == Trouble(begun, 3, refused=False)
    assert raised is not None and raised.trouble == line.health.trouble()
    assert raised.facts()["calls"] == 3
    assert raised.facts()["since"] == begun.isoformat()


@pytest.mark.parametrize("kind", [Rejected, Conflict, GroupGone, RateLimited, None])
def test_any_answer_ends_it(kind: type[UplynkError] | None) -> None:
    line = Line()
    line.reads(failing(Unavailable))
    if kind is None:
        line.watched.list_groups()
    else:
        raised = line.reads(failing(kind))
        assert raised is not None and raised.trouble is None
    assert line.health.trouble() is None
    assert line.health.asked


def test_silence_refuses_nobody_their_try() -> None:
    line = Line()
    line.reads(*(failing(Unreachable) for _ in range(20)))
    assert line.calls == 20


def test_a_refused_key_is_tried_seldom_and_told_of_once(caplog: pytest.LogCaptureFixture) -> None:
    line = Line()
    with caplog.at_level(logging.WARNING):
        line.reads(*(Unauthorized("GET /x", status=401, words="no") for _ in range(20)))
    assert line.calls == 2
    assert caplog.text.count("ALARM") == 1
    raised = line.reads(failing(Unauthorized))
    assert raised is not None
    assert (type(raised), raised.status, raised.words) == (Unauthorized, 401, "no")
    assert raised.trouble == line.health.trouble()


def test_the_rest_is_short() -> None:
    line = Line()
    line.reads(failing(Unauthorized), failing(Unauthorized))
    line.clock.now += timedelta(seconds=REST_SECONDS)
    line.fails.clear()
    assert line.watched.get_group(line.group) == line.uplynk.groups[line.group]
    assert line.health.trouble() is None


def test_a_change_is_tried_all_the_same() -> None:
    line = Line()
    line.reads(failing(Unauthorized), failing(Unauthorized))
    with insisting():
        line.watched.get_group(line.group)
    line.reads(failing(Unauthorized), failing(Unauthorized))
    line.fails.clear()
    line.watched.write(line.group, PutSlate(True))
    assert line.calls == 6


def test_one_refusal_may_be_about_one_group() -> None:
    line = Line()
    line.reads(failing(Forbidden))
    line.fails.clear()
    line.watched.list_groups()
    line.reads(failing(Forbidden))
    line.watched.allowed_owners(line.group)
    assert line.calls == 4


def test_silence_after_a_refusal_is_counted_anew() -> None:
    line = Line()
    line.reads(failing(Unauthorized), failing(Unavailable))
    trouble = line.health.trouble()
    assert trouble is not None
    assert (trouble.calls, trouble.refused) == (1, False)


def test_one_group_that_is_forbidden_keeps_nobody_from_the_others(
    caplog: pytest.LogCaptureFixture,
) -> None:
    line = Line()
    line.reads(*(failing(Forbidden) for _ in range(9)))
    assert line.calls == 9
    assert "refuses the bot one group" in caplog.text
    assert "ALARM" not in caplog.text
    assert line.health.rest() is None


@pytest.mark.parametrize("other", ["other", None], ids=["another group", "the listing"])
def test_two_that_are_forbidden_in_a_row_are_the_key(
    other: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    line = Line()
    line.reads(failing(Forbidden))
    line.health.failed(line.clock(), failing(Forbidden), other)
    assert caplog.text.count("ALARM") == 1
    line.reads(failing(Forbidden))
    assert line.calls == 1
