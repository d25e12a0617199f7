"""Sets of groups that are changed one after the other: a pattern, its members, how it goes.

    shown -> taken -> ended -> told
    shown -> cancelled

Each member is a change of its own with a record of its own; the set says only in which sequence
they come, and whether the rest goes on after trouble.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from difflib import get_close_matches
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from failover.change import Change, Configure, Slate
from failover.foresight import Consequence
from failover.lifecycle import HOLDING, Actor, Record, ReplyTo, Request, State, Why
from failover.measures import Lock, Unlock
from failover.model import FailoverGroup
from failover.policy_model import matches
from failover.restore import Restore
from failover.roles import Rule

MOST = 50
"""Groups in one set."""

NEAR = 5
"""Names that a pattern without a match is answered with."""

WILD = frozenset("*?[")

PICKED = "-"
"""Stands in the request of a set for the pattern, where the groups were picked one by one."""

GOOD = frozenset({State.VERIFIED, State.UNCHANGED, State.DONE})
"""The ends of a member that are no surprise."""


class SetState(StrEnum):
    """Where a set stands. ``shown`` is a preview; ``told``: its last word has reached the person.

    A set that is ``taken`` is under way, and its person can start no other one.
    """

    SHOWN = "shown"
    TAKEN = "taken"
    ENDED = "ended"
    TOLD = "told"
    CANCELLED = "cancelled"


OPEN = frozenset({SetState.TAKEN, SetState.ENDED})
"""Something is still to be done, or to be told."""


@dataclass(frozen=True, slots=True)
class Member:
    """One group of a set, what is to become of it, and the fingerprint under which it was shown.

    ``seen`` is None where nothing was shown.
    """

    group_id: str
    name: str
    change: Change
    seen: str | None = None


@dataclass(frozen=True, slots=True)
class GroupSet:
    """Changes that were confirmed together, in the sequence in which they are made.

    ``request`` is what was asked for: its key, actor and place; the group is the pattern that was
    typed. ``go_on``: a member that comes to a surprise does not stop those after it. ``undoes`` is
    the ID of the set that is taken back.
    """

    id: str
    request: Request
    members: tuple[Member, ...]
    state: SetState = SetState.SHOWN
    go_on: bool = False
    undoes: str | None = None

    def taken(self, actor: Actor, reply: ReplyTo, *, go_on: bool) -> "GroupSet":
        """The set as it is once somebody has confirmed it."""
        request = replace(self.request, actor=actor, reply=reply)
        return replace(self, request=request, state=SetState.TAKEN, go_on=go_on)

    @property
    def takes_back(self) -> bool:
        """Whether it takes back what was changed before."""
        return self.undoes is not None or isinstance(self.request.change, Restore)

    def key(self, member: Member) -> str:
        """The key of a member's request."""
        return f"set:{self.id}:{member.group_id}"

    def asks(self, member: Member, received_at: datetime) -> Request:
        """The request of a member. It is answered in the message of the set."""
        return replace(
            self.request,
            key=self.key(member),
            group=member.group_id,
            change=member.change,
            received_at=received_at,
            reply=ReplyTo(channel_id=self.request.reply.channel_id),
            seen=member.seen,
            set_id=self.id,
        )


@dataclass(frozen=True, slots=True)
class Row:
    """A group in the preview of a set: what would become of it, or why it is left out.

    ``why`` and ``facts`` are those of a refusal; ``already``: it is so already; ``untouched``: the
    bot made no change of it that could be taken back; ``overridden``: the rules that are set aside
    for it; ``seen``: how the change that is to be taken back had left it, where it is so no more.
    """

    group: FailoverGroup
    change: Change
    foreseen: tuple[Consequence, ...] = ()
    why: Why | None = None
    facts: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    already: bool = False
    overridden: tuple[str, ...] = ()
    untouched: bool = False
    seen: FailoverGroup | None = None

    @property
    def taken(self) -> bool:
        """Whether the group is a member of the set."""
        return self.why is None and not (self.already or self.untouched)


@dataclass(frozen=True, slots=True)
class SetPicture:
    """A set before it is confirmed. ``read_at`` and ``now`` are UTC."""

    group_set: GroupSet
    rows: tuple[Row, ...]
    read_at: datetime
    now: datetime


@dataclass(frozen=True, slots=True)
class SetProgress:
    """A set under way, or at its end: its members' records in their sequence.

    ``elsewhere``: how it goes on is told in a direct message.
    """

    group_set: GroupSet
    records: tuple[Record, ...]
    ended: bool = False
    elsewhere: bool = False


def asks_many(group: str, change: Change) -> bool:
    """Whether a typed change may be meant for a set: a pattern, and what any group can be asked."""
    return isinstance(change, Configure | Slate | Lock | Unlock) and is_pattern(group)


def is_pattern(word: str) -> bool:
    """Whether a name could be a pattern."""
    return not WILD.isdisjoint(word)


def hits(pattern: str, groups: Sequence[FailoverGroup]) -> tuple[FailoverGroup, ...]:
    """The groups that a pattern hits; a pattern that is one group's very name or ID hits it alone.

    See ``policy_model.matches``.
    """
    folded = pattern.casefold()
    named = [one for one in groups if one.id == pattern or one.name.casefold() == folded]
    if len(named) == 1:
        return tuple(named)
    return tuple(one for one in groups if matches(pattern, one.id, one.name))


def near(pattern: str, names: Sequence[str]) -> tuple[str, ...]:
    """The names that begin almost as a pattern does that hits none."""
    literal = "".join(char for char in pattern.casefold() if char not in "*?[]").strip()
    begin: dict[str, list[str]] = {}
    for name in names:
        begin.setdefault(name.casefold()[: len(literal)], []).append(name)
    found = get_close_matches(literal, begin, NEAR, 0.6)
    return tuple(name for start in found for name in begin[start])[:NEAR]


def surprise(records: Sequence[Record]) -> Record | None:
    """The first member, in their sequence, that came to anything but what was asked for.

    Those that were not begun are none, nor is one whose outcome is still being found out.
    """
    none = GOOD | HOLDING | {State.RECEIVED}
    others = (one for one in records if one.state not in none and one.why is not Why.SET_STOPPED)
    return next(others, None)


def stopped_by(found: Record | None) -> dict[str, Any]:
    """The facts of a member that was not begun: which one came to what; none: it was cut short."""
    if found is None:
        return {}
    return {"group": found.group_name or found.request.group, "state": found.state.value}


def halted_by(user_id: str) -> dict[str, Any]:
    """The facts of a member that was not begun because a person (Slack user ID) stopped the set."""
    return {"by": user_id}


def halted(records: Sequence[Record]) -> dict[str, Any]:
    """The same, where somebody stopped the set that these belong to; else none."""
    stopped = (one.facts for one in records if one.why is Why.SET_STOPPED)
    return next((halted_by(facts["by"]) for facts in stopped if "by" in facts), {})


def rule_names(facts: Mapping[str, Any]) -> tuple[Rule, ...]:
    """The rules that a refusal names."""
    return tuple(Rule(one["rule"]) for one in facts.get("rules", ()))
