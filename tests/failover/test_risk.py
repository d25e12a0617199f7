"""Which changes lessen the protection of a group."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from failover.change import Activate, Change, Channels, Configure, Order, Slate
from failover.model import NO_SLICER, FailoverGroup, Mode, Slicer
from failover.restore import Restore
from failover.risk import UNPROVEN, Lessened, lessened

NOW = datetime(2026, 6, 1, 20, 0, tzinfo=UTC)
A, B, C = Slicer("a", True, 1), Slicer("b", True, 2), Slicer("c", False, 3)
GROUP = FailoverGroup(
    id="1" * 32,
    name="Group",
    mode=Mode.PRIORITIZED,
    auto_failback=False,
    slicers=(A, B, C),
    active_slicer_id="a",
)
FLAT = replace(GROUP, mode=Mode.FLAT)
SLATE = replace(GROUP, active_slicer_id=NO_SLICER)
BACK = replace(GROUP, auto_failback=True)
JUST = replace(GROUP, failover_time=NOW - timedelta(minutes=4, seconds=59))
LONG = replace(GROUP, failover_time=NOW - UNPROVEN)
ALONE = replace(GROUP, slicers=(A, replace(B, enabled=False), C))

CASES: list[tuple[FailoverGroup, Change, tuple[Lessened, ...]]] = [
    (GROUP, Configure(Mode.FLAT), (Lessened.TO_FLAT,)),
    (FLAT, Configure(Mode.FLAT), ()),
    (FLAT, Configure(Mode.PRIORITIZED), ()),
    (FLAT, Restore(GROUP, active=False), ()),
    (GROUP, Restore(FLAT, active=False), (Lessened.TO_FLAT,)),
    (GROUP, Configure(None, True), ()),
    (JUST, Configure(None, True), (Lessened.FAILBACK_TO_UNPROVEN,)),
    (LONG, Configure(None, True), ()),
    (replace(JUST, auto_failback=True), Configure(None, False), ()),
    (
        replace(JUST, mode=Mode.FLAT),
        Configure(Mode.PRIORITIZED, True),
        (Lessened.FAILBACK_TO_UNPROVEN,),
    ),
    (GROUP, Slate(True), (Lessened.SLATE,)),
    (SLATE, Slate(False), ()),
    (SLATE, Restore(GROUP, active=False), ()),
    (GROUP, Order((("a", True), ("b", False))), (Lessened.LAST_BACKUP,)),
    (GROUP, Order((("b", False), ("c", True))), ()),
    (GROUP, Order((("b", True), ("a", True))), ()),
    (ALONE, Order((("b", True),)), ()),
    (ALONE, Order((("a", False),)), ()),
    (GROUP, Activate("b"), ()),
    (BACK, Activate("b", failback_off=True), ()),
    (GROUP, Channels(("c-1",)), ()),
    (
        JUST,
        Restore(replace(FLAT, active_slicer_id=NO_SLICER), active=False),
        (Lessened.TO_FLAT, Lessened.SLATE),
    ),
]


@pytest.mark.parametrize(("group", "change", "ways"), CASES)
def test_what_lessens_protection(
    group: FailoverGroup, change: Change, ways: tuple[Lessened, ...]
) -> None:
    assert lessened(group, change, NOW) == ways
