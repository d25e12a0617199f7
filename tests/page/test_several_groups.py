"""Several groups in the form, as somebody picks them at a desk and on a phone."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from sandbox.uplynk.scenes import CUP_FINAL_BACKUP, NBA_FINALS, SPORTS_WEST

from .browser import DESKTOP, PHONE
from .conftest import Opens
from .ground import Sandbox
from .screen import Screen

DESK = {"viewport": DESKTOP}
HAND = {"viewport": PHONE, "has_touch": True}


def picks(screen: Screen, typed: str, choice: str, beside: str) -> None:
    """Type a part of a name and pick one of what is offered; ``beside``: what comes first then."""
    screen.form.get_by_role("combobox").first.press_sequentially(typed)
    options = screen.page.get_by_role("option")
    expect(options.first).to_contain_text(beside)
    options.filter(has_text=choice).last.click()
    chip = screen.form.get_by_role("button", name=re.compile(f"^Remove {choice}"))
    expect(chip).to_be_visible()


@pytest.mark.parametrize("window", [DESK, HAND], ids=["desk", "phone"])
def test_picked_looked_at_changed_and_taken_back(
    opens: Opens, sandbox: Sandbox, window: dict[str, Any]
) -> None:
    screen = opens(**window)
    screen.types("/failover")
    screen.form.get_by_role("button", name="Several groups…").click()
    expect(screen.form.get_by_role("button", name="Show preview")).to_be_visible()
    picks(screen, "sports", "All 2 that match", "All 2 that match “sports”")
    picks(screen, "cup", "Cup Final Backup", "All 2 that match “cup”")
    picks(screen, "nba", "NBA Finals", "NBA Finals")
    screen.form.get_by_role("heading").first.click()  # beside the open menu, which closes it
    screen.form.get_by_role("radio", name="prioritized").check()
    screen.form.get_by_role("radio", name="on", exact=False).first.check()
    screen.form.get_by_role("textbox", name="Reason").fill("the final")
    screen.does_not_scroll_sideways()

    screen.form.get_by_role("button", name="Show preview").click()
    expect(screen.form).to_contain_text("Change 3 groups?")
    expect(screen.form).to_contain_text("Sports East: left out, already so")
    screen.does_not_scroll_sideways()
    for group in (SPORTS_WEST, CUP_FINAL_BACKUP, NBA_FINALS):
        assert not sandbox.group(group).auto_failback

    screen.form.get_by_role("button", name="Apply to 3 groups").click()
    expect(screen.form).to_contain_text("3 of 3 groups are as asked")
    for group in (SPORTS_WEST, CUP_FINAL_BACKUP, NBA_FINALS):
        assert sandbox.group(group).auto_failback

    screen.form.get_by_role("button", name="Undo all…").click()
    expect(screen.form).to_contain_text("Take back the changes of 3 groups?")
    screen.form.get_by_role("button", name="Apply to 3 groups").click()
    expect(screen.form).to_contain_text("3 of 3 groups are as asked")
    assert not sandbox.group(SPORTS_WEST).auto_failback
    assert sandbox.group(NBA_FINALS).mode == "flat"
