"""How long a lock lasts, as people type it."""

import pytest

from failover.duration_grammar import LONGEST, SHORTEST, duration, duration_text
from failover.grammar import Ask, GrammarError, Problem, parse
from failover.measures import Lock

MINUTE, HOUR, DAY = 60, 3_600, 86_400


@pytest.mark.parametrize(
    ("typed", "seconds"),
    [
        ("1m", MINUTE),
        ("30m", 30 * MINUTE),
        ("90m", 90 * MINUTE),
        ("2h", 2 * HOUR),
        ("2H", 2 * HOUR),
        ("1d", DAY),
        ("30d", LONGEST),
        ("1h30m", 90 * MINUTE),
        ("1d2h3m", DAY + 2 * HOUR + 3 * MINUTE),
        ("1h 30m", 90 * MINUTE),
        ("1 hour 30 min", 90 * MINUTE),
        ("2 hours", 2 * HOUR),
        ("1 day", DAY),
        ("3 Days 1 hr", 3 * DAY + HOUR),
        ("45 \u00a0 minutes", 45 * MINUTE),
        ("05m", 5 * MINUTE),
    ],
)
@pytest.mark.parametrize("blank", [" ", "  "])
def test_durations(typed: str, seconds: int, blank: str) -> None:
    assert parse(f"lock g for{blank}{typed} because x") == Ask(
        "g", Lock(seconds), now=True, reason="x"
    )


def test_an_equals_sign_does_as_well() -> None:
    assert parse("lock g for=1h30m because x") == Ask("g", Lock(5_400), now=True, reason="x")


@pytest.mark.parametrize(
    ("typed", "problem", "word", "suggested"),
    [
        ("90s", Problem.BAD_DURATION, "90s", None),
        ("2", Problem.BAD_DURATION, "2", None),
        ("h", Problem.BAD_DURATION, "h", None),
        ("2h30", Problem.BAD_DURATION, "2h30", None),
        ("30m2h", Problem.BAD_DURATION, "30m2h", None),
        ("1h 1h", Problem.BAD_DURATION, "1h 1h", None),
        ("1.5h", Problem.BAD_DURATION, "1.5h", None),
        ("-2h", Problem.BAD_DURATION, "-2h", None),
        ("2 weeks", Problem.BAD_DURATION, "2", None),
        ("the match", Problem.BAD_DURATION, "the", None),
        ("٢h", Problem.BAD_DURATION, "٢h", None),
        ('"2h"', Problem.BAD_DURATION, '"2h"', "2h"),
        ('"2 hours"', Problem.BAD_DURATION, '"2 hours"', None),
        ("0m", Problem.DURATION_OUT_OF_RANGE, "0m", None),
        ("0d0h", Problem.DURATION_OUT_OF_RANGE, "0d0h", None),
        ("30d1m", Problem.DURATION_OUT_OF_RANGE, "30d1m", None),
        ("31 days", Problem.DURATION_OUT_OF_RANGE, "31 days", None),
        ("9" * 200 + "d", Problem.DURATION_OUT_OF_RANGE, "9" * 200 + "d", None),
    ],
)
def test_what_is_no_duration_for_a_lock(
    typed: str, problem: Problem, word: str, suggested: str | None
) -> None:
    error = parse(f"lock g for {typed} because x")
    assert isinstance(error, GrammarError)
    assert (error.problem, error.word) == (problem, word)
    line = None if suggested is None else f"lock g for {suggested} because x"
    assert error.suggestion == line
    assert error.expected == ("30m", "2h", "1d")


@pytest.mark.parametrize("line", ["lock g for", "lock g for because x", "lock g for= because x"])
def test_a_duration_that_is_missing(line: str) -> None:
    error = parse(line)
    assert isinstance(error, GrammarError)
    assert (error.problem, error.word) == (Problem.MISSING_VALUE, line.split(" ")[2])


@pytest.mark.parametrize(
    ("seconds", "written"),
    [(SHORTEST, "1m"), (90 * MINUTE, "1h30m"), (DAY, "1d"), (LONGEST, "30d"), (HOUR, "1h")],
)
def test_a_duration_written_down(seconds: int, written: str) -> None:
    assert duration_text(seconds) == written
    assert duration(written) == seconds


@pytest.mark.parametrize("seconds", [0, 59, 61, -60, LONGEST + 60])
def test_what_cannot_be_written_down(seconds: int) -> None:
    with pytest.raises(ValueError, match="no lock lasts"):
        duration_text(seconds)
