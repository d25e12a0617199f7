"""The page as a person has it before them: what they do and what they see, in a few words."""

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from .browser import Watched

APPLIED = "applied and verified"


class Screen:
    """One person's browser with the page open."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.watched = Watched(page)

    def opens(self) -> "Screen":
        """Load the page and wait until it can be written on."""
        self.page.goto(self.url)
        expect(self.line).to_be_visible()
        return self

    @property
    def line(self) -> Locator:
        """Where lines are typed."""
        return self.page.get_by_role("textbox", name=re.compile("^Message "))

    @property
    def messages(self) -> Locator:
        """All messages of the place in front, oldest first."""
        return self.page.locator("#conversation").get_by_role("article")

    @property
    def answer(self) -> Locator:
        """The newest message that only this person sees."""
        return self.messages.filter(has_text="Only visible to you").last

    def cards(self, group: str) -> Locator:
        """The messages about a group that everybody sees."""
        return self.messages.filter(has_text=group, has_not_text="Only visible to you")

    @property
    def form(self) -> Locator:
        """The modal in front."""
        return self.page.get_by_role("dialog").last

    @property
    def picture(self) -> Locator:
        """The chosen group as it is drawn."""
        return self.page.locator("#uplynk svg.picture")

    @property
    def happened(self) -> Locator:
        """What happened to the chosen group, newest first."""
        return self.page.locator("#uplynk .up-happened li")

    @property
    def wire(self) -> Locator:
        """The lines of the wire log, oldest first."""
        return self.page.locator("#wire .wire-line")

    @property
    def notice(self) -> Locator:
        """The line over the conversation that tells of the stage."""
        return self.page.locator("#notice")

    def types(self, line: str) -> None:
        """Write a line and send it."""
        self.line.fill(line)
        self.line.press("Enter")
        expect(self.line).to_have_value("")

    def goes_to(self, channel: str) -> None:
        """Choose a channel in the rail."""
        rail = self.page.get_by_role("navigation", name="Workspace")
        opener = self.page.get_by_role("button", name="Channels and people")
        if opener.is_visible():
            opener.click()
        rail.get_by_role("button", name=re.compile(f"^{channel}")).click()
        expect(self.page.locator("#place h2")).to_contain_text(channel)

    def becomes(self, name: str) -> None:
        """Look through somebody else's eyes."""
        self.page.locator("#who").click()
        self.page.get_by_role("menuitemradio", name=re.compile(f"^{name}")).click()
        expect(self.page.locator("#who")).to_contain_text(name)

    def looks_at(self, tab: str) -> None:
        """Bring one of the tabs at the right to the front."""
        self.page.get_by_role("tab", name=tab).click()
        expect(self.page.get_by_role("tabpanel", name=tab)).to_be_visible()

    def picks_group(self, name: str) -> None:
        """Bring a failover group's picture to the front."""
        self.looks_at("Uplynk")
        row = self.page.locator("#uplynk .up-rows").get_by_role("button")
        row.filter(has=self.page.locator(f".up-name[title='{name}']")).click()
        expect(self.page.locator("#uplynk").get_by_role("heading", name=name)).to_be_visible()

    def chooses_weather(self, side: str, label: str) -> None:
        """Change the weather at Uplynk or Slack."""
        self.looks_at("Uplynk")
        sky = self.page.get_by_role("radiogroup", name=f"Weather at {side}")
        sky.get_by_role("radio", name=label, exact=True).check()

    def sees_nothing_unknown(self) -> None:
        """Everything in front is of a kind that the page can draw."""
        expect(self.page.locator(".unknown")).to_have_count(0)

    def does_not_scroll_sideways(self) -> None:
        """Nothing is wider than the window."""
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert self.page.evaluate(wide) <= 0

    def keeps_a_picture(self, path: Path) -> None:
        """Take a picture of all that is in front."""
        self.page.screenshot(path=path)
