"""What the Home tab offers to whom: locks to take away, requests to decide or to withdraw."""

from __future__ import annotations

import pytest

from failover.home import Place
from failover.lifecycle import Actor
from failover.measures import InForce
from failover.policy import Grant, Protect, Role
from services.home_pictures import HomePictures, Visit
from tests.builders import ADMIN, OPERATOR, PRIORITIZED, SECOND, VIEWER, policy
from tests.services.set_stage import SetStage

GRANTS = (
    Grant(Role.OPERATOR, frozenset({OPERATOR.user_id, SECOND.user_id})),
    Grant(Role.APPROVER, frozenset({SECOND.user_id}), groups=("sports north",)),
    Grant(Role.ADMIN, frozenset({ADMIN.user_id}), groups=("sports*",)),
)
NAMES = ("sports-east", "sports-north")


def seen(stage: SetStage, actor: Actor) -> tuple[set[str], list[tuple[bool, bool]]]:
    pictures = HomePictures(stage.overview, stage.groups, stage.ledger, stage.forces)
    pictures.read()
    visit = Visit(actor, pictures.standing(actor), Place())
    picture = pictures.picture(visit, pictures.backdrop())
    locks = {one.group_id for one in picture.locks if one.may_unlock}
    return locks, [(one.may_decide, one.may_withdraw) for one in picture.waiting]


@pytest.mark.parametrize(
    ("actor", "unlocks", "decides"),
    [
        (OPERATOR, {"sports-east", "news-24"}, [(False, True)] * 2),
        (SECOND, {"sports-north"}, [(False, False), (True, False)]),
        (ADMIN, {"sports-east", "sports-north"}, [(True, False)] * 2),
        (VIEWER, set(), [(False, False)] * 2),
    ],
)
def test_a_button_is_for_those_who_may(
    actor: Actor, unlocks: set[str], decides: list[tuple[bool, bool]]
) -> None:
    stage = SetStage(rules=policy(grants=GRANTS, protects=(Protect(),)))
    stage.forces.rows = {
        "sports-east": InForce("r1", OPERATOR.user_id, "why"),
        "sports-north": InForce("r2", SECOND.user_id, "why"),
        "news-24": InForce("r3", OPERATOR.user_id, "why"),
    }
    for name in NAMES:
        stage.forces.rows, kept = {}, stage.forces.rows
        stage.does(key=name, group=name, change=PRIORITIZED)
        stage.forces.rows = kept
    assert seen(stage, actor) == (unlocks, decides)


def test_a_lock_by_somebody_who_lost_the_role_is_not_theirs_to_end() -> None:
    stage = SetStage(rules=policy(grants=()))
    stage.forces.rows["sports-east"] = InForce("r1", OPERATOR.user_id, "why")
    assert seen(stage, OPERATOR) == (set(), [])
