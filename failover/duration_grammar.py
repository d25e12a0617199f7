"""How long, as people type it: ``30m``, ``2h``, ``1d``, ``1h30m``, ``2 hours``."""

import re

from failover.intents import Problem
from failover.words import MisreadError, Word, put, word_at

SHORTEST = 60
"""Seconds that a lock lasts at least."""

LONGEST = 30 * 86_400
"""Seconds that it lasts at most."""

EXAMPLES = ("30m", "2h", "1d")

_UNITS = (
    (86_400, "d", "d|days?"),
    (3_600, "h", "h|hrs?|hours?"),
    (60, "m", "m|mins?|minutes?"),
)
_ANY_UNIT = "|".join(names for _, _, names in _UNITS)
# More digits than any duration has: such a number is too long, and not a word of another kind.
_WHOLE = re.compile("".join(f"(?:([0-9]{{1,200}})(?:{names}))?" for _, _, names in _UNITS))
_PIECE = re.compile(f"[0-9]+[a-z0-9]*|{_ANY_UNIT}")


def read_duration(text: str, option: Word) -> Word:
    """The duration that stands after ``for``: the whole option, its text the seconds.

    Raises ``MisreadError`` where none stands there, and where it is not between a minute and 30
    days.
    """
    inline, equals = option.text.partition("=")[2], "=" in option.text
    if equals:
        words = [Word(inline, option.end - len(inline), option.end)] if inline else []
    else:
        words = _pieces(text, option)
    if not words:
        raise MisreadError(Problem.MISSING_VALUE, option.span, expected=EXAMPLES)
    span = (words[0].start, words[-1].end)
    typed = "".join(word.text for word in words)
    seconds = duration(typed)
    if seconds is None or any(word.quoted for word in words):
        bare = ((Problem.BAD_DURATION, put(text, span, typed)),) if seconds else ()
        raise MisreadError(Problem.BAD_DURATION, span, expected=EXAMPLES, tries=bare)
    if not SHORTEST <= seconds <= LONGEST:
        raise MisreadError(Problem.DURATION_OUT_OF_RANGE, span, expected=EXAMPLES)
    return Word(str(seconds), option.start, words[-1].end)


def duration(typed: str) -> int | None:
    """The seconds that are meant, blanks left out; None where it is no duration."""
    found = _WHOLE.fullmatch(typed.casefold())
    if found is None or not typed:
        return None
    numbers = zip(found.groups(), _UNITS, strict=True)
    return sum(int(number or 0) * size for number, (size, _, _) in numbers)


def duration_text(seconds: int) -> str:
    """What reads back as so many seconds. Raises ``ValueError`` where no line says that."""
    if seconds % 60 or not SHORTEST <= seconds <= LONGEST:
        raise ValueError(f"no lock lasts {seconds} seconds")
    told = ""
    for size, letter, _ in _UNITS:
        count, seconds = divmod(seconds, size)
        told += f"{count}{letter}" if count else ""
    return told


def _pieces(text: str, option: Word) -> list[Word]:
    """The next word, whatever it is, and those that go on with a duration."""
    first = word_at(text, option.end)
    if first is None or first.key == "because":
        return []
    words, at = [first], first.end
    while (word := word_at(text, at)) is not None and _PIECE.fullmatch(word.key):
        words.append(word)
        at = word.end
    return words
