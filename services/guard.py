"""Everything that may stand against a change, checked against the group as it is now."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from failover.change import (
    holds,
    inapplicable,
    needed,
    reads_owners,
)
from failover.errors import GroupGone, UplynkError
from failover.lifecycle import Actor, Request, Why
from failover.measures import Force
from failover.model import FailoverGroup, Reading, fingerprint
from failover.policy import Action, Role, Rule
from failover.rules import Facts, Refusal, forced, protection, refusals
from failover.standing import Allowed, Answer, Uncertain
from services.access import Access, Span, span_of
from services.groups import Groups
from services.misfits import misfit, missed
from services.ports import Clock, Forces, Ledger


@dataclass(frozen=True, slots=True)
class Target:
    """The group that is meant; ``name`` is what was typed where Uplynk could not be asked."""

    id: str | None
    name: str


@dataclass(frozen=True, slots=True)
class Blocked:
    """The change stops here: why, the group as far as it is known, and JSON-ready facts.

    ``failed``: the person had the right, but what has to be known could not be read.
    """

    why: Why
    target: Target
    now: FailoverGroup | None = None
    facts: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    failed: bool = False


@dataclass(frozen=True, slots=True)
class AlreadySo:
    """The group is as the change wants it."""

    reading: Reading


@dataclass(frozen=True, slots=True)
class Clear:
    """Nothing stands against it; ``overridden`` names the rules that an admin set aside.

    ``last_sent_at``: when, as was known before the group was read, the bot last changed it.
    ``asks``: the protection for which other people still have to agree. ``force``: the lock and
    the pause that were looked at.
    """

    reading: Reading
    overridden: tuple[str, ...] = ()
    last_sent_at: datetime | None = None
    asks: Refusal | None = None
    force: Force = field(default_factory=Force)


LEAST_SECONDS = 1.0
"""Even where Slack has used up the time, Uplynk is given so long for the reading."""


class Guard:
    """Checks role, group, staleness and rules; reads, but never writes, anything."""

    def __init__(
        self, access: Access, groups: Groups, ledger: Ledger, forces: Forces, clock: Clock
    ) -> None:
        """``clock`` gives UTC."""
        self._forces = forces
        self._access = access
        self._groups = groups
        self._ledger = ledger
        self._clock = clock

    def check(
        self, request: Request, *, live: bool, within: float, approvals: int = 0
    ) -> Blocked | AlreadySo | Clear:
        """Read the group afresh and judge the request against it, within so many seconds.

        ``live``: user groups are read from Slack now. ``approvals``: how many other people have
        agreed. Raises LedgerUnavailable.
        """
        begun = self._clock()
        span = span_of(request, begun, within)
        target = self._meant(request, span, live=live)
        if isinstance(target, Blocked):
            return self._forced(request, target)
        stopped = self._role(request, target, span, live=live)
        if stopped is not None:
            return stopped
        assert target.id is not None
        try:
            # Asked before the reading: a change that ends after this shows when the group is taken.
            last = self._ledger.last_sent_at(target.id)
            force = self._forces.in_force(target.id)
            owners = reads_owners(request.change)
            reading = self._groups.read(target.id, owners=owners, within=self._left(span))
        except GroupGone:
            return Blocked(Why.GONE, target, facts={"status": 404}, failed=True)
        except UplynkError as error:
            return self._forced(request, _unreadable(error, target))
        if reading.group.name != target.name:
            target = Target(target.id, reading.group.name)
            stopped = self._role(request, target, span, live=live)
        facts = Facts(self._clock(), last, force.lock, force.pause, request.actor.user_id)
        return stopped or self._judge(request, reading, facts, (span, approvals))

    def judge(self, request: Request, reading: Reading, span: Span) -> Blocked | AlreadySo | Clear:
        """Judge a request against a group that was read before; nothing of Uplynk is read.

        Raises LedgerUnavailable.
        """
        group, now = reading.group, self._clock()
        stopped = self._role(request, Target(group.id, group.name), span, live=False)
        last, force = self._ledger.last_sent_at(group.id), self._forces.in_force(group.id)
        facts = Facts(now, last, force.lock, force.pause, request.actor.user_id)
        return stopped or self._judge(request, reading, facts, (span, 0))

    def approvers(self, group: FailoverGroup) -> dict[str, Any]:
        """Who may agree to a change of a group: Slack user and user group IDs, JSON-ready."""
        grants = self._access.policy().grants_for(Action.APPROVE, (group.id, group.name))
        users = sorted(frozenset[str]().union(*(grant.users for grant in grants)))
        usergroups = sorted(frozenset[str]().union(*(grant.usergroups for grant in grants)))
        return {"users": users, "usergroups": usergroups}

    def target(self, request: Request, span: Span) -> Target | Blocked:
        """The group that a request is about, if the person may do this to it; live look-ups."""
        target = self._meant(request, span, live=True)
        if isinstance(target, Blocked):
            return target
        return self._role(request, target, span, live=True) or target

    def barred(self, request: Request, target: Target, span: Span) -> Blocked | None:
        """Why the person may not do this to a group, as far as is remembered; None: they may."""
        return self._role(request, target, span, live=False)

    def _forced(self, request: Request, blocked: Blocked) -> Blocked:
        """The pause or the lock instead of a group that can't be read: they would refuse anyway."""
        if blocked.why is not Why.UNREADABLE:
            return blocked
        force = self._forces.in_force(blocked.target.id)
        facts = Facts(self._clock(), None, force.lock, force.pause, request.actor.user_id)
        asked = request.override if request.reason else None
        found = [one for one in forced(facts) if one.rule is not asked]
        return Blocked(Why.RULE, blocked.target, facts=ruled(*found)) if found else blocked

    def _meant(self, request: Request, span: Span, *, live: bool) -> Target | Blocked:
        if request.seen is not None:
            return self._shown(request.group, request.seen)
        typed = Target(None, request.group)
        # Whoever may change no group at all is not told which groups there are.
        stopped = self._role(request, typed, span, live=live)
        if stopped is not None:
            return stopped
        try:
            found = self._groups.find(request.group, within=self._left(span))
        except UplynkError as error:
            return _unreadable(error, typed)
        if isinstance(found, FailoverGroup):
            return Target(found.id, found.name)
        why, facts = missed(found, request.change, self._groups.known(fresh_only=False))
        return Blocked(why, typed, facts=facts)

    def _shown(self, group_id: str, mark: str) -> Target:
        listing = self._groups.known(fresh_only=False)
        if listing is not None and group_id in listing.by_id:
            return Target(group_id, listing.by_id[group_id].name)
        shown = self._ledger.seen(mark)
        return Target(group_id, shown.name if shown else group_id)

    def _left(self, span: Span) -> float:
        within = (span.until - span.begun).total_seconds()
        left = (span.until - self._clock()).total_seconds()
        return max(LEAST_SECONDS, min(within, left))

    def _role(self, request: Request, target: Target, span: Span, *, live: bool) -> Blocked | None:
        group = None if target.id is None else (target.id, target.name)
        action = needed(request.change)
        answer = self._access.check(request.actor, action, group, live=live, span=span)
        return None if isinstance(answer, Allowed) else refused_role(answer, target)

    def _judge(
        self, request: Request, reading: Reading, facts: Facts, granted: tuple[Span, int]
    ) -> Blocked | AlreadySo | Clear:
        group = reading.group
        target = Target(group.id, group.name)
        if holds(group, request.change):
            return AlreadySo(reading)
        reason = inapplicable(group, request.change)
        if reason is not None:
            return Blocked(Why.INAPPLICABLE, target, group, misfit(group, request.change, reason))
        if request.seen is not None and request.seen != fingerprint(group):
            asks = protection(self._access.policy(), group, request.change, facts.now)
            lifted = request.override is Rule.PROTECT and request.reason
            return Blocked(Why.STALE, target, group, ruled(asks) if asks and not lifted else {})
        span, approvals = granted
        standing = tuple(
            one
            for one in refusals(self._access.policy(), group, request.change, facts)
            if one.rule is not Rule.PROTECT or (one.need or 1) > approvals
        )
        verdict = self._weigh(request, reading, standing, span)
        if isinstance(verdict, Clear):
            force = Force(facts.lock, facts.pause)
            return replace(verdict, last_sent_at=facts.last_sent_at, force=force)
        return verdict

    def _weigh(
        self, request: Request, reading: Reading, standing: tuple[Refusal, ...], span: Span
    ) -> Blocked | Clear:
        target = Target(reading.group.id, reading.group.name)
        asked = request.override if request.reason else None
        if asked is None or all(one.rule is not asked for one in standing):
            lifted: tuple[str, ...] = ()
        else:
            answer = self._admin(request.actor, reading.group, span)
            if not isinstance(answer, Allowed):
                blocked = refused_role(answer, target)
                why = Why.OVERRIDE_ROLE if blocked.why is Why.ROLE else blocked.why
                return Blocked(why, target, reading.group, blocked.facts)
            lifted = (asked.value,)
        left = [one for one in standing if one.rule.value not in lifted]
        # A second person is asked once nothing else stands against it any more.
        asks = [one for one in left if one.rule is Rule.PROTECT]
        hard = [one for one in left if one.rule is not Rule.PROTECT]
        if hard:
            return Blocked(Why.RULE, target, reading.group, ruled(*hard))
        return Clear(reading, lifted, asks=asks[0] if asks else None)

    def _admin(self, actor: Actor, group: FailoverGroup, span: Span) -> Answer:
        key = (group.id, group.name)
        return self._access.check(actor, Action.OVERRIDE, key, live=True, span=span)


def refused_role(answer: Answer, target: Target) -> Blocked:
    """The refusal that follows from an answer other than Allowed."""
    if isinstance(answer, Uncertain):
        facts: dict[str, Any] = {
            "usergroups": list(answer.usergroups),
            "problem": answer.problem,
        }
        return Blocked(Why.ROLE_UNCERTAIN, target, facts=facts)
    assert not isinstance(answer, Allowed)
    facts = {
        "roles": [role.value for role in answer.roles] or [Role.OPERATOR.value, Role.ADMIN.value],
        "users": list(answer.users),
        "usergroups": list(answer.usergroups),
        "stranger": answer.stranger,
    }
    return Blocked(Why.ROLE, target, facts=facts)


def _unreadable(error: UplynkError, target: Target) -> Blocked:
    return Blocked(Why.UNREADABLE, target, facts=error.facts(), failed=True)


def ruled(*standing: Refusal) -> dict[str, Any]:
    """What is kept of the rules that stood against a change, JSON-ready."""
    return {"rules": [_facts(one) for one in standing]}


def _facts(refusal: Refusal) -> dict[str, Any]:
    until: datetime | None = refusal.until
    return {
        "rule": refusal.rule.value,
        "until": None if until is None else until.isoformat(),
        "reason": refusal.reason,
        "need": refusal.need,
        "have": refusal.have,
        "mode": refusal.mode,
        "by": refusal.by,
        "minutes": refusal.minutes,
        "lessened": list(refusal.lessened),
    }
