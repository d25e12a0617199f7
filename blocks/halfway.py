"""A change of several steps that stopped between the first and the last: why, and the ways on."""

from collections.abc import Mapping
from types import MappingProxyType

from blocks.from_uplynk import clock, their_words
from blocks.ids import TRY_AGAIN, UNDO
from blocks.kit import Block, button
from blocks.outcomes import can_be_undone, write_failed
from blocks.words import active, settings
from failover.lifecycle import Record, Why

_AT_STEP: Mapping[Why, str] = MappingProxyType(
    {
        Why.REJECTED: "Uplynk refused step {step}{status}.",
        Why.CONFLICT: "Uplynk reports a conflict at step {step}{status}.",
        Why.UNAUTHORIZED: (
            "Uplynk did not accept the bot's credentials at step {step}{status}. "
            "Ask whoever runs the bot."
        ),
        Why.FORBIDDEN: (
            "The bot's Uplynk user lacks the right to do step {step}{status}. "
            "Ask whoever runs the bot."
        ),
        Why.GONE: "Uplynk said at step {step} that this group no longer exists.",
        Why.RATE_LIMITED: "Uplynk asked the bot to slow down{status} and did not take step {step}.",
        Why.UNREACHABLE: (
            "No connection to Uplynk could be made for step {step}, so that was not sent."
        ),
        Why.NO_EFFECT: "Reading the group again shows that step {step} did not take effect.",
        Why.OTHER_HAND: (
            "Somebody else changed the group after step {step}, so the bot stopped rather than "
            "write over it. Nothing more was sent."
        ),
        Why.INTERRUPTED: (
            "The bot was interrupted, or ran out of time, after step {step}. Nothing more was sent."
        ),
    }
)
_OTHERWISE = "The bot stopped at step {step}. Nothing more was sent."


def explanation(record: Record) -> str:
    """Why it stopped, how the group is now, and the two ways; literal text."""
    status = record.facts.get("status")
    pattern = _AT_STEP.get(record.why, _OTHERWISE) if record.why else _OTHERWISE
    told = pattern.format(step=len(record.written), status=f" ({status})" if status else "")
    words = their_words(record.facts) + clock(record.facts) if write_failed(record) else ""
    now = ""
    if record.after is not None and record.why is not Why.GONE:
        now = f" The group is now {settings(record.after)}; viewers see {active(record.after)}."
    return f"{told}{words}{now}{_ways(record)}"


def buttons(record: Record) -> list[Block]:
    """The way on and the way back, as far as they are open."""
    if record.why is Why.GONE:
        return []
    back = [button("Undo\u2026", UNDO, record.id)] if can_be_undone(record) else []
    return [button("Go on", TRY_AGAIN, record.id), *back]


def _ways(record: Record) -> str:
    if record.why is Why.GONE:
        return " \u201c/failover list\u201d shows the groups there are."
    back = " \u201cUndo\u2026\u201d takes back what was done." if can_be_undone(record) else ""
    return f" \u201cGo on\u201d does what is still missing, after a preview.{back}"
