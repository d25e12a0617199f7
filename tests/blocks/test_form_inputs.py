"""What each action asks for in the form."""

from __future__ import annotations

from dataclasses import replace

import pytest

from blocks import change_form
from blocks.ids import WHAT
from failover.draft import Field, Filled
from failover.model import FailoverGroup, Slicer
from failover.roles import Action
from tests.blocks.pictures import ALL, below, picture
from tests.blocks.samples import CUP, FINALS, MANUAL, SLATED

START = Filled(Action.CONFIGURE)


def test_only_what_the_person_may_do_is_offered() -> None:
    blocks = change_form.form(picture(CUP, START, ALL), None)["blocks"]
    (what,) = (one for one in blocks if one.get("block_id", "").startswith(WHAT))
    labels = [one["text"]["text"] for one in what["element"]["options"]]
    assert labels == ["Mode and auto failback", "Activate a slicer", "Slate",
                      "Order and eligibility", "Channels", "Allowed owners"]  # fmt: skip
    few = change_form.form(picture(CUP, START, (Action.CONFIGURE, Action.SLATE)), None)
    assert "Activate a slicer" not in str(few)
    assert "Slate" in str(few)


def test_a_slicer_is_chosen_before_anything_is_foretold() -> None:
    assert below(picture(MANUAL, Filled(Action.ACTIVATE))) == (
        "What: <Activate a slicer>\nSlicer: <Choose a slicer>\n"
        "Reason (optional): <Shown in the channel>\n---\n"
        "Preview: Choose a slicer.\n"
        "  Nothing is changed until you press Apply change.\n[Apply change] [Cancel]"
    )


def test_the_slicers_say_which_is_active_and_which_is_not_eligible() -> None:
    drawn = change_form.form(picture(MANUAL, Filled(Action.ACTIVATE)), None)
    (slicer,) = (b for b in drawn["blocks"] if b.get("block_id", "").startswith(Field.SLICER))
    options = [(one["text"]["text"], one["value"]) for one in slicer["element"]["options"]]
    assert options == [
        ("cup-a (active)", "cup-a"), ("cup-b", "cup-b"), ("cup-c (not eligible)", "cup-c"),
    ]  # fmt: skip


def test_auto_failback_is_turned_off_only_with_a_line_that_says_so() -> None:
    first = "\n  Auto failback is on: it is turned off first, and stays off.\n"
    assert first in below(picture(CUP, Filled(Action.ACTIVATE)))
    assert first not in below(picture(MANUAL, Filled(Action.ACTIVATE)))
    chosen = below(picture(CUP, Filled(Action.ACTIVATE, {Field.SLICER: "cup-b"})))
    assert first in chosen
    assert (
        "Preview: auto failback off, active cup-a → cup-b\n"
        "In steps, each read back before the next:\n"
        "1. auto failback off\n2. active cup-a → cup-b\n"
    ) in chosen
    assert "⚠️ Auto failback is turned off first, and stays off." in chosen


def test_slicers_beyond_what_slack_can_list_are_told_of() -> None:
    many = tuple(Slicer(f"s{n}", True, n) for n in range(1, 105))
    odd = (Slicer("x" * 151, True, 105), Slicer("", True, 106))
    told = below(picture(replace(CUP, slicers=many + odd), Filled(Action.ACTIVATE)))
    assert "6 more cannot be listed here: type “/failover activate GROUP SLICER”." in told


@pytest.mark.parametrize(
    ("group", "chosen", "radio", "preview"),
    [
        (MANUAL, None, "( ) on  (•) off", "live (cup-a) (no change)"),
        (MANUAL, "on", "(•) on  ( ) off", "live (cup-a) → slate"),
        (SLATED, None, "(•) on  ( ) off", "slate (no change)"),
        (SLATED, "off", "( ) on  (•) off", "slate → live"),
    ],
)
def test_the_slate_starts_as_it_is(
    group: FailoverGroup, chosen: str | None, radio: str, preview: str
) -> None:
    entries = None if chosen is None else {Field.SLATE: chosen}
    told = below(picture(group, Filled(Action.SLATE, entries)))
    assert f"Slate: {radio}\n" in told
    assert f"Preview: {preview}\n" in told


def test_the_order_starts_as_it_is() -> None:
    drawn = change_form.form(picture(CUP, Filled(Action.ORDER)), None)
    (order,) = (b for b in drawn["blocks"] if b.get("block_id", "").startswith(Field.ORDER))
    assert order["element"]["initial_value"] == "cup-a\ncup-b\n-cup-c"
    assert order["element"]["multiline"] is True
    assert order["optional"] is False
    told = below(picture(CUP, Filled(Action.ORDER)))
    assert (
        "A line or a comma for each; - before it: not eligible. Any left out follow behind." in told
    )
    assert "Preview: order cup-a, cup-b, cup-c (cup-c not eligible) (no change)" in told
    assert "What you type is previewed on Enter, and before it is applied." in told
    flat = below(picture(FINALS, Filled(Action.ORDER)))
    assert "In flat the order counts for nothing." in flat


def test_the_present_members_stand_above_the_lists() -> None:
    channels = Filled(Action.CHANNELS, {Field.ADD: "c3", Field.REMOVE: "c1"})
    told = below(picture(CUP, channels, ALL))
    assert "Channels now: c1 (Cup HD), c2\nAdd (optional): " in told
    assert "Preview: channels + c3, − c1 (Cup HD)\n" in told
    owners = below(picture(CUP, Filled(Action.OWNERS), ALL))
    assert "Allowed owners now: o1, o2\nAdd (optional): " in owners
    assert "Preview: Type an ID to add, or one to remove.\n" in owners
    nobody = replace(CUP, allowed_owners=())
    assert "Allowed owners now: none\n" in below(picture(nobody, Filled(Action.OWNERS), ALL))
