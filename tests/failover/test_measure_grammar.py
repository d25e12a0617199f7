"""What lines after ``lock``, ``unlock``, ``pause`` and ``resume`` mean, or what is wrong."""

import pytest

from failover.grammar import Ask, AskAll, Intent, Problem, parse, to_text
from failover.measure_grammar import ENDINGS, LOCK_OPTIONS
from failover.measures import Lock, Pause, Resume, Unlock
from failover.option_grammar import REASON_LIMIT
from failover.roles import Rule
from tests.failover.misreading import could_stand, misread


def lock(group: str, seconds: int | None, reason: str, *, now: bool = True) -> Ask:
    return Ask(group, Lock(seconds), now=now, reason=reason)


def unlock(group: str, reason: str | None = None, *, now: bool = True) -> Ask:
    return Ask(group, Unlock(), now=now, reason=reason)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("lock g because on air", lock("g", None, "on air")),
        ("LOCK “NBA Finals” FOR 2H BECAUSE On Air", lock("NBA Finals", 7_200, "On Air")),
        ("lock g now for 30m because x", lock("g", 1_800, "x")),
        ("lock g for 30m now because x", lock("g", 1_800, "x")),
        ("lock g because x for 2h", lock("g", None, "x for 2h")),
        ("lock g because because", lock("g", None, "because")),
        ('lock "for" for 1d because x', lock("for", 86_400, "x")),
        ('lock "because" because x', lock("because", None, "x")),
        ("lock lock because x", lock("lock", None, "x")),
        ("lock sports-* for 2h because x", lock("sports-*", 7_200, "x", now=False)),
        ("lock sports-* for 2h now because x", lock("sports-*", 7_200, "x")),
        ("lock sports-* now for 2h because now", lock("sports-*", 7_200, "now")),
        ("lock final-[12] because x", lock("final-[12]", None, "x", now=False)),
        ("unlock final-?", unlock("final-?", now=False)),
        ("unlock final-? now because off air", unlock("final-?", "off air")),
        ("unlock g", unlock("g")),
        ("Unlock “NBA Finals” because off air", unlock("NBA Finals", "off air")),
        ("unlock g now", unlock("g")),
        ('unlock "for"', unlock("for")),
        ("unlock for", unlock("for")),
        ("pause because fire", AskAll(Pause(), "fire")),
        ("PAUSE now because for 2h", AskAll(Pause(), "for 2h")),
        ("resume", AskAll(Resume())),
        ("Resume because all clear", AskAll(Resume(), "all clear")),
        ("resume now", AskAll(Resume())),
    ],
)
def test_lines_that_put_something_in_force_or_end_it(text: str, intent: Intent) -> None:
    assert parse(text) == intent
    assert parse(to_text(intent)) == intent


@pytest.mark.parametrize(
    ("text", "problem", "word", "suggestion"),
    [
        ("lock", Problem.MISSING_GROUP, "lock", None),
        ("lock because x", Problem.MISSING_GROUP, "because", None),
        ("lock for 2h because x", Problem.MISSING_GROUP, "for", 'lock "for" for 2h because x'),
        ("lock g", Problem.MISSING_REASON, "g", None),
        ("lock g for 2h", Problem.MISSING_REASON, "for 2h", None),
        ("lock g now", Problem.MISSING_REASON, "now", None),
        ("lock g because", Problem.EMPTY_REASON, "because", None),
        (f"lock g because {'x' * REASON_LIMIT}yz", Problem.REASON_TOO_LONG, "yz", None),
        ('lock "" because x', Problem.EMPTY_NAME, '""', None),
        ("lock NBA Finals for 2h because x", Problem.UNQUOTED_NAME, "Finals",
         'lock "NBA Finals" for 2h because x'),
        ("lock NBA Finals because it's 'bout time", Problem.UNQUOTED_NAME, "Finals",
         'lock "NBA Finals" because it\'s \'bout time'),
        ('lock "NBA Finals" live because x', Problem.UNKNOWN_WORD, "live", None),
        ("lock g becuase it's 'bout time", Problem.UNKNOWN_WORD, "becuase",
         "lock g because it's 'bout time"),
        ("lock g for 2h becuase it's 'bout time", Problem.UNKNOWN_WORD, "becuase",
         "lock g for 2h because it's 'bout time"),
        ("lock g fro 2h because x", Problem.UNKNOWN_WORD, "fro", "lock g for 2h because x"),
        ("lock g 2h because x", Problem.UNKNOWN_WORD, "2h", "lock g for 2h because x"),
        ("lock g for 2h please because x", Problem.UNKNOWN_WORD, "please", None),
        ("lock g for 1h for 2h because x", Problem.REPEATED_OPTION, "for 2h", None),
        ("lock g override lock because x", Problem.NO_OVERRIDE, "override", None),
        ("lock g override=lock because x", Problem.NO_OVERRIDE, "override=lock", None),
        ("unlock", Problem.MISSING_GROUP, "unlock", None),
        ("unlock because x", Problem.MISSING_GROUP, "because", None),
        ("unlock NBA Finals", Problem.UNQUOTED_NAME, "Finals", 'unlock "NBA Finals"'),
        ("unlock g because", Problem.EMPTY_REASON, "because", None),
        ("unlock g override lock because x", Problem.NO_OVERRIDE, "override", None),
        ("pause", Problem.MISSING_REASON, "pause", None),
        ("pause now", Problem.MISSING_REASON, "now", None),
        ("pause because", Problem.EMPTY_REASON, "because", None),
        ("pause becuase fire", Problem.UNKNOWN_WORD, "becuase", "pause because fire"),
        ("pause all because fire", Problem.UNEXPECTED_WORD, "all", "pause because fire"),
        ("pause everything", Problem.UNKNOWN_WORD, "everything", None),
        ("pause g because fire", Problem.UNEXPECTED_WORD, "g", "lock g because fire"),
        ("pause for 2h because fire", Problem.UNKNOWN_WORD, "for", None),
        ("pause override lock because x", Problem.NO_OVERRIDE, "override", None),
        ("resume g", Problem.UNEXPECTED_WORD, "g", "unlock g"),
        ("resume all", Problem.UNEXPECTED_WORD, "all", "resume"),
        ("resume now g", Problem.UNKNOWN_WORD, "g", None),
        ("resume because", Problem.EMPTY_REASON, "because", None),
    ],
)  # fmt: skip
def test_lines_that_are_wrong(
    text: str, problem: Problem, word: str, suggestion: str | None
) -> None:
    misread(text, problem, word, suggestion)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("lock g", ("because REASON",)),
        ("lock g x because y", LOCK_OPTIONS.words),
        ("lock g for because x", ("30m", "2h", "1d")),
        ("lock g override freeze because y", LOCK_OPTIONS.words),
        ("unlock g x", ENDINGS.words),
        ("pause", ("because REASON",)),
        ("resume x", ENDINGS.words),
    ],
)
def test_an_error_says_what_could_stand_there(text: str, expected: tuple[str, ...]) -> None:
    assert could_stand(text) == expected


@pytest.mark.parametrize(
    "intent",
    [
        Ask("g", Lock(), now=True),
        Ask("g", Lock(), reason="x"),
        Ask("g", Lock(90), now=True, reason="x"),
        Ask("g", Lock(31 * 86_400), now=True, reason="x"),
        Ask("g", Unlock(), now=True, override=Rule.LOCK, reason="x"),
        Ask("g", Pause(), now=True, reason="x"),
        AskAll(Pause()),
    ],
)
def test_what_no_line_asks_for(intent: Ask | AskAll) -> None:
    with pytest.raises(ValueError, match=r"measure|no lock|no line|needs a reason"):
        to_text(intent)
