"""Taken back: by whoever made it, by whoever may change the group, or not, and why not."""

import pytest

from sandbox.uplynk.faults import Fault, FaultKind
from sandbox.uplynk.scenes import CUP_FINAL, NBA_FINALS, SPORTS_WEST

from .conftest import Scene
from .test_actions import ranking

VERIFIED = "applied and verified"
ACTIVATE = '/failover activate "Cup Final" cup-b now because encoder swap'


def active(scene: Scene) -> str:
    return scene.world.group(CUP_FINAL).active_slicer_id


def makes(scene: Scene, line: str = ACTIVATE) -> None:
    """The operator's change, made."""
    count = len(scene.cards)
    scene.operator.types(line)
    scene.waits(lambda: len(scene.cards) == count + 1)
    scene.shows(VERIFIED)


def test_ones_own_last_change_then_that_again(scene: Scene) -> None:
    makes(scene)
    scene.operator.types("/failover undo because wrong encoder")
    preview = scene.hears(scene.operator, "Take back a change of Cup Final?")
    assert "undo: active cup-b → cup-a" in preview
    assert "Viewers move from cup-b to cup-a at once, on 1 channel." in preview
    assert "wrong encoder" in preview
    assert scene.attempts() == 1
    scene.presses(scene.operator, "Apply")
    scene.waits(lambda: len(scene.cards) == 2)
    scene.shows("undo: active cup-b → cup-a", VERIFIED, "wrong encoder")
    assert active(scene) == "cup-a"

    scene.operator.types("/failover undo now")
    scene.waits(lambda: len(scene.cards) == 3)
    card = scene.shows("undo: active cup-a → cup-b", VERIFIED)
    assert "undo of change" in card
    assert active(scene) == "cup-b"
    assert scene.attempts() == 3


def test_the_last_change_of_a_group_whoever_made_it(http: Scene) -> None:
    makes(http, '/failover order "Sports West" west-c, -west-a now')
    makes(http)
    http.admin.types("/failover undo")
    assert "You made no change that could be taken back." in http.hears(http.admin, "⛔")
    http.admin.types('/failover undo "Sports West"')
    http.hears(http.admin, "Take back a change of Sports West?")
    http.presses(http.admin, "Apply")
    http.waits(lambda: len(http.cards) == 3)
    http.shows(f"Sports West: {VERIFIED}", "@Admin")
    west = http.world.group(SPORTS_WEST)
    assert ranking(west) == [("west-b", True), ("west-a", True), ("west-c", True)]
    assert active(http) == "cup-b", "the other change stays"


def test_a_change_of_the_mode_comes_back_with_the_order(http: Scene) -> None:
    makes(http, '/failover set "Sports West" flat now')
    http.presses_card(http.admin, "Undo…")
    preview = http.hears(http.admin, "[Apply]")
    assert "undo: flat → prioritized, auto failback off; order west-b, west-a, west-c" in preview
    assert "1. prioritized\n2. order west-a, west-b, west-c → west-b, west-a, west-c" in preview
    http.presses(http.admin, "Apply")
    http.waits(lambda: len(http.cards) == 2)
    card = http.shows(f"Sports West: {VERIFIED}", "step 1 of 2: prioritized", "step 2: order")
    assert card.count(VERIFIED) == 3
    west = http.world.group(SPORTS_WEST)
    assert (west.mode, west.active_slicer_id) == ("prioritized", "west-b")
    assert [one for one, _ in ranking(west)] == ["west-b", "west-a", "west-c"]


@pytest.mark.parametrize("now", ["", " now"], ids=["shown", "now"])
def test_a_change_in_between_blocks_the_way_back(http: Scene, now: str) -> None:
    makes(http)
    http.world.change_in_cms(CUP_FINAL, auto_failback=True)
    http.operator.types(f'/failover undo "Cup Final"{now}')
    told = http.hears(http.operator, "You saw")
    assert "The group changed since you saw it, so your change was not applied" in told
    for column in ("It is now", "You want", "viewers see cup-a", "viewers see cup-b"):
        assert column in told
    assert "auto failback on" in told
    assert http.attempts() == 1

    http.presses(http.operator, "Apply to it as it is now")
    http.waits(lambda: len(http.cards) == 2)
    http.shows(f"Cup Final: {VERIFIED}", "undo")
    group = http.world.group(CUP_FINAL)
    assert (group.active_slicer_id, group.auto_failback) == ("cup-a", False)


def test_an_automatic_failover_since_then_is_left_alone(http: Scene) -> None:
    makes(http, '/failover order "Cup Final" cup-a, cup-c now')
    http.world.kill_slicer("cup-a")
    assert active(http) == "cup-c"
    http.operator.types("/failover undo")
    told = http.hears(http.operator, "You want")
    assert told.count("viewers see cup-a") == 1, "only in what they saw"
    assert told.count("viewers see cup-c") == 2
    http.presses(http.operator, "Apply to it as it is now")
    http.waits(lambda: len(http.cards) == 2)
    http.shows(VERIFIED, "order cup-a, cup-c, cup-b → cup-a, cup-b, cup-c")
    assert [one for one, _ in ranking(http.world.group(CUP_FINAL))] == ["cup-a", "cup-b", "cup-c"]
    assert active(http) == "cup-c"


def test_what_cannot_be_taken_back_is_said_and_nothing_is_sent(http: Scene) -> None:
    for line, told in (
        ("undo", "You made no change that could be taken back."),
        ("undo now", "You made no change that could be taken back."),
        ('undo "Cup Final"', "The bot made no change of this group that could be taken back."),
        ("undo sports", "Several groups could be meant"),
        ("undo sports now", "Several groups could be meant"),
        ("undo nobody", "There is no failover group of this name or ID."),
    ):
        http.operator.types(f"/failover {line}")
        http.hears(http.operator, told)
        http.operator.reloads()
    http.operator.types(ACTIVATE.replace("cup-b", "cup-x"))
    http.hears(http.operator, "Not a slicer of this group")
    http.operator.types("/failover undo")
    http.hears(http.operator, "You made no change that could be taken back.")
    assert http.attempts() == 0
    assert http.cards == []


def test_who_may_not_change_a_group_cannot_undo_it_either(http: Scene) -> None:
    makes(http)
    http.presses_card(http.viewer, "Undo…")
    assert "you need the role operator or admin" in http.hears(http.viewer, "not changed")
    http.viewer.types('/failover undo "Cup Final" now')
    http.waits(lambda: http.viewer.sees().count("you need the role operator or admin") == 2)
    http.admin.types("/failover channels nba add free-1 now")
    http.waits(lambda: "channels + free-1 – " in http.channel or len(http.cards) == 2)
    http.shows("NBA Finals", VERIFIED)
    http.operator.types("/failover undo nba now")
    assert "you need the role admin" in http.hears(http.operator, "NBA Finals: not changed")
    assert http.attempts() == 2
    assert "free-1" in [one.id for one in http.world.group(NBA_FINALS).channels]


def test_an_undo_that_uplynk_refuses_changes_nothing(http: Scene) -> None:
    makes(http)
    http.uplynk.faults.add(Fault(FaultKind.STATUS, status=400, method="WRITE"))
    http.operator.types("/failover undo now")
    http.waits(lambda: len(http.cards) == 2)
    http.shows("Cup Final: failed, nothing changed", "undo: active cup-b → cup-a")
    assert active(http) == "cup-b"
    http.operator.types("/failover undo now")
    http.waits(lambda: len(http.cards) == 3)
    http.shows(VERIFIED)
    assert active(http) == "cup-a"
