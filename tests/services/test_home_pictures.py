"""What a Home tab shows: whose groups, which page, how old, and nothing that is not for them."""

from __future__ import annotations

import pytest

from failover.errors import SlackProblem
from failover.home import RECENT, GroupsPage, Place
from failover.lifecycle import Actor
from failover.measures import InForce
from failover.policy import Grant
from failover.roles import Role
from services.home_pictures import LEFT_ALONE, HomePictures, Visit
from tests.builders import ADMIN, FLAT, MEMBER, OPERATOR, SPORTS, VIEWER, group, later, policy
from tests.fakes import silent
from tests.stage import Stage

NAMES = [f"Group {number:02d}" for number in range(50)]


def stage_of(*grants: Grant, **rules: object) -> Stage:
    groups = (group(id=f"{place:032x}", name=name) for place, name in enumerate(NAMES))
    given = {"grants": grants} if grants else {}
    return Stage(*groups, rules=policy(**given, **rules))


def pictures_of(stage: Stage) -> HomePictures:
    return HomePictures(stage.overview, stage.groups, stage.ledger, stage.forces)


def page_of(stage: Stage, actor: Actor, place: Place) -> GroupsPage:
    pictures = pictures_of(stage)
    pictures.read()
    visit = Visit(actor, pictures.standing(actor), place)
    page = pictures.picture(visit, pictures.backdrop()).page
    assert page is not None
    return page


def names(groups: tuple[object, ...]) -> list[str]:
    return [one.name for one in groups]  # type: ignore[attr-defined]


MINE = Grant(Role.OPERATOR, frozenset({OPERATOR.user_id}), groups=("Group 1?", "group 2[0-4]"))


@pytest.mark.parametrize(
    ("place", "mine", "others", "at"),
    [
        (Place(), NAMES[10:25], [], Place()),
        (Place(20), NAMES[10:25], [], Place()),
        (Place(0, True), NAMES[10:25], NAMES[:5], Place(0, True)),
        (Place(20, True), [], NAMES[5:10] + NAMES[25:40], Place(20, True)),
        (Place(40, True), [], NAMES[40:], Place(40, True)),
        (Place(45, True), [], NAMES[40:], Place(40, True)),
        (Place(10**30, True), [], NAMES[40:], Place(40, True)),
        (Place(-7, True), NAMES[10:25], NAMES[:5], Place(0, True)),
    ],
)
def test_ones_own_groups_come_first(
    place: Place, mine: list[str], others: list[str], at: Place
) -> None:
    page = page_of(stage_of(MINE), OPERATOR, place)
    assert (names(page.mine), names(page.others), page.place) == (mine, others, at)
    assert (page.changeable, page.total) == (15, 50)
    assert page.length == (50 if place.everything else 15)


@pytest.mark.parametrize("actor", [OPERATOR, ADMIN, MEMBER])
def test_every_group_is_theirs(actor: Actor) -> None:
    page = page_of(stage_of(), actor, Place(40))
    assert (names(page.mine), page.others, page.changeable) == (NAMES[40:], (), 50)


@pytest.mark.parametrize("role", [Role.VIEWER, Role.APPROVER])
def test_whoever_may_change_nothing_sees_all_to_look_at(role: Role) -> None:
    page = page_of(stage_of(Grant(role, frozenset({VIEWER.user_id}))), VIEWER, Place())
    assert (page.mine, names(page.others), page.changeable) == ((), NAMES[:20], 0)
    assert page.place.everything


def test_two_people_with_other_rights_see_other_groups_of_one_reading() -> None:
    second = Grant(Role.ADMIN, frozenset({ADMIN.user_id}), groups=("Group 4*",))
    stage = stage_of(MINE, second)
    pictures = pictures_of(stage)
    pictures.read()
    backdrop = pictures.backdrop()
    for actor, count in ((OPERATOR, 15), (ADMIN, 10), (OPERATOR, 15)):
        visit = Visit(actor, pictures.standing(actor), Place())
        page = pictures.picture(visit, backdrop).page
        assert page is not None
        assert page.changeable == count


def test_who_may_not_look_is_shown_nothing() -> None:
    stage = stage_of(default_role=Role.NONE)
    stage.does(actor=OPERATOR, group=f"{0:032x}")
    pictures = pictures_of(stage)
    pictures.read()
    backdrop = pictures.backdrop()
    for standing in (None, pictures.standing(VIEWER)):
        picture = pictures.picture(Visit(VIEWER, standing, Place()), backdrop)
        assert (picture.page, picture.recent) == (None, None)
        assert picture.holders == (
            ("U0ADMIN", "U0OPERATOR", "U0SECOND"), (SPORTS,),
        )  # fmt: skip


def test_roles_that_slack_would_have_to_tell_are_not_waited_for() -> None:
    stage = stage_of()
    pictures = pictures_of(stage)
    assert pictures.standing(VIEWER, remembered_only=True) is None
    assert stage.usergroups.asked == []
    assert pictures.standing(VIEWER) is not None
    assert pictures.standing(VIEWER, remembered_only=True) is not None


def test_roles_that_slack_does_not_tell_are_uncertain() -> None:
    stage = stage_of()
    stage.usergroups.problems[SPORTS] = SlackProblem("ratelimited")
    standing = pictures_of(stage).standing(VIEWER)
    assert standing is not None
    assert standing.unread == (SPORTS,)


def test_the_last_changes_are_the_newest_few() -> None:
    stage = stage_of()
    for number in range(RECENT + 2):
        stage.clock.advance(30)
        stage.does(key=f"press-{number}", group=f"{number:032x}", change=FLAT)
    recent = pictures_of(stage).backdrop().recent
    assert recent is not None
    assert [one.group_name for one in recent] == NAMES[RECENT + 1 : 1 : -1]


def test_a_database_that_fails_costs_only_the_last_changes() -> None:
    stage = stage_of()
    pictures = pictures_of(stage)
    pictures.read()
    stage.ledger.broken = True
    backdrop = pictures.backdrop()
    assert backdrop.recent is None
    assert backdrop.listing is not None


def test_nothing_is_read_to_draw() -> None:
    stage = stage_of()
    pictures = pictures_of(stage)
    assert pictures.backdrop().listing is None
    assert not pictures.is_fresh()
    assert stage.uplynk.log == []


def test_what_is_old_is_shown_and_the_problem_with_it() -> None:
    stage = stage_of()
    pictures = pictures_of(stage)
    pictures.read()
    stage.clock.advance(61)
    stage.uplynk.down = problem = silent()
    pictures.read()
    backdrop = pictures.backdrop()
    assert backdrop.problem is problem
    assert backdrop.listing is not None
    assert backdrop.listing.read_at == later(0)
    stage.uplynk.down = None
    pictures.read()
    assert pictures.backdrop().problem is None


def test_a_problem_is_over_once_anybody_has_read_the_groups() -> None:
    stage = stage_of()
    pictures = pictures_of(stage)
    stage.uplynk.down = silent()
    pictures.read()
    stage.uplynk.down = None
    stage.overview.refresh()
    assert pictures.backdrop().problem is None


def test_without_any_reading_there_is_only_the_problem() -> None:
    stage = stage_of()
    pictures = pictures_of(stage)
    stage.uplynk.down = problem = silent()
    pictures.read()
    backdrop = pictures.backdrop()
    assert (backdrop.listing, backdrop.problem) == (None, problem)


def test_an_uplynk_that_just_failed_is_left_alone_but_by_a_person() -> None:
    stage = stage_of()
    pictures = pictures_of(stage)
    stage.uplynk.down = silent()
    pictures.read(again=False)
    pictures.read(again=False)
    assert stage.uplynk.log == ["list"]
    pictures.read()
    assert stage.uplynk.log == ["list"] * 2
    stage.clock.advance(LEFT_ALONE.total_seconds())
    pictures.read(again=False)
    assert stage.uplynk.log == ["list"] * 3


def test_locks_pause_and_requests_are_for_those_who_may_look() -> None:
    stage = stage_of(default_role=Role.NONE)
    pictures = pictures_of(stage)
    pictures.read()
    stage.forces.rows = {
        f"{3:032x}": InForce("r1", OPERATOR.user_id, "why", later(60)),
        f"{4:032x}": InForce("r2", OPERATOR.user_id, "over", later(-60)),
        "gone": InForce("r3", OPERATOR.user_id, None),
        None: InForce("r4", ADMIN.user_id, "wrong key"),
    }
    backdrop = pictures.backdrop()
    seen = pictures.picture(Visit(ADMIN, pictures.standing(ADMIN), Place()), backdrop)
    assert [lock.name for lock in seen.locks] == ["Group 03", "gone"]
    assert seen.pause is not None
    hidden = pictures.picture(Visit(VIEWER, pictures.standing(VIEWER), Place()), backdrop)
    assert (hidden.locks, hidden.pause, hidden.waiting) == ((), None, ())
