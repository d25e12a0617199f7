"""Several groups picked in the form: one preview, one submission, one undo for all."""

from sandbox.rig import POLICY
from sandbox.slack.people import SimulatedPerson
from sandbox.uplynk.faults import Fault, FaultKind, When
from sandbox.uplynk.scenes import (
    CUP_FINAL_BACKUP,
    NBA_FINALS,
    SPORTS_WEST,
)

from .conftest import Scene, Start
from .test_form import open_form
from .test_sets import written

THREE = ("NBA Finals", "Cup Final Backup", "Sports West")
PROTECTED = (
    POLICY
    + """
[[protect]]
groups = ["cup final backup"]
"""
)


def picks(scene: Scene, person: SimulatedPerson, *names: str) -> None:
    """Open the form of several groups and pick these, one after the other."""
    open_form(scene, person)
    person.presses("Several groups…")
    scene.waits(lambda: "[Show preview]" in person.sees())
    for name in names:
        person.searches("groups", name.removeprefix("All 2 that match ").strip("“”"))
        person.chooses("groups", name)


def looks(scene: Scene, person: SimulatedPerson) -> str:
    """Auto failback on for what is picked, because of a rehearsal: what the preview says."""
    person.chooses("pick_mode", "prioritized")
    person.chooses("pick_failback", "on")
    person.fills("reason", "rehearsal")
    assert person.submits().ok
    scene.waits(lambda: "Picked in the form" in scene.modal(person))
    return scene.modal(person)


def submits(scene: Scene, person: SimulatedPerson, told: str) -> str:
    assert person.submits().ok
    scene.waits(lambda: told in scene.modal(person), 30)
    return scene.modal(person)


def failing_back(scene: Scene) -> set[str]:
    return {one.name for one in scene.world.groups() if one.auto_failback}


def test_three_are_changed_in_the_sequence_picked_and_taken_back(scene: Scene) -> None:
    person = scene.operator
    picks(scene, person, *THREE)
    table = looks(scene, person)
    assert "# Change 3 groups?" in table
    assert "1. NBA Finals: flat → prioritized, auto failback on" in table
    assert "3. Sports West: prioritized: auto failback off → on" in table
    assert "[Apply to 3 groups]" in table
    assert scene.attempts() == 0

    told = submits(scene, person, "✅ 3 of 3 groups are as asked")
    assert written(scene) == list(THREE)
    assert "✅ Cup Final Backup: applied and verified" in told
    scene.waits(lambda: scene.channel.count(": applied and verified") >= 3)
    assert len(scene.cards) == 3
    assert all("rehearsal" in card for card in scene.cards)
    scene.hears(person, "3 of 3 groups are as asked")
    assert len(person.private_messages()) == 1

    person.presses("Undo all…")
    scene.waits(lambda: "Take back the changes of 3 groups?" in scene.modal(person))
    submits(scene, person, "3 of 3 groups are as asked")
    assert failing_back(scene) == {"Sports East"}
    assert scene.world.group(NBA_FINALS).mode == "flat"


def test_a_form_that_is_closed_goes_on_in_one_message_edited_in_place(http: Scene) -> None:
    person = http.operator
    http.uplynk.faults.add(Fault(FaultKind.DELAY, seconds=1.1, method="WRITE", times=None))
    picks(http, person, *THREE)
    looks(http, person)
    assert person.submits().ok
    http.waits(lambda: "⏳ 1 of 3" in http.modal(person))
    person.closes()
    http.hears(person, "⏳ 2 of 3")
    (message,) = person.private_messages()
    http.hears(person, "3 of 3 groups are as asked")
    (ended,) = person.private_messages()
    assert ended.key == message.key, "edited in place"
    person.presses("Undo all…", on=ended)
    http.waits(lambda: "Take back the changes of 3 groups?" in http.told(person))


def test_all_that_match_are_one_choice(http: Scene) -> None:
    person = http.operator
    picks(http, person, "All 2 that match “cup”", "Cup Final")
    table = looks(http, person)
    assert "# Change 2 groups?" in table
    submits(http, person, "2 of 2 groups are as asked")
    assert failing_back(http) == {"Cup Final", "Cup Final Backup", "Sports East"}


def test_what_somebody_changed_in_between_is_not_overwritten(http: Scene) -> None:
    person = http.operator
    picks(http, person, *THREE)
    looks(http, person)
    http.world.change_in_cms(CUP_FINAL_BACKUP, mode="prioritized")
    told = submits(http, person, "1 of 3 groups are as asked")
    assert "Cup Final Backup: The group changed since you saw it" in told
    assert "not begun, nothing changed: 1" in told
    assert http.attempts() == 1
    assert not http.world.group(SPORTS_WEST).auto_failback


def test_one_that_asks_a_second_person_is_left_out_beforehand(start: Start) -> None:
    scene = start(policy=PROTECTED)
    person = scene.operator
    picks(scene, person, *THREE)
    table = looks(scene, person)
    assert "Cup Final Backup: left out, asks a second person" in table
    assert "[Apply to 2 groups]" in table
    submits(scene, person, "2 of 2 groups are as asked")
    assert scene.world.group(CUP_FINAL_BACKUP).mode == "flat"


def refuses(scene: Scene, group_id: str) -> None:
    scene.uplynk.faults.add(
        Fault(FaultKind.STATUS, When.BEFORE, status=400, method="WRITE", group_id=group_id)
    )


def test_it_stops_at_the_first_surprise(http: Scene) -> None:
    person = http.operator
    refuses(http, CUP_FINAL_BACKUP)
    picks(http, person, *THREE)
    looks(http, person)
    told = submits(http, person, "1 of 3 groups are as asked")
    assert "Cup Final Backup: Uplynk refused the change (400)" in told
    assert http.attempts() == 2
    assert not http.world.group(SPORTS_WEST).auto_failback


def test_it_goes_on_when_asked(http: Scene) -> None:
    person = http.operator
    refuses(http, CUP_FINAL_BACKUP)
    picks(http, person, *THREE)
    looks(http, person)
    person.chooses("trouble", "go_on")
    submits(http, person, "2 of 3 groups are as asked")
    assert http.attempts() == 3
    assert http.world.group(SPORTS_WEST).auto_failback


def test_back_to_the_selection_keeps_what_was_picked_and_chosen(http: Scene) -> None:
    person = http.operator
    picks(http, person, "NBA Finals", "Sports West")
    looks(http, person)
    person.presses("Change the selection")
    http.waits(lambda: "[Show preview]" in http.modal(person))
    shown = http.modal(person)
    for kept in ("NBA Finals", "Sports West", "(•) prioritized", "(•) on", "rehearsal"):
        assert kept in shown
    person.searches("groups", "nba")
    person.chooses("groups", "NBA Finals")
    assert person.submits().ok
    http.waits(lambda: "[Apply to 1 group]" in http.modal(person))
    assert "NBA Finals" not in http.modal(person)


def test_a_viewer_is_told_which_role_it_takes(http: Scene) -> None:
    open_form(http, http.viewer)
    http.viewer.presses("Several groups…")
    http.waits(lambda: "you need the role operator" in http.modal(http.viewer))
