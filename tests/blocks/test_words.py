"""Short phrases: settings, changes, ages, lists; and a sentence for every consequence."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from blocks import consequences, words
from failover.change import Configure
from failover.consequences import WARNINGS, Code, Consequence
from failover.model import Channel, FailoverGroup, Mode, Slicer
from tests.blocks.samples import FINALS, NOW

ORDERED = replace(FINALS, mode=Mode.PRIORITIZED)
MANY = tuple(Slicer(f"s{n}", True, n) for n in range(1, 201))


@pytest.mark.parametrize(
    ("group", "change", "said"),
    [
        (FINALS, Configure(Mode.PRIORITIZED, True), "flat → prioritized, auto failback on"),
        (FINALS, Configure(Mode.PRIORITIZED), "flat → prioritized, auto failback off"),
        (FINALS, Configure(Mode.FLAT), "flat (no change)"),
        (FINALS, Configure(None, True), "flat, auto failback (unused) off → on"),
        (ORDERED, Configure(Mode.FLAT), "prioritized, auto failback off → flat"),
        (ORDERED, Configure(None, True), "prioritized: auto failback off → on"),
        (ORDERED, Configure(), "prioritized, auto failback off (no change)"),
    ],
)
def test_before_and_after(group: FailoverGroup, change: Configure, said: str) -> None:
    assert words.before_after(group, change) == said


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (Configure(), "nothing"),
        (Configure(Mode.FLAT), "flat"),
        (Configure(None, False), "auto failback off"),
        (Configure(Mode.PRIORITIZED, True), "prioritized, auto failback on"),
    ],
)
def test_a_wish(change: Configure, said: str) -> None:
    assert words.wish(change) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(-5, "0 s"), (0, "0 s"), (59.9, "59 s"), (60, "1 min"), (3599, "59 min"), (3600, "1 h"),
     (86400, "1 d"), (10**9, "11574 d")],
)  # fmt: skip
def test_an_age(seconds: float, said: str) -> None:
    assert words.age(seconds) == said
    assert words.ago(NOW - timedelta(seconds=seconds), NOW) == f"{said} ago"


def test_never() -> None:
    assert words.ago(None, NOW) == "never"


def test_slicers_by_priority_with_what_is_special() -> None:
    assert words.order(ORDERED) == "1. backup\n2. main (active)\n3. lab (not eligible)"
    assert words.order(FINALS) == "• backup\n• main (active)\n• lab (not eligible)"
    assert words.order(replace(FINALS, slicers=())) == "(no slicers)"


def test_long_lists_are_counted() -> None:
    group = replace(ORDERED, slicers=MANY, channels=tuple(Channel(f"c{n}", "") for n in range(300)))
    assert words.order(group).splitlines()[-2:] == ["12. s12", "… and 188 more"]
    assert words.channels(group).endswith("c11 and 288 more")
    assert words.sequence(("a", "b")) == "a, b"
    assert words.channels(replace(FINALS, channels=())) == "none"


@pytest.mark.parametrize(
    ("active", "said"),
    [(None, "(not reported)"), ("no_slicer", "the missing-content slate"), ("main", "main")],
)
def test_what_viewers_see(active: str | None, said: str) -> None:
    assert words.active(replace(FINALS, active_slicer_id=active)) == said


def test_a_moment_in_the_readers_own_time_zone() -> None:
    moment = datetime(2026, 11, 23, 12, 0, 5, 999_999, tzinfo=UTC)
    assert words.clock_time(moment, "at ", ".")["text"] == (
        f"at <!date^{int(moment.timestamp())}^{{time_secs}}|12:00:05 UTC>."
    )


SENTENCES = {
    Code.NO_CHANGE: "This is how the group already is: nothing would be sent.",
    Code.ORDER_REWRITTEN: "The order is rewritten to main, backup.",
    Code.ORDER_UNDOCUMENTED: (
        "The order counts for nothing in flat, and may not be the same when you switch back."
    ),
    Code.NEXT_BY_CHANCE: (
        "In flat the next source cannot be foretold: if the active one dies, "
        "Uplynk picks one of main, backup at random."
    ),
    Code.NEXT_IN_ORDER: "If the active one dies, next in line: main, backup.",
    Code.NO_BACKUP: "No other slicer is eligible: if the active one dies, viewers see nothing.",
    Code.SWITCHES_BACK: "Uplynk may switch viewers from backup back to main as soon as that is "
    "healthy.",
    Code.STAYS_AFTER_FAILOVER: (
        "After a failover viewers stay on the slicer that took over until somebody moves them."
    ),
    Code.NO_MANUAL_SWITCH: "While auto failback is on nobody can activate a slicer by hand.",
    Code.MANUAL_SWITCH_AGAIN: "Slicers can be activated by hand again.",
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


def test_what_can_be_foretold_is_not_called_chance() -> None:
    told = Consequence(Code.NEXT_BY_CHANCE, ("main",))
    assert consequences.sentence(told, NOW) == "If the active one dies, Uplynk takes main."


def test_one_channel_is_one_channel() -> None:
    assert consequences.sentence(Consequence(Code.CHANNELS, count=1), NOW) == (
        "1 channel in this group."
    )
