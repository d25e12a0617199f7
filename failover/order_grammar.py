"""``order GROUP SLICER, SLICER, …``, read and written; ``-SLICER`` is not to be eligible."""

from failover.change import Order
from failover.intents import Ask, Problem
from failover.list_grammar import Item, Kind, next_item, read_list
from failover.name_grammar import read_group, typed
from failover.option_grammar import OPTIONS, Tries, read_ending
from failover.words import COMMAS, MisreadError, Word, comma_at, put, quote

_SLICERS = Kind("SLICER", Problem.MISSING_SLICER, signed=True)


def read_order(text: str, command: Word) -> Ask:
    """The change that stands after the word ``order``. Raises ``MisreadError``."""
    group = read_group(text, command, OPTIONS)
    _refuse_comma(text, group)
    items = read_list(text, group, _SLICERS, lambda: _unquoted(text, group))
    ranking = tuple((item.word.text, not item.minus) for item in items)
    return read_ending(text, items[-1].word.end).asked(group.text, Order(ranking))


def order_text(change: Order) -> str:
    """What stands between the group and the options.

    Raises ``ValueError`` where no slicer is named.
    """
    if not change.ranking:
        raise ValueError("a line names a slicer at least")
    ranking = change.ranking
    return ", ".join(f"{'' if eligible else '-'}{typed(one)}" for one, eligible in ranking)


def _refuse_comma(text: str, group: Word) -> None:
    """A comma behind the group would be taken for a part of its name."""
    if not group.quoted and group.text[-1] in COMMAS:
        span = (group.end - 1, group.end)
        tries = ((Problem.EXTRA_COMMA, put(text, span, "")),)
        raise MisreadError(Problem.EXTRA_COMMA, span, expected=("SLICER",), tries=tries)


def _unquoted(text: str, group: Word) -> Tries:
    """The line with the group in quotes, up to the last word before the first comma."""
    words: list[Word] = [group]
    item: Item | None = None if group.quoted else next_item(text, group.end, _SLICERS)
    while item is not None and not item.opens_option:
        if comma_at(text, item.word.end):
            name = " ".join(text[word.start : word.end] for word in words)
            quoted = put(text, (group.start, words[-1].end), quote(name))
            return ((Problem.UNQUOTED_NAME, quoted),)
        if item.minus:
            break
        words.append(item.word)
        item = next_item(text, item.word.end, _SLICERS)
    return ()
