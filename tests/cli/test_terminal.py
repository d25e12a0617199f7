"""The words on the command line, as one line for the grammar."""

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.terminal import typed
from failover.change import Configure
from failover.grammar import parse
from failover.intents import Ask


@pytest.mark.parametrize(
    ("shell", "line"),
    [
        ("set nba flat now", "set nba flat now"),
        ("'set \"NBA Finals\" flat now'", 'set "NBA Finals" flat now'),
        ('set "NBA Finals" flat now', 'set "NBA Finals" flat now'),
        ("set 'NBA Finals' flat because 'a b' c", 'set "NBA Finals" flat because a b c'),
        ("set nba flat because it is broken", "set nba flat because it is broken"),
        ("", ""),
        ("undo '' now", 'undo "" now'),
    ],
)
def test_what_the_shell_took_off_is_put_back(shell: str, line: str) -> None:
    assert typed(shlex.split(shell)) == line


WORD = st.text(alphabet="abcXYZ019-_.", min_size=1, max_size=12)


@given(st.lists(WORD, min_size=2, max_size=4), st.lists(WORD, min_size=1, max_size=5))
def test_a_name_with_blanks_and_a_reason_arrive_whole(name: list[str], why: list[str]) -> None:
    words = ["set", " ".join(name), "flat", "now", "because", *why]
    intent = parse(typed(words))
    assert isinstance(intent, Ask)
    assert (intent.group, intent.reason) == (" ".join(name), " ".join(why))
    assert isinstance(intent.change, Configure)
