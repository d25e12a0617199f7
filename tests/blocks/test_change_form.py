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
from blocks.ids import FAILBACK, FORM, GROUP, MODE, NOTICE, REASON
from failover.change import Configure
from failover.consequences import foresee
from failover.model import FailoverGroup, Mode, Reading, fingerprint
from failover.pictures import FormPicture
from failover.roles import Role
from failover.standing import Allowed, Answer, Denied, Uncertain
from tests.blocks import examine
from tests.blocks.samples import CHANGE, FINALS, NOW

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
Mode: (•) prioritized  ( ) flat
Auto failback: (•) on  ( ) off
Reason (optional): <Shown in the channel>
---
Preview: *flat → prioritized, auto failback on*
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
MAY = Allowed()
DENIED = Denied((Role.OPERATOR, Role.ADMIN), ("U0ADMIN",), ("S0SPORTS",))


def picture(
    draft: Configure = CHANGE, access: Answer = MAY, group: FailoverGroup = FINALS
) -> FormPicture:
    foreseen = foresee(group, draft, NOW)
    return FormPicture(Reading(group, NOW), fingerprint(group), draft, foreseen, access, NOW)


def ids(view: dict[str, object]) -> list[str]:
    blocks = view["blocks"]
    assert isinstance(blocks, list)
    return [block["block_id"].partition(":")[0] for block in blocks if "block_id" in block]


def test_the_form() -> None:
    drawn = change_form.form(picture(), "C0LIVEOPS")
    assert examine.shown_view(drawn) == FULL
    assert drawn["callback_id"] == FORM
    assert ids(drawn) == [GROUP, MODE, FAILBACK, REASON]


def test_the_form_of_somebody_who_may_only_look() -> None:
    drawn = change_form.form(picture(access=DENIED), "C0LIVEOPS")
    assert examine.shown_view(drawn) == LOOK_ONLY
    assert "submit" not in drawn


def test_the_form_when_a_role_could_not_be_found_out() -> None:
    drawn = change_form.form(picture(access=Uncertain(("S1",), "ratelimited")), None)
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
    assert ids(change_form.form(picture(Configure(Mode.FLAT)), None)) == [GROUP, MODE, REASON]
    assert "already is" in str(change_form.form(picture(Configure(Mode.FLAT)), None))


@pytest.mark.parametrize("held", [True, False])
def test_failback_starts_as_it_is(held: bool) -> None:
    group = replace(FINALS, mode=Mode.PRIORITIZED, auto_failback=held)
    drawn = change_form.form(picture(Configure(Mode.PRIORITIZED, None), group=group), None)
    (block,) = (b for b in drawn["blocks"] if b.get("block_id", "").startswith(FAILBACK))
    assert block["element"]["initial_option"]["value"] == ("on" if held else "off")


def test_each_rendering_repeats_that_edits_are_sent_at_once() -> None:
    for change in (CHANGE, Configure(Mode.FLAT), Configure(Mode.PRIORITIZED, False)):
        inputs = [b for b in change_form.form(picture(change), None)["blocks"] if "element" in b]
        radios = [block for block in inputs if block["element"]["type"] == "radio_buttons"]
        assert radios
        assert all(block["dispatch_action"] is True for block in radios)


def test_another_state_of_the_group_resets_the_choices_and_keeps_the_reason() -> None:
    moved = replace(FINALS, active_slicer_id="backup")
    before = {b.get("block_id") for b in change_form.form(picture(), None)["blocks"]}
    after = {b.get("block_id") for b in change_form.form(picture(group=moved), None)["blocks"]}
    kept = {ident for ident in before & after if ident}
    assert kept == {GROUP, REASON}


def test_an_edit_keeps_every_id() -> None:
    flat, ordered = Configure(Mode.FLAT), Configure(Mode.PRIORITIZED)
    before = {b.get("block_id") for b in change_form.form(picture(flat), None)["blocks"]}
    after = {b.get("block_id") for b in change_form.form(picture(ordered), None)["blocks"]}
    assert before < after


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
    for part in (memory.group_id, memory.mark, memory.channel_id):
        assert part is None or isinstance(part, str)


@pytest.mark.parametrize(
    "text",
    ["[1, 2, 3, 4]", '{"a": 1, "b": 2, "c": 3, "d": 4}', '["g", "m", 5, null]', "3", "[]",
     '["g", "m", "2026-11-23T12:00:00", null]', '["g", "m", "yesterday", null]'],
)  # fmt: skip
def test_what_write_cannot_have_made_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        FormMemory.read(text)
