"""What a change will mean, in plain sentences."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from blocks.words import age, sequence
from failover.foresight import WARNINGS, Code, Consequence


def sentences(consequences: tuple[Consequence, ...], now: datetime) -> str:
    """One line each, the ones that ask for a second look marked."""
    return "\n".join(_marked(one, now) for one in consequences)


def _marked(one: Consequence, now: datetime) -> str:
    mark = "\u26a0\ufe0f" if one.code in WARNINGS else "\u2022"
    return f"{mark} {sentence(one, now)}"


def sentence(one: Consequence, now: datetime) -> str:
    """The sentence for one consequence; literal text, foreign names neutral."""
    match one.code:
        case Code.NEXT_BY_CHANCE if len(one.names) == 1:
            return f"If the active one dies, Uplynk takes {sequence(one.names)}."
        case Code.TODAY_BY_CHANCE if len(one.names) == 1:
            return f"Today Uplynk would take {sequence(one.names)}."
        case Code.LOST_ACTIVE if not one.names:
            return "Not taken back: which slicer is active."
        case Code.RECENT_FAILOVER:
            assert one.moment is not None
            past = age((now - one.moment).total_seconds())
            return f"The last failover was only {past} ago: that slicer may still be unwell."
        case _:
            return _told(one)


def _told(one: Consequence) -> str:
    first, last = sequence(one.names[:1]), sequence(one.names[-1:])
    return _SENTENCES[one.code].format(
        names=sequence(one.names),
        first=first,
        last=last,
        served=f" ({first})" if one.names else "",
        channels=_channels(one.count),
    )


def _channels(count: int) -> str:
    return "1 channel" if count == 1 else f"{count or 'no'} channels"


_SENTENCES: Mapping[Code, str] = MappingProxyType(
    {
        Code.NO_CHANGE: "This is how the group already is: nothing would be sent.",
        Code.VIEWERS_MOVE: "Viewers move from {first} to {last} at once, on {channels}.",
        Code.VIEWERS_MOVE_TO: "Viewers move to {last} at once, on {channels}.",
        Code.VIEWERS_STAY: "Viewers stay on {names}.",
        Code.SLATE_BEGINS: (
            "Viewers see the missing-content slate at once, on {channels}, until somebody ends it."
        ),
        Code.SLATE_ENDS: (
            "Viewers leave the slate at once, on {channels}: they see the active slicer again. "
            "Which one that is, Uplynk does not say while on slate."
        ),
        Code.SLATE_ENDS_ON: "Viewers move from the slate to {names} at once, on {channels}.",
        Code.FAILBACK_OFF_FIRST: "Auto failback is turned off first, and stays off.",
        Code.FAILBACK_PAUSED: "Auto failback is off in between, and on again at the end.",
        Code.ORDER_REWRITTEN: "The order is rewritten to {names}.",
        Code.ORDER_BECOMES: "The order becomes {names}.",
        Code.ORDER_UNDOCUMENTED: (
            "The order counts for nothing in flat, and may not be the same when you switch back."
        ),
        Code.ORDER_COUNTS_FOR_NOTHING: (
            "In flat the order counts for nothing and is not kept: only who is eligible does."
        ),
        Code.ELIGIBLE_NOW: "Eligible from now on: {names}.",
        Code.INELIGIBLE_NOW: "No longer eligible: {names}.",
        Code.ACTIVE_INELIGIBLE: (
            "{names} is active but no longer eligible: viewers stay on it, but once it has been "
            "left, Uplynk will not choose it again."
        ),
        Code.ACTIVATES_INELIGIBLE: (
            "{names} is not eligible: once it has been left, Uplynk will not choose it again."
        ),
        Code.TODAY_BY_CHANCE: "Today Uplynk would pick one of {names} at random.",
        Code.TODAY_IN_ORDER: "Today, next in line: {names}.",
        Code.TODAY_NO_BACKUP: "Today no other slicer is eligible.",
        Code.NEXT_BY_CHANCE: (
            "In flat the next source cannot be foretold: if the active one dies, "
            "Uplynk picks one of {names} at random."
        ),
        Code.NEXT_IN_ORDER: "If the active one dies, next in line: {names}.",
        Code.ONE_ELIGIBLE: (
            "Only {names} is eligible: where that is the active one, nobody takes over if it dies."
        ),
        Code.NO_BACKUP: "No other slicer is eligible: if the active one dies, viewers see nothing.",
        Code.SWITCHES_BACK: (
            "Uplynk may switch viewers from {last} back to {first} as soon as that is healthy."
        ),
        Code.STAYS_AFTER_FAILOVER: (
            "After a failover viewers stay on the slicer that took over until somebody moves them."
        ),
        Code.NO_MANUAL_SWITCH: "While auto failback is on nobody can activate a slicer by hand.",
        Code.MANUAL_SWITCH_AGAIN: "Slicers can be activated by hand again.",
        Code.CHANNELS_JOIN: "Joining: {channels}, to show the active slicer{served} at once.",
        Code.CHANNELS_JOIN_SLATE: "Joining: {channels}, to show the slate, as this group does.",
        Code.CHANNELS_MAY_CONFLICT: (
            "If one of them belongs to a failover group already, Uplynk refuses."
        ),
        Code.CHANNELS_LEAVE: (
            "Leaving: {channels}, without failover from then on. "
            "What feeds them then is not known here."
        ),
        Code.CHANNELS_ALL_LEAVE: (
            "Leaving: {channels}, without failover from then on. What feeds them then is not known "
            "here, and this group feeds none any more."
        ),
        Code.CHANNELS_THERE: "In the group already, so not added: {names}.",
        Code.CHANNELS_ABSENT: "Not in the group, so not removed: {names}.",
        Code.OWNERS_GAIN: "{names} may use this group from now on.",
        Code.OWNERS_LOSE: "{names} may no longer use this group.",
        Code.OWNERS_THERE: "May use the group already, so not added: {names}.",
        Code.OWNERS_ABSENT: "Could not use the group anyway, so not removed: {names}.",
        Code.LOST_ACTIVE: (
            "Not taken back: which slicer is active. It was {first}, and is {last} now."
        ),
        Code.LOST_SLICERS: "Not taken back, since no longer in the group: {names}.",
        Code.NEW_SLICERS: "In the group only since then, so left alone: {names}.",
        Code.ON_SLATE: "Viewers see the missing-content slate now, and will go on seeing it.",
        Code.CHANNELS: "{channels} in this group.",
    }
)
