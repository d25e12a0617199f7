"""The buttons under a set: stored first, done afterwards, never twice, never too late."""

from __future__ import annotations

import json

import pytest

from blocks import errors, ids
from failover.errors import SlackProblem
from failover.lifecycle import State
from failover.sets import SetState
from sandbox.slack import payloads as slack_payloads
from sandbox.slack.sample import LIVEOPS, OPERATOR
from sandbox.slack.signing import encoded
from tests.handlers.acting import interacts, last, presses, shown
from tests.handlers.conftest import Desk
from tests.handlers.set_desk import SET, ends, previewed, set_id, sports_desk


@pytest.fixture
def sports(desk: Desk) -> Desk:
    return sports_desk(desk)


def test_a_pattern_is_shown_confirmed_and_carried_out(sports: Desk) -> None:
    shown_id = previewed(sports)
    assert "# Change 3 groups?" in last(sports)
    assert sports.stage.ledger.records == {}
    assert presses(sports, ids.APPLY_SET, shown_id) == {}
    assert ends(sports) == [State.RECEIVED] * 3
    assert list(sports.stage.uplynk.sent) == []
    sports.works()
    assert ends(sports) == [State.VERIFIED] * 3
    assert "# ✅ 3 of 3 groups are as asked" in last(sports)


def test_it_goes_on_when_asked(sports: Desk) -> None:
    presses(sports, ids.APPLY_SET_ON, previewed(sports))
    assert sports.stage.set_store.sets[set_id(sports)].go_on


def test_a_press_delivered_again_is_one_set(sports: Desk) -> None:
    shown_id = previewed(sports)
    for action_id in (ids.APPLY_SET, ids.APPLY_SET, ids.APPLY_SET_ON):
        assert presses(sports, action_id, shown_id) == {}
    sports.works()
    assert len(sports.stage.uplynk.sent) == 3
    assert len(sports.stage.ledger.records) == 3


def test_a_second_set_has_to_wait(sports: Desk) -> None:
    first, second = previewed(sports), previewed(sports)
    presses(sports, ids.APPLY_SET, first)
    presses(sports, ids.APPLY_SET, second)
    job = sports.stage.work.jobs.pop()
    job()
    assert last(sports) == errors.SET_UNDER_WAY
    assert sports.stage.set_store.sets[second].state is SetState.SHOWN


def test_cancel_is_for_good(sports: Desk) -> None:
    shown_id = previewed(sports)
    presses(sports, ids.CANCEL_SET, shown_id)
    sports.works()
    assert last(sports) == errors.CANCELLED
    presses(sports, ids.APPLY_SET, shown_id)
    sports.works()
    assert last(sports) == errors.SET_CANCELLED
    assert list(sports.stage.uplynk.sent) == []


def test_too_late_to_cancel(sports: Desk) -> None:
    shown_id = previewed(sports)
    presses(sports, ids.APPLY_SET, shown_id)
    presses(sports, ids.CANCEL_SET, shown_id)
    sports.stage.work.jobs.pop()()
    assert last(sports) == errors.TOO_LATE_TO_CANCEL
    sports.works()
    assert ends(sports) == [State.VERIFIED] * 3


@pytest.mark.parametrize("action_id", [ids.APPLY_SET, ids.CANCEL_SET])
def test_a_set_that_nobody_knows(sports: Desk, action_id: str) -> None:
    presses(sports, action_id, "unknown")
    sports.works()
    assert last(sports) == errors.GONE


def test_all_of_it_is_taken_back(sports: Desk) -> None:
    presses(sports, ids.APPLY_SET, previewed(sports))
    sports.works()
    presses(sports, ids.UNDO_SET, set_id(sports))
    sports.works()
    assert "# Take back the changes of 3 groups?" in last(sports)
    presses(sports, ids.APPLY_SET, set_id(sports))
    sports.works()
    assert ends(sports) == [State.VERIFIED] * 3
    assert {group.mode.value for group in sports.stage.uplynk.groups.values()} == {"flat"}


def test_a_set_without_effect_has_nothing_to_take_back(sports: Desk) -> None:
    presses(sports, ids.UNDO_SET, "unknown")
    sports.works()
    assert last(sports) == errors.NOTHING_TO_UNDO


def late(desk: Desk, parcel: object) -> None:
    old = desk.signer.sign(*encoded(parcel), str(int(desk.stage.clock().timestamp()) - 6))  # type: ignore[arg-type]
    status, body = desk.knocks(old)
    assert status == 200
    if body:
        assert shown(json.loads(body)) == errors.LATE


def test_a_late_command_is_not_carried_out(sports: Desk) -> None:
    sports.stage.groups.all()
    channel = sports.world.channels[LIVEOPS]
    late(sports, slack_payloads.command(sports.world, OPERATOR, channel, SET + " now"))
    assert sports.stage.set_store.sets == {}
    assert sports.stage.ledger.records == {}


def test_a_late_repetition_does_not_say_that_it_was_not_done(sports: Desk) -> None:
    sports.stage.groups.all()
    channel = sports.world.channels[LIVEOPS]
    parcel = slack_payloads.command(sports.world, OPERATOR, channel, SET + " now")
    assert sports.sends(parcel) == {}
    old = sports.signer.sign(*encoded(parcel), str(int(sports.stage.clock().timestamp()) - 6))
    assert sports.knocks(old) == (200, b"")
    sports.works()
    assert len(sports.stage.uplynk.sent) == 3


def test_a_database_too_slow_for_slack_gives_the_set_up(
    sports: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown_id = previewed(sports)
    sports.stage.ledger.trip = lambda point: (
        sports.stage.clock.advance(5) if point == "take set:after" else None
    )
    presses(sports, ids.APPLY_SET, shown_id)
    sports.works()
    assert last(sports) == errors.LATE
    assert ends(sports) == [State.REFUSED] * 3
    assert list(sports.stage.uplynk.sent) == []


@pytest.mark.parametrize("calls", [1, 2])
def test_without_a_record_nothing_is_taken_on(sports: Desk, calls: int) -> None:
    shown_id = previewed(sports)
    reached = [0]

    def trip(point: str) -> None:
        reached[0] += 1
        sports.stage.ledger.broken = 1 if reached[0] == calls - 1 else sports.stage.ledger.broken

    sports.stage.ledger.broken = calls == 1
    sports.stage.ledger.trip = trip
    presses(sports, ids.APPLY_SET, shown_id)
    sports.stage.ledger.broken = False
    sports.stage.ledger.trip = lambda _: None
    sports.works()
    assert last(sports) == errors.UNRECORDED
    assert sports.stage.set_store.sets[shown_id].state is SetState.SHOWN


def test_a_press_beside_a_direct_message_is_answered_there(sports: Desk) -> None:
    shown_id = previewed(sports)
    where = {"container": {"type": "message", "is_ephemeral": False}, "channel": {"id": "D1"}}
    presses(sports, ids.APPLY_SET, shown_id, **where)
    assert not sports.stage.set_store.sets[shown_id].request.reply.replaces
    sports.screen.problem = SlackProblem("used_url")
    sports.works()
    assert "# ✅ 3 of 3 groups are as asked" in last(sports)


def test_a_value_that_is_no_set_does_no_harm(sports: Desk) -> None:
    interacts(
        sports,
        "block_actions",
        actions=[{"type": "button", "action_id": ids.APPLY_SET, "block_id": "b",
                  "value": "x" * 2000, "action_ts": "1.0"}],
        container={"type": "message", "is_ephemeral": True},
    )  # fmt: skip
    sports.works()
    assert sports.stage.set_store.sets == {}
