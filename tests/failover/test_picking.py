"""Several groups picked in the form: what is asked of each of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from failover.change import Change, Configure, Slate
from failover.model import Mode
from failover.picking import KEEP, Matching, Picking, typed_part
from failover.roles import Action
from tests.builders import order

CHOSEN = [
    (Picking(), None),
    (Picking(mode="flat"), Configure(Mode.FLAT)),
    (Picking(mode="prioritized"), Configure(Mode.PRIORITIZED)),
    (Picking(mode="prioritized", failback="off"), Configure(Mode.PRIORITIZED, False)),
    (Picking(failback="on"), Configure(None, True)),
    # Chosen before flat was, and no longer on the screen.
    (Picking(mode="flat", failback="on"), Configure(Mode.FLAT)),
    (Picking(action=Action.SLATE), None),
    (Picking(action=Action.SLATE, slate="on", mode="flat"), Slate(True)),
    (Picking(action=Action.SLATE, slate="off"), Slate(False)),
]


@pytest.mark.parametrize(("picking", "change"), CHOSEN)
def test_what_is_chosen_is_asked_of_each(picking: Picking, change: Change | None) -> None:
    assert picking.change == change


@pytest.mark.parametrize(
    "picking",
    [
        Picking(mode="chaos"),
        Picking(failback="perhaps"),
        Picking(action=Action.SLATE, slate="perhaps"),
        Picking(action=Action.ORDER),
    ],
)
def test_what_was_not_offered_is_no_change(picking: Picking) -> None:
    with pytest.raises(ValueError, match=r"not a valid Mode|neither on nor off|not for several"):
        _ = picking.change


configures = st.builds(Configure, st.none() | st.sampled_from(Mode), st.none() | st.booleans())


@given(configures | st.builds(Slate, st.booleans()), st.lists(st.text()), st.none() | st.text())
def test_a_change_is_filled_in_as_it_was_asked_for(
    change: Configure | Slate, values: list[str], reason: str | None
) -> None:
    picking = Picking.of(values, change, reason)
    assert (picking.values, picking.reason) == (tuple(values), reason)
    if change == Configure():
        assert picking.change is None
    elif change == Configure(Mode.FLAT, True) or change == Configure(Mode.FLAT, False):
        assert picking.change == Configure(Mode.FLAT)
    else:
        assert picking.change == change


def test_of_a_change_for_one_group_only_the_picked_are_kept() -> None:
    picking = Picking.of(("a", "b"), order("s1"), "because")
    assert picking == Picking(("a", "b"), mode=KEEP, failback=KEEP, reason="because")


@given(st.text())
def test_a_part_of_a_name_is_told_from_a_group(typed: str) -> None:
    assert typed_part(Matching(typed, 3).value) == typed
    assert typed_part("0f" * 16) is None
