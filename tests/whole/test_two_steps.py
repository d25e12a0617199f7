"""A change of two writes: both made, or stopped between them and said, with the way on and back."""

from typing import Any

import pytest

from sandbox.uplynk.faults import Fault, FaultKind, When
from sandbox.uplynk.model import SimSlicer
from sandbox.uplynk.routes import Endpoint
from sandbox.uplynk.scenes import NBA_FINALS, SPORTS_EAST

from .conftest import Scene, Start
from .database import everything_is_told

LINE = '/failover activate "Sports East" east-b'
BOTH = "Turn failback off and activate"
VERIFIED, HALFWAY = "applied and verified", "stopped halfway"
STEP_1 = "step 1 of 2: auto failback off – applied and verified"
STEP_2 = "step 2: active east-a → east-b – "
SOON = {
    "SETTLE_SECONDS": "0.3",
    "UPLYNK_READ_TIMEOUT_SECONDS": "1",
    "UPLYNK_BUDGET_SECONDS": "2",
}


@pytest.fixture
def soon(start: Start) -> Scene:
    """Uplynk's client gives up sooner than it does in service."""
    return start(settings=SOON)


def asks_for_both(scene: Scene) -> None:
    """From the refusal to the confirmation of both steps."""
    scene.operator.types(f"{LINE} because encoder swap")
    scene.presses(scene.operator, BOTH)
    scene.presses(scene.operator, "Apply")


def east(scene: Scene) -> tuple[bool, str]:
    """Whether auto failback is on, and what viewers see."""
    group = scene.world.group(SPORTS_EAST)
    return group.auto_failback, group.active_slicer_id


def something_else(scene: Scene, attempts: int) -> None:
    """Another change goes through: what would have gone on by itself has had its time."""
    scene.operator.types("/failover set nba prioritized now")
    scene.shows("NBA Finals", VERIFIED)
    assert scene.attempts() == attempts + 1
    assert scene.world.group(NBA_FINALS).mode == "prioritized"


def dies_and_comes_back(scene: Scene) -> None:
    """With the card posted, and known to be: otherwise it is looked for 10 s later."""
    scene.shows("under way")
    scene.waits(lambda: everything_is_told(scene.rig.folder))
    scene.bot.kill()
    scene.rig.start_bot()


def test_auto_failback_in_the_way_is_turned_off_first(scene: Scene) -> None:
    scene.operator.types(f"{LINE} because encoder swap")
    told = scene.hears(scene.operator, f"[{BOTH}]")
    assert "While auto failback is on Uplynk refuses to activate a slicer by hand." in told
    assert "Nothing was sent to Uplynk" in told

    scene.presses(scene.operator, BOTH)
    preview = scene.hears(scene.operator, "[Apply]")
    assert "1. auto failback off\n2. active east-a → east-b" in preview
    assert "Auto failback is turned off first, and stays off." in preview
    assert "Viewers move from east-a to east-b at once, on 1 channel." in preview
    assert f"[{BOTH}]" not in scene.operator.sees(), "the preview has taken its place"
    assert scene.attempts() == 0

    scene.presses(scene.operator, "Apply")
    card = scene.shows(f"Sports East: {VERIFIED}", STEP_1, STEP_2 + VERIFIED)
    assert "encoder swap" in card
    assert STEP_2 + VERIFIED in scene.hears(scene.operator, VERIFIED)
    assert east(scene) == (False, "east-b")
    made = [(one.method, one.body) for one in scene.world.journal.writes()]
    assert made[0] == ("PATCH", {"auto_failback": False})
    assert made[1][0] == "PUT"
    assert len(scene.cards) == 1

    scene.presses_card(scene.operator, "Undo…")
    preview = scene.hears(scene.operator, "Take back a change of Sports East?")
    assert "1. active east-b → east-a\n2. auto failback on" in preview
    scene.presses(scene.operator, "Apply")
    scene.waits(lambda: len(scene.cards) == 2)
    scene.shows(VERIFIED, "undo: auto failback off → on; active east-b → east-a")
    assert east(scene) == (True, "east-a")
    assert scene.attempts() == 4


def test_now_does_not_turn_anything_off_unasked(http: Scene) -> None:
    http.operator.types(f"{LINE} now")
    http.hears(http.operator, f"[{BOTH}]")
    assert http.attempts() == 0
    assert http.cards == []
    http.viewer.types(LINE)
    assert BOTH not in http.hears(http.viewer, "you need the role")


REFUSED: list[tuple[str, Fault, str]] = [
    ("400", Fault(FaultKind.STATUS, status=400), "Uplynk refused step 2 (400)."),
    ("409", Fault(FaultKind.STATUS, status=409), "Uplynk reports a conflict at step 2 (409)."),
    ("503", Fault(FaultKind.STATUS, status=503), "shows that step 2 did not take effect"),
    ("lost", Fault(FaultKind.RESET), "shows that step 2 did not take effect"),
    ("hangs", Fault(FaultKind.HANG), "shows that step 2 did not take effect"),
    ("a lie", Fault(FaultKind.LIE), "shows that step 2 did not take effect"),
]


def meets(fault: Fault, **more: Any) -> Fault:
    """The fault, met by the activation alone."""
    given = {name: getattr(fault, name) for name in fault.__slots__}
    return Fault(**{**given, "endpoint": Endpoint.ACTIVATE, **more})


@pytest.mark.parametrize("fault", [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_a_second_write_without_effect_stops_halfway(soon: Scene, fault: tuple[Fault, str]) -> None:
    soon.uplynk.faults.add(meets(fault[0]))
    asks_for_both(soon)
    card = soon.shows(f"Sports East: {HALFWAY}", STEP_1, f"{STEP_2}failed, nothing changed")
    assert fault[1] in card
    assert "The group is now prioritized, auto failback off; viewers see east-a." in card
    assert "[Go on] [Undo…]" in card
    soon.hears(soon.operator, HALFWAY)
    assert east(soon) == (False, "east-a")
    assert soon.attempts() == 2
    assert HALFWAY in soon.card.text
    assert "auto failback off – applied and verified" in soon.card.text


@pytest.mark.parametrize(
    "fault",
    [Fault(FaultKind.RESET), Fault(FaultKind.HANG)],
    ids=["lost", "hangs"],
)
def test_a_second_write_whose_answer_is_lost_is_found_by_reading(soon: Scene, fault: Fault) -> None:
    soon.uplynk.faults.add(meets(fault, when=When.AFTER))
    asks_for_both(soon)
    soon.shows(f"Sports East: {VERIFIED}", STEP_1, STEP_2 + VERIFIED)
    assert east(soon) == (False, "east-b")
    assert soon.attempts() == 2


def test_a_first_write_without_effect_is_the_end_of_it(soon: Scene) -> None:
    soon.uplynk.faults.add(Fault(FaultKind.STATUS, status=400, method="PATCH"))
    asks_for_both(soon)
    card = soon.shows("Sports East: failed, nothing changed", "[Try again]")
    assert f"{STEP_2}not sent" in card
    assert east(soon) == (True, "east-a")
    assert soon.attempts() == 1


def test_the_way_on_from_halfway(soon: Scene) -> None:
    soon.uplynk.faults.add(meets(Fault(FaultKind.STATUS, status=400)))
    asks_for_both(soon)
    soon.shows(HALFWAY)
    soon.presses_card(soon.admin, "Go on")
    preview = soon.hears(soon.admin, "[Apply]")
    assert "active east-a → east-b" in preview
    assert "In 2 steps" not in preview
    assert soon.attempts() == 2
    soon.presses(soon.admin, "Apply")
    soon.waits(lambda: len(soon.cards) == 2)
    soon.shows(f"Sports East: {VERIFIED}", "@Admin")
    assert east(soon) == (False, "east-b")


def test_the_way_back_from_halfway(soon: Scene) -> None:
    soon.uplynk.faults.add(meets(Fault(FaultKind.STATUS, status=400)))
    asks_for_both(soon)
    soon.hears(soon.operator, HALFWAY)
    soon.presses(soon.operator, "Undo…")
    preview = soon.hears(soon.operator, "[Apply]")
    assert "undo: auto failback off → on" in preview
    soon.presses(soon.operator, "Apply")
    soon.waits(lambda: len(soon.cards) == 2)
    soon.shows(f"Sports East: {VERIFIED}", "undo: auto failback off → on")
    assert east(soon) == (True, "east-a")


def test_killed_between_the_two_writes(http: Scene) -> None:
    http.uplynk.faults.add(Fault(FaultKind.HANG, method="GET", endpoint=Endpoint.GROUP, skip=3))
    asks_for_both(http)
    http.waits(lambda: http.writes() == 1 and http.world.journal.requests()[-1].fault)
    dies_and_comes_back(http)
    card = http.shows(f"Sports East: {HALFWAY}", STEP_1, f"{STEP_2}not sent")
    assert "The bot was interrupted, or ran out of time, after step 1." in card
    assert "[Go on] [Undo…]" in card
    http.hears(http.operator, HALFWAY)
    assert http.attempts() == 1
    something_else(http, 1)
    assert east(http) == (False, "east-a")

    http.operator.presses("Go on", on=http.slack.channel("C0AUDIT").messages()[0])
    http.presses(http.operator, "Apply")
    http.waits(lambda: len(http.cards) == 3)
    http.shows(f"Sports East: {VERIFIED}")
    assert east(http) == (False, "east-b")


@pytest.mark.parametrize("when", [When.BEFORE, When.AFTER])
def test_killed_in_the_middle_of_the_second_write(http: Scene, when: When) -> None:
    http.uplynk.faults.add(meets(Fault(FaultKind.HANG), when=when))
    asks_for_both(http)
    http.waits(lambda: http.attempts() == 2)
    dies_and_comes_back(http)
    if when is When.AFTER:
        http.shows(f"Sports East: {VERIFIED}", STEP_2 + VERIFIED)
    else:
        http.shows(f"Sports East: {HALFWAY}", STEP_1, f"{STEP_2}failed, nothing changed")
    something_else(http, 2)
    assert east(http) == (False, "east-b" if when is When.AFTER else "east-a")


def test_somebody_elses_change_between_the_two_writes_stops_it(http: Scene) -> None:
    rewritten = (SimSlicer("east-b", order=1), SimSlicer("east-a", order=2))

    def interferes(stage: object, request: Any) -> None:
        if str(stage).endswith("applied") and request.method == "PATCH":
            http.world.change_in_cms(SPORTS_EAST, slicers=rewritten)

    http.uplynk.hook = interferes
    asks_for_both(http)
    card = http.shows(f"Sports East: {HALFWAY}", STEP_1, f"{STEP_2}not sent")
    assert "Somebody else changed the group after step 1, so the bot stopped" in card
    assert "[Go on]" in card
    assert http.attempts() == 1
    assert east(http) == (False, "east-a")
    http.hears(http.operator, HALFWAY)

    http.presses_card(http.operator, "Undo…")
    told = http.hears(http.operator, "You saw")
    assert "It is now" in told
    assert http.attempts() == 1
    http.presses_card(http.operator, "Go on")
    assert "active east-a → east-b" in http.hears(http.operator, "[Apply]")
    http.presses(http.operator, "Apply")
    http.waits(lambda: len(http.cards) == 2)
    http.shows(f"Sports East: {VERIFIED}")
    assert east(http) == (False, "east-b")
