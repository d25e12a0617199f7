"""Slack's limits, each just kept and just broken."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.slack.elements import option_problems
from sandbox.slack.limits import block_text_length, message_problems, view_problems
from tests.sandbox.slack.bot_app import button, buttons, modal, option, plain, section, text_input


def mrkdwn(text: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text}


def fields(count: int, length: int = 1) -> dict[str, Any]:
    return {"type": "section", "fields": [plain("x" * length)] * count}


def context(count: int) -> dict[str, Any]:
    return {"type": "context", "elements": [plain("x")] * count}


def select(**more: Any) -> dict[str, Any]:
    return buttons({"type": "static_select", "action_id": "a", **more})


def radios(count: int) -> dict[str, Any]:
    return buttons({"type": "radio_buttons", "options": [option(f"o{n}") for n in range(count)]})


def menu(count: int) -> dict[str, Any]:
    return buttons({"type": "overflow", "options": [option(f"o{n}") for n in range(count)]})


def options(count: int) -> list[dict[str, Any]]:
    return [option(f"o{n}") for n in range(count)]


def one(**more: Any) -> dict[str, Any]:
    return select(options=[{"text": plain("x"), "value": "v", **more}])


def grouped(groups: int, size: int, label: str = "g") -> dict[str, Any]:
    return select(option_groups=[{"label": plain(label), "options": options(size)}] * groups)


def confirmed(**more: str) -> dict[str, Any]:
    words = {"title": "t", "text": "t", "confirm": "c", "deny": "d"} | more
    return buttons(button("B") | {"confirm": {k: plain(v) for k, v in words.items()}})


def many(count: int) -> dict[str, Any]:
    return buttons(*(button("B", f"a{n}") for n in range(count)))


KEPT_AND_BROKEN = [
    (section("x" * 3000), section("x" * 3001)),
    (section("x"), section("")),
    (fields(10, 2000), fields(11)),
    (fields(1), fields(1, 2001)),
    (context(10), context(11)),
    (many(25), many(26)),
    ({"type": "header", "text": plain("x" * 150)}, {"type": "header", "text": plain("x" * 151)}),
    ({"type": "header", "text": plain("x")}, {"type": "header", "text": mrkdwn("x")}),
    ({"type": "markdown", "text": "x" * 12_000}, {"type": "markdown", "text": "x" * 12_001}),
    (buttons(button("x" * 75)), buttons(button("x" * 76))),
    (buttons(button("x") | {"value": "x" * 2000}), buttons(button("x") | {"value": "x" * 2001})),
    (buttons(button("x") | {"style": "danger"}), buttons(button("x") | {"style": "red"})),
    (buttons(button("x") | {"url": "x" * 3000}), buttons(button("x") | {"url": "x" * 3001})),
    (buttons(button("a", "x" * 255)), buttons(button("a", "x" * 256))),
    (buttons(button("a", "x"), button("b", "y")), buttons(button("a", "x"), button("b", "x"))),
    (confirmed(title="x" * 100), confirmed(title="x" * 101)),
    (confirmed(text="x" * 300), confirmed(text="x" * 301)),
    (confirmed(deny="x" * 30), confirmed(deny="x" * 31)),
    (select(options=options(100)), select(options=options(101))),
    (select(options=options(1)), select(options=[])),
    (select(options=options(1)), select(options=options(1), option_groups=[])),
    (grouped(100, 1), grouped(101, 1)),
    (grouped(1, 100), grouped(1, 101)),
    (grouped(1, 1, "x" * 75), grouped(1, 1, "x" * 76)),
    (one(text=plain("x" * 75)), one(text=plain("x" * 76))),
    (one(value="x" * 150), one(value="x" * 151)),
    (one(description=plain("x" * 75)), one(description=plain("x" * 76))),
    (one(), one(text=mrkdwn("x"))),
    (one(), one(url="https://x.test")),
    (radios(10), radios(11)),
    (menu(5), menu(6)),
    (
        select(options=options(1), placeholder=plain("x" * 150)),
        select(options=options(1), placeholder=plain("x" * 151)),
    ),
    (
        select(options=options(2), initial_option=option("o1")),
        select(options=options(2), initial_option=option("o2")),
    ),
    ({"type": "divider"}, {"type": "divider", "colour": "red"}),
    ({"type": "divider", "block_id": "x" * 255}, {"type": "divider", "block_id": "x" * 256}),
    (section("x"), {"type": "carousel"}),
    (text_input(), buttons(text_input()["element"])),
    (text_input(), text_input() | {"element": button("B")}),
    (text_input(max_length=3000), text_input(max_length=3001)),
    (text_input(min_length=3000), text_input(min_length=3001)),
    (text_input(), text_input() | {"label": plain("x" * 2001)}),
    (text_input() | {"hint": plain("x" * 2000)}, text_input() | {"hint": plain("x" * 2001)}),
    (text_input(), text_input() | {"label": mrkdwn("x")}),
    (
        {"type": "image", "image_url": "https://x.test/a.png", "alt_text": "x" * 2000},
        {"type": "image", "image_url": "https://x.test/a.png"},
    ),
]


@pytest.mark.parametrize(("kept", "broken"), KEPT_AND_BROKEN)
def test_a_block_is_accepted_up_to_its_limit(kept: Any, broken: Any) -> None:
    assert message_problems([kept]) == []
    problems = message_problems([broken])
    assert len(problems) >= 1
    assert all("[json-pointer:/blocks/0" in problem for problem in problems)


def test_a_message_has_fifty_blocks_and_a_view_a_hundred() -> None:
    assert message_problems([section("x")] * 50) == []
    assert message_problems([section("x")] * 51) != []
    assert view_problems(modal(*[section("x")] * 100)) == []
    assert view_problems(modal(*[section("x")] * 101)) != []
    assert view_problems(modal()) != []


@pytest.mark.parametrize(
    "more",
    [
        {"title": plain("x" * 25)},
        {"title": plain("")},
        {"title": None},
        {"title": mrkdwn("x")},
        {"submit": plain("x" * 25)},
        {"close": plain("x" * 25)},
        {"private_metadata": "x" * 3001},
        {"callback_id": "x" * 256},
        {"external_id": "x" * 256},
        {"submit": None},
        {"type": "dialog"},
        {"colour": "red"},
    ],
)
def test_a_modal_is_refused_beyond_its_limits(more: dict[str, Any]) -> None:
    assert view_problems(modal(text_input())) == []
    assert view_problems(modal(text_input()) | more) != []


def test_a_home_has_no_title_and_no_buttons_below() -> None:
    home = {"type": "home", "blocks": [section("x")]}
    assert view_problems(home) == []
    for key in ("title", "submit", "close"):
        assert view_problems({**home, key: plain("x")}) != []


def test_block_ids_and_focus_are_unique() -> None:
    assert view_problems(modal(text_input("a"), text_input("b"))) == []
    assert view_problems(modal(text_input("a"), text_input("a"))) != []
    focused = [text_input(name, focus_on_load=True) for name in "ab"]
    assert view_problems(modal(focused[0])) == []
    assert view_problems(modal(*focused)) != []


def test_markdown_is_for_messages() -> None:
    assert view_problems(modal({"type": "markdown", "text": "x"})) != []


def test_offered_options_are_limited() -> None:
    assert option_problems({"options": options(100)}) == []
    assert option_problems({"options": []}) == []
    assert option_problems({"options": options(101)}) != []
    assert option_problems({}) != []
    assert option_problems({"options": [{"text": plain("x" * 76), "value": "v"}]}) != []


def test_all_text_of_a_message_is_counted() -> None:
    assert block_text_length([section("four"), fields(3), many(2)]) == 4 + 3 + 2
