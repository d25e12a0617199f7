"""The guided first minute, and scenes that begin everything afresh."""

import pytest
from playwright.sync_api import Locator, expect

from sandbox.uplynk.scenes import CUP_FINAL, NBA_FINALS

from .conftest import Opens
from .ground import Sandbox
from .screen import APPLIED, Screen


def starts_scene(screen: Screen, title: str) -> None:
    """Choose a scene and agree that everything goes."""
    screen.looks_at("Uplynk")
    scenes = screen.page.get_by_role("region", name="Scenes")
    scenes.get_by_role("button", name=title).click()
    scenes.get_by_role("button", name="Start afresh").click()
    expect(scenes.get_by_role("listitem").filter(has_text="playing now")).to_contain_text(title)


@pytest.fixture
def fresh(opens: Opens, sandbox: Sandbox) -> Screen:
    """The page at the very beginning of the quiet scene."""
    screen = opens()
    generation = sandbox.stage.generation
    starts_scene(screen, "Quiet evening")
    with sandbox.stage.changed:
        begun = sandbox.stage.changed.wait_for(lambda: sandbox.stage.generation > generation, 20)
    assert begun
    assert sandbox.stage.wait() == ""
    expect(screen.messages).to_have_count(0)
    return screen


def test_the_first_minute(fresh: Screen, sandbox: Sandbox) -> None:
    screen = fresh
    guide = screen.page.locator("#tour")

    def step(title: str) -> Locator:
        screen.looks_at("Guide")
        return guide.get_by_role("listitem").filter(has=screen.page.get_by_text(title, exact=True))

    def is_done(title: str) -> None:
        expect(step(title)).to_contain_text("(done)")

    step("Look around").get_by_role("button", name="Show me").click()
    expect(screen.line).to_have_value("/failover status")
    screen.line.press("Enter")
    expect(screen.answer).to_contain_text("NBA Finals")
    is_done("Look around")

    step("Lose a slicer").get_by_role("button", name="Show me").click()
    screen.page.get_by_role("switch", name="cup-a alive: Kill").click()
    expect(screen.picture).to_contain_text("cup-b serves")
    is_done("Lose a slicer")

    step("Preview a change").get_by_role("button", name="Show me").click()
    screen.line.press("Enter")
    expect(screen.answer).to_contain_text("Change NBA Finals?")
    is_done("Preview a change")

    expect(step("Press Apply")).to_contain_text("Press Apply under the preview")
    screen.answer.get_by_role("button", name="Apply").click()
    expect(screen.answer).to_contain_text(APPLIED)
    is_done("Press Apply")

    step("Become the Viewer").get_by_role("button", name="Show me").click()
    expect(screen.page.locator("#who")).to_contain_text("Viewer")
    screen.types('/failover set "NBA Finals" flat')
    expect(screen.answer).to_contain_text("you need the role")
    is_done("Become the Viewer")
    expect(guide).to_contain_text("You have seen it work")
    assert sandbox.group(NBA_FINALS).mode == "prioritized"


def test_a_scene_begins_afresh(fresh: Screen, sandbox: Sandbox) -> None:
    screen = fresh
    screen.types('/failover set "Cup Final" failback on now because a scene')
    expect(screen.answer).to_contain_text(f"Cup Final: {APPLIED}")
    assert sandbox.group(CUP_FINAL).auto_failback

    starts_scene(screen, "2,000 groups")
    expect(screen.messages).to_have_count(0)
    expect(screen.page.locator("#uplynk .up-count")).to_have_text("2,000")
    screen.goes_to("failover-audit")
    expect(screen.messages).to_have_count(0)
    screen.picks_group("Cup Final")
    expect(screen.page.locator("#uplynk dl")).to_contain_text("Auto failbackoff")
    expect(screen.wire.filter(has_text="PATCH")).to_have_count(0)

    screen.goes_to("live-ops")
    screen.types("/failover status cup final backup")
    expect(screen.answer).to_contain_text("spare-a")
    assert len(sandbox.rig.world.groups()) == 2000
