"""The text after ``/failover`` -> an intent, or an error that says where; and an intent -> text.

Total: ``parse`` returns for any text whatever.
"""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import assert_never

from failover.intents import (
    GrammarError,
    Help,
    Intent,
    ListGroups,
    OpenForm,
    Problem,
    Set,
    Status,
    Whoami,
)
from failover.rows import ROWS, Row
from failover.set_grammar import NAME_LIMIT, OPTION_WORDS, checked_name, read_set, set_text
from failover.words import CONTROL, SPACES, MisreadError, Word, near, quote, word_at, words_from

__all__ = [
    "NAME_LIMIT",
    "ROWS",
    "TEXT_LIMIT",
    "GrammarError",
    "Help",
    "Intent",
    "ListGroups",
    "OpenForm",
    "Problem",
    "Row",
    "Set",
    "Status",
    "Whoami",
    "parse",
    "to_text",
]

TEXT_LIMIT = 3_000
"""Characters in a whole line; the longest line that means something is far shorter."""

# Words that people who know such bots type first. Taken for a group they would open the form of a
# group that does not exist; in quotes they are a name like any other.
_OTHER_COMMANDS = frozenset(
    {
        "activate",
        "slate",
        "order",
        "undo",
        "history",
        "channels",
        "owners",
        "lock",
        "unlock",
        "pause",
        "resume",
    }
)
_PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.*?-]*")


def parse(text: str) -> Intent | GrammarError:
    """What a line means, or what is wrong with it and where. Never raises."""
    return _parse(text, corrections=2)


def to_text(intent: Intent) -> str:
    """A line, without ``/failover``, that parses to this intent."""
    match intent:
        case OpenForm(group):
            return _name_text(group)
        case Set():
            return set_text(intent, _name_text(intent.group))
        case Status(group):
            return f"status {_name_text(group)}".rstrip()
        case ListGroups(filter=wanted):
            return f"list {_name_text(wanted)}".rstrip()
        case Whoami():
            return "whoami"
        case Help():
            return "help"
        case _:
            assert_never(intent)


def _parse(text: str, corrections: int) -> Intent | GrammarError:
    """``corrections``: how many faults of one line may be put right for a suggestion."""
    try:
        return _read(text)
    except MisreadError as misread:
        problem, suggestion = _suggest(misread, corrections)
        start, end = misread.span
        return GrammarError(
            problem=problem,
            text=text,
            start=start,
            end=end,
            word=text[start:end],
            suggestion=suggestion,
            expected=misread.expected,
            meant=None if problem is Problem.UNQUOTED_NAME else misread.meant,
        )


def _suggest(misread: MisreadError, corrections: int) -> tuple[Problem, str | None]:
    """The first line tried that parses, if need be after a further correction."""
    for problem, line in misread.tries if corrections else ():
        found = _parse(line, corrections - 1)
        suggestion = found.suggestion if isinstance(found, GrammarError) else line
        if suggestion is not None:
            return problem, suggestion
    return misread.problem, None


def _read(text: str) -> Intent:
    if len(text) > TEXT_LIMIT:
        raise MisreadError(Problem.TEXT_TOO_LONG, (TEXT_LIMIT, len(text)))
    if control := CONTROL.search(text):
        raise MisreadError(Problem.CONTROL_CHARACTER, control.span())
    first = word_at(text, 0)
    if first is None:
        return OpenForm()
    if first.key in _COMMANDS:
        return _COMMANDS[first.key](text, first)
    if not first.quoted:
        _refuse_command_like(text, first)
    return OpenForm(_name(text, 0))


def _refuse_command_like(text: str, first: Word) -> None:
    """A first word that looks like a command is asked about, not taken for a group."""
    if first.key in _OTHER_COMMANDS:
        tries = ((Problem.UNKNOWN_COMMAND, "help"),)
        raise MisreadError(
            Problem.UNKNOWN_COMMAND, first.span, expected=tuple(_COMMANDS), tries=tries
        )
    alone = not text[first.end :].strip(SPACES)
    # A single word is most likely a group, and `set` means nothing alone: hence the stricter look.
    meant = near(first.key, _COMMANDS.keys() - {"set"}, 1) if alone else near(first.key, _COMMANDS)
    if meant:
        line = f"{meant}{text[first.end :]}".strip(SPACES)
        raise MisreadError(
            Problem.UNKNOWN_COMMAND,
            first.span,
            expected=(meant,),
            meant=meant,
            tries=((Problem.UNKNOWN_COMMAND, line),),
        )


def _name(text: str, at: int) -> str | None:
    """The rest of the line as one name: in quotes, or words put together by single spaces."""
    words = words_from(text, at)
    if not words:
        return None
    if len(words) > 1 and any(word.quoted for word in words):
        tries = ((Problem.UNEXPECTED_WORD, f"set {text.strip(SPACES)}"),) if at == 0 else ()
        raise MisreadError(Problem.UNEXPECTED_WORD, words[1].span, tries=tries)
    whole = " ".join(word.text for word in words)
    return checked_name(Word(whole, words[0].start, words[-1].end))


def _whoami(text: str, command: Word) -> Whoami:
    if (junk := word_at(text, command.end)) is not None:
        tries = ((Problem.UNEXPECTED_WORD, "whoami"),)
        raise MisreadError(Problem.UNEXPECTED_WORD, junk.span, tries=tries)
    return Whoami()


def _name_text(name: str | None) -> str:
    if name is None:
        return ""
    key = name.casefold()
    reserved = key in _OTHER_COMMANDS or key in OPTION_WORDS or near(key, _COMMANDS) is not None
    return name if _PLAIN_NAME.fullmatch(name) and not reserved else quote(name)


_COMMANDS: Mapping[str, Callable[[str, Word], Intent]] = MappingProxyType(
    {
        "set": read_set,
        "status": lambda text, command: Status(_name(text, command.end)),
        "list": lambda text, command: ListGroups(_name(text, command.end)),
        "whoami": _whoami,
        # Whatever follows: nobody who asks for help is refused it.
        "help": lambda text, command: Help(),
    }
)
