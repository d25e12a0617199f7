"""Words for what goes wrong before there is a change: what happened, what was not done, and now?"""

from collections.abc import Mapping
from typing import Any

from blocks import reasons, second_person
from blocks.from_uplynk import troubled
from blocks.kit import Block, mention, message, mrkdwn, neutral, section
from blocks.outcomes import outcome_of
from failover.errors import (
    FailoverError,
    GroupGone,
    LedgerUnavailable,
    SlackProblem,
    UplynkError,
)
from failover.lifecycle import Record, State, Why
from failover.trouble import Trouble

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
NO_CHANGE = (
    "\u26d4 The bot made no change of this group that could be taken back. "
    f"{NOTHING} \u201c/failover history\u201d shows what was changed."
)
NO_OWN_CHANGE = (
    "\u26d4 You made no change that could be taken back. "
    f"{NOTHING} Name the group to take back its last change, whoever made it."
)
SET_UNDER_WAY = (
    "\u26d4 Another set of yours is under way, and two at a time could get into each other's way. "
    f"{NOTHING} Wait until it has come to its end, then press or type it again."
)
SET_CANCELLED = (
    f"\u26d4 You cancelled this, so it is not carried out any more. {NOTHING} "
    "Type the command again if you want it after all."
)
SET_ENDED = (
    "\u2139\ufe0f There was nothing left to stop: every group of this set has had its turn, or is "
    "under way and will be finished. Your press changed nothing."
)
NO_CHANGES = (
    "\u26d4 The bot made no change of any group that this pattern hits. "
    f"{NOTHING} \u201c/failover history\u201d shows what was changed."
)
NOTHING_TO_UNDO = (
    "\u26d4 This set made no change that could be taken back. "
    f"{NOTHING} \u201c/failover history\u201d shows what was changed."
)
OWN_REQUEST = (
    "\u26d4 You asked for this change yourself, so somebody else has to approve it. "
    f"{NOTHING} Ask one of those who can; \u201cWithdraw\u201d takes the request back."
)
NOT_YOUR_REQUEST = (
    "\u26d4 Only whoever asked for a change can withdraw it. "
    f"{NOTHING} Press \u201cDecline\u2026\u201d if it shall not be made."
)
APPROVED_BEFORE = (
    "\u26d4 You have approved this already; it takes somebody else, too. "
    f"{NOTHING} Ask another of those who can."
)
DECLINED = f"Declined. {NOTHING} The card in the channel says so."
WITHDRAWN = f"Withdrawn. {NOTHING} The card in the channel says so."
NOT_STOPPED = (
    "\u26d4 NOT stopped: the bot's database did not take it; the set goes on. Press Stop again."
)
UNRECORDED = (
    "\u26d4 The bot's database did not take the record, and without a record nothing is sent. "
    f"{NOTHING} Use the Uplynk CMS if it is urgent, and tell whoever runs the bot."
)


def trying(trouble: Trouble) -> str:
    """The paragraph for a person who waits while Uplynk does not answer."""
    return (
        f"\u26a0\ufe0f {troubled(trouble)} It is asked once more now; the answer will follow here. "
        "Nothing is changed by waiting."
    )


def told(error: FailoverError) -> str:
    """The paragraph for an error that the bot foresees."""
    if isinstance(error, LedgerUnavailable):
        return UNRECORDED
    if isinstance(error, GroupGone):
        return reasons.explain(Why.GONE, {})
    if isinstance(error, UplynkError):
        return reasons.explain(Why.UNREADABLE, error.facts())
    if isinstance(error, SlackProblem):
        return f"\u26d4 Slack did not do its part ({neutral(str(error), 80)}). {NOTHING} Try again."
    return f"\u26d4 The bot could not do this. {NOTHING} Try again."


def too_many_groups(count: int, most: int) -> str:
    """The paragraph for a pattern that hits more groups than a set may have."""
    return (
        f"\u26d4 This pattern hits {count} groups, and one set can have at most {most}. "
        f"{NOTHING} Type a pattern that hits fewer."
    )


def set_stopped(count: int) -> str:
    """The paragraph for whoever stopped a set before so many of its groups."""
    left = "1 group is" if count == 1 else f"{count} groups are"
    return (
        f"\u23f9\ufe0f Stopped: {left} not begun any more. What is under way will be finished, "
        "and what was done stands; the message of the set tells how it came out."
    )


def picks_gone(count: int) -> str:
    """The paragraph for picked groups that are there no longer."""
    which = "1 of the picked is" if count == 1 else f"{count} of the picked are"
    return (
        f"\u26a0\ufe0f {which} no longer there, and no longer picked. {NOTHING} "
        "Look at what is picked, then go on."
    )


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


def decided(record: Record) -> Block:
    """A private message to whoever pressed *Approve*, *Decline* or *Withdraw* too late.

    It names who was first.
    """
    told = f"\u2139\ufe0f {_first(record)} Your press changed nothing."
    return message(NOTE, [section(mrkdwn(told))])


def approved(record: Record) -> Block:
    """A private message to whoever approved; ``record`` as it stands with their approval."""
    more = second_person.needed(record) - len(record.approvals)
    if more > 0:
        others = "One more person has" if more == 1 else f"{more} more people have"
        told = f"Thank you. {others} to approve before anything is sent."
    else:
        told = "Thank you. The change is under way; the card in the channel tells how it came out."
    return note(f"\u2705 {told}")


def _first(record: Record) -> str:
    """What became of a request, in a formatted sentence of our own."""
    if record.why is Why.DECLINED:
        by = mention(str(record.facts.get("by", "")))
        return f"This request was declined by {by} already; nothing was sent."
    if record.why is Why.WITHDRAWN:
        by = mention(record.request.actor.user_id)
        return f"This request was withdrawn by {by} already; nothing was sent."
    if record.why is Why.EXPIRED or record.state is State.AWAITING:
        return "This request is no longer open: its time is over, and nothing was sent."
    if record.approvals:
        stands = outcome_of(record)[1]
        by = second_person.approvers(record)
        return f"This request was approved already, by {by}; how it stands: {stands}."
    return "This request is no longer open."
