"""What is said before a change, from the live state of the group."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from failover.change import (
    Activate,
    Change,
    Channels,
    Configure,
    Order,
    Owners,
    Slate,
    holds,
)
from failover.consequences import RECENT_FAILOVER, foresee
from failover.foresight import WARNINGS, Code, Consequence
from failover.model import NO_SLICER, FailoverGroup, Mode
from failover.restore import Restore
from tests.builders import (
    FLAT,
    START,
    channels,
    group,
    later,
    slicers,
)
from tests.failover.foreseen import FAILBACK, HOSTILE
from tests.failover.foreseen_members import MEMBERS, RESTORED
from tests.failover.foreseen_moves import MOVED
from tests.failover.foreseen_settings import CONFIGURED, ORDERED

TABLE = CONFIGURED + ORDERED + MOVED + MEMBERS + RESTORED


@pytest.mark.parametrize(
    ("before", "change", "said"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)
def test_what_is_said(before: FailoverGroup, change: Change, said: tuple[Consequence, ...]) -> None:
    assert foresee(before, change, START) == said


def test_the_table_says_everything_that_can_be_said() -> None:
    assert {one.code for row in TABLE for one in row[3]} == set(Code)


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (None, False),
        (START, True),
        (later(-1), True),
        (START - RECENT_FAILOVER, False),
        (START - RECENT_FAILOVER + (later(1) - START), True),
    ],
)
def test_a_recent_failover(moment: datetime | None, said: bool) -> None:
    found = foresee(group(failover_time=moment), FLAT, START)
    expected = [Consequence(Code.RECENT_FAILOVER, moment=moment)] if said else []
    assert [one for one in found if one.code is Code.RECENT_FAILOVER] == expected


def test_on_slate_a_recent_failover_is_nothing_to_go_by() -> None:
    on_slate = group(active_slicer_id=NO_SLICER, failover_time=later(-1))
    codes = [one.code for one in foresee(on_slate, FLAT, START)]
    assert Code.RECENT_FAILOVER not in codes
    assert Code.ON_SLATE in codes


def test_what_holds_already_is_not_foretold_again() -> None:
    both = Configure(Mode.PRIORITIZED, False)
    assert foresee(FAILBACK, both, START) == foresee(FAILBACK, Configure(None, False), START)


def test_warnings_are_codes_that_are_said() -> None:
    assert frozenset(Code) >= WARNINGS
    assert Code.NO_CHANGE not in WARNINGS


NAMES = ("s1", "s2", "s3", HOSTILE)
any_group = st.builds(
    lambda mode, failback, ids, off, active, count, owners: FailoverGroup(
        id="g",
        name=HOSTILE,
        mode=mode,
        auto_failback=failback,
        slicers=slicers(*ids, off=off),
        active_slicer_id=active,
        channels=channels(count),
        failover_time=START,
        allowed_owners=owners,
    ),
    st.sampled_from(Mode),
    st.booleans(),
    st.lists(st.sampled_from(NAMES), unique=True),
    st.lists(st.sampled_from(NAMES)),
    st.sampled_from([None, NO_SLICER, *NAMES]),
    st.integers(0, 3),
    st.none() | st.lists(st.sampled_from(NAMES), unique=True).map(tuple),
)
lists = st.lists(st.sampled_from(("ch1", "ch9", *NAMES)), max_size=3).map(tuple)
deltas = st.tuples(lists, lists).filter(lambda delta: not set(delta[0]) & set(delta[1]))
any_change: st.SearchStrategy[Change] = st.one_of(
    st.builds(Configure, st.sampled_from([None, *Mode]), st.sampled_from([None, True, False])),
    st.builds(Activate, st.sampled_from(NAMES), st.booleans()),
    st.builds(Slate, st.booleans()),
    st.builds(
        Order,
        st.lists(
            st.tuples(st.sampled_from(NAMES), st.booleans()), unique_by=lambda one: one[0]
        ).map(tuple),
    ),
    deltas.map(lambda delta: Channels(*delta)),
    deltas.map(lambda delta: Owners(*delta)),
    st.builds(Restore, any_group, st.booleans()),
)


@given(any_group, any_change)
def test_something_is_said_of_every_change_and_each_thing_once(
    before: FailoverGroup, change: Change
) -> None:
    said = foresee(before, change, START)
    codes = [one.code for one in said]
    assert said
    assert len(set(codes)) == len(codes)
    assert (Code.NO_CHANGE in codes) == holds(before, change)
    successors = {Code.NEXT_BY_CHANCE, Code.NEXT_IN_ORDER, Code.ONE_ELIGIBLE, Code.NO_BACKUP}
    assert len(successors & set(codes)) <= 1
    movements = {
        Code.VIEWERS_MOVE,
        Code.VIEWERS_MOVE_TO,
        Code.VIEWERS_STAY,
        Code.SLATE_BEGINS,
        Code.SLATE_ENDS,
        Code.SLATE_ENDS_ON,
        Code.ON_SLATE,
    }
    assert len(movements & set(codes)) <= 1
