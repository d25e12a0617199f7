"""What is foreseen of a change of mode, failback, order or eligibility."""

from dataclasses import replace

from failover.change import (
    Configure,
)
from failover.foresight import Code
from failover.model import Mode
from tests.builders import FLAT, PRIORITIZED, flat, group, order, slicers
from tests.failover.foreseen import (
    FAILBACK,
    FED,
    NEXT,
    NEXT_1,
    ON,
    SLATED,
    STAYS,
    STAYS_2,
    THREE,
    TODAY,
    C,
    Rows,
)

# What it is; the group; the change; everything that is said, in order.
CONFIGURED: Rows = [
    ("holds already", group(), PRIORITIZED, (C(Code.NO_CHANGE),)),
    ("nothing asked", group(), Configure(), (C(Code.NO_CHANGE),)),
    ("both hold", FAILBACK, Configure(Mode.PRIORITIZED, True), (C(Code.NO_CHANGE),)),
    (
        "to prioritized",
        flat(),
        PRIORITIZED,
        (STAYS, C(Code.ORDER_REWRITTEN, ("s1", "s2")), NEXT),
    ),
    (
        "to prioritized as it stood before",
        flat(slicers=slicers("s1", "s2", orders=(1, 2))),
        PRIORITIZED,
        (STAYS, NEXT),
    ),
    (
        "to prioritized, listed otherwise than ordered",
        flat(slicers=slicers("b", "a", "c", orders=(2, 1, 3)), active_slicer_id="b"),
        PRIORITIZED,
        (
            C(Code.VIEWERS_STAY, ("b",)),
            C(Code.ORDER_REWRITTEN, ("b", "a", "c")),
            C(Code.TODAY_BY_CHANCE, ("a", "c")),
            C(Code.NEXT_IN_ORDER, ("a", "c")),
        ),
    ),
    (
        "to prioritized with failback, the active one first",
        flat(),
        Configure(Mode.PRIORITIZED, True),
        (STAYS, C(Code.ORDER_REWRITTEN, ("s1", "s2")), NEXT, C(Code.NO_MANUAL_SWITCH)),
    ),
    (
        "to prioritized with failback, another one first",
        flat(active_slicer_id="s2"),
        Configure(Mode.PRIORITIZED, True),
        (
            C(Code.ORDER_REWRITTEN, ("s1", "s2")),
            NEXT_1,
            C(Code.SWITCHES_BACK, ("s1", "s2")),
            C(Code.NO_MANUAL_SWITCH),
        ),
    ),
    (
        "to prioritized where failback was left on in flat",
        flat(auto_failback=True, active_slicer_id="s2"),
        PRIORITIZED,
        (
            C(Code.ORDER_REWRITTEN, ("s1", "s2")),
            NEXT_1,
            C(Code.SWITCHES_BACK, ("s1", "s2")),
            C(Code.NO_MANUAL_SWITCH),
        ),
    ),
    (
        "failback on, the active one second",
        group(active_slicer_id="s2"),
        ON,
        (NEXT_1, C(Code.SWITCHES_BACK, ("s1", "s2")), C(Code.NO_MANUAL_SWITCH)),
    ),
    (
        "failback on, the first by order is not eligible",
        group(active_slicer_id="s2", slicers=slicers("s1", "s2", off=["s1"])),
        ON,
        (STAYS_2, C(Code.NO_BACKUP), C(Code.NO_MANUAL_SWITCH)),
    ),
    (
        "failback on, nobody knows what is active",
        group(active_slicer_id=None),
        ON,
        (C(Code.NEXT_IN_ORDER, ("s1", "s2")), C(Code.NO_MANUAL_SWITCH)),
    ),
    (
        "failback on, nobody knows what is active, and one is eligible",
        group(active_slicer_id=None, slicers=slicers("s1", "s2", off=["s2"])),
        ON,
        (C(Code.ONE_ELIGIBLE, ("s1",)), C(Code.NO_MANUAL_SWITCH)),
    ),
    (
        "failback on while on slate",
        SLATED,
        ON,
        (C(Code.ON_SLATE), C(Code.NEXT_IN_ORDER, ("s1", "s2")), C(Code.NO_MANUAL_SWITCH)),
    ),
    (
        "failback off",
        FAILBACK,
        Configure(auto_failback=False),
        (STAYS, NEXT, C(Code.STAYS_AFTER_FAILOVER), C(Code.MANUAL_SWITCH_AGAIN)),
    ),
    (
        "to flat",
        group(slicers=slicers("z", "s1", "b")),
        FLAT,
        (
            STAYS,
            C(Code.ORDER_UNDOCUMENTED),
            C(Code.TODAY_IN_ORDER, ("z", "b")),
            C(Code.NEXT_BY_CHANCE, ("b", "z")),
        ),
    ),
    (
        "to flat from failback",
        FAILBACK,
        FLAT,
        (
            STAYS,
            C(Code.ORDER_UNDOCUMENTED),
            C(Code.NEXT_BY_CHANCE, ("s2",)),
            C(Code.STAYS_AFTER_FAILOVER),
            C(Code.MANUAL_SWITCH_AGAIN),
        ),
    ),
    (
        "no backup",
        group(slicers=slicers("s1", "s2", off=["s2"])),
        FLAT,
        (STAYS, C(Code.ORDER_UNDOCUMENTED), C(Code.NO_BACKUP)),
    ),
    (
        "no slicers at all",
        flat(slicers=(), active_slicer_id=None),
        PRIORITIZED,
        (C(Code.NO_BACKUP),),
    ),
    (
        "channels are counted",
        FED,
        FLAT,
        (
            STAYS,
            C(Code.ORDER_UNDOCUMENTED),
            C(Code.NEXT_BY_CHANCE, ("s2",)),
            C(Code.CHANNELS, count=3),
        ),
    ),
]
ORDERED: Rows = [
    ("order as it is", THREE, order("a", "b"), (C(Code.NO_CHANGE),)),
    (
        "another order",
        THREE,
        order("a", "c"),
        (
            C(Code.VIEWERS_STAY, ("a",)),
            C(Code.ORDER_BECOMES, ("a", "c", "b")),
            C(Code.TODAY_IN_ORDER, ("b", "c")),
            C(Code.NEXT_IN_ORDER, ("c", "b")),
        ),
    ),
    (
        "the active one goes last",
        THREE,
        order("b", "c"),
        (
            C(Code.VIEWERS_STAY, ("a",)),
            C(Code.ORDER_BECOMES, ("b", "c", "a")),
            C(Code.NEXT_IN_ORDER, ("b", "c")),
        ),
    ),
    (
        "the active one goes last under failback",
        replace(THREE, auto_failback=True),
        order("b", "c"),
        (
            C(Code.ORDER_BECOMES, ("b", "c", "a")),
            C(Code.NEXT_IN_ORDER, ("b", "c")),
            C(Code.SWITCHES_BACK, ("b", "a")),
        ),
    ),
    (
        "the last other one is made ineligible",
        group(),
        order("s1", "-s2"),
        (STAYS, C(Code.INELIGIBLE_NOW, ("s2",)), TODAY, C(Code.NO_BACKUP)),
    ),
    (
        "one of two others is made ineligible",
        THREE,
        order("a", "b", "-c"),
        (
            C(Code.VIEWERS_STAY, ("a",)),
            C(Code.INELIGIBLE_NOW, ("c",)),
            C(Code.TODAY_IN_ORDER, ("b", "c")),
            C(Code.NEXT_IN_ORDER, ("b",)),
        ),
    ),
    (
        "the active one is made ineligible",
        group(),
        order("-s1", "s2"),
        (STAYS, C(Code.INELIGIBLE_NOW, ("s1",)), C(Code.ACTIVE_INELIGIBLE, ("s1",)), NEXT),
    ),
    (
        "the active one is made ineligible under failback",
        FAILBACK,
        order("-s1", "s2"),
        (
            C(Code.INELIGIBLE_NOW, ("s1",)),
            C(Code.ACTIVE_INELIGIBLE, ("s1",)),
            NEXT,
            C(Code.SWITCHES_BACK, ("s2", "s1")),
        ),
    ),
    (
        "all are made ineligible",
        group(),
        order("-s1", "-s2"),
        (
            STAYS,
            C(Code.INELIGIBLE_NOW, ("s1", "s2")),
            C(Code.ACTIVE_INELIGIBLE, ("s1",)),
            TODAY,
            C(Code.NO_BACKUP),
        ),
    ),
    (
        "a backup is won",
        group(slicers=slicers("s1", "s2", off=["s2"])),
        order("s1", "s2"),
        (STAYS, C(Code.ELIGIBLE_NOW, ("s2",)), C(Code.TODAY_NO_BACKUP), NEXT),
    ),
    ("order alone in flat", flat(), order("s2", "s1"), (C(Code.NO_CHANGE),)),
    (
        "eligibility in flat",
        flat(),
        order("s2", "-s1"),
        (
            STAYS,
            C(Code.ORDER_COUNTS_FOR_NOTHING),
            C(Code.INELIGIBLE_NOW, ("s1",)),
            C(Code.ACTIVE_INELIGIBLE, ("s1",)),
            C(Code.NEXT_BY_CHANCE, ("s2",)),
        ),
    ),
    (
        "order on slate",
        SLATED,
        order("s2", "s1"),
        (
            C(Code.ON_SLATE),
            C(Code.ORDER_BECOMES, ("s2", "s1")),
            C(Code.NEXT_IN_ORDER, ("s2", "s1")),
        ),
    ),
]
