"""How names and IDs are typed so that they mean nothing else."""

import pytest

from failover.name_grammar import KEYWORDS, typed
from failover.option_grammar import OPTIONS
from failover.set_grammar import SET_OPTIONS


@pytest.mark.parametrize("name", ["sports-1", "a.b_c", "sports-*", "0f3c", "set", "nowhere"])
def test_a_plain_name_is_typed_as_it_is(name: str) -> None:
    assert typed(name) == name


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("NBA Finals", '"NBA Finals"'),
        ('the "A" team', '"the \\"A\\" team"'),
        ("-main", '"-main"'),
        ("a,b", '"a,b"'),
        ("é", '"é"'),
        ("NOW", '"NOW"'),
        ("mode=flat", '"mode=flat"'),
        ("on", '"on"'),
    ],
)
def test_any_other_name_goes_in_quotes(name: str, text: str) -> None:
    assert typed(name) == text


def test_every_option_is_a_keyword() -> None:
    assert {*OPTIONS.words, *SET_OPTIONS.words} <= KEYWORDS
