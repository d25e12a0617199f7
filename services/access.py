"""Who may do what: the policy, and for grants by user group the membership as Slack tells it.

"Not allowed" and "could not find out" are different answers; neither of them lets anybody act.
"""

import threading
from datetime import datetime, timedelta

from failover.errors import FailoverError, SlackProblem
from failover.lifecycle import Actor
from failover.policy import Action, Grant, Policy, Role, allows
from failover.standing import Allowed, Answer, Denied, Standing, Uncertain
from services.ports import Clock, PolicySource, UserGroups


class NotRemembered(FailoverError):
    """An answer from memory was asked for, and memory does not hold it."""


class Access:
    """Answers from the policy and from Slack's user groups, remembered for ``fresh_seconds``."""

    def __init__(
        self, policy: PolicySource, usergroups: UserGroups, clock: Clock, fresh_seconds: float
    ) -> None:
        """``clock`` gives UTC."""
        self._policy = policy
        self._usergroups = usergroups
        self._clock = clock
        self._fresh = timedelta(seconds=fresh_seconds)
        self._members: dict[str, tuple[datetime, frozenset[str]]] = {}
        self._generation = 0
        self._home: frozenset[str] = frozenset()
        self._lock = threading.Lock()

    def belongs_to(self, *teams: str) -> None:
        """From now on only people of this workspace, or of its organisation, may do anything.

        ``teams``: their IDs; Slack names either of them as a person's team.
        """
        self._home = frozenset(teams)

    def check(
        self, actor: Actor, action: Action, group: tuple[str, str] | None, *, live: bool = False
    ) -> Answer:
        """Whether the person may do ``action`` to ``group`` (its ID and name; None: to any).

        ``live``: user groups are read from Slack now, as every change demands. A grant by user ID
        needs no look-up, so those people can act while Slack does not answer.
        """
        policy = self._policy()
        if self._stranger(actor):
            return Denied((), (), (), stranger=True)
        grants = policy.grants_for(action, group)
        by_name = any(actor.user_id in grant.users for grant in grants)
        if by_name or allows(policy.default_role, action):
            return Allowed()
        unread, problem = [], ""
        for usergroup in sorted(frozenset().union(*(grant.usergroups for grant in grants))):
            try:
                if actor.user_id in self._read(usergroup, live=live):
                    return Allowed()
            except SlackProblem as error:
                unread.append(usergroup)
                problem = error.error
        if unread:
            return Uncertain(tuple(unread), problem)
        return _denied(grants)

    def standing(self, actor: Actor, *, remembered_only: bool = False) -> Standing:
        """The grants that a person has.

        Raises NotRemembered where Slack would have to be asked and ``remembered_only`` forbids it.
        """
        policy = self._policy()
        if self._stranger(actor):
            return Standing((), Role.NONE, ())
        unread, problem = set(), None
        held = []
        for grant in policy.grants:
            if actor.user_id in grant.users:
                held.append(grant)
                continue
            for usergroup in sorted(grant.usergroups):
                try:
                    if actor.user_id in self._read(usergroup, remembered_only=remembered_only):
                        held.append(grant)
                        break
                except SlackProblem as error:
                    unread.add(usergroup)
                    problem = error.error
        return Standing(tuple(held), policy.default_role, tuple(sorted(unread)), problem)

    def policy(self) -> Policy:
        """The policy in force."""
        return self._policy()

    def forget(self, usergroup: str) -> None:
        """Drop what is remembered of a user group: Slack says that it changed."""
        with self._lock:
            self._generation += 1
            self._members.pop(usergroup, None)

    def _stranger(self, actor: Actor) -> bool:
        return bool(self._home) and actor.team_id not in self._home

    def _read(
        self, usergroup: str, *, live: bool = False, remembered_only: bool = False
    ) -> frozenset[str]:
        with self._lock:
            remembered, generation = self._members.get(usergroup), self._generation
        if remembered is not None and not live:
            read_at, members = remembered
            if self._clock() - read_at <= self._fresh:
                return members
        if remembered_only:
            raise NotRemembered(usergroup)
        asked_at = self._clock()
        members = self._usergroups.members(usergroup)
        with self._lock:
            # What was asked before somebody joined or left must not be remembered after it.
            if generation == self._generation:
                self._members[usergroup] = (asked_at, members)
        return members


def _denied(grants: tuple[Grant, ...]) -> Denied:
    return Denied(
        roles=tuple(dict.fromkeys(grant.role for grant in grants)),
        users=tuple(sorted(frozenset().union(*(grant.users for grant in grants)))),
        usergroups=tuple(sorted(frozenset().union(*(grant.usergroups for grant in grants)))),
    )
