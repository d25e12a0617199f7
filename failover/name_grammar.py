"""The names in a typed change: its group, the word right behind it, and the IDs.

A name that means something else goes in quotes, and so does one with blanks: where it does not,
the suggestion says so.
"""

import re

from failover.intents import Problem
from failover.model import Mode
from failover.option_grammar import OPTIONS, Choices, OptionTable, Tries, choose
from failover.words import COMMAS, SPACES, MisreadError, Word, put, quote, word_at

NAME_LIMIT = 200
"""Characters in the name of a group, a pattern or a filter."""

ID_LIMIT = 200
"""Characters in the ID of a slicer, a channel or a user."""

KEYWORDS = frozenset({*Mode, "mode", "failback", "now", "override", "because"}) | frozenset(
    {"on", "off", "add", "remove", "for"}
)
"""What means something of its own in some change, so that as a name it stands in quotes."""

_PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.*?-]*")


def read_group(text: str, command: Word, table: OptionTable, verbs: tuple[str, ...] = ()) -> Word:
    """The group that stands after the command; ``verbs``: what stands after the group."""
    group = word_at(text, command.end)
    if group is None:
        raise MisreadError(Problem.MISSING_GROUP, command.span, expected=("GROUP",))
    if table.opens(group) or group.key in verbs:
        lines = [put(text, group.span, quote(group.text))]
        later = word_at(text, group.end)
        if later and group.key in verbs and later.key not in verbs and not table.opens(later):
            name = text[later.start : later.end]
            lines.append(put(text, (group.start, later.end), f"{name} {group.key}"))
        tries = tuple((Problem.MISSING_GROUP, line) for line in lines)
        raise MisreadError(Problem.MISSING_GROUP, group.span, expected=("GROUP",), tries=tries)
    checked_name(group)
    return group


def read_keyword(text: str, group: Word, choices: Choices, missing: Problem) -> Word:
    """The word right behind the group, one of a few; ``missing``: the problem if there is none."""
    given = word_at(text, group.end)
    if given is None or OPTIONS.opens(given):
        raise MisreadError(missing, group.span, expected=choices.words)
    names: Tries = ()
    if not group.quoted:
        quoted = with_quoted_name(text, group, OPTIONS, choices.words)
        names = ((Problem.UNQUOTED_NAME, quoted),)
    return Word(choose(text, given, choices, names), given.start, given.end)


def typed(name: str) -> str:
    """A name or an ID as it is typed: in quotes unless it is plain and means nothing else."""
    plain = _PLAIN_NAME.fullmatch(name) and name.casefold() not in KEYWORDS
    return name if plain else quote(name)


def checked_name(name: Word) -> str:
    """The text of a name. Raises ``MisreadError`` where it is blank or too long."""
    if not name.text.strip(SPACES):
        raise MisreadError(Problem.EMPTY_NAME, name.span)
    if len(name.text) > NAME_LIMIT:
        raise MisreadError(Problem.NAME_TOO_LONG, name.span)
    return name.text


def checked_id(word: Word) -> str:
    """The text of an ID. Raises ``MisreadError`` where it is blank or too long."""
    if not word.text.strip(SPACES):
        raise MisreadError(Problem.EMPTY_ID, word.span)
    if len(word.text) > ID_LIMIT:
        raise MisreadError(Problem.ID_TOO_LONG, word.span)
    return word.text


def with_quoted_name(
    text: str, group: Word, table: OptionTable, stops: tuple[str, ...] = ()
) -> str:
    """The line with everything from the group to the next option, even a slip of one, in quotes.

    ``stops``: what else ends the name.
    """
    name, end = [group.text], group.end
    while (word := word_at(text, end)) is not None:
        if table.opens(word) or word.key in stops or (len(name) > 1 and table.slipped(word)):
            break
        name.append(word.text)
        end = word.end
    return put(text, (group.start, end), quote(" ".join(name)))


def missing_id(text: str, problem: Problem, word: Word, expected: str) -> MisreadError:
    """The error for an option where an ID should stand: an ID of that name goes in quotes."""
    later = word_at(text, word.end)
    alone = later is None or text[later.start] in COMMAS or OPTIONS.opens(later)
    # With more words behind it, it is the option that it seems to be.
    tries = ((problem, put(text, word.span, quote(word.text))),) if alone else ()
    return MisreadError(problem, word.span, expected=(expected,), tries=tries)
