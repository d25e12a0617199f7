"""Foreign text made harmless, and Slack's limits kept by every part."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocks import kit
from sandbox.slack import limits as slack_limits
from tests.blocks.samples import HOSTILE

anything = st.text(max_size=400) | st.sampled_from(HOSTILE)


@given(anything, st.integers(1, 3000))
def test_neutral_text_is_visible_and_on_one_line(text: str, limit: int) -> None:
    made = kit.neutral(text, limit)
    assert 1 <= len(made) <= max(limit, 1)
    assert made.isprintable() or "\u200d" in made or made.replace("\u00a0", " ").strip()
    assert not set(made) & set("\n\r\t\x00\u2028\u2029\u202e\u200b")
    assert kit.neutral(made, limit) == made


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("NBA Finals", "NBA Finals"),
        ("", "(empty)"),
        (" \u2003 ", "(empty)"),
        ("\u200d\u200d", "(empty)"),
        ("a\nb\tc", "a b c"),
        ("a\x00b", "a\ufffdb"),
        ("\u202eevil", "\ufffdevil"),
        ("a\u2028b", "a\ufffdb"),
        ("\ud800", "\ufffd"),
        ("x" * 200, "x" * 119 + "…"),
        ("\U0001f468\u200d\U0001f469", "\U0001f468\u200d\U0001f469"),
        ("Ünïcödé 日本", "Ünïcödé 日本"),
    ],
)
def test_neutral(text: str, shown: str) -> None:
    assert kit.neutral(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<!channel>", "&lt;!channel&gt;"),
        ("<@U1> @here", "&lt;＠U1&gt; ＠here"),
        ("*b* _i_ ~s~ `c`", "∗b∗ ＿i＿ ∼s∼ ˋcˋ"),
        ("snake_case_name", "snake_case_name"),
        ("a & b &amp;", "a &amp; b &amp;amp;"),
        ("<https://e|x>", "&lt;https://e|x&gt;"),
    ],
)
def test_line(text: str, shown: str) -> None:
    assert kit.line(text) == shown


@given(anything)
def test_a_line_holds_nothing_that_slack_would_bring_to_life(text: str) -> None:
    made = kit.line(text)
    assert not set(made) & set("<>@*~`\n")
    decoded = made.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert kit.escape(decoded) == made


@pytest.mark.parametrize(
    ("user", "shown"),
    [
        ("U0OPERATOR", "<@U0OPERATOR>"),
        ("W012", "<@W012>"),
        ("U0|<!channel>", "U0|&lt;!channel&gt;"),
        ("here", "here"),
        ("U0\n", "U0"),
        ("", "(empty)"),
    ],
)
def test_only_an_id_is_mentioned(user: str, shown: str) -> None:
    assert kit.mention(user) == shown


@given(anything)
def test_parts_keep_slacks_limits(text: str) -> None:
    foreign = kit.neutral(text, 3000)
    choice = kit.option(foreign, "v", foreign)
    radio = kit.input_block("b", foreign[:2000], kit.radio("r", [choice], "v"), dispatch=True)
    parts = [
        kit.header(foreign),
        kit.section(foreign),
        kit.fields([(foreign, foreign)] * 12),
        kit.fields([("Who", kit.mrkdwn(kit.mention("U1")))]),
        kit.context(*[foreign] * 12),
        kit.divider(),
        kit.actions(kit.button(foreign, "press", "v", "primary")),
        radio,
    ]
    view = kit.modal(foreign, parts, callback_id="c", metadata="m") | {"submit": kit.plain("Go")}
    assert slack_limits.view_problems(view) == []
    message = kit.message(foreign, [part for part in parts if part["type"] != "input"] * 9)
    assert slack_limits.message_problems(message["blocks"]) == []
    assert len(message["text"]) <= slack_limits.UPDATE_TEXT


def test_a_value_that_slack_would_refuse_is_a_fault_of_the_bot() -> None:
    with pytest.raises(ValueError, match="2001 characters"):
        kit.button("Press", "press", "v" * 2001)
    with pytest.raises(ValueError, match="151 characters"):
        kit.option("One", "v" * 151)


def test_a_choice_that_is_not_offered_starts_nothing_pressed() -> None:
    element = kit.radio("r", [kit.option("One", "1"), kit.option("Two", "2")], "3")
    assert "initial_option" not in element


def test_literal_text_is_never_parsed() -> None:
    assert kit.plain(":warning:") == {"type": "plain_text", "text": ":warning:", "emoji": False}
    assert kit.mrkdwn("x")["verbatim"] is True
