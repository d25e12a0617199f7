"""Several groups at once: a pattern, a table, one confirmation, progress, and the way back."""

import os
import signal

import pytest

from sandbox.rig import OWNER
from sandbox.uplynk.faults import Fault, FaultKind, When
from sandbox.uplynk.scenes import group_id, many_groups

from .conftest import Scene, Start

LINE = '/failover set "group *" prioritized failback on because rehearsal'
VERIFIED = "applied and verified"


def name(number: int) -> str:
    return f"Group {number:04d}"


def sports(start: Start, count: int = 5, **more: object) -> Scene:
    """A scene with so many groups, prioritized and flat by turns."""
    return start(uplynk=many_groups(count, owner=OWNER), **more)


def shows(scene: Scene, line: str = LINE) -> str:
    scene.operator.types(line)
    scene.waits(lambda: "[Cancel]" in scene.told(scene.operator))
    return scene.told(scene.operator)


def presses(scene: Scene, what: str) -> None:
    scene.operator.presses(what, on=scene.operator.private_messages()[-1])


def ended(scene: Scene, count: int, of: int = 5) -> str:
    scene.waits(lambda: f"{count} of {of} groups are as asked" in scene.told(scene.operator), 30)
    return scene.told(scene.operator)


def failing_back(scene: Scene) -> list[str]:
    groups = scene.world.groups()
    found = [one for one in groups if one.mode == "prioritized" and one.auto_failback]
    return sorted(one.name for one in found)


def written(scene: Scene) -> list[str]:
    """The groups that were written to, in that order."""
    paths = [one.path for one in scene.world.journal.requests() if one.method != "GET"]
    names = {one.id: one.name for one in scene.world.groups()}
    return [names[group] for path in paths for group in names if group in path]


@pytest.mark.parametrize("socket_mode", [False, True], ids=["http", "socket"])
def test_all_are_shown_confirmed_once_applied_and_taken_back(
    start: Start, socket_mode: bool
) -> None:
    scene = sports(start, socket_mode=socket_mode)
    before = {one.id: one for one in scene.world.groups()}
    preview = shows(scene)
    assert "# Change 5 groups?" in preview
    assert "1. Group 0001: prioritized: auto failback off → on" in preview
    assert "2. Group 0002: flat → prioritized, auto failback on" in preview
    assert "Reason: rehearsal" in preview
    assert scene.attempts() == 0

    presses(scene, "Apply to 5 groups")
    told = ended(scene, 5)
    assert written(scene) == [name(number) for number in range(1, 6)]
    assert failing_back(scene) == written(scene)
    assert f"✅ {name(3)}: {VERIFIED}" in told
    assert len(scene.operator.private_messages()) == 1, "told in place of the preview"
    scene.waits(lambda: scene.channel.count(f": {VERIFIED}") >= 5)
    assert len(scene.cards) == 5
    assert all("rehearsal" in card for card in scene.cards)

    presses(scene, "Undo all…")
    scene.waits(lambda: "Take back the changes of 5 groups?" in scene.told(scene.operator))
    assert "1. Group 0005: undo:" in scene.told(scene.operator)
    presses(scene, "Apply to 5 groups")
    ended(scene, 5)
    assert {one.id: one.mode for one in scene.world.groups()} == {
        one.id: one.mode for one in before.values()
    }
    assert failing_back(scene) == []
    undone = written(scene)[5:]
    assert list(dict.fromkeys(undone)) == [name(number) for number in range(5, 0, -1)]
    scene.waits(lambda: len(scene.cards) == 10)


def test_it_stops_at_the_first_surprise_and_says_so(start: Start) -> None:
    scene = sports(start)
    third = group_id(name(3))
    scene.uplynk.faults.add(
        Fault(FaultKind.STATUS, When.BEFORE, status=400, method="WRITE", group_id=third)
    )
    shows(scene)
    presses(scene, "Apply to 5 groups")
    told = ended(scene, 2)
    assert "applied and verified: 2; failed, nothing changed: 1; not begun" in told
    assert "Group 0003: Uplynk refused the change (400)" in told
    assert "Group 0004: Not begun, because the change of Group 0003" in told
    assert failing_back(scene) == [name(1), name(2)]
    assert scene.attempts() == 3
    scene.waits(lambda: "failed, nothing changed" in scene.channel)
    assert len(scene.cards) == 3

    presses(scene, "Undo all…")
    scene.waits(lambda: "Take back the changes of 2 groups?" in scene.told(scene.operator))


def test_it_goes_on_after_trouble_when_asked(start: Start) -> None:
    scene = sports(start)
    third = group_id(name(3))
    scene.uplynk.faults.add(
        Fault(FaultKind.STATUS, When.BEFORE, status=400, method="WRITE", group_id=third)
    )
    shows(scene)
    presses(scene, "Apply, and go on after trouble")
    ended(scene, 4)
    assert failing_back(scene) == [name(number) for number in (1, 2, 4, 5)]
    scene.waits(lambda: len(scene.cards) == 5)


def test_killed_in_the_middle_the_rest_is_never_begun(start: Start) -> None:
    scene = sports(start)
    second = group_id(name(2))
    scene.uplynk.faults.add(Fault(FaultKind.HANG, When.AFTER, method="WRITE", group_id=second))
    shows(scene)
    presses(scene, "Apply to 5 groups")
    scene.waits(lambda: scene.attempts() == 2 and "under way" in scene.channel)
    scene.bot.kill()
    scene.rig.start_bot()
    told = ended(scene, 2)
    assert "not begun, nothing changed: 3" in told
    assert "Group 0003: The bot was interrupted before it came to this group." in told
    assert failing_back(scene) == [name(1), name(2)]
    assert scene.attempts() == 2
    assert len(scene.cards) == 2
    shows(scene)
    presses(scene, "Apply to 3 groups")
    ended(scene, 3, of=3)


def test_a_bot_that_is_stopped_finishes_the_one_under_way_and_tells(start: Start) -> None:
    scene = sports(start)
    second = group_id(name(2))
    scene.uplynk.faults.add(Fault(FaultKind.DELAY, seconds=2.0, method="WRITE", group_id=second))
    shows(scene)
    presses(scene, "Apply to 5 groups")
    scene.waits(lambda: scene.attempts() == 2)
    os.kill(scene.bot.pid, signal.SIGTERM)
    assert scene.bot.stop() == 0
    assert failing_back(scene) == [name(1), name(2)]
    assert "2 of 5 groups are as asked" in scene.told(scene.operator)
    assert "work was left" not in scene.bot.log


def test_a_long_one_goes_on_in_a_direct_message(start: Start) -> None:
    scene = sports(start, 7)
    scene.uplynk.faults.add(Fault(FaultKind.DELAY, seconds=1.1, method="WRITE", times=None))
    shows(scene)
    presses(scene, "Apply to 7 groups")
    scene.waits(lambda: "⏳ 1 of 7: Group 0001 – applied" in scene.told(scene.operator))
    scene.waits(lambda: len(scene.operator.private_messages()) == 2, 20)
    assert "told in a direct message" in scene.operator.private_messages()[0].shown
    ended(scene, 7, of=7)
    pressed, direct = scene.operator.private_messages()
    assert "7 of 7 groups are as asked" in pressed.shown
    assert "7 of 7 groups are as asked" in direct.shown
    scene.operator.presses("Undo all…", on=direct)
    scene.waits(lambda: "Take back the changes of 7 groups?" in scene.told(scene.operator))


def test_now_is_taken_on_without_a_look(start: Start) -> None:
    scene = sports(start, 3)
    scene.admin.types("/failover list")
    scene.waits(lambda: name(3) in scene.told(scene.admin))
    scene.admin.types('/failover set "group *" prioritized failback on now')
    scene.waits(lambda: "3 of 3 groups are as asked" in scene.told(scene.admin))
    assert failing_back(scene) == [name(1), name(2), name(3)]


def test_what_somebody_changed_in_between_stops_it(start: Start) -> None:
    scene = sports(start, 3)
    shows(scene)
    scene.world.change_in_cms(group_id(name(2)), mode="prioritized", auto_failback=False)
    presses(scene, "Apply to 3 groups")
    told = ended(scene, 1, of=3)
    assert "Group 0002: The group changed since you saw it" in told
    assert scene.attempts() == 1


def test_a_viewer_is_told_who_may(http: Scene) -> None:
    http.viewer.types("/failover set sports* flat")
    http.waits(lambda: "you need the role operator" in http.told(http.viewer))
    assert "Sports East" not in http.told(http.viewer)


def test_names_that_uplynk_made_up_stay_dead(http: Scene) -> None:
    preview = shows(http, "/failover set * flat")
    assert "left out, already so" in preview
    presses(http, "Apply, and go on after trouble")
    http.waits(lambda: "groups are as asked" in http.told(http.operator), 20)


def test_names_near_a_pattern_that_hits_nothing(http: Scene) -> None:
    http.operator.types("/failover set sprots* flat")
    http.waits(lambda: "No failover group is hit by this pattern." in http.told(http.operator))
    assert "Did you mean “Sports East”, “Sports West”?" in http.told(http.operator)
