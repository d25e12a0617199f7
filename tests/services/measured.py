"""Short ways to lock, unlock, pause and resume on a stage."""

from typing import Any

from failover.lifecycle import Record
from failover.measures import InForce, Lock, Measure, Pause, Resume, Unlock
from tests.builders import ADMIN, ID_A, OPERATOR
from tests.stage import Stage

HOUR = 3600.0


def locks(stage: Stage, seconds: int | None = 3600, **given: Any) -> Record:
    """Somebody, the operator unless it says otherwise, asks for a lock on the first group."""
    return measures(stage, Lock(seconds), **{"reason": "the final", **given})


def unlocks(stage: Stage, **given: Any) -> Record:
    """Somebody asks for the lock on the first group to be taken away."""
    return measures(stage, Unlock(), **given)


def pauses(stage: Stage, **given: Any) -> Record:
    """Somebody, the admin unless it says otherwise, asks for the pause of everything."""
    return measures(stage, Pause(), **{"actor": ADMIN, "group": "", "reason": "fire", **given})


def resumes(stage: Stage, **given: Any) -> Record:
    """Somebody, the admin unless it says otherwise, asks for the end of the pause."""
    return measures(stage, Resume(), **{"actor": ADMIN, "group": "", **given})


def measures(stage: Stage, change: Measure, **given: Any) -> Record:
    """A measure is asked for, each time by a press of its own."""
    plain = {"key": f"measure-{len(stage.ledger.records)}", "actor": OPERATOR, "group": ID_A}
    return stage.does(**{**plain, "change": change, **given})


def lock_of(stage: Stage, group_id: str = ID_A) -> InForce | None:
    """The newest lock of a group, ended or not."""
    return stage.forces.in_force(group_id).lock


def pause_of(stage: Stage) -> InForce | None:
    """The pause, if there is one."""
    return stage.forces.in_force(None).pause


def in_place(stage: Stage) -> tuple[InForce | None, InForce | None]:
    """All that is in force: the first group's lock, and the pause."""
    return lock_of(stage), pause_of(stage)


def meanwhile(stage: Stage, point: str, does: Any) -> list[Record]:
    """It is done when a change has come to this point, once; what came of it."""
    seen: list[Record] = []

    def trip(here: str) -> None:
        if here == point:
            stage.uplynk.trip = stage.ledger.trip = lambda _: None
            seen.append(does())

    stage.uplynk.trip = stage.ledger.trip = trip
    return seen
