"""policy.example.toml is a policy, and shows every table and key that there is."""

import tomllib
from pathlib import Path

from failover.policy import Role, parse

EXAMPLE = tomllib.loads(Path("policy.example.toml").read_text(encoding="utf-8"))


def test_the_example_is_a_policy() -> None:
    policy = parse(EXAMPLE, "policy.example.toml")
    assert policy.default_role is Role.VIEWER
    assert {grant.role for grant in policy.grants} == {Role.ADMIN, Role.OPERATOR, Role.APPROVER}
    assert policy.cooldown_seconds == 10


def test_the_example_shows_every_table_and_key() -> None:
    assert set(EXAMPLE) == {"default_role", "grant", "protect", "freeze", "require", "limits"}
    shown = {table: {key for row in EXAMPLE[table] for key in row} for table in EXAMPLE
             if isinstance(EXAMPLE[table], list)}  # fmt: skip
    assert shown == {
        "grant": {"role", "users", "usergroups", "groups"},
        "protect": {"groups", "actions", "risk", "approvals", "expires_minutes"},
        "freeze": {"groups", "from", "until", "reason"},
        "require": {"groups", "eligible_slicers", "mode"},
    }
