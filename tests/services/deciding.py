"""What people do about changes that need other people: ask, decide, lock, pause, meddle."""

from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from failover.change import Activate, Change, Configure
from failover.lifecycle import Actor
from failover.measures import Lock, Measure, Pause, Resume, Unlock
from failover.model import Mode
from failover.policy import Grant, Policy, Protect, Role, Rule
from tests.builders import (
    ADMIN,
    FAILBACK_OFF,
    FLAT,
    ID_A,
    ID_B,
    OPERATOR,
    PRIORITIZED,
    SECOND,
    policy,
)
from tests.services.asking import APPROVER, BOTH, ELSEWHERE, MINUTES, OTHER
from tests.services.presses import HANDS, Hand

PROTECTED = frozenset({ID_A})
HOME = "T0HOME"


@dataclass(frozen=True)
class Ask:
    """Somebody asks for a change."""

    actor: Actor
    group_id: str
    change: Change
    override: Rule | None


@dataclass(frozen=True)
class Decide:
    """Somebody presses a button of one of the newest requests."""

    press: str
    actor: Actor
    which: int


@dataclass(frozen=True)
class Place:
    """Somebody puts a measure in force, or takes one away."""

    actor: Actor
    group_id: str
    change: Measure


@dataclass(frozen=True)
class Policed:
    """The policy file is changed: one person's roles, and how many other people are needed."""

    user: str
    held: frozenset[Role]
    need: int


Act = Ask | Decide | Place | Hand


@dataclass(frozen=True)
class Turn:
    """What happens when the ``at``-th point is reached: an act of somebody else, or a crash."""

    at: int
    happens: Act | None


ROLES: dict[str, frozenset[Role]] = {
    OPERATOR.user_id: frozenset({Role.OPERATOR}),
    SECOND.user_id: frozenset({Role.OPERATOR}),
    BOTH.user_id: frozenset({Role.OPERATOR, Role.APPROVER}),
    APPROVER.user_id: frozenset({Role.APPROVER}),
    OTHER.user_id: frozenset({Role.APPROVER}),
    ADMIN.user_id: frozenset({Role.ADMIN}),
}
"""Who holds which roles at first."""


def policy_of(roles: dict[str, frozenset[Role]], need: int) -> Policy:
    """The policy that says so; one group needs so many other people."""
    grants = [
        Grant(role, frozenset(user for user, held in roles.items() if role in held))
        for role in (Role.OPERATOR, Role.APPROVER, Role.ADMIN)
    ]
    protects = (Protect(groups=tuple(PROTECTED), approvals=need, expires_minutes=MINUTES),)
    return policy(grants=tuple(grants), protects=protects)


def has(roles: dict[str, frozenset[Role]], actor: Actor, *wanted: Role) -> bool:
    """Whether a person holds one of these roles."""
    held = roles.get(actor.user_id, frozenset())
    return actor.team_id == HOME and bool(held.intersection(wanted))


OPERATORS = st.sampled_from([OPERATOR, SECOND, BOTH, ADMIN])
DECIDERS = st.sampled_from([OPERATOR, SECOND, BOTH, APPROVER, OTHER, ADMIN, ELSEWHERE])
IDS = st.sampled_from([ID_A, ID_A, ID_B])
WANTED: st.SearchStrategy[Change] = st.sampled_from(
    [
        PRIORITIZED,
        FLAT,
        Configure(Mode.PRIORITIZED, True),
        FAILBACK_OFF,
        Activate("s1", True),
        Activate("s2", True),
    ]
)
OVERRIDES = st.sampled_from([None, None, None, Rule.PROTECT, Rule.LOCK, Rule.PAUSE])
ASKS = st.builds(Ask, OPERATORS, IDS, WANTED, OVERRIDES)
DECIDES = st.builds(
    Decide,
    st.sampled_from(["approve", "approve", "approve", "decline", "withdraw"]),
    DECIDERS,
    st.sampled_from([0, 0, 0, 1, 2]),
)
PLACES: st.SearchStrategy[Place] = st.one_of(
    st.builds(Place, OPERATORS, IDS, st.builds(Lock, st.sampled_from([None, 60, 1000]))),
    st.builds(Place, OPERATORS, IDS, st.just(Unlock())),
    st.builds(Place, st.sampled_from([ADMIN, OPERATOR]), st.just(""), st.just(Pause())),
    st.builds(Place, st.just(ADMIN), st.just(""), st.just(Resume())),
)
POLICED = st.builds(
    Policed,
    st.sampled_from(sorted(ROLES)),
    st.frozensets(st.sampled_from([Role.OPERATOR, Role.APPROVER, Role.ADMIN]), max_size=2),
    st.sampled_from([1, 2]),
)
SECONDS = st.sampled_from([1.0, 20.0, 60.0, 15 * 60.0 - 1, 15 * 60.0])
ACTS: st.SearchStrategy[Any] = st.one_of(ASKS, DECIDES, DECIDES, PLACES, HANDS)
AGREES = st.builds(Decide, st.just("approve"), st.sampled_from([APPROVER, BOTH, ADMIN]), st.just(0))
SACKED = st.builds(Policed, st.sampled_from(sorted(ROLES)), st.just(frozenset()), st.just(1))
BETWEEN: st.SearchStrategy[Any] = st.one_of(
    AGREES, AGREES, AGREES, DECIDES, PLACES, HANDS, POLICED, SACKED, SECONDS
)
"""What comes between a request and the write."""

TURNS = st.lists(
    st.one_of(
        st.builds(Turn, st.integers(0, 14), st.one_of(st.none(), ACTS)),
        st.builds(Turn, st.integers(0, 5), PLACES),
    ),
    max_size=2,
)
