"""The states of a change and every move between them."""

import re
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from failover import lifecycle
from failover.lifecycle import FINAL, HOLDING, LAST_WORDS, MOVES, IllegalMove, State, Why, move
from failover.writes import PutSlate
from tests.builders import START, later, record

EVERY_MOVE = list(product(State, State))
ALLOWED = {
    ("received", "refused"),
    ("received", "unchanged"),
    ("received", "failed"),
    ("received", "sending"),
    ("received", "awaiting"),
    ("received", "done"),
    ("awaiting", "refused"),
    ("awaiting", "failed"),
    ("awaiting", "awaiting"),
    ("awaiting", "approved"),
    ("approved", "refused"),
    ("approved", "unchanged"),
    ("approved", "failed"),
    ("approved", "sending"),
    ("sending", "verified"),
    ("sending", "unverified"),
    ("sending", "failed"),
    ("sending", "unsettled"),
    ("sending", "halfway"),
    ("sending", "unknown"),
    ("sending", "sending"),
    ("unknown", "verified"),
    ("unknown", "unverified"),
    ("unknown", "failed"),
    ("unknown", "unsettled"),
    ("unknown", "halfway"),
}
ONE, TWO = PutSlate(True), PutSlate(False)


@pytest.mark.parametrize(("start", "end"), EVERY_MOVE, ids=lambda state: state.value)
def test_every_state_against_every_move(start: State, end: State) -> None:
    before = record(start)
    further = {
        "written": (*before.written, ONE),
        "approvals": (*before.approvals, ("U0SECOND", START)),
    }
    if (start.value, end.value) in ALLOWED:
        after = move(before, end, **further)
        assert (after.state, after.version) == (end, before.version + 1)
    else:
        with pytest.raises(IllegalMove, match=f"{start} -> {end}"):
            move(before, end, **further)
    assert before.state is start


@pytest.mark.parametrize("written", [(), (ONE,), (ONE, TWO, ONE), (TWO, TWO)])
def test_a_change_under_way_goes_on_with_one_further_write_only(
    written: tuple[PutSlate, ...],
) -> None:
    before = record(State.SENDING, written=(ONE,))
    with pytest.raises(IllegalMove):
        move(before, State.SENDING, written=written)
    assert move(before, State.SENDING, written=(ONE, TWO)).written == (ONE, TWO)


def drawn(text: str) -> set[tuple[str, str]]:
    """The moves that a drawing in a text lists."""
    lines = re.findall(r"^    (\w+)\s+-> (.+)$", text, re.MULTILINE)
    return {(start, end.strip()) for start, ends in lines for end in ends.split("|")}


@pytest.mark.parametrize("place", ["lifecycle.py", "README.md"])
def test_the_drawings_list_the_table(place: str) -> None:
    texts = {
        "lifecycle.py": lifecycle.__doc__ or "",
        "README.md": Path("README.md").read_text(encoding="utf-8"),
    }
    table = {(start.value, end.value) for start, ends in MOVES.items() for end in ends}
    assert drawn(texts[place]) == table == ALLOWED


def test_a_move_carries_new_fields_and_leaves_the_rest() -> None:
    before = record(State.SENDING, facts={"overridden": ["freeze"]})
    after = move(before, State.FAILED, why=Why.NO_EFFECT, ended_at=later(31))
    assert (after.why, after.ended_at) == (Why.NO_EFFECT, later(31))
    assert (after.facts, after.request, after.sent_at) == (
        before.facts,
        before.request,
        before.sent_at,
    )


@pytest.mark.parametrize("state", State, ids=str)
def test_a_record_is_final_exactly_where_no_move_leads_on(state: State) -> None:
    leads_on = any((state, end) in {(State(a), State(b)) for a, b in ALLOWED} for end in State)
    assert record(state).final is not leads_on
    assert (state in FINAL) is not leads_on


def test_a_group_is_held_exactly_while_a_write_may_be_on_its_way() -> None:
    assert {State.SENDING, State.UNKNOWN} == HOLDING
    assert not HOLDING & FINAL
    assert LAST_WORDS < FINAL


@given(st.lists(st.sampled_from(State), max_size=8))
def test_no_way_leads_back_and_nothing_is_sent_twice(wanted: list[State]) -> None:
    current, path = record(), [State.RECEIVED]
    for state in wanted:
        try:
            current = move(current, state)
        except IllegalMove:
            continue
        path.append(state)
    assert len(set(path)) == len(path) <= 4
    assert current.version == len(path)
    assert all(state not in FINAL for state in path[:-1])
