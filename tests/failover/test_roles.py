"""The role table, walked in full against the words of the interface."""

import pytest

from failover.roles import CHANGING, Action, Role, allows

VIEWER = {"view"}
OPERATOR = VIEWER | {"configure", "order", "activate", "slate", "undo", "lock"}
TABLE = {
    "none": set(),
    "viewer": VIEWER,
    "operator": OPERATOR,
    "approver": VIEWER | {"approve"},
    "admin": OPERATOR | {"approve", "channels", "owners", "pause", "override"},
}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("action", Action)
def test_each_role_may_do_what_the_table_says(role: Role, action: Action) -> None:
    assert allows(role, action) is (action.value in TABLE[role.value])


def test_the_changing_actions_are_those_that_neither_show_nor_decide() -> None:
    others = {Action.VIEW, Action.APPROVE, Action.OVERRIDE, Action.LOCK, Action.PAUSE}
    assert set(Action) - set(CHANGING) == others
    assert len(CHANGING) == len(set(CHANGING))
