"""Sets that are stopped, that take back, that lock, and what asks for one group only."""

import pytest

from sandbox.rig import POLICY
from sandbox.uplynk.faults import Fault, FaultKind
from sandbox.uplynk.scenes import group_id

from .conftest import Scene, Start
from .test_sets import VERIFIED, ended, failing_back, name, presses, shows, sports, written

PROTECTED = """
[[protect]]
groups = ["Group 0002"]
"""


def slow(scene: Scene, number: int, seconds: float = 4.0) -> None:
    """Uplynk takes its time over the write to this group."""
    group = group_id(name(number))
    fault = Fault(FaultKind.DELAY, seconds=seconds, method="WRITE", group_id=group)
    scene.uplynk.faults.add(fault)


def message_of(scene: Scene) -> str:
    """The message of the set, where answers stand beside it."""
    return scene.operator.private_messages()[0].shown


def under_way(scene: Scene) -> None:
    """Five groups are changed, and the second of them is at Uplynk."""
    slow(scene, 2)
    shows(scene)
    presses(scene, "Apply to 5 groups")
    scene.waits(lambda: scene.attempts() == 2)


@pytest.mark.parametrize("socket_mode", [False, True], ids=["http", "socket"])
def test_stop_lets_what_is_under_way_finish_and_begins_no_more(
    start: Start, socket_mode: bool
) -> None:
    scene = sports(start, socket_mode=socket_mode)
    under_way(scene)
    scene.waits(lambda: "[Stop]" in message_of(scene))
    scene.operator.presses("Stop", on=scene.operator.private_messages()[0])
    scene.waits(lambda: "Stopped: 3 groups are not begun" in scene.told(scene.operator))
    scene.waits(lambda: "2 of 5 groups are as asked" in message_of(scene))
    told = message_of(scene)
    assert "Group 0003: Not begun, because the set was stopped." in told
    assert "It was @Operator who stopped the set." in told
    assert failing_back(scene) == written(scene) == [name(1), name(2)]
    scene.waits(lambda: scene.channel.count(f": {VERIFIED}") >= 2)
    assert len(scene.cards) == 2

    scene.operator.presses("Undo all…", on=scene.operator.private_messages()[0])
    scene.waits(lambda: "Take back the changes of 2 groups?" in message_of(scene))
    scene.operator.presses("Apply to 2 groups", on=scene.operator.private_messages()[0])
    scene.waits(lambda: "2 of 2 groups are as asked" in message_of(scene))
    assert failing_back(scene) == []


def test_somebody_else_stops_it_on_the_card_of_what_is_under_way(start: Start) -> None:
    scene = sports(start)
    under_way(scene)
    scene.waits(lambda: "[Stop the set]" in scene.channel)
    scene.viewer.presses("Stop the set", on=scene.card)
    scene.waits(lambda: "you need the role" in scene.told(scene.viewer))
    scene.admin.presses("Stop the set", on=scene.card)
    scene.waits(lambda: "Stopped: 3 groups" in scene.told(scene.admin))
    told = ended(scene, 2)
    assert "It was @Admin who stopped the set." in told
    assert scene.attempts() == 2
    scene.waits(lambda: "[Stop the set]" not in scene.channel)


def test_a_stop_outlives_the_process(start: Start) -> None:
    scene = sports(start)
    under_way(scene)
    scene.operator.presses("Stop", on=scene.operator.private_messages()[0])
    scene.waits(lambda: "Stopped: 3 groups are not begun" in scene.told(scene.operator))
    scene.bot.kill()
    scene.rig.start_bot()
    scene.waits(lambda: "2 of 5 groups are as asked" in message_of(scene))
    assert "who stopped the set" in message_of(scene)
    assert scene.attempts() == 2


def test_the_last_changes_of_a_pattern_are_taken_back(start: Start) -> None:
    scene = sports(start)
    for number in (2, 4):
        scene.operator.types(f'/failover set "{name(number)}" prioritized failback on now')
        scene.shows(name(number), VERIFIED)
    scene.world.change_in_cms(group_id(name(4)), mode="prioritized", auto_failback=False)
    scene.operator.types('/failover undo "group *"')
    scene.waits(lambda: "# Take back the changes of 1 group?" in scene.told(scene.operator))
    told = scene.told(scene.operator)
    assert "1. Group 0002: undo: prioritized, auto failback on → flat" in told
    assert "nothing to take back: 3" in told
    assert "– Group 0004: left out, changed since by somebody" in told
    assert "The change left" in told
    presses(scene, "Apply to 1 group")
    ended(scene, 1, of=1)
    assert scene.world.group(group_id(name(2))).mode == "flat"
    scene.shows("Group 0002", "undo by the pattern group *")


def test_groups_are_locked_and_unlocked_by_pattern(start: Start) -> None:
    scene = sports(start, 3)
    scene.operator.types('/failover lock "group *" for 2h because on air')
    scene.waits(lambda: "# Lock 3 groups?" in scene.told(scene.operator))
    assert len(scene.cards) == 0
    presses(scene, "Apply to 3 groups")
    ended(scene, 3, of=3)
    scene.waits(lambda: scene.channel.count("is locked") >= 3)
    scene.admin.types('/failover set "Group 0001" flat now')
    scene.waits(lambda: "Rule lock" in scene.told(scene.admin))
    scene.operator.types('/failover unlock "group *" now')
    scene.waits(lambda: "3 of 3 groups are as asked" in scene.told(scene.operator))
    scene.waits(lambda: scene.channel.count("is unlocked") >= 3)
    assert scene.attempts() == 0


def test_what_takes_one_group_says_so(http: Scene) -> None:
    http.operator.types("/failover activate sports* nba-b")
    http.waits(lambda: "This takes one group" in http.told(http.operator))
    assert "hits 2 groups: “Sports East”, “Sports West”." in http.told(http.operator)


def test_what_needs_a_second_person_is_left_out_or_refused(start: Start) -> None:
    scene = sports(start, 3, policy=POLICY + PROTECTED)
    preview = shows(scene)
    assert "# Change 2 groups?" in preview
    assert "– Group 0002: left out, asks a second person" in preview
    scene.operator.types('/failover set "group *" prioritized failback on now')
    scene.waits(lambda: "1 of 3 groups are as asked" in scene.told(scene.operator))
    told = scene.told(scene.operator)
    assert "Group 0002: Rule protect: this change of this group needs a second person." in told
    assert "Ask for it by itself" in told
    assert failing_back(scene) == [name(1)]
    assert "[Approve]" not in scene.channel
