"""Changes, from what a person types or chooses to the card that everybody sees."""

from playwright.sync_api import expect

from sandbox.uplynk.faults import Fault, FaultKind
from sandbox.uplynk.scenes import CUP_FINAL_BACKUP, NBA_FINALS, NEWS_24, WEATHER

from .conftest import Opens
from .ground import Sandbox
from .screen import APPLIED, Screen


def test_the_form_from_nothing_to_the_card(screen: Screen, sandbox: Sandbox) -> None:
    screen.picks_group("Cup Final Backup")
    expect(screen.picture).to_contain_text("any of them, at random")

    screen.types("/failover")
    expect(screen.form).to_contain_text("Choose a failover group to see how it is.")
    chooser = screen.form.get_by_role("combobox")
    chooser.press_sequentially("cup")
    options = screen.page.get_by_role("option")
    expect(options).to_have_count(2)
    options.filter(has_text="Cup Final Backup").click()
    expect(screen.form.get_by_role("heading", name="Cup Final Backup")).to_be_visible()

    screen.form.get_by_role("radio", name="prioritized").check()
    screen.form.get_by_role("radio", name="on", exact=False).first.check()
    screen.form.get_by_role("textbox", name="Reason").fill("the final")
    expect(screen.form).to_contain_text("Preview: flat → prioritized, auto failback on")
    assert sandbox.group(CUP_FINAL_BACKUP).mode == "flat"

    screen.form.get_by_role("button", name="Apply change").click()
    expect(screen.form).to_contain_text(f"Cup Final Backup: {APPLIED}")
    screen.form.get_by_role("button", name="Close").first.click()
    expect(screen.form).to_have_count(0)

    screen.goes_to("failover-audit")
    card = screen.cards("Cup Final Backup")
    expect(card).to_contain_text(f"Cup Final Backup: {APPLIED}")
    expect(card).to_contain_text("flat → prioritized, auto failback on")
    expect(card).to_contain_text("@Operator")
    expect(card).to_contain_text("the final")
    expect(screen.picture).to_contain_text("in this order")
    group = sandbox.group(CUP_FINAL_BACKUP)
    assert (group.mode, group.auto_failback) == ("prioritized", True)


def test_a_typed_change_is_previewed_applied_and_taken_back(
    screen: Screen, sandbox: Sandbox
) -> None:
    screen.types("/failover set nba prioritized failback on because rehearsal")
    expect(screen.answer).to_contain_text("Change NBA Finals?")
    expect(screen.answer).to_contain_text("flat → prioritized, auto failback on")
    assert sandbox.group(NBA_FINALS).mode == "flat"

    # Long enough for the card to be posted before the outcome is known.
    slow = Fault(FaultKind.DELAY, method="WRITE", times=1, seconds=1.0)
    sandbox.rig.uplynk.faults.add(slow)
    screen.answer.get_by_role("button", name="Apply").click()
    screen.goes_to("failover-audit")
    card = screen.cards("NBA Finals")
    expect(card).to_contain_text("under way")
    posted_at = card.get_attribute("data-ts")
    expect(card).to_contain_text(f"NBA Finals: {APPLIED}")
    expect(card).to_contain_text("rehearsal")
    assert card.get_attribute("data-ts") == posted_at, "edited in place"
    assert sandbox.group(NBA_FINALS).mode == "prioritized"

    card.get_by_role("button", name="Undo…").click()
    expect(screen.answer).to_contain_text("prioritized, auto failback on → flat")
    screen.answer.get_by_role("button", name="Apply").click()
    expect(screen.cards("undo of change")).to_contain_text(f"NBA Finals: {APPLIED}")
    group = sandbox.group(NBA_FINALS)
    assert (group.mode, group.auto_failback) == ("flat", False)


def test_a_viewer_is_told_which_role_it_takes(screen: Screen, sandbox: Sandbox) -> None:
    before = sandbox.attempts()
    screen.becomes("Viewer")
    screen.types('/failover set "Weather Live" prioritized now')
    expect(screen.answer).to_contain_text("you need the role operator or admin")
    expect(screen.answer).to_contain_text("Nothing was sent")
    expect(screen.answer.get_by_role("button", name="Apply")).to_have_count(0)
    assert sandbox.attempts() == before
    assert sandbox.group(WEATHER).mode == "flat"

    screen.looks_at("Wire log")
    screen.page.get_by_role("radio", name="writes only").check()
    expect(screen.wire).to_have_count(before)


def test_a_group_that_changed_meanwhile_is_not_overwritten(
    screen: Screen, sandbox: Sandbox
) -> None:
    screen.picks_group("News 24")
    screen.types('/failover set "News 24" flat')
    expect(screen.answer).to_contain_text("Change News 24?")
    screen.page.get_by_text("Change it in the CMS").click()
    screen.page.locator("#uplynk").get_by_role("switch", name="Auto failback").click()
    expect(screen.happened.first).to_contain_text("CMS")

    screen.answer.get_by_role("button", name="Apply").click()
    for column in ("You saw", "It is now", "You want"):
        expect(screen.answer).to_contain_text(column)
    assert sandbox.group(NEWS_24).mode == "prioritized"
    screen.answer.get_by_role("button").first.click()
    expect(screen.answer).to_contain_text(f"News 24: {APPLIED}")
    assert sandbox.group(NEWS_24).mode == "flat"


def test_two_people_see_each_their_own(opens: Opens) -> None:
    operator, admin = opens(), opens()
    admin.becomes("Admin")
    operator.types('/failover set "Sports West" flat because of two')
    expect(operator.answer).to_contain_text("Change Sports West?")
    admin.types("/failover whoami")
    expect(admin.answer).to_contain_text("admin")
    expect(admin.messages.filter(has_text="Sports West")).to_have_count(0)
    expect(operator.messages.filter(has_text="admin")).to_have_count(0)

    admin.goes_to("failover-audit")
    operator.answer.get_by_role("button", name="Apply").click()
    expect(admin.cards("Sports West")).to_contain_text(APPLIED)
