"""Private answers about a change: how it stands, its preview, and what to do when it is stale."""

import json
from datetime import datetime

from blocks import consequences, measures, reasons, second_person
from blocks.announcement import (
    change_line,
    group_name,
    headline,
    small_print,
    title,
    told_blocks,
    way_on,
)
from blocks.ids import ACTIVATE_ANYWAY, APPLY, CANCEL, NOTICE
from blocks.kit import (
    WORDS_LIMIT,
    Block,
    actions,
    button,
    context,
    cut,
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
from blocks.outcomes import STEP_LIMIT, outcome_of
from blocks.words import (
    active,
    ago,
    before_after,
    channels,
    order,
    planned,
    settings,
    standing,
)
from failover.change import Change, Channels, Configure, Inapplicable, Owners, expected
from failover.lifecycle import Record, State, Why
from failover.model import FailoverGroup, fingerprint
from failover.pictures import Preview
from failover.restore import Restore


def answer(record: Record, seen: FailoverGroup | None, now: datetime) -> Block:
    """The message to the requester: how the change stands.

    ``seen``: the group as it had been shown, for the three columns of a stale change. Its ``text``
    holds words of our own alone: how Slack reads that of a response URL is not documented.
    """
    _, outcome = outcome_of(record)
    return message(outcome, answer_blocks(record, seen, now))


def answer_line(record: Record) -> str:
    """The answer in one line, for a direct message, where ``parse`` can be said to be none."""
    _, outcome = outcome_of(record)
    return f"{line(group_name(record))}: {outcome}"


def answer_blocks(record: Record, seen: FailoverGroup | None, now: datetime) -> list[Block]:
    """The blocks of the answer; a view shows the same."""
    blocks = [title(record)]
    if record.why is Why.STALE and record.after is not None:
        return blocks + stale_blocks(record, seen, record.after, now)
    if not measures.in_force(record):
        blocks.append(section(_sentence(record)))
    blocks += told_blocks(record)
    if record.state is State.AWAITING:
        blocks += second_person.private_blocks(record, now)
    if measures.is_measure(record.request.change) and record.facts.get("by"):
        blocks.append(section(mrkdwn(f"Put in force by {mention(record.facts['by'])}.")))
    if record.why is Why.BUSY and "holder" in record.facts:
        blocks.append(section(mrkdwn(f"It is {mention(record.facts['holder'])}'s change.")))
    blocks.append(context(*small_print(record)))
    if record.facts.get("code") == Inapplicable.FAILBACK_IN_THE_WAY:
        blocks.append(actions(button("Turn failback off and activate", ACTIVATE_ANYWAY, record.id)))
    return blocks + way_on(record)


def outcome_view(record: Record, seen: FailoverGroup | None, now: datetime) -> Block:
    """The answer as a view, where the person filled the form."""
    return modal("Failover", answer_blocks(record, seen, now), callback_id=NOTICE)


def stale_blocks(
    record: Record, seen: FailoverGroup | None, group: FailoverGroup, now: datetime
) -> list[Block]:
    """You saw, it is now, you want: and one press to go on."""
    change = record.request.change
    wanted = expected(group, change)
    about = _differing([group, wanted] if seen is None else [seen, group, wanted])
    ending = group.on_slate and not wanted.on_slate
    rows = [
        ("You saw", "(no longer known)" if seen is None else _column(seen, now, about)),
        ("It is now", _column(group, now, about)),
        ("You want", _column(wanted, now, about, "the active slicer" if ending else None)),
    ]
    blocks, press = [section(reasons.of(record)), fields(rows)], "Apply to it as it is now"
    asks = second_person.asked_for(record.facts)
    if asks is not None:
        blocks.append(section(second_person.asked_first(asks)))
        press = second_person.ASK
    return [*blocks, _choice(record.id, fingerprint(group), press)]


def preview(picture: Preview) -> Block:
    """A typed change before it is made: before and after, what follows, Apply and Cancel."""
    group, change = picture.reading.group, picture.change
    line_of_change = before_after(group, change)
    read_at = f"{picture.reading.read_at:%H:%M:%S}"
    asked = "Take back a change of" if isinstance(change, Restore) else "Change"
    blocks = [
        header(f"{asked} {neutral(group.name, 100)}?"),
        headline(change, line_of_change),
        *_steps(group, change),
        section(consequences.sentences(picture.foreseen, picture.now)),
        fields(state_pairs(group, picture.now)),
    ]
    if picture.override is not None:
        loud = f"\U0001f6a8 Rule {picture.override} will be set aside; the channel is told so."
        blocks.append(section(loud))
    if picture.reason:
        blocks.append(section(f"Reason: {neutral(picture.reason, WORDS_LIMIT)}"))
    if picture.asks is not None:
        blocks.append(section(second_person.asked_first(picture.asks)))
    blocks += [
        context(f"Read from Uplynk at {read_at} UTC. Nothing is changed yet."),
        _choice(picture.draft_id, fingerprint(group), _press(picture)),
    ]
    # Where names of others stand in it, the line is not for a text that Slack may parse.
    told = f"Preview: {line_of_change}." if isinstance(change, Configure) else "Preview."
    return message(f"{told} Nothing is changed yet.", blocks)


def _press(picture: Preview) -> str:
    return "Apply" if picture.asks is None else second_person.ASK


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


def _steps(group: FailoverGroup, change: Change) -> list[Block]:
    lines = planned(group, change)
    if len(lines) < 2:
        return []
    told = [f"{place}. {cut(line, STEP_LIMIT)}" for place, line in enumerate(lines, start=1)]
    title = f"In {len(lines)} steps, each read back before the next one is sent:"
    return [section("\n".join([title, *told]))]


def _sentence(record: Record) -> str:
    if measures.is_measure(record.request.change):
        return _of_measure(record)
    if record.state is State.RECEIVED:
        return "Reading the group from Uplynk. Nothing is changed yet."
    if record.state is State.UNCHANGED:
        assert record.after is not None
        told = standing(record.after, record.request.change)
        if isinstance(record.request.change, Configure):
            return f"The group is already {told}: nothing was sent."
        return f"The group is already as asked, so nothing was sent: {told}."
    return change_line(record)


def _of_measure(record: Record) -> str:
    if record.state is State.RECEIVED:
        return f"{change_line(record)}. Nothing is changed yet."
    if record.state is State.UNCHANGED:
        reason = record.facts.get("reason")
        why = f" (reason: {neutral(reason, WORDS_LIMIT)})" if reason else ""
        return f"That is how it is already{why}, so nothing was changed."
    return change_line(record)


def _differing(states: list[FailoverGroup]) -> tuple[Change, ...]:
    """What else than settings, slicers and viewers has to be shown to tell these states apart."""
    fed = {frozenset(channel.id for channel in state.channels) for state in states}
    allowed = {frozenset(state.allowed_owners or ()) for state in states}
    return (*([Channels()] if len(fed) > 1 else []), *([Owners()] if len(allowed) > 1 else []))


def _column(
    group: FailoverGroup, now: datetime, about: tuple[Change, ...], unknown: str | None = None
) -> str:
    """``unknown``: what viewers see where the group does not tell."""
    viewers = active(group) if group.active_slicer_id or unknown is None else unknown
    lines = [settings(group), f"viewers see {viewers}", order(group)]
    lines += [standing(group, one) for one in about]
    return "\n".join([*lines, f"last failover {ago(group.failover_time, now)}"])
