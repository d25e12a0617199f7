"""The safety rules: which of them stand against a change, with their facts."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from failover.change import Configure
from failover.measures import InForce
from failover.model import FailoverGroup, Mode
from failover.policy import Action, Freeze, Policy, Protect, Require, Risk, Rule
from failover.risk import Lessened
from failover.rules import Facts, Refusal, refusals
from tests.builders import FLAT, ID_A, PRIORITIZED, START, flat, group, later, policy, slicers

NOW = Facts(START)
FREEZE = Freeze(("*",), later(0), later(60), "New Year live")


def stand(
    rules: Policy, facts: Facts = NOW, there: FailoverGroup | None = None, to: Configure = FLAT
) -> tuple[Refusal, ...]:
    return refusals(rules, there or group(), to, facts)


def test_without_rules_nothing_stands() -> None:
    assert stand(Policy(cooldown_seconds=0)) == ()
    assert stand(Policy()) == ()


@pytest.mark.parametrize(
    ("now", "frozen"),
    [
        (later(-0.000001), False),
        (later(0), True),
        (later(59.999999), True),
        (later(60), False),
    ],
    ids=["before", "first moment", "last moment", "after"],
)
def test_the_borders_of_a_freeze(now: datetime, frozen: bool) -> None:
    expected = (Refusal(Rule.FREEZE, until=later(60), reason="New Year live"),) if frozen else ()
    assert stand(policy(freezes=(FREEZE,)), Facts(now)) == expected


PATTERNS = [
    (("*",), True),
    (("NBA*",), True),
    (("nba finals",), True),
    ((ID_A,), True),
    (("other", "NBA Finals"), True),
    (("NBA",), False),
    (("final-*",), False),
    ((), False),
]


@pytest.mark.parametrize(("patterns", "hit"), PATTERNS)
@pytest.mark.parametrize(
    "rules",
    [
        lambda groups: policy(freezes=(replace(FREEZE, groups=groups),)),
        lambda groups: policy(protects=(Protect(groups),)),
        lambda groups: policy(requires=(Require(groups, eligible_slicers=3),)),
    ],
    ids=["freeze", "protect", "require"],
)
def test_rules_stand_for_the_groups_they_name(
    rules: Any, patterns: tuple[str, ...], hit: bool
) -> None:
    assert bool(stand(rules(patterns))) is hit


def test_two_freezes_are_both_named() -> None:
    other = Freeze(("NBA*",), later(-5), later(5), "the final")
    found = stand(policy(freezes=(FREEZE, other)))
    assert [(one.until, one.reason) for one in found] == [
        (later(60), "New Year live"),
        (later(5), "the final"),
    ]


def test_the_strictest_protection_counts() -> None:
    protects = (
        Protect(approvals=1, expires_minutes=1),
        Protect(approvals=2, expires_minutes=30),
        Protect(approvals=2, expires_minutes=5),
        Protect(("other",), approvals=9),
    )
    to_flat = (Lessened.TO_FLAT,)
    assert stand(policy(protects=protects)) == (
        Refusal(Rule.PROTECT, need=2, minutes=5, lessened=to_flat),
    )


@pytest.mark.parametrize(
    ("there", "to", "asks"),
    [(group(), FLAT, True), (flat(), PRIORITIZED, False), (group(), Configure(None, True), False)],
    ids=["riskier", "safer", "neither"],
)
def test_where_only_risk_is_protected_the_safe_direction_stays_free(
    there: FailoverGroup, to: Configure, asks: bool
) -> None:
    rules = policy(protects=(Protect(risk=Risk.RISKIER),))
    assert bool(stand(rules, there=there, to=to)) is asks
    assert stand(policy(protects=(Protect(),)), there=there, to=to) != ()


LOCK = InForce("r1", "U0OWNER", "maintenance", later(60))


@pytest.mark.parametrize(
    ("lock", "actor", "now", "stands"),
    [
        (LOCK, "U0OTHER", later(0), True),
        (LOCK, "", later(0), True),
        (LOCK, "U0OWNER", later(0), False),
        (LOCK, "U0OTHER", later(59.9), True),
        (LOCK, "U0OTHER", later(60), False),
        (replace(LOCK, until=None), "U0OTHER", later(10**8), True),
        (None, "U0OTHER", later(0), False),
    ],
)
def test_a_lock_keeps_out_everybody_but_its_owner(
    lock: InForce | None, actor: str, now: datetime, stands: bool
) -> None:
    found = stand(Policy(cooldown_seconds=0), Facts(now, lock=lock, actor=actor))
    until = lock.until if lock else None
    refusal = Refusal(Rule.LOCK, until=until, reason="maintenance", by="U0OWNER")
    assert found == ((refusal,) if stands else ())


def test_a_pause_keeps_out_everybody() -> None:
    pause = InForce("r2", "U0ADMIN", "wrong key", None)
    found = stand(Policy(), Facts(START, pause=pause, actor="U0ADMIN"))
    assert found == (Refusal(Rule.PAUSE, reason="wrong key", by="U0ADMIN"),)


@pytest.mark.parametrize(
    ("failover", "sent", "until"),
    [
        (later(-4), None, later(6)),
        (later(-10), None, None),
        (later(-4), later(-2), later(8)),
        (later(-2), later(-4), later(8)),
        (later(3600), later(-4), later(6)),
        (later(3600), None, None),
    ],
)
def test_an_automatic_failover_cools_down_too(
    failover: datetime, sent: datetime | None, until: datetime | None
) -> None:
    there = group(failover_time=failover)
    found = stand(policy(cooldown_seconds=10), Facts(START, sent), there)
    assert found == (() if until is None else (Refusal(Rule.COOLDOWN, until=until),))


def test_a_protection_of_other_actions_does_not_stand() -> None:
    others = frozenset(Action) - {Action.CONFIGURE}
    assert stand(policy(protects=(Protect(actions=others),))) == ()


THREE = slicers("s1", "s2", "s3", off=["s3"])


@pytest.mark.parametrize(
    ("require", "there", "to", "expected"),
    [
        (Require(eligible_slicers=2), group(slicers=THREE), FLAT, ()),
        (
            Require(eligible_slicers=3),
            group(slicers=THREE),
            FLAT,
            (Refusal(Rule.REQUIRE, need=3, have=2),),
        ),
        (
            Require(eligible_slicers=1),
            group(slicers=()),
            FLAT,
            (Refusal(Rule.REQUIRE, need=1, have=0),),
        ),
        (
            Require(mode=Mode.PRIORITIZED),
            group(),
            FLAT,
            (Refusal(Rule.REQUIRE, mode=Mode.PRIORITIZED),),
        ),
        (Require(mode=Mode.PRIORITIZED), flat(), PRIORITIZED, ()),
        (Require(mode=Mode.PRIORITIZED), group(), Configure(None, True), ()),
        (
            Require(mode=Mode.PRIORITIZED),
            flat(),
            Configure(None, False),
            (Refusal(Rule.REQUIRE, mode=Mode.PRIORITIZED),),
        ),
        (
            Require(eligible_slicers=9, mode=Mode.PRIORITIZED),
            group(),
            FLAT,
            (
                Refusal(Rule.REQUIRE, mode=Mode.PRIORITIZED),
                Refusal(Rule.REQUIRE, need=9, have=2),
            ),
        ),
    ],
)
def test_what_must_hold_afterwards(
    require: Require, there: FailoverGroup, to: Configure, expected: tuple[Refusal, ...]
) -> None:
    assert stand(policy(requires=(require,)), there=there, to=to) == expected


@pytest.mark.parametrize(
    ("seconds", "last", "cooling"),
    [
        (10, None, False),
        (10, later(0), True),
        (10, later(-9.999999), True),
        (10, later(-10), False),
        (10, later(10), True),
        (10, later(10.000001), False),
        (10, later(3600), False),
        (0, later(0), False),
        (0, later(5), False),
        (0.5, later(-0.4), True),
    ],
)
def test_the_cool_down(seconds: float, last: datetime | None, cooling: bool) -> None:
    found = stand(policy(cooldown_seconds=seconds), Facts(START, last))
    if not cooling:
        assert found == ()
        return
    assert last is not None
    assert found == (Refusal(Rule.COOLDOWN, until=last + (later(seconds) - START)),)


def test_all_rules_that_stand_are_named() -> None:
    everything = policy(
        freezes=(FREEZE,),
        protects=(Protect(),),
        requires=(Require(mode=Mode.PRIORITIZED),),
        cooldown_seconds=10,
    )
    found = stand(everything, Facts(START, START))
    assert [one.rule for one in found] == [
        Rule.FREEZE,
        Rule.PROTECT,
        Rule.REQUIRE,
        Rule.COOLDOWN,
    ]
