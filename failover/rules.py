"""The safety rules: facts in, refusals out. Nothing is raised, logged or worded."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from failover.change import Change, expected, needed
from failover.measures import InForce
from failover.model import FailoverGroup, Mode
from failover.policy import Policy, Protect, Rule, covers
from failover.risk import Lessened, lessened
from failover.roles import Risk


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rules look at besides the group and the policy.

    ``now`` is UTC, ``last_sent_at`` when the bot last changed the group; ``lock`` and ``pause`` are
    what was put in force; ``actor`` is the Slack user ID of whoever asks.
    """

    now: datetime
    last_sent_at: datetime | None = None
    lock: InForce | None = None
    pause: InForce | None = None
    actor: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A rule that stands against a change: until when (UTC) if it ends by itself, and its words.

    ``need`` and ``have`` are filled by the rules that count; ``mode`` by the one that fixes it;
    ``by`` is who put a lock or a pause in force; ``minutes`` how long a second person has, and
    ``lessened`` what makes one necessary.
    """

    rule: Rule
    until: datetime | None = None
    reason: str | None = None
    need: int | None = None
    have: int | None = None
    mode: Mode | None = None
    by: str | None = None
    minutes: int | None = None
    lessened: tuple[Lessened, ...] = ()


def refusals(
    policy: Policy, group: FailoverGroup, change: Change, facts: Facts
) -> tuple[Refusal, ...]:
    """Every rule that stands against applying ``change`` to ``group``; empty when none does."""
    return (
        *forced(facts),
        *_frozen(policy, group, facts.now),
        *_protected(policy, group, change, facts.now),
        *_required(policy, group, change),
        *_cooling(policy, group, facts),
    )


def forced(facts: Facts) -> tuple[Refusal, ...]:
    """The pause and the lock that stand against any change: known without a look at the group."""
    return (*_paused(facts), *_locked(facts))


def protection(
    policy: Policy, group: FailoverGroup, change: Change, now: datetime
) -> Refusal | None:
    """For which protection other people would have to agree to a change made at ``now`` (UTC)."""
    return next(iter(_protected(policy, group, change, now)), None)


def _paused(facts: Facts) -> tuple[Refusal, ...]:
    pause = facts.pause
    return () if pause is None else (Refusal(Rule.PAUSE, reason=pause.reason, by=pause.by),)


def _locked(facts: Facts) -> tuple[Refusal, ...]:
    lock = facts.lock
    if lock is None or not lock.at(facts.now) or lock.by == facts.actor:
        return ()
    return (Refusal(Rule.LOCK, until=lock.until, reason=lock.reason, by=lock.by),)


def _frozen(policy: Policy, group: FailoverGroup, now: datetime) -> tuple[Refusal, ...]:
    return tuple(
        Refusal(Rule.FREEZE, until=freeze.end, reason=freeze.reason)
        for freeze in policy.freezes
        if freeze.start <= now < freeze.end and covers(freeze.groups, _key(group))
    )


def _protected(
    policy: Policy, group: FailoverGroup, change: Change, now: datetime
) -> tuple[Refusal, ...]:
    """The strictest protection that hits: the most approvals, then the least time."""
    risks = lessened(group, change, now)
    hit = [one for one in policy.protects if _hits(one, group, change, risks)]
    if not hit:
        return ()
    strict = max(hit, key=lambda one: (one.approvals, -one.expires_minutes))
    minutes = strict.expires_minutes
    return (Refusal(Rule.PROTECT, need=strict.approvals, minutes=minutes, lessened=risks),)


def _hits(
    protect: Protect, group: FailoverGroup, change: Change, risks: tuple[Lessened, ...]
) -> bool:
    asked = needed(change) in protect.actions and covers(protect.groups, _key(group))
    return asked and (protect.risk is Risk.ANY or bool(risks))


def _required(policy: Policy, group: FailoverGroup, change: Change) -> tuple[Refusal, ...]:
    after = expected(group, change)
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


def _cooling(policy: Policy, group: FailoverGroup, facts: Facts) -> tuple[Refusal, ...]:
    cooldown = timedelta(seconds=policy.cooldown_seconds)
    # A moment further ahead than the cool-down was written by a clock that has been set back since;
    # it would refuse changes for as long as it lies off.
    moved = [
        moment
        for moment in (facts.last_sent_at, group.failover_time)
        if moment is not None and moment <= facts.now + cooldown
    ]
    until = max(moved, default=None)
    if until is None or facts.now >= until + cooldown:
        return ()
    return (Refusal(Rule.COOLDOWN, until=until + cooldown),)


def _key(group: FailoverGroup) -> tuple[str, str]:
    return (group.id, group.name)
