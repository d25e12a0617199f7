"""The wire log: who asked whom what, proven genuine, and without a secret in it."""

import json
import re

import pytest
from playwright.sync_api import expect

from sandbox.slack.server import SIGNING_SECRET

from .ground import Sandbox
from .screen import APPLIED, Screen

WAYS = {"http": ("/slack/events", "✓ verified"), "socket": ("Socket Mode", "in the URL")}
"""How Slack reaches the bot, and what proves that it is Slack."""


@pytest.fixture(scope="module", params=WAYS)
def transport(request: pytest.FixtureRequest) -> str:
    chosen: str = request.param
    return chosen


def test_a_change_can_be_followed_on_the_wire(
    screen: Screen, sandbox: Sandbox, transport: str
) -> None:
    screen.types("/failover set nba prioritized now because it is on the wire")
    expect(screen.answer).to_contain_text(f"NBA Finals: {APPLIED}")
    screen.looks_at("Wire log")
    command = screen.wire.filter(has_text="/failover set nba")
    expect(command).to_contain_text("Slack")
    expect(command).to_contain_text("Operator")
    expect(command).to_contain_text(WAYS[transport][0])
    expect(command).to_contain_text(WAYS[transport][1])
    written = screen.wire.filter(has_text="PATCH").filter(has_text="NBA Finals")
    expect(written).to_contain_text("204")
    expect(screen.wire.filter(has_text="chat.postMessage").first).to_contain_text("bearer token")

    command.get_by_role("button").first.click()
    expect(command).to_contain_text("it is on the wire")
    request = json.loads(command.locator("pre").first.inner_text())
    assert set(request) == {"headers", "body"}
    command.get_by_role("button").first.click()
    expect(command.locator("pre").first).to_be_hidden()


def test_no_secret_is_anywhere_on_the_page(screen: Screen, sandbox: Sandbox) -> None:
    screen.types("/failover set news flat now")
    expect(screen.answer).to_contain_text(f"News 24: {APPLIED}")
    screen.looks_at("Wire log")
    folded = screen.wire.locator("button[aria-expanded=false]")
    expect(screen.wire.filter(has_text="chat.postMessage").first).to_be_visible()
    screen.page.get_by_role("button", name="Pause").click()
    for number in range(screen.wire.count()):
        screen.wire.nth(number).locator("button[aria-expanded]").click()
    expect(folded).to_have_count(0)
    expect(screen.page.get_by_text("Fetching…")).to_have_count(0)

    everything = screen.page.content()
    assert "***" in everything
    for secret in (*sandbox.rig.secrets(), SIGNING_SECRET):
        assert secret not in everything
    assert not re.search(r"sig=[^*&\"\s]", everything)
