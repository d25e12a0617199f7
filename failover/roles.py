"""Who may do what: the roles, the actions and the table that joins them; the names of the rules."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Role(StrEnum):
    """What a person is to a group. One person may hold several; any of them suffices."""

    NONE = "none"
    VIEWER = "viewer"
    OPERATOR = "operator"
    APPROVER = "approver"
    ADMIN = "admin"


class Action(StrEnum):
    """What can be asked of the bot.

    ``VIEW`` is everything that only shows: list, status, history, whoami, help, opening the form.
    """

    VIEW = "view"
    CONFIGURE = "configure"
    ORDER = "order"
    ACTIVATE = "activate"
    SLATE = "slate"
    UNDO = "undo"
    APPROVE = "approve"
    CHANNELS = "channels"
    OWNERS = "owners"
    LOCK = "lock"
    PAUSE = "pause"
    OVERRIDE = "override"


class Risk(StrEnum):
    """Which changes a protection is about: all of them, or only those that lessen protection."""

    ANY = "any"
    RISKIER = "riskier"


class Rule(StrEnum):
    """A rule that can refuse a change, by the name that ``override RULE`` takes."""

    FREEZE = "freeze"
    PROTECT = "protect"
    REQUIRE = "require"
    COOLDOWN = "cooldown"
    LOCK = "lock"
    PAUSE = "pause"


CHANGING: tuple[Action, ...] = (
    Action.CONFIGURE,
    Action.ORDER,
    Action.ACTIVATE,
    Action.SLATE,
    Action.UNDO,
    Action.CHANNELS,
    Action.OWNERS,
)
"""The actions that change something at Uplynk."""

MAY: Mapping[Role, frozenset[Action]] = MappingProxyType(
    {
        Role.NONE: frozenset(),
        Role.VIEWER: frozenset({Action.VIEW}),
        Role.OPERATOR: frozenset(
            {
                Action.VIEW,
                Action.CONFIGURE,
                Action.ORDER,
                Action.ACTIVATE,
                Action.SLATE,
                Action.UNDO,
                Action.LOCK,
            }
        ),
        Role.APPROVER: frozenset({Action.VIEW, Action.APPROVE}),
        Role.ADMIN: frozenset(Action),
    }
)
"""The role table."""


def allows(role: Role, action: Action) -> bool:
    """Whether a role, by itself, is enough for an action."""
    return action in MAY[role]
