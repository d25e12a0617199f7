"""Who may do what: by name, by user group, as remembered and as read now."""

from typing import Any

import pytest

from failover.errors import SlackProblem
from failover.lifecycle import Actor
from failover.policy import Action, Grant, Role
from failover.standing import Allowed, Denied, Uncertain
from services.access import Access, NotRemembered
from tests.builders import (
    ADMIN,
    ID_A,
    MEMBER,
    OPERATOR,
    SECOND,
    SPORTS,
    STRANGER,
    VIEWER,
    policy,
)
from tests.fakes import FakeClock, FakeUserGroups

NEWS = "S0NEWS"
NBA = (ID_A, "NBA Finals")
DOWN = SlackProblem("ratelimited", retry_after=30)


class Desk:
    """Access over a fake Slack."""

    def __init__(self, *grants: Grant, **given: Any) -> None:
        self.clock = FakeClock()
        self.slack = FakeUserGroups({SPORTS: frozenset({MEMBER.user_id})})
        self.policy = policy(**({"grants": grants} if grants else {}), **given)
        self.access = Access(lambda: self.policy, self.slack, self.clock, 60)
        self.access.belongs_to("T0HOME")

    def check(self, actor: Actor, action: Action = Action.CONFIGURE, **given: Any) -> object:
        return self.access.check(actor, action, given.pop("group", NBA), **given)


def by_group(role: Role, *usergroups: str, groups: tuple[str, ...] = ("*",)) -> Grant:
    return Grant(role, usergroups=frozenset(usergroups), groups=groups)


def test_a_grant_by_user_id_needs_no_look_up() -> None:
    desk = Desk()
    desk.slack.problems[SPORTS] = DOWN
    assert desk.check(OPERATOR, live=True) == Allowed()
    assert desk.check(ADMIN, Action.OVERRIDE, live=True) == Allowed()
    assert desk.slack.asked == []


def test_what_everybody_may_needs_no_look_up() -> None:
    desk = Desk()
    assert desk.check(VIEWER, Action.VIEW, live=True) == Allowed()
    assert desk.slack.asked == []


def test_a_member_of_a_user_group_may() -> None:
    desk = Desk()
    assert desk.check(MEMBER) == Allowed()
    assert desk.slack.asked == [SPORTS]


def test_whoever_may_not_is_told_who_may() -> None:
    assert Desk().check(VIEWER) == Denied(
        roles=(Role.OPERATOR, Role.ADMIN),
        users=(ADMIN.user_id, OPERATOR.user_id, SECOND.user_id),
        usergroups=(SPORTS,),
    )


def test_where_nobody_may_nobody_is_named() -> None:
    desk = Desk(Grant(Role.VIEWER, users=frozenset({VIEWER.user_id})))
    assert desk.check(VIEWER) == Denied((), (), ())
    assert desk.slack.asked == []


@pytest.mark.parametrize(
    ("group", "answer"),
    [
        ((ID_A, "Sports West"), Allowed),
        (("sports-1", "other"), Allowed),
        ((ID_A, "News"), Denied),
        (None, Allowed),
    ],
)
def test_a_grant_is_for_the_groups_it_names(
    group: tuple[str, str] | None, answer: type[object]
) -> None:
    desk = Desk(by_group(Role.OPERATOR, SPORTS, groups=("sports*",)))
    assert isinstance(desk.check(MEMBER, group=group), answer)


def test_user_groups_that_cannot_help_are_not_asked_for() -> None:
    desk = Desk(
        by_group(Role.OPERATOR, NEWS, groups=("news-*",)),
        by_group(Role.VIEWER, "S0EVERY"),
        by_group(Role.APPROVER, "S0APPROVE"),
        by_group(Role.OPERATOR, SPORTS),
    )
    assert isinstance(desk.check(VIEWER), Denied)
    assert desk.slack.asked == [SPORTS]


# Which of the two user groups holds the person; which can't be read; the answer.
ANY_OF = [
    ((), (), "denied"),
    ((NEWS,), (), "allowed"),
    ((SPORTS,), (), "allowed"),
    ((NEWS, SPORTS), (), "allowed"),
    ((), (NEWS,), "uncertain"),
    ((), (SPORTS,), "uncertain"),
    ((), (NEWS, SPORTS), "uncertain"),
    ((NEWS,), (SPORTS,), "allowed"),
    ((SPORTS,), (NEWS,), "allowed"),
    ((NEWS,), (NEWS,), "uncertain"),
]


@pytest.mark.parametrize(("member_of", "unread", "answer"), ANY_OF)
@pytest.mark.parametrize("grants", [1, 2], ids=["one grant", "two grants"])
def test_one_of_several_user_groups_is_enough(
    member_of: tuple[str, ...], unread: tuple[str, ...], answer: str, grants: int
) -> None:
    held = [by_group(Role.OPERATOR, NEWS, SPORTS)]
    if grants == 2:
        held = [by_group(Role.OPERATOR, NEWS), by_group(Role.OPERATOR, SPORTS)]
    desk = Desk(*held)
    desk.slack.groups = {one: frozenset({MEMBER.user_id}) for one in member_of}
    desk.slack.problems = dict.fromkeys(unread, DOWN)
    found = desk.check(MEMBER, live=True)
    assert type(found).__name__.lower() == answer
    if isinstance(found, Uncertain):
        assert found == Uncertain(tuple(sorted(unread)), "ratelimited")


def test_a_failing_look_up_is_not_remembered() -> None:
    desk = Desk()
    desk.slack.problems[SPORTS] = DOWN
    assert desk.check(MEMBER) == Uncertain((SPORTS,), "ratelimited")
    desk.slack.problems.clear()
    assert desk.check(MEMBER) == Allowed()


def test_members_are_remembered_for_sixty_seconds() -> None:
    desk = Desk()
    for wait in (0, 30, 30):
        desk.clock.advance(wait)
        assert desk.check(MEMBER) == Allowed()
    assert desk.slack.asked == [SPORTS]
    desk.slack.groups.clear()
    desk.clock.advance(0.001)
    assert isinstance(desk.check(MEMBER), Denied)
    assert desk.slack.asked == [SPORTS, SPORTS]


def test_live_reads_past_what_is_remembered_and_refreshes_it() -> None:
    desk = Desk()
    assert desk.check(MEMBER) == Allowed()
    desk.slack.groups[SPORTS] = frozenset()
    assert desk.check(MEMBER) == Allowed()
    assert isinstance(desk.check(MEMBER, live=True), Denied)
    assert isinstance(desk.check(MEMBER), Denied)
    assert len(desk.slack.asked) == 2


def test_live_does_not_fall_back_on_what_is_remembered() -> None:
    desk = Desk()
    assert desk.check(MEMBER) == Allowed()
    desk.slack.problems[SPORTS] = DOWN
    assert desk.check(MEMBER, live=True) == Uncertain((SPORTS,), "ratelimited")


def test_a_changed_user_group_is_forgotten() -> None:
    desk = Desk()
    assert desk.check(MEMBER) == Allowed()
    desk.slack.groups.clear()
    desk.access.forget("S0OTHER")
    assert desk.check(MEMBER) == Allowed()
    desk.access.forget(SPORTS)
    assert isinstance(desk.check(MEMBER), Denied)


def test_an_answer_that_was_on_its_way_when_the_group_changed_is_not_remembered() -> None:
    desk = Desk()

    def leaves() -> None:
        desk.slack.groups[SPORTS] = frozenset()
        desk.slack.meanwhile = lambda: None
        desk.access.forget(SPORTS)

    desk.slack.meanwhile = leaves
    assert desk.check(MEMBER) == Allowed()
    assert isinstance(desk.check(MEMBER), Denied)


def test_the_user_group_that_held_the_person_last_is_asked_first() -> None:
    desk = Desk(by_group(Role.OPERATOR, NEWS, SPORTS))
    for _ in range(2):
        assert desk.check(MEMBER, live=True) == Allowed()
    assert desk.slack.asked == [NEWS, SPORTS, SPORTS]


def test_what_was_read_before_the_clock_was_set_back_is_old() -> None:
    desk = Desk()
    assert desk.check(MEMBER) == Allowed()
    desk.clock.advance(-3600)
    assert desk.check(MEMBER) == Allowed()
    assert desk.slack.asked == [SPORTS, SPORTS]
    desk.clock.advance(-1)
    with pytest.raises(NotRemembered):
        desk.access.standing(MEMBER, remembered_only=True)


@pytest.mark.parametrize("actor", [MEMBER, VIEWER])
def test_until_it_is_known_who_is_a_stranger_nobody_changes_anything(actor: Actor) -> None:
    desk = Desk()
    desk.access.belongs_to()
    assert desk.check(actor, live=True) == Uncertain((), "identity_unknown")
    assert desk.check(OPERATOR, live=True) == Allowed(), "granted by name: nobody has to be asked"
    assert desk.check(MEMBER) == Allowed()
    desk.access.belongs_to("T0HOME")
    assert desk.check(MEMBER, live=True) == Allowed()


def test_people_of_another_workspace_may_nothing() -> None:
    desk = Desk()
    assert desk.check(STRANGER) == Denied((), (), (), stranger=True)
    assert desk.check(STRANGER, Action.VIEW) == Denied((), (), (), stranger=True)
    standing = desk.access.standing(STRANGER)
    assert (standing.grants, standing.default_role) == ((), Role.NONE)
    assert desk.check(OPERATOR) == Allowed()


def test_a_new_policy_is_in_force_at_once() -> None:
    desk = Desk()
    assert desk.check(OPERATOR) == Allowed()
    desk.policy = policy(grants=())
    assert isinstance(desk.check(OPERATOR), Denied)
    assert desk.access.policy() is desk.policy


def test_the_default_role_may_be_none() -> None:
    assert isinstance(Desk(default_role=Role.NONE).check(VIEWER, Action.VIEW), Denied)


@pytest.mark.parametrize(
    ("actor", "roles"),
    [(OPERATOR, [Role.OPERATOR]), (MEMBER, [Role.OPERATOR]), (ADMIN, [Role.ADMIN]), (VIEWER, [])],
)
def test_what_a_person_is(actor: Actor, roles: list[Role]) -> None:
    standing = Desk().access.standing(actor)
    assert [grant.role for grant in standing.grants] == roles
    assert (standing.default_role, standing.unread, standing.problem) == (Role.VIEWER, (), None)
    assert standing.may(Action.VIEW)
    assert standing.may(Action.CONFIGURE) is bool(roles)


def test_what_could_not_be_found_out_is_named() -> None:
    desk = Desk()
    desk.slack.problems[SPORTS] = DOWN
    standing = desk.access.standing(MEMBER)
    assert standing.grants == ()
    assert (standing.unread, standing.problem) == ((SPORTS,), "ratelimited")


def test_from_memory_alone() -> None:
    desk = Desk()
    with pytest.raises(NotRemembered):
        desk.access.standing(MEMBER, remembered_only=True)
    assert desk.slack.asked == []
    desk.check(MEMBER)
    standing = desk.access.standing(MEMBER, remembered_only=True)
    assert [grant.role for grant in standing.grants] == [Role.OPERATOR]
    desk.clock.advance(61)
    with pytest.raises(NotRemembered):
        desk.access.standing(MEMBER, remembered_only=True)


def test_an_answer_is_as_old_as_its_question() -> None:
    desk = Desk()
    desk.slack.meanwhile = lambda: desk.clock.advance(40)
    assert desk.check(MEMBER) == Allowed()
    desk.clock.advance(21)
    assert desk.check(MEMBER) == Allowed()
    assert len(desk.slack.asked) == 2
