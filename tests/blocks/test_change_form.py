"""The form as people read it, and what it carries along."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocks import change_form
from blocks.change_form import FormMemory
from blocks.ids import FAILBACK, FORM, GROUP, MODE, NOTICE, REASON, WHAT
from failover.change import Configure
from failover.draft import FIELDS, Field, Filled
from failover.model import FailoverGroup, Mode
from failover.pictures import FormPicture
from failover.roles import Action, Role
from failover.standing import Denied, Uncertain
from tests.blocks import examine
from tests.blocks.pictures import ALL, picture
from tests.blocks.samples import CHANGE, CUP, FINALS, NOW

STATE = """\
== Failover ==
  <NBA Finals>
# NBA Finals
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
  Read from Uplynk at 12:00:00 UTC.
---
"""
FULL = f"""{STATE}\
What: <Mode and auto failback>
Mode: (•) prioritized  ( ) flat
Auto failback: (•) on  ( ) off
Reason (optional): <Shown in the channel>
---
Preview: *flat → prioritized, auto failback on*
• Viewers stay on main.
⚠️ The order is rewritten to main, backup, lab.
• If the active one dies, next in line: backup.
• While auto failback is on nobody can activate a slicer by hand.
⚠️ The last failover was only 2 min ago: that slicer may still be unwell.
• 2 channels in this group.
  Nothing is changed until you press Apply change.
[Apply change] [Cancel]"""
LOOK_ONLY = f"""{STATE}\
You can look, but not change this group.
For this you need the role operator or admin. Nothing was sent to Uplynk, so nothing was changed.
Who has it: @Admin, @sports
[Close]"""
START = Filled(Action.CONFIGURE)
UNCERTAIN = Uncertain(("S1",), "ratelimited")
DENIED = Denied((Role.OPERATOR, Role.ADMIN), ("U0ADMIN",), ("S0SPORTS",))


def configured(change: Configure, group: FailoverGroup = FINALS) -> FormPicture:
    entries = {Field.MODE: str(change.mode or group.mode)}
    if change.auto_failback is not None:
        entries[Field.FAILBACK] = "on" if change.auto_failback else "off"
    return picture(group, Filled(Action.CONFIGURE, entries))


def ids(view: dict[str, object]) -> list[str]:
    blocks = view["blocks"]
    assert isinstance(blocks, list)
    return [block["block_id"].partition(":")[0] for block in blocks if "block_id" in block]


def test_the_form() -> None:
    drawn = change_form.form(configured(CHANGE), "C0LIVEOPS")
    assert examine.shown_view(drawn) == FULL.replace(
        "  <NBA Finals>", "  <NBA Finals> [Several groups…]"
    )
    assert drawn["callback_id"] == FORM
    assert ids(drawn) == [GROUP, WHAT, MODE, FAILBACK, REASON]


def test_the_form_of_somebody_who_may_only_look() -> None:
    drawn = change_form.form(picture(FINALS, START, access=DENIED), "C0LIVEOPS")
    assert examine.shown_view(drawn) == LOOK_ONLY
    assert "submit" not in drawn


def test_the_form_when_a_role_could_not_be_found_out() -> None:
    drawn = change_form.form(picture(FINALS, START, access=UNCERTAIN), None)
    text = examine.shown_view(drawn)
    assert "could not be found out whether you may do this" in text
    assert "ratelimited" in text
    assert "submit" not in drawn


def test_somebody_who_may_not_look_sees_nothing_of_the_group() -> None:
    drawn = change_form.barred(DENIED)
    assert drawn["callback_id"] == NOTICE
    assert examine.shown_view(drawn) == (
        "== Failover ==\n"
        "For this you need the role operator or admin. "
        "Nothing was sent to Uplynk, so nothing was changed.\n"
        "Who has it: @Admin, @sports\n[Close]"
    )


def test_failback_is_asked_only_where_it_applies() -> None:
    drawn = change_form.form(configured(Configure(Mode.FLAT)), None)
    assert ids(drawn) == [GROUP, WHAT, MODE, REASON]
    assert "already is" in str(drawn)


@pytest.mark.parametrize("held", [True, False])
def test_failback_starts_as_it_is(held: bool) -> None:
    group = replace(FINALS, mode=Mode.PRIORITIZED, auto_failback=held)
    drawn = change_form.form(configured(Configure(Mode.PRIORITIZED), group), None)
    (block,) = (b for b in drawn["blocks"] if b.get("block_id", "").startswith(FAILBACK))
    assert block["element"]["initial_option"]["value"] == ("on" if held else "off")


EVERY_FORM = [picture(CUP, Filled(action), ALL) for action in FIELDS]


@pytest.mark.parametrize("shown", EVERY_FORM, ids=list(FIELDS))
def test_each_rendering_repeats_that_edits_are_sent_at_once(shown: FormPicture) -> None:
    blocks = change_form.form(shown, None)["blocks"]
    inputs = [one for one in blocks if one["type"] == "input" and one["block_id"] != REASON]
    assert {one["element"]["action_id"] for one in inputs} == {WHAT, *FIELDS[shown.draft.action]}
    assert all(block["dispatch_action"] is True for block in inputs)


def named(shown: FormPicture) -> set[str]:
    found = {one.get("block_id") for one in change_form.form(shown, None)["blocks"]}
    return {one for one in found if one}


@pytest.mark.parametrize("action", FIELDS)
def test_another_state_of_the_group_resets_the_choices_and_keeps_the_reason(
    action: Action,
) -> None:
    moved = replace(CUP, active_slicer_id="cup-b")
    before, after = (named(picture(one, Filled(action), ALL)) for one in (CUP, moved))
    assert before & after == {GROUP, REASON}


def test_another_action_resets_the_choices_and_keeps_the_reason() -> None:
    channels, owners = (
        named(picture(CUP, Filled(one), ALL)) for one in (Action.CHANNELS, Action.OWNERS)
    )
    assert channels & owners == {GROUP, REASON}


def test_an_edit_keeps_every_id() -> None:
    flat, ordered = Configure(Mode.FLAT), Configure(Mode.PRIORITIZED)
    assert named(configured(flat)) < named(configured(ordered))
    typed = Filled(Action.ORDER, {Field.ORDER: "cup-b"})
    assert named(picture(CUP, typed)) == named(picture(CUP, Filled(Action.ORDER)))


def test_what_opens_at_once() -> None:
    assert examine.shown_view(change_form.loading(FormMemory())) == (
        "== Failover ==\n⏳ Reading the failover groups from Uplynk…\n"
        "Nothing is changed by looking.\n[Close]"
    )


def test_a_name_that_means_no_group() -> None:
    drawn = change_form.not_one("golf\u202e", "No such group.", FormMemory())
    assert examine.shown_view(drawn) == (
        "== Failover ==\n⛔ golf\ufffd\nNo such group.\n  [Choose a group]\n[Close]"
    )


def test_what_could_not_be_read_can_be_tried_again() -> None:
    drawn = change_form.unavailable("⚠️ Not read.", "Uplynk is down.", FormMemory("nba"))
    assert drawn["blocks"][-1]["elements"][0]["value"] == "nba"
    assert "[Try again]" in examine.shown_view(drawn)


@given(st.builds(
    FormMemory,
    st.none() | st.text(max_size=200),
    st.none() | st.text("0123456789abcdef", min_size=32, max_size=32),
    st.none() | st.integers(0, 10**6).map(lambda n: NOW + timedelta(microseconds=n)),
    st.none() | st.text("CGD0123456789", max_size=20),
    st.none() | st.sampled_from(list(FIELDS)),
    st.none() | st.text("0123456789abcdef", min_size=16, max_size=16),
))  # fmt: skip
def test_what_the_form_carries_along_comes_back(memory: FormMemory) -> None:
    assert FormMemory.read(memory.write()) == memory
    assert len(memory.write()) <= 3000


def test_nothing_carried_along_is_an_empty_memory() -> None:
    assert FormMemory.read("") == FormMemory()


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=8,
)


@given(st.text() | json_values.map(json.dumps) | st.just("[" * 100_000))
def test_what_was_tampered_with_is_a_value_error_or_a_memory(text: str) -> None:
    try:
        memory = FormMemory.read(text)
    except ValueError:
        return
    assert memory.read_at is None or memory.read_at.tzinfo is not None
    for part in (memory.group_id, memory.mark, memory.channel_id, memory.previewed):
        assert part is None or isinstance(part, str)


@pytest.mark.parametrize(
    "text",
    ["[1, 2, 3, 4, 5, 6]", '{"a": 1, "b": 2, "c": 3, "d": 4, "e": 5, "f": 6}', "3", "[]",
     '["g", "m", 5, null, null, null]', '["g", "m", null, null]',
     '["g", "m", "2026-11-23T12:00:00", null, null, null]',
     '["g", "m", "yesterday", null, null, null]', '["g", "m", null, null, "fly", null]',
     '["g", "m", null, null, "lock", null]'],
)  # fmt: skip
def test_what_write_cannot_have_made_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        FormMemory.read(text)
