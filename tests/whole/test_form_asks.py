"""The form where a second person has to agree: said beforehand, and asked for as such."""

from sandbox.rig import POLICY
from sandbox.uplynk.scenes import CUP_FINAL

from .conftest import Scene, Start

WAITS = "waits for a second person"
RISKIER = POLICY + '[[protect]]\ngroups = ["Cup*"]\nrisk = "riskier"\n'


def opens(start: Start) -> Scene:
    scene = start(policy=RISKIER)
    scene.operator.opens_form('/failover "Cup Final"')
    scene.waits(lambda: "# Cup Final" in scene.modal(scene.operator))
    assert "[Apply change]" in scene.modal(scene.operator)
    return scene


def test_the_form_says_beforehand_that_somebody_else_has_to_agree(start: Start) -> None:
    scene = opens(start)
    person = scene.operator
    person.chooses("mode", "flat")
    scene.waits(lambda: "[Ask for approval]" in scene.modal(person))
    assert "A second person has to approve this within 15 min" in scene.modal(person)
    assert "to flat, where the next source is left to chance" in scene.modal(person)
    person.submits()
    scene.waits(lambda: WAITS in scene.modal(person))
    scene.shows(f"Cup Final: {WAITS}", "[Approve]")
    assert scene.attempts() == 0


def test_the_safe_direction_stays_one_press(start: Start) -> None:
    scene = opens(start)
    scene.operator.chooses("failback", "on")
    scene.waits(lambda: "auto failback off → on" in scene.modal(scene.operator))
    assert "approve" not in scene.modal(scene.operator)
    scene.operator.submits()
    scene.shows("Cup Final: applied and verified")


def test_the_three_columns_ask_for_approval_too(start: Start) -> None:
    scene = opens(start)
    person = scene.operator
    person.chooses("mode", "flat")
    scene.waits(lambda: "[Ask for approval]" in scene.modal(person))
    scene.world.change_in_cms(CUP_FINAL, active_slicer_id="cup-b")
    person.submits()
    scene.waits(lambda: "You want" in scene.modal(person))
    assert "Apply" not in scene.modal(person)
    person.presses("Ask for approval")
    scene.shows(f"Cup Final: {WAITS}", "[Approve]")
    assert scene.attempts() == 0
