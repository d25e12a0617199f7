"""The last changes, newest first: when, who, what, how it came out, and the way back."""

from collections.abc import Sequence
from datetime import datetime

from blocks.announcement import change_line, group_name
from blocks.ids import UNDO
from blocks.kit import (
    Block,
    actions,
    button,
    context,
    cut,
    header,
    mention,
    message,
    mrkdwn,
    neutral,
    section,
)
from blocks.measures import in_force
from blocks.outcomes import can_be_undone, outcome_of
from blocks.second_person import approvers
from blocks.words import ago, day_and_time
from failover.lifecycle import READY, STOPS, Record, State

SHOWN = 10
"""Changes in one message."""

WHAT_LIMIT = 450
REASON_LIMIT = 150

_WITHOUT_EFFECT = STOPS | READY | {State.AWAITING, State.DONE}


def history(records: Sequence[Record], group: str | None, now: datetime) -> Block:
    """The first ``SHOWN`` of ``records``, which come newest first and without mere previews.

    ``group``: the name of the one that they are of; None: of any. The button to undo stands with
    the newest change that may have had an effect, where that can be taken back.
    """
    of_group = "" if group is None else f" of {neutral(group, 80)}"
    if not records:
        told = f"No changes{of_group} are on record."
        return message("The last changes: none.", [section(told)])
    blocks = [header(f"The last changes{of_group}")]
    newest = next((one for one in records if one.state not in _WITHOUT_EFFECT), None)
    for record in records[:SHOWN]:
        blocks += [section(_what(record, named=group is None)), _who_and_when(record, now)]
        if record is newest and can_be_undone(record):
            blocks.append(actions(button("Undo\u2026", UNDO, record.id)))
    return message("The last changes", blocks)


def _what(record: Record, *, named: bool) -> str:
    icon, outcome = outcome_of(record)
    group = f"{neutral(group_name(record), 80)}: " if named else ""
    if in_force(record):
        return f"{icon} {group}{outcome}"
    return f"{icon} {group}{cut(change_line(record), WHAT_LIMIT)} \u2013 {outcome}"


def _who_and_when(record: Record, now: datetime) -> Block:
    request = record.request
    moment = f"{day_and_time(request.received_at)} ({ago(request.received_at, now)})"
    told: list[str | Block] = [mrkdwn(f"{moment} \u00b7 {mention(request.actor.user_id)}")]
    overridden = record.facts.get("overridden", ())
    if record.approvals:
        told.append(mrkdwn(f"approved by {approvers(record)}"))
    if overridden:
        told.append(f"\U0001f6a8 rule {', '.join(overridden)} was set aside")
    if request.reason:
        told.append(f"Reason: {neutral(request.reason, REASON_LIMIT)}")
    return context(*told)
