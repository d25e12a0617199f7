"""A change of each kind, with the group it is asked of and the writes that it takes."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from failover.change import Activate, Change, Channels, Configure, Order, Owners, Slate
from failover.lifecycle import Actor
from failover.model import NO_SLICER, Channel, FailoverGroup, Mode, Slicer
from failover.restore import Restore
from failover.writes import (
    Patch,
    PutActive,
    PutChannels,
    PutOwners,
    PutSlate,
    PutSlicers,
    Write,
)
from tests.builders import ADMIN, OPERATOR, flat, group, slicers
from tests.stage import Stage

C1, C2, C3 = (Channel(f"c{number}", "") for number in (1, 2, 3))
MANUAL = group(slicers=slicers("s1", "s2", "s3"), channels=(C1, C2), allowed_owners=("u1", "u2"))
FAILING_BACK = replace(MANUAL, auto_failback=True)
SLATED = replace(MANUAL, active_slicer_id=NO_SLICER)
ON_S2 = replace(MANUAL, active_slicer_id="s2")
EVEN = flat(channels=(C1,), allowed_owners=("u1",))
TWO_STEPS = Activate("s2", failback_off=True)


@dataclass(frozen=True)
class Case:
    """``there`` before and ``then`` afterwards, allowed owners included."""

    name: str
    there: FailoverGroup
    change: Change
    writes: tuple[Write, ...]
    then: FailoverGroup
    actor: Actor = OPERATOR

    def stage(self) -> Stage:
        """Everything over this group."""
        return Stage(self.there)


def ranked(*rows: tuple[str, bool]) -> tuple[Slicer, ...]:
    """Slicers in this order."""
    return tuple(Slicer(one, on, place) for place, (one, on) in enumerate(rows, start=1))


def _order(there: FailoverGroup, ranking: Iterable[tuple[str, bool]], *rows: Slicer) -> Case:
    by_id = {one.id: one for one in rows}
    then = replace(there, slicers=tuple(by_id[one.id] for one in there.slicers))
    name = f"order in {there.mode}"
    return Case(name, there, Order(tuple(ranking)), (PutSlicers(rows),), then)


CASES = (
    Case(
        "configure",
        EVEN,
        Configure(Mode.PRIORITIZED, True),
        (Patch(Mode.PRIORITIZED, True),),
        replace(EVEN, mode=Mode.PRIORITIZED, auto_failback=True, slicers=slicers("s1", "s2")),
    ),
    Case("activate", MANUAL, Activate("s2"), (PutActive("s2"),), ON_S2),
    Case("activate, failback is off", MANUAL, TWO_STEPS, (PutActive("s2"),), ON_S2),
    Case(
        "activate in two steps",
        FAILING_BACK,
        TWO_STEPS,
        (Patch(auto_failback=False), PutActive("s2")),
        ON_S2,
    ),
    Case("activate on slate", SLATED, Activate("s2"), (PutActive("s2"),), ON_S2),
    Case("slate on", FAILING_BACK, Slate(True), (PutSlate(True),),
         replace(FAILING_BACK, active_slicer_id=NO_SLICER)),
    Case("slate off", SLATED, Slate(False), (PutSlate(False),), MANUAL),
    _order(
        MANUAL, (("s3", True), ("s1", False)), *ranked(("s3", True), ("s1", False), ("s2", True))
    ),
    _order(EVEN, (("s2", False),), Slicer("s2", False, 1), Slicer("s1", True, 1)),
    Case(
        "channels",
        MANUAL,
        Channels(("c3", "c1"), ("c2", "c9")),
        (PutChannels(("c3",), ("c2",)),),
        replace(MANUAL, channels=(C1, C3)),
        ADMIN,
    ),
    Case(
        "owners",
        MANUAL,
        Owners(("u3", "u1"), ("u2", "u9")),
        (PutOwners(("u3",), ("u2",)),),
        replace(MANUAL, allowed_owners=("u1", "u3")),
        ADMIN,
    ),
    Case(
        "restore in three steps",
        replace(FAILING_BACK, active_slicer_id="s2"),
        Restore(replace(FAILING_BACK, allowed_owners=None), active=True, change_id="c"),
        (Patch(auto_failback=False), PutActive("s1"), Patch(auto_failback=True)),
        FAILING_BACK,
    ),
    Case(
        "restore mode, order and slate",
        replace(EVEN, allowed_owners=None),
        Restore(
            replace(
                EVEN,
                mode=Mode.PRIORITIZED,
                slicers=ranked(("s1", True), ("s2", False)),
                active_slicer_id=NO_SLICER,
                allowed_owners=None,
            ),
            active=False,
        ),
        (
            Patch(Mode.PRIORITIZED),
            PutSlicers(ranked(("s1", True), ("s2", False))),
            PutSlate(True),
        ),
        replace(
            EVEN,
            mode=Mode.PRIORITIZED,
            slicers=ranked(("s1", True), ("s2", False)),
            active_slicer_id=NO_SLICER,
            allowed_owners=None,
        ),
    ),
)  # fmt: skip
NAMES = [case.name for case in CASES]
