"""Who is who: each person with the role that the policy gives them, by the bot's own rules."""

import tomllib
from collections.abc import Iterable

from failover import policy as policies
from failover.policy import Grant, Policy, PolicyError, Role
from sandbox.page.parts import Json
from sandbox.slack.model import Person, UserGroup

_STRONGEST_FIRST = (Role.ADMIN, Role.OPERATOR, Role.APPROVER, Role.VIEWER)


def roster(people: Iterable[Person], usergroups: Iterable[UserGroup], policy: str) -> list[Json]:
    """Everybody who could sit at the screen; ``policy`` is the policy file's text.

    A policy that cannot be read gives nobody anything.
    """
    rules, groups = _parsed(policy), tuple(usergroups)
    return [_row(one, rules, groups) for one in people if not one.is_bot and not one.deleted]


def _parsed(text: str) -> Policy:
    try:
        return policies.parse(tomllib.loads(text), "policy.toml")
    except (PolicyError, tomllib.TOMLDecodeError):
        return Policy(default_role=Role.NONE)


def _row(person: Person, policy: Policy, usergroups: tuple[UserGroup, ...]) -> Json:
    held = [
        (grant, via)
        for grant in policy.grants
        if (via := _through(grant, person.id, usergroups)) is not None
    ]
    held.append((Grant(policy.default_role), ""))
    # At equal strength a grant by user ID counts, as it needs no look-up.
    grant, via = min(held, key=lambda one: (_rank(one[0].role), one[1] != ""))
    return {
        "id": person.id,
        "name": person.display or person.name,
        "role": grant.role.value,
        "via": via,
        "about": _about([one for one, _ in held]),
    }


def _through(grant: Grant, person: str, usergroups: tuple[UserGroup, ...]) -> str | None:
    """How somebody comes to a grant: "" in person, else the user group's name; None: not."""
    if person in grant.users:
        return ""
    for group in usergroups:
        if group.id in grant.usergroups and not group.disabled and person in group.users:
            return f"@{group.handle}"
    return None


def _rank(role: Role) -> int:
    return _STRONGEST_FIRST.index(role) if role in _STRONGEST_FIRST else len(_STRONGEST_FIRST)


def _about(grants: list[Grant]) -> str:
    phrases = {
        Role.ADMIN: "may do everything with {}, overriding included",
        Role.OPERATOR: "may change {}",
        Role.APPROVER: "may approve what others change in {}",
    }
    said = [
        phrase.format(_reach([grant for grant in grants if grant.role is role]))
        for role, phrase in phrases.items()
        if any(grant.role is role for grant in grants)
    ]
    if said:
        return "; ".join(said)
    looks = any(grant.role is Role.VIEWER for grant in grants)
    return "may look, but change nothing" if looks else "may do nothing"


def _reach(grants: list[Grant]) -> str:
    patterns = dict.fromkeys(pattern for grant in grants for pattern in grant.groups)
    return "every group" if "*" in patterns else ", ".join(patterns)
