"""What lines after ``activate`` and ``slate`` mean, and what is wrong with others."""

import pytest

from failover.change import Activate, Change, Slate
from failover.grammar import Ask, Problem, parse, to_text
from failover.name_grammar import ID_LIMIT
from tests.failover.misreading import could_stand, misread

LONG = "x" * (ID_LIMIT + 1)


@pytest.mark.parametrize(
    ("text", "group", "change"),
    [
        ("activate g main", "g", Activate("main")),
        ("ACTIVATE  g \u3000 Main", "g", Activate("Main")),
        ('activate "NBA Finals" “studio 2”', "NBA Finals", Activate("studio 2")),
        ("activate flat on", "flat", Activate("on")),
        ('activate "activate" "now"', "activate", Activate("now")),
        ("activate slate -main,", "slate", Activate("-main,")),
        (f"activate g {LONG[:-1]}", "g", Activate(LONG[:-1])),
        ("slate g on", "g", Slate(True)),
        ("Slate “NBA Finals” OFF", "NBA Finals", Slate(False)),
        ('slate "on" on', "on", Slate(True)),
    ],
)
def test_lines_that_change_what_viewers_see(text: str, group: str, change: Change) -> None:
    assert parse(text) == Ask(group, change)


@pytest.mark.parametrize(
    ("text", "problem", "word", "suggestion"),
    [
        ("activate", Problem.MISSING_GROUP, "activate", None),
        ("activate now main", Problem.MISSING_GROUP, "now", 'activate "now" main'),
        ("activate because", Problem.MISSING_GROUP, "because", None),
        ("activate g", Problem.MISSING_SLICER, "g", None),
        ("activate g now", Problem.MISSING_SLICER, "now", 'activate g "now"'),
        ("activate g now now", Problem.MISSING_SLICER, "now", 'activate g "now" now'),
        ("activate g override=x", Problem.MISSING_SLICER, "override=x",
         'activate g "override=x"'),
        ("activate g because it froze", Problem.MISSING_SLICER, "because", None),
        ('activate g ""', Problem.EMPTY_ID, '""', None),
        (f"activate g {LONG}", Problem.ID_TOO_LONG, LONG, None),
        ('activate "" main', Problem.EMPTY_NAME, '""', None),
        ('activate "NBA main', Problem.UNCLOSED_QUOTE, '"', None),
        ("activate NBA Finals nba-a", Problem.UNQUOTED_NAME, "nba-a",
         'activate "NBA Finals" nba-a'),
        ("activate NBA All Star nba-a now because x", Problem.UNQUOTED_NAME, "Star",
         'activate "NBA All Star" nba-a now because x'),
        ("activate NBA Finals nba-a becuase x", Problem.UNQUOTED_NAME, "nba-a",
         'activate "NBA Finals" nba-a because x'),
        ("activate NBA Finals “nba a”", Problem.UNQUOTED_NAME, "“nba a”",
         'activate "NBA Finals" “nba a”'),
        ('activate "NBA" studio 2 now', Problem.UNQUOTED_NAME, "2",
         'activate "NBA" "studio 2" now'),
        ('activate "NBA" "studio" 2', Problem.UNKNOWN_WORD, "2", None),
        ("activate g main noww", Problem.UNKNOWN_WORD, "noww", "activate g main now"),
        ("activate g main becuase it's 'bout time", Problem.UNKNOWN_WORD, "becuase",
         "activate g main because it's 'bout time"),
        ("slate", Problem.MISSING_GROUP, "slate", None),
        ("slate on", Problem.MISSING_GROUP, "on", None),
        ("slate on sports-1 now", Problem.MISSING_GROUP, "on", "slate sports-1 on now"),
        ("slate on off", Problem.MISSING_GROUP, "on", 'slate "on" off'),
        ("slate g", Problem.MISSING_VALUE, "g", None),
        ("slate g now", Problem.MISSING_VALUE, "g", None),
        ("slate g maybe", Problem.UNKNOWN_VALUE, "maybe", None),
        ("slate g onn", Problem.UNKNOWN_VALUE, "onn", "slate g on"),
        ('slate g "off"', Problem.UNKNOWN_VALUE, '"off"', "slate g off"),
        ("slate NBA Finals off because x", Problem.UNQUOTED_NAME, "Finals",
         'slate "NBA Finals" off because x'),
        ("slate NBA One on", Problem.UNQUOTED_NAME, "One", 'slate "NBA One" on'),
        ("slate g on off", Problem.UNKNOWN_WORD, "off", None),
    ],
)  # fmt: skip
def test_lines_that_are_wrong(
    text: str, problem: Problem, word: str, suggestion: str | None
) -> None:
    misread(text, problem, word, suggestion)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("activate g", ("SLICER",)),
        ("activate g now", ("SLICER",)),
        ("activate g main x", ("now", "override", "because")),
        ("slate g", ("on", "off")),
        ("slate g x", ("on", "off")),
        ("slate", ("GROUP",)),
    ],
)
def test_an_error_says_what_could_stand_there(text: str, expected: tuple[str, ...]) -> None:
    assert could_stand(text) == expected


def test_turning_failback_off_first_has_no_line() -> None:
    with pytest.raises(ValueError, match="no line"):
        to_text(Ask("g", Activate("main", failback_off=True)))
