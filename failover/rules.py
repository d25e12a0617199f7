"""The safety rules of the policy: facts in, refusals out. Nothing is raised, logged or worded."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from failover.change import Configure, effective, expected
from failover.model import FailoverGroup, Mode
from failover.policy import Action, Policy, Rule, covers


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rules look at: UTC now, and when the bot last changed the group."""

    now: datetime
    last_sent_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """A rule that stands against a change: until when (UTC) if it ends by itself, and its words.

    ``need`` and ``have`` are filled by the rules that count; ``mode`` by the one that fixes it.
    """

    rule: Rule
    until: datetime | None = None
    reason: str | None = None
    need: int | None = None
    have: int | None = None
    mode: Mode | None = None


def refusals(
    policy: Policy, group: FailoverGroup, change: Configure, facts: Facts
) -> tuple[Refusal, ...]:
    """Every rule that stands against applying ``change`` to ``group``; empty when none does."""
    return (
        *_frozen(policy, group, facts.now),
        *_protected(policy, group),
        *_required(policy, group, change),
        *_cooling(policy, facts),
    )


def _frozen(policy: Policy, group: FailoverGroup, now: datetime) -> tuple[Refusal, ...]:
    return tuple(
        Refusal(Rule.FREEZE, until=freeze.end, reason=freeze.reason)
        for freeze in policy.freezes
        if freeze.start <= now < freeze.end and covers(freeze.groups, _key(group))
    )


def _protected(policy: Policy, group: FailoverGroup) -> tuple[Refusal, ...]:
    # Until a second person can be asked, a protected group fails closed whatever the risk.
    return tuple(
        Refusal(Rule.PROTECT, need=protect.approvals)
        for protect in policy.protects
        if Action.CONFIGURE in protect.actions and covers(protect.groups, _key(group))
    )[:1]


def _required(policy: Policy, group: FailoverGroup, change: Configure) -> tuple[Refusal, ...]:
    after = expected(group, effective(group, change))
    have = len(after.eligible)
    found = []
    for require in policy.requires:
        if not covers(require.groups, _key(group)):
            continue
        if require.mode not in (None, after.mode):
            found.append(Refusal(Rule.REQUIRE, mode=require.mode))
        if require.eligible_slicers is not None and have < require.eligible_slicers:
            found.append(Refusal(Rule.REQUIRE, need=require.eligible_slicers, have=have))
    return tuple(found)


def _cooling(policy: Policy, facts: Facts) -> tuple[Refusal, ...]:
    if facts.last_sent_at is None or not policy.cooldown_seconds:
        return ()
    cooldown = timedelta(seconds=policy.cooldown_seconds)
    if facts.last_sent_at > facts.now + cooldown:
        # The clock was set back since: that moment would refuse changes for as long as it lies off.
        return ()
    until = facts.last_sent_at + cooldown
    return (Refusal(Rule.COOLDOWN, until=until),) if facts.now < until else ()


def _key(group: FailoverGroup) -> tuple[str, str]:
    return (group.id, group.name)
