"""Help, who somebody is, and what was wrong with a typed line."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TypeAlias

from blocks import words
from blocks.kit import Block, context, header, mention, message, mrkdwn, neutral, section
from failover.grammar import ROWS, Row
from failover.intents import GrammarError, Problem
from failover.roles import CHANGING, Action, Role, allows
from failover.standing import Standing

COMMAND = "/failover"
Holders: TypeAlias = Mapping[Action, tuple[Sequence[str], Sequence[str]]]
_Who: TypeAlias = tuple[tuple[Action, tuple[str, ...], tuple[str, ...]], ...]
"""By action: user IDs and user group IDs of those who may."""

EVERYBODYS = ("whoami", "help")
"""What is answered whoever asks."""

_ANY_CHANGE = "Any change takes [now] [override RULE] [because REASON] at the end."

_SENTENCES: dict[Problem, str] = {
    Problem.TEXT_TOO_LONG: "That is longer than any command can be.",
    Problem.CONTROL_CHARACTER: "There is a control character in it.",
    Problem.UNCLOSED_QUOTE: "A quotation mark is opened here and never closed.",
    Problem.UNKNOWN_COMMAND: "This is not a command.",
    Problem.UNEXPECTED_WORD: "There is a word too many.",
    Problem.MISSING_GROUP: "The name or ID of a failover group is missing.",
    Problem.EMPTY_NAME: "The name is empty.",
    Problem.NAME_TOO_LONG: "The name is longer than 200 characters.",
    Problem.UNQUOTED_NAME: "A name with blanks needs quotation marks.",
    Problem.UNKNOWN_WORD: "I do not know this word.",
    Problem.UNKNOWN_MODE: "I do not know this mode.",
    Problem.UNKNOWN_VALUE: "This can only be on or off.",
    Problem.UNKNOWN_RULE: "I do not know this rule.",
    Problem.MISSING_VALUE: "Something is missing after this word.",
    Problem.REPEATED_OPTION: "This is said twice.",
    Problem.CONTRADICTION: "Auto failback applies only to prioritized, not to flat.",
    Problem.NOTHING_TO_CHANGE: "It does not say what to change.",
    Problem.EMPTY_REASON: "The reason after \u201cbecause\u201d is empty.",
    Problem.REASON_TOO_LONG: "The reason is longer than 500 characters.",
    Problem.OVERRIDE_WITHOUT_REASON: (
        "An override needs a reason: end with \u201cbecause \u2026\u201d."
    ),
    Problem.MISSING_REASON: (
        "This needs a reason, for the others: end with \u201cbecause \u2026\u201d."
    ),
    Problem.NO_OVERRIDE: "An override goes with changes alone, not with locks and the pause.",
    Problem.BAD_DURATION: "This is no duration like 30m, 2h, 1d or 1h30m.",
    Problem.DURATION_OUT_OF_RANGE: "A lock lasts at least 1 minute and at most 30 days.",
    Problem.MISSING_SLICER: "A slicer is missing.",
    Problem.MISSING_ID: "An ID is missing.",
    Problem.MISSING_COMMA: "A comma is missing.",
    Problem.EXTRA_COMMA: "There is a comma too many.",
    Problem.EMPTY_ID: "The ID is empty.",
    Problem.ID_TOO_LONG: "The ID is longer than 200 characters.",
    Problem.REPEATED_ID: "This ID stands twice in the list.",
    Problem.TOO_MANY_IDS: "One command takes 50 IDs at most.",
    Problem.ADD_OR_REMOVE: "It does not say whether to add or to remove.",
}


def misread(error: GrammarError) -> Block:
    """What was not understood, where, and what may have been meant."""
    told = [f"\u26d4 Not understood, so nothing was changed. {_SENTENCES[error.problem]}"]
    told.append(_pointed(error))
    if error.suggestion is not None:
        told.append(f"Did you mean: {COMMAND} {neutral(error.suggestion, 700)}".rstrip())
    elif error.meant is not None:
        told.append(f"Did you mean \u201c{neutral(error.meant)}\u201d?")
    if error.expected:
        possible = ["a comma" if word == "," else neutral(word, 60) for word in error.expected]
        told.append("Possible here: " + ", ".join(possible))
    blocks = [section("\n".join(told)), context(f"{COMMAND} help shows what can be typed.")]
    return message(f"Not understood, so nothing was changed. {_SENTENCES[error.problem]}", blocks)


def usage(standing: Standing, holders: Holders) -> Block:
    """The commands that the person may use, and who may use the others."""
    roles = frozenset((standing.default_role, *(grant.role for grant in standing.grants)))
    others = tuple((one, tuple(users), tuple(more)) for one, (users, more) in holders.items())
    unread = [context(_unread(standing))] if standing.unread else []
    return message("What you can do with /failover", [*_usage(roles, others), *unread])


@lru_cache(maxsize=64)
def _usage(roles: frozenset[Role], holders: _Who) -> tuple[Block, ...]:
    # Kept, as drawing it takes longer than all else that a person who asks for help waits for.
    able = {action for action in Action if any(allows(role, action) for role in roles)}
    mine = [row for row in ROWS if row.needs in able or row.word in EVERYBODYS]
    others = [row for row in ROWS if not (row.needs in able or row.word in EVERYBODYS)]
    blocks: list[Block] = [header("/failover: what you can do")]
    blocks += [section(mrkdwn(_row(row))) for row in mine]
    if any(row.needs in CHANGING for row in mine):
        blocks.append(context(_ANY_CHANGE))
    for names, usages in _others(
        others, {one: (users, more) for one, users, more in holders}
    ).items():
        blocks.append(section("Others may also:\n" + "\n".join(usages)))
        who = f"Who may: {names}" if names else "Nobody has that role at present."
        blocks.append(context(mrkdwn(who)))
    return tuple(blocks)


def whoami(user_id: str, standing: Standing) -> Block:
    """The person's roles and for which groups."""
    everybody = standing.default_role
    lines = [] if everybody is Role.NONE else [f"\u2022 {everybody} (everybody, all groups)"]
    for grant in standing.grants:
        how = "by name" if user_id in grant.users else "through a user group"
        groups = ", ".join(neutral(pattern, 80) for pattern in grant.groups)
        lines.append(f"\u2022 {grant.role} for {groups} ({how})")
    blocks = [
        section(mrkdwn(f"You are {mention(user_id)}, known to me as `{mention_id(user_id)}`.")),
        section("\n".join(lines) or "You have no role here, so you can neither look nor change."),
    ]
    if standing.unread:
        blocks.append(context(_unread(standing)))
    return message("Your roles", blocks)


def mention_id(user_id: str) -> str:
    """An ID inside a code span."""
    return "".join(char for char in user_id if char.isalnum())


def _row(row: Row) -> str:
    usage = f"{COMMAND} {row.usage}".rstrip()
    told = f"`{usage}`\n{row.summary}"
    # Who looks needs none, and on a phone every line counts.
    if row.needs is Action.VIEW:
        return told
    return f"{told}\nExample: `{COMMAND} {row.examples[1]}`"


def _others(rows: Sequence[Row], holders: Holders) -> dict[str, list[str]]:
    """The usages of the rows, together where the same people may."""
    found: dict[str, list[str]] = {}
    for row in rows:
        names = words.holders(*holders.get(row.needs, ((), ())))
        found.setdefault(names, []).append(f"{COMMAND} {row.usage}".rstrip())
    return found


def _unread(standing: Standing) -> str:
    problem = neutral(str(standing.problem), 80)
    return (
        f"\u26a0\ufe0f Slack did not list the members of {len(standing.unread)} "
        f"user group{'s' if len(standing.unread) > 1 else ''} ({problem}), "
        "so you may have more rights than shown here."
    )


def _pointed(error: GrammarError) -> str:
    start = max(0, error.start - 60)
    before = neutral(error.text[start : error.start], 80) + " " if error.start else ""
    word = neutral(error.text[error.start : error.end], 80) if error.word else "\u2026"
    after = (
        neutral(error.text[error.end : error.end + 40], 60) if error.end < len(error.text) else ""
    )
    return f"{COMMAND} {before}\u25b6{word}\u25c0 {after}".rstrip()
