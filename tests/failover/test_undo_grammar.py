"""What lines after ``undo`` mean, and what is wrong with others."""

import pytest

from failover.grammar import Problem, Undo, parse
from failover.roles import Rule
from tests.failover.misreading import misread


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("undo", Undo()),
        ("UNDO sports-1", Undo("sports-1")),
        ("undo NBA  Finals", Undo("NBA Finals")),
        ("undo NBA Finals now", Undo("NBA Finals", now=True)),
        ("undo “NBA Finals” because wrong group", Undo("NBA Finals", reason="wrong group")),
        ("undo now", Undo(now=True)),
        ('undo "now"', Undo("now")),
        ("undo override=freeze because x", Undo(override=Rule.FREEZE, reason="x")),
        ("undo because now", Undo(reason="now")),
        ("undo flat", Undo("flat")),
        ("undo undo", Undo("undo")),
        ("undo Overtime Live", Undo("Overtime Live")),
        ("undo New Cause", Undo("New Cause")),
    ],
)
def test_lines_that_take_back(text: str, intent: Undo) -> None:
    assert parse(text) == intent


@pytest.mark.parametrize(
    ("text", "problem", "word", "suggestion"),
    [
        ('undo ""', Problem.EMPTY_NAME, '""', None),
        (f"undo {'n' * 201}", Problem.NAME_TOO_LONG, "n" * 201, None),
        ('undo NBA "Finals"', Problem.UNEXPECTED_WORD, '"Finals"', None),
        ('undo "NBA" Finals', Problem.UNKNOWN_WORD, "Finals", None),
        ('undo "NBA" noww', Problem.UNKNOWN_WORD, "noww", 'undo "NBA" now'),
        ("undo g becuase it's 'bout time", Problem.UNKNOWN_WORD, "becuase",
         "undo g because it's 'bout time"),
        ("undo becuase x", Problem.UNKNOWN_WORD, "becuase", "undo because x"),
        ("undo g overide freeze because x", Problem.UNKNOWN_WORD, "overide",
         "undo g override freeze because x"),
        ("undo g now flat", Problem.UNKNOWN_WORD, "flat", None),
    ],
)  # fmt: skip
def test_lines_that_are_wrong(
    text: str, problem: Problem, word: str, suggestion: str | None
) -> None:
    misread(text, problem, word, suggestion)
