"""Which element is meant: exactly by both ids, or loosely by what a person calls it."""

from __future__ import annotations

import pytest

from sandbox.slack.addressing import Ident, Spot, matching
from tests.sandbox.slack.bot_app import button, buttons, option, plain, section, text_input

MENU = {"type": "static_select", "action_id": "mode", "options": [option("flat")]}
BLOCKS = [
    section("First") | {"block_id": "one", "accessory": MENU},
    section("Second") | {"block_id": "two", "accessory": MENU},
    buttons(button("Apply", "apply"), button("Cancel", "cancel")),
    text_input() | {"label": plain("Why")},
]


@pytest.mark.parametrize(
    ("ident", "found"),
    [
        (Spot("two", "mode"), ["two/mode"]),
        (Spot("row", "cancel"), ["row/cancel"]),
        (Spot("one", "apply"), []),
        (Spot("mode", "one"), []),
        ("mode", ["one/mode", "two/mode"]),
        ("two", ["two/mode"]),
        ("Apply", ["row/apply"]),
        ("Why", ["reason/reason_text"]),
        ("row", ["row/apply", "row/cancel"]),
        ("nothing", []),
    ],
)
def test_what_is_meant_is_found(ident: Ident, found: list[str]) -> None:
    assert [repr(Spot(f.block_id, f.action_id)) for f in matching(BLOCKS, ident)] == found
