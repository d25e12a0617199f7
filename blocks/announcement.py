"""The confirmation in the audit channel: one card for each change, edited up to its outcome."""

from collections.abc import Mapping
from types import MappingProxyType

from blocks import reasons
from blocks.ids import TRY_AGAIN, UNDO
from blocks.kit import (
    WORDS_LIMIT,
    Block,
    actions,
    button,
    context,
    fields,
    header,
    line,
    mention,
    message,
    mrkdwn,
    neutral,
    section,
)
from blocks.words import before_after, settings, took, wish
from failover.change import undoing
from failover.lifecycle import LAST_WORDS, Record, State, Why

OUTCOMES: Mapping[State, tuple[str, str]] = MappingProxyType(
    {
        State.SENDING: ("\u23f3", "under way"),
        State.UNKNOWN: ("\u2754", "outcome unknown"),
        State.VERIFIED: ("\u2705", "applied and verified"),
        State.UNVERIFIED: ("\u26a0\ufe0f", "applied, not verified"),
        State.FAILED: ("\u274c", "failed, nothing changed"),
        State.UNSETTLED: ("\u2754", "outcome unknown"),
    }
)


def card(record: Record) -> Block:
    """The message that tells of a change as it stands."""
    icon, outcome = OUTCOMES[record.state]
    blocks = [
        header(f"{icon} {neutral(group_name(record), 80)}: {outcome}"),
        section(mrkdwn(f"*{change_line(record)}*")),
        fields(_pairs(record)),
    ]
    told = explanation(record)
    if told:
        blocks.append(section(told))
    blocks.append(context(*small_print(record)))
    if record.state is State.FAILED and record.why is not Why.GONE:
        blocks.append(actions(button("Try again", TRY_AGAIN, record.id)))
    elif _can_be_undone(record):
        blocks.append(actions(button("Undo\u2026", UNDO, record.id)))
    return message(summary(record), blocks)


def summary(record: Record) -> str:
    """The card in one line, for notifications and screen readers."""
    request = record.request
    _, outcome = OUTCOMES[record.state]
    reason = f". Reason: {line(request.reason, 200)}" if request.reason else ""
    loud = f" OVERRIDE of {_overridden(record)}:" if _overridden(record) else ""
    return (
        f"{mention(request.actor.user_id)}:{loud} {line(group_name(record))}: "
        f"{change_line(record)}: {outcome}{reason}"
    )


def group_name(record: Record) -> str:
    """The group's name, or what was typed for it."""
    return record.group_name or record.request.group


def change_line(record: Record) -> str:
    """Before, an arrow, after; only what was asked where the group could not be read."""
    change = record.request.change
    if record.before is None:
        return f"asked for: {wish(change)}"
    return before_after(record.before, change)


def explanation(record: Record) -> str:
    """What a reader has to know besides the outcome; may be empty."""
    if record.state is State.SENDING:
        return "It is being sent to Uplynk. How it went will be told here."
    if record.state is State.UNKNOWN:
        return _unknown(record)
    if record.state is State.UNSETTLED:
        return (
            f"It could not be found out whether the change took effect.{_now(record)} "
            "Look at the group in the Uplynk CMS before anything else is changed."
        )
    if record.state is State.UNVERIFIED:
        return (
            f"Uplynk answered that it was done, but reading back did not confirm it.{_now(record)} "
            "Look at the group in the Uplynk CMS."
        )
    return reasons.of(record)


def small_print(record: Record) -> tuple[str, ...]:
    """How long it took, and the IDs to find it by."""
    parts = []
    if record.state in LAST_WORDS and record.ended_at is not None:
        seconds = (record.ended_at - record.request.received_at).total_seconds()
        parts.append(f"took {took(seconds)}")
    if record.group_id is not None:
        parts.append(f"group {neutral(record.group_id, 64)}")
    parts.append(f"change {record.id}")
    return (" \u00b7 ".join(parts),)


def _can_be_undone(record: Record) -> bool:
    if record.state is not State.VERIFIED or record.before is None or record.after is None:
        return False
    return undoing(record.before, record.after) is not None


def _pairs(record: Record) -> list[tuple[str, str | Block]]:
    request = record.request
    reason = neutral(request.reason, WORDS_LIMIT) if request.reason else "(none given)"
    pairs: list[tuple[str, str | Block]] = [
        ("Who", mrkdwn(mention(request.actor.user_id))),
        ("Reason", reason),
    ]
    if _overridden(record):
        pairs.append(("\U0001f6a8 Override", f"rule {_overridden(record)} was set aside"))
    return pairs


def _overridden(record: Record) -> str:
    return ", ".join(record.facts.get("overridden", ()))


def _unknown(record: Record) -> str:
    if record.facts.get("acknowledged"):
        return (
            "Uplynk answered that it was done, but reading the group does not show it yet. "
            "Still reading; what is found will be told here."
        )
    return (
        "Uplynk gave no clear answer, so the change may or may not have taken effect. "
        "It is not sent again. Still reading the group; what is found will be told here."
    )


def _now(record: Record) -> str:
    return (
        "" if record.after is None else f" When last read, the group was {settings(record.after)}."
    )
