"""``lock``, ``unlock``, ``pause`` and ``resume``, read and written.

Nothing is sent for these, so there is nothing to preview: all are asked for at once, whether
``now`` stands there or not; of several groups, those that a pattern hits are shown first. An
override has no place among them: whoever may take a lock away just says ``unlock``.
"""

from types import MappingProxyType

from failover.duration_grammar import duration, duration_text, read_duration
from failover.intents import Ask, AskAll, Problem
from failover.measures import Lock, Pause, Resume, Unlock
from failover.name_grammar import read_group, typed, with_quoted_name
from failover.option_grammar import Found, OptionTable, Tries, read_options, unknown_word
from failover.sets import is_pattern
from failover.words import MisreadError, Word, put, skip, word_at

_NOW = MappingProxyType({"now": "now"})

ENDINGS = OptionTable(("because", "now"), _NOW, MappingProxyType({}))
"""What may end any of these lines."""

LOCK_OPTIONS = OptionTable(
    ("for", *ENDINGS.words),
    _NOW,
    MappingProxyType({}),
    MappingProxyType({"for": read_duration}),
)
"""The options of ``lock``."""

_ALL = frozenset({"all", "everything", "changes"})
"""What some may say of a pause, which is of everything anyway."""


def read_lock(text: str, command: Word) -> Ask:
    """The measure that stands after the word ``lock``. Raises ``MisreadError``."""
    group = read_group(text, command, LOCK_OPTIONS)
    found = _of_group(text, group, LOCK_OPTIONS)
    lasts = found.get("for")
    reason = _required(found, group)
    change = Lock(int(lasts.text) if lasts else None)
    return Ask(group.text, change, now=_at_once(group, found), reason=reason)


def read_unlock(text: str, command: Word) -> Ask:
    """The measure that stands after the word ``unlock``. Raises ``MisreadError``."""
    group = read_group(text, command, ENDINGS)
    found = _of_group(text, group, ENDINGS)
    return Ask(group.text, Unlock(), now=_at_once(group, found), reason=_reason(found))


def read_pause(text: str, command: Word) -> AskAll:
    """The measure that stands after the word ``pause``. Raises ``MisreadError``."""
    return AskAll(Pause(), _required(_of_all(text, command, "lock"), command))


def read_resume(text: str, command: Word) -> AskAll:
    """The measure that stands after the word ``resume``. Raises ``MisreadError``."""
    return AskAll(Resume(), _reason(_of_all(text, command, "unlock")))


def measure_text(intent: Ask) -> str:
    """The line that ``read_lock`` or ``read_unlock`` reads back.

    Raises ``ValueError`` for what no line asks for: a preview of one group, an override, a lock
    without reason.
    """
    many = is_pattern(intent.group)
    if not (intent.now or many) or intent.override is not None:
        raise ValueError("a measure has neither a preview nor an override")
    now = " now" if many and intent.now else ""
    group, because = typed(intent.group), f"{now}{_because(intent.reason)}"
    match intent.change:
        case Lock(seconds) if intent.reason:
            lasts = "" if seconds is None else f" for {duration_text(seconds)}"
            return f"lock {group}{lasts}{because}"
        case Unlock():
            return f"unlock {group}{because}"
        case _:
            raise ValueError("no line asks for this of one group")


def for_all_text(intent: AskAll) -> str:
    """The line that ``read_pause`` or ``read_resume`` reads back.

    Raises ``ValueError`` for a pause without a reason.
    """
    if isinstance(intent.change, Resume):
        return f"resume{_because(intent.reason)}"
    if intent.reason is None:
        raise ValueError("a pause needs a reason")
    return f"pause{_because(intent.reason)}"


def _at_once(group: Word, found: Found) -> bool:
    return "now" in found or not is_pattern(group.text)


def _of_group(text: str, group: Word, table: OptionTable) -> Found:
    return read_options(text, group.end, table, lambda word: _unknown(text, word, group, table))


def _of_all(text: str, command: Word, of_one: str) -> Found:
    return read_options(
        text, command.end, ENDINGS, lambda word: _unknown_of_all(text, word, command, of_one)
    )


def _unknown(text: str, word: Word, group: Word, table: OptionTable) -> MisreadError:
    """A word that is no option: misspelt, a duration by itself, or part of the group's name."""
    if _overrides(word):
        return _no_override(word, table)
    names: Tries = ()
    if "for" in table.words and duration(word.key):
        names = ((Problem.UNKNOWN_WORD, put(text, word.span, f"for {word.text}")),)
    elif not group.quoted and word_at(text, group.end) == word and not table.slipped(word):
        names = ((Problem.UNQUOTED_NAME, with_quoted_name(text, group, table)),)
    later = word_at(text, word.end)
    misspelt = later is not None and duration(later.key)
    return unknown_word(text, word, table, names, likelier=not misspelt)


def _unknown_of_all(text: str, word: Word, command: Word, of_one: str) -> MisreadError:
    """A word that is no option: misspelt, superfluous, or a group, of which there is no pause."""
    if _overrides(word):
        return _no_override(word, ENDINGS)
    tries: Tries = ()
    if word.key in _ALL:
        span = (word.start, skip(text, word.end))
        tries = ((Problem.UNEXPECTED_WORD, put(text, span, "")),)
    elif word_at(text, command.end) == word:
        tries = ((Problem.UNEXPECTED_WORD, put(text, command.span, of_one)),)
    return unknown_word(text, word, ENDINGS, tries)


def _overrides(word: Word) -> bool:
    return word.key.partition("=")[0] == "override"


def _no_override(word: Word, table: OptionTable) -> MisreadError:
    return MisreadError(Problem.NO_OVERRIDE, word.span, expected=table.words)


def _required(found: Found, otherwise: Word) -> str:
    """The reason. Raises ``MisreadError`` where there is none, after what stands last."""
    reason = _reason(found)
    if reason is None:
        last = max((word for word in found.values()), key=lambda one: one.end, default=otherwise)
        raise MisreadError(Problem.MISSING_REASON, last.span, expected=("because REASON",))
    return reason


def _reason(found: Found) -> str | None:
    return found["because"].text if "because" in found else None


def _because(reason: str | None) -> str:
    return "" if reason is None else f" because {reason}"
