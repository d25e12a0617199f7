"""How a change came out, word for word; for a change of several writes, each of its steps."""

from collections.abc import Mapping
from types import MappingProxyType

from blocks import measures
from blocks.kit import cut
from blocks.words import planned, step
from failover.change import holds
from failover.lifecycle import BETWEEN, HOLDING, STOPS, Record, State, Why
from failover.measures import Lock, Pause, Resume, Unlock
from failover.undo import left_by, taking_back
from failover.writes import after

OUTCOMES: Mapping[State, tuple[str, str]] = MappingProxyType(
    {
        State.SENDING: ("\u23f3", "under way"),
        State.UNKNOWN: ("\u2754", "outcome unknown"),
        State.VERIFIED: ("\u2705", "applied and verified"),
        State.UNVERIFIED: ("\u26a0\ufe0f", "applied, not verified"),
        State.FAILED: ("\u274c", "failed, nothing changed"),
        State.UNSETTLED: ("\u2754", "outcome unknown"),
        State.HALFWAY: ("\u26a0\ufe0f", "stopped halfway"),
        State.RECEIVED: ("\u23f3", "working on it"),
        State.REFUSED: ("\u26d4", "not changed"),
        State.UNCHANGED: ("\u2714\ufe0f", "already so"),
        State.AWAITING: ("\u270b", "waits for a second person"),
        State.APPROVED: ("\u23f3", "under way"),
        State.DONE: ("\u2714\ufe0f", "done"),
    }
)
"""The sign and the words of every state but a mere preview."""

ENDED: Mapping[Why, tuple[str, str]] = MappingProxyType(
    {
        Why.DECLINED: ("\u26d4", "declined, nothing changed"),
        Why.WITHDRAWN: ("\u21a9\ufe0f", "withdrawn, nothing changed"),
        Why.EXPIRED: ("\u231b", "expired, nothing changed"),
        Why.SET_STOPPED: ("\u23f9\ufe0f", "not begun, nothing changed"),
    }
)
"""How a change ends that never got its second person, or its turn."""

STEP_LIMIT = 300
"""The most that is shown of one step among several."""


def outcome_of(record: Record) -> tuple[str, str]:
    """The sign and the words for how a change stands."""
    change = record.request.change
    if record.state in STOPS and record.why is not None and record.why in ENDED:
        return ENDED[record.why]
    sign, outcome = OUTCOMES[record.state]
    if isinstance(change, Lock | Unlock | Pause | Resume):
        if record.state is State.DONE:
            return measures.icon(change), measures.effect(record)
        if record.state is State.UNCHANGED:
            return sign, measures.already(change)
    return sign, outcome


def steps(record: Record, limit: int = STEP_LIMIT) -> list[str]:
    """The steps of a change of several writes, each with its outcome; empty where there is one.

    Literal text, foreign names neutral, each step cut to ``limit`` before its outcome.
    """
    if record.before is None or not record.written:
        return []
    group, lines = record.before, []
    for place, write in enumerate(record.written, start=1):
        if place == len(record.written) and record.base is not None:
            group = record.base
        lines.append(step(group, write))
        group = after(group, write)
    # What is done is as it was read, not as it was foreseen.
    rest = [] if record.state is State.VERIFIED else planned(group, record.request.change)
    if len(lines) + len(rest) < 2:
        return []
    unsent = "not sent yet" if record.state in HOLDING else "not sent"
    outcomes = [*_sent(record), *[unsent] * len(rest)]
    return [
        f"{_place(place, len(outcomes))}: {cut(line, limit)} \u2013 {outcome}"
        for place, (line, outcome) in enumerate(zip([*lines, *rest], outcomes, strict=True), 1)
    ]


def write_failed(record: Record) -> bool:
    """Whether a change that stopped halfway did so over a write that did not take effect."""
    return len(record.written) > 1 and record.why not in BETWEEN


def can_be_undone(record: Record) -> bool:
    """Whether it left something that can be taken back, and that nobody has taken back since."""
    left = left_by(record)
    if left is None or record.before is None or record.after is None or record.why is Why.GONE:
        return False
    back = taking_back(record.before, record.request.change, record.id)
    return not holds(left, back) and not holds(record.after, back)


def _place(place: int, count: int) -> str:
    return f"step 1 of {count}" if place == 1 else f"step {place}"


def _sent(record: Record) -> list[str]:
    done = OUTCOMES[State.VERIFIED][1]
    last = OUTCOMES[record.state][1]
    if record.state is State.HALFWAY:
        last = OUTCOMES[State.FAILED][1] if write_failed(record) else done
    return [done] * (len(record.written) - 1) + [last]
