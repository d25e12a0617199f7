"""Each button does its one thing, once, and survives being tampered with."""

from __future__ import annotations

import json

import pytest

from blocks import errors, ids
from failover.change import Inapplicable
from failover.errors import LedgerUnavailable
from failover.lifecycle import Record, State
from failover.model import Mode
from failover.writes import Patch, PutActive
from sandbox.slack.sample import VIEWER
from tests.builders import ID_A
from tests.fake_time import fails_at
from tests.handlers.acting import answered, last, presses, shown, types
from tests.handlers.conftest import Desk


def test_preview_then_apply_is_one_change_however_often_it_is_pressed(desk: Desk) -> None:
    assert types(desk, "/failover set nba prioritized because rehearsal") == {}
    desk.works()
    preview = desk.screen.messages[-1]
    assert "# Change NBA Finals?" in shown(preview)
    value = preview["blocks"][-1]["elements"][0]["value"]
    for number in range(3):
        assert presses(desk, ids.APPLY, value, trigger_id=f"press-{number}") == {}
    desk.works()
    (write,) = desk.stage.uplynk.sent
    assert write.group_id == ID_A
    # The preview and the change; a second one would only find that the group has changed.
    states = [record.state for record in desk.stage.ledger.records.values()]
    assert states == [State.SHOWN, State.VERIFIED]


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


def preview_of(desk: Desk) -> tuple[str, str]:
    """The values of *Apply* and *Cancel* under a new preview."""
    types(desk, "/failover set nba prioritized because rehearsal")
    desk.works()
    apply, cancel = desk.screen.messages[-1]["blocks"][-1]["elements"]
    return apply["value"], cancel["value"]


def test_cancel_binds(desk: Desk) -> None:
    apply, cancel = preview_of(desk)
    presses(desk, ids.CANCEL, cancel)
    desk.works()
    assert last(desk) == errors.CANCELLED
    presses(desk, ids.APPLY, apply)
    desk.works()
    assert "You cancelled this" in last(desk)
    assert list(desk.stage.uplynk.sent) == []


def test_cancel_after_apply_says_that_it_is_too_late(desk: Desk) -> None:
    apply, cancel = preview_of(desk)
    presses(desk, ids.APPLY, apply)
    presses(desk, ids.CANCEL, cancel)
    desk.works()
    assert errors.TOO_LATE_TO_CANCEL in [shown(message) for message in desk.screen.messages]
    assert len(desk.stage.uplynk.sent) == 1


def test_a_tampered_cancel_is_told(desk: Desk) -> None:
    presses(desk, ids.CANCEL, "cancel")
    desk.works()
    assert last(desk) == errors.MALFORMED
    assert list(desk.stage.uplynk.sent) == []
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


@pytest.fixture
def in_the_way(desk: Desk) -> Record:
    """Auto failback keeps the operator from activating a slicer."""
    desk.stage.uplynk.set(ID_A, mode=Mode.PRIORITIZED, auto_failback=True)
    types(desk, "/failover activate nba s2 now because encoder swap")
    desk.works()
    (refused,) = desk.stage.ledger.records.values()
    assert refused.facts["code"] == Inapplicable.FAILBACK_IN_THE_WAY
    return refused


def test_both_steps_are_shown_then_made_as_one_change(desk: Desk, in_the_way: Record) -> None:
    assert presses(desk, ids.ACTIVATE_ANYWAY, in_the_way.id) == {}
    desk.works()
    preview = desk.screen.messages[-1]
    assert "1. auto failback off\n2. active s1 → s2" in shown(preview)
    assert "Reason: encoder swap" in shown(preview)
    assert list(desk.stage.uplynk.sent) == []
    presses(desk, ids.APPLY, preview["blocks"][-1]["elements"][0]["value"])
    desk.works()
    record = list(desk.stage.ledger.records.values())[-1]
    assert record.state is State.VERIFIED
    assert record.written == (Patch(auto_failback=False), PutActive("s2"))
    assert len(desk.stage.uplynk.sent) == 2


def test_whoever_presses_it_needs_the_role_themselves(desk: Desk, in_the_way: Record) -> None:
    presses(desk, ids.ACTIVATE_ANYWAY, in_the_way.id, user=VIEWER)
    desk.works()
    assert "you need the role" in answered(desk)
    assert list(desk.stage.uplynk.sent) == []


@pytest.mark.parametrize("value", ["", "nobody", "{}", "x" * 2000])
def test_a_tampered_way_around_failback_is_told(desk: Desk, value: str) -> None:
    presses(desk, ids.ACTIVATE_ANYWAY, value)
    desk.works()
    assert last(desk) == errors.GONE


def test_what_was_no_activation_does_not_become_one(desk: Desk) -> None:
    types(desk, "/failover set nba prioritized now")
    desk.works()
    (record,) = desk.stage.ledger.records.values()
    presses(desk, ids.ACTIVATE_ANYWAY, record.id)
    desk.works()
    assert last(desk) == errors.GONE
    assert len(desk.stage.uplynk.sent) == 1


@pytest.mark.parametrize("action_id", [ids.ACTIVATE_ANYWAY, ids.UNDO, ids.TRY_AGAIN])
def test_a_button_without_the_database(desk: Desk, in_the_way: Record, action_id: str) -> None:
    desk.stage.ledger.trip = fails_at("get:before", LedgerUnavailable("down"))
    presses(desk, action_id, in_the_way.id)
    desk.works()
    assert last(desk) == errors.UNRECORDED
    assert list(desk.stage.uplynk.sent) == []
