"""A line cut into words: spaces of every kind, quotes of every keyboard, Slack's angle brackets.

In a list a comma ends a word as well.

Also how near two words are, for "did you mean". What Slack does to typed text is on its page
"implementing-slash-commands".
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from failover.intents import Problem

SPACES = (
    " \t\n\r\u00a0\u1680\u180e\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u200b\u2028\u2029\u202f\u205f\u2060\u3000\ufeff"
)
"""What parts words: Unicode's spaces, and the invisible ones that pasting brings along."""

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
"""What nobody types and not every store takes: control characters and halves of surrogate pairs."""

COMMAS = ",\uff0c\u3001\u060c"
"""What parts the items of a list: the commas of Latin, Chinese, Japanese and Arabic keyboards."""

CLOSERS: Mapping[str, str] = MappingProxyType(
    {
        '"': '"',
        "“": "”“",
        "”": "”",
        "„": "“”",
        "«": "»",
        "»": "«»",
        "'": "'",
        "‘": "’",
        "’": "’",
        "‚": "‘’",
    }
)
"""Each quotation mark that can open, and those that close it (German closes „ with “)."""

_APOSTROPHES = "'‘’"
_ESCAPABLE = frozenset(CLOSERS) | {"\\"}
_BARE = re.compile(rf"(?:<(?:[@#!]|[a-z][a-z0-9+.-]*:)[^<>]*>|[^{SPACES}])+")
_BARE_ITEM = re.compile(rf"(?:<(?:[@#!]|[a-z][a-z0-9+.-]*:)[^<>]*>|[^{SPACES}{COMMAS}])+")
_GAP = re.compile(rf"[{SPACES}]*")


class MisreadError(Exception):
    """Inside the grammar: reading stops here. ``grammar.parse`` turns it into a ``GrammarError``.

    ``tries``: lines that may have been meant, each with the problem to name if that line parses.
    """

    def __init__(
        self,
        problem: Problem,
        span: tuple[int, int],
        *,
        expected: tuple[str, ...] = (),
        meant: str | None = None,
        tries: tuple[tuple[Problem, str], ...] = (),
    ) -> None:
        """``span``: start and end, in characters."""
        super().__init__(problem)
        self.problem = problem
        self.span = span
        self.expected = expected
        self.meant = meant
        self.tries = tries


@dataclass(frozen=True, slots=True)
class Word:
    """A word and where it stands; ``text`` is without quotes and escapes."""

    text: str
    start: int
    end: int
    quoted: bool = False

    @property
    def key(self) -> str:
        """The word as keywords are compared; empty if quoted, for then it is never a keyword."""
        return "" if self.quoted else self.text.casefold()

    @property
    def span(self) -> tuple[int, int]:
        """Start and end."""
        return (self.start, self.end)


def word_at(text: str, at: int) -> Word | None:
    """The next word from position ``at`` on; None at the end.

    Raises ``MisreadError`` where a quotation mark is never closed.
    """
    start = skip(text, at)
    if start == len(text):
        return None
    if text[start] in CLOSERS:
        return _quoted(text, start, SPACES)
    bare = _BARE.match(text, start)
    end = bare.end() if bare else len(text)
    return Word(text[start:end], start, end)


def item_at(text: str, at: int) -> Word | None:
    """The next word of a list, which a comma ends too; None at the end or where a comma stands.

    Raises ``MisreadError`` where a quotation mark is never closed.
    """
    start = skip(text, at)
    if start < len(text) and text[start] in CLOSERS:
        return _quoted(text, start, SPACES + COMMAS)
    bare = _BARE_ITEM.match(text, start)
    return Word(bare[0], start, bare.end()) if bare else None


def comma_at(text: str, at: int) -> Word | None:
    """The comma that comes next, or None."""
    start = skip(text, at)
    found = start < len(text) and text[start] in COMMAS
    return Word(text[start], start, start + 1) if found else None


def words_from(text: str, at: int) -> list[Word]:
    """All words from position ``at`` on."""
    found: list[Word] = []
    while (word := word_at(text, at)) is not None:
        found.append(word)
        at = word.end
    return found


def quote(name: str) -> str:
    """The name in straight quotes, so that it reads back as one word."""
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def put(text: str, span: tuple[int, int], words: str) -> str:
    """The line with ``words`` in place of what stands there."""
    return f"{text[: span[0]]}{words}{text[span[1] :]}".strip(SPACES)


def near(word: str, candidates: Iterable[str], slips: int = 2) -> str | None:
    """The candidate within ``slips`` edits, at most one for words under five letters; or None."""
    measured = ((edits(word, candidate), candidate) for candidate in candidates)
    reached = [
        (distance, candidate)
        for distance, candidate in measured
        if distance <= min(slips, 2 if len(candidate) >= 5 else 1)
    ]
    return min(reached)[1] if reached else None


def resembles(word: str, candidates: tuple[str, ...]) -> str | None:
    """As ``near``, or else the first longer candidate that begins with the same four letters."""
    alike = (long for long in candidates if len(long) > 4 and long[:4] == word[:4])
    return near(word, candidates) or next(alike, None)


def edits(one: str, other: str) -> int:
    """Letters to add, drop, replace or swap with a neighbour to get from one word to the other.

    Beyond two the exact number is of no use: words whose lengths differ by more count as far.
    """
    if abs(len(one) - len(other)) > 2:
        return 3
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, left in enumerate(one, 1):
        before, last, row = row, before, [i]
        for j, right in enumerate(other, 1):
            cost = min(before[j] + 1, row[-1] + 1, before[j - 1] + (left != right))
            if last and j > 1 and left == other[j - 2] and one[i - 2] == right:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]


def skip(text: str, at: int) -> int:
    """Where the next word begins, or the end of the text."""
    gap = _GAP.match(text, at)
    return gap.end() if gap else at


def _quoted(text: str, start: int, ends: str) -> Word:
    closers = CLOSERS[text[start]]
    letters: list[str] = []
    at = start + 1
    while at < len(text):
        letter = text[at]
        if letter == "\\" and at + 1 < len(text) and text[at + 1] in _ESCAPABLE:
            letters.append(text[at + 1])
            at += 2
            continue
        if letter in closers and not _is_apostrophe(text, at, ends):
            return Word("".join(letters), start, at + 1, quoted=True)
        letters.append(letter)
        at += 1
    raise MisreadError(Problem.UNCLOSED_QUOTE, (start, start + 1))


def _is_apostrophe(text: str, at: int, ends: str) -> bool:
    """Whether a single quote stands inside a word, as in ‘Women’s Final’."""
    return text[at] in _APOSTROPHES and at + 1 < len(text) and text[at + 1] not in ends
