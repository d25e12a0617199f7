"""What was found out about a person's rights. Only ``Allowed`` lets anybody act."""

from dataclasses import dataclass
from typing import TypeAlias

from failover.policy import Grant, GroupKey, covers
from failover.roles import Action, Role, allows


@dataclass(frozen=True, slots=True)
class Allowed:
    """The person may."""


@dataclass(frozen=True, slots=True)
class Denied:
    """The person may not: through which roles one could, and who holds those.

    ``users`` and ``usergroups`` are Slack IDs; ``stranger``: not of this workspace at all.
    """

    roles: tuple[Role, ...]
    users: tuple[str, ...]
    usergroups: tuple[str, ...]
    stranger: bool = False


@dataclass(frozen=True, slots=True)
class Uncertain:
    """It could not be found out: these user groups could not be read, for this reason."""

    usergroups: tuple[str, ...]
    problem: str


Answer: TypeAlias = Allowed | Denied | Uncertain


@dataclass(frozen=True, slots=True)
class Standing:
    """What a person is: their grants, what everybody has, and the user groups left unread."""

    grants: tuple[Grant, ...]
    default_role: Role
    unread: tuple[str, ...]
    problem: str | None = None

    def may(self, action: Action) -> bool:
        """Whether the person may do this to any group at all."""
        return allows(self.default_role, action) or any(
            allows(grant.role, action) for grant in self.grants
        )

    def may_to(self, action: Action, group: GroupKey) -> bool:
        """Whether the person may do this to one group, as far as that has been found out."""
        return allows(self.default_role, action) or any(
            allows(grant.role, action) and covers(grant.groups, group) for grant in self.grants
        )
