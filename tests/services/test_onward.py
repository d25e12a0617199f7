"""Where a change stands once one of its writes is settled."""

from dataclasses import replace
from typing import Any

import pytest

from failover.change import WRITES_LIMIT, Order
from failover.lifecycle import Record, State, Why
from failover.model import NO_SLICER, FailoverGroup, Mode
from failover.writes import Patch, PutActive, Write
from services.onward import Onward, onward
from services.settling import Settled
from tests.builders import group, record, request
from tests.services.every_change import TWO_STEPS

BEFORE, BETWEEN = group(auto_failback=True), group()
DONE = group(active_slicer_id="s2")
FIRST, SECOND = Patch(auto_failback=False), PutActive("s2")
S = State


def under_way(*written: Write, state: State = State.SENDING, **given: Any) -> Record:
    base = BEFORE if len(written) == 1 else BETWEEN
    plain = {"request": request(change=TWO_STEPS), "before": BEFORE, "base": base, **given}
    return record(state, written=written, **plain)


@pytest.mark.parametrize("state", [State.SENDING, State.UNKNOWN])
@pytest.mark.parametrize(
    ("written", "found", "step"),
    [
        ((FIRST,), Settled(S.FAILED, BEFORE, Why.NO_EFFECT), Onward(S.FAILED, Why.NO_EFFECT)),
        ((FIRST,), Settled(S.FAILED, None), Onward(S.FAILED)),
        ((FIRST, SECOND), Settled(S.FAILED, BETWEEN, Why.NO_EFFECT),
         Onward(S.HALFWAY, Why.NO_EFFECT)),
        ((FIRST, SECOND), Settled(S.FAILED, None), Onward(S.HALFWAY)),
        ((FIRST, SECOND), Settled(S.UNSETTLED, None), Onward(S.UNSETTLED)),
        ((FIRST,), Settled(S.UNVERIFIED, None), Onward(S.UNVERIFIED)),
        ((FIRST, SECOND), Settled(S.VERIFIED, DONE), Onward(S.VERIFIED)),
        ((FIRST,), Settled(S.VERIFIED, DONE), Onward(S.VERIFIED)),
    ],
)  # fmt: skip
@pytest.mark.parametrize("ready", [True, False])
def test_an_end_is_an_end(
    state: State, written: tuple[Write, ...], found: Settled, step: Onward, ready: bool
) -> None:
    assert onward(under_way(*written, state=state), found, ready=ready) == step


def test_the_next_write_begins_only_where_it_may() -> None:
    found = Settled(S.VERIFIED, BETWEEN)
    assert onward(under_way(FIRST), found, ready=True) == Onward(S.SENDING, write=SECOND)
    assert onward(under_way(FIRST), found, ready=False) == Onward(S.HALFWAY, Why.INTERRUPTED)


@pytest.mark.parametrize("ready", [True, False])
@pytest.mark.parametrize(
    "there",
    [replace(BETWEEN, mode=Mode.FLAT), replace(BETWEEN, active_slicer_id=NO_SLICER)],
)
def test_somebody_elses_hand_stops_it(there: FailoverGroup, ready: bool) -> None:
    step = onward(under_way(FIRST), Settled(S.VERIFIED, there), ready=ready)
    assert step == Onward(S.HALFWAY, Why.OTHER_HAND)


def test_a_change_that_would_never_end_is_stopped() -> None:
    endless = under_way(*[FIRST] * WRITES_LIMIT, base=BEFORE, request=request(change=TWO_STEPS))
    step = onward(endless, Settled(S.VERIFIED, BETWEEN), ready=True)
    assert step == Onward(S.HALFWAY, Why.OTHER_HAND)


def test_a_slicer_that_went_meanwhile_stops_it() -> None:
    gone = replace(BETWEEN, slicers=BETWEEN.slicers[:1])
    change = request(change=Order((("s2", True),)))
    step = onward(under_way(FIRST, request=change), Settled(S.VERIFIED, gone), ready=True)
    assert step == Onward(S.HALFWAY, Why.OTHER_HAND)
