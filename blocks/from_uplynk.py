"""What Uplynk did, or did not do, in paragraphs: from the facts that are kept of its answers."""

from collections.abc import Mapping
from typing import Any

from blocks.kit import WORDS_LIMIT, neutral
from blocks.pieces import listing, short


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
        "Nothing was changed. Try again; if it goes on, use the Uplynk CMS."
    )


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
        f"Uplynk refused the change{status}. Nothing was changed.{their_words(facts)} "
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
