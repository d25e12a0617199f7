"""Texts from outside stay texts, and trouble on the page does not pass unnoticed."""

from playwright.sync_api import expect

from sandbox.uplynk.scenes import HOSTILE, WEATHER

from .ground import Sandbox
from .screen import APPLIED, Screen

MARKUP = "<img src=x onerror=document.title='evil'><a href=//evil.example>x</a>"


def is_dead(screen: Screen) -> None:
    """Nothing from outside has become an element of any kind."""
    page = screen.page
    expect(page.locator(".mk-broadcast, .mk-usergroup, .mk-link")).to_have_count(0)
    expect(page.locator("img, script:not([src]), iframe, a[href*=evil]")).to_have_count(0)
    expect(page.locator("strong, em, s").filter(has_text="bold")).to_have_count(0)
    assert "evil" not in page.title()


def test_a_hostile_name_is_shown_and_nothing_more(screen: Screen, sandbox: Sandbox) -> None:
    name = sandbox.group(HOSTILE).name
    screen.looks_at("Uplynk")
    screen.page.locator("#uplynk .up-rows").get_by_text(name).click()
    expect(screen.page.locator("#uplynk h2").filter(has_text=name)).to_be_visible()
    screen.types(f"/failover {HOSTILE}")
    expect(screen.form.get_by_role("heading", level=3)).to_contain_text("evil.example|Approve")
    is_dead(screen)
    screen.page.keyboard.press("Escape")
    screen.types(f"/failover set {HOSTILE} flat because of <!here> *bold* <https://evil.example|x>")
    expect(screen.answer).to_contain_text("evil.example|Approve")
    is_dead(screen)
    screen.answer.get_by_role("button", name="Apply").click()
    expect(screen.answer).to_contain_text(APPLIED)
    screen.goes_to("failover-audit")
    expect(screen.cards("evil.example|Approve")).to_contain_text("evil.example|x")
    is_dead(screen)


def test_markup_in_a_name_stays_a_text(screen: Screen, sandbox: Sandbox) -> None:
    screen.picks_group("Weather Live")
    screen.page.get_by_text("Change it in the CMS").click()
    screen.page.get_by_label("Name", exact=True).fill(MARKUP)
    screen.page.get_by_role("button", name="Rename").click()
    expect(screen.page.locator("#uplynk h2").filter(has_text=MARKUP)).to_be_visible()
    assert sandbox.group(WEATHER).name == MARKUP
    screen.types(f"/failover set {WEATHER} prioritized because of {MARKUP}")
    expect(screen.answer).to_contain_text("onerror")
    screen.looks_at("Wire log")
    screen.wire.last.get_by_role("button").first.click()
    expect(screen.wire.last.locator("pre").first).to_be_visible()
    is_dead(screen)


STYLE = "document.body.setAttribute('style', 'color: red')"
SCRIPT = "document.head.append(Object.assign(document.createElement('script'), {text: '1'}))"
TROUBLES = [
    ("console.error('went wrong')", "console", "console: went wrong"),
    ("setTimeout(() => { throw new Error('unforeseen') })", "pageerror", "unforeseen"),
    ("fetch('/nothing/here').then((answer) => answer.text())", "console", "404"),
    (STYLE, "console", "Content Security Policy"),
    (SCRIPT, "console", "Content Security Policy"),
    ("location = 'http://elsewhere.example/'", "requestfailed", "elsewhere: http://elsewhere"),
]


def test_trouble_is_noticed(screen: Screen) -> None:
    trouble = screen.watched.trouble
    for script, event, noticed in TROUBLES:
        assert trouble == []
        with screen.page.expect_event(event):
            screen.page.evaluate(f"() => {{ {script} }}")
        assert any(noticed in one for one in trouble), (noticed, trouble)
        trouble.clear()
