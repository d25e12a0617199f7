"""What axe-core finds on the page: nothing serious, in light and dark, on a desk and on a phone."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, expect

from .browser import DESKTOP, PHONE
from .conftest import Opens
from .screen import APPLIED, Screen

EVERYTHING: dict[str, Any] = {"resultTypes": ["violations"]}
COLOURS = {**EVERYTHING, "runOnly": ["color-contrast"]}
"""All that can differ between light and dark on one and the same screen."""
WAYS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "light": ({"viewport": DESKTOP, "color_scheme": "light"}, EVERYTHING),
    "dark": ({"viewport": DESKTOP, "color_scheme": "dark"}, COLOURS),
    "dark phone": ({"viewport": PHONE, "color_scheme": "dark"}, EVERYTHING),
}


def faults(screen: Screen, options: dict[str, Any] = EVERYTHING) -> list[str]:
    """The serious and critical faults that axe-core finds on all that is in front."""
    found = Axe().run(screen.page, options=options)
    return [
        f"{fault['id']}: {node['target']} {node['failureSummary']}"
        for fault in found.response["violations"]
        if fault["impact"] in ("serious", "critical")
        for node in fault["nodes"]
    ]


def panels(screen: Screen, way: str) -> list[Locator]:
    """What brings the parts of the other side to the front."""
    if "phone" in way:
        return screen.page.locator("#panes").get_by_role("button").all()
    return screen.page.get_by_role("tab").all()


@pytest.mark.parametrize("way", WAYS)
def test_nothing_keeps_anybody_out(opens: Opens, way: str) -> None:
    window, looked_for = WAYS[way]
    screen = opens(**window)
    screen.types("/failover set news flat failback off")
    expect(screen.answer).to_contain_text("Change News 24?")
    screen.types("just a word to #live-ops, *in bold*")
    screen.line.fill("/")
    expect(screen.page.get_by_role("listbox", name="Commands")).to_be_visible()
    assert faults(screen, looked_for) == []

    screen.types("/failover set nba prioritized now because it must be readable")
    expect(screen.answer).to_contain_text("NBA Finals:")
    screen.goes_to("failover-audit")
    expect(screen.cards("NBA Finals").last).to_contain_text(APPLIED)
    assert faults(screen, looked_for) == []

    screen.types("/failover cup final")
    expect(screen.form.get_by_role("heading", name="Cup Final")).to_be_visible()
    assert faults(screen, looked_for) == []
    screen.form.get_by_role("combobox").first.click()
    expect(screen.page.get_by_role("option").first).to_be_visible()
    assert faults(screen, looked_for) == []
    screen.page.keyboard.press("Escape")
    screen.page.keyboard.press("Escape")
    expect(screen.form).to_have_count(0)

    for panel in panels(screen, way):
        panel.click()
        assert faults(screen, looked_for) == []


def test_a_fault_would_be_found(screen: Screen) -> None:
    screen.page.evaluate(
        "document.querySelector('#messages').innerHTML = '<img src=\"favicon.svg\">'"
    )
    assert [fault for fault in faults(screen) if fault.startswith("image-alt")]
