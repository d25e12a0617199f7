"""The life of one change: its record, its states and every move between them.

    received -> refused | unchanged | failed | sending
    sending  -> verified | unverified | failed | unsettled | unknown
    unknown  -> verified | unverified | failed | unsettled

A change in ``sending`` or ``unknown`` holds its group: no other change of that group may start.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from failover.change import Configure
from failover.model import FailoverGroup
from failover.policy import Rule


class State(StrEnum):
    """Where a change stands. ``shown`` is a preview that nobody has confirmed yet."""

    SHOWN = "shown"
    RECEIVED = "received"
    REFUSED = "refused"
    UNCHANGED = "unchanged"
    SENDING = "sending"
    UNKNOWN = "unknown"
    VERIFIED = "verified"
    UNVERIFIED = "unverified"
    FAILED = "failed"
    UNSETTLED = "unsettled"


LAST_WORDS = frozenset({State.VERIFIED, State.UNVERIFIED, State.FAILED, State.UNSETTLED})
MOVES: Mapping[State, frozenset[State]] = MappingProxyType(
    {
        State.RECEIVED: frozenset({State.REFUSED, State.UNCHANGED, State.FAILED, State.SENDING}),
        State.SENDING: LAST_WORDS | {State.UNKNOWN},
        State.UNKNOWN: LAST_WORDS,
    }
)
HOLDING = frozenset({State.SENDING, State.UNKNOWN})
FINAL = frozenset(State) - frozenset(MOVES)


class Why(StrEnum):
    """The closed list of reasons for which a change was refused, or came to nothing."""

    ROLE = "role"
    ROLE_UNCERTAIN = "role_uncertain"
    RULE = "rule"
    OVERRIDE_ROLE = "override_role"
    STALE = "stale"
    BUSY = "busy"
    NO_SUCH_GROUP = "no_such_group"
    AMBIGUOUS_GROUP = "ambiguous_group"
    INAPPLICABLE = "inapplicable"
    LATE = "late"
    CANCELLED = "cancelled"
    UNREADABLE = "unreadable"
    REJECTED = "rejected"
    UNAUTHORIZED = "unauthorized"
    FORBIDDEN = "forbidden"
    GONE = "gone"
    CONFLICT = "conflict"
    RATE_LIMITED = "rate_limited"
    UNREACHABLE = "unreachable"
    NO_EFFECT = "no_effect"
    INTERRUPTED = "interrupted"
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True)
class Actor:
    """A person as Slack names them; only ``user_id`` and ``team_id`` identify."""

    user_id: str
    name: str
    team_id: str


@dataclass(frozen=True, slots=True)
class ReplyTo:
    """Where the person is looking: a response URL, an open view, or the channel they typed in.

    ``replaces``: what is sent to the response URL takes the place of the message that was pressed.
    """

    channel_id: str | None = None
    response_url: str | None = None
    view_id: str | None = None
    replaces: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """What a person asked for.

    ``key`` is the same for every delivery of one press; ``group`` an ID or what was typed;
    ``seen`` the fingerprint of the group as it was shown, None where nothing was shown.
    """

    key: str
    actor: Actor
    group: str
    change: Configure
    received_at: datetime
    reply: ReplyTo = ReplyTo()
    reason: str | None = None
    override: Rule | None = None
    seen: str | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """One attempt to change a group, from its arrival to its outcome.

    ``version`` grows by one with every move. ``facts`` are JSON-ready details of ``why``.
    """

    id: str
    request: Request
    state: State = State.RECEIVED
    version: int = 1
    group_id: str | None = None
    group_name: str | None = None
    before: FailoverGroup | None = None
    after: FailoverGroup | None = None
    why: Why | None = None
    facts: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    sent_at: datetime | None = None
    ended_at: datetime | None = None

    @property
    def final(self) -> bool:
        """Whether the last word is spoken."""
        return self.state in FINAL


class IllegalMove(Exception):
    """A move that the table does not know: a fault in the bot itself."""


def move(record: Record, to: State, **new: Any) -> Record:
    """The record moved on to ``to`` with ``new`` fields.

    Raises IllegalMove where the table has no such move.
    """
    if to not in MOVES.get(record.state, frozenset()):
        raise IllegalMove(f"{record.state} -> {to}")
    return replace(record, state=to, version=record.version + 1, **new)
