"""What a button opens the form with."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocks import groups
from blocks.ids import OPEN_FORM
from blocks.opening import Opening, next_step
from failover.draft import FIELDS
from failover.model import FailoverGroup, Reading, Slicer
from failover.roles import Action
from tests.blocks.samples import CUP, FINALS, MANUAL, NOW, SLATED

ASTRAY = replace(MANUAL, active_slicer_id="cup-b")
ENDS = ("End the slate…", Opening(CUP.id, Action.SLATE, "off"))
ACTIVATES = ("Activate cup-a…", Opening(CUP.id, Action.ACTIVATE, "cup-a"))
CHANGES = ("Change…", Opening(CUP.id))


@pytest.mark.parametrize(
    ("group", "step"),
    [
        (MANUAL, CHANGES),
        (SLATED, ENDS),
        (replace(SLATED, auto_failback=True), ENDS),
        (ASTRAY, ACTIVATES),
        (replace(ASTRAY, auto_failback=True), CHANGES),
        (replace(ASTRAY, active_slicer_id=None), CHANGES),
        (replace(ASTRAY, slicers=()), CHANGES),
        (replace(ASTRAY, slicers=(Slicer("cup-a", False, 1), Slicer("cup-b", True, 2))), CHANGES),
        (replace(ASTRAY, slicers=(Slicer("x" * 151, True, 1),)), CHANGES),
        (replace(FINALS, active_slicer_id="backup"), CHANGES),
    ],
)
def test_the_natural_next_step(group: FailoverGroup, step: tuple[str, Opening]) -> None:
    assert next_step(group) == step
    (button,) = groups.status(Reading(group, NOW))["blocks"][-1]["elements"]
    assert (button["text"]["text"], button["action_id"]) == (step[0], OPEN_FORM)
    assert Opening.read(button["value"]) == step[1]


def test_a_group_by_itself_stands_in_the_value_as_it_always_did() -> None:
    assert Opening("nba").write() == "nba"
    assert Opening().write() == "-"
    assert Opening.read("-") == Opening.read(None) == Opening()


@given(st.text(min_size=1).filter(lambda text: text != "-"), st.sampled_from(list(FIELDS)))
def test_it_comes_back(word: str, action: Action) -> None:
    for opening in (Opening(word, action), Opening(word, Action.ACTIVATE, word),
                    Opening(word, Action.SLATE, "on")):  # fmt: skip
        assert Opening.read(opening.write()) == opening


@pytest.mark.parametrize(
    "value",
    ["5", "[]", "{}", "null", '["g", "slate", "perhaps"]', '["g", "fly", null]',
     '["g", "lock", null]', '["g", "order", "a"]', '[5, "slate", "on"]', "[" * 100_000, "NBA F"],
)  # fmt: skip
def test_anything_else_is_a_group(value: str) -> None:
    assert Opening.read(value) == Opening(value)
