"""A change that waits for other people, and how it is brought into each of its states."""

from collections.abc import Callable, Mapping
from typing import Any

from failover.lifecycle import Actor, Record, State
from failover.model import FailoverGroup
from failover.policy import Grant, Policy, Protect, Role
from services.approvals import Decided
from tests.builders import ADMIN, MEMBER, OPERATOR, SECOND, SPORTS, policy
from tests.stage import Stage

APPROVER = Actor("U0APPROVER", "Approver", "T0HOME")
OTHER = Actor("U0OTHER", "Another approver", "T0HOME")
BOTH = Actor("U0BOTH", "Operator and approver", "T0HOME")
OUTSIDER = Actor("U0OUTSIDER", "Holds no role at all", "T0HOME")
ELSEWHERE = Actor(APPROVER.user_id, "Approver elsewhere", "T0ELSEWHERE")

MINUTES = 15
OPERATORS = Grant(
    Role.OPERATOR, frozenset({OPERATOR.user_id, SECOND.user_id, BOTH.user_id}), frozenset()
)
APPROVERS = Grant(Role.APPROVER, frozenset({APPROVER.user_id, OTHER.user_id, BOTH.user_id}))
GROUPED = Grant(Role.APPROVER, usergroups=frozenset({SPORTS}))
"""``MEMBER`` may approve as a member of the user group."""
ADMINS = Grant(Role.ADMIN, frozenset({ADMIN.user_id}))


def protected(need: int = 1, **given: Any) -> Policy:
    """Every change needs so many approvals within 15 minutes."""
    plain: dict[str, Any] = {
        "grants": (OPERATORS, APPROVERS, GROUPED, ADMINS),
        "protects": (Protect(approvals=need, expires_minutes=MINUTES),),
    }
    return policy(**{**plain, **given})


def staged(need: int = 1, *groups: FailoverGroup, **given: Any) -> Stage:
    """A stage on which changes wait for so many people."""
    return Stage(*groups, rules=protected(need, **given))


def asks(stage: Stage, **given: Any) -> Record:
    """A request that waits for other people now."""
    waiting = stage.does(**given)
    assert (waiting.state, waiting.why) == (State.AWAITING, None)
    assert stage.uplynk.sent == []
    return waiting


def presses(stage: Stage, press: str, actor: Actor, change_id: str = "change-1") -> Decided:
    """What one press comes to; nobody carries on with the change yet."""
    match press:
        case "approve":
            return stage.approvals.approve(change_id, actor).code
        case "decline":
            return stage.approvals.decline(change_id, actor, "not now").code
        case _:
            return stage.approvals.withdraw(change_id, actor).code


def stands(stage: Stage, change_id: str = "change-1") -> Record:
    """The record as it stands."""
    return stage.ledger.records[change_id]


def overdue(stage: Stage) -> None:
    """Its time is over, and nobody has noted it yet."""
    stage.clock.advance(MINUTES * 60)


def expired(stage: Stage) -> None:
    """Its time is over."""
    overdue(stage)
    stage.approvals.tick()


def being_sent(stage: Stage) -> None:
    """Approved, and the write is under way."""
    presses(stage, "approve", APPROVER)
    presses(stage, "approve", OTHER)
    stage.timer.stop_after = 0
    stage.uplynk.down = None
    stage.uplynk.trip = _stop_at_the_write
    try:
        stage.work.run()
    except Stopped:
        stage.uplynk.trip = lambda _: None


class Stopped(BaseException):
    """The process is held up in the middle of the write."""


def _stop_at_the_write(point: str) -> None:
    if point == "write:before":
        raise Stopped


def carried_out(stage: Stage) -> None:
    """Approved and verified."""
    presses(stage, "approve", APPROVER)
    presses(stage, "approve", OTHER)
    stage.work.run()


def approved(stage: Stage) -> None:
    """Approved, and not yet taken up."""
    presses(stage, "approve", APPROVER)
    presses(stage, "approve", OTHER)


BROUGHT: Mapping[str, tuple[Callable[[Stage], object], State]] = {
    "open": (lambda stage: None, State.AWAITING),
    "overdue": (overdue, State.AWAITING),
    "approved": (approved, State.APPROVED),
    "declined": (lambda stage: presses(stage, "decline", APPROVER), State.REFUSED),
    "withdrawn": (lambda stage: presses(stage, "withdraw", OPERATOR), State.REFUSED),
    "expired": (expired, State.FAILED),
    "being sent": (being_sent, State.SENDING),
    "carried out": (carried_out, State.VERIFIED),
}
"""Each state of a request, how it comes there, and the state of its record then."""

PEOPLE: Mapping[str, Actor] = {
    "requester": OPERATOR,
    "approver": APPROVER,
    "other": OTHER,
    "both": BOTH,
    "member": MEMBER,
    "admin": ADMIN,
    "operator": SECOND,
    "outsider": OUTSIDER,
    "elsewhere": ELSEWHERE,
    "namesake": Actor(OPERATOR.user_id, "Requester elsewhere", "T0ELSEWHERE"),
}
