"""The policy: who holds which role for which groups, and the rules that every change must keep.

``parse`` makes it from the mapping that the TOML file holds, strictly and all faults at once.
"""

import re
from collections.abc import Iterable, Mapping

from failover import policy_tables
from failover.errors import FailoverError
from failover.model import Mode
from failover.policy_model import (
    EVERYTHING,
    Freeze,
    Grant,
    GroupKey,
    Policy,
    Protect,
    Require,
    covers,
    matches,
)
from failover.policy_tables import Table
from failover.roles import CHANGING, Action, Risk, Role, Rule, allows

__all__ = [
    "CHANGING",
    "EVERYTHING",
    "Action",
    "Freeze",
    "Grant",
    "GroupKey",
    "Policy",
    "PolicyError",
    "Protect",
    "Require",
    "Risk",
    "Role",
    "Rule",
    "allows",
    "covers",
    "matches",
    "parse",
]

_USER_ID = re.compile(r"[UW][A-Z0-9]+")
_USERGROUP_ID = re.compile(r"S[A-Z0-9]+")
_DAY_SECONDS = 86_400
_MONTH_MINUTES = 43_200


class PolicyError(FailoverError):
    """The policy cannot be used. ``problems``: a line for each fault, naming file and table."""

    def __init__(self, problems: Iterable[str]) -> None:
        """``problems``: at least one line."""
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


def parse(mapping: Mapping[str, object], origin: str) -> Policy:
    """The policy that a TOML mapping describes; ``origin`` is the file's name for messages.

    Raises ``PolicyError`` with every fault found: unknown keys, wrong types and values, rules that
    would mean nothing.
    """
    problems: list[str] = []
    root = policy_tables.top(mapping, origin, problems)
    root.refuse_unknown()
    freezes = [_freeze(table) for table in policy_tables.each(root, "freeze")]
    policy = Policy(
        default_role=root.choice("default_role", (Role.VIEWER, Role.NONE), Role.VIEWER),
        grants=tuple(_grant(table) for table in policy_tables.each(root, "grant")),
        protects=tuple(_protect(table) for table in policy_tables.each(root, "protect")),
        freezes=tuple(freeze for freeze in freezes if freeze is not None),
        requires=tuple(_require(table) for table in policy_tables.each(root, "require")),
        cooldown_seconds=policy_tables.single(root, "limits").number(
            "cooldown_seconds", 10.0, most=_DAY_SECONDS
        ),
    )
    if problems:
        raise PolicyError(problems)
    return policy


def _groups(table: Table) -> tuple[str, ...]:
    return table.texts("groups", ("*",))


def _grant(table: Table) -> Grant:
    if not table.values.get("users") and not table.values.get("usergroups"):
        table.fault("names nobody: `users` or `usergroups` must hold an ID")
    roles = (Role.VIEWER, Role.OPERATOR, Role.APPROVER, Role.ADMIN)
    return Grant(
        role=table.choice("role", roles, Role.VIEWER) if table.has("role") else Role.NONE,
        users=table.ids("users", _USER_ID, "a Slack user ID like U0123ABCD"),
        usergroups=table.ids("usergroups", _USERGROUP_ID, "a Slack user group ID like S0456EFGH"),
        groups=_groups(table),
    )


def _protect(table: Table) -> Protect:
    return Protect(
        groups=_groups(table),
        actions=table.choices("actions", CHANGING),
        risk=table.choice("risk", tuple(Risk), Risk.ANY),
        approvals=table.whole("approvals", 1, most=10),
        expires_minutes=table.whole("expires_minutes", 15, most=_MONTH_MINUTES),
    )


def _freeze(table: Table) -> Freeze | None:
    groups, reason = _groups(table), table.text("reason", "")
    start, end = table.moment("from"), table.moment("until")
    if start is None or end is None:
        return None
    if end <= start:
        table.fault("`until` must be later than `from`")
    return Freeze(groups=groups, start=start, end=end, reason=reason)


def _require(table: Table) -> Require:
    asked = table.values
    if "eligible_slicers" not in asked and "mode" not in asked:
        table.fault("requires nothing: give `eligible_slicers`, `mode` or both")
    return Require(
        groups=_groups(table),
        eligible_slicers=(
            table.whole("eligible_slicers", 1, most=1_000) if "eligible_slicers" in asked else None
        ),
        mode=table.choice("mode", tuple(Mode), Mode.FLAT) if "mode" in asked else None,
    )
