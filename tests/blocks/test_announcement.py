"""The confirmation, word for word as people read it, in every outcome."""

from __future__ import annotations

from dataclasses import replace

import pytest

from blocks.announcement import card, summary
from blocks.ids import TRY_AGAIN, UNDO
from blocks.outcomes import OUTCOMES
from failover.change import Activate, Change
from failover.lifecycle import State, Why
from failover.model import FailoverGroup, Slicer
from failover.roles import Rule
from tests.blocks import examine
from tests.blocks.samples import CHANGES, CUP, FINALS, MANUAL, NOW, REQUEST, TWO_STEPS, record

WORDS = {
    State.VERIFIED: "applied and verified",
    State.UNVERIFIED: "applied, not verified",
    State.FAILED: "failed, nothing changed",
    State.UNKNOWN: "outcome unknown",
    State.UNSETTLED: "outcome unknown",
}
IDS = "group 0f3c1d2e4b5a69788796a5b4c3d2e1f0 · change aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
WHO_AND_WHY = """\
*flat → prioritized, auto failback on*
| *Who*
| @Operator
| *Reason*
| rehearsal
"""
CARDS = {
    State.SENDING: f"""\
# ⏳ NBA Finals: under way
{WHO_AND_WHY}\
It is being sent to Uplynk. How it went will be told here.
  {IDS}""",
    State.UNKNOWN: f"""\
# ❔ NBA Finals: outcome unknown
{WHO_AND_WHY}\
Uplynk gave no clear answer, so the change may or may not have taken effect. \
It is not sent again. Still reading the group; what is found will be told here.
  {IDS}""",
    State.VERIFIED: f"""\
# ✅ NBA Finals: applied and verified
{WHO_AND_WHY}\
  took 2.14 s · {IDS}
  [Undo…]""",
    State.UNVERIFIED: f"""\
# ⚠️ NBA Finals: applied, not verified
{WHO_AND_WHY}\
Uplynk answered that it was done, but reading back did not confirm it. \
When last read, the group was flat. Look at the group in the Uplynk CMS.
  took 2.14 s · {IDS}""",
    State.FAILED: f"""\
# ❌ NBA Finals: failed, nothing changed
{WHO_AND_WHY}\
Uplynk refused the change (400). Nothing was changed. Its words: “mode: not allowed”. \
Trying again will hardly help: look at the group in the Uplynk CMS.
  took 2.14 s · {IDS}
  [Try again]""",
    State.UNSETTLED: f"""\
# ❔ NBA Finals: outcome unknown
{WHO_AND_WHY}\
It could not be found out whether the change took effect. When last read, the group was flat. \
Look at the group in the Uplynk CMS before anything else is changed.
  took 2.14 s · {IDS}""",
}
MORE = {
    State.FAILED: {"why": Why.REJECTED, "facts": {"status": 400, "words": "mode: not allowed"}},
    State.UNVERIFIED: {"after": FINALS},
    State.UNSETTLED: {"after": FINALS},
}


HALFWAY = record(
    State.HALFWAY,
    group=CUP,
    change=TWO_STEPS,
    why=Why.REJECTED,
    facts={"status": 400, "words": "not now"},
    after=MANUAL,
)
STOPPED = f"""\
# ⚠️ Cup: stopped halfway
auto failback off, active cup-a → cup-b
| *Who*
| @Operator
| *Reason*
| rehearsal
step 1 of 2: auto failback off – applied and verified
step 2: active cup-a → cup-b – failed, nothing changed
Uplynk refused step 2 (400). Its words: “not now”. \
The group is now prioritized, auto failback off; viewers see cup-a. \
“Go on” does what is still missing, after a preview. “Undo…” takes back what was done.
  took 2.14 s · {IDS}
  [Go on] [Undo…]"""


def test_a_change_that_stopped_halfway_says_what_stands_and_both_ways() -> None:
    drawn = card(HALFWAY, NOW)
    assert examine.shown(drawn) == STOPPED
    assert drawn["text"] == (
        "<@U0OPERATOR>: Cup: stopped halfway: "
        "step 1 of 2: auto failback off – applied and verified; "
        "step 2: active cup-a → cup-b – failed, nothing changed. Reason: rehearsal"
    )
    on, back = drawn["blocks"][-1]["elements"]
    assert (on["action_id"], on["value"]) == (TRY_AGAIN, HALFWAY.id)
    assert (back["action_id"], back["value"]) == (UNDO, HALFWAY.id)


def test_names_from_outside_do_not_push_an_outcome_out_of_the_one_line() -> None:
    slicers = (Slicer("&" * 200, True, 1), Slicer("<" * 200, True, 2))
    group = replace(CUP, name="&" * 200, slicers=slicers, active_slicer_id="&" * 200)
    told = record(State.HALFWAY, group=group, change=Activate("<" * 200, failback_off=True))
    told = replace(told, why=Why.NO_EFFECT, request=replace(told.request, reason="&" * 500))
    line = summary(told)
    assert "auto failback off – applied and verified; step 2: " in line
    assert "– failed, nothing changed. Reason: &amp;" in line


@pytest.mark.parametrize(("group", "change"), CHANGES)
def test_the_undo_button_stands_with_what_was_verified_alone(
    group: FailoverGroup, change: Change
) -> None:
    for state in OUTCOMES:
        drawn = card(record(state, group=group, change=change), NOW)
        assert ("[Undo…]" in examine.shown(drawn)) == (state is State.VERIFIED), state


def test_what_left_nothing_to_take_back_has_no_undo_button() -> None:
    same = record(State.VERIFIED, group=MANUAL, change=Activate("cup-b"), after=MANUAL)
    assert "[Undo…]" not in examine.shown(card(same, NOW))


def test_a_name_from_outside_is_never_in_a_formatted_line() -> None:
    for group, change in CHANGES[1:]:
        block = card(record(State.VERIFIED, group=group, change=change), NOW)["blocks"][1]
        assert block["text"]["type"] == "plain_text"


@pytest.mark.parametrize("state", CARDS)
def test_the_card(state: State) -> None:
    drawn = card(record(state, **MORE.get(state, {})), NOW)
    assert examine.shown(drawn) == CARDS[state]


@pytest.mark.parametrize(("state", "outcome"), WORDS.items())
def test_the_outcome_is_word_for_word_in_blocks_and_in_plain_text(
    state: State, outcome: str
) -> None:
    drawn = card(record(state), NOW)
    heading = drawn["blocks"][0]["text"]["text"]
    assert heading.endswith(f"NBA Finals: {outcome}")
    assert drawn["text"] == (
        "<@U0OPERATOR>: NBA Finals: flat → prioritized, auto failback on: "
        f"{outcome}. Reason: rehearsal"
    )
    others = set(WORDS.values()) - {outcome}
    assert not [other for other in others if other in str(drawn)]


def test_nothing_is_left_out_of_the_one_line() -> None:
    told = record(State.VERIFIED, request=replace(REQUEST, reason="r" * 500))
    long = replace(told, group_name="&" * 200)
    line = summary(long)
    assert "applied and verified" in line
    assert line.count("r" * 199) == 1
    assert line.endswith("…")
    assert "&amp;…" in line


def test_a_change_without_a_reason_says_so() -> None:
    drawn = card(record(State.VERIFIED, request=replace(REQUEST, reason=None)), NOW)
    assert "*Reason*\n| (none given)" in examine.shown(drawn)
    assert drawn["text"].endswith("applied and verified")


def test_an_override_is_loud() -> None:
    request = replace(REQUEST, override=Rule.FREEZE)
    drawn = card(record(State.VERIFIED, request=request, facts={"overridden": ["freeze"]}), NOW)
    assert "🚨 Override*\n| rule freeze was set aside" in examine.shown(drawn)
    assert "OVERRIDE of freeze" in drawn["text"]


def test_a_group_that_could_not_be_read_shows_what_was_asked() -> None:
    facts = {"kind": "Unavailable", "status": 503}
    told = record(State.FAILED, why=Why.UNREADABLE, facts=facts)
    drawn = card(replace(told, before=None, group_id=None, group_name=None), NOW)
    text = examine.shown(drawn)
    assert "asked for: prioritized, auto failback on" in text
    assert "Uplynk is in trouble (it answered 503), so the group could not be read" in text
    assert "group 0f3c" not in text


def test_an_acknowledged_change_that_does_not_show_is_not_called_unanswered() -> None:
    unknown = record(State.UNKNOWN, facts={"acknowledged": True})
    assert "Uplynk answered that it was done, but reading" in examine.shown(card(unknown, NOW))
    failed = record(State.FAILED, why=Why.NO_EFFECT, facts={"acknowledged": True})
    text = examine.shown(card(failed, NOW))
    assert "no clear answer" not in text
    assert "Uplynk answered that it was done, but reading the group again shows" in text


def test_when_last_read_is_said_in_terms_of_the_change() -> None:
    told = record(State.UNVERIFIED, group=MANUAL, change=Activate("cup-b"), after=MANUAL)
    assert " When last read: live (cup-a). Look at" in examine.shown(card(told, NOW))


@pytest.mark.parametrize("state", set(CARDS) - {State.FAILED})
def test_only_a_failed_change_can_be_tried_again(state: State) -> None:
    assert "[Try again]" not in examine.shown(card(record(state), NOW))
