"""Rules that stand against a change: what each wants, until when, and who can lift it how."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from blocks.kit import Block, mention, mrkdwn, neutral, section
from blocks.words import day_and_time
from failover.policy import Rule

REASON_SHOWN = 200
"""The most that is shown of the reason of a rule."""


def told(facts: Mapping[str, Any], nothing_sent: str) -> str:
    """The paragraph: the rules, that nothing was sent, the ways on; literal text."""
    rules = facts["rules"]
    return " ".join([*map(_one, rules), nothing_sent, *_ways(rules), _override(facts)]).rstrip()


def moments(facts: Mapping[str, Any]) -> list[Block]:
    """Whose rules they are and until when, in the reader's time; empty where neither is known."""
    lines = [line for rule in facts["rules"] if (line := _moment(rule))]
    return [section(mrkdwn("\n".join(lines)))] if lines else []


def _one(rule: Mapping[str, Any]) -> str:
    reason = f" ({neutral(rule['reason'], REASON_SHOWN)})" if rule.get("reason") else ""
    match rule["rule"]:
        case Rule.PAUSE:
            return f"Rule pause: no changes of any group for now{reason}."
        case Rule.LOCK:
            return f"Rule lock: only the person who locked this group can change it{reason}."
        case Rule.FREEZE:
            return f"Rule freeze: no changes of this group for now{reason}."
        case Rule.COOLDOWN:
            return "Rule cooldown: this group was changed, or failed over, a moment ago."
        case Rule.PROTECT:
            return f"Rule protect: this change of this group needs {_people(rule.get('need'))}."
        case _ if rule.get("mode"):
            return f"Rule require: this group has to stay {rule['mode']}."
        case _:
            return (
                f"Rule require: at least {rule['need']} slicers must be eligible, "
                f"and there would be {rule['have']}."
            )


def _people(need: int | None) -> str:
    return "a second person" if need in (None, 1) else f"{need} other people"


def _moment(rule: Mapping[str, Any]) -> str:
    """One line of a formatted text; every word of it is the bot's own."""
    told = rule.get("until")
    until = datetime.fromisoformat(told).astimezone(UTC) if told else None
    name = Rule(rule["rule"]).value
    by = rule.get("by")
    whose = f", put in force by {mention(by)}" if by else ""
    if until is not None:
        return f"Rule {name} holds until {day_and_time(until)}{whose}."
    if not by:
        return ""
    end = {Rule.LOCK.value: "until it is taken away", Rule.PAUSE.value: "until it is ended"}
    return f"Rule {name} holds {end.get(name, 'for now')}{whose}."


def _ways(rules: Sequence[Mapping[str, Any]]) -> list[str]:
    """How each rule ends without an override, once for each name."""
    return [_WAYS[name] for name in dict.fromkeys(Rule(rule["rule"]) for rule in rules)]


_WAYS: Mapping[Rule, str] = {
    Rule.PAUSE: "An admin ends the pause with \u201c/failover resume\u201d.",
    Rule.LOCK: (
        "That person, or an admin, takes the lock away with \u201c/failover unlock GROUP\u201d."
    ),
    Rule.FREEZE: "The freeze ends by itself, or by a change of the policy file.",
    Rule.COOLDOWN: "Wait until it is over, then try again.",
    Rule.PROTECT: (
        "Ask for it by itself: whoever holds the role approver or admin can then be that person."
    ),
    Rule.REQUIRE: "The policy file asks for it.",
}


def _override(facts: Mapping[str, Any]) -> str:
    """How an admin sets the rule aside; a measure, which is not a change, takes no override."""
    if facts.get("measure"):
        return ""
    names = list(dict.fromkeys(rule["rule"] for rule in facts["rules"]))
    if len(names) > 1:
        most, last = ", ".join(names[:-1]), names[-1]
        joined = f"{most} and {last}"
        return f"An override sets aside one rule only: {joined} can't all be lifted in this way."
    return f"An admin may add \u201coverride {names[0]} because \u2026\u201d to the typed command."
