"""The page's own Slack client: it knows every block that the bot sends, and Slack's markup."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import blocks

from .conftest import Opens
from .drawn import Drawn, everything_drawn, types
from .screen import Screen

NAMES = {
    "people": {"U0OPERATOR": "Operator"},
    "channels": {"C0AUDIT": "failover-audit"},
    "usergroups": {"S0SPORTS": "sports-desk"},
    "bot": "U0BOT",
    "team": "Sandbox",
}
DRAW = """async ([list, on, names]) => {
  const { blocks } = await import('/blocks.js');
  const nodes = blocks(list, { names, on, values: {}, errors: {} });
  document.querySelector('#messages').replaceChildren(...nodes);
  return nodes.map((node) => ({
    type: node.querySelector('.unknown')?.dataset.type ?? node.closest('.unknown')?.dataset.type,
    text: node.textContent,
  }));
}"""
NOT_SHOWN = {"placeholder", "initial_option", "confirm", "accessibility_label"}


def draws(screen: Screen, list_of_blocks: list[Drawn], **on: Any) -> list[dict[str, str]]:
    """Draw blocks on the page: of each its text, and the type that is unknown, if one is."""
    on = on or {"message": ["C0AUDIT", "1.0"]}
    drawn: list[dict[str, str]] = screen.page.evaluate(DRAW, [list_of_blocks, on, NAMES])
    return drawn


def literal(node: object) -> Iterator[str]:
    """Every text that has to stand there word for word."""
    if isinstance(node, list):
        for item in node:
            yield from literal(item)
    elif isinstance(node, dict):
        if node.get("type") == "plain_text":
            yield node["text"]
        # What can be chosen in a menu stands in a list of its own, once that is open.
        hidden = NOT_SHOWN | ({"options"} if node.get("type") == "static_select" else set())
        for key, value in node.items():
            if key == "initial_options":
                # What is chosen stands there as a chip: its name alone.
                yield from literal([option["text"] for option in value])
            elif key not in hidden:
                yield from literal(value)


def bare(text: str) -> str:
    return "".join(text.split())


def written_types() -> set[str]:
    """Every type that the sources of ``blocks`` write into a dict."""
    found = set()
    for path in Path(str(blocks.__file__)).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Dict):
                pairs = zip(node.keys, node.values, strict=True)
                found |= {
                    value.value
                    for key, value in pairs
                    if isinstance(key, ast.Constant) and key.value == "type"
                    if isinstance(value, ast.Constant)
                }
    return found


def test_everything_that_the_bot_can_send_is_known(
    screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    messages, views = everything_drawn(monkeypatch)
    assert written_types() <= set(types(messages + views)), "not all that blocks can build"
    surfaces = [(one, {"message": ["C0AUDIT", "1.0"]}) for one in messages]
    surfaces += [(one, {"view": "V0VIEW"}) for one in views]
    for surface, on in surfaces:
        drawn = draws(screen, surface["blocks"], **on)
        assert [one["type"] for one in drawn if one.get("type")] == []
        for block, found in zip(surface["blocks"], drawn, strict=True):
            for text in literal(block):
                assert bare(text) in bare(found["text"])


STRANGE: list[tuple[Drawn, str]] = [
    ({"type": "video", "title": {"type": "plain_text", "text": "x"}}, "video"),
    ({"type": "actions", "elements": [{"type": "hologram", "action_id": "x"}]}, "hologram"),
    (
        {
            "type": "input",
            "block_id": "b",
            "label": {"type": "plain_text", "text": "Label"},
            "element": {"type": "file_input", "action_id": "x"},
        },
        "file_input",
    ),
    ({"type": "rich_text", "elements": [{"type": "rich_text_spiral"}]}, "rich_text_spiral"),
]


def test_what_is_unknown_is_shown_as_such(screen: Screen) -> None:
    for block, name in STRANGE:
        (drawn,) = draws(screen, [block])
        assert drawn["type"] == name
        assert f"does not know “{name}”" in drawn["text"]
    draws(screen, [])


LOUD, CODE = '<span class="mk-mention mk-broadcast"', '<code class="mk-code">'
MARKUP = [
    ("*bold* _italic_ ~gone~", "<strong>bold</strong> <em>italic</em> <s>gone</s>"),
    ("snake_case_word 2*3*4", "snake_case_word 2*3*4"),
    ("*_both_*", "<strong><em>both</em></strong>"),
    ("`a *b* <c`", f"{CODE}a *b* &lt;c</code>"),
    ("```\n*x*\n```", '<pre class="mk-pre"><code>*x*</code></pre>'),
    ("one\ntwo", "one<br>two"),
    ("> quoted", '<blockquote class="mk-quote">quoted</blockquote>'),
    ("&lt;!channel&gt; &amp;amp;", "&lt;!channel&gt; &amp;amp;"),
    ("<@U0OPERATOR>", '<span class="mk-mention mk-user" data-id="U0OPERATOR">@Operator</span>'),
    ("<@U0NOBODY>", '<span class="mk-mention mk-user" data-id="U0NOBODY">@U0NOBODY</span>'),
    (
        "<#C0AUDIT>",
        '<span class="mk-mention mk-channel" data-id="C0AUDIT">#failover-audit</span>',
    ),
    (
        "<!subteam^S0SPORTS>",
        '<span class="mk-mention mk-usergroup" data-id="S0SPORTS">@sports-desk</span>',
    ),
    ("<!here>", f'{LOUD} data-id="here">@here</span>'),
    (
        "<https://x.example/?a=1&amp;b|site>",
        '<a class="mk-link" role="link" aria-disabled="true" '
        'title="https://x.example/?a=1&amp;b">site</a>',
    ),
    ("<javascript:alert(1)|x>", "&lt;javascript:alert(1)|x&gt;"),
    ("<img src=x>", "&lt;img src=x&gt;"),
    ("https://x.example @here #general", "https://x.example @here #general"),
    ("<!date^36000^{date_num} {time_secs}|then>", "1970-01-01 10:00:00"),
    ("<!date^1795456800^{date_long}|then>", "Monday, November 23rd, 2026"),
    ("<!date^x^{date_num}|the fallback>", "the fallback"),
]
RENDER = """async ([texts, names]) => {
  const { mrkdwn } = await import('/mrkdwn.js');
  return texts.map((text) => {
    const node = document.createElement('div');
    node.append(...mrkdwn(text, names));
    return [node.innerHTML, node.textContent];
  });
}"""


def test_markup_is_read_as_slack_reads_it(screen: Screen) -> None:
    drawn = screen.page.evaluate(RENDER, [[text for text, _ in MARKUP], NAMES])
    for (text, expected), (html, words) in zip(MARKUP, drawn, strict=True):
        assert expected in (html, words), text


def test_a_date_is_told_in_the_readers_time(opens: Opens) -> None:
    text = "<!date^1795456800^{date_short} {time}|18:00 UTC>"
    told = {}
    for zone in ("UTC", "Asia/Tokyo", "America/Los_Angeles"):
        screen = opens(timezone_id=zone, locale="en-GB")
        ((_, told[zone]),) = screen.page.evaluate(RENDER, [[text], NAMES])
    assert told == {
        "UTC": "Nov 23 18:00",
        "Asia/Tokyo": "Nov 24 3:00",
        "America/Los_Angeles": "Nov 23 10:00",
    }
