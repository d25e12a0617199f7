"""Sets that were stopped, that take back what was done, and that lock: their words and limits."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from blocks import announcement, ids
from failover.change import Change
from failover.consequences import foresee
from failover.lifecycle import State, Why
from failover.measures import Lock, Unlock
from failover.model import Channel, FailoverGroup
from failover.restore import Restore
from failover.sets import Row
from tests.blocks import examine, samples
from tests.blocks.samples import FINALS, HOSTILE, MANUAL, NOW, record
from tests.blocks.test_sets import WORST, buttons, drawn, progress, row, told

BACK = Restore(FINALS, active=False, change_id="b" * 32)
LOCK = Lock(7200)
few = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


def stale(name: str, **given: Any) -> Row:
    left = replace(MANUAL, name=name)
    return row(name, MANUAL, BACK, why=Why.STALE, seen=left, **given)


def test_a_set_under_way_can_be_stopped() -> None:
    found = progress(told(State.VERIFIED, "East"), told(State.RECEIVED, "West"))
    assert buttons(found) == [ids.STOP_SET]


def test_it_says_who_stopped_it_and_leaves_the_way_back() -> None:
    done = told(State.VERIFIED, "East")
    rest = [
        told(State.REFUSED, name, why=Why.SET_STOPPED, facts={"by": "U0ADMIN"})
        for name in ("North", "West")
    ]
    found = progress(done, *rest, ended=True)
    shown = examine.shown(found)
    assert "# ⚠️ 1 of 3 groups are as asked" in shown
    assert "North: Not begun, because the set was stopped. Nothing was sent to Uplynk" in shown
    assert shown.count("It was @Admin who stopped the set.") == 1
    assert buttons(found) == [ids.UNDO_SET]


@pytest.mark.parametrize("state", sorted(set(State) - {State.SHOWN}))
def test_the_card_of_what_is_under_way_lets_others_stop_the_set(state: State) -> None:
    one = record(state)
    member = replace(one, request=replace(one.request, set_id="d" * 32))
    under_way = state in (State.SENDING, State.UNKNOWN)
    assert (ids.STOP_SET in buttons(announcement.card(member, NOW))) is under_way
    assert ids.STOP_SET not in buttons(announcement.card(one, NOW))


def test_what_a_pattern_takes_back() -> None:
    shown = examine.shown(
        drawn(row("A", MANUAL, BACK), row("B", untouched=True), stale("C"), change=BACK)
    )
    assert "# Take back the changes of 1 group?" in shown
    assert "sports-*: undo of the last change of each group, the newest first" in shown
    assert "Left out: 2 (nothing to take back: 1; changed since by somebody: 1)" in shown
    assert "– B: left out, nothing to take back" in shown


def test_what_somebody_changed_since_stands_in_three_columns() -> None:
    now = replace(MANUAL, channels=(Channel("ch9", "News"),))
    shown = examine.shown(drawn(replace(stale("C"), group=replace(now, name="C"))))
    assert "C: somebody changed it after the change that would be taken back" in shown
    assert "“/failover undo C” asks for it by itself." in shown
    for title in ("The change left", "It is now", "Undo would make"):
        assert title in shown
    assert "channels: News" in shown
    unknown = examine.shown(drawn(replace(stale("C"), seen=None)))
    assert "(no longer known)" in unknown


def test_of_many_a_few_stand_in_columns() -> None:
    shown = examine.shown(drawn(*(stale(f"C{number}") for number in range(20))))
    assert shown.count("It is now") == 3
    assert "– C19: left out, changed since by somebody" in shown


@pytest.mark.parametrize("text", [*HOSTILE[::5], WORST])
def test_fifty_of_any_name_fit(text: str) -> None:
    rows = [stale(f"{text}{number}") for number in range(20)]
    rest = [row(f"{text}{number}", untouched=True) for number in range(30)]
    drawn(*rows, *rest, group=text, reason=text, change=BACK)


@few
@given(samples.groups(), samples.groups(), samples.changes)
def test_any_states_stand_in_columns(
    seen: FailoverGroup, now: FailoverGroup, change: Change
) -> None:
    back = Restore(seen, active=True, change_id="b" * 32)
    found = Row(now, back, why=Why.STALE, seen=seen)
    drawn(found, Row(seen, change, foresee(seen, change, NOW)), change=back)


@pytest.mark.parametrize(("change", "word"), [(LOCK, "Lock"), (Unlock(), "Unlock")])
def test_locks_are_called_so(change: Lock | Unlock, word: str) -> None:
    rows = [Row(replace(FINALS, name=name), change) for name in ("A", "B")]
    shown = examine.shown(drawn(*rows, change=change, reason="on air"))
    assert f"# {word} 2 groups?" in shown
    assert f"1. A: {word.lower()}" in shown


def test_a_lock_that_is_barred_takes_no_override() -> None:
    rules = {"rules": samples.RULES[8]}
    found = drawn(row("A", change=LOCK, why=Why.RULE, facts=rules), change=LOCK)
    assert "override" not in examine.shown(found)
    free = drawn(row("A", change=Unlock(), already=True), change=Unlock())
    assert "– A: left out, not locked" in examine.shown(free)
