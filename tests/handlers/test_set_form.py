"""Several groups in the form: picked, looked at, submitted once, never unseen, never too late."""

from __future__ import annotations

import json
from typing import Any

import pytest

from blocks import errors, ids
from blocks.change_form import FormMemory
from blocks.form_preview import CHOSEN_SINCE
from blocks.set_form import GO_ON, NOTHING_CHOSEN, SetMemory
from failover.errors import LedgerUnavailable, Unavailable
from failover.lifecycle import State, Why
from failover.policy import Protect
from failover.roles import Action, Role
from failover.sets import MOST, SetState
from sandbox.slack.payloads import Parcel, ParcelKind
from sandbox.slack.sample import OPERATOR, VIEWER
from sandbox.slack.signing import encoded
from tests.blocks import examine
from tests.builders import flat, policy
from tests.fake_time import fails_at
from tests.handlers.acting import interacts, presses, types
from tests.handlers.conftest import HOME, Desk
from tests.handlers.set_desk import NAMES, ends, set_id, sports_desk

EAST, NORTH, SOUTH = NAMES


@pytest.fixture
def sports(desk: Desk) -> Desk:
    """Somebody has the form of several groups in front of them."""
    sports_desk(desk)
    types(desk, "/failover")
    desk.works()
    seen = view(ids.FORM, str(desk.screen.views[-1]["private_metadata"]), {})
    assert presses(desk, ids.SEVERAL, "-", view=seen) == {}
    desk.works()
    return desk


def view(callback_id: str, metadata: str, values: dict[str, Any]) -> dict[str, Any]:
    state = {name: {name: value} for name, value in values.items()}
    return {"id": "V1", "type": "modal", "callback_id": callback_id, "hash": "h",
            "private_metadata": metadata, "state": {"values": state}}  # fmt: skip


def one(value: str | None) -> dict[str, Any]:
    return {"selected_option": None if value is None else {"value": value}}


def filled(*groups: str, mode: str = "prioritized", **more: str | None) -> dict[str, Any]:
    """The form with these groups picked."""
    values: dict[str, Any] = {
        ids.GROUPS: {"selected_options": [{"value": group} for group in groups]},
        ids.PICK_MODE: one(mode),
    }
    for name, value in more.items():
        values[name] = {"value": value} if name == ids.REASON else one(value)
    return view(ids.PICK_FORM, FormMemory(channel_id="C0OPS").write(), values)


def picked_as_slate(what: str) -> dict[str, Any]:
    """The form as it is drawn for a slate, with something else chosen by now."""
    seen = filled(EAST, pick_what=what, pick_slate="on")
    del seen["state"]["values"][ids.PICK_MODE]
    return seen


def shows(desk: Desk) -> str:
    return examine.shown_view(desk.screen.views[-1])


def looks(desk: Desk, *groups: str, **more: Any) -> dict[str, Any]:
    """The preview of a set of these groups, as it is submitted."""
    said = interacts(desk, "view_submission", view=filled(*groups, **more))
    assert "Nothing is changed by looking" in examine.shown_view(said["view"])
    desk.works()
    return view(ids.SET_FORM, str(desk.screen.views[-1]["private_metadata"]), {})


def test_three_are_picked_looked_at_and_changed_in_that_order(sports: Desk) -> None:
    assert "[Show preview]" in shows(sports)
    table = looks(sports, SOUTH, EAST, NORTH, reason="rehearsal")
    assert f"1. {SOUTH}: flat → prioritized" in shows(sports)
    assert "Reason: rehearsal" in shows(sports)
    assert sports.stage.ledger.records == {}
    said = interacts(sports, "view_submission", view=table)
    assert "one group after the other" in examine.shown_view(said["view"])
    assert ends(sports) == [State.RECEIVED] * 3, "stored before it is acknowledged"
    assert list(sports.stage.uplynk.sent) == []
    sports.works()
    assert [one.group_id for one in sports.stage.uplynk.sent] == [SOUTH, EAST, NORTH]
    assert "# ✅ 3 of 3 groups are as asked" in shows(sports)
    assert "# ✅ 3 of 3 groups are as asked" in examine.shown(sports.screen.messages[-1])


def test_submitted_again_it_is_one_set(sports: Desk) -> None:
    table = looks(sports, EAST, NORTH)
    for _ in range(3):
        interacts(sports, "view_submission", view=table)
        sports.works()
    assert len(sports.stage.uplynk.sent) == 2


def test_it_goes_on_when_asked(sports: Desk) -> None:
    table = looks(sports, EAST, NORTH)
    table["state"]["values"] = {"t": {ids.TROUBLE: one(GO_ON)}}
    interacts(sports, "view_submission", view=table)
    assert sports.stage.set_store.sets[set_id(sports)].go_on


def test_one_that_changed_since_stops_it_there(sports: Desk) -> None:
    table = looks(sports, EAST, NORTH, SOUTH)
    sports.stage.uplynk.set(NORTH, active_slicer_id="s2")
    interacts(sports, "view_submission", view=table)
    sports.works()
    assert ends(sports) == [State.VERIFIED, State.REFUSED, State.REFUSED]
    assert "The group changed since you saw it" in shows(sports)


def test_one_that_asks_a_second_person_is_left_out_and_said_so(sports: Desk) -> None:
    sports.stage.rules = policy(protects=(Protect((NORTH,)),))
    looks(sports, EAST, NORTH)
    assert f"{NORTH}: left out, asks a second person" in shows(sports)
    assert sports.screen.views[-1]["submit"]["text"] == "Apply to 1 group"


def test_all_that_match_are_offered_and_picked(sports: Desk) -> None:
    asked = {"action_id": ids.GROUPS, "block_id": ids.GROUPS, "view": filled()}
    said = interacts(sports, "block_suggestion", value="sports", **asked)
    assert [option["value"] for option in said["options"]] == ["all:sports", *NAMES]
    looks(sports, "all:sports")
    assert "# Change 3 groups?" in shows(sports)


def test_back_to_what_was_picked(sports: Desk) -> None:
    table = looks(sports, EAST, "all:north", failback="on", reason="why", pick_failback="on")
    presses(sports, ids.REPICK, set_id(sports), view=table)
    sports.works()
    drawn = sports.screen.views[-1]
    picked = next(one for one in drawn["blocks"] if one.get("block_id") == ids.GROUPS)
    options = picked["element"]["initial_options"]
    assert [option["value"] for option in options] == [EAST, "all:north"]
    assert "(•) prioritized" in shows(sports)
    assert "Auto failback: (•) on" in shows(sports)
    assert FormMemory.read(drawn["private_metadata"]).channel_id == "C0OPS"


def test_from_the_form_of_one_group_with_that_picked(desk: Desk) -> None:
    sports_desk(desk)
    types(desk, f'/failover "{EAST}"')
    desk.works()
    memory = FormMemory(channel_id="C0OPS", action=Action.SLATE).write()
    presses(desk, ids.SEVERAL, EAST, view=view(ids.FORM, memory, {}))
    desk.works()
    assert "Slate:" in shows(desk)
    assert EAST in str(desk.screen.views[-1])


def test_an_edit_redraws_what_it_asks_for(sports: Desk) -> None:
    edit = {"type": "static_select", "action_id": ids.PICK_WHAT, "block_id": "b",
            "action_ts": "1.1", "selected_option": {"value": "slate"}}  # fmt: skip
    seen = filled(EAST, pick_what="slate")
    interacts(sports, "block_actions", actions=[edit], view=seen)
    sports.works()
    assert "Slate: ( ) on  ( ) off" in shows(sports)
    assert sports.stage.set_store.sets == {}


@pytest.mark.parametrize(
    ("seen", "marked"),
    [
        (filled(), {ids.GROUPS: "Pick a group at least."}),
        (filled(EAST, mode="keep"), {ids.PICK_MODE: NOTHING_CHOSEN}),
        (filled(EAST, pick_what="slate", pick_slate=None), {ids.PICK_SLATE: NOTHING_CHOSEN}),
        # Submitted before it was drawn anew: the input for what is chosen is not there yet.
        (filled(EAST, pick_what="slate"), {ids.PICK_WHAT: CHOSEN_SINCE}),
        (picked_as_slate("configure"), {ids.PICK_WHAT: CHOSEN_SINCE}),
    ],
)
def test_what_is_missing_is_said_under_its_input(
    sports: Desk, seen: dict[str, Any], marked: dict[str, str]
) -> None:
    said = interacts(sports, "view_submission", view=seen)
    assert said == {"response_action": "errors", "errors": marked}


@pytest.mark.parametrize(
    "more",
    [{"mode": "chaos"}, {"pick_what": "order"}, {"pick_what": "fly"}, {"pick_failback": "perhaps"}],
)
def test_a_choice_that_was_not_offered_does_nothing(sports: Desk, more: dict[str, Any]) -> None:
    said = interacts(sports, "view_submission", view=filled(EAST, **more))
    assert errors.MALFORMED in examine.shown_view(said["view"])
    assert sports.stage.set_store.sets == {}


def test_groups_that_are_gone_are_no_longer_picked(sports: Desk) -> None:
    interacts(sports, "view_submission", view=filled(EAST, "gone"))
    sports.works()
    assert errors.picks_gone(1) in shows(sports)
    assert sports.stage.set_store.sets == {}


def test_too_many_are_said_before_anything_is_stored(sports: Desk) -> None:
    for number in range(MOST + 1):
        one = flat(id=f"g{number:02d}", name=f"Group {number:02d}")
        sports.stage.uplynk.groups[one.id] = one
    interacts(sports, "view_submission", view=filled("all:group"))
    sports.works()
    assert f"hits {MOST + 1} groups" in shows(sports)
    assert "[Show preview]" in shows(sports)


def test_whoever_may_change_nothing_is_told_which_role_it_takes(sports: Desk) -> None:
    interacts(sports, "view_submission", user=VIEWER, view=filled(EAST))
    sports.works()
    assert "you need the role operator" in shows(sports)
    presses(sports, ids.SEVERAL, "-", user=VIEWER, view=view(ids.FORM, "", {}))
    sports.works()
    assert "you need the role operator" in shows(sports)


def test_a_role_lost_since_is_found_at_each_turn(sports: Desk) -> None:
    table = looks(sports, EAST, NORTH)
    sports.stage.rules = policy(default_role=Role.NONE, grants=())
    interacts(sports, "view_submission", view=table)
    sports.works()
    assert list(sports.stage.uplynk.sent) == []
    (first, second) = sports.stage.ledger.records.values()
    assert (first.why, second.why) == (Why.ROLE, Why.SET_STOPPED)


def test_an_uplynk_that_is_silent_is_said_in_the_form(sports: Desk) -> None:
    sports.stage.clock.advance(600)
    sports.stage.uplynk.reads.extend([Unavailable("GET /x", status=503)] * 9)
    interacts(sports, "view_submission", view=filled(EAST))
    sports.works()
    assert "Uplynk is in trouble (it answered 503)" in shows(sports)


@pytest.mark.parametrize(
    ("metadata", "told"),
    [
        (SetMemory("unknown").write(), errors.GONE),
        ("", errors.MALFORMED),
        ('["s"]', errors.MALFORMED),
        ("[" * 50_000, errors.MALFORMED),
    ],
)
def test_what_nobody_was_shown_is_not_taken_on(sports: Desk, metadata: str, told: str) -> None:
    said = interacts(sports, "view_submission", view=view(ids.SET_FORM, metadata, {}))
    assert told in examine.shown_view(said["view"])
    assert sports.stage.ledger.records == {}


def test_a_database_that_fails_takes_nothing_on(sports: Desk) -> None:
    table = looks(sports, EAST, NORTH)
    for point in ("get set:before", "take set:before"):
        sports.stage.ledger.trip = fails_at(point, LedgerUnavailable("full"))
        said = interacts(sports, "view_submission", view=table)
        assert errors.UNRECORDED in examine.shown_view(said["view"])
    sports.works()
    assert list(sports.stage.uplynk.sent) == []


def test_a_late_one_is_not_carried_out(sports: Desk) -> None:
    body = {"type": "view_submission", "user": {"id": OPERATOR, "team_id": HOME},
            "team": {"id": HOME}, "view": looks(sports, EAST, NORTH)}  # fmt: skip
    parcel = Parcel(ParcelKind.INTERACTIVE, "view_submission", OPERATOR, body)
    old = sports.signer.sign(*encoded(parcel), str(int(sports.stage.clock().timestamp()) - 6))
    status, answer = sports.knocks(old)
    assert status == 200
    assert errors.LATE in examine.shown_view(json.loads(answer)["view"])
    sports.works()
    assert list(sports.stage.uplynk.sent) == []
    assert sports.stage.set_store.sets[set_id(sports)].state is SetState.SHOWN
