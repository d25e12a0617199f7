"""What lines after ``channels`` and ``owners`` mean, and what is wrong with others."""

import pytest

from failover.change import Change, Channels, Owners
from failover.grammar import Ask, Problem, parse, to_text
from failover.list_grammar import ITEMS_LIMIT
from tests.failover.misreading import could_stand, misread

MANY = [f"c{number}" for number in range(ITEMS_LIMIT + 1)]


@pytest.mark.parametrize(
    ("text", "group", "change"),
    [
        ("channels g add c1", "g", Channels(add=("c1",))),
        ("Channels g REMOVE c1,c2 ,c3 , c4", "g", Channels(remove=("c1", "c2", "c3", "c4"))),
        ('channels "NBA Finals" add “a, b”,"now"', "NBA Finals", Channels(add=("a, b", "now"))),
        ("channels g add add, remove", "g", Channels(add=("add", "remove"))),
        ("channels g add -c1", "g", Channels(add=("-c1",))),
        ("owners g add u1， u2、u3", "g", Owners(add=("u1", "u2", "u3"))),
        ('owners "add" remove U1, u1', "add", Owners(remove=("U1", "u1"))),
        (f"channels g add {', '.join(MANY[1:])}", "g", Channels(add=tuple(MANY[1:]))),
    ],
)
def test_lines_that_add_and_remove(text: str, group: str, change: Change) -> None:
    assert parse(text) == Ask(group, change)


@pytest.mark.parametrize(
    ("text", "problem", "word", "suggestion"),
    [
        ("channels", Problem.MISSING_GROUP, "channels", None),
        ("channels add", Problem.MISSING_GROUP, "add", None),
        ("channels add g c1, c2", Problem.MISSING_GROUP, "add", "channels g add c1, c2"),
        ("channels g", Problem.ADD_OR_REMOVE, "g", None),
        ("owners g now", Problem.ADD_OR_REMOVE, "g", None),
        ("owners g u1, u2", Problem.ADD_OR_REMOVE, "u1,", None),
        ("owners g delete u1", Problem.ADD_OR_REMOVE, "delete", None),
        ("owners g remov u1", Problem.ADD_OR_REMOVE, "remov", "owners g remove u1"),
        ("channels g ad c1", Problem.ADD_OR_REMOVE, "ad", "channels g add c1"),
        ('channels g "add" c1', Problem.ADD_OR_REMOVE, '"add"', "channels g add c1"),
        ("channels NBA Ads add c1", Problem.UNQUOTED_NAME, "Ads", 'channels "NBA Ads" add c1'),
        ("channels g add", Problem.MISSING_ID, "add", None),
        ("channels g add now", Problem.MISSING_ID, "now", 'channels g add "now"'),
        ("channels g add because moved", Problem.MISSING_ID, "because", None),
        ("channels g add c1,", Problem.MISSING_ID, ",", "channels g add c1"),
        ("channels g add , c1", Problem.EXTRA_COMMA, ",", "channels g add  c1"),
        ("channels g add c1, c2 c3 now", Problem.MISSING_COMMA, "c3",
         "channels g add c1, c2, c3 now"),
        ("channels g add c1 c2 c3", Problem.MISSING_COMMA, "c2", "channels g add c1, c2, c3"),
        ("channels g add c1 remove c2", Problem.UNEXPECTED_WORD, "remove", None),
        ("channels g add c1, c2, c1", Problem.REPEATED_ID, "c1", "channels g add c1, c2"),
        ('owners g add u1, ""', Problem.EMPTY_ID, '""', None),
        (f"owners g add u1, {'u' * 201}", Problem.ID_TOO_LONG, "u" * 201, None),
        (f"channels g add {','.join(MANY)}", Problem.TOO_MANY_IDS, "c50", None),
        ("owners g add u1, u2 noww", Problem.UNKNOWN_WORD, "noww", "owners g add u1, u2 now"),
    ],
)  # fmt: skip
def test_lines_that_are_wrong(
    text: str, problem: Problem, word: str, suggestion: str | None
) -> None:
    misread(text, problem, word, suggestion)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("channels", ("GROUP",)),
        ("channels g", ("add", "remove")),
        ("channels g x", ("add", "remove")),
        ("channels g add", ("ID",)),
        ("channels g add c1,", ("ID",)),
        ("channels g add c1 c2", (",", "now", "override", "because")),
        ("channels g add c1 remove", (",", "now", "override", "because")),
    ],
)
def test_an_error_says_what_could_stand_there(text: str, expected: tuple[str, ...]) -> None:
    assert could_stand(text) == expected


@pytest.mark.parametrize("change", [Channels(), Channels(("a",), ("b",)), Owners(("a",), ("b",))])
def test_adding_and_removing_at_once_has_no_line(change: Channels | Owners) -> None:
    with pytest.raises(ValueError, match="either adds or removes"):
        to_text(Ask("g", change))
