"""IDs as they stand in an input of the form: a comma or a new line between, quotes as in a line.

Options mean nothing here, so every word is an ID.
"""

from collections.abc import Iterable

from failover.intents import Problem
from failover.list_grammar import Item, Kind, next_item
from failover.model import FailoverGroup
from failover.name_grammar import typed
from failover.words import COMMAS, MisreadError, comma_at

TEXT_LIMIT = 3_000
"""Characters in an input: Slack's own limit ("plain-text-input-element")."""

_BREAKS = "\n\r\u2028\u2029"


def read_items(text: str, kind: Kind) -> tuple[Item, ...]:
    """The items of a text, perhaps none. Raises ``MisreadError``.

    A comma more than needed does no harm: what the list means is shown before it is made.
    """
    items: list[Item] = []
    at = 0
    while True:
        while (comma := comma_at(text, at)) is not None:
            at = comma.end
        item = next_item(text, at, kind)
        if item is None:
            return tuple(items)
        _check(text, items, item, kind)
        items.append(item)
        at = item.word.end


def order_lines(group: FailoverGroup) -> str:
    """The slicers as they stand now, one a line, as ``read_items`` reads them.

    The last ones are left out where the text would be too long: unnamed they keep their place.
    """
    return ranking_lines((slicer.id, slicer.enabled) for slicer in group.by_priority)


def ids_lines(ids: Iterable[str]) -> str:
    """IDs, one a line, as ``read_items`` reads them; cut as a ranking is."""
    return ranking_lines((one, True) for one in ids)


def ranking_lines(ranking: Iterable[tuple[str, bool]]) -> str:
    """Slicers and whether they are to be eligible, one a line; those that fit into an input."""
    text = ""
    for slicer_id, eligible in ranking:
        line = f"{'' if eligible else '-'}{typed(slicer_id)}"
        longer = f"{text}\n{line}" if text else line
        if len(longer) > TEXT_LIMIT:
            break
        text = longer
    return text


def repeated(names: list[str]) -> tuple[str, ...]:
    """Those that are named more than once, each once."""
    return tuple(dict.fromkeys(one for one in names if names.count(one) > 1))


def _check(text: str, items: list[Item], item: Item, kind: Kind) -> None:
    if items:
        before = items[-1].word
        gap = text[before.end : item.word.start]
        if not any(sign in gap for sign in _BREAKS + COMMAS):
            raise MisreadError(Problem.MISSING_COMMA, (before.start, item.word.end))
    if item.is_bare_minus:
        raise MisreadError(kind.missing, item.word.span)
