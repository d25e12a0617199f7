"""Everything that may stand against a change, checked against the group as it is now."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from failover.change import holds, inapplicable
from failover.errors import GroupGone, UplynkError
from failover.lifecycle import Actor, Request, Why
from failover.model import FailoverGroup, Reading, fingerprint
from failover.policy import Action, Role
from failover.rules import Facts, Refusal, refusals
from failover.standing import Allowed, Answer, Uncertain
from services.access import Access, Span
from services.groups import Ambiguous, Groups, NoSuchGroup
from services.ports import Clock, Ledger


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
    """

    reading: Reading
    overridden: tuple[str, ...] = ()
    last_sent_at: datetime | None = None


LEAST_SECONDS = 1.0
"""Even where Slack has used up the time, Uplynk is given so long for the reading."""


class Guard:
    """Checks role, group, staleness and rules; reads, but never writes, anything."""

    def __init__(self, access: Access, groups: Groups, ledger: Ledger, clock: Clock) -> None:
        """``clock`` gives UTC."""
        self._access = access
        self._groups = groups
        self._ledger = ledger
        self._clock = clock

    def check(self, request: Request, *, live: bool, within: float) -> Blocked | AlreadySo | Clear:
        """Read the group afresh and judge the request against it, within so many seconds.

        ``live``: user groups are read from Slack now. Raises LedgerUnavailable.
        """
        begun = self._clock()
        span = Span(begun, begun + timedelta(seconds=within))
        target = self._meant(request, span, live=live)
        if isinstance(target, Blocked):
            return target
        stopped = self._role(request, target, span, live=live)
        if stopped is not None:
            return stopped
        assert target.id is not None
        try:
            # Asked before the reading: a change that ends after this shows when the group is taken.
            last = self._ledger.last_sent_at(target.id)
            reading = self._groups.read(target.id, within=self._left(span))
        except GroupGone:
            return Blocked(Why.GONE, target, facts={"status": 404}, failed=True)
        except UplynkError as error:
            return _unreadable(error, target)
        if reading.group.name != target.name:
            target = Target(target.id, reading.group.name)
            stopped = self._role(request, target, span, live=live)
        return stopped or self._judge(request, reading, last, span)

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
        return _not_one(found)

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
        answer = self._access.check(request.actor, Action.CONFIGURE, group, live=live, span=span)
        return None if isinstance(answer, Allowed) else refused_role(answer, target)

    def _judge(
        self, request: Request, reading: Reading, last: datetime | None, span: Span
    ) -> Blocked | AlreadySo | Clear:
        group = reading.group
        target = Target(group.id, group.name)
        if holds(group, request.change):
            return AlreadySo(reading)
        reason = inapplicable(group, request.change)
        if reason is not None:
            return Blocked(Why.INAPPLICABLE, target, group, {"code": reason.value})
        if request.seen is not None and request.seen != fingerprint(group):
            return Blocked(Why.STALE, target, group)
        facts = Facts(self._clock(), last)
        standing = refusals(self._access.policy(), group, request.change, facts)
        verdict = self._weigh(request, reading, standing, span)
        return replace(verdict, last_sent_at=last) if isinstance(verdict, Clear) else verdict

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
        if left:
            return Blocked(Why.RULE, target, reading.group, {"rules": [_facts(r) for r in left]})
        return Clear(reading, lifted)

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
    return Blocked(Why.UNREADABLE, target, facts=uplynk_facts(error), failed=True)


def uplynk_facts(error: UplynkError) -> dict[str, Any]:
    """What is worth keeping of an error of Uplynk, JSON-ready."""
    return {"kind": type(error).__name__, "status": error.status, "words": error.words}


def _not_one(found: NoSuchGroup | Ambiguous) -> Blocked:
    target = Target(None, found.word)
    if isinstance(found, NoSuchGroup):
        return Blocked(Why.NO_SUCH_GROUP, target, facts={"near": list(found.near)})
    names = [[group.name, group.id] for group in found.candidates]
    return Blocked(Why.AMBIGUOUS_GROUP, target, facts={"candidates": names})


def _facts(refusal: Refusal) -> dict[str, Any]:
    until: datetime | None = refusal.until
    return {
        "rule": refusal.rule.value,
        "until": None if until is None else until.isoformat(),
        "reason": refusal.reason,
        "need": refusal.need,
        "have": refusal.have,
        "mode": refusal.mode,
    }
