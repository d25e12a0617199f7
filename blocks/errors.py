"""Words for what goes wrong before there is a change: what happened, what was not done, and now?"""

from collections.abc import Mapping
from typing import Any

from blocks import reasons
from blocks.kit import Block, message, neutral, section
from failover.errors import (
    FailoverError,
    GroupGone,
    LedgerUnavailable,
    SlackProblem,
    UplynkError,
)
from failover.lifecycle import Why

NOTE = "An answer to you alone from /failover."
NOTHING = "Nothing was changed."
BUSY = (
    "\u26d4 The bot has too much to do at this moment, so it did not take this on. "
    f"{NOTHING} Press or type it again in a moment."
)
LATE = (
    "\u26d4 Slack delivered this too late, after it had shown you a failure, so it was not done. "
    f"{NOTHING} Press or type it again if you still want it."
)
MALFORMED = (
    "\u26d4 This could not be understood, so it was not done. "
    f"{NOTHING} Type \u201c/failover help\u201d to see what is possible."
)
GONE = f"\u26d4 This is too old: the bot no longer knows it. {NOTHING} Start again with /failover."
WAIT = "\u23f3 Uplynk takes its time; the answer will follow here. Nothing is changed by waiting."
TOO_LATE_TO_CANCEL = (
    "\u26a0\ufe0f Too late to cancel: you had pressed Apply before. The outcome is in the channel."
)
CANCELLED = f"Cancelled. {NOTHING}"
UNRECORDED = (
    "\u26d4 The bot's database did not take the record, and without a record nothing is sent. "
    f"{NOTHING} Use the Uplynk CMS if it is urgent, and tell whoever runs the bot."
)


def told(error: FailoverError) -> str:
    """The paragraph for an error that the bot foresees."""
    if isinstance(error, LedgerUnavailable):
        return UNRECORDED
    if isinstance(error, GroupGone):
        return reasons.explain(Why.GONE, {})
    if isinstance(error, UplynkError):
        facts = {"kind": type(error).__name__, "status": error.status, "words": error.words}
        return reasons.explain(Why.UNREADABLE, facts)
    if isinstance(error, SlackProblem):
        return f"\u26d4 Slack did not do its part ({neutral(str(error), 80)}). {NOTHING} Try again."
    return f"\u26d4 The bot could not do this. {NOTHING} Try again."


def unforeseen(reference: str) -> str:
    """The paragraph for an error that nobody foresaw."""
    return (
        f"\u26d4 Something in the bot went wrong. {NOTHING} Try again; if it goes on, tell "
        f"whoever runs the bot this reference: {reference}"
    )


def note(text: str) -> Block:
    """A short private message; ``text``, which may hold foreign words, stands in a block alone."""
    return message(NOTE, [section(text)])


def refusal(why: Why, facts: Mapping[str, Any]) -> Block:
    """A private message: why something was not done, and who could do it."""
    return message(NOTE, reasons.refusal(why, facts))
