"""The life of one change: its record, its states and every move between them.

    received -> refused | unchanged | failed | awaiting | sending | done
    awaiting -> refused | failed | awaiting | approved
    approved -> refused | unchanged | failed | sending
    sending  -> verified | unverified | failed | unsettled | halfway | unknown | sending
    unknown  -> verified | unverified | failed | unsettled | halfway

A change in ``sending`` or ``unknown`` holds its group: no other change of that group may start. A
change of several writes comes back to ``sending`` for each; one that stops between two of them, or
whose later write did not take effect, ends in ``halfway``. One that needs several other people
comes back to ``awaiting`` for each. What takes no write, a lock or a pause, ends in ``done``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from failover.change import Change
from failover.model import FailoverGroup
from failover.policy import Rule
from failover.writes import Write


class State(StrEnum):
    """Where a change stands. ``shown`` is a preview that nobody has confirmed yet."""

    SHOWN = "shown"
    RECEIVED = "received"
    REFUSED = "refused"
    UNCHANGED = "unchanged"
    AWAITING = "awaiting"
    APPROVED = "approved"
    SENDING = "sending"
    UNKNOWN = "unknown"
    VERIFIED = "verified"
    UNVERIFIED = "unverified"
    FAILED = "failed"
    UNSETTLED = "unsettled"
    HALFWAY = "halfway"
    DONE = "done"


LAST_WORDS = frozenset(
    {State.VERIFIED, State.UNVERIFIED, State.FAILED, State.UNSETTLED, State.HALFWAY}
)
STOPS = frozenset({State.REFUSED, State.UNCHANGED, State.FAILED})
"""The ends of a change that was never sent."""
MOVES: Mapping[State, frozenset[State]] = MappingProxyType(
    {
        State.RECEIVED: STOPS | {State.AWAITING, State.SENDING, State.DONE},
        State.AWAITING: frozenset({State.REFUSED, State.FAILED, State.AWAITING, State.APPROVED}),
        State.APPROVED: STOPS | {State.SENDING},
        State.SENDING: LAST_WORDS | {State.UNKNOWN, State.SENDING},
        State.UNKNOWN: LAST_WORDS,
    }
)
READY = frozenset({State.RECEIVED, State.APPROVED})
"""Nothing stands in the way of looking at the group and sending."""
HOLDING = frozenset({State.SENDING, State.UNKNOWN})
TAKEN_BACK = frozenset({State.VERIFIED, State.HALFWAY})
"""The ends of which it is known what the change did, so that it can be undone."""
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
    OTHER_HAND = "other_hand"
    OTHER_LOCK = "other_lock"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    SET_STOPPED = "set_stopped"
    INTERNAL = "internal"


BETWEEN = frozenset({Why.OTHER_HAND, Why.INTERRUPTED})
"""Why a change stops between two writes; any other reason is that of a write."""


ON_HOST = "on the host"
"""The team of a person who was named on the command line: no workspace has such an ID."""


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
    ``seen`` the fingerprint of the group as it was shown, None where nothing was shown; ``set_id``
    the set that it is a member of, whose message tells the person of it; ``host`` who was logged in
    where, if it was typed on the command line in that person's name and not in Slack.
    """

    key: str
    actor: Actor
    group: str
    change: Change
    received_at: datetime
    reply: ReplyTo = ReplyTo()
    reason: str | None = None
    override: Rule | None = None
    seen: str | None = None
    set_id: str | None = None
    host: str | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """One attempt to change a group, from its arrival to its outcome.

    ``version`` grows by one with every move. ``facts`` are JSON-ready details of ``why``.
    ``before`` is the group before the first write, ``after`` as last read. ``written`` are the
    writes sent so far; only the last of them may be open, and ``base`` is the group as it was read
    before that one. ``approvals``: who of the other people agreed (Slack user ID), and when.
    """

    id: str
    request: Request
    state: State = State.RECEIVED
    version: int = 1
    group_id: str | None = None
    group_name: str | None = None
    before: FailoverGroup | None = None
    after: FailoverGroup | None = None
    written: tuple[Write, ...] = ()
    base: FailoverGroup | None = None
    why: Why | None = None
    facts: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    sent_at: datetime | None = None
    ended_at: datetime | None = None
    approvals: tuple[tuple[str, datetime], ...] = ()

    @property
    def ready_since(self) -> datetime:
        """Since when nothing but the bot itself has been waited for."""
        return self.approvals[-1][1] if self.approvals else self.request.received_at

    @property
    def asked_others(self) -> bool:
        """Whether other people were asked to agree, so that a card stands in the channel."""
        return "expires_at" in self.facts

    @property
    def waits_for_set(self) -> bool:
        """Whether it is its set that has to begin it, or to give it up."""
        return self.request.set_id is not None and self.state is State.RECEIVED

    @property
    def final(self) -> bool:
        """Whether the last word is spoken."""
        return self.state in FINAL


LASTING = frozenset({"overridden", "need", "expires_at", "lessened", "names"})
"""The facts that speak of a whole change, not of one of its moves."""


def lasting(record: Record) -> dict[str, Any]:
    """The facts of a record that stay true whatever happens to it next."""
    return {name: fact for name, fact in record.facts.items() if name in LASTING}


class IllegalMove(Exception):
    """A move that the table does not know: a fault in the bot itself."""


def move(record: Record, to: State, **new: Any) -> Record:
    """The record moved on to ``to`` with ``new`` fields.

    Raises IllegalMove where the table has no such move, and where ``sending`` would follow itself
    without a further write, or ``awaiting`` without a further approval.
    """
    moved = replace(record, state=to, version=record.version + 1, **new)
    allowed = to in MOVES.get(record.state, frozenset())
    if not allowed or (record.state is to and not _further(record, moved)):
        raise IllegalMove(f"{record.state} -> {to}")
    return moved


def _further(record: Record, moved: Record) -> bool:
    """Whether a state that follows itself has brought just one more write, or approval."""
    if record.state is State.SENDING:
        return bool(moved.written) and moved.written[:-1] == record.written
    return bool(moved.approvals) and moved.approvals[:-1] == record.approvals
