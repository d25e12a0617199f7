"""Why something did not happen: what happened, what was not done, and what to do next."""

from collections.abc import Mapping
from typing import Any

from blocks import from_uplynk, rules
from blocks.kit import WORDS_LIMIT, Block, mention, mrkdwn, neutral, section
from blocks.measures import is_measure
from blocks.outcomes import OUTCOMES
from blocks.pieces import listing, short
from blocks.words import holders
from failover.change import Channels, Inapplicable
from failover.lifecycle import Record, State, Why
from failover.writes import PutChannels

NOTHING_SENT = "Nothing was sent to Uplynk, so nothing was changed."

_STATIC: Mapping[Why, str] = {
    Why.STALE: (
        "The group changed since you saw it, so your change was not applied: nothing was sent to "
        "Uplynk. Compare, and press to go on if you still want it."
    ),
    Why.CANCELLED: (
        "You cancelled this, so it is not carried out any more. Nothing was sent to Uplynk. "
        "Type the command again if you want it after all."
    ),
    Why.LATE: (
        f"Slack delivered your press too late, after it had shown you a failure. {NOTHING_SENT} "
        "Press again if you still want it."
    ),
    Why.GONE: (
        "Uplynk says that this group no longer exists. Nothing was changed. "
        "\u201c/failover list\u201d shows the groups there are."
    ),
    Why.RATE_LIMITED: (
        "Uplynk asked the bot to slow down (429) and did not take the change. Nothing was changed. "
        "Try again in a moment."
    ),
    Why.UNREACHABLE: (
        "No connection to Uplynk could be made, so nothing was sent and nothing was changed. "
        "Try again; if it goes on, use the Uplynk CMS."
    ),
    Why.OTHER_HAND: (
        "Somebody else changed the group between two steps of this change, so the bot stopped "
        "rather than write over it: nothing more was sent. Look at the group, then go on or undo."
    ),
    Why.OTHER_LOCK: (
        f"Another lock has been put in force since you saw this one, and it stays. {NOTHING_SENT} "
        "Look again: what is locked stands on the Home tab."
    ),
    Why.WITHDRAWN: (
        f"Whoever asked for it took it back before it was approved. {NOTHING_SENT} "
        "Type the command again if it is wanted after all."
    ),
    Why.EXPIRED: (f"It was not approved in time. {NOTHING_SENT} Try again if it is still wanted."),
}

_INAPPLICABLE: Mapping[str, str] = {
    Inapplicable.FAILBACK_IN_FLAT: (
        "Auto failback applies only to prioritized groups, and this group is flat. "
        f"{NOTHING_SENT} Ask for \u201cprioritized failback on\u201d in one change."
    ),
    Inapplicable.FAILBACK_IN_THE_WAY: (
        "While auto failback is on Uplynk refuses to activate a slicer by hand. "
        f"{NOTHING_SENT} \u201cTurn failback off and activate\u201d does both, one after the "
        "other; auto failback then stays off."
    ),
}


def explain(why: Why, facts: Mapping[str, Any]) -> str:
    """The paragraph for a reason, as literal text: it may hold foreign words, made neutral."""
    drawn = _DRAWN.get(why)
    return _STATIC[why] if drawn is None else drawn(facts)


def of(record: Record) -> str:
    """The paragraph for what happened to a change; empty where there is nothing to add."""
    if record.why is None:
        return ""
    if record.why is Why.STALE and record.approvals:
        return _STALE_WHEN_APPROVED
    if record.why is Why.ROLE and record.approvals:
        return _ROLE_WHEN_APPROVED.format(roles=" or ".join(record.facts["roles"]))
    more = {"channels": _added(record), "measure": is_measure(record.request.change)}
    return explain(record.why, {**more, **record.facts})


_STALE_WHEN_APPROVED = (
    f"The group changed between the request and its approval. {NOTHING_SENT} "
    "Look at the group; whoever still wants it asks again."
)
_ROLE_WHEN_APPROVED = (
    "When it was approved, whoever had asked for it no longer had the role {roles} for this group. "
    f"{NOTHING_SENT} Somebody who has it can ask again."
)


def _added(record: Record) -> tuple[str, ...]:
    """The channels that Uplynk was last asked to add."""
    last = record.written[-1] if record.written else record.request.change
    return last.add if isinstance(last, PutChannels | Channels) else ()


def refusal(why: Why, facts: Mapping[str, Any]) -> list[Block]:
    """The paragraph as blocks, with who could do it where that is the question."""
    return [section(explain(why, facts)), *beside(why, facts)]


def beside(why: Why, facts: Mapping[str, Any]) -> list[Block]:
    """What stands below the paragraph, since it names people or moments: formatted, all our own."""
    if why is Why.RULE:
        return rules.moments(facts)
    if why is Why.SET_STOPPED and facts.get("by"):
        return [section(mrkdwn(f"It was {mention(facts['by'])} who stopped the set."))]
    if why is Why.DECLINED and facts.get("by"):
        return [section(mrkdwn(f"It was {mention(facts['by'])} who declined."))]
    return who_has_it(why, facts)


def who_has_it(why: Why, facts: Mapping[str, Any]) -> list[Block]:
    """Who holds the role that is missing; empty where it is not about a role, or nobody does."""
    if why not in (Why.ROLE, Why.OVERRIDE_ROLE):
        return []
    names = holders(facts.get("users", ()), facts.get("usergroups", ()))
    return [section(mrkdwn(f"Who has it: {names}"))] if names else []


def _role(facts: Mapping[str, Any]) -> str:
    return _missing_role(facts, "For this")


def _override_role(facts: Mapping[str, Any]) -> str:
    return _missing_role(facts, "To set a rule aside")


def _missing_role(facts: Mapping[str, Any], purpose: str) -> str:
    if facts.get("stranger"):
        return f"You are not a member of the workspace that this bot serves. {NOTHING_SENT}"
    told = f"{purpose} you need the role {' or '.join(facts['roles'])}. {NOTHING_SENT}"
    if facts["users"] or facts["usergroups"]:
        return told
    return f"{told} Nobody has that role: the policy file would have to grant it."


def _uncertain(facts: Mapping[str, Any]) -> str:
    problem = str(facts.get("problem", ""))
    what = _UNCERTAIN.get(
        problem, f"Slack did not list the members of a user group ({neutral(problem, 80)})"
    )
    return (
        f"It could not be found out whether you may do this: {what}. {NOTHING_SENT} "
        "Try again, or ask somebody who is granted by name in the policy."
    )


_UNCERTAIN = {
    "identity_unknown": "Slack has not told the bot yet which workspace it serves",
    "no_time_left": "looking it up took too long",
}


def _rule(facts: Mapping[str, Any]) -> str:
    return rules.told(facts, NOTHING_SENT)


def _declined(facts: Mapping[str, Any]) -> str:
    words = facts.get("words")
    why = f" Their words: \u201c{neutral(words, WORDS_LIMIT)}\u201d." if words else ""
    return (
        f"Another person declined it.{why} {NOTHING_SENT} "
        "Ask them what would have to be different, then ask for it again."
    )


def _no_such_group(facts: Mapping[str, Any]) -> str:
    near = [f"\u201c{neutral(name)}\u201d" for name in facts["near"]]
    hint = f" Did you mean {listing(near)}?" if near else ""
    none = "There is no failover group of this name or ID."
    if facts.get("pattern"):
        none = "No failover group is hit by this pattern."
    if facts.get("hits"):
        return _takes_one(facts)
    return f"{none}{hint} {NOTHING_SENT} \u201c/failover list\u201d shows the groups there are."


def _takes_one(facts: Mapping[str, Any]) -> str:
    """A pattern, where the slicers, channels or owners that are named belong to one group."""
    names = [f"\u201c{neutral(name)}\u201d" for name in facts["hit"]]
    more = facts["hits"] - len(names)
    there = ", ".join(names) + (f" and {more} more" if more else "")
    count = "1 group" if facts["hits"] == 1 else f"{facts['hits']} groups"
    return (
        f"This takes one group, and what you typed is a pattern, which hits {count}: {there}. "
        f"{NOTHING_SENT} Type the command again with the name or the ID of one group."
    )


def _ambiguous(facts: Mapping[str, Any]) -> str:
    rows = [
        f"\u2022 {neutral(name)} (ID {neutral(group_id, 64)})"
        for name, group_id in facts["candidates"]
    ]
    return (
        "Several groups could be meant. "
        + NOTHING_SENT
        + " Type more of the name, or the ID:\n"
        + "\n".join(rows)
    )


def _busy(_facts: Mapping[str, Any]) -> str:
    return (
        "Another change of this group is under way or has just ended, so yours was not sent to "
        "Uplynk. Look at its outcome first, then try again."
    )


def _inapplicable(facts: Mapping[str, Any]) -> str:
    if facts.get("code") != Inapplicable.UNKNOWN_SLICERS:
        return _INAPPLICABLE[facts["code"]]
    wrong = listing([short(one) for one in facts["slicers"]])
    known = listing([short(one) for one in facts["known"]])
    there = f"Its slicers are: {known}" if known else "It has no slicers"
    return (
        f"Not a slicer of this group: {wrong}. {NOTHING_SENT} {there}. "
        "Type the command again with one of these."
    )


def _interrupted(facts: Mapping[str, Any]) -> str:
    return (
        "The bot was interrupted, or ran out of time, before anything was sent. Nothing was "
        "changed. "
        "Try again if it is still wanted."
    )


def _set_stopped(facts: Mapping[str, Any]) -> str:
    if "by" in facts:
        return (
            f"Not begun, because the set was stopped. {NOTHING_SENT} "
            "Type the command again if it is still wanted."
        )
    if "group" not in facts:
        return (
            f"The bot was interrupted before it came to this group. {NOTHING_SENT} "
            "Type the command again if it is still wanted."
        )
    outcome = OUTCOMES[State(facts["state"])][1]
    return (
        f"Not begun, because the change of {neutral(facts['group'], 80)} before it came to "
        f"\u201c{outcome}\u201d. {NOTHING_SENT} "
        "Look at that group first, then type the command again."
    )


def _internal(facts: Mapping[str, Any]) -> str:
    return (
        "Something in the bot went wrong before anything was sent. Nothing was changed. Try again; "
        "if it goes on, tell whoever runs the bot this reference: "
        f"{facts.get('reference', 'none')}."
    )


_DRAWN = {
    Why.ROLE: _role,
    Why.OVERRIDE_ROLE: _override_role,
    Why.ROLE_UNCERTAIN: _uncertain,
    Why.RULE: _rule,
    Why.DECLINED: _declined,
    Why.NO_SUCH_GROUP: _no_such_group,
    Why.AMBIGUOUS_GROUP: _ambiguous,
    Why.BUSY: _busy,
    Why.UNREADABLE: from_uplynk.unreadable,
    Why.REJECTED: from_uplynk.refused,
    Why.UNAUTHORIZED: from_uplynk.unauthorized,
    Why.FORBIDDEN: from_uplynk.forbidden,
    Why.CONFLICT: from_uplynk.conflict,
    Why.INAPPLICABLE: _inapplicable,
    Why.NO_EFFECT: from_uplynk.no_effect,
    Why.INTERRUPTED: _interrupted,
    Why.SET_STOPPED: _set_stopped,
    Why.INTERNAL: _internal,
}
