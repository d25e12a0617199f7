"""Locks, the pause and the second person hold whatever happens; and the machine finds bugs."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from failover.lifecycle import Actor, Record, State, Why
from failover.measures import Force, Lock, Pause, Unlock
from failover.policy import Role, Rule
from services import guard
from services.approvals import Approvals, Decided
from services.guard import Guard
from services.measures import Measures
from tests.builders import ADMIN, ID_A, OPERATOR, SECOND, slicers
from tests.fakes import FakeLedger
from tests.services.asking import APPROVER, BOTH, OTHER
from tests.services.deciding import Decide, Place, Policed, Turn
from tests.services.deciding_machine import Deciding
from tests.services.presses import Hand
from tests.services.stories import broken

SETTINGS = settings(
    max_examples=120,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


def test_whatever_people_press() -> None:
    run_state_machine_as_test(Deciding, settings=SETTINGS)


def self_approval_counts(plain: Callable[..., Any]) -> Callable[..., Any]:
    def barred(self: Approvals, record: Any, actor: Actor, **given: Any) -> Any:
        found = plain(self, record, actor, **given)
        own = found is not None and found.code is Decided.OWN_REQUEST
        return self._without_role(record, actor) if own else found

    return barred


def one_person_counts_twice(plain: Callable[..., Any]) -> Callable[..., Any]:
    def barred(self: Approvals, record: Any, actor: Actor, **given: Any) -> Any:
        found = plain(self, record, actor, **given)
        return None if found is not None and found.code is Decided.TWICE else found

    return barred


def approval_after_a_decline_counts(plain: Callable[..., Any]) -> Callable[..., Any]:
    def approve(self: Approvals, change_id: str, actor: Actor) -> Any:
        record: Record | None = self._ledger.get(change_id)
        if record is not None and record.why is Why.DECLINED:
            self._ledger.advance(
                replace(record, state=State.AWAITING, why=None, version=record.version + 1), {}
            )
        return plain(self, change_id, actor)

    return approve


def anybody_approves(plain: Callable[..., Any]) -> Callable[..., Any]:
    def without_role(self: Approvals, record: Record, actor: Actor) -> Any:
        return None

    return without_role


def time_is_never_over(plain: Callable[..., Any]) -> Callable[..., Any]:
    def is_open(self: Approvals, record: Record) -> bool:
        return record.state is State.AWAITING

    return is_open


def the_state_is_not_checked_again(plain: Callable[..., Any]) -> Callable[..., Any]:
    def judge(self: Guard, request: Any, reading: Any, facts: Any, granted: Any) -> Any:
        seen = None if granted[1] else request.seen
        return plain(self, replace(request, seen=seen), reading, facts, granted)

    return judge


def the_role_is_not_checked_again(plain: Callable[..., Any]) -> Callable[..., Any]:
    def role(self: Guard, request: Any, target: Any, span: Any, *, live: bool) -> Any:
        return None if request.seen else plain(self, request, target, span, live=live)

    return role


def what_is_needed_by_now_is_not_asked(plain: Callable[..., Any]) -> Callable[..., Any]:
    def check(self: Guard, *args: Any, approvals: int = 0, **given: Any) -> Any:
        return plain(self, *args, approvals=99 if approvals else 0, **given)

    return check


def ignores(rule: Rule) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def plant(plain: Callable[..., Any]) -> Callable[..., Any]:
        def refusals(*args: Any) -> Any:
            return tuple(one for one in plain(*args) if one.rule is not rule)

        return refusals

    plant.__name__ = f"the_{rule}_is_ignored"
    return plant


def anybody_overrides(plain: Callable[..., Any]) -> Callable[..., Any]:
    def admin(self: Guard, *_: Any) -> Any:
        return guard.Allowed()

    return admin


def looks_once(plain: Callable[..., Any]) -> Callable[..., Any]:
    def take(self: FakeLedger, record: Record, tell: Any, last: Any, force: Force) -> Any:
        there = Force(self.in_force.get(record.group_id), self.in_force.get(None))
        return plain(self, record, tell, last, there)

    return take


def anybody_unlocks(plain: Callable[..., Any]) -> Callable[..., Any]:
    def barred(self: Measures, *_: Any) -> Any:
        return None

    return barred


def an_end_is_not_told(plain: Callable[..., Any]) -> Callable[..., Any]:
    def tell(self: Approvals, *, answer: bool) -> Any:
        return plain(self, answer=False) if answer else plain(self, answer=answer)

    return tell


NOBODY: frozenset[Role] = frozenset()
AGREE, OTHER_AGREES = Decide("approve", APPROVER, 0), Decide("approve", OTHER, 0)
SECOND_LOCKS = Place(SECOND, ID_A, Lock(None))
ENOUGH = "nothing_protected_is_sent_without_enough_other_people"
ROLE = "nothing_is_sent_for_somebody_without_the_role"
LOCKED = "nothing_is_sent_to_what_somebody_else_has_locked"
SAME = "what_is_changed_is_what_they_were_shown"
RIGHTFUL = "locks_and_the_pause_are_only_put_and_taken_by_those_who_may"

Bug = Callable[[Callable[..., Any]], Callable[..., Any]]
PLANTED: list[tuple[object, str, Bug, str, dict[str, Any]]] = [
    (
        Approvals, "_barred", self_approval_counts, ENOUGH,
        {"actor": BOTH, "between": [Decide("approve", BOTH, 0)]},
    ),
    (Approvals, "_barred", one_person_counts_twice, ENOUGH, {"need": 2, "between": [AGREE, AGREE]}),
    (
        Approvals, "approve", approval_after_a_decline_counts, "the_first_final_decision_stands",
        {"between": [Decide("decline", OTHER, 0), AGREE]},
    ),
    (
        Approvals, "_without_role", anybody_approves, ENOUGH,
        {"between": [Decide("approve", SECOND, 0)]},
    ),
    (Approvals, "_open", time_is_never_over, ENOUGH, {"between": [900.0, AGREE]}),
    (
        Approvals, "_tell", an_end_is_not_told, "what_waits_for_nobody_any_more_is_told_so",
        {"told": True, "between": [Decide("decline", APPROVER, 0)]},
    ),
    (
        Guard, "_judge", the_state_is_not_checked_again, SAME,
        {"between": [AGREE, Hand(ID_A, (("slicers", slicers("s1", "s2", off=("s2",))),))]},
    ),
    (
        Guard, "_role", the_role_is_not_checked_again, ROLE,
        {"between": [AGREE, Policed(OPERATOR.user_id, NOBODY, 1)]},
    ),
    (
        Guard, "check", what_is_needed_by_now_is_not_asked, ENOUGH,
        {"between": [AGREE, Policed(OTHER.user_id, NOBODY, 2)]},
    ),
    (Guard, "_admin", anybody_overrides, ENOUGH, {"override": Rule.PROTECT}),
    (guard, "refusals", ignores(Rule.PROTECT), ENOUGH, {}),
    (guard, "refusals", ignores(Rule.LOCK), LOCKED, {"between": [SECOND_LOCKS, AGREE]}),
    (
        guard, "refusals", ignores(Rule.PAUSE), "nothing_is_sent_while_everything_is_paused",
        {"between": [AGREE, Place(ADMIN, "", Pause())]},
    ),
    (
        FakeLedger, "take", looks_once, LOCKED,
        {"between": [AGREE], "turns": [Turn(2, SECOND_LOCKS)]},
    ),
    (
        Measures, "_barred", anybody_unlocks, RIGHTFUL,
        {"between": [SECOND_LOCKS, Place(BOTH, ID_A, Unlock())]},
    ),
]  # fmt: skip
"""What is replaced, the bug, the promise that it breaks, and a story in which it does."""
IDS = [row[2].__name__ for row in PLANTED]


def broken_by(**story: Any) -> list[str]:
    """The promises that are broken once a request has gone its way."""
    machine = Deciding()
    machine.begins(need=1)
    plain = {"actor": OPERATOR, "override": None, "need": 1, "told": False, "turns": []}
    machine.a_request_goes_its_way(**{"between": [], **plain, **story})
    machine.messages_go_out()
    return broken(machine)


@pytest.mark.parametrize(("owner", "name", "bug", "promise", "story"), PLANTED, ids=IDS)
def test_a_planted_bug_breaks_its_promise_and_without_it_none_is_broken(
    monkeypatch: pytest.MonkeyPatch,
    owner: object,
    name: str,
    bug: Bug,
    promise: str,
    story: dict[str, Any],
) -> None:
    assert broken_by(**story) == []
    monkeypatch.setattr(owner, name, bug(getattr(owner, name)))
    assert promise in broken_by(**story)


SOUGHT = [row for row in PLANTED if row[2] in (anybody_approves, anybody_unlocks)]


@pytest.mark.planted
@pytest.mark.parametrize(("owner", "name", "bug", "promise", "_story"), SOUGHT)
def test_the_machine_comes_upon_such_stories_by_itself(
    monkeypatch: pytest.MonkeyPatch,
    owner: object,
    name: str,
    bug: Bug,
    promise: str,
    _story: dict[str, Any],
) -> None:
    monkeypatch.setattr(owner, name, bug(getattr(owner, name)))
    sought = settings(
        SETTINGS,
        max_examples=2000,
        derandomize=True,
        database=None,
        report_multiple_bugs=False,
        phases=[Phase.generate],
    )
    with pytest.raises(AssertionError) as found:
        run_state_machine_as_test(Deciding, settings=sought)
    assert promise in [frame.name for frame in found.traceback]


def test_whoever_needs_two_is_sent_with_two() -> None:
    assert broken_by(need=2, between=[AGREE, OTHER_AGREES]) == []
