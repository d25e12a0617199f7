"""What a change will mean, in plain sentences."""

from datetime import datetime

from blocks.words import age, sequence
from failover.consequences import WARNINGS, Code, Consequence


def sentences(consequences: tuple[Consequence, ...], now: datetime) -> str:
    """One line each, the ones that ask for a second look marked."""
    return "\n".join(_marked(one, now) for one in consequences)


def _marked(one: Consequence, now: datetime) -> str:
    mark = "\u26a0\ufe0f" if one.code in WARNINGS else "\u2022"
    return f"{mark} {sentence(one, now)}"


def sentence(one: Consequence, now: datetime) -> str:
    """The sentence for one consequence."""
    match one.code:
        case Code.ORDER_REWRITTEN:
            return f"The order is rewritten to {sequence(one.slicers)}."
        case Code.NEXT_BY_CHANCE if len(one.slicers) == 1:
            return f"If the active one dies, Uplynk takes {sequence(one.slicers)}."
        case Code.NEXT_BY_CHANCE:
            return (
                "In flat the next source cannot be foretold: if the active one dies, "
                f"Uplynk picks one of {sequence(one.slicers)} at random."
            )
        case Code.NEXT_IN_ORDER:
            return f"If the active one dies, next in line: {sequence(one.slicers)}."
        case Code.SWITCHES_BACK:
            first, active = one.slicers
            return (
                f"Uplynk may switch viewers from {sequence((active,))} back to "
                f"{sequence((first,))} as soon as that is healthy."
            )
        case Code.RECENT_FAILOVER:
            assert one.moment is not None
            past = age((now - one.moment).total_seconds())
            return f"The last failover was only {past} ago: that slicer may still be unwell."
        case Code.CHANNELS:
            return f"{one.count} channel{'s' if one.count != 1 else ''} in this group."
        case _:
            return _FIXED[one.code]


_FIXED = {
    Code.NO_CHANGE: "This is how the group already is: nothing would be sent.",
    Code.ORDER_UNDOCUMENTED: (
        "The order counts for nothing in flat, and may not be the same when you switch back."
    ),
    Code.NO_BACKUP: "No other slicer is eligible: if the active one dies, viewers see nothing.",
    Code.STAYS_AFTER_FAILOVER: (
        "After a failover viewers stay on the slicer that took over until somebody moves them."
    ),
    Code.NO_MANUAL_SWITCH: "While auto failback is on nobody can activate a slicer by hand.",
    Code.MANUAL_SWITCH_AGAIN: "Slicers can be activated by hand again.",
    Code.ON_SLATE: "Viewers see the missing-content slate now, and will go on seeing it.",
}
