"""Patterns over groups, and who holds which role: any grant suffices."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from failover.policy_model import EVERYTHING, Grant, GroupKey, Policy, covers, matches
from failover.roles import Action, Role

SPORTS = ("5f0c" * 8, "Sports-1")
NEWS = ("a1b2" * 8, "News")


@pytest.mark.parametrize(
    ("pattern", "hit"),
    [
        ("*", True),
        ("sports-*", True),
        ("SPORTS-?", True),
        ("sports-[0-9]", True),
        ("Sports-1", True),
        ("5f0c" * 8, True),
        ("5f0c*", True),
        ("5F0C*", False),
        ("sports", False),
        ("sports-[!1]", False),
        ("news*", False),
        ("", False),
    ],
)
def test_a_pattern_hits_by_name_without_case_and_by_id_exactly(pattern: str, hit: bool) -> None:
    assert matches(pattern, *SPORTS) is hit


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        ("Feed [A]", "Feed [A]"),
        ("café*", "CAFE\u0301 live"),
        ("straße", "STRASSE"),
        ("final*", "Final\nnight"),
        ("[", "["),
    ],
)
def test_no_detail_of_spelling_keeps_a_pattern_from_its_name(pattern: str, name: str) -> None:
    assert matches(pattern, "0" * 32, name)


@given(st.text(), st.text(), st.text())
@settings(deadline=None)
def test_any_pattern_and_name_can_be_compared(pattern: str, group_id: str, name: str) -> None:
    assert matches("*", group_id, name)
    assert matches(name, group_id, name)
    assert matches(pattern, group_id, name) in (True, False)


def test_any_one_pattern_covers_and_no_group_in_particular_is_always_covered() -> None:
    assert covers(("news", "sports-*"), SPORTS)
    assert not covers(("news", "final-*"), SPORTS)
    assert not covers((), SPORTS)
    assert covers(("news",), None)


GRANTS = (
    Grant(Role.OPERATOR, users=frozenset({"U1"}), groups=("sports-*",)),
    Grant(Role.OPERATOR, usergroups=frozenset({"S1", "S2"}), groups=("news", "sports-1")),
    Grant(Role.APPROVER, users=frozenset({"U1"}), usergroups=frozenset({"S3"})),
    Grant(Role.ADMIN, users=frozenset({"U9"}), groups=("final-*",)),
)
POLICY = Policy(grants=GRANTS)


@pytest.mark.parametrize(
    ("action", "group", "found"),
    [
        (Action.CONFIGURE, SPORTS, (0, 1)),
        (Action.CONFIGURE, NEWS, (1,)),
        (Action.CONFIGURE, ("0" * 32, "Final-A"), (3,)),
        (Action.CONFIGURE, ("0" * 32, "other"), ()),
        (Action.CONFIGURE, None, (0, 1, 3)),
        (Action.APPROVE, SPORTS, (2,)),
        (Action.VIEW, SPORTS, (0, 1, 2)),
        (Action.OVERRIDE, None, (3,)),
    ],
)
def test_grants_for_an_action_are_those_that_suffice(
    action: Action, group: GroupKey | None, found: tuple[int, ...]
) -> None:
    assert POLICY.grants_for(action, group) == tuple(GRANTS[index] for index in found)


@pytest.mark.parametrize(
    ("patterns", "all_of_them"),
    [
        (("*",), True),
        (("sports-*", "*"), True),
        (("?",), False),
        (("[!N]*",), False),
        (("**",), False),
        (("?*",), False),
        (("sports-*",), False),
        ((), False),
    ],
)
def test_all_groups_at_once_are_hit_by_the_star_alone(
    patterns: tuple[str, ...], all_of_them: bool
) -> None:
    assert covers(patterns, EVERYTHING) is all_of_them


@given(st.lists(st.text("*?[!]a", max_size=4)))
def test_no_other_pattern_stands_for_all_groups(patterns: list[str]) -> None:
    assert covers(patterns, EVERYTHING) is ("*" in patterns)
