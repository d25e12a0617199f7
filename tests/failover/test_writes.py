"""Each of the six writes: when it is done, what it leads to, and what one reading proves."""

from dataclasses import replace
from itertools import product

import pytest

from failover.model import NO_SLICER, Channel, FailoverGroup, Mode, Slicer
from failover.writes import (
    Patch,
    PutActive,
    PutChannels,
    PutOwners,
    PutSlate,
    PutSlicers,
    Verdict,
    Write,
    after,
    done,
    judge,
    same_settings,
)

A, B, C = Slicer("a", True, 1), Slicer("b", True, 2), Slicer("c", False, 3)
ONE, TWO = Channel("c-1", "Main"), Channel("c-2", "Other")
GROUP = FailoverGroup(
    id="1" * 32,
    name="Group",
    mode=Mode.PRIORITIZED,
    auto_failback=True,
    slicers=(A, B, C),
    active_slicer_id="a",
    channels=(ONE, TWO),
    allowed_owners=("o-1",),
)
SLATE = replace(GROUP, active_slicer_id=NO_SLICER)
FLAT = replace(GROUP, mode=Mode.FLAT)

# A write, the group before, the group as the write wants it, and one that is neither.
CASES: list[tuple[Write, FailoverGroup, FailoverGroup, FailoverGroup | None]] = [
    (Patch(Mode.FLAT), GROUP, FLAT, replace(GROUP, auto_failback=False)),
    (Patch(auto_failback=False), GROUP, replace(GROUP, auto_failback=False), FLAT),
    (
        Patch(Mode.FLAT, False),
        GROUP,
        replace(FLAT, auto_failback=False),
        FLAT,
    ),
    (
        PutSlicers((Slicer("b", False, 1), Slicer("a", True, 2))),
        GROUP,
        replace(GROUP, slicers=(Slicer("a", True, 2), Slicer("b", False, 1), C)),
        replace(GROUP, slicers=(A, Slicer("b", False, 1), C)),
    ),
    (
        PutActive("b"),
        GROUP,
        replace(GROUP, active_slicer_id="b"),
        replace(GROUP, active_slicer_id="c"),
    ),
    (PutActive("a"), SLATE, GROUP, replace(GROUP, active_slicer_id="b")),
    (PutSlate(True), GROUP, SLATE, None),
    (PutSlate(False), SLATE, GROUP, None),
    (
        PutChannels(("c-3",), ("c-2",)),
        GROUP,
        replace(GROUP, channels=(ONE, Channel("c-3", "New"))),
        replace(GROUP, channels=(ONE,)),
    ),
    (
        PutOwners(("o-2",), ("o-1",)),
        GROUP,
        replace(GROUP, allowed_owners=("o-2",)),
        replace(GROUP, allowed_owners=("o-1", "o-2")),
    ),
]


@pytest.mark.parametrize(("write", "before", "wanted", "other"), CASES)
def test_a_reading_proves_what_became_of_a_write(
    write: Write, before: FailoverGroup, wanted: FailoverGroup, other: FailoverGroup | None
) -> None:
    assert not done(before, write)
    assert done(wanted, write)
    assert judge(before, write, wanted) is Verdict.APPLIED
    assert judge(before, write, before) is Verdict.NOT_APPLIED
    if other is not None:
        assert judge(before, write, other) is Verdict.DIFFERENT


@pytest.mark.parametrize(("write", "before", "wanted", "other"), CASES)
def test_what_a_write_should_lead_to(
    write: Write, before: FailoverGroup, wanted: FailoverGroup, other: FailoverGroup | None
) -> None:
    foreseen = after(before, write)
    assert done(foreseen, write)
    assert same_settings(foreseen, wanted)
    assert after(foreseen, write) == foreseen or isinstance(write, PutChannels | PutOwners)


def test_what_the_write_does_not_touch_proves_nothing() -> None:
    moved = replace(GROUP, active_slicer_id="b", channels=(ONE,))
    assert judge(GROUP, Patch(Mode.FLAT), moved) is Verdict.NOT_APPLIED
    assert judge(GROUP, PutSlate(True), moved) is Verdict.NOT_APPLIED


def test_prioritized_follows_the_sequence_of_the_list() -> None:
    group = replace(FLAT, slicers=(Slicer("b", True, 1), Slicer("a", False, 1)))
    assert after(group, Patch(Mode.PRIORITIZED)).slicers == (
        Slicer("b", True, 1),
        Slicer("a", False, 2),
    )


def test_the_mode_that_already_holds_rewrites_nothing() -> None:
    group = replace(GROUP, slicers=(Slicer("b", True, 2), Slicer("a", True, 1)))
    assert after(group, Patch(Mode.PRIORITIZED, False)).slicers == group.slicers


@pytest.mark.parametrize(
    ("mode", "change", "same"),
    [
        (mode, change, same)
        for mode, (change, same) in product(
            Mode,
            [
                ({"active_slicer_id": "b"}, True),
                ({"failover_time": None, "name": "Other"}, True),
                ({"active_slicer_id": NO_SLICER}, False),
                ({"slicers": (A, B, Slicer("c", True, 3))}, False),
                ({"channels": (ONE,)}, False),
                ({"allowed_owners": ()}, False),
            ],
        )
    ],
)
def test_settings_are_what_people_set(mode: Mode, change: dict[str, object], same: bool) -> None:
    group = replace(GROUP, mode=mode)
    assert same_settings(group, replace(group, **change)) is same  # type: ignore[arg-type]


def test_in_flat_order_and_failback_are_no_settings() -> None:
    other = (Slicer("a", True, 1), Slicer("b", True, 1), Slicer("c", False, 1))
    assert same_settings(FLAT, replace(FLAT, slicers=other, auto_failback=False))
    assert not same_settings(GROUP, replace(GROUP, slicers=other))
    assert not same_settings(GROUP, replace(GROUP, auto_failback=False))
