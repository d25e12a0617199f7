"""The text after ``/failover`` -> an intent, or an error that says where; and an intent -> text.

Total: ``parse`` returns for any text whatever.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import assert_never

from failover.active_grammar import activate_text, read_activate, read_slate, slate_text
from failover.change import Activate, Change, Channels, Configure, Order, Owners, Slate
from failover.intents import (
    Ask,
    AskAll,
    GrammarError,
    Help,
    History,
    Intent,
    ListGroups,
    OpenForm,
    Problem,
    Status,
    Undo,
    Whoami,
)
from failover.measure_grammar import (
    for_all_text,
    measure_text,
    read_lock,
    read_pause,
    read_resume,
    read_unlock,
)
from failover.measures import Lock, Pause, Resume, Unlock
from failover.members_grammar import members_text, read_channels, read_owners
from failover.name_grammar import KEYWORDS, NAME_LIMIT, checked_name, typed
from failover.option_grammar import REASON_LIMIT, Tries, ending_text
from failover.order_grammar import order_text, read_order
from failover.restore import Restore
from failover.rows import ROWS, Row
from failover.set_grammar import read_set, set_text
from failover.undo_grammar import read_undo, undo_text
from failover.words import CONTROL, SPACES, MisreadError, Word, near, quote, word_at, words_from

__all__ = [
    "NAME_LIMIT",
    "REASON_LIMIT",
    "ROWS",
    "TEXT_LIMIT",
    "Ask",
    "AskAll",
    "GrammarError",
    "Help",
    "History",
    "Intent",
    "ListGroups",
    "OpenForm",
    "Problem",
    "Row",
    "Status",
    "Undo",
    "Whoami",
    "parse",
    "to_text",
]

TEXT_LIMIT = 3_000
"""Characters in a whole line: enough for fifty IDs as Uplynk makes them, a name and a reason."""

_ALONE = frozenset({"undo", "status", "list", "history", "whoami", "help", "resume"})
"""The commands that mean something without another word."""


def parse(text: str) -> Intent | GrammarError:
    """What a line means, or what is wrong with it and where. Never raises."""
    return _parse(text, corrections=2)


def to_text(intent: Intent) -> str:
    """A line, without ``/failover``, that parses to this intent.

    Raises ``ValueError`` for a change that no line asks for: only forms and buttons do.
    """
    match intent:
        case OpenForm(group):
            return _first_text(group)
        case Ask(change=Lock() | Unlock()):
            return measure_text(intent)
        case AskAll():
            return for_all_text(intent)
        case Ask(group, change):
            command, arguments = _change_text(change)
            return f"{command} {typed(group)} {arguments}{ending_text(intent)}"
        case Undo():
            return undo_text(intent)
        case Status(group):
            return _with_name("status", group)
        case ListGroups(filter=wanted):
            return _with_name("list", wanted)
        case History(group):
            return _with_name("history", group)
        case Whoami():
            return "whoami"
        case Help():
            return "help"
        case _:
            assert_never(intent)


def _change_text(change: Change) -> tuple[str, str]:
    """The command, and what stands behind the group."""
    match change:
        case Configure():
            return "set", set_text(change)
        case Activate():
            return "activate", activate_text(change)
        case Slate():
            return "slate", slate_text(change)
        case Order():
            return "order", order_text(change)
        case Channels():
            return "channels", members_text(change)
        case Owners():
            return "owners", members_text(change)
        case Restore():
            raise ValueError("a way back is asked for by undo, which finds out what it is")
        case Lock() | Unlock() | Pause() | Resume():
            raise ValueError("a measure has a line of its own")
        case _:
            assert_never(change)


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
    alone = not text[first.end :].strip(SPACES)
    # A single word is most likely a group, and not every command means something alone: hence the
    # stricter look.
    meant = near(first.key, _ALONE, 1) if alone else near(first.key, _COMMANDS)
    if meant:
        line = f"{meant}{text[first.end :]}".strip(SPACES)
        tries = ((Problem.UNKNOWN_COMMAND, line), *_whole_quoted(text))
        raise MisreadError(
            Problem.UNKNOWN_COMMAND, first.span, expected=(meant,), meant=meant, tries=tries
        )


def _whole_quoted(text: str) -> Tries:
    """The line as one name, where no word of it says otherwise."""
    words = words_from(text, 0)
    if any(word.quoted or word.key in KEYWORDS for word in words):
        return ()
    return ((Problem.UNKNOWN_COMMAND, quote(" ".join(word.text for word in words))),)


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


def _with_name(command: str, name: str | None) -> str:
    return command if name is None else f"{command} {typed(name)}"


def _first_text(name: str | None) -> str:
    """A name that is the first word, where a command might stand."""
    if name is None:
        return ""
    command_like = near(name.casefold(), _COMMANDS) is not None
    return quote(name) if command_like else typed(name)


_COMMANDS: Mapping[str, Callable[[str, Word], Intent]] = MappingProxyType(
    {
        "set": read_set,
        "activate": read_activate,
        "slate": read_slate,
        "order": read_order,
        "channels": read_channels,
        "owners": read_owners,
        "undo": read_undo,
        "lock": read_lock,
        "unlock": read_unlock,
        "pause": read_pause,
        "resume": read_resume,
        "status": lambda text, command: Status(_name(text, command.end)),
        "list": lambda text, command: ListGroups(_name(text, command.end)),
        "history": lambda text, command: History(_name(text, command.end)),
        "whoami": _whoami,
        # Whatever follows: nobody who asks for help is refused it.
        "help": lambda text, command: Help(),
    }
)
