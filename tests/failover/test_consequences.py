"""What is said before a change, from the live state of the group."""

from datetime import datetime

import pytest

from failover.change import Configure
from failover.consequences import RECENT_FAILOVER, WARNINGS, Code, Consequence, foresee
from failover.model import NO_SLICER, FailoverGroup, Mode
from tests.builders import FLAT, PRIORITIZED, START, channels, flat, group, later, slicers

FAILBACK = group(auto_failback=True)
C = Consequence
NEXT = C(Code.NEXT_IN_ORDER, ("s2",))

# The group; the change; everything that is said, in order.
TABLE: list[tuple[str, FailoverGroup, Configure, tuple[Consequence, ...]]] = [
    ("holds already", group(), PRIORITIZED, (C(Code.NO_CHANGE),)),
    ("nothing asked", group(), Configure(), (C(Code.NO_CHANGE),)),
    ("both hold", FAILBACK, Configure(Mode.PRIORITIZED, True), (C(Code.NO_CHANGE),)),
    (
        "to prioritized",
        flat(),
        PRIORITIZED,
        (C(Code.ORDER_REWRITTEN, ("s1", "s2")), NEXT),
    ),
    (
        "to prioritized as it stood before",
        flat(slicers=slicers("s1", "s2", orders=(1, 2))),
        PRIORITIZED,
        (NEXT,),
    ),
    (
        "to prioritized, listed otherwise than ordered",
        flat(slicers=slicers("b", "a", "c", orders=(2, 1, 3)), active_slicer_id="b"),
        PRIORITIZED,
        (C(Code.ORDER_REWRITTEN, ("b", "a", "c")), C(Code.NEXT_IN_ORDER, ("a", "c"))),
    ),
    (
        "to prioritized with failback, the active one first",
        flat(),
        Configure(Mode.PRIORITIZED, True),
        (C(Code.ORDER_REWRITTEN, ("s1", "s2")), NEXT, C(Code.NO_MANUAL_SWITCH)),
    ),
    (
        "to prioritized with failback, another one first",
        flat(active_slicer_id="s2"),
        Configure(Mode.PRIORITIZED, True),
        (
            C(Code.ORDER_REWRITTEN, ("s1", "s2")),
            C(Code.NEXT_IN_ORDER, ("s1",)),
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
            C(Code.NEXT_IN_ORDER, ("s1",)),
            C(Code.SWITCHES_BACK, ("s1", "s2")),
            C(Code.NO_MANUAL_SWITCH),
        ),
    ),
    (
        "failback on, the active one second",
        group(active_slicer_id="s2"),
        Configure(auto_failback=True),
        (
            C(Code.NEXT_IN_ORDER, ("s1",)),
            C(Code.SWITCHES_BACK, ("s1", "s2")),
            C(Code.NO_MANUAL_SWITCH),
        ),
    ),
    (
        "failback on, the first by order is not eligible",
        group(active_slicer_id="s2", slicers=slicers("s1", "s2", off=["s1"])),
        Configure(auto_failback=True),
        (C(Code.NO_BACKUP), C(Code.NO_MANUAL_SWITCH)),
    ),
    (
        "failback on, nobody knows what is active",
        group(active_slicer_id=None),
        Configure(auto_failback=True),
        (C(Code.NEXT_IN_ORDER, ("s1", "s2")), C(Code.NO_MANUAL_SWITCH)),
    ),
    (
        "failback on while on slate",
        group(active_slicer_id=NO_SLICER),
        Configure(auto_failback=True),
        (C(Code.NEXT_IN_ORDER, ("s1", "s2")), C(Code.NO_MANUAL_SWITCH), C(Code.ON_SLATE)),
    ),
    (
        "failback off",
        FAILBACK,
        Configure(auto_failback=False),
        (NEXT, C(Code.STAYS_AFTER_FAILOVER), C(Code.MANUAL_SWITCH_AGAIN)),
    ),
    (
        "to flat",
        group(slicers=slicers("z", "s1", "b")),
        FLAT,
        (C(Code.ORDER_UNDOCUMENTED), C(Code.NEXT_BY_CHANCE, ("b", "z"))),
    ),
    (
        "to flat from failback",
        FAILBACK,
        FLAT,
        (
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
        (C(Code.ORDER_UNDOCUMENTED), C(Code.NO_BACKUP)),
    ),
    (
        "no slicers at all",
        flat(slicers=(), active_slicer_id=None),
        PRIORITIZED,
        (C(Code.NO_BACKUP),),
    ),
    (
        "channels are counted",
        group(channels=channels(3)),
        FLAT,
        (
            C(Code.ORDER_UNDOCUMENTED),
            C(Code.NEXT_BY_CHANCE, ("s2",)),
            C(Code.CHANNELS, count=3),
        ),
    ),
]


@pytest.mark.parametrize(
    ("before", "change", "said"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)
def test_what_is_said(
    before: FailoverGroup, change: Configure, said: tuple[Consequence, ...]
) -> None:
    assert foresee(before, change, START) == said


def test_the_table_says_everything_that_can_be_said() -> None:
    said = {one.code for row in TABLE for one in row[3]}
    assert said == set(Code) - {Code.RECENT_FAILOVER}


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (None, False),
        (START, True),
        (later(-1), True),
        (START - RECENT_FAILOVER, False),
        (START - RECENT_FAILOVER + (later(1) - START), True),
    ],
)
def test_a_recent_failover(moment: datetime | None, said: bool) -> None:
    found = foresee(group(failover_time=moment), FLAT, START)
    expected = [Consequence(Code.RECENT_FAILOVER, moment=moment)] if said else []
    assert [one for one in found if one.code is Code.RECENT_FAILOVER] == expected


def test_on_slate_a_recent_failover_is_nothing_to_go_by() -> None:
    on_slate = group(active_slicer_id=NO_SLICER, failover_time=later(-1))
    codes = [one.code for one in foresee(on_slate, FLAT, START)]
    assert Code.RECENT_FAILOVER not in codes
    assert Code.ON_SLATE in codes


def test_what_holds_already_is_not_foretold_again() -> None:
    both = Configure(Mode.PRIORITIZED, False)
    assert foresee(FAILBACK, both, START) == foresee(FAILBACK, Configure(None, False), START)


def test_warnings_are_codes_that_are_said() -> None:
    assert frozenset(Code) >= WARNINGS
    assert Code.NO_CHANGE not in WARNINGS
