"""Each button does its one thing, once, and survives being tampered with."""

from __future__ import annotations

import json

import pytest

from blocks import errors, ids
from tests.builders import ID_A
from tests.handlers.acting import last, presses, shown, types
from tests.handlers.conftest import Desk


def test_preview_then_apply_is_one_change_however_often_it_is_pressed(desk: Desk) -> None:
    assert types(desk, "/failover set nba prioritized because rehearsal") == {}
    desk.works()
    preview = desk.screen.messages[-1]
    assert "# Change NBA Finals?" in shown(preview)
    value = preview["blocks"][-1]["elements"][0]["value"]
    for _ in range(3):
        assert presses(desk, ids.APPLY, value) == {}
    desk.works()
    (write,) = desk.stage.uplynk.sent
    assert write.group_id == ID_A


@pytest.mark.parametrize(
    "value", ["", "x", "[]", "{}", '{"draft": 5, "seen": "x"}', '{"draft": "x"}', "null"]
)
def test_a_tampered_apply_does_nothing_and_the_person_is_told(desk: Desk, value: str) -> None:
    assert presses(desk, ids.APPLY, value) == {}
    desk.works()
    assert last(desk) == errors.MALFORMED
    assert desk.stage.ledger.records == {}


def test_an_apply_of_a_draft_that_nobody_knows(desk: Desk) -> None:
    assert presses(desk, ids.APPLY, '{"draft": "nobody", "seen": "0"}') == {}
    desk.works()
    assert last(desk) == errors.GONE


def test_cancel(desk: Desk) -> None:
    presses(desk, ids.CANCEL, "cancel")
    desk.works()
    assert last(desk) == errors.CANCELLED
    assert desk.stage.ledger.records == {}


@pytest.mark.parametrize("value", ["{}", "x", '{"start": "1", "filter": ""}', '{"start": 1}'])
def test_a_tampered_next_page_is_told(desk: Desk, value: str) -> None:
    presses(desk, ids.MORE_GROUPS, value)
    desk.works()
    assert last(desk).startswith("⛔ ")
    assert "Nothing was changed." in last(desk)


@pytest.mark.parametrize("start", [-5, 0, 1, 10**30])
def test_a_page_from_anywhere(desk: Desk, start: int) -> None:
    presses(desk, ids.MORE_GROUPS, json.dumps({"filter": "", "start": start}))
    desk.works()
    assert last(desk).startswith("Failover groups: ")
