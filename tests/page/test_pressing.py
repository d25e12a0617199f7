"""A press that takes as long as a finger does, while the bot goes on drawing."""

from playwright.sync_api import expect

from sandbox.uplynk.scenes import CUP_FINAL_BACKUP

from .ground import Sandbox
from .screen import APPLIED, Screen


def test_it_counts_although_the_form_is_redrawn_under_the_finger(
    screen: Screen, sandbox: Sandbox
) -> None:
    screen.types('/failover "Cup Final Backup"')
    screen.form.get_by_role("radio", name="prioritized").check()
    screen.form.get_by_role("radio", name="on", exact=False).first.check()
    expect(screen.form).to_contain_text("Preview: flat → prioritized, auto failback on")
    screen.form.get_by_role("button", name="Apply change").hover()
    screen.page.mouse.down()
    screen.form.get_by_role("radio", name="off").dispatch_event("click")
    expect(screen.form).to_contain_text("Preview: flat → prioritized, auto failback off")
    screen.page.mouse.up()
    expect(screen.form).to_contain_text(f"Cup Final Backup: {APPLIED}")
    group = sandbox.group(CUP_FINAL_BACKUP)
    assert (group.mode, group.auto_failback) == ("prioritized", False)
