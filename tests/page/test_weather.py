"""Bad weather on either side of the bot, and slicers that die, as a person sees them."""

import pytest
from playwright.sync_api import expect

from sandbox.uplynk.scenes import NBA_FINALS, SPORTS_WEST, WEATHER

from .ground import Sandbox
from .screen import APPLIED, Screen


@pytest.fixture(autouse=True)
def afterwards_all_is_well(sandbox: Sandbox) -> None:
    for side in ("uplynk", "slack"):
        sandbox.stage.turn({"do": "weather", "side": side, "now": "well"})


def test_an_unknown_outcome_gets_its_last_word(screen: Screen, sandbox: Sandbox) -> None:
    sent = sandbox.attempts()
    screen.chooses_weather("Uplynk", "Answers lost")
    screen.types("/failover set nba prioritized failback on now because the final is on")
    expect(screen.answer).to_contain_text("NBA Finals: outcome unknown")
    expect(screen.answer).to_contain_text("may or may not have taken effect")
    screen.goes_to("failover-audit")
    card = screen.cards("NBA Finals")
    expect(card).to_contain_text("outcome unknown")
    assert sandbox.group(NBA_FINALS).mode == "flat"

    expect(card).to_contain_text(f"NBA Finals: {APPLIED}")
    expect(card).not_to_contain_text("outcome unknown")
    assert sandbox.group(NBA_FINALS).mode == "prioritized"
    assert sandbox.attempts() == sent + 1
    screen.goes_to("live-ops")
    expect(screen.messages.filter(has_text="NBA Finals").last).to_contain_text(APPLIED)


@pytest.mark.parametrize(
    ("weather", "name", "group_id"),
    [("Rate limited", "Sports West", SPORTS_WEST), ("Outage", "Weather Live", WEATHER)],
)
def test_a_change_goes_on_while_slack_is_away(
    screen: Screen, sandbox: Sandbox, weather: str, name: str, group_id: str
) -> None:
    other = "flat" if sandbox.group(group_id).mode == "prioritized" else "prioritized"
    screen.goes_to("failover-audit")
    screen.picks_group(name)
    screen.chooses_weather("Slack", weather)
    screen.types(f'/failover set "{name}" {other} now')
    expect(screen.page.locator("#uplynk dl")).to_contain_text(f"Mode{other}")
    expect(screen.happened.first).to_contain_text("API")
    assert sandbox.group(group_id).mode == other
    expect(screen.cards(name)).to_have_count(0)

    screen.chooses_weather("Slack", "Well")
    expect(screen.cards(name)).to_contain_text(f"{name}: {APPLIED}")
    expect(screen.cards(name)).to_have_count(1)


def test_the_active_slicer_dies_and_comes_back(screen: Screen) -> None:
    screen.picks_group("Sports East")
    expect(screen.picture).to_contain_text("east-a serves; next in line: east-b")
    screen.page.get_by_role("switch", name="east-a alive: Kill").click()
    expect(screen.picture).to_contain_text("east-b serves; nobody could take over")
    expect(screen.picture).to_contain_text("viewers see the live picture")
    expect(screen.happened.filter(has_text="failover").first).to_contain_text("east-b")

    screen.page.get_by_role("switch", name="east-b alive: Kill").click()
    expect(screen.picture).to_contain_text("viewers see black")
    expect(screen.picture).to_contain_text("no signal")

    screen.page.get_by_role("switch", name="east-a alive: Revive").click()
    expect(screen.picture).to_contain_text("east-a serves")
    expect(screen.picture).to_contain_text("LIVE")
    screen.types('/failover status "Sports East"')
    expect(screen.answer).to_contain_text("east-a")
    screen.page.get_by_role("switch", name="east-b alive: Revive").click()
    expect(screen.picture).to_contain_text("next in line: east-b")
