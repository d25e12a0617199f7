"""Who may do what: the policy, and for grants by user group the membership as Slack tells it.

"Not allowed" and "could not find out" are different answers; neither of them lets anybody act.
"""

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from failover.errors import FailoverError, SlackProblem
from failover.lifecycle import ON_HOST, Actor, Request
from failover.policy import Action, Grant, Policy, Role, allows
from failover.standing import Allowed, Answer, Denied, Standing, Uncertain
from services.ports import Clock, PolicySource, UserGroups


class NotRemembered(FailoverError):
    """An answer from memory was asked for, and memory does not hold it."""


@dataclass(frozen=True, slots=True)
class Span:
    """One piece of work and its time, UTC: from ``until`` on no further user group is asked for.

    ``read``: the members that were read for it, live for the rest of it. ``recent``: what was read
    so shortly before is live enough for it.
    """

    begun: datetime
    until: datetime
    read: dict[str, frozenset[str]] = field(default_factory=dict)
    recent: timedelta = timedelta(0)


RECENT = timedelta(seconds=10)
"""How old a reading of a user group may be for a member of a set, at the most.

One reading serves the members whose turns come within it: Slack takes about 20 in a minute
[usergroups.users.list, Tier 2], and a set has up to 50 members.
"""


def span_of(request: Request, begun: datetime, within: float) -> Span:
    """The time for checking a request: so many seconds from ``begun`` (UTC) on."""
    recent = timedelta(0) if request.set_id is None else RECENT
    return Span(begun, begun + timedelta(seconds=within), recent=recent)


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
        self,
        actor: Actor,
        action: Action,
        group: tuple[str, str] | None,
        *,
        live: bool = False,
        span: Span | None = None,
    ) -> Answer:
        """Whether the person may do ``action`` to ``group`` (its ID and name; None: to any).

        ``live``: user groups are read from Slack now, as every change demands, or for a member of
        a set were so at most 10 s before. A grant by user ID
        needs no look-up, so those people can act while Slack does not answer; nobody else can be
        told from a stranger until the bot has learnt which workspace it serves. ``span``: the
        work that the answer is for; what can't be read in it is Uncertain.
        """
        policy = self._policy()
        if self.stranger(actor):
            return Denied((), (), (), stranger=True)
        grants = policy.grants_for(action, group)
        if any(actor.user_id in grant.users for grant in grants):
            return Allowed()
        if live and not self._home and actor.team_id != ON_HOST:
            return Uncertain((), "identity_unknown")
        if allows(policy.default_role, action):
            return Allowed()
        usergroups = frozenset[str]().union(*(grant.usergroups for grant in grants))
        unread, problem = [], ""
        for usergroup in self._likely_first(actor, usergroups):
            try:
                if actor.user_id in self._read(usergroup, live=live, span=span):
                    return Allowed()
            except SlackProblem as error:
                unread.append(usergroup)
                problem = error.error
        if unread:
            return Uncertain(tuple(sorted(unread)), problem)
        return _denied(grants)

    def standing(self, actor: Actor, *, remembered_only: bool = False) -> Standing:
        """The grants that a person has.

        Raises NotRemembered where Slack would have to be asked and ``remembered_only`` forbids it.
        """
        policy = self._policy()
        if self.stranger(actor):
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

    def stranger(self, actor: Actor) -> bool:
        """Whether the person is known to be of another workspace."""
        return bool(self._home) and actor.team_id not in self._home | {ON_HOST}

    def _likely_first(self, actor: Actor, usergroups: Iterable[str]) -> list[str]:
        with self._lock:
            held = {one for one, (_, members) in self._members.items() if actor.user_id in members}
        return sorted(usergroups, key=lambda one: (one not in held, one))

    def _read(
        self,
        usergroup: str,
        *,
        live: bool = False,
        span: Span | None = None,
        remembered_only: bool = False,
    ) -> frozenset[str]:
        if span is not None and usergroup in span.read:
            return span.read[usergroup]
        with self._lock:
            remembered, generation = self._members.get(usergroup), self._generation
        asked_at = self._clock()
        recent = timedelta(0) if span is None else span.recent
        if remembered is not None and (recent or not live):
            read_at, members = remembered
            # A negative age, after the clock was set back, says nothing.
            if timedelta(0) <= asked_at - read_at <= (recent if live else self._fresh):
                return members
        if remembered_only:
            raise NotRemembered(usergroup)
        if span is not None and asked_at >= span.until:
            raise SlackProblem("no_time_left")
        members = self._usergroups.members(usergroup)
        if span is not None:
            span.read[usergroup] = members
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
