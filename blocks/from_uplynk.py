"""What Uplynk did, or did not do, in paragraphs: from the facts that are kept of its answers."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from blocks.kit import WORDS_LIMIT, neutral
from blocks.pieces import listing, short
from blocks.words import age
from failover.trouble import Trouble

OFTEN = 2
"""From so many failed calls on it is worth saying since when: one of them is the one told of."""


def unreadable(facts: Mapping[str, Any]) -> str:
    """The group could not be read, so nothing was sent."""
    kind = facts.get("kind")
    status = f" (it answered {facts['status']})" if facts.get("status") else ""
    what = {
        "Unauthorized": "did not accept the bot's credentials",
        "Forbidden": "refused the bot's user",
        "BadAnswer": "gave an answer that makes no sense",
        "RateLimited": "asked the bot to slow down",
        "Unreachable": "cannot be reached",
        "Unavailable": "is in trouble" if status else "does not answer",
    }.get(str(kind), "does not answer")
    return (
        f"Uplynk {what}{status}, so the group could not be read and nothing was sent. "
        f"Nothing was changed.{_since(facts)}{clock(facts)} "
        "Try again; if it goes on, use the Uplynk CMS."
    )


def troubled(trouble: Trouble) -> str:
    """Since when Uplynk does not answer, or takes the bot for a stranger; a sentence."""
    since = f"since {trouble.since.astimezone(UTC):%H:%M:%S} UTC"
    if trouble.refused:
        times = "once" if trouble.calls == 1 else f"{trouble.calls} times"
        return f"Uplynk has refused the bot\u2019s key or its rights {since} ({times})."
    calls = "1 call" if trouble.calls == 1 else f"{trouble.calls} calls"
    return f"Uplynk has not answered {since} ({calls} failed)."


def skew(ahead: float) -> str:
    """By how much this host's clock is off, for the middle of a sentence."""
    way = "ahead of" if ahead > 0 else "behind"
    return f"{age(abs(ahead))} {way} Uplynk\u2019s"


def clock(facts: Mapping[str, Any]) -> str:
    """That signatures are refused because of the clock, after a blank; empty where they are not."""
    if facts.get("ahead") is None:
        return ""
    return (
        f" The clock of the bot\u2019s host is {skew(facts['ahead'])}, and then signatures are "
        "refused: whoever runs the bot has to set it."
    )


def unauthorized(facts: Mapping[str, Any]) -> str:
    """Uplynk takes the bot for somebody else."""
    advice = clock(facts) or (
        " Ask whoever runs the bot to check UPLYNK_OWNER, UPLYNK_API_KEY and the clock of its host."
    )
    return (
        "Uplynk did not accept the bot's credentials (401). Nothing was changed."
        f"{advice} If it is urgent, use the Uplynk CMS."
    )


def forbidden(facts: Mapping[str, Any]) -> str:
    """Uplynk knows the bot, and does not let it do this."""
    advice = clock(facts) or " Ask whoever runs the bot."
    return (
        "The bot's Uplynk user lacks the right to do this (403). Nothing was changed."
        f"{advice} If it is urgent, use the Uplynk CMS."
    )


def _since(facts: Mapping[str, Any]) -> str:
    if facts.get("calls", 0) < OFTEN:
        return ""
    since = datetime.fromisoformat(facts["since"])
    return f" {troubled(Trouble(since, facts['calls'], bool(facts.get('refused'))))}"


def no_effect(facts: Mapping[str, Any]) -> str:
    """Reading shows that the write did nothing."""
    answered = (
        "Uplynk answered that it was done, but"
        if facts.get("acknowledged")
        else "Uplynk gave no clear answer, and"
    )
    return (
        f"{answered} reading the group again shows that nothing was changed. "
        "Try again if it is still wanted."
    )


def refused(facts: Mapping[str, Any]) -> str:
    """Uplynk refused the write."""
    status = f" ({facts['status']})" if facts.get("status") else ""
    return (
        f"Uplynk refused the change{status}. Nothing was changed.{their_words(facts)}"
        f"{clock(facts)} "
        "Trying again will hardly help: look at the group in the Uplynk CMS."
    )


def conflict(facts: Mapping[str, Any]) -> str:
    """Something that was to be added belongs elsewhere."""
    return (
        f"Uplynk reports a conflict (409){_claimed(facts)}. Nothing was changed."
        f"{their_words(facts)} Look at the group in the Uplynk CMS, then try again."
    )


def _claimed(facts: Mapping[str, Any]) -> str:
    """Which channels belong elsewhere, by what Uplynk says; ``held``: [channel, group] pairs."""
    held = [f"{short(one)} belongs to {neutral(name)}" for one, name in facts.get("held", ())]
    if held:
        return f": {listing(held)}"
    asked = tuple(facts.get("channels", ()))
    found = [one for one in asked if one in str(facts.get("words", ""))] or asked
    if not found:
        return ""
    which = listing([short(one) for one in found])
    most = f"one of {which}" if len(found) > 1 else which
    return f": {most} belongs to a failover group already"


def their_words(facts: Mapping[str, Any]) -> str:
    """What Uplynk itself said, as a sentence after a blank; empty where it said nothing."""
    words = facts.get("words")
    return f" Its words: \u201c{neutral(words, WORDS_LIMIT)}\u201d." if words else ""
