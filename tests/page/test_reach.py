"""The main job by keyboard alone, and on a phone."""

from playwright.sync_api import Locator, expect

from sandbox.uplynk.scenes import SPORTS_EAST, SPORTS_WEST

from .browser import PHONE
from .conftest import Opens
from .ground import Sandbox
from .screen import APPLIED, Screen

MANY = 60


def tabs_to(target: Locator) -> None:
    """Press Tab until it has the focus."""
    for _ in range(MANY):
        if target.evaluate("node => node === document.activeElement"):
            return
        target.page.keyboard.press("Tab")
    raise AssertionError(f"{target} can't be reached by keyboard")


def test_the_form_without_a_mouse(screen: Screen, sandbox: Sandbox) -> None:
    keys = screen.page.keyboard
    tabs_to(screen.page.get_by_role("link", name="Skip to the message box"))
    keys.press("Enter")
    expect(screen.line).to_be_focused()
    keys.type("/failover")
    keys.press("Enter")

    chooser = screen.form.get_by_role("combobox")
    expect(chooser).to_be_focused()
    keys.type("east")
    expect(screen.page.get_by_role("option")).to_have_count(1)
    keys.press("ArrowDown")
    keys.press("Enter")
    expect(screen.form.get_by_role("heading", name="Sports East")).to_be_visible()

    tabs_to(screen.form.get_by_role("radio", name="prioritized"))
    keys.press("ArrowDown")
    expect(screen.form.get_by_role("radio", name="flat")).to_be_checked()
    expect(screen.form).to_contain_text("prioritized, auto failback on → flat")
    tabs_to(screen.form.get_by_role("textbox", name="Reason"))
    keys.type("no mouse at hand")
    tabs_to(screen.form.get_by_role("button", name="Apply change"))
    keys.press("Enter")
    expect(screen.form).to_contain_text(f"Sports East: {APPLIED}")
    keys.press("Escape")
    expect(screen.form).to_have_count(0)
    expect(screen.line).to_be_focused()
    assert sandbox.group(SPORTS_EAST).mode == "flat"


def test_the_main_job_on_a_phone(opens: Opens, sandbox: Sandbox) -> None:
    screen = opens(viewport=PHONE, has_touch=True)
    screen.does_not_scroll_sideways()
    screen.types('/failover set "Sports West" flat because I am on the bus')
    expect(screen.answer).to_contain_text("Change Sports West?")
    screen.does_not_scroll_sideways()
    screen.answer.get_by_role("button", name="Apply").tap()
    expect(screen.answer).to_contain_text(f"Sports West: {APPLIED}")
    assert sandbox.group(SPORTS_WEST).mode == "flat"

    screen.goes_to("failover-audit")
    expect(screen.cards("Sports West")).to_contain_text("I am on the bus")
    screen.does_not_scroll_sideways()
    for pane in ("Uplynk", "Wire", "Guide", "Chat"):
        screen.page.locator("#panes").get_by_role("button", name=pane).tap()
        screen.does_not_scroll_sideways()

    screen.types("/failover cup final backup")
    expect(screen.form.get_by_role("heading", name="Cup Final Backup")).to_be_visible()
    expect(screen.form.get_by_role("button", name="Apply change")).to_be_in_viewport()
    screen.does_not_scroll_sideways()
