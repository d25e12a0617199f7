"""The request for a second person as people read it, and what the same card says afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from blocks import answers
from blocks.announcement import card, summary
from blocks.declining import decline_form
from blocks.ids import APPROVE, DECLINE, DECLINE_FORM, REASON, TRY_AGAIN, WITHDRAW
from blocks.second_person import LESSENED, asked_first
from failover.lifecycle import State, Why
from failover.risk import Lessened
from failover.roles import Rule
from failover.rules import Refusal
from tests.blocks import examine
from tests.blocks.samples import FINALS, NOW, REQUEST, record
from tests.blocks.waiting import AGREED, WAITING

IDS = "group 0f3c1d2e4b5a69788796a5b4c3d2e1f0 · change aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
ONE = {**WAITING, "need": 1, "lessened": ["last_backup"]}
OPEN = record(State.AWAITING, facts=ONE)
CARD = f"""\
# ✋ NBA Finals: waits for a second person
*flat → prioritized, auto failback on*
| *Who*
| @Operator
| *Reason*
| rehearsal
| *Approvals*
| 0 of 1
| *Ends*
| at 12:14 UTC (in 15 min)
This lessens the group's protection:
⚠️ no other eligible slicer is left to take over
• Viewers stay on main.
⚠️ The order is rewritten to main, backup, lab.
• If the active one dies, next in line: backup.
• While auto failback is on nobody can activate a slicer by hand.
⚠️ The last failover was only 2 min ago: that slicer may still be unwell.
• 2 channels in this group.
Who can approve: @Admin, @sports
  [Approve] [Decline…] [Withdraw]
  {IDS}"""
ANSWER = f"""\
# ✋ NBA Finals: waits for a second person
flat → prioritized, auto failback on
Nothing is sent to Uplynk before one other person agrees: the request stands in the channel. \
You can't approve it yourself; “Withdraw” takes it back.
*Approvals*: 0 of 1
*Ends*: at 12:14 UTC (in 15 min)
Who can approve: @Admin, @sports
  [Withdraw]
  {IDS}"""


def test_the_request_card() -> None:
    drawn = card(OPEN, NOW)
    assert examine.shown(drawn) == CARD
    assert drawn["text"] == (
        "<@U0OPERATOR>: NBA Finals: flat → prioritized, auto failback on: waits for a second "
        "person (0 of 1 approvals, ends at 12:14 UTC). Reason: rehearsal"
    )


def test_its_buttons_carry_the_change_and_approving_is_confirmed() -> None:
    (row,) = (block for block in card(OPEN, NOW)["blocks"] if block["type"] == "actions")
    buttons = row["elements"]
    assert [button["action_id"] for button in buttons] == [APPROVE, DECLINE, WITHDRAW]
    assert {button["value"] for button in buttons} == {OPEN.id}
    assert buttons[0]["style"] == "primary"
    dialog = buttons[0]["confirm"]
    assert dialog["text"]["text"] == "NBA Finals: flat → prioritized, auto failback on"
    assert dialog["confirm"]["text"] == "Approve"
    assert "confirm" not in buttons[1]


def test_the_private_answer() -> None:
    assert examine.shown(answers.answer(OPEN, None, NOW)) == ANSWER


def test_whoever_asks_is_not_named_among_those_who_can_approve() -> None:
    alone = replace(OPEN, facts={**ONE, "users": ["U0OPERATOR"], "usergroups": []})
    assert "Who can approve" not in examine.shown(card(alone, NOW))
    shown = examine.shown(answers.answer(alone, None, NOW))
    assert "Nobody else has the role that approves" in shown
    assert "“override protect because …”" in shown


@pytest.mark.parametrize(
    ("passed", "told"),
    [
        (timedelta(0), "at 12:14 UTC (in 15 min)"),
        (timedelta(minutes=13), "at 12:14 UTC (in 2 min)"),
        (timedelta(minutes=14), "at 12:14 UTC (in 30 s)"),
        (timedelta(minutes=15), "ended at 12:14 UTC"),
        (-timedelta(days=2), "at 2026-11-23 12:14 UTC (in 2 d)"),
    ],
)
def test_the_countdown_is_as_of_the_time_of_drawing(passed: timedelta, told: str) -> None:
    assert f"| *Ends*\n| {told}\n" in examine.shown(card(OPEN, NOW + passed))


def test_approvals_are_counted_and_named() -> None:
    first = record(State.AWAITING, facts=WAITING, approvals=AGREED)
    drawn = card(first, NOW)
    assert "| *Approvals*\n| 1 of 2: @Admin\n" in examine.shown(drawn)
    assert "(1 of 2 approvals, ends at 12:14 UTC)" in drawn["text"]
    private = examine.shown(answers.answer(first, None, NOW))
    assert "before 2 other people agree" in private
    assert "*Approvals*: 1 of 2: @Admin" in private


def test_every_way_of_lessening_protection_has_words() -> None:
    assert set(LESSENED) == set(Lessened)
    shown = examine.shown(card(record(State.AWAITING, facts=WAITING), NOW))
    for told in LESSENED.values():
        assert f"⚠️ {told}" in shown


def test_what_does_not_lessen_protection_does_not_say_so() -> None:
    harmless = replace(OPEN, facts={**ONE, "lessened": []})
    assert "protection" not in examine.shown(card(harmless, NOW))


def test_an_override_is_loud_on_the_request_too() -> None:
    freeze = replace(REQUEST, override=Rule.FREEZE)
    asked = replace(OPEN, request=freeze, facts={**ONE, "overridden": ["freeze"]})
    assert "🚨 Override*\n| rule freeze was set aside" in examine.shown(card(asked, NOW))


def test_once_approved_the_card_goes_on_and_names_who_agreed() -> None:
    approved = record(State.APPROVED, facts=ONE, approvals=AGREED)
    drawn = card(approved, NOW)
    assert "[Approve]" not in examine.shown(drawn)
    assert "| *Approved by*\n| @Admin\nA second person agreed." in examine.shown(drawn)
    verified = record(State.VERIFIED, facts=ONE, approvals=AGREED)
    assert "| *Approved by*\n| @Admin\n  took 2.14 s from the last" in examine.shown(
        card(verified, NOW)
    )
    assert summary(verified) == (
        "<@U0OPERATOR>: NBA Finals: flat → prioritized, auto failback on: applied and verified "
        "(approved by <@U0ADMIN>). Reason: rehearsal"
    )


def test_the_time_that_others_took_is_not_the_time_that_it_took() -> None:
    late = replace(
        record(State.VERIFIED, approvals=(("U0ADMIN", NOW + timedelta(minutes=10)),)),
        ended_at=NOW + timedelta(minutes=10, seconds=3),
    )
    assert "took 3.00 s from the last approval" in examine.shown(card(late, NOW))


@pytest.mark.parametrize(
    ("state", "why", "heading", "told"),
    [
        (State.REFUSED, Why.DECLINED, "⛔ NBA Finals: declined, nothing changed",
         "Their words: “not now”."),
        (State.REFUSED, Why.WITHDRAWN, "↩️ NBA Finals: withdrawn, nothing changed",
         "took it back before it was approved."),
        (State.FAILED, Why.EXPIRED, "⌛ NBA Finals: expired, nothing changed",
         "It was not approved in time."),
    ],
)  # fmt: skip
def test_what_was_not_approved_says_so_and_that_nothing_was_sent(
    state: State, why: Why, heading: str, told: str
) -> None:
    facts = {**ONE, "by": "U0ADMIN", "words": "not now"}
    ended = record(state, why=why, facts=facts, written=())
    for drawn in (card(ended, NOW), answers.answer(ended, None, NOW)):
        shown = examine.shown(drawn)
        assert shown.startswith(f"# {heading}\n")
        assert told in shown
        assert "Nothing was sent to Uplynk, so nothing was changed." in shown
        assert ("It was @Admin who declined." in shown) == (why is Why.DECLINED)
        assert (TRY_AGAIN in str(drawn)) == (why is Why.EXPIRED)
        assert WITHDRAW not in str(drawn)
        assert "took 2" not in shown
    _, _, outcome = heading.partition(": ")
    assert f": {outcome}" in summary(ended)


def test_the_one_line_says_who_declined_and_why() -> None:
    facts = {**ONE, "by": "U0ADMIN", "words": "not *now*"}
    declined = record(State.REFUSED, why=Why.DECLINED, facts=facts)
    assert "declined, nothing changed (by <@U0ADMIN>: not ∗now∗). Reason:" in summary(declined)


def test_a_rule_that_came_up_while_it_waited_is_told_on_the_card() -> None:
    rules = {"rules": [{"rule": "pause", "reason": "fire", "by": "U0ADMIN"}]}
    shown = examine.shown(card(record(State.REFUSED, why=Why.RULE, facts={**ONE, **rules}), NOW))
    assert shown.startswith("# ⛔ NBA Finals: not changed\n")
    assert "Rule pause holds until it is ended, put in force by @Admin." in shown


def test_what_was_so_already_when_it_was_approved_is_told_on_the_card() -> None:
    same = record(State.UNCHANGED, facts=ONE, approvals=AGREED)
    assert "already when it was approved: nothing was sent." in examine.shown(card(same, NOW))


def test_the_form_that_asks_why_not() -> None:
    view = decline_form(OPEN)
    assert (view["callback_id"], view["private_metadata"]) == (DECLINE_FORM, OPEN.id)
    assert examine.shown_view(view).startswith(
        "== Decline ==\nNBA Finals: flat → prioritized, auto failback on\n"
    )
    reason = view["blocks"][1]
    assert (reason["block_id"], reason["element"]["action_id"]) == (REASON, REASON)
    assert reason["element"]["max_length"] == 500
    assert not reason["optional"]
    examine.view(view)


def test_a_group_that_is_no_longer_on_record_is_asked_about_without_consequences() -> None:
    shown = examine.shown(card(replace(OPEN, before=None, group_name=FINALS.name), NOW))
    assert "asked for: prioritized, auto failback on" in shown
    assert "Viewers stay" not in shown


def test_a_preview_says_that_others_have_to_agree_first() -> None:
    one = Refusal(Rule.PROTECT, need=1, minutes=15, lessened=(Lessened.TO_FLAT,))
    told = asked_first(one)
    assert told.startswith("\u270b A second person has to approve this within 15 min")
    assert LESSENED[Lessened.TO_FLAT] in told
    assert "2 other people have" in asked_first(Refusal(Rule.PROTECT, need=2))
