"""The form of several groups: what a person reads in it, and what it carries along."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocks import ids, set_form
from blocks.kit import OPTION_VALUE_LIMIT
from blocks.set_form import METADATA_LIMIT, SetMemory
from failover.change import Configure
from failover.lifecycle import Why
from failover.model import Mode
from failover.picking import FOR_MANY, Matching, Pick, Picking, PickPicture
from failover.roles import Action
from failover.sets import MOST, PICKED, GroupSet, Row, SetPicture
from tests.blocks import examine
from tests.blocks.samples import CUP, FINALS, HOSTILE, NOW, REQUEST

FLAT = Configure(Mode.FLAT)


def picked(asked: Picking, *picks: Pick, told: str | None = None) -> dict[str, Any]:
    return set_form.picking(PickPicture(asked, picks, FOR_MANY), "C0OPS", told)


def table(*rows: Row, reason: str | None = None) -> SetPicture:
    asked = replace(REQUEST, group=PICKED, change=FLAT, reason=reason)
    return SetPicture(GroupSet("5e7", asked, ()), rows, NOW, NOW)


def element(view: dict[str, Any], block_id: str) -> dict[str, Any]:
    (found,) = [one for one in view["blocks"] if one.get("block_id") == block_id]
    return dict(found["element"])


def test_it_starts_with_nothing_chosen_that_would_change_anything() -> None:
    view = picked(Picking())
    shown = examine.shown_view(view)
    for line in ("(•) as it is", "Auto failback", "Nothing is changed yet", "[One group only]"):
        assert line in shown
    assert view["submit"]["text"] == "Show preview"
    assert element(view, ids.GROUPS)["max_selected_items"] == MOST
    assert "initial_options" not in element(view, ids.GROUPS)


def test_flat_has_no_auto_failback() -> None:
    assert "Auto failback" not in examine.shown_view(picked(Picking(mode="flat"))).split("Mode:")[1]


def test_the_slate_is_never_chosen_beforehand() -> None:
    view = picked(Picking(action=Action.SLATE))
    assert "initial_option" not in element(view, ids.PICK_SLATE)
    assert "Mode:" not in examine.shown_view(view)


def test_what_was_picked_is_picked_again() -> None:
    view = picked(Picking(reason="why"), FINALS, Matching("sports", 7), told="⚠️ Look again.")
    options = element(view, ids.GROUPS)["initial_options"]
    assert [one["text"]["text"] for one in options] == [FINALS.name, "All 7 that match “sports”"]
    assert [one["value"] for one in options] == [FINALS.id, "all:sports"]
    assert element(view, ids.REASON)["initial_value"] == "why"
    assert examine.shown_view(view).splitlines()[1] == "⚠️ Look again."


def test_what_is_too_long_to_be_an_option_is_none() -> None:
    assert set_form.pick_option(Matching("x" * OPTION_VALUE_LIMIT, 2)) is None
    assert set_form.pick_option(replace(CUP, id="x" * (OPTION_VALUE_LIMIT + 1))) is None


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_from_outside_is_alive_in_it(text: str) -> None:
    group = replace(FINALS, name=text)
    examine.view(picked(Picking(reason=text[:400]), group, Matching(text[:100], 2)), text)
    examine.view(picked(Picking(action=Action.SLATE)))
    rows = [Row(group, FLAT), Row(group, FLAT, why=Why.GONE), Row(group, FLAT, already=True)]
    memory = SetMemory("5e7", "C0OPS", (text,))
    examine.view(set_form.confirming(table(*rows, reason=text), memory), text)


def test_submitting_says_how_many_are_changed() -> None:
    rows = [Row(CUP, FLAT), Row(FINALS, FLAT), Row(CUP, FLAT, already=True)]
    view = set_form.confirming(table(*rows), SetMemory("5e7", "C0OPS", ("a", "b")))
    shown = examine.shown_view(view)
    assert view["submit"]["text"] == "Apply to 2 groups"
    assert "Picked in the form: flat" in shown
    assert "(•) stop there" in shown
    assert "[Change the selection]" in shown


def test_one_group_has_none_after_it() -> None:
    view = set_form.confirming(table(Row(CUP, FLAT)), SetMemory("5e7"))
    assert view["submit"]["text"] == "Apply to 1 group"
    assert "stop there" not in examine.shown_view(view)


def test_where_no_group_is_left_there_is_nothing_to_submit() -> None:
    view = set_form.confirming(table(Row(CUP, FLAT, already=True)), SetMemory("5e7", None, ("a",)))
    assert "submit" not in view
    assert "There is no group to change" in examine.shown_view(view)
    assert "[Change the selection]" in examine.shown_view(view)


def test_the_largest_set_fits() -> None:
    rows = [Row(replace(FINALS, name="n" * 500), FLAT) for _ in range(MOST)]
    values = tuple(f"{n:032x}" for n in range(MOST))
    view = set_form.confirming(table(*rows, reason="r" * 500), SetMemory("5" * 32, "C0", values))
    examine.view(view)
    assert SetMemory.read(view["private_metadata"]).values == values


def test_what_is_too_much_to_carry_cannot_be_picked_anew() -> None:
    memory = SetMemory("5e7", "C0OPS", tuple("x" * 150 for _ in range(MOST)))
    view = set_form.confirming(table(Row(CUP, FLAT)), memory)
    examine.view(view)
    assert "Change the selection" not in examine.shown_view(view)
    assert SetMemory.read(view["private_metadata"]) == SetMemory("5e7", "C0OPS")


@given(st.text(max_size=40), st.none() | st.text(max_size=20), st.lists(st.text(max_size=30)))
def test_what_is_carried_along_comes_back(
    set_id: str, channel_id: str | None, values: list[str]
) -> None:
    written = SetMemory(set_id, channel_id, tuple(values)).write()
    assert len(written) <= METADATA_LIMIT
    read = SetMemory.read(written)
    assert (read.set_id, read.channel_id) == (set_id, channel_id)
    assert read.values in ((), tuple(values))


@pytest.mark.parametrize(
    "text", ["", "x", "[]", "{}", "5", '["s"]', '["s", 5, []]', '["s", null, [5]]', "[" * 50_000]
)
def test_what_nobody_wrote_is_not_read(text: str) -> None:
    with pytest.raises(ValueError, match=r"Expecting|not what|nested"):
        SetMemory.read(text)


def test_how_it_goes_stands_where_it_was_submitted() -> None:
    assert "direct message" in examine.shown_view(set_form.begun())
    assert "Nothing is changed" in examine.shown_view(set_form.reading())
    assert json.loads(SetMemory("s").write()) == ["s", None, []]
