"""``ID, ID, …``: a comma between, blanks free, quotes around what is not plain.

In a list of slicers a leading ``-``, before the quotes, says that one is not to be eligible.
"""

from collections.abc import Callable
from dataclasses import dataclass

from failover.intents import Problem
from failover.name_grammar import checked_id, missing_id
from failover.option_grammar import OPTIONS, Tries
from failover.words import COMMAS, SPACES, MisreadError, Word, comma_at, item_at, put, skip

ITEMS_LIMIT = 50
"""IDs in one line."""

# Phones and word processors put others in place of the plain one.
_MINUSES = "-\u2010\u2011\u2012\u2013\u2014\u2212"


@dataclass(frozen=True, slots=True)
class Kind:
    """A list of what: its name in the usage, and the problem if nothing stands there.

    ``signed``: a leading minus means something; ``verbs``: words that no list goes on with.
    """

    name: str
    missing: Problem
    signed: bool = False
    verbs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """An ID as it stands in the line, its minus included in the span of the word."""

    word: Word
    minus: bool = False

    @property
    def opens_option(self) -> bool:
        """Whether this is an option, which ends the list."""
        return not self.minus and OPTIONS.opens(self.word)

    @property
    def is_bare_minus(self) -> bool:
        """Whether nothing stands behind the minus."""
        return self.minus and not (self.word.text or self.word.quoted)


def read_list(
    text: str, before: Word, kind: Kind, names: Callable[[], Tries] = tuple
) -> tuple[Item, ...]:
    """The items behind the word ``before``, one at least. Raises ``MisreadError``.

    ``names``: the lines to try first where there is no comma behind the first item.
    """
    items = [_item(text, before, kind)]
    while (comma := comma_at(text, items[-1].word.end)) is not None:
        item = _item(text, comma, kind)
        _check(text, items, item)
        items.append(item)
    later = next_item(text, items[-1].word.end, kind)
    if later is not None and not later.opens_option:
        raise _no_comma(text, later, kind, names() if len(items) == 1 else ())
    return tuple(items)


def next_item(text: str, at: int, kind: Kind) -> Item | None:
    """The item that comes next; None at the end or where a comma stands.

    A minus by itself is an item without a text.
    """
    start = skip(text, at)
    if not (kind.signed and start < len(text) and text[start] in _MINUSES):
        word = item_at(text, at)
        return Item(word) if word else None
    behind = text[start + 1 : start + 2]
    if not behind or behind in SPACES + COMMAS + _MINUSES:
        return Item(Word("", start, start + 1), minus=True)
    word = item_at(text, start + 1)
    return Item(Word(word.text, start, word.end, word.quoted), minus=True) if word else None


def _item(text: str, before: Word, kind: Kind) -> Item:
    item = next_item(text, before.end, kind)
    if item is None:
        raise _nothing(text, before, kind)
    word = item.word
    if item.opens_option:
        raise _option(text, before, word, kind)
    if item.is_bare_minus:
        # A blank behind the minus, or a second one.
        joined = put(text, (word.start, skip(text, word.end)), _joint(text, word))
        tries = ((kind.missing, joined),)
        raise MisreadError(kind.missing, word.span, expected=(kind.name,), tries=tries)
    checked_id(word)
    return item


def _joint(text: str, minus: Word) -> str:
    """What should stand for a minus by itself: nothing, if another one follows."""
    at = skip(text, minus.end)
    return "" if text[at : at + 1] in _MINUSES else text[minus.start : minus.end]


def _nothing(text: str, before: Word, kind: Kind) -> MisreadError:
    """The error for the end of the line, or a comma, where an item should stand."""
    extra = comma_at(text, before.end)
    if extra is not None:
        problem, span = Problem.EXTRA_COMMA, extra.span
    else:
        problem, span = kind.missing, before.span
    too_many = text[span[0]] in COMMAS
    tries = ((problem, put(text, span, "")),) if too_many else ()
    return MisreadError(problem, span, expected=(kind.name,), tries=tries)


def _option(text: str, before: Word, word: Word, kind: Kind) -> MisreadError:
    """The error for an option where an item should stand: behind a comma that is one too many?"""
    error = missing_id(text, kind.missing, word, kind.name)
    if text[before.start] not in COMMAS:
        return error
    tries = (*error.tries, (kind.missing, put(text, before.span, "")))
    return MisreadError(kind.missing, word.span, expected=(kind.name,), tries=tries)


def _check(text: str, items: list[Item], item: Item) -> None:
    """What is wrong with an item because of those before it. Raises ``MisreadError``."""
    if len(items) == ITEMS_LIMIT:
        raise MisreadError(Problem.TOO_MANY_IDS, item.word.span)
    for other in items:
        if other.word.text == item.word.text:
            without = put(text, (items[-1].word.end, item.word.end), "")
            # With a minus and without are at odds: only the person knows which was meant.
            tries = ((Problem.REPEATED_ID, without),) if other.minus == item.minus else ()
            raise MisreadError(Problem.REPEATED_ID, item.word.span, tries=tries)


def _no_comma(text: str, later: Item, kind: Kind, names: Tries) -> MisreadError:
    """The error for a word that follows an item: a slip of an option, or the next item."""
    word = later.word
    if word.key in kind.verbs:
        return MisreadError(Problem.UNEXPECTED_WORD, word.span, expected=(",", *OPTIONS.words))
    slip = OPTIONS.meant(word)
    tries = ((Problem.UNKNOWN_WORD, put(text, word.span, slip)),) if slip else ()
    commas = ((Problem.MISSING_COMMA, _with_commas(text, later, kind)),)
    return MisreadError(
        Problem.MISSING_COMMA,
        word.span,
        expected=(",", *OPTIONS.words),
        meant=slip,
        tries=tries + names + commas,
    )


def _with_commas(text: str, later: Item, kind: Kind) -> str:
    """The line with a comma before this item, and before any other up to the options."""
    gaps: list[int] = []
    item: Item | None = later
    parted = False
    while item is not None and not item.opens_option:
        slipped = OPTIONS.slipped(item.word)
        if not parted and (item is later or not slipped):
            gaps.append(len(text[: item.word.start].rstrip(SPACES)))
        comma = comma_at(text, item.word.end)
        parted = comma is not None or item.is_bare_minus
        # Behind a slip of `because` stands a reason, with apostrophes that open no quotation.
        at = comma.end if comma else item.word.end
        item = next_item(text, at, kind) if parted or not slipped else None
    for gap in reversed(gaps):
        text = f"{text[:gap]},{text[gap:]}"
    return text
