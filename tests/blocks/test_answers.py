"""Private answers as people read them: outcome, preview, the three columns."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from blocks import answers
from blocks.ids import APPLY, NOTICE, TRY_AGAIN
from failover.change import Configure
from failover.consequences import foresee
from failover.lifecycle import State, Why
from failover.model import Mode, Reading, fingerprint
from failover.pictures import Preview
from failover.roles import Rule
from tests.blocks import examine
from tests.blocks.samples import CHANGE, FINALS, NOW, record

IDS = "group 0f3c1d2e4b5a69788796a5b4c3d2e1f0 · change aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
MOVED = replace(FINALS, mode=Mode.PRIORITIZED, active_slicer_id="backup")
ROLE = {"roles": ["operator", "admin"], "users": ["U0ADMIN"], "usergroups": ["S0SPORTS"]}

PREVIEW = """\
# Change NBA Finals?
*flat → prioritized, auto failback on*
⚠️ The order is rewritten to main, backup, lab.
• If the active one dies, next in line: backup.
• While auto failback is on nobody can activate a slicer by hand.
⚠️ The last failover was only 2 min ago: that slicer may still be unwell.
• 2 channels in this group.
| *Viewers see*
| main
| *Mode*
| flat
| *Slicers*
| • backup
| • main (active)
| • lab (not eligible)
| *Channels*
| Finals HD, c2
| *Last failover*
| 2 min ago
Reason: rehearsal
  Read from Uplynk at 12:00:00 UTC. Nothing is changed yet.
  [Apply] [Cancel]"""

THREE_COLUMNS = """\
# ⛔ NBA Finals: not changed
The group changed since you saw it, so your change was not applied: nothing was sent to Uplynk. \
Compare, and press to go on if you still want it.
| *You saw*
| flat
| viewers see main
| • backup
| • main (active)
| • lab (not eligible)
| last failover 2 min ago
| *It is now*
| prioritized, auto failback off
| viewers see backup
| 1. backup (active)
| 2. main
| 3. lab (not eligible)
| last failover 2 min ago
| *You want*
| prioritized, auto failback on
| viewers see backup
| 1. backup (active)
| 2. main
| 3. lab (not eligible)
| last failover 2 min ago
  [Apply to it as it is now] [Cancel]"""


def shown(state: State, **new: object) -> str:
    return examine.shown(answers.answer(record(state, **new), None, NOW))


def preview(change: Configure = CHANGE) -> Preview:
    foreseen = foresee(FINALS, change, NOW)
    return Preview("d" * 32, Reading(FINALS, NOW), change, "rehearsal", None, foreseen, NOW)


def test_the_preview() -> None:
    drawn = answers.preview(preview())
    assert examine.shown(drawn) == PREVIEW
    assert drawn["text"] == (
        "Preview: flat → prioritized, auto failback on. Nothing is changed yet."
    )


def test_apply_carries_the_draft_and_what_was_seen() -> None:
    buttons = answers.preview(preview())["blocks"][-1]["elements"]
    assert buttons[0]["action_id"] == APPLY
    assert json.loads(buttons[0]["value"]) == {"draft": "d" * 32, "seen": fingerprint(FINALS)}
    assert buttons[1]["value"] == buttons[0]["value"], "Cancel puts aside just that"


def test_an_override_is_told_of_before_it_is_confirmed() -> None:
    told = examine.shown(answers.preview(replace(preview(), override=Rule.FREEZE)))
    assert "🚨 Rule freeze will be set aside; the channel is told so." in told


def test_the_three_columns() -> None:
    stale = record(State.REFUSED, why=Why.STALE, after=MOVED)
    drawn = answers.answer(stale, FINALS, NOW)
    assert examine.shown(drawn) == THREE_COLUMNS
    value = json.loads(drawn["blocks"][-1]["elements"][0]["value"])
    assert value == {"draft": stale.id, "seen": fingerprint(MOVED)}


def test_what_was_seen_may_be_forgotten() -> None:
    assert "| *You saw*\n| (no longer known)\n| *It is now*\n" in shown(
        State.REFUSED, why=Why.STALE, after=MOVED
    )


def test_the_same_in_a_view() -> None:
    stale = record(State.REFUSED, why=Why.STALE, after=MOVED)
    view = answers.outcome_view(stale, FINALS, NOW)
    assert view["callback_id"] == NOTICE
    assert examine.shown_view(view) == f"== Failover ==\n{THREE_COLUMNS}\n[Close]"


def test_working_on_it() -> None:
    assert shown(State.RECEIVED, group_id=None, before=None) == (
        "# ⏳ NBA Finals: working on it\n"
        "Reading the group from Uplynk. Nothing is changed yet.\n"
        "  change aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    )


def test_done() -> None:
    assert shown(State.VERIFIED) == (
        "# ✅ NBA Finals: applied and verified\nflat → prioritized, auto failback on\n"
        f"  took 2.14 s · {IDS}"
    )


def test_already_so() -> None:
    assert shown(State.UNCHANGED) == (
        "# ✔️ NBA Finals: already so\n"
        f"The group is already prioritized, auto failback on: nothing was sent.\n  {IDS}"
    )


def test_refused_for_lack_of_a_role_names_the_role_and_who_has_it() -> None:
    assert shown(State.REFUSED, why=Why.ROLE, facts=ROLE, before=None) == (
        "# ⛔ NBA Finals: not changed\n"
        "asked for: prioritized, auto failback on\n"
        "For this you need the role operator or admin. "
        "Nothing was sent to Uplynk, so nothing was changed.\n"
        f"Who has it: @Admin, @sports\n  {IDS}"
    )


def test_refused_since_somebody_else_is_at_it_names_them() -> None:
    text = shown(State.REFUSED, why=Why.BUSY, facts={"holder": "U0ADMIN"})
    assert "under way or has just ended, so yours was not sent to Uplynk." in text
    assert "It is @Admin's change." in text


@pytest.mark.parametrize("state", answers.PRIVATE)
def test_only_a_failed_change_can_be_tried_again(state: State) -> None:
    drawn = answers.answer(record(state, why=Why.NO_EFFECT), None, NOW)
    assert (TRY_AGAIN in str(drawn)) == (state is State.FAILED)


def test_every_state_that_is_told_has_a_heading() -> None:
    assert set(answers.PRIVATE) == set(State) - {State.SHOWN}


def test_a_direct_message_names_the_group_in_its_line() -> None:
    assert answers.answer_line(record(State.VERIFIED)) == "NBA Finals: applied and verified"
