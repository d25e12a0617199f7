"""Private answers as people read them: outcome, preview, the three columns."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from blocks import answers
from blocks.ids import ACTIVATE_ANYWAY, APPLY, NOTICE, TRY_AGAIN
from blocks.outcomes import OUTCOMES
from failover.change import Activate, Change, Channels, Owners, Slate
from failover.consequences import foresee
from failover.lifecycle import State, Why
from failover.model import FailoverGroup, Mode, Reading, fingerprint
from failover.pictures import Preview
from failover.restore import Restore
from failover.roles import Rule
from tests.blocks import examine, samples
from tests.blocks.samples import CHANGE, CUP, FINALS, MANUAL, NOW, SLATED, TWO_STEPS, record

IDS = "group 0f3c1d2e4b5a69788796a5b4c3d2e1f0 · change aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
MOVED = replace(FINALS, mode=Mode.PRIORITIZED, active_slicer_id="backup")
ROLE = {"roles": ["operator", "admin"], "users": ["U0ADMIN"], "usergroups": ["S0SPORTS"]}

PREVIEW = """\
# Change NBA Finals?
*flat → prioritized, auto failback on*
• Viewers stay on main.
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


def preview(change: Change = CHANGE, group: FailoverGroup = FINALS) -> Preview:
    foreseen = foresee(group, change, NOW)
    return Preview("d" * 32, Reading(group, NOW), change, "rehearsal", None, foreseen, NOW)


def test_the_preview() -> None:
    drawn = answers.preview(preview())
    assert examine.shown(drawn) == PREVIEW
    assert drawn["text"] == (
        "Preview: flat → prioritized, auto failback on. Nothing is changed yet."
    )


TWO_STEP_PREVIEW = """\
# Change Cup?
auto failback off, active cup-a → cup-b
In 2 steps, each read back before the next one is sent:
1. auto failback off
2. active cup-a → cup-b
• Viewers move from cup-a to cup-b at once, on 2 channels.
⚠️ Auto failback is turned off first, and stays off.
• Today, next in line: cup-b.
• If the active one dies, next in line: cup-a.
• After a failover viewers stay on the slicer that took over until somebody moves them.
• Slicers can be activated by hand again.
"""


def test_the_preview_of_two_steps_lists_them() -> None:
    drawn = answers.preview(preview(TWO_STEPS, CUP))
    assert examine.shown(drawn).startswith(TWO_STEP_PREVIEW)
    assert drawn["text"] == "Preview. Nothing is changed yet."


def test_the_preview_of_an_undo_says_so_and_what_does_not_come_back() -> None:
    moved = replace(MANUAL, active_slicer_id="cup-b")
    lines = examine.shown(answers.preview(preview(Restore(CUP, active=False), moved))).splitlines()
    assert lines[:3] == [
        "# Take back a change of Cup?",
        "undo: auto failback off → on",
        "⚠️ Not taken back: which slicer is active. It was cup-a, and is cup-b now.",
    ]


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


def test_where_others_have_to_agree_the_three_columns_ask_for_that() -> None:
    rule = {"rule": "protect", "need": 1, "minutes": 15, "lessened": ["to_flat"]}
    stale = record(State.REFUSED, why=Why.STALE, after=MOVED, facts={"rules": [rule]})
    told = examine.shown(answers.answer(stale, FINALS, NOW))
    assert "[Ask for approval] [Cancel]" in told
    assert "A second person has to approve this within 15 min" in told
    assert "to flat, where the next source is left to chance" in told
    assert "Apply" not in told


def columns(change: Change, group: FailoverGroup, seen: FailoverGroup | None) -> list[str]:
    stale = record(State.REFUSED, group=group, change=change, why=Why.STALE, after=group)
    drawn = answers.answer(stale, seen, NOW)
    return [field["text"] for field in drawn["blocks"][2]["fields"][1::2]]


def test_the_three_columns_show_channels_and_owners_where_these_differ() -> None:
    seen = replace(MANUAL, allowed_owners=("o1",))
    for change, line in (
        (Channels(("x",)), "channels: Cup HD, c2, x"),
        (Owners((), ("o1",)), "owners: o2"),
    ):
        was, now, wanted = columns(change, MANUAL, seen)
        assert line in wanted
        assert line not in now
        assert "owners: o1\n" in was
    for column in columns(Slate(True), MANUAL, MANUAL):
        assert "channels" not in column
        assert "owners" not in column


def test_what_viewers_will_see_after_the_slate_is_not_called_unreported() -> None:
    _, now, wanted = columns(Slate(False), SLATED, None)
    assert "viewers see the missing-content slate" in now
    assert "viewers see the active slicer" in wanted


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


@pytest.mark.parametrize(
    ("group", "change", "said"),
    [
        (MANUAL, Activate("cup-a"), "live (cup-a)"),
        (SLATED, Slate(True), "slate"),
        (MANUAL, Channels(("c1",)), "channels: Cup HD, c2"),
    ],
)
def test_already_so_in_terms_of_the_change(group: FailoverGroup, change: Change, said: str) -> None:
    assert f"The group is already as asked, so nothing was sent: {said}.\n" in shown(
        State.UNCHANGED, group=group, change=change
    )


def test_an_activation_that_failback_bars_is_offered_in_two_steps() -> None:
    facts = {"code": "failback_in_the_way"}
    barred = record(
        State.REFUSED, group=CUP, change=Activate("cup-b"), why=Why.INAPPLICABLE, facts=facts
    )
    drawn = answers.answer(barred, None, NOW)
    text = examine.shown(drawn)
    assert "asked for: active cup-b\nWhile auto failback is on Uplynk refuses" in text
    assert text.endswith("[Turn failback off and activate]")
    (button,) = drawn["blocks"][-1]["elements"]
    assert (button["action_id"], button["value"]) == (ACTIVATE_ANYWAY, barred.id)


def test_nothing_else_that_makes_no_sense_has_that_button() -> None:
    for facts in (
        samples.facts(Why.INAPPLICABLE, "x")[:1] + samples.facts(Why.INAPPLICABLE, "x")[2:]
    ):
        told = record(State.REFUSED, why=Why.INAPPLICABLE, facts=facts)
        assert ACTIVATE_ANYWAY not in str(answers.answer(told, None, NOW))


def test_stopped_halfway() -> None:
    told = shown(
        State.HALFWAY, group=CUP, change=TWO_STEPS, why=Why.NO_EFFECT, after=MANUAL
    ).splitlines()
    assert told[:4] == [
        "# ⚠️ Cup: stopped halfway",
        "auto failback off, active cup-a → cup-b",
        "step 1 of 2: auto failback off – applied and verified",
        "step 2: active cup-a → cup-b – failed, nothing changed",
    ]
    assert told[-1] == "  [Go on] [Undo…]"


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


@pytest.mark.parametrize("state", set(OUTCOMES) - {State.HALFWAY})
def test_only_a_failed_change_can_be_tried_again(state: State) -> None:
    drawn = answers.answer(record(state, why=Why.NO_EFFECT), None, NOW)
    assert (TRY_AGAIN in str(drawn)) == (state is State.FAILED)


def test_a_direct_message_names_the_group_in_its_line() -> None:
    assert answers.answer_line(record(State.VERIFIED)) == "NBA Finals: applied and verified"
