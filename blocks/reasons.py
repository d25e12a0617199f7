"""Why something did not happen: what happened, what was not done, and what to do next."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from blocks.kit import WORDS_LIMIT, Block, mrkdwn, neutral, section
from blocks.words import holders, listing
from failover.lifecycle import Record, Why

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
    Why.UNAUTHORIZED: (
        "Uplynk did not accept the bot's credentials (401). Nothing was changed. Ask whoever runs "
        "the bot to check UPLYNK_OWNER, UPLYNK_API_KEY and the clock of its host; if it is urgent, "
        "use the Uplynk CMS."
    ),
    Why.FORBIDDEN: (
        "The bot's Uplynk user lacks the right to do this (403). Nothing was changed. "
        "Ask whoever runs the bot; if it is urgent, use the Uplynk CMS."
    ),
    Why.RATE_LIMITED: (
        "Uplynk asked the bot to slow down (429) and did not take the change. Nothing was changed. "
        "Try again in a moment."
    ),
    Why.UNREACHABLE: (
        "No connection to Uplynk could be made, so nothing was sent and nothing was changed. "
        "Try again; if it goes on, use the Uplynk CMS."
    ),
    Why.INAPPLICABLE: (
        "Auto failback applies only to prioritized groups, and this group is flat. "
        f"{NOTHING_SENT} Ask for \u201cprioritized failback on\u201d in one change."
    ),
}


def explain(why: Why, facts: Mapping[str, Any]) -> str:
    """The paragraph for a reason, as literal text: it may hold foreign words, made neutral."""
    drawn = _DRAWN.get(why)
    return _STATIC[why] if drawn is None else drawn(facts)


def of(record: Record) -> str:
    """The paragraph for what happened to a change; empty where there is nothing to add."""
    return "" if record.why is None else explain(record.why, record.facts)


def refusal(why: Why, facts: Mapping[str, Any]) -> list[Block]:
    """The paragraph as blocks, with who could do it where that is the question."""
    return [section(explain(why, facts)), *who_has_it(why, facts)]


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
    found = [_one_rule(rule) for rule in facts["rules"]]
    names = list(dict.fromkeys(rule["rule"] for rule in facts["rules"]))
    if len(names) > 1:
        way = f"An override sets aside one rule only: {' and '.join(names)} can't both be lifted."
    else:
        way = (
            f"An admin may add \u201coverride {names[0]} because \u2026\u201d to the typed command."
        )
    return f"{' '.join(found)} {NOTHING_SENT} {way}"


def _one_rule(rule: Mapping[str, Any]) -> str:
    until = f" until {_utc(rule['until'])}" if rule["until"] else ""
    match rule["rule"]:
        case "freeze":
            reason = f" ({neutral(rule['reason'], 200)})" if rule["reason"] else ""
            return f"Rule freeze: no changes of this group{until}{reason}."
        case "cooldown":
            return f"Rule cooldown: this group was changed a moment ago; wait{until}."
        case "protect":
            return "Rule protect: changes of this group need a second person."
        case _ if rule["mode"]:
            return f"Rule require: this group has to stay {rule['mode']}."
        case _:
            return (
                f"Rule require: at least {rule['need']} slicers must be eligible, "
                f"and there would be {rule['have']}."
            )


def _no_such_group(facts: Mapping[str, Any]) -> str:
    near = [f"\u201c{neutral(name)}\u201d" for name in facts["near"]]
    hint = f" Did you mean {listing(near)}?" if near else ""
    return (
        f"There is no failover group of this name or ID.{hint} {NOTHING_SENT} "
        "\u201c/failover list\u201d shows the groups there are."
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


def _unreadable(facts: Mapping[str, Any]) -> str:
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


def _no_effect(facts: Mapping[str, Any]) -> str:
    answered = (
        "Uplynk answered that it was done, but"
        if facts.get("acknowledged")
        else "Uplynk gave no clear answer, and"
    )
    return (
        f"{answered} reading the group again shows that nothing was changed. "
        "Try again if it is still wanted."
    )


def _refused(facts: Mapping[str, Any]) -> str:
    status = f" ({facts['status']})" if facts.get("status") else ""
    return (
        f"Uplynk refused the change{status}. Nothing was changed.{_their_words(facts)} "
        "Trying again will hardly help: look at the group in the Uplynk CMS."
    )


def _conflict(facts: Mapping[str, Any]) -> str:
    return (
        f"Uplynk reports a conflict (409). Nothing was changed.{_their_words(facts)} "
        "Look at the group in the Uplynk CMS, then try again."
    )


def _their_words(facts: Mapping[str, Any]) -> str:
    words = facts.get("words")
    return f" Its words: \u201c{neutral(words, WORDS_LIMIT)}\u201d." if words else ""


def _interrupted(facts: Mapping[str, Any]) -> str:
    return (
        "The bot was interrupted, or ran out of time, before anything was sent. Nothing was "
        "changed. "
        "Try again if it is still wanted."
    )


def _internal(facts: Mapping[str, Any]) -> str:
    return (
        "Something in the bot went wrong before anything was sent. Nothing was changed. Try again; "
        "if it goes on, tell whoever runs the bot this reference: "
        f"{facts.get('reference', 'none')}."
    )


def _utc(text: str) -> str:
    return f"{datetime.fromisoformat(text).astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


_DRAWN = {
    Why.ROLE: _role,
    Why.OVERRIDE_ROLE: _override_role,
    Why.ROLE_UNCERTAIN: _uncertain,
    Why.RULE: _rule,
    Why.NO_SUCH_GROUP: _no_such_group,
    Why.AMBIGUOUS_GROUP: _ambiguous,
    Why.BUSY: _busy,
    Why.UNREADABLE: _unreadable,
    Why.REJECTED: _refused,
    Why.CONFLICT: _conflict,
    Why.NO_EFFECT: _no_effect,
    Why.INTERRUPTED: _interrupted,
    Why.INTERNAL: _internal,
}
