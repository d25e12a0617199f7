"""The README's pictures, taken of the sandbox itself: ``python -m tests.page.pictures [FOLDER]``.

Each is a small story played on the page; ``make pictures`` writes them to ``docs/``.
"""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from playwright.sync_api import Browser, Locator, expect, sync_playwright

from sandbox.slack.sample import OPERATOR

from .browser import PHONE, context_of, launch
from .ground import a_sandbox
from .screen import APPLIED, Screen

DOCS = Path(__file__).parents[2] / "docs"
WINDOW = {"width": 1280, "height": 800}
WIDE = {"width": 1200, "height": 720}
TALL = {"width": 1280, "height": 1140}
CHANGE = '/failover set "NBA Finals" prioritized failback on because the semi-final flapped'

Story = Callable[[Screen, Path], None]


def card(screen: Screen, path: Path) -> None:
    """A change as everybody sees it in the channel."""
    screen.types(CHANGE)
    screen.answer.get_by_role("button", name="Apply").click()
    expect(screen.answer).to_contain_text(APPLIED)
    screen.goes_to("failover-audit")
    expect(screen.cards("NBA Finals")).to_contain_text(APPLIED)
    take(screen, path, screen.cards("NBA Finals"))


def form(screen: Screen, path: Path) -> None:
    """The form with a preview of what the change will mean."""
    screen.types('/failover "Cup Final"')
    expect(screen.form.get_by_role("heading", name="Cup Final")).to_be_visible()
    screen.form.get_by_role("radio", name="on").first.check()
    screen.form.get_by_role("textbox", name="Reason").fill("the final starts at eight")
    expect(screen.form).to_contain_text("auto failback off → on")
    take(screen, path, screen.form)


def page(screen: Screen, path: Path) -> None:
    """Both sides of the wire: a preview at the left, a slicer that has died at the right."""
    screen.picks_group("Cup Final")
    screen.page.get_by_role("switch", name="cup-a alive: Kill").click()
    expect(screen.picture).to_contain_text("cup-b serves")
    screen.types('/failover set "Cup Final" failback on because cup-a is being mended')
    expect(screen.answer).to_contain_text("Change Cup Final?")
    take(screen, path)


def phone(screen: Screen, path: Path) -> None:
    """The channel on a phone."""
    screen.types('/failover set "Cup Final Backup" prioritized now because we rehearse')
    expect(screen.answer).to_contain_text(APPLIED)
    screen.goes_to("failover-audit")
    expect(screen.cards("Cup Final Backup")).to_contain_text(APPLIED)
    take(screen, path)


PICTURES: Mapping[str, tuple[Story, dict[str, Any]]] = MappingProxyType(
    {
        "change.png": (card, {"viewport": WINDOW}),
        "page.png": (page, {"viewport": WIDE, "device_scale_factor": 1.4}),
        "phone.png": (phone, {"viewport": PHONE, "has_touch": True}),
        "form.png": (form, {"viewport": TALL}),
    }
)
"""By file name: what is played, and on which screen."""


def take(screen: Screen, path: Path, part: Locator | None = None) -> None:
    """Write a picture of a part of the page, or of all of it, without a caret or the mouse."""
    screen.page.mouse.move(0, 0)
    screen.page.evaluate("document.activeElement.blur()")
    (part or screen.page).screenshot(path=path, animations="disabled")


def take_all(browser: Browser, folder: Path) -> None:
    """Play the stories one after the other, and write their pictures into the folder."""
    with a_sandbox() as sandbox:
        for name, (story, window) in PICTURES.items():
            sandbox.rig.slack.person(OPERATOR).reloads()
            context = context_of(browser, **{"device_scale_factor": 2, **window})
            story(Screen(context.new_page(), sandbox.url).opens(), folder / name)
            context.close()


def main(arguments: list[str]) -> None:
    """Write them all into the folder given, or into ``docs``."""
    folder = Path(arguments[0]) if arguments else DOCS
    with sync_playwright() as playwright:
        browser = launch(playwright)
        take_all(browser, folder)
        browser.close()
    for name in PICTURES:
        size = (folder / name).stat().st_size
        print(f"{folder / name}  {size // 1024} KB")


if __name__ == "__main__":
    main(sys.argv[1:])
