"""Short phrases: settings, changes, ages, lists."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from blocks import pieces, words
from failover.change import (
    Activate,
    Change,
    Channels,
    Configure,
    Order,
    Owners,
    Slate,
)
from failover.measures import Lock, Pause, Resume, Unlock
from failover.model import Channel, FailoverGroup, Mode, Slicer
from failover.restore import Restore
from tests.blocks.samples import CHANGES, CUP, FINALS, HOSTILE, MANUAL, NOW, SLATED, TWO_STEPS

ORDERED = replace(FINALS, mode=Mode.PRIORITIZED)
MANY = tuple(Slicer(f"s{n}", True, n) for n in range(1, 201))


UNREPORTED = replace(MANUAL, active_slicer_id=None)
SWAPPED = Order((("cup-b", True), ("cup-a", True)))
FLAT_CUP = replace(MANUAL, mode=Mode.FLAT, slicers=tuple(replace(s, order=1) for s in CUP.slicers))


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
        (MANUAL, Activate("cup-b"), "active cup-a → cup-b"),
        (SLATED, Activate("cup-b"), "active slate → cup-b"),
        (UNREPORTED, Activate("cup-b"), "active (not reported) → cup-b"),
        (CUP, TWO_STEPS, "auto failback off, active cup-a → cup-b"),
        (MANUAL, Activate("cup-a"), "live (cup-a) (no change)"),
        (MANUAL, Slate(True), "live (cup-a) → slate"),
        (UNREPORTED, Slate(True), "live → slate"),
        (SLATED, Slate(False), "slate → live"),
        (SLATED, Slate(True), "slate (no change)"),
        (
            MANUAL,
            SWAPPED,
            "order cup-a, cup-b, cup-c (cup-c not eligible) "
            "→ cup-b, cup-a, cup-c (cup-c not eligible)",
        ),
        (
            MANUAL,
            Order((("cup-c", True),)),
            "order cup-a, cup-b, cup-c (cup-c not eligible) → cup-c, cup-a, cup-b",
        ),
        (FLAT_CUP, SWAPPED, "eligible cup-a, cup-b (no change)"),
        (FLAT_CUP, Order((("cup-b", False),)), "eligible cup-a, cup-b → cup-a"),
        (
            FLAT_CUP,
            Order((("cup-a", False), ("cup-b", False))),
            "eligible cup-a, cup-b → nobody",
        ),
        (MANUAL, Channels(("x", "y"), ("c1",)), "channels + x, y, − c1 (Cup HD)"),
        (MANUAL, Channels(("x",)), "channels + x"),
        (MANUAL, Channels((), ("c2", "absent")), "channels − c2"),
        (MANUAL, Channels(("c1",)), "channels: Cup HD, c2 (no change)"),
        (MANUAL, Owners(("o3",), ("o1",)), "owners + o3, − o1"),
        (MANUAL, Owners(("o1",)), "owners: o1, o2 (no change)"),
        (replace(MANUAL, allowed_owners=()), Owners((), ("o1",)), "owners: none (no change)"),
    ],
)
def test_before_and_after(group: FailoverGroup, change: Change, said: str) -> None:
    assert words.before_after(group, change) == said


@pytest.mark.parametrize(
    ("change", "said", "already"),
    [
        (Lock(), "lock", "already locked"),
        (Lock(60), "lock for 1 min", "already locked"),
        (Lock(131_400), "lock for 1 d 12 h 30 min", "already locked"),
        (Unlock(), "unlock", "not locked"),
        (Pause(), "pause of all changes", "already paused"),
        (Resume(), "end of the pause", "not paused"),
    ],
)
def test_a_measure_leads_from_nowhere_to_nowhere(change: Change, said: str, already: str) -> None:
    assert words.wish(change) == said
    assert words.before_after(MANUAL, change) == said
    assert words.standing(MANUAL, change) == already


def back(**target: object) -> Restore:
    """What makes the manual cup again what it was."""
    return Restore(replace(MANUAL, **target), active=True)


@pytest.mark.parametrize(
    ("group", "change", "said"),
    [
        (MANUAL, back(), "prioritized, auto failback off, viewers see cup-a (no change)"),
        (MANUAL, back(auto_failback=True), "undo: auto failback off → on"),
        (MANUAL, back(active_slicer_id="cup-b"), "undo: active cup-a → cup-b"),
        (SLATED, back(), "undo: slate → live (cup-a)"),
        (SLATED, Restore(MANUAL, active=False), "undo: slate → live"),
        (MANUAL, back(active_slicer_id="no_slicer"), "undo: live (cup-a) → slate"),
        (
            MANUAL,
            back(slicers=(Slicer("cup-a", True, 2), Slicer("cup-b", True, 1))),
            "undo: order cup-a, cup-b, cup-c (cup-c not eligible) "
            "→ cup-b, cup-a, cup-c (cup-c not eligible)",
        ),
        (
            FLAT_CUP,
            back(),
            "undo: flat → prioritized, auto failback off; "
            "order cup-a, cup-b, cup-c (cup-c not eligible)",
        ),
        (
            MANUAL,
            back(channels=(Channel("c3", "Third"),), allowed_owners=("o2", "o3")),
            "undo: channels + c3, − c1 (Cup HD), c2; owners + o3, − o1",
        ),
        (
            replace(MANUAL, slicers=(Slicer("cup-a", True, 2), Slicer("cup-b", True, 5))),
            back(slicers=(Slicer("cup-a", True, 1), Slicer("cup-b", True, 2))),
            "undo: order cup-a, cup-b → cup-a, cup-b",
        ),
    ],
)
def test_taking_back_says_all_that_goes_back(
    group: FailoverGroup, change: Change, said: str
) -> None:
    assert words.before_after(group, change) == said


def test_names_that_look_alike_when_cut_still_are_different_slicers() -> None:
    long = "x" * 80
    one = (Slicer(f"{long}1", True, 1), Slicer(f"{long}2", True, 2))
    other = (Slicer(f"{long}1", True, 2), Slicer(f"{long}2", True, 1))
    told = words.before_after(replace(MANUAL, slicers=one), back(slicers=other))
    assert told.startswith("undo: order xxx")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (Configure(), "nothing"),
        (Configure(Mode.FLAT), "flat"),
        (Configure(None, False), "auto failback off"),
        (Configure(Mode.PRIORITIZED, True), "prioritized, auto failback on"),
        (Activate("cup-b"), "active cup-b"),
        (TWO_STEPS, "auto failback off, active cup-b"),
        (Slate(True), "slate"),
        (Slate(False), "live"),
        (SWAPPED, "order cup-b, cup-a"),
        (Order((("b", True), ("c", False))), "order b, c (c not eligible)"),
        (Channels(("x",), ("y", "z")), "channels + x, − y, z"),
        (Owners((), ("o1",)), "owners − o1"),
        (back(), "undo, back to prioritized, auto failback off"),
    ],
)
def test_a_wish(change: Change, said: str) -> None:
    assert words.wish(change) == said


def test_the_writes_of_a_change_in_a_line_each() -> None:
    assert words.planned(CUP, TWO_STEPS) == ["auto failback off", "active cup-a → cup-b"]
    assert words.planned(MANUAL, Activate("cup-a")) == []
    assert words.planned(replace(MANUAL, active_slicer_id="cup-b"), CHANGES[-1][1]) == [
        "active cup-b → cup-a",
        "auto failback on",
    ]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_line_about_a_change_is_one_line_of_bounded_length(text: str) -> None:
    names = tuple(f"{text}{n}" for n in range(200))
    for change in (Channels(names, names[:3]), Owners(names), Activate(text), Slate(True)):
        for told in (words.wish(change), words.before_after(MANUAL, change)):
            assert "\n" not in told
            assert len(told) <= words.CHANGE_LIMIT


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(-5, "0 s"), (0, "0 s"), (59.9, "59 s"), (60, "1 min"), (3599, "59 min"), (3600, "1 h"),
     (86400, "1 d"), (10**9, "11574 d")],
)  # fmt: skip
def test_an_age(seconds: float, said: str) -> None:
    assert words.age(seconds) == said
    assert words.ago(NOW - timedelta(seconds=seconds), NOW) == f"{said} ago"


@pytest.mark.parametrize(
    ("hours", "shown"),
    [
        (0, "{time}|12:00 UTC>"),
        (11, "{time}|23:00 UTC>"),
        (13, "{date_short_pretty}, {time}|2026-11-24 01:00 UTC>"),
        (-13, "{date_short_pretty}, {time}|2026-11-22 23:00 UTC>"),
    ],
)
def test_a_moment_has_its_day_where_it_is_far_away(hours: int, shown: str) -> None:
    moment = NOW + timedelta(hours=hours)
    assert words.clock(moment, NOW) == f"<!date^{int(moment.timestamp())}^{shown}"


def test_a_moment_with_its_day() -> None:
    moment = datetime(2026, 11, 23, 12, 0, 5, tzinfo=UTC)
    assert words.day_and_time(moment) == (
        f"<!date^{int(moment.timestamp())}^{{date_short_pretty}}, {{time_secs}}"
        "|2026-11-23 12:00:05 UTC>"
    )


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
    assert pieces.ranked(MANY).endswith("s12 and 188 more")
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
