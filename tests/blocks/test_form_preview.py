"""What the form says of what would follow, and of what is wrong with an input."""

from __future__ import annotations

from dataclasses import replace

import pytest

from blocks import change_form
from blocks.form_preview import field_errors
from failover.change import Inapplicable
from failover.draft import Fault, Field, Filled
from failover.intents import Problem
from failover.risk import Lessened
from failover.roles import Action, Rule
from failover.rules import Refusal
from tests.blocks.pictures import below, picture
from tests.blocks.samples import CUP


def test_what_is_wrong_with_a_text_stands_in_the_preview() -> None:
    told = below(picture(CUP, Filled(Action.ORDER, {Field.ORDER: "cup-a, nba-x\ncup-a"})))
    assert "Preview: Not a slicer of this group: nba-x. More than once: cup-a.\n" in told


def test_that_others_have_to_agree_is_said_before_it_is_asked_for() -> None:
    chosen = picture(CUP, Filled(Action.CONFIGURE, {Field.MODE: "flat"}))
    asks = Refusal(Rule.PROTECT, need=2, minutes=15, lessened=(Lessened.TO_FLAT,))
    asking = replace(chosen, asks=asks)
    told = below(asking)
    assert "2 other people have to approve this within 15 min: pressing asks in the channel" in told
    assert "to flat, where the next source is left to chance" in told
    assert "Nothing is changed until they have approved." in told
    assert "Apply" not in told
    assert change_form.form(asking, None)["submit"]["text"] == "Ask for approval"
    assert change_form.form(chosen, None)["submit"]["text"] == "Apply change"
    assert "approve" not in below(chosen)


FAULTS = [
    (Fault(Field.SLICER, Problem.MISSING_SLICER), "Choose a slicer."),
    (Fault(Field.ORDER, Problem.MISSING_SLICER), "Name a slicer at least."),
    (Fault(Field.ORDER, Problem.MISSING_SLICER, ("-",)), "No slicer stands behind a minus."),
    (Fault(Field.ORDER, Problem.MISSING_COMMA, ("a b",)),
     "A comma or a new line is missing in: a b."),
    (Fault(Field.ADD, Problem.UNCLOSED_QUOTE, ('"a',)), 'A quotation mark is never closed: "a.'),
    (Fault(Field.ADD, Problem.EMPTY_ID, ('""',)), "An ID is empty."),
    (Fault(Field.ADD, Problem.ID_TOO_LONG, ("x" * 201,)), f"Too long for an ID: {'x' * 59}…."),
    (Fault(Field.ADD, Problem.TOO_MANY_IDS), "At most 50 IDs at once."),
    (Fault(Field.REMOVE, Problem.CONTRADICTION, ("a\u202e",)),
     "To be added and removed at once: a\ufffd."),
    (Fault(Field.ADD, Problem.CONTROL_CHARACTER),
     "There is a character in it that nobody types: type it anew."),
]  # fmt: skip


@pytest.mark.parametrize(("fault", "told"), FAULTS)
def test_every_fault_has_its_sentence(fault: Fault, told: str) -> None:
    assert field_errors([fault]) == {fault.field: told}


def test_several_faults_of_an_input_are_told_together() -> None:
    both = [Fault(Field.ORDER, Inapplicable.UNKNOWN_SLICERS, ("x",)),
            Fault(Field.ORDER, Problem.REPEATED_ID, ("a",))]  # fmt: skip
    told = "Not a slicer of this group: x. More than once: a."
    assert field_errors(both) == {Field.ORDER: told}
