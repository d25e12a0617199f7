"""Values with sane defaults for tests: name only what the test is about."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from failover.change import Configure, Order, next_write
from failover.lifecycle import Actor, Record, ReplyTo, Request, State
from failover.model import Channel, FailoverGroup, Mode, Slicer
from failover.policy import Grant, Policy, Role

START = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
"""Where every fake clock starts."""

OPERATOR = Actor("U0OPERATOR", "Operator", "T0HOME")
SECOND = Actor("U0SECOND", "Second operator", "T0HOME")
ADMIN = Actor("U0ADMIN", "Admin", "T0HOME")
VIEWER = Actor("U0VIEWER", "Viewer", "T0HOME")
MEMBER = Actor("U0MEMBER", "Member of a user group", "T0HOME")
STRANGER = Actor("U0OPERATOR", "Operator elsewhere", "T0ELSEWHERE")
SPORTS = "S0SPORTS"

ID_A, ID_B, ID_C = "a" * 32, "b" * 32, "c" * 32

FLAT = Configure(Mode.FLAT)
PRIORITIZED = Configure(Mode.PRIORITIZED)
FAILBACK_ON = Configure(auto_failback=True)
FAILBACK_OFF = Configure(auto_failback=False)


def later(seconds: float) -> datetime:
    """So many seconds after the start."""
    return START + timedelta(seconds=seconds)


def slicers(*ids: str, orders: Iterable[int] = (), off: Iterable[str] = ()) -> tuple[Slicer, ...]:
    """Slicers as Uplynk lists them; ``orders`` counts from 1 unless given."""
    numbers = tuple(orders) or tuple(range(1, len(ids) + 1))
    return tuple(
        Slicer(one, one not in tuple(off), order) for one, order in zip(ids, numbers, strict=True)
    )


def channels(count: int) -> tuple[Channel, ...]:
    """So many channels."""
    return tuple(Channel(f"ch{number}", f"Channel {number}") for number in range(1, count + 1))


def group(**given: Any) -> FailoverGroup:
    """A prioritized group of two slicers with the first one active."""
    plain: dict[str, Any] = {
        "id": ID_A,
        "name": "NBA Finals",
        "mode": Mode.PRIORITIZED,
        "auto_failback": False,
        "slicers": slicers("s1", "s2"),
        "active_slicer_id": "s1",
    }
    return FailoverGroup(**{**plain, **given})


def flat(**given: Any) -> FailoverGroup:
    """A flat group of two slicers, both of order 1."""
    return group(**{"mode": Mode.FLAT, "slicers": slicers("s1", "s2", orders=(1, 1)), **given})


def failback(**given: Any) -> FailoverGroup:
    """A prioritized group of two slicers with auto failback on."""
    return group(**{"auto_failback": True, **given})


def order(*names: str) -> Order:
    """The slicers to come first, as they are typed: ``-c`` is not to be eligible."""
    return Order(tuple((one.removeprefix("-"), not one.startswith("-")) for one in names))


def request(**given: Any) -> Request:
    """The operator's request to make group A prioritized, typed."""
    plain: dict[str, Any] = {
        "key": "press-1",
        "actor": OPERATOR,
        "group": ID_A,
        "change": PRIORITIZED,
        "received_at": START,
        "reply": ReplyTo(channel_id="C0OPS", response_url="https://hooks.slack.com/commands/1"),
    }
    return Request(**{**plain, **given})


def record(state: State = State.RECEIVED, **given: Any) -> Record:
    """A record of ``request()``; with what a record in ``state`` needs to have been sent."""
    plain: dict[str, Any] = {"id": "change-1", "request": request(), **given}
    if state not in (State.RECEIVED, State.SHOWN, State.REFUSED, State.UNCHANGED):
        before = plain.setdefault("before", flat())
        write = next_write(before, plain["request"].change)
        sent = {"group_id": ID_A, "group_name": "NBA Finals", "sent_at": START, "base": before}
        plain = {**sent, "written": () if write is None else (write,), **plain}
    return replace(Record(**plain), state=state)


def policy(**given: Any) -> Policy:
    """Operators and an admin by user ID, a user group of operators, no cool-down."""
    plain: dict[str, Any] = {
        "grants": (
            Grant(Role.OPERATOR, users=frozenset({OPERATOR.user_id, SECOND.user_id})),
            Grant(Role.OPERATOR, usergroups=frozenset({SPORTS})),
            Grant(Role.ADMIN, users=frozenset({ADMIN.user_id})),
        ),
        "cooldown_seconds": 0.0,
    }
    return Policy(**{**plain, **given})
