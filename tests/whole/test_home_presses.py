"""Decided in the Home tab: requests and locks, for those who may, and fresh afterwards."""

import pytest

from sandbox.rig import POLICY
from sandbox.uplynk.scenes import NBA_FINALS

from .conftest import Scene, Start
from .test_home import home, opens

PROTECT = (
    POLICY
    + """
[[protect]]
groups = ["*"]
"""
)
CHANGE = "/failover set nba prioritized now because rehearsal"


def asked(start: Start, *, socket_mode: bool = False) -> Scene:
    """A change waits for a second person; the admin and the operator have their tabs open."""
    scene = start(policy=PROTECT, socket_mode=socket_mode)
    scene.operator.types(CHANGE)
    scene.shows("NBA Finals", "[Approve]")
    for person in (scene.operator, scene.admin, scene.viewer):
        opens(scene, person)
        assert "Waiting for a second person (1)" in home(person)
    return scene


@pytest.mark.parametrize("socket_mode", [False, True], ids=["http", "socket"])
def test_a_request_is_approved_at_home(start: Start, socket_mode: bool) -> None:
    scene = asked(start, socket_mode=socket_mode)
    assert "[Approve]" not in home(scene.operator)
    assert "[Withdraw]" in home(scene.operator)
    assert "[Approve]" not in home(scene.viewer)
    assert "[Withdraw]" not in home(scene.viewer)
    scene.admin.presses("Approve", on=scene.admin.home)
    scene.shows("NBA Finals", "applied and verified")
    scene.waits(lambda: "Waiting for a second person" not in home(scene.admin))
    assert "✅ Thank you. The change is under way" in home(scene.admin)
    scene.waits(lambda: "[Withdraw]" not in home(scene.operator))
    assert scene.world.group(NBA_FINALS).mode == "prioritized"


def test_a_request_is_declined_at_home(start: Start) -> None:
    scene = asked(start)
    scene.admin.presses("Decline…", on=scene.admin.home)
    scene.waits(lambda: scene.admin.view and "Why not?" in scene.admin.view.shown)
    scene.admin.fills("reason", "not during the match")
    scene.admin.submits()
    scene.waits(lambda: "declined, nothing changed" in scene.channel)
    scene.waits(lambda: "Waiting for a second person" not in home(scene.admin))
    assert scene.attempts() == 0


def test_a_request_is_withdrawn_at_home(start: Start) -> None:
    scene = asked(start)
    scene.operator.presses("Withdraw", on=scene.operator.home)
    scene.waits(lambda: "withdrawn, nothing changed" in scene.channel)
    scene.waits(lambda: "Withdrawn. Nothing was changed." in home(scene.operator))
    scene.waits(lambda: "Waiting for a second person" not in home(scene.operator))


def test_a_lock_is_taken_away_at_home(http: Scene) -> None:
    http.operator.types("/failover lock nba because encoder work")
    http.shows("NBA Finals is locked")
    for person in (http.operator, http.viewer):
        opens(http, person)
        http.waits(lambda: "Locked groups (1)" in home(http.operator))
    assert "[Unlock…]" in home(http.operator)
    assert "[Unlock…]" not in home(http.viewer)
    http.operator.presses("Unlock…", on=http.operator.home)
    http.shows("NBA Finals is unlocked")
    http.waits(lambda: "Locked groups" not in home(http.operator))
    http.waits(lambda: "is unlocked" in http.told(http.operator))
