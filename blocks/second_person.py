"""A change that waits for a second person: what its card and the private answer say of that.

What is foreseen is worked out at the time of drawing, from the group as it was read.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from blocks.consequences import sentences
from blocks.ids import APPROVE, DECLINE, WITHDRAW
from blocks.kit import (
    Block,
    actions,
    button,
    cut,
    mention,
    mrkdwn,
    plain,
    section,
)
from blocks.pieces import listing
from blocks.words import age, clock, holders
from failover.consequences import foresee
from failover.lifecycle import Record
from failover.risk import Lessened
from failover.roles import Rule
from failover.rules import Refusal

LESSENED: Mapping[str, str] = MappingProxyType(
    {
        Lessened.TO_FLAT: "to flat, where the next source is left to chance",
        Lessened.FAILBACK_TO_UNPROVEN: (
            "auto failback goes on less than 5 minutes after a failover, while the primary may "
            "be flapping"
        ),
        Lessened.SLATE: "viewers see the slate",
        Lessened.LAST_BACKUP: "no other eligible slicer is left to take over",
    }
)
"""Each way in which protection is lessened."""

ASK = "Ask for approval"
"""What a button says that would change the group, were it not for other people."""

CONFIRM_LIMIT = 300
"""Characters in the text of a confirmation dialog."""


def needed(record: Record) -> int:
    """How many other people have to agree."""
    return int(record.facts.get("need") or 1)


def expires_at(record: Record) -> datetime | None:
    """Until when they may."""
    told = record.facts.get("expires_at")
    return None if told is None else datetime.fromisoformat(told).astimezone(UTC)


def pairs(record: Record, now: datetime) -> list[tuple[str, str]]:
    """How many approvals there are, from whom, and when it ends: titles with formatted texts."""
    given, need = len(record.approvals), needed(record)
    told = [("Approvals", f"{given} of {need}" + (f": {approvers(record)}" if given else ""))]
    end = expires_at(record)
    return told if end is None else [*told, ("Ends", _ends(end, now))]


def in_line(record: Record) -> str:
    """The same for the one line of a message."""
    given, need = len(record.approvals), needed(record)
    end = expires_at(record)
    ends = "" if end is None else f", ends at {end:%H:%M} UTC"
    return f"({given} of {need} approvals{ends})"


def approvers(record: Record) -> str:
    """Who agreed, as mentions."""
    return listing([mention(user) for user, _ in record.approvals])


def request_blocks(record: Record, change_line: str, name: str, now: datetime) -> list[Block]:
    """What the approver has to know and the buttons; ``change_line`` and ``name`` neutral."""
    blocks = [section(text) for text in (_lessened(record.facts), _foreseen(record, now)) if text]
    who = who_may(record)
    if who is not None:
        blocks.append(who)
    approve, decline = deciding(record, f"{name}: {change_line}")
    return [*blocks, actions(approve, decline, withdrawing(record))]


def private_blocks(record: Record, now: datetime) -> list[Block]:
    """What the person who asked has to know, and the way to take it back."""
    need = needed(record)
    others = "one other person agrees" if need == 1 else f"{need} other people agree"
    terms = (
        f"Nothing is sent to Uplynk before {others}: the request stands in the channel. "
        "You can't approve it yourself; \u201cWithdraw\u201d takes it back."
    )
    waiting = [f"*{title}*: {told}" for title, told in pairs(record, now)]
    who = who_may(record) or section(
        "Nobody else has the role that approves: the policy file would have to grant it. An admin "
        "may add \u201coverride protect because \u2026\u201d to the typed command."
    )
    blocks = [section(terms), section(mrkdwn("\n".join(waiting))), who]
    return [*blocks, actions(withdrawing(record))]


def who_may(record: Record) -> Block | None:
    """Who can approve, as far as it is known."""
    asks = record.request.actor.user_id
    users = [user for user in record.facts.get("users", ()) if user != asks]
    names = holders(users, record.facts.get("usergroups", ()))
    return section(mrkdwn(f"Who can approve: {names}")) if names else None


def asked_first(asks: Refusal) -> str:
    """What a preview says where other people have to agree."""
    who = "A second person has" if (asks.need or 1) == 1 else f"{asks.need} other people have"
    minutes = "" if asks.minutes is None else f" within {asks.minutes} min"
    told = f"\u270b {who} to approve this{minutes}: pressing asks in the channel."
    return "\n".join([told, *(f"\u26a0\ufe0f {LESSENED[one]}" for one in asks.lessened)])


def asked_for(facts: Mapping[str, Any]) -> Refusal | None:
    """The protection among the rules that a record names, which other people have to agree to."""
    for one in facts.get("rules", ()):
        if one["rule"] == Rule.PROTECT:
            ways = tuple(Lessened(way) for way in one["lessened"])
            return Refusal(Rule.PROTECT, need=one["need"], minutes=one["minutes"], lessened=ways)
    return None


def deciding(record: Record, told: str) -> list[Block]:
    """The buttons with which others agree or refuse; ``told``: what they agree to, neutral."""
    dialog: Block = {
        "title": plain("Approve this change?"),
        "text": plain(cut(told, CONFIRM_LIMIT)),
        "confirm": plain("Approve"),
        "deny": plain("Not yet"),
    }
    approve = button("Approve", APPROVE, record.id, "primary") | {"confirm": dialog}
    return [approve, button("Decline\u2026", DECLINE, record.id)]


def withdrawing(record: Record) -> Block:
    """The button with which whoever asked takes it back."""
    return button("Withdraw", WITHDRAW, record.id)


def _lessened(facts: Mapping[str, Any]) -> str:
    told = [f"\u26a0\ufe0f {LESSENED[one]}" for one in facts.get("lessened", ())]
    return "\n".join(["This lessens the group's protection:", *told]) if told else ""


def _foreseen(record: Record, now: datetime) -> str:
    if record.before is None:
        return ""
    return sentences(foresee(record.before, record.request.change, now), now)


def _ends(end: datetime, now: datetime) -> str:
    left = (end - now).total_seconds()
    if left <= 0:
        return f"ended at {clock(end, now)}"
    # Rounded up: what has just been asked for ends in the full time that was given.
    whole = left + 59 if left > 60 else left
    return f"at {clock(end, now)} (in {age(whole)})"
