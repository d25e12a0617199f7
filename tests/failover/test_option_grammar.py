"""What ends a change, whichever it is: ``[now] [override RULE] [because REASON]``."""

from dataclasses import replace

import pytest

from failover.grammar import Ask, GrammarError, Problem, Undo, parse
from failover.option_grammar import REASON_LIMIT
from failover.roles import Rule

LINES = [
    "set g flat",
    "activate g main",
    "slate g off",
    "order g a, -b",
    "channels g add c1, c2",
    "owners g remove u1",
    "undo",
    "undo g",
    'undo "NBA Finals"',
]


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize(
    ("options", "now", "override", "reason"),
    [
        ("now", True, None, None),
        ("NOW because Fire!", True, None, "Fire!"),
        ("override lock because x", False, Rule.LOCK, "x"),
        ("OVERRIDE=Freeze now because now because", True, Rule.FREEZE, "now because"),
        ('because a, b "c', False, None, 'a, b "c'),
        (f"because {'x' * REASON_LIMIT}", False, None, "x" * REASON_LIMIT),
    ],
)
def test_options_go_with_any_change(
    line: str, options: str, now: bool, override: Rule | None, reason: str | None
) -> None:
    plain = parse(line)
    assert isinstance(plain, Ask | Undo)
    expected = replace(plain, now=now, override=override, reason=reason)
    assert parse(f"{line} {options}") == expected


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize(
    ("options", "problem", "word", "suggested"),
    [
        ("now now", Problem.REPEATED_OPTION, "now", None),
        ("now maybe", Problem.UNKNOWN_WORD, "maybe", None),
        ("now becuase it's 'bout time", Problem.UNKNOWN_WORD, "becuase",
         "now because it's 'bout time"),
        ("override freez because x", Problem.UNKNOWN_RULE, "freez", "override freeze because x"),
        ("override", Problem.MISSING_VALUE, "override", None),
        ("override freeze", Problem.OVERRIDE_WITHOUT_REASON, "override freeze", None),
        ("because", Problem.EMPTY_REASON, "because", None),
        (f"because {'x' * REASON_LIMIT}yz", Problem.REASON_TOO_LONG, "yz", None),
    ],
)  # fmt: skip
def test_wrong_options_are_wrong_with_any_change(
    line: str, options: str, problem: Problem, word: str, suggested: str | None
) -> None:
    error = parse(f"{line} {options}")
    assert isinstance(error, GrammarError)
    assert (error.problem, error.word) == (problem, word)
    assert error.suggestion == (f"{line} {suggested}" if suggested else None)


@pytest.mark.parametrize("line", [line for line in LINES if not line.startswith("set")])
@pytest.mark.parametrize("option", ["flat", "failback", "mode=flat"])
def test_the_options_of_set_go_with_no_other_change(line: str, option: str) -> None:
    error = parse(f"{line} now {option}")
    assert isinstance(error, GrammarError)
    assert (error.problem, error.word) == (Problem.UNKNOWN_WORD, option)
    assert error.expected == ("now", "override", "because")
