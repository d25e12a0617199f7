"""``set GROUP [MODE] [failback on|off] [now] [override RULE] [because REASON]``, read and written.

The options stand in any order, ``mode=flat`` and ``failback=off`` included.
"""

from types import MappingProxyType

from failover.change import Configure
from failover.intents import Ask, Problem
from failover.model import Mode
from failover.name_grammar import read_group, with_quoted_name
from failover.option_grammar import (
    OPTIONS,
    OVERRIDE,
    Choices,
    Found,
    OptionTable,
    Tries,
    ending,
    read_options,
    unknown_word,
)
from failover.words import MisreadError, Word, word_at

_MODE_WORDS = tuple(mode.value for mode in Mode)
_CHANGES = (*_MODE_WORDS, "failback on", "failback off")

SET_OPTIONS = OptionTable(
    (*_MODE_WORDS, "failback", *OPTIONS.words, "mode"),
    MappingProxyType({**dict.fromkeys(_MODE_WORDS, "mode"), **OPTIONS.flags}),
    MappingProxyType(
        {
            "mode": Choices(Problem.UNKNOWN_MODE, _MODE_WORDS),
            "failback": Choices(Problem.UNKNOWN_VALUE, ("on", "off")),
            "override": OVERRIDE,
        }
    ),
)
"""The options of ``set``: what to change, and those that go with any change."""


def read_set(text: str, command: Word) -> Ask:
    """The change that stands after the word ``set``. Raises ``MisreadError``."""
    group = read_group(text, command, SET_OPTIONS, _MODE_WORDS)
    found = read_options(text, group.end, SET_OPTIONS, lambda word: _unknown(text, word, group))
    _check(group, found)
    mode, failback = found.get("mode"), found.get("failback")
    change = Configure(
        mode=Mode(mode.text) if mode else None,
        auto_failback=failback.text == "on" if failback else None,
    )
    return ending(found).asked(group.text, change)


def set_text(change: Configure) -> str:
    """What stands between the group and the options that go with any change.

    Raises ``ValueError`` where nothing is to be set.
    """
    if change == Configure():
        raise ValueError("a line sets the mode, auto failback or both")
    mode = change.mode or ""
    failback = {None: "", True: "failback on", False: "failback off"}[change.auto_failback]
    return f"{mode} {failback}".strip()


def _unknown(text: str, word: Word, group: Word) -> MisreadError:
    """A word that is no option: misspelt, or the second word of a name without quotes."""
    names: Tries = ()
    if not group.quoted and word_at(text, group.end) == word:
        names = ((Problem.UNQUOTED_NAME, with_quoted_name(text, group, SET_OPTIONS)),)
    return unknown_word(text, word, SET_OPTIONS, names, likelier=True)


def _check(group: Word, found: Found) -> None:
    """What each option allows by itself but not together. Raises ``MisreadError``."""
    mode, failback = found.get("mode"), found.get("failback")
    if mode is None and failback is None:
        raise MisreadError(Problem.NOTHING_TO_CHANGE, group.span, expected=_CHANGES)
    if mode and failback and (mode.text, failback.text) == (Mode.FLAT, "on"):
        raise MisreadError(Problem.CONTRADICTION, max(mode.span, failback.span))
