"""A sentence for everything that can be foreseen."""

from __future__ import annotations

from datetime import timedelta

import pytest

from blocks import consequences
from failover.foresight import WARNINGS, Code, Consequence
from tests.blocks.samples import HOSTILE, NOW

SENTENCES = {
    Code.NO_CHANGE: "This is how the group already is: nothing would be sent.",
    Code.VIEWERS_MOVE: "Viewers move from main to backup at once, on 3 channels.",
    Code.VIEWERS_MOVE_TO: "Viewers move to backup at once, on 3 channels.",
    Code.VIEWERS_STAY: "Viewers stay on main, backup.",
    Code.SLATE_BEGINS: (
        "Viewers see the missing-content slate at once, on 3 channels, until somebody ends it."
    ),
    Code.SLATE_ENDS: (
        "Viewers leave the slate at once, on 3 channels: they see the active slicer again. "
        "Which one that is, Uplynk does not say while on slate."
    ),
    Code.SLATE_ENDS_ON: "Viewers move from the slate to main, backup at once, on 3 channels.",
    Code.FAILBACK_OFF_FIRST: "Auto failback is turned off first, and stays off.",
    Code.FAILBACK_PAUSED: "Auto failback is off in between, and on again at the end.",
    Code.ORDER_REWRITTEN: "The order is rewritten to main, backup.",
    Code.ORDER_BECOMES: "The order becomes main, backup.",
    Code.ORDER_UNDOCUMENTED: (
        "The order counts for nothing in flat, and may not be the same when you switch back."
    ),
    Code.ORDER_COUNTS_FOR_NOTHING: (
        "In flat the order counts for nothing and is not kept: only who is eligible does."
    ),
    Code.ELIGIBLE_NOW: "Eligible from now on: main, backup.",
    Code.INELIGIBLE_NOW: "No longer eligible: main, backup.",
    Code.ACTIVE_INELIGIBLE: (
        "main, backup is active but no longer eligible: viewers stay on it, but once it has "
        "been left, Uplynk will not choose it again."
    ),
    Code.ACTIVATES_INELIGIBLE: (
        "main, backup is not eligible: once it has been left, Uplynk will not choose it again."
    ),
    Code.TODAY_BY_CHANCE: "Today Uplynk would pick one of main, backup at random.",
    Code.TODAY_IN_ORDER: "Today, next in line: main, backup.",
    Code.TODAY_NO_BACKUP: "Today no other slicer is eligible.",
    Code.NEXT_BY_CHANCE: (
        "In flat the next source cannot be foretold: if the active one dies, Uplynk picks one "
        "of main, backup at random."
    ),
    Code.NEXT_IN_ORDER: "If the active one dies, next in line: main, backup.",
    Code.ONE_ELIGIBLE: (
        "Only main, backup is eligible: where that is the active one, nobody takes over if it dies."
    ),
    Code.NO_BACKUP: "No other slicer is eligible: if the active one dies, viewers see nothing.",
    Code.SWITCHES_BACK: (
        "Uplynk may switch viewers from backup back to main as soon as that is healthy."
    ),
    Code.STAYS_AFTER_FAILOVER: (
        "After a failover viewers stay on the slicer that took over until somebody moves them."
    ),
    Code.NO_MANUAL_SWITCH: "While auto failback is on nobody can activate a slicer by hand.",
    Code.MANUAL_SWITCH_AGAIN: "Slicers can be activated by hand again.",
    Code.CHANNELS_JOIN: "Joining: 3 channels, to show the active slicer (main) at once.",
    Code.CHANNELS_JOIN_SLATE: "Joining: 3 channels, to show the slate, as this group does.",
    Code.CHANNELS_MAY_CONFLICT: (
        "If one of them belongs to a failover group already, Uplynk refuses."
    ),
    Code.CHANNELS_LEAVE: (
        "Leaving: 3 channels, without failover from then on. What feeds them then is not "
        "known here."
    ),
    Code.CHANNELS_ALL_LEAVE: (
        "Leaving: 3 channels, without failover from then on. What feeds them then is not "
        "known here, and this group feeds none any more."
    ),
    Code.CHANNELS_THERE: "In the group already, so not added: main, backup.",
    Code.CHANNELS_ABSENT: "Not in the group, so not removed: main, backup.",
    Code.OWNERS_GAIN: "main, backup may use this group from now on.",
    Code.OWNERS_LOSE: "main, backup may no longer use this group.",
    Code.OWNERS_THERE: "May use the group already, so not added: main, backup.",
    Code.OWNERS_ABSENT: "Could not use the group anyway, so not removed: main, backup.",
    Code.LOST_ACTIVE: "Not taken back: which slicer is active. It was main, and is backup now.",
    Code.LOST_SLICERS: "Not taken back, since no longer in the group: main, backup.",
    Code.NEW_SLICERS: "In the group only since then, so left alone: main, backup.",
    Code.RECENT_FAILOVER: "The last failover was only 2 min ago: that slicer may still be unwell.",
    Code.ON_SLATE: "Viewers see the missing-content slate now, and will go on seeing it.",
    Code.CHANNELS: "3 channels in this group.",
}


@pytest.mark.parametrize("code", Code)
def test_every_consequence_has_a_sentence(code: Code) -> None:
    told = Consequence(code, ("main", "backup"), 3, NOW - timedelta(minutes=2))
    assert consequences.sentence(told, NOW) == SENTENCES[code]
    mark = "⚠️" if code in WARNINGS else "•"
    assert consequences.sentences((told, told), NOW) == "\n".join([f"{mark} {SENTENCES[code]}"] * 2)


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (Consequence(Code.NEXT_BY_CHANCE, ("main",)), "If the active one dies, Uplynk takes main."),
        (Consequence(Code.TODAY_BY_CHANCE, ("main",)), "Today Uplynk would take main."),
        (Consequence(Code.CHANNELS, count=1), "1 channel in this group."),
        (
            Consequence(Code.SLATE_BEGINS, (), 0),
            "Viewers see the missing-content slate at once, on no channels, until somebody ends "
            "it.",
        ),
        (
            Consequence(Code.CHANNELS_JOIN, (), 1),
            "Joining: 1 channel, to show the active slicer at once.",
        ),
        (Consequence(Code.LOST_ACTIVE), "Not taken back: which slicer is active."),
    ],
)
def test_what_is_known_less_or_better_is_said_so(told: Consequence, said: str) -> None:
    assert consequences.sentence(told, NOW) == said


@pytest.mark.parametrize("text", HOSTILE)
def test_names_are_cut_and_counted_and_never_read_as_a_pattern(text: str) -> None:
    names = tuple(f"{text}{{names}}{n}" for n in range(200))
    for code in Code:
        told = consequences.sentence(Consequence(code, names, 200, NOW), NOW)
        assert "\n" not in told
        assert len(told) < 1000
