"""The policy file: what it means, its defaults, and every fault named in one line."""

import tomllib
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from failover.model import Mode
from failover.policy import (
    CHANGING,
    Action,
    Freeze,
    Grant,
    Policy,
    PolicyError,
    Protect,
    Require,
    Risk,
    Role,
    parse,
)

FULL = """
default_role = "none"

[[grant]]
role = "operator"
users = ["U0123ABCD", "W9"]
usergroups = ["S0456EFGH"]
groups = ["sports-*"]

[[protect]]
groups = ["final-*"]
actions = ["configure", "slate"]
risk = "riskier"
approvals = 2
expires_minutes = 5

[[freeze]]
groups = ["a", "b"]
from = 2026-12-31T23:00:00+01:00
until = 2027-01-01T02:00:00Z
reason = "New Year live"

[[require]]
groups = ["*"]
eligible_slicers = 2
mode = "prioritized"

[limits]
cooldown_seconds = 2.5
"""


def read(toml: str) -> Policy:
    return parse(tomllib.loads(toml), "policy.toml")


def test_a_full_policy() -> None:
    assert read(FULL) == Policy(
        default_role=Role.NONE,
        grants=(
            Grant(
                Role.OPERATOR,
                frozenset({"U0123ABCD", "W9"}),
                frozenset({"S0456EFGH"}),
                ("sports-*",),
            ),
        ),
        protects=(
            Protect(("final-*",), frozenset({Action.CONFIGURE, Action.SLATE}), Risk.RISKIER, 2, 5),
        ),
        freezes=(
            Freeze(
                ("a", "b"),
                datetime(2026, 12, 31, 22, tzinfo=UTC),
                datetime(2027, 1, 1, 2, tzinfo=UTC),
                "New Year live",
            ),
        ),
        requires=(Require(("*",), 2, Mode.PRIORITIZED),),
        cooldown_seconds=2.5,
    )


def test_an_empty_file_lets_everybody_look_and_nobody_change() -> None:
    policy = read("")
    assert policy == Policy()
    assert (policy.default_role, policy.cooldown_seconds) == (Role.VIEWER, 10.0)
    assert policy.grants_for(Action.CONFIGURE, None) == ()


def test_what_is_left_out_has_its_default() -> None:
    policy = read(
        """
        [[grant]]
        role = "admin"
        users = ["U1"]
        [[protect]]
        [[freeze]]
        from = 2026-01-01T00:00:00Z
        until = 2026-01-02T00:00:00Z
        [[require]]
        mode = "flat"
        [limits]
        """
    )
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    assert policy.grants == (Grant(Role.ADMIN, frozenset({"U1"}), frozenset(), ("*",)),)
    assert policy.protects == (Protect(("*",), frozenset(CHANGING), Risk.ANY, 1, 15),)
    assert policy.freezes == (Freeze(("*",), moment, moment + timedelta(days=1), ""),)
    assert policy.requires == (Require(("*",), None, Mode.FLAT),)
    assert policy.cooldown_seconds == 10.0


def test_cooldown_can_be_switched_off() -> None:
    assert read("limits = {cooldown_seconds = 0}").cooldown_seconds == 0


zones = st.sampled_from([None, UTC, timezone(timedelta(hours=14)), timezone(-timedelta(hours=12))])
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([10**400, -(10**400)])
    | st.floats()
    | st.text()
    | st.sampled_from(["U1", "S1", "admin", "flat", "any", "*", "slate"])
    | st.datetimes(timezones=zones)
    | st.sampled_from([datetime.max.replace(tzinfo=zone) for zone in (UTC, timezone.min)])
    | st.just(date(2026, 1, 1))
    | st.just(time(1)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


def table(*keys: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(st.sampled_from(keys) | st.text(), values, max_size=6)


numbered = {
    "grant": ("role", "users", "usergroups", "groups"),
    "protect": ("groups", "actions", "risk", "approvals", "expires_minutes"),
    "freeze": ("groups", "from", "until", "reason"),
    "require": ("groups", "eligible_slicers", "mode"),
}
documents = st.fixed_dictionaries(
    {},
    optional={
        "default_role": values,
        "limits": table("cooldown_seconds") | values,
        **{name: st.lists(table(*keys), max_size=3) | values for name, keys in numbered.items()},
    },
)


def outcome(mapping: dict[str, Any]) -> Policy | PolicyError:
    try:
        return parse(mapping, "policy.toml")
    except PolicyError as error:
        return error


@given(documents | st.dictionaries(st.text(), values))
@settings(deadline=None, max_examples=300)
def test_any_mapping_is_a_policy_or_a_list_of_faults(mapping: dict[str, Any]) -> None:
    found = outcome(mapping)
    if isinstance(found, PolicyError):
        assert found.problems
        assert all(line.startswith("policy.toml: ") for line in found.problems)
        assert str(found).splitlines() == list(found.problems)
        return
    assert set(mapping) <= {"default_role", "limits", *numbered}
    assert all(grant.users or grant.usergroups for grant in found.grants)
    assert all(freeze.start < freeze.end for freeze in found.freezes)
