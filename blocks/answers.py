"""Private answers about a change: how it stands, its preview, and what to do when it is stale."""

import json
from datetime import datetime

from blocks import consequences, reasons
from blocks.announcement import OUTCOMES, change_line, explanation, group_name, small_print
from blocks.ids import APPLY, CANCEL, NOTICE, TRY_AGAIN
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
    modal,
    mrkdwn,
    neutral,
    section,
)
from blocks.words import active, ago, before_after, channels, order, settings
from failover.change import expected
from failover.lifecycle import Record, State, Why
from failover.model import FailoverGroup, fingerprint
from failover.pictures import Preview

PRIVATE: dict[State, tuple[str, str]] = {
    **OUTCOMES,
    State.RECEIVED: ("\u23f3", "working on it"),
    State.REFUSED: ("\u26d4", "not changed"),
    State.UNCHANGED: ("\u2714\ufe0f", "already so"),
}
"""The heading of a private answer, by state."""


def answer(record: Record, seen: FailoverGroup | None, now: datetime) -> Block:
    """The message to the requester: how the change stands.

    ``seen``: the group as it had been shown, for the three columns of a stale change. Its ``text``
    holds words of our own alone: how Slack reads that of a response URL is not documented.
    """
    _, outcome = PRIVATE[record.state]
    return message(outcome, answer_blocks(record, seen, now))


def answer_line(record: Record) -> str:
    """The answer in one line, for a direct message, where ``parse`` can be said to be none."""
    _, outcome = PRIVATE[record.state]
    return f"{line(group_name(record))}: {outcome}"


def answer_blocks(record: Record, seen: FailoverGroup | None, now: datetime) -> list[Block]:
    """The blocks of the answer; a view shows the same."""
    icon, outcome = PRIVATE[record.state]
    blocks = [header(f"{icon} {neutral(group_name(record), 80)}: {outcome}")]
    if record.why is Why.STALE and record.after is not None:
        return blocks + stale_blocks(record, seen, record.after, now)
    blocks.append(section(_sentence(record)))
    told = explanation(record)
    if told:
        blocks.append(section(told))
    if record.why is Why.BUSY and "holder" in record.facts:
        blocks.append(section(mrkdwn(f"It is {mention(record.facts['holder'])}'s change.")))
    elif record.why is not None:
        blocks += reasons.who_has_it(record.why, record.facts)
    blocks.append(context(*small_print(record)))
    if record.state is State.FAILED and record.why is not Why.GONE:
        blocks.append(actions(button("Try again", TRY_AGAIN, record.id)))
    return blocks


def outcome_view(record: Record, seen: FailoverGroup | None, now: datetime) -> Block:
    """The answer as a view, where the person filled the form."""
    return modal("Failover", answer_blocks(record, seen, now), callback_id=NOTICE)


def stale_blocks(
    record: Record, seen: FailoverGroup | None, group: FailoverGroup, now: datetime
) -> list[Block]:
    """You saw, it is now, you want: and one press to go on."""
    change = record.request.change
    rows = [
        ("You saw", "(no longer known)" if seen is None else _column(seen, now)),
        ("It is now", _column(group, now)),
        ("You want", _column(expected(group, change), now)),
    ]
    return [
        section(reasons.of(record)),
        fields(rows),
        _choice(record.id, fingerprint(group), "Apply to it as it is now"),
    ]


def preview(picture: Preview) -> Block:
    """A typed change before it is made: before and after, what follows, Apply and Cancel."""
    group = picture.reading.group
    line_of_change = before_after(group, picture.change)
    read_at = f"{picture.reading.read_at:%H:%M:%S}"
    blocks = [
        header(f"Change {neutral(group.name, 100)}?"),
        section(mrkdwn(f"*{line_of_change}*")),
        section(consequences.sentences(picture.foreseen, picture.now)),
        fields(state_pairs(group, picture.now)),
    ]
    if picture.override is not None:
        loud = f"\U0001f6a8 Rule {picture.override} will be set aside; the channel is told so."
        blocks.append(section(loud))
    if picture.reason:
        blocks.append(section(f"Reason: {neutral(picture.reason, WORDS_LIMIT)}"))
    blocks += [
        context(f"Read from Uplynk at {read_at} UTC. Nothing is changed yet."),
        _choice(picture.draft_id, fingerprint(group), "Apply"),
    ]
    return message(f"Preview: {line_of_change}. Nothing is changed yet.", blocks)


def state_pairs(group: FailoverGroup, now: datetime) -> list[tuple[str, str | Block]]:
    """A group's state as titled fields."""
    return [
        ("Viewers see", active(group)),
        ("Mode", settings(group)),
        ("Slicers", order(group)),
        ("Channels", channels(group)),
        ("Last failover", ago(group.failover_time, now)),
    ]


def apply_value(draft_id: str, mark: str) -> str:
    """What *Apply* and *Cancel* carry: the draft, and the fingerprint of the group as shown."""
    return json.dumps({"draft": draft_id, "seen": mark})


def _choice(draft_id: str, mark: str, text: str) -> Block:
    value = apply_value(draft_id, mark)
    return actions(button(text, APPLY, value, "primary"), button("Cancel", CANCEL, value))


def _sentence(record: Record) -> str:
    if record.state is State.RECEIVED:
        return "Reading the group from Uplynk. Nothing is changed yet."
    if record.state is State.UNCHANGED:
        assert record.after is not None
        return f"The group is already {settings(record.after)}: nothing was sent."
    return change_line(record)


def _column(group: FailoverGroup, now: datetime) -> str:
    return (
        f"{settings(group)}\nviewers see {active(group)}\n{order(group)}\n"
        f"last failover {ago(group.failover_time, now)}"
    )
