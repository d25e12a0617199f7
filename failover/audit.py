"""The audit record: one entry for each attempt and each of its moves, linked into a chain.

An entry is text, canonical JSON of strings, whole numbers, booleans and null. Its hash covers that
text and the hash of the entry before it, so that no entry can be altered, taken out or moved
without the rest showing it; see ``audit_chain``. All functions are pure.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from failover.lifecycle import Actor, Record, State, Why
from failover.model import FailoverGroup, to_plain

ID_LENGTH = 32
"""Of the ID of a change."""


class Kind(StrEnum):
    """What an entry tells. ``sending`` is the intent: it stands before the write goes out.

    A change that is accepted has an entry as well: where that can't be written it is not accepted.
    """

    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNCHANGED = "unchanged"
    CANCELLED = "cancelled"
    ASKED = "asked"
    APPROVED = "approved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    SENDING = "sending"
    UNKNOWN = "unknown"
    OUTCOME = "outcome"
    MEASURE = "measure"
    ANNOUNCED = "announced"
    ATTEMPT = "attempt"


class Doing(StrEnum):
    """What somebody tried where there is no record of a change to tell of it."""

    LOOK = "look"
    CHANGE = "change"
    APPROVE = "approve"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Attempt:
    """A refused attempt without a record: who tried what, where, and the word for why not.

    ``change_id``, ``group_id``, ``group_name``: what it was about, as far as that is known.
    """

    actor: Actor
    doing: Doing
    why: str
    channel_id: str | None = None
    change_id: str | None = None
    group_id: str | None = None
    group_name: str | None = None
    details: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Written:
    """A record's change and its writes so far as JSON-ready lists."""

    wanted: list[Any]
    writes: list[Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry before it has its place. ``at`` is UTC; the rest is JSON-ready once ``plain``.

    ``who`` acts in this very entry (Slack ID, name at the time, team), ``approvers`` agreed so far
    (Slack ID, name, when); ``before`` and ``after`` are groups as ``to_plain`` writes them.
    """

    at: datetime
    kind: Kind
    who: tuple[str, str | None, str | None]
    channel_id: str | None = None
    group: tuple[str | None, str | None] = (None, None)
    before: dict[str, Any] | None = None
    wanted: list[Any] | None = None
    writes: list[Any] = field(default_factory=list)
    after: dict[str, Any] | None = None
    reason: str | None = None
    why: str | None = None
    details: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    approvers: list[Any] = field(default_factory=list)
    outcome: str | None = None
    refs: Mapping[str, str | None] = field(default_factory=lambda: MappingProxyType({}))


def utc(moment: datetime) -> str:
    """UTC as RFC 3339 text of fixed width, so that it sorts like the time."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def canonical(number: int, entry: Entry) -> str:
    """The text of an entry at its place: sorted, compact, ASCII."""
    (user_id, name, team_id), (group_id, group_name) = entry.who, entry.group
    document = {
        "n": number,
        "at": utc(entry.at),
        "kind": entry.kind,
        "who": {"id": user_id, "name": name, "team": team_id},
        "where": entry.channel_id,
        "group": {"id": group_id, "name": group_name},
        "before": entry.before,
        "wanted": entry.wanted,
        "writes": entry.writes,
        "after": entry.after,
        "reason": entry.reason,
        "why": entry.why,
        "details": entry.details,
        "approvers": entry.approvers,
        "outcome": entry.outcome,
        "refs": entry.refs,
    }
    return json.dumps(plain(document), sort_keys=True, separators=(",", ":"))


def plain(value: Any) -> Any:
    """A value of strings, whole numbers, booleans, null, lists and mappings of these alone.

    Anything else becomes its text: two programs may write the same fraction differently.
    """
    match value:
        case None | bool():
            return value
        case int():
            return int(value)
        case str():
            return str(value)
        case Mapping():
            return {str(name): plain(part) for name, part in value.items()}
        case list() | tuple():
            return [plain(part) for part in value]
        case _:
            return str(value)


_BY_WHY: Mapping[Why | None, Kind] = MappingProxyType(
    {
        Why.CANCELLED: Kind.CANCELLED,
        Why.DECLINED: Kind.DECLINED,
        Why.WITHDRAWN: Kind.WITHDRAWN,
        Why.EXPIRED: Kind.EXPIRED,
    }
)
_BY_STATE: Mapping[State, Kind] = MappingProxyType(
    {
        State.RECEIVED: Kind.ACCEPTED,
        State.REFUSED: Kind.REFUSED,
        State.UNCHANGED: Kind.UNCHANGED,
        State.AWAITING: Kind.ASKED,
        State.APPROVED: Kind.APPROVED,
        State.SENDING: Kind.SENDING,
        State.UNKNOWN: Kind.UNKNOWN,
        State.DONE: Kind.MEASURE,
    }
)
OUTCOMES: Mapping[State, str] = MappingProxyType(
    {
        State.VERIFIED: "applied and verified",
        State.UNVERIFIED: "applied, not verified",
        State.FAILED: "failed, nothing changed",
        State.UNSETTLED: "outcome unknown",
        State.UNKNOWN: "outcome unknown",
        State.HALFWAY: "stopped halfway",
        State.REFUSED: "not changed",
        State.UNCHANGED: "already so",
        State.DONE: "done",
    }
)


def kind_of(record: Record) -> Kind | None:
    """What the newest move of a record is called; None: it is only shown to whoever asked."""
    if record.state is State.SHOWN:
        return None
    if record.state is State.AWAITING and record.approvals:
        return Kind.APPROVED
    if record.state in (State.REFUSED, State.FAILED) and record.why in _BY_WHY:
        return _BY_WHY[record.why]
    return _BY_STATE.get(record.state, Kind.OUTCOME)


def entry_of(record: Record, kind: Kind, written: Written, at: datetime) -> Entry:
    """What is to be written of a record as it now stands, stored at ``at`` (UTC)."""
    request = record.request
    names = record.facts.get("names", {})
    return Entry(
        at=at,
        kind=kind,
        who=_who(record, kind),
        channel_id=request.reply.channel_id,
        group=(record.group_id, record.group_name or request.group),
        before=_group(record.before),
        wanted=written.wanted,
        writes=written.writes,
        after=_group(record.after),
        reason=request.reason,
        why=record.why,
        details={name: fact for name, fact in record.facts.items() if name != "names"},
        approvers=[[user, names.get(user), utc(when)] for user, when in record.approvals],
        outcome=OUTCOMES.get(record.state),
        refs={
            "change": record.id,
            "asked_by": request.actor.user_id,
            "key": request.key,
            "set": request.set_id,
            "via": "slack" if request.host is None else f"command line, {request.host}",
        },
    )


def entry_of_attempt(attempt: Attempt, at: datetime) -> Entry:
    """What is to be written of an attempt that has no record."""
    actor = attempt.actor
    return Entry(
        at=at,
        kind=Kind.ATTEMPT,
        who=(actor.user_id, actor.name, actor.team_id),
        channel_id=attempt.channel_id,
        group=(attempt.group_id, attempt.group_name),
        wanted=[attempt.doing],
        why=attempt.why,
        details=attempt.details,
        outcome="refused",
        refs={"change": _as_id(attempt.change_id), "via": "slack"},
    )


def referring(entry: Entry, **refs: str | None) -> Entry:
    """The entry with further references."""
    return replace(entry, refs={**entry.refs, **refs})


def _as_id(pressed: str | None) -> str | None:
    """What stood in a button, as far as it could be an ID; a forged one must not go unnoted."""
    if pressed is None:
        return None
    return pressed.encode("ascii", "replace").decode().replace("\0", "?")[:ID_LENGTH]


def _who(record: Record, kind: Kind) -> tuple[str, str | None, str | None]:
    """Whoever decided, where the move is another person's; else whoever asked."""
    actor, names = record.request.actor, record.facts.get("names", {})
    other = None
    if kind is Kind.APPROVED and record.approvals:
        other = record.approvals[-1][0]
    elif kind is Kind.DECLINED:
        other = record.facts.get("by")
    if other is None:
        return actor.user_id, actor.name, actor.team_id
    return other, names.get(other), None


def _group(group: FailoverGroup | None) -> dict[str, Any] | None:
    return None if group is None else to_plain(group)
