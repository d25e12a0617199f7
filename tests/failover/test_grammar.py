"""The whole of the command's grammar: what lines mean, what is wrong with others, and where."""

import pytest

from failover.grammar import (
    NAME_LIMIT,
    REASON_LIMIT,
    TEXT_LIMIT,
    GrammarError,
    Help,
    History,
    Intent,
    ListGroups,
    OpenForm,
    Problem,
    Status,
    Whoami,
    parse,
)
from failover.roles import Rule
from failover.set_grammar import SET_OPTIONS
from failover.words import CONTROL
from tests.failover.misreading import misread

OPTION_WORDS = SET_OPTIONS.words


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("", OpenForm()),
        (" \u3000\n", OpenForm()),
        ("sports-1", OpenForm("sports-1")),
        ("NBA Finals", OpenForm("NBA Finals")),
        ("  NBA \u00a0 Finals  ", OpenForm("NBA Finals")),
        ('"NBA  Finals"', OpenForm("NBA  Finals")),
        ('"set"', OpenForm("set")),
        ('"order"', OpenForm("order")),
        ('"hlep"', OpenForm("hlep")),
        ("<@U0123|Boss Feed>", OpenForm("<@U0123|Boss Feed>")),
        ("sets", OpenForm("sets")),
        ("Slater", OpenForm("Slater")),
        ("channel", OpenForm("channel")),
        ('"lock"', OpenForm("lock")),
        ("stars", OpenForm("stars")),
        ("sports-*", OpenForm("sports-*")),
        ("status", Status()),
        ("STATUS sports-1", Status("sports-1")),
        ("status NBA Finals", Status("NBA Finals")),
        ("status “NBA Finals”", Status("NBA Finals")),
        ("status set now", Status("set now")),
        ("list", ListGroups()),
        ("List NBA finals", ListGroups("NBA finals")),
        ('list "set"', ListGroups("set")),
        ("history", History()),
        ("History NBA Finals", History("NBA Finals")),
        ('history "undo now"', History("undo now")),
        ("whoami", Whoami()),
        ("WhoAmI ", Whoami()),
        ("help", Help()),
        ('help me with "this', Help()),
    ],
)
def test_lines_that_show_something(text: str, intent: Intent) -> None:
    assert parse(text) == intent


LONG = "n" * (NAME_LIMIT + 1)


@pytest.mark.parametrize(
    ("text", "problem", "word", "suggestion"),
    [
        ("x" * (TEXT_LIMIT + 1), Problem.TEXT_TOO_LONG, "x", None),
        ("set g\x00 flat", Problem.CONTROL_CHARACTER, "\x00", None),
        ("set g flat because \x1b[31m", Problem.CONTROL_CHARACTER, "\x1b", None),
        ("set g flat because \ud800", Problem.CONTROL_CHARACTER, "\ud800", None),
        ('"NBA Finals', Problem.UNCLOSED_QUOTE, '"', None),
        ("set “NBA Finals flat", Problem.UNCLOSED_QUOTE, "“", None),
        ("hlep", Problem.UNKNOWN_COMMAND, "hlep", "help"),
        ("Stauts NBA Finals", Problem.UNKNOWN_COMMAND, "Stauts", "status NBA Finals"),
        ("sett g flat", Problem.UNKNOWN_COMMAND, "sett", "set g flat"),
        ("sett NBA Finals flat", Problem.UNKNOWN_COMMAND, "sett", 'set "NBA Finals" flat'),
        ("sett g flat quickly", Problem.UNKNOWN_COMMAND, "sett", None),
        ('sett "g" x', Problem.UNKNOWN_COMMAND, "sett", None),
        ("Seth Meyers", Problem.UNKNOWN_COMMAND, "Seth", '"Seth Meyers"'),
        ("Channel  4", Problem.UNKNOWN_COMMAND, "Channel", '"Channel 4"'),
        ("channel g add c1", Problem.UNKNOWN_COMMAND, "channel", "channels g add c1"),
        ("activat g main", Problem.UNKNOWN_COMMAND, "activat", "activate g main"),
        ("lok g because x", Problem.UNKNOWN_COMMAND, "lok", "lock g because x"),
        ("puase because fire", Problem.UNKNOWN_COMMAND, "puase", "pause because fire"),
        ("resum", Problem.UNKNOWN_COMMAND, "resum", "resume"),
        ("Rock Final", Problem.UNKNOWN_COMMAND, "Rock", '"Rock Final"'),
        ("whoami please", Problem.UNEXPECTED_WORD, "please", "whoami"),
        ('status "a" b', Problem.UNEXPECTED_WORD, "b", None),
        ('"NBA Finals" flat', Problem.UNEXPECTED_WORD, "flat", 'set "NBA Finals" flat'),
        ("set", Problem.MISSING_GROUP, "set", None),
        ("set flat now", Problem.MISSING_GROUP, "flat", None),
        ("set Now flat", Problem.MISSING_GROUP, "Now", 'set "Now" flat'),
        ("set flat sports-1 now", Problem.MISSING_GROUP, "flat", "set sports-1 flat now"),
        ("set failback=off", Problem.MISSING_GROUP, "failback=off", None),
        ('""', Problem.EMPTY_NAME, '""', None),
        ('set " \u3000" flat', Problem.EMPTY_NAME, '" \u3000"', None),
        (LONG, Problem.NAME_TOO_LONG, LONG, None),
        (f"set {LONG} flat", Problem.NAME_TOO_LONG, LONG, None),
        (f"list a {LONG}", Problem.NAME_TOO_LONG, f"a {LONG}", None),
        (
            "set NBA Finals prioritized",
            Problem.UNQUOTED_NAME,
            "Finals",
            'set "NBA Finals" prioritized',
        ),
        (
            "set NBA All Star failback=off because it is time",
            Problem.UNQUOTED_NAME,
            "All",
            'set "NBA All Star" failback=off because it is time',
        ),
        ("set Sports New flat", Problem.UNQUOTED_NAME, "New", 'set "Sports New" flat'),
        ("set Sports Modern flat", Problem.UNQUOTED_NAME, "Modern", 'set "Sports Modern" flat'),
        ("set g flat quickly", Problem.UNKNOWN_WORD, "quickly", None),
        ("set g flat noww", Problem.UNKNOWN_WORD, "noww", "set g flat now"),
        ("set g flat becuase x", Problem.UNKNOWN_WORD, "becuase", "set g flat because x"),
        ('set "g" flat "now"', Problem.UNKNOWN_WORD, '"now"', None),
        ("set g priority", Problem.UNKNOWN_MODE, "priority", "set g prioritized"),
        ("set g prioritised now", Problem.UNKNOWN_MODE, "prioritised", "set g prioritized now"),
        (
            "set g priority becuase x",
            Problem.UNKNOWN_MODE,
            "priority",
            "set g prioritized because x",
        ),
        ("set g mode=falt", Problem.UNKNOWN_MODE, "falt", "set g mode=flat"),
        ("set g mode random", Problem.UNKNOWN_MODE, "random", None),
        ("set g failback maybe", Problem.UNKNOWN_VALUE, "maybe", None),
        ("set g failback=onn", Problem.UNKNOWN_VALUE, "onn", "set g failback=on"),
        ('set g failback "on"', Problem.UNKNOWN_VALUE, '"on"', "set g failback on"),
        (
            "set g flat override freez because x",
            Problem.UNKNOWN_RULE,
            "freez",
            "set g flat override freeze because x",
        ),
        ("set g flat override gravity because x", Problem.UNKNOWN_RULE, "gravity", None),
        ("set g failback", Problem.MISSING_VALUE, "failback", None),
        ("set g mode= now", Problem.MISSING_VALUE, "mode=", None),
        ("set g flat flat", Problem.REPEATED_OPTION, "flat", None),
        ("set g flat mode=prioritized", Problem.REPEATED_OPTION, "mode=prioritized", None),
        ("set g failback on failback off", Problem.REPEATED_OPTION, "failback off", None),
        ("set g flat now now", Problem.REPEATED_OPTION, "now", None),
        ("set g flat failback on", Problem.CONTRADICTION, "failback on", None),
        ("set g failback=on mode=flat", Problem.CONTRADICTION, "mode=flat", None),
        ("set sports-1", Problem.NOTHING_TO_CHANGE, "sports-1", None),
        ("set sports-1 now because x", Problem.NOTHING_TO_CHANGE, "sports-1", None),
        ("set g flat because", Problem.EMPTY_REASON, "because", None),
        ("set g flat because \u3000", Problem.EMPTY_REASON, "because", None),
        (
            f"set g flat because {'x' * REASON_LIMIT}yz",
            Problem.REASON_TOO_LONG,
            "yz",
            None,
        ),
        (
            "set g override freeze flat",
            Problem.OVERRIDE_WITHOUT_REASON,
            "override freeze",
            None,
        ),
    ],
)
def test_lines_that_are_wrong(
    text: str, problem: Problem, word: str, suggestion: str | None
) -> None:
    misread(text, problem, word, suggestion)


def test_the_position_counts_characters() -> None:
    error = parse("set 🏀é Finals flat")
    assert isinstance(error, GrammarError)
    assert (error.start, error.end) == (7, 13)


@pytest.mark.parametrize(
    ("text", "meant", "expected"),
    [
        ("hlep", "help", ("help",)),
        ("lock x", None, ("because REASON",)),
        ("set g priority", "prioritized", OPTION_WORDS),
        ("set Sports New flat", None, OPTION_WORDS),
        ("set g mode=x", None, ("flat", "prioritized")),
        ("set g failback", None, ("on", "off")),
        ("set g override freez", "freeze", tuple(Rule)),
        ("set g", None, ("flat", "prioritized", "failback on", "failback off")),
    ],
)
def test_an_error_says_what_could_stand_there(
    text: str, meant: str | None, expected: tuple[str, ...]
) -> None:
    error = parse(text)
    assert isinstance(error, GrammarError)
    assert (error.meant, error.expected) == (meant, expected)


def test_a_name_of_the_full_length_is_taken() -> None:
    assert parse("n" * NAME_LIMIT) == OpenForm("n" * NAME_LIMIT)


def test_control_characters_are_refused_wherever_they_stand() -> None:
    refused = [chr(code) for code in (*range(32), *range(127, 160)) if chr(code) not in "\t\n\r"]
    assert all(CONTROL.fullmatch(character) for character in refused)
    assert not any(CONTROL.match(character) for character in "\t\n\r aé🏀\u200d")
