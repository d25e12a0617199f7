"""What a change still has to write, when it holds, when it makes no sense, and what it needs."""

from dataclasses import replace

import pytest

from failover.change import (
    Activate,
    Change,
    Channels,
    Configure,
    Inapplicable,
    Order,
    Owners,
    Slate,
    expected,
    holds,
    inapplicable,
    needed,
    next_write,
    reads_owners,
    unknown_slicers,
    writes,
)
from failover.model import NO_SLICER, Channel, FailoverGroup, Mode, Slicer
from failover.restore import Lost, Restore, lost
from failover.roles import Action
from failover.undo import taking_back
from failover.writes import (
    Patch,
    PutActive,
    PutChannels,
    PutOwners,
    PutSlate,
    PutSlicers,
    Write,
)

F, P = Mode.FLAT, Mode.PRIORITIZED
A, B, C = Slicer("a", True, 1), Slicer("b", True, 2), Slicer("c", False, 3)
GROUP = FailoverGroup(
    id="1" * 32,
    name="Group",
    mode=P,
    auto_failback=False,
    slicers=(A, B, C),
    active_slicer_id="a",
    channels=(Channel("c-1", "Main"),),
    allowed_owners=("o-1",),
)
BACK = replace(GROUP, auto_failback=True)
FLAT = replace(GROUP, mode=F, slicers=tuple(replace(one, order=1) for one in (A, B, C)))
SLATE = replace(GROUP, active_slicer_id=NO_SLICER)

# The group, the change, and every write that it takes from there.
TAKES: list[tuple[FailoverGroup, Change, tuple[Write, ...]]] = [
    (GROUP, Configure(), ()),
    (GROUP, Configure(P, False), ()),
    (GROUP, Configure(P, True), (Patch(None, True),)),
    (GROUP, Configure(F), (Patch(F),)),
    (FLAT, Configure(P, True), (Patch(P, True),)),
    (FLAT, Configure(None, False), ()),
    (GROUP, Activate("a"), ()),
    (BACK, Activate("a", failback_off=True), ()),
    (GROUP, Activate("b"), (PutActive("b"),)),
    (SLATE, Activate("a"), (PutActive("a"),)),
    (BACK, Activate("b", failback_off=True), (Patch(auto_failback=False), PutActive("b"))),
    (GROUP, Slate(False), ()),
    (GROUP, Slate(True), (PutSlate(True),)),
    (SLATE, Slate(False), (PutSlate(False),)),
    (GROUP, Order((("a", True), ("b", True))), ()),
    (
        GROUP,
        Order((("c", False),)),
        (PutSlicers((replace(C, order=1), replace(A, order=2), replace(B, order=3))),),
    ),
    (
        GROUP,
        Order((("a", True), ("b", False), ("c", True))),
        (PutSlicers((A, Slicer("b", False, 2), Slicer("c", True, 3))),),
    ),
    (FLAT, Order((("b", True), ("a", True))), ()),
    (
        FLAT,
        Order((("b", False),)),
        (PutSlicers((Slicer("b", False, 1), Slicer("a", True, 1), Slicer("c", False, 1))),),
    ),
    (GROUP, Channels(("c-1",), ("c-9",)), ()),
    (GROUP, Channels(("c-2", "c-1", "c-2"), ()), (PutChannels(("c-2",)),)),
    (GROUP, Channels((), ("c-1", "c-9")), (PutChannels((), ("c-1",)),)),
    (GROUP, Owners(("o-1",), ("o-2",)), ()),
    (GROUP, Owners(("o-2",), ("o-1",)), (PutOwners(("o-2",), ("o-1",)),)),
    (GROUP, Restore(GROUP, active=True), ()),
    (FLAT, Restore(BACK, active=False), (Patch(P, True),)),
    (replace(GROUP, active_slicer_id="b"), Restore(GROUP, active=False), ()),
    (replace(GROUP, active_slicer_id="b"), Restore(GROUP, active=True), (PutActive("a"),)),
    (
        replace(GROUP, active_slicer_id="b"),
        Restore(BACK, active=True),
        (PutActive("a"), Patch(auto_failback=True)),
    ),
    (
        replace(FLAT, active_slicer_id="b", channels=()),
        Restore(replace(GROUP, slicers=(replace(A, order=2), replace(B, order=1), C)), active=True),
        (
            PutChannels(("c-1",)),
            Patch(P),
            PutSlicers((replace(A, order=2), replace(B, order=1), C)),
            PutActive("a"),
        ),
    ),
    (GROUP, Restore(SLATE, active=False), (PutSlate(True),)),
    (SLATE, Restore(GROUP, active=False), (PutSlate(False),)),
]


@pytest.mark.parametrize(("group", "change", "taken"), TAKES)
def test_what_a_change_takes(
    group: FailoverGroup, change: Change, taken: tuple[Write, ...]
) -> None:
    assert writes(group, change) == taken
    assert next_write(group, change) == (taken[0] if taken else None)
    assert holds(group, change) is (not taken)
    assert holds(expected(group, change), change)


def test_slicers_that_are_not_named_stay_behind_in_their_sequence() -> None:
    after = expected(GROUP, Order((("c", True),)))
    assert [(one.id, one.enabled) for one in after.by_priority] == [
        ("c", True),
        ("a", True),
        ("b", True),
    ]


MISFITS: list[tuple[FailoverGroup, Change, Inapplicable | None]] = [
    (FLAT, Configure(None, True), Inapplicable.FAILBACK_IN_FLAT),
    (GROUP, Configure(F, True), Inapplicable.FAILBACK_IN_FLAT),
    (FLAT, Configure(P, True), None),
    (FLAT, Configure(None, False), None),
    (BACK, Activate("b"), Inapplicable.FAILBACK_IN_THE_WAY),
    (BACK, Activate("b", failback_off=True), None),
    (GROUP, Activate("x"), Inapplicable.UNKNOWN_SLICERS),
    (BACK, Activate("x"), Inapplicable.UNKNOWN_SLICERS),
    (GROUP, Order((("a", True), ("x", True))), Inapplicable.UNKNOWN_SLICERS),
    (GROUP, Order((("b", True), ("a", True))), None),
    (GROUP, Slate(True), None),
]


@pytest.mark.parametrize(("group", "change", "why"), MISFITS)
def test_what_makes_no_sense(
    group: FailoverGroup, change: Change, why: Inapplicable | None
) -> None:
    assert inapplicable(group, change) is why


def test_unknown_slicers_are_named() -> None:
    assert unknown_slicers(GROUP, Order((("x", True), ("a", True), ("y", False)))) == ("x", "y")
    assert unknown_slicers(GROUP, Activate("z")) == ("z",)
    assert unknown_slicers(GROUP, Slate(True)) == ()


NEEDS: list[tuple[Change, Action]] = [
    (Configure(F), Action.CONFIGURE),
    (Activate("a"), Action.ACTIVATE),
    (Slate(True), Action.SLATE),
    (Order((("a", True),)), Action.ORDER),
    (Channels(("c-1",)), Action.CHANNELS),
    (Owners(("o-1",)), Action.OWNERS),
]


@pytest.mark.parametrize(("change", "action"), NEEDS)
def test_what_one_must_be_allowed(change: Change, action: Action) -> None:
    assert needed(change) is action
    assert reads_owners(change) is (action is Action.OWNERS)
    back = taking_back(GROUP, change, "1")
    admins = action in (Action.CHANNELS, Action.OWNERS)
    assert needed(back) is (action if admins else Action.UNDO)
    assert needed(taking_back(GROUP, back, "2")) is needed(back)


def test_the_active_slicer_goes_back_only_where_a_person_moved_it() -> None:
    assert taking_back(GROUP, Activate("b"), "1").active
    assert taking_back(GROUP, taking_back(GROUP, Activate("b"), "1"), "2").active
    assert not taking_back(GROUP, Configure(F), "1").active
    assert not taking_back(replace(GROUP, active_slicer_id=None), Activate("b"), "1").active


def test_what_cannot_be_brought_back_is_known_beforehand() -> None:
    moved = replace(GROUP, active_slicer_id="b")
    assert lost(moved, Restore(GROUP, active=False)) == (Lost.ACTIVE_SLICER,)
    assert lost(moved, Restore(GROUP, active=True)) == ()
    assert lost(SLATE, Restore(GROUP, active=False)) == ()
    other = replace(GROUP, slicers=(A, B, Slicer("d", True, 4)))
    assert lost(other, Restore(GROUP, active=False)) == (Lost.SLICERS_GONE, Lost.SLICERS_NEW)
