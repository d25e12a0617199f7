"""The Home tab's buttons that decide: told there, drawn anew there, checked as on the card."""

from __future__ import annotations

from typing import Any

import pytest

from blocks import errors, ids
from blocks.home import UNLOCKING, metadata
from failover.errors import LedgerUnavailable, TriggerExpired
from failover.home import Place
from failover.lifecycle import Record, State, Why
from failover.measures import InForce
from failover.policy import Protect
from sandbox.slack.sample import ADMIN, OPERATOR, VIEWER
from sandbox.slack.text import view_lines
from tests.builders import ID_A, policy
from tests.fake_time import fails_at
from tests.handlers.acting import presses, types
from tests.handlers.conftest import Desk
from tests.handlers.test_second_person import declines

PLACE = Place(0, everything=True)
SHOWN = f"r1:{ID_A}"
"""The value of the button beside the lock that the record r1 put in force."""


@pytest.fixture
def asked(desk: Desk) -> str:
    """A change that waits for a second person; its ID."""
    desk.stage.rules = policy(protects=(Protect(),))
    types(desk, "/failover set nba prioritized now because rehearsal")
    desk.works()
    (record,) = desk.stage.ledger.records.values()
    return record.id


def press(desk: Desk, action_id: str, value: str, user: str = ADMIN, **more: Any) -> str:
    """What stands in the person's Home tab after a press there."""
    view = {"id": "VHOME", "type": "home", "private_metadata": metadata(PLACE)}
    in_home = {"container": {"type": "view", "view_id": "VHOME"}, "view": view}
    where = {**in_home, "response_url": None, "user": user, **more}
    assert presses(desk, action_id, value, **where) == {}
    desk.works()
    if not desk.screen.homes:
        return ""
    shown_to, drawn = desk.screen.homes[-1]
    assert shown_to == user
    assert drawn["private_metadata"] == metadata(PLACE)
    return "\n".join(view_lines(drawn, {}, {}, {}))


def record(desk: Desk, change_id: str) -> Record:
    return desk.stage.ledger.records[change_id]


def test_an_approval_there_is_one(desk: Desk, asked: str) -> None:
    told = press(desk, ids.APPROVE, asked)
    assert "✅ Thank you. The change is under way" in told
    assert record(desk, asked).state is State.VERIFIED
    assert record(desk, asked).approvals[0][0] == ADMIN


@pytest.mark.parametrize(
    ("action_id", "user", "told"),
    [
        (ids.APPROVE, OPERATOR, errors.OWN_REQUEST),
        (ids.APPROVE, VIEWER, "you need the role admin"),
        (ids.WITHDRAW, ADMIN, errors.NOT_YOUR_REQUEST),
        (ids.WITHDRAW, OPERATOR, errors.WITHDRAWN),
    ],
)
def test_who_may_do_what(desk: Desk, asked: str, action_id: str, user: str, told: str) -> None:
    assert told in press(desk, action_id, asked, user)
    withdrawn = told is errors.WITHDRAWN
    assert record(desk, asked).state is (State.REFUSED if withdrawn else State.AWAITING)
    assert desk.screen.messages == []


def test_declining_there_asks_why(desk: Desk, asked: str) -> None:
    press(desk, ids.DECLINE, asked)
    assert len(desk.screen.opened) == 1
    assert declines(desk, asked, "not now")["response_action"] == "update"
    desk.works()
    assert record(desk, asked).why is Why.DECLINED


def test_what_goes_wrong_is_told_there(desk: Desk, asked: str) -> None:
    assert errors.GONE in press(desk, ids.DECLINE, "unknown")
    desk.screen.problem = TriggerExpired("expired_trigger_id")
    assert "Slack did not do its part" in press(desk, ids.DECLINE, asked)
    desk.stage.ledger.trip = fails_at("get:before", LedgerUnavailable("down"))
    assert errors.UNRECORDED in press(desk, ids.APPROVE, asked)
    assert record(desk, asked).state is State.AWAITING


@pytest.mark.parametrize("action_id", [ids.APPROVE, ids.DECLINE, ids.WITHDRAW, ids.HOME_UNLOCK])
def test_a_late_press_is_none(
    desk: Desk, asked: str, action_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed = desk.signed

    def held_up(*request: Any) -> Any:
        made = signed(*request)
        desk.stage.clock.advance(4)
        return made

    monkeypatch.setattr(desk, "signed", held_up)
    before = dict(desk.stage.ledger.records)
    value = SHOWN if action_id == ids.HOME_UNLOCK else asked
    assert errors.LATE in press(desk, action_id, value)
    assert desk.stage.ledger.records == before


def test_a_lock_is_taken_away_there(desk: Desk) -> None:
    desk.stage.forces.rows[ID_A] = InForce("r1", OPERATOR, "mine")
    assert UNLOCKING in press(desk, ids.HOME_UNLOCK, SHOWN, OPERATOR)
    (done,) = desk.stage.ledger.records.values()
    assert (done.state, done.group_id) == (State.DONE, ID_A)
    assert desk.stage.forces.in_force(ID_A).lock is None
    assert "Locked groups" not in press(desk, ids.HOME_REFRESH, metadata(PLACE), OPERATOR)


def test_the_role_for_a_lock_is_checked_at_the_press(desk: Desk) -> None:
    desk.stage.forces.rows[ID_A] = InForce("r1", OPERATOR, "mine")
    press(desk, ids.HOME_UNLOCK, SHOWN, VIEWER)
    (refused,) = desk.stage.ledger.records.values()
    assert (refused.state, refused.why) == (State.REFUSED, Why.ROLE)
    assert desk.stage.forces.in_force(ID_A).lock is not None


def test_without_a_record_no_lock_is_taken_away(desk: Desk) -> None:
    desk.stage.forces.rows[ID_A] = InForce("r1", OPERATOR, "mine")
    desk.stage.ledger.trip = fails_at("receive:before", LedgerUnavailable("down"))
    assert errors.UNRECORDED in press(desk, ids.HOME_UNLOCK, SHOWN, OPERATOR)


def test_another_lock_than_the_one_that_was_shown_stays(desk: Desk) -> None:
    desk.stage.forces.rows[ID_A] = InForce("r2", OPERATOR, "put anew")
    assert "put anew" in press(desk, ids.HOME_UNLOCK, SHOWN, OPERATOR)
    (refused,) = desk.stage.ledger.records.values()
    assert (refused.state, refused.why) == (State.REFUSED, Why.OTHER_LOCK)
    assert desk.stage.forces.in_force(ID_A).lock is not None


def test_one_that_was_taken_away_and_not_put_anew_is_no_other(desk: Desk) -> None:
    press(desk, ids.HOME_UNLOCK, SHOWN, OPERATOR)
    assert {one.state for one in desk.stage.ledger.records.values()} == {State.UNCHANGED}


@pytest.mark.parametrize("value", ["", "nobody", "{}", "x" * 2000, ID_A, ":", f":{ID_A}", "r1:"])
def test_what_says_of_no_lock_is_too_old(desk: Desk, value: str) -> None:
    desk.stage.forces.rows[ID_A] = InForce("r1", OPERATOR, "mine")
    assert errors.GONE in press(desk, ids.HOME_UNLOCK, value, OPERATOR)
    assert desk.stage.ledger.records == {}


@pytest.mark.parametrize("value", ["r1:nobody", "r1:" + "x" * 1990])
def test_a_tampered_press_does_no_harm(desk: Desk, value: str) -> None:
    press(desk, ids.HOME_UNLOCK, value, OPERATOR)
    assert {one.state for one in desk.stage.ledger.records.values()} == {State.REFUSED}
