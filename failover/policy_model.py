"""The policy as values: who holds which role for which groups, and the rules on changes."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase
from typing import TypeAlias

from failover.model import Mode
from failover.roles import CHANGING, Action, Risk, Role, allows

GroupKey: TypeAlias = tuple[str, str]
"""A group as patterns see it: its ID and its name."""

EVERYTHING: GroupKey = ("*", "*")
"""Stands for all groups at once, those that are still to come included."""


@dataclass(frozen=True, slots=True)
class Grant:
    """A role for some people and Slack user groups (by ID), over the groups that a pattern hits."""

    role: Role
    users: frozenset[str] = frozenset()
    usergroups: frozenset[str] = frozenset()
    groups: tuple[str, ...] = ("*",)


@dataclass(frozen=True, slots=True)
class Protect:
    """These actions on these groups need ``approvals`` other people, within the minutes given."""

    groups: tuple[str, ...] = ("*",)
    actions: frozenset[Action] = frozenset(CHANGING)
    risk: Risk = Risk.ANY
    approvals: int = 1
    expires_minutes: int = 15


@dataclass(frozen=True, slots=True)
class Freeze:
    """No changes from ``start`` (in) to ``end`` (out), both UTC. ``reason`` may be empty."""

    groups: tuple[str, ...]
    start: datetime
    end: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Require:
    """What must hold after any change; None where nothing is asked."""

    groups: tuple[str, ...] = ("*",)
    eligible_slicers: int | None = None
    mode: Mode | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """The whole policy. ``cooldown_seconds`` is the least time between two changes; 0 is none."""

    default_role: Role = Role.VIEWER
    grants: tuple[Grant, ...] = ()
    protects: tuple[Protect, ...] = ()
    freezes: tuple[Freeze, ...] = ()
    requires: tuple[Require, ...] = ()
    cooldown_seconds: float = 10.0

    def grants_for(self, action: Action, group: GroupKey | None) -> tuple[Grant, ...]:
        """The grants that are enough for an action on a group (None: on any group at all)."""
        return tuple(
            grant
            for grant in self.grants
            if allows(grant.role, action) and covers(grant.groups, group)
        )


def matches(pattern: str, group_id: str, name: str) -> bool:
    """Whether a shell-style pattern (``*``, ``?``, ``[…]``) hits a group, by ID or by name.

    IDs compare exactly. Names compare without regard to case and to how accents are encoded, and a
    pattern that is the very name hits it even where it holds brackets: a rule that misses a group
    over a detail of spelling would be a hole.
    """
    plain_pattern, plain_name = _plain(pattern), _plain(name)
    return (
        fnmatchcase(group_id, pattern)
        or plain_pattern == plain_name
        or fnmatchcase(plain_name, plain_pattern)
    )


def covers(patterns: Iterable[str], group: GroupKey | None) -> bool:
    """Whether any pattern hits the group; None stands for any group, so it is always hit.

    All groups at once are hit by ``*`` alone: whoever holds every group but one does not hold all.
    """
    if group == EVERYTHING:
        return "*" in patterns
    return group is None or any(matches(pattern, *group) for pattern in patterns)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text.casefold())
