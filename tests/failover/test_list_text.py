"""IDs in an input of the form: what parts them, and that a present order reads back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from failover.intents import Problem
from failover.list_grammar import Kind
from failover.list_text import TEXT_LIMIT, order_lines, read_items, repeated
from failover.model import Slicer
from failover.words import MisreadError
from tests.builders import group, slicers

SIGNED = Kind("SLICER", Problem.MISSING_SLICER, signed=True)
IDS = Kind("ID", Problem.MISSING_ID)


def read(text: str, kind: Kind = SIGNED) -> list[str]:
    """The items, with a minus before those that had one."""
    return [("-" if item.minus else "") + item.word.text for item in read_items(text, kind)]


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("", []),
        (" \n , ", []),
        ("a", ["a"]),
        ("a, b,c", ["a", "b", "c"]),
        ("a\nb\r\nc", ["a", "b", "c"]),
        ("a,\n\n b ,, c,", ["a", "b", "c"]),
        ("a\u3001b\u2028c", ["a", "b", "c"]),
        ("-a\n\u2212b\nc", ["-a", "-b", "c"]),
        ('"a b"\n-"c, d"\n"-e"', ["a b", "-c, d", "-e"]),
        ("now, because\noverride", ["now", "because", "override"]),
        ("12<x>, \u00e4/b", ["12<x>", "\u00e4/b"]),
    ],
)
def test_what_stands_in_a_text(text: str, items: list[str]) -> None:
    assert read(text) == items


def test_a_minus_is_a_part_of_an_id_where_it_means_nothing() -> None:
    assert read("-a", IDS) == ["-a"]


@pytest.mark.parametrize(
    ("text", "problem", "word"),
    [
        ("a b", Problem.MISSING_COMMA, "a b"),
        ("x, a  b\nc", Problem.MISSING_COMMA, "a  b"),
        ('"a"b', Problem.MISSING_COMMA, '"a"b'),
        ("a -b", Problem.MISSING_COMMA, "a -b"),
        ("a\n- b", Problem.MISSING_SLICER, "-"),
        ("a, --b", Problem.MISSING_SLICER, "-"),
        ('a\n"b', Problem.UNCLOSED_QUOTE, '"'),
    ],
)
def test_what_is_wrong_and_where(text: str, problem: Problem, word: str) -> None:
    with pytest.raises(MisreadError) as caught:
        read(text)
    start, end = caught.value.span
    assert (caught.value.problem, text[start:end]) == (problem, word)


names = st.text(st.characters(exclude_categories=()), min_size=1, max_size=12)


@given(st.lists(st.tuples(names, st.booleans()), max_size=8, unique_by=lambda one: one[0]))
def test_the_present_order_reads_back(ranking: list[tuple[str, bool]]) -> None:
    held = tuple(Slicer(one, on, place) for place, (one, on) in enumerate(ranking, 1))
    items = read_items(order_lines(group(slicers=held)), SIGNED)
    assert [(item.word.text, not item.minus) for item in items] == ranking


def test_an_order_too_long_for_the_input_is_cut_between_two_slicers() -> None:
    text = order_lines(group(slicers=slicers(*(f"{n:0100d}" for n in range(40)))))
    assert len(text) <= TEXT_LIMIT
    assert read(text) == [f"{n:0100d}" for n in range(29)]


def test_what_is_named_more_than_once() -> None:
    assert repeated(["a", "b", "a", "c", "c", "a"]) == ("a", "c")
    assert repeated(["a", "b"]) == ()
