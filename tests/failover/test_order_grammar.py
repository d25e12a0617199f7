"""What lines after ``order`` mean, and what is wrong with others."""

import pytest

from failover.change import Order
from failover.grammar import Ask, Problem, parse, to_text
from failover.list_grammar import ITEMS_LIMIT
from tests.failover.misreading import could_stand, misread

MANY = [f"s{number}" for number in range(ITEMS_LIMIT + 1)]


def ranked(*slicers: str) -> Order:
    """Slicers with a minus are not eligible; their IDs have none."""
    return Order(tuple((one.removeprefix("-"), not one.startswith("-")) for one in slicers))


@pytest.mark.parametrize(
    ("text", "group", "change"),
    [
        ("order g a", "g", ranked("a")),
        ("order g A, B, -C", "g", ranked("A", "B", "-C")),
        ("ORDER g a,b,-c", "g", ranked("a", "b", "-c")),
        ("order g a ,b , -c", "g", ranked("a", "b", "-c")),
        ("order g -a", "g", ranked("-a")),
        ('order "NBA Finals" "studio 2", -"studio, 1"', "NBA Finals",
         ranked("studio 2", "-studio, 1")),
        ("order g 'a','Women's', -‘c d’", "g", ranked("a", "Women's", "-c d")),
        ('order g "-a", b', "g", Order((("-a", True), ("b", True)))),
        ('order g -"-a", "now"', "g", Order((("-a", False), ("now", True)))),
        ("order g -now", "g", ranked("-now")),
        ("order g a, −b, –c, —d", "g", ranked("a", "-b", "-c", "-d")),
        ("order g a-b, c.1, <@U1|x, y>", "g", ranked("a-b", "c.1", "<@U1|x, y>")),
        ("order order on, flat", "order", ranked("on", "flat")),
        ("order g a, A", "g", ranked("a", "A")),
        (f"order g {', '.join(MANY[1:])}", "g", ranked(*MANY[1:])),
    ],
)  # fmt: skip
def test_lines_that_order_slicers(text: str, group: str, change: Order) -> None:
    assert parse(text) == Ask(group, change)


@pytest.mark.parametrize(
    ("text", "problem", "word", "suggestion"),
    [
        ("order", Problem.MISSING_GROUP, "order", None),
        ("order g", Problem.MISSING_SLICER, "g", None),
        ("order g now", Problem.MISSING_SLICER, "now", 'order g "now"'),
        ("order g because x", Problem.MISSING_SLICER, "because", None),
        ("order g a, now", Problem.MISSING_SLICER, "now", 'order g a, "now"'),
        ("order g a, now, b", Problem.MISSING_SLICER, "now", 'order g a, "now", b'),
        ("order g a, b, because we must", Problem.MISSING_SLICER, "because",
         "order g a, b because we must"),
        ("order g a, b,", Problem.MISSING_SLICER, ",", "order g a, b"),
        ("order g a,, b", Problem.EXTRA_COMMA, ",", "order g a, b"),
        ("order g, a, b", Problem.EXTRA_COMMA, ",", "order g a, b"),
        ("order g a, -", Problem.MISSING_SLICER, "-", "order g a"),
        ("order g a, - b", Problem.MISSING_SLICER, "-", "order g a, -b"),
        ("order g a, --b", Problem.MISSING_SLICER, "-", "order g a, -b"),
        ("order g a - b, c", Problem.MISSING_COMMA, "-", "order g a, -b, c"),
        ("order g a -b", Problem.MISSING_COMMA, "-b", "order g a, -b"),
        ("order g a b c now", Problem.MISSING_COMMA, "b", "order g a, b, c now"),
        ("order g a, b c, d e", Problem.MISSING_COMMA, "c", "order g a, b, c, d, e"),
        ('order g a, "b"c', Problem.MISSING_COMMA, "c", 'order g a, "b",c'),
        ('order "g" a b, c', Problem.MISSING_COMMA, "b", 'order "g" a, b, c'),
        ("order NBA Finals a, b, -c now", Problem.UNQUOTED_NAME, "a",
         'order "NBA Finals" a, b, -c now'),
        ("order NBA All Star -a, b", Problem.UNQUOTED_NAME, "Star",
         'order "NBA All Star" -a, b'),
        ("order g a, b, a", Problem.REPEATED_ID, "a", "order g a, b"),
        ("order g a, -a", Problem.REPEATED_ID, "-a", None),
        ('order g a, ""', Problem.EMPTY_ID, '""', None),
        ('order g a, -""', Problem.EMPTY_ID, '-""', None),
        (f"order g a, {'s' * 201}", Problem.ID_TOO_LONG, "s" * 201, None),
        (f"order g {','.join(MANY)}", Problem.TOO_MANY_IDS, "s50", None),
        ('order g a, "b', Problem.UNCLOSED_QUOTE, '"', None),
        ("order g a, b noww", Problem.UNKNOWN_WORD, "noww", "order g a, b now"),
        ("order g a, b becuase it's 'bout time", Problem.UNKNOWN_WORD, "becuase",
         "order g a, b because it's 'bout time"),
        ("order g a, b overflow, c", Problem.MISSING_COMMA, "overflow",
         "order g a, b, overflow, c"),
    ],
)  # fmt: skip
def test_lines_that_are_wrong(
    text: str, problem: Problem, word: str, suggestion: str | None
) -> None:
    misread(text, problem, word, suggestion)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("order g", ("SLICER",)),
        ("order g a,", ("SLICER",)),
        ("order g a,,b", ("SLICER",)),
        ("order g a, -", ("SLICER",)),
        ("order g a b", (",", "now", "override", "because")),
    ],
)
def test_an_error_says_what_could_stand_there(text: str, expected: tuple[str, ...]) -> None:
    assert could_stand(text) == expected


def test_no_slicer_has_no_line() -> None:
    with pytest.raises(ValueError, match="a slicer at least"):
        to_text(Ask("g", Order(())))
