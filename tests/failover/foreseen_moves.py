"""What is foreseen where viewers move: another slicer, the slate."""

from dataclasses import replace

from failover.change import (
    Activate,
    Slate,
)
from failover.foresight import Code
from failover.model import NO_SLICER
from tests.builders import channels, flat, group, later, slicers
from tests.failover.foreseen import FAILBACK, FED, HOSTILE, NEXT_1, SLATED, TODAY, C, Rows

# What it is; the group; the change; everything that is said, in order.
MOVED: Rows = [
    ("active already", group(), Activate("s1"), (C(Code.NO_CHANGE),)),
    (
        "activate",
        FED,
        Activate("s2"),
        (C(Code.VIEWERS_MOVE, ("s1", "s2"), 3), TODAY, NEXT_1),
    ),
    (
        "activate where it is not known who serves",
        group(active_slicer_id=None),
        Activate("s2"),
        (
            C(Code.VIEWERS_MOVE_TO, ("s2",)),
            C(Code.TODAY_IN_ORDER, ("s1", "s2")),
            NEXT_1,
        ),
    ),
    (
        "activate out of the slate",
        replace(SLATED, channels=channels(1)),
        Activate("s2"),
        (C(Code.SLATE_ENDS_ON, ("s2",), 1), NEXT_1),
    ),
    (
        "activate one that is not eligible",
        group(slicers=slicers("s1", "s2", off=["s2"])),
        Activate("s2"),
        (
            C(Code.VIEWERS_MOVE, ("s1", "s2")),
            C(Code.ACTIVATES_INELIGIBLE, ("s2",)),
            C(Code.TODAY_NO_BACKUP),
            NEXT_1,
        ),
    ),
    (
        "leave one that is not eligible",
        group(slicers=slicers("s1", "s2", off=["s1"])),
        Activate("s2"),
        (C(Code.VIEWERS_MOVE, ("s1", "s2")), TODAY, C(Code.NO_BACKUP)),
    ),
    (
        "activate in two steps",
        FAILBACK,
        Activate("s2", failback_off=True),
        (
            C(Code.VIEWERS_MOVE, ("s1", "s2")),
            C(Code.FAILBACK_OFF_FIRST),
            TODAY,
            NEXT_1,
            C(Code.STAYS_AFTER_FAILOVER),
            C(Code.MANUAL_SWITCH_AGAIN),
        ),
    ),
    (
        "activate in two steps where one is enough",
        group(),
        Activate("s2", failback_off=True),
        (C(Code.VIEWERS_MOVE, ("s1", "s2")), TODAY, NEXT_1),
    ),
    (
        "activate in flat",
        flat(slicers=slicers("s1", "s2", "s3", orders=(1, 1, 1))),
        Activate("s2"),
        (
            C(Code.VIEWERS_MOVE, ("s1", "s2")),
            C(Code.TODAY_BY_CHANCE, ("s2", "s3")),
            C(Code.NEXT_BY_CHANCE, ("s1", "s3")),
        ),
    ),
    (
        "activate after a recent failover",
        group(failover_time=later(-1)),
        Activate("s2"),
        (
            C(Code.VIEWERS_MOVE, ("s1", "s2")),
            TODAY,
            NEXT_1,
            C(Code.RECENT_FAILOVER, moment=later(-1)),
        ),
    ),
    (
        "activate what is named to harm",
        group(slicers=slicers("s1", HOSTILE)),
        Activate(HOSTILE),
        (
            C(Code.VIEWERS_MOVE, ("s1", HOSTILE)),
            C(Code.TODAY_IN_ORDER, (HOSTILE,)),
            NEXT_1,
        ),
    ),
    ("slate on", FED, Slate(True), (C(Code.SLATE_BEGINS, ("s1",), 3),)),
    (
        "slate on where it is not known who serves",
        group(active_slicer_id=None),
        Slate(True),
        (C(Code.SLATE_BEGINS),),
    ),
    ("slate on already", SLATED, Slate(True), (C(Code.NO_CHANGE),)),
    (
        "slate off",
        replace(SLATED, channels=channels(2)),
        Slate(False),
        (C(Code.SLATE_ENDS, count=2), C(Code.NEXT_IN_ORDER, ("s1", "s2"))),
    ),
    (
        "slate off, one eligible",
        group(active_slicer_id=NO_SLICER, slicers=slicers("s1", "s2", off=["s1"])),
        Slate(False),
        (C(Code.SLATE_ENDS), C(Code.ONE_ELIGIBLE, ("s2",))),
    ),
]
