"""Messages as a terminal shows them."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocks import kit
from blocks.words import clock_time
from cli.plain import WIDTH, plain


def shown(*blocks: kit.Block) -> str:
    return plain(kit.message("one line", blocks))


def test_the_blocks_become_paragraphs_without_their_buttons() -> None:
    text = shown(
        kit.header("✅ NBA Finals: applied and verified"),
        kit.section(kit.mrkdwn("*flat → prioritized*")),
        kit.fields([("Who", kit.mrkdwn("<@U0ADMIN>")), ("Slicers", "• a\n• b")]),
        kit.divider(),
        kit.context("took 0.2 s", "change 1"),
        kit.actions(kit.button("Undo…", "undo", "1")),
    )
    assert text == (
        "✅ NBA FINALS: APPLIED AND VERIFIED\n\n"
        "flat → prioritized\n\n"
        "Who: @U0ADMIN\nSlicers: • a\n  • b\n\n"
        "took 0.2 s · change 1"
    )


@pytest.mark.parametrize(
    ("marked", "told"),
    [
        ("<@U0ADMIN> and <#C0AUDIT>", "@U0ADMIN and #C0AUDIT"),
        ("<!subteam^S0SPORTS>", "user group S0SPORTS"),
        ("1 &lt; 2 &amp;amp; so", "1 < 2 &amp; so"),
        ("a*b*c and 2 * 3 * 4", "a*b*c and 2 * 3 * 4"),
    ],
)
def test_slacks_marks_are_spelled_out(marked: str, told: str) -> None:
    assert shown(kit.section(kit.mrkdwn(marked))) == told


def test_a_moment_is_told_in_utc() -> None:
    moment = datetime(2026, 11, 23, 21, 4, 10, tzinfo=UTC)
    assert shown(kit.section(clock_time(moment, "Read at ", "."))) == "Read at 21:04:10 UTC."


@given(st.text(alphabet="<@!#^|>*&;abc U0", max_size=60))
def test_foreign_text_is_shown_letter_for_letter(text: str) -> None:
    kept = kit.neutral(text)
    words = shown(kit.section(kept)).split()
    assert words == kept.split()


@given(st.lists(st.text(alphabet="abc", min_size=1, max_size=30), max_size=40))
def test_no_line_is_wider_than_the_terminal(words: list[str]) -> None:
    assert all(len(line) <= WIDTH for line in shown(kit.section(" ".join(words))).split("\n"))
