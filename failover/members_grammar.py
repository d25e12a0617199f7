"""``channels GROUP add|remove ID, ID, …`` and ``owners GROUP …``, read and written."""

from failover.change import Channels, Owners
from failover.intents import Ask, Problem
from failover.list_grammar import Kind, read_list
from failover.name_grammar import read_group, read_keyword, typed
from failover.option_grammar import OPTIONS, Choices, read_ending
from failover.words import Word

_VERBS = Choices(Problem.ADD_OR_REMOVE, ("add", "remove"))
_IDS = Kind("ID", Problem.MISSING_ID, verbs=_VERBS.words)


def read_channels(text: str, command: Word) -> Ask:
    """The change that stands after the word ``channels``. Raises ``MisreadError``."""
    return _read(text, command, Channels)


def read_owners(text: str, command: Word) -> Ask:
    """The change that stands after the word ``owners``. Raises ``MisreadError``."""
    return _read(text, command, Owners)


def members_text(change: Channels | Owners) -> str:
    """What stands between the group and the options.

    Raises ``ValueError`` for a change that adds and removes, or neither: no line does.
    """
    if bool(change.add) == bool(change.remove):
        raise ValueError("a line either adds or removes")
    verb = "add" if change.add else "remove"
    return f"{verb} {', '.join(typed(one) for one in change.add or change.remove)}"


def _read(text: str, command: Word, kind: type[Channels] | type[Owners]) -> Ask:
    group = read_group(text, command, OPTIONS, _VERBS.words)
    verb = read_keyword(text, group, _VERBS, Problem.ADD_OR_REMOVE)
    items = read_list(text, verb, _IDS)
    ids = tuple(item.word.text for item in items)
    change = kind(add=ids) if verb.text == "add" else kind(remove=ids)
    return read_ending(text, items[-1].word.end).asked(group.text, change)
