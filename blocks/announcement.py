"""The confirmation in the audit channel: one card for each change, edited up to its outcome.

A change that needs a second person has its request card here, which then goes on as its card.
"""

from datetime import datetime

from blocks import halfway, measures, reasons, second_person
from blocks.ids import STOP_SET, TRY_AGAIN, UNDO
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
from blocks.outcomes import can_be_undone, outcome_of, steps
from blocks.words import before_after, day_and_time, standing, took, wish
from failover.change import Change, Configure
from failover.lifecycle import HOLDING, LAST_WORDS, Record, State, Why
from failover.measures import Pause, Resume

CHANGE_IN_LINE = 220
"""The most that the one line of a card shows of the change."""

STEPS_IN_LINE = 240
"""The most that it shows of all steps together, their outcomes apart."""


def card(record: Record, now: datetime) -> Block:
    """The message that tells of a change as it stands; ``now``: when it is drawn (UTC)."""
    blocks = [title(record)]
    if not measures.in_force(record):
        blocks.append(headline(record.request.change, change_line(record)))
    blocks += [fields(_pairs(record)), *told_blocks(record)]
    if record.state is State.AWAITING:
        waiting = second_person.pairs(record, now)
        blocks.append(fields((name, mrkdwn(text)) for name, text in waiting))
        group = neutral(group_name(record), 80)
        blocks += second_person.request_blocks(record, change_line(record), group, now)
    blocks.append(context(*small_print(record)))
    if can_be_undone(record) and record.state is State.VERIFIED:
        blocks.append(actions(button("Undo\u2026", UNDO, record.id)))
    if record.request.set_id is not None and record.state in HOLDING:
        # The set's own message is seen by one person alone.
        blocks.append(actions(button("Stop the set", STOP_SET, record.request.set_id)))
    return message(summary(record), blocks + way_on(record))


def summary(record: Record) -> str:
    """The card in one line, for notifications and screen readers."""
    request = record.request
    _, outcome = outcome_of(record)
    reason = f". Reason: {line(request.reason, 200)}" if request.reason else ""
    loud = f" OVERRIDE of {_overridden(record)}:" if _overridden(record) else ""
    what = f"{line(change_line(record), CHANGE_IN_LINE)}: {outcome}{_others(record)}"
    if measures.in_force(record):
        what = outcome
    elif record.state is State.HALFWAY and (found := steps(record)):
        what = f"{outcome}: {_in_line(record, len(found))}"
    by_hand = " (command line)" if request.host else ""
    who = f"{mention(request.actor.user_id)}{by_hand}:{loud}"
    return f"{who} {line(group_name(record))}: {what}{reason}"


def title(record: Record) -> Block:
    """The heading: which group, and how the change stands."""
    icon, outcome = outcome_of(record)
    name = neutral(group_name(record), 80)
    if measures.in_force(record):
        return header(f"{icon} {measures.title(record, name)}")
    return header(f"{icon} {name}: {outcome}")


def headline(change: Change, told: str) -> Block:
    """The change in one line; formatted where every word of it is the bot's own."""
    return section(mrkdwn(f"*{told}*") if isinstance(change, Configure) else told)


def told_blocks(record: Record) -> list[Block]:
    """The steps, where there are several, and what a reader has to know besides the outcome."""
    texts = ["\n".join(steps(record)), explanation(record)]
    blocks = [section(text) for text in texts if text]
    if record.why is not None:
        blocks += reasons.beside(record.why, record.facts)
    end = measures.until(record) if measures.in_force(record) else None
    return blocks if end is None else [section(mrkdwn(f"Until {day_and_time(end)}.")), *blocks]


def way_on(record: Record) -> list[Block]:
    """The buttons of a change that did not reach its end; empty where there is none."""
    found: list[Block] = []
    if measures.is_measure(record.request.change):
        return found
    if record.state is State.FAILED and record.why is not Why.GONE:
        found = [button("Try again", TRY_AGAIN, record.id)]
    elif record.state is State.HALFWAY:
        found = halfway.buttons(record)
    return [actions(*found)] if found else []


def group_name(record: Record) -> str:
    """The group's name, or what was typed for it; that of all where it is about none."""
    if isinstance(record.request.change, Pause | Resume):
        return measures.ALL_GROUPS
    return record.group_name or record.request.group


def change_line(record: Record) -> str:
    """Before, an arrow, after; only what was asked where there is no before, or no after."""
    change = record.request.change
    if measures.in_force(record):
        return measures.effect(record)
    unread = record.before is None or record.why is Why.INAPPLICABLE
    if unread or measures.is_measure(change):
        return f"asked for: {wish(change)}"
    assert record.before is not None
    return before_after(record.before, change)


def explanation(record: Record) -> str:
    """What a reader has to know besides the outcome; may be empty."""
    if measures.in_force(record):
        return measures.consequence(record, group_name(record))
    if record.state is State.UNCHANGED and record.approvals:
        return "The group was so already when it was approved: nothing was sent."
    if record.state is State.APPROVED:
        return (
            "A second person agreed. The group is read again before anything is sent; "
            "how it went will be told here."
        )
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
    if record.state is State.HALFWAY:
        return halfway.explanation(record)
    return reasons.of(record)


def small_print(record: Record) -> tuple[str, ...]:
    """How long it took, waiting for others apart, and the IDs to find it by."""
    parts = []
    timed = record.state in LAST_WORDS and record.why is not Why.EXPIRED
    if timed and record.ended_at is not None:
        seconds = (record.ended_at - record.ready_since).total_seconds()
        since = " from the last approval" if record.approvals else ""
        parts.append(f"took {took(seconds)}{since}")
    if record.group_id is not None:
        parts.append(f"group {neutral(record.group_id, 64)}")
    parts.append(f"change {record.id}")
    return (" \u00b7 ".join(parts),)


def _others(record: Record) -> str:
    """What others had to say, for the one line: who agreed, or who did not and why."""
    if record.state is State.AWAITING:
        return f" {second_person.in_line(record)}"
    if record.why is Why.DECLINED:
        words = record.facts.get("words")
        because = f": {line(words, 200)}" if words else ""
        return f" (by {mention(str(record.facts.get('by', '')))}{because})"
    return f" (approved by {second_person.approvers(record)})" if record.approvals else ""


def _in_line(record: Record, count: int) -> str:
    """The steps for the one line: short enough that every outcome is in it."""
    return "; ".join(line(one, len(one)) for one in steps(record, STEPS_IN_LINE // count))


def _pairs(record: Record) -> list[tuple[str, str | Block]]:
    request = record.request
    reason = neutral(request.reason, WORDS_LIMIT) if request.reason else "(none given)"
    pairs: list[tuple[str, str | Block]] = [
        ("Who", mrkdwn(_who(record))),
        ("Reason", reason),
    ]
    if _overridden(record):
        pairs.append(("\U0001f6a8 Override", f"rule {_overridden(record)} was set aside"))
    if record.approvals and record.state is not State.AWAITING:
        pairs.append(("Approved by", mrkdwn(second_person.approvers(record))))
    was = record.facts.get("was")
    if was and was != request.actor.user_id and measures.in_force(record):
        pairs.append(("Whose lock it was", mrkdwn(mention(was))))
    return pairs


def _who(record: Record) -> str:
    """The person, and where it was typed if that was not in Slack: nobody's sign-in proved it."""
    request = record.request
    if request.host is None:
        return mention(request.actor.user_id)
    return f"{mention(request.actor.user_id)}, named on the command line by {line(request.host)}"


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
    if record.after is None:
        return ""
    change, found = record.request.change, standing(record.after, record.request.change)
    if isinstance(change, Configure):
        return f" When last read, the group was {found}."
    return f" When last read: {found}."
