"""Cutting a line into words, quoting, and how near two words are."""

import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from failover.intents import Problem
from failover.words import (
    CONTROL,
    SPACES,
    MisreadError,
    Word,
    comma_at,
    edits,
    item_at,
    near,
    put,
    quote,
    resembles,
    word_at,
    words_from,
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        (" \t\n ", []),
        ("a  b\tc\r\nd", ["a", "b", "c", "d"]),
        ("a\u3000b\u00a0c\u200bd\ufeff", ["a", "b", "c", "d"]),
        ('"NBA Finals" x', ["NBA Finals", "x"]),
        ("“NBA Finals” x", ["NBA Finals", "x"]),
        ("”NBA Finals” x", ["NBA Finals", "x"]),
        ("„NBA Finals“ x", ["NBA Finals", "x"]),
        ("„NBA Finals” x", ["NBA Finals", "x"]),
        ("«NBA Finals» x", ["NBA Finals", "x"]),
        ("»NBA Finals« x", ["NBA Finals", "x"]),
        ("‘NBA Finals’ x", ["NBA Finals", "x"]),
        ("'NBA Finals' x", ["NBA Finals", "x"]),
        ("‘Women’s Final’ x", ["Women’s Final", "x"]),
        ("Women's 5\"er", ["Women's", '5"er']),
        (r'"say \"hi\" \\ \n"', [r'say "hi" \ \n']),
        ('""', [""]),
        ("<@U1|The Boss> x", ["<@U1|The Boss>", "x"]),
        ("<#C1|> <https://a.tv/x y|a tv>!", ["<#C1|>", "<https://a.tv/x y|a tv>!"]),
        ("a < b > c", ["a", "<", "b", ">", "c"]),
        ("<@U1 <@U2 c>", ["<@U1", "<@U2 c>"]),
    ],
)
def test_a_line_is_cut_into_words(text: str, found: list[str]) -> None:
    assert [word.text for word in words_from(text, 0)] == found


def test_a_word_knows_where_it_stands() -> None:
    assert word_at('ab  "c d" e', 2) == Word("c d", 4, 9, quoted=True)
    assert word_at("ab  C", 2) == Word("C", 4, 5)


def test_a_quoted_word_is_no_keyword() -> None:
    assert [word.key for word in words_from('NOW "now"', 0)] == ["now", ""]


@pytest.mark.parametrize("text", ['x "a b', "x “a b", "x 'til", r'x "a\"', 'x "', 'x "\\'])
def test_an_open_quote_is_an_error_at_the_quote(text: str) -> None:
    with pytest.raises(MisreadError) as caught:
        words_from(text, 0)
    assert (caught.value.problem, caught.value.span) == (Problem.UNCLOSED_QUOTE, (2, 3))


def test_every_unicode_space_parts_words_or_is_refused_as_control() -> None:
    spaces = [chr(code) for code in range(sys.maxunicode + 1) if chr(code).isspace()]
    assert [space for space in spaces if space not in SPACES and not CONTROL.match(space)] == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("a,b , c", ["a", ",", "b", ",", "c"]),
        ("a，b、c،d", ["a", "，", "b", "、", "c", "،", "d"]),
        ("'a','b c', 'Women's'", ["a", ",", "b c", ",", "Women's"]),
        ('"a, b"c', ["a, b", "c"]),
        ("<@U1|x, y>,-z", ["<@U1|x, y>", ",", "-z"]),
        (",,", [",", ","]),
    ],
)
def test_a_list_is_cut_at_commas_too(text: str, found: list[str]) -> None:
    words: list[Word] = []
    while (word := item_at(text, words[-1].end if words else 0)) or (
        word := comma_at(text, words[-1].end if words else 0)
    ):
        words.append(word)
    assert [word.text for word in words] == found


def test_putting_words_into_a_line() -> None:
    assert put("set  g flat ", (5, 6), '"g h"') == 'set  "g h" flat'
    assert put("a, b,", (4, 5), "") == "a, b"


@given(st.text())
@settings(deadline=None)
def test_a_quoted_text_reads_back_as_one_word(text: str) -> None:
    assert words_from(f"{quote(text)} x", 0)[0] == Word(text, 0, len(quote(text)), quoted=True)


def cut(text: str, start: int) -> list[Word] | MisreadError:
    try:
        return words_from(text, start)
    except MisreadError as error:
        return error


@given(st.text(alphabet="ab <>@\"'“”‘’\\|:\u3000#"), st.integers(0, 3))
@settings(deadline=None)
def test_words_stand_in_order_and_lose_nothing_but_spaces(text: str, start: int) -> None:
    words = cut(text, start)
    if isinstance(words, MisreadError):
        assert start <= words.span[0] < words.span[1] <= len(text)
        return
    edges = [min(start, len(text)), *(edge for word in words for edge in word.span), len(text)]
    assert edges == sorted(edges)
    gaps = [text[left:right] for left, right in zip(edges[::2], edges[1::2], strict=True)]
    assert "".join(gaps).strip(SPACES) == ""


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [
        ("list", "list", 0),
        ("lst", "list", 1),
        ("lsit", "list", 1),
        ("lost", "list", 1),
        ("lists", "list", 1),
        ("sttaus", "status", 1),
        ("stts", "status", 2),
        ("help", "list", 4),
        ("l", "list", 3),
        ("x" * 3_000, "list", 3),
        ("", "ab", 2),
    ],
)
def test_edits_counts_slips(one: str, other: str, distance: int) -> None:
    assert edits(one, other) == distance
    assert edits(other, one) == distance


def test_near_allows_one_slip_in_short_words_and_two_in_long_ones() -> None:
    words = ("set", "status")
    assert [near(typed, words) for typed in ("sett", "stts", "sttaus", "seven")] == [
        "set",
        "status",
        "status",
        None,
    ]
    assert near("stts", words, slips=1) is None


def test_resembles_also_takes_a_beginning_of_four_letters() -> None:
    words = ("mode", "prioritized")
    assert [resembles(typed, words) for typed in ("prio", "priority", "pri", "modern", "")] == [
        "prioritized",
        "prioritized",
        None,
        None,
        None,
    ]
