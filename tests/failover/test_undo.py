"""What takes a change back, and what the change itself has left behind."""

from dataclasses import replace
from typing import Any

import pytest

from failover.change import Activate, Change, Channels, Configure, Order, Owners, Slate
from failover.lifecycle import Record, State, Why
from failover.model import NO_SLICER, FailoverGroup, Mode
from failover.restore import Restore
from failover.roles import Action
from failover.undo import left_by, taking_back
from failover.writes import Patch, PutActive
from tests.builders import flat, group, record, request

THERE = group()


@pytest.mark.parametrize(
    ("change", "active", "needs"),
    [
        (Configure(Mode.FLAT), False, Action.UNDO),
        (Order((("s2", True),)), False, Action.UNDO),
        (Slate(True), False, Action.UNDO),
        (Activate("s2"), True, Action.UNDO),
        (Activate("s2", failback_off=True), True, Action.UNDO),
        (Channels(("c1",)), False, Action.CHANNELS),
        (Owners(("u1",)), False, Action.OWNERS),
        (Restore(flat(), active=False), False, Action.UNDO),
        (Restore(flat(), active=True), True, Action.UNDO),
        (Restore(flat(), active=False, needs=Action.OWNERS), False, Action.OWNERS),
        (Restore(flat(), active=True, needs=Action.CHANNELS), True, Action.CHANNELS),
    ],
)
def test_the_way_back(change: Change, active: bool, needs: Action) -> None:
    assert taking_back(THERE, change, "c1") == Restore(THERE, active, needs, "c1")


def test_a_slicer_that_is_not_known_cannot_come_back() -> None:
    unknown = replace(THERE, active_slicer_id=None)
    assert not taking_back(unknown, Activate("s2"), "c1").active


FAILING_BACK = group(auto_failback=True)
FIRST, SECOND = Patch(auto_failback=False), PutActive("s2")


def made(state: State, there: FailoverGroup | None, **given: Any) -> Record:
    """A change of two steps that left this group; only the first write was sent."""
    change = request(change=Activate("s2", failback_off=True))
    plain = {"request": change, "before": FAILING_BACK, "after": there, **given}
    return record(state, **plain)


@pytest.mark.parametrize("state", State)
def test_only_of_some_ends_it_is_known_what_was_left(state: State) -> None:
    left = left_by(made(state, THERE, why=Why.INTERRUPTED))
    assert left == (THERE if state in (State.VERIFIED, State.HALFWAY) else None)


def test_what_was_never_read_is_not_known() -> None:
    assert left_by(made(State.HALFWAY, None)) is None


@pytest.mark.parametrize("why", [Why.INTERRUPTED, Why.OTHER_HAND])
def test_between_two_writes_the_last_one_counts(why: Why) -> None:
    assert left_by(made(State.HALFWAY, THERE, why=why)) == THERE


def test_a_write_that_did_not_take_effect_left_nothing() -> None:
    both = {"written": (FIRST, SECOND), "base": THERE, "why": Why.REJECTED}
    assert left_by(made(State.HALFWAY, THERE, **both)) == THERE
    other = replace(THERE, active_slicer_id=NO_SLICER)
    assert left_by(made(State.HALFWAY, other, **both)) == THERE


def test_an_automatic_failover_is_seen_as_it_is() -> None:
    moved = replace(THERE, active_slicer_id="s2")
    assert left_by(made(State.HALFWAY, moved, why=Why.INTERRUPTED)) == moved


@pytest.mark.parametrize("state", [State.VERIFIED, State.HALFWAY])
def test_what_somebody_else_did_is_left_out(state: State) -> None:
    other = replace(THERE, mode=Mode.FLAT)
    assert left_by(made(state, other, why=Why.OTHER_HAND)) == THERE
