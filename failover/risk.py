"""Which way a change leads: what lessens the protection that a group has."""

from datetime import datetime, timedelta
from enum import StrEnum

from failover.change import Change, expected
from failover.model import FailoverGroup, Mode

UNPROVEN = timedelta(minutes=5)
"""A primary that has served for less than this may be flapping."""


class Lessened(StrEnum):
    """The closed list of ways in which protection is lessened."""

    TO_FLAT = "to_flat"
    FAILBACK_TO_UNPROVEN = "failback_to_unproven"
    SLATE = "slate"
    LAST_BACKUP = "last_backup"


def lessened(group: FailoverGroup, change: Change, now: datetime) -> tuple[Lessened, ...]:
    """Every way in which ``change``, made at ``now`` (UTC), lessens the group's protection.

    Judged by where it leads, so that an undo is weighed like any other change.
    """
    after = expected(group, change)
    found = []
    if after.mode is Mode.FLAT and group.mode is not Mode.FLAT:
        found.append(Lessened.TO_FLAT)
    if _falls_back(after) and not _falls_back(group) and _unproven(group, now):
        found.append(Lessened.FAILBACK_TO_UNPROVEN)
    if after.on_slate and not group.on_slate:
        found.append(Lessened.SLATE)
    if _backups(group) and not _backups(after):
        found.append(Lessened.LAST_BACKUP)
    return tuple(found)


def _falls_back(group: FailoverGroup) -> bool:
    return group.mode is Mode.PRIORITIZED and group.auto_failback


def _unproven(group: FailoverGroup, now: datetime) -> bool:
    moment = group.failover_time
    return moment is not None and now - moment < UNPROVEN


def _backups(group: FailoverGroup) -> int:
    """How many eligible slicers could take over from the active one."""
    return sum(slicer.id != group.active_slicer_id for slicer in group.eligible)
