"""The form for every action: what is chosen and typed, what is submitted, what holds it up."""

from __future__ import annotations

from typing import Any

import pytest

from blocks import errors, ids
from blocks.change_form import FormMemory
from blocks.form_preview import CHOSEN_SINCE, TYPED_SINCE
from blocks.opening import Opening
from failover.change import Activate, Change, Channels, Configure, Order, Owners, Slate
from failover.draft import TYPED, Field
from failover.errors import Unavailable
from failover.lifecycle import State
from failover.model import Mode
from failover.roles import Action, Role
from sandbox.slack.sample import ADMIN, VIEWER
from tests.blocks import examine
from tests.builders import ID_A, failback, policy
from tests.handlers.acting import interacts, opened, presses, types, view
from tests.handlers.conftest import Desk

Entered = dict[str, str]


def filled(metadata: str, action: Action | None, entered: Entered) -> dict[str, Any]:
    """The view with these values, in the blocks in which they were drawn."""
    mark = (FormMemory.read(metadata).mark or "")[:12]
    drawn = FormMemory.read(metadata).action
    values: dict[str, Any] = {ids.REASON: {ids.REASON: {"value": None}}}
    if action is not None:
        chosen = {"selected_option": {"value": action}}
        values[f"{ids.WHAT}:{mark}:{drawn}"] = {ids.WHAT: chosen}
    for name, value in entered.items():
        typed = Field(name) in TYPED
        entry = {"value": value or None} if typed else {"selected_option": {"value": value}}
        values[f"{name}:{mark}:{drawn}"] = {name: entry}
    return view(metadata) | {"state": {"values": values}}


def shows(desk: Desk) -> str:
    return examine.shown_view(desk.screen.views[-1])


def metadata(desk: Desk) -> str:
    return str(desk.screen.views[-1]["private_metadata"])


def edits(desk: Desk, name: str, shown: dict[str, Any], user: str) -> None:
    edit = {"type": "x", "action_id": name, "block_id": "b", "action_ts": "1.1"}
    interacts(desk, "block_actions", user=user, actions=[edit], view=shown)
    desk.works()


def chooses(desk: Desk, action: Action, user: str = ADMIN) -> str:
    """The metadata of the form once the action is chosen in it."""
    before = opened(desk)
    if action is not FormMemory.read(before).action:
        edits(desk, ids.WHAT, filled(before, action, {}), user)
    assert FormMemory.read(metadata(desk)).action is action
    return metadata(desk)


def submits(desk: Desk, shown: dict[str, Any], user: str = ADMIN) -> dict[str, Any]:
    return interacts(desk, "view_submission", user=user, view=shown)


EVERY = [
    (Action.CONFIGURE, {"mode": "prioritized"}, Configure(Mode.PRIORITIZED)),
    (Action.ACTIVATE, {"slicer": "s2"}, Activate("s2")),
    (Action.SLATE, {"slate": "on"}, Slate(True)),
    (Action.ORDER, {"order": "-s2\ns1"}, Order((("s2", False), ("s1", True)))),
    (Action.CHANNELS, {"add": "c1, c2", "remove": ""}, Channels(("c1", "c2"))),
    (Action.OWNERS, {"add": "o1", "remove": ""}, Owners(("o1",))),
]


@pytest.mark.parametrize(("action", "entered", "change"), EVERY)
def test_every_action_is_one_change(
    desk: Desk, action: Action, entered: Entered, change: Change
) -> None:
    chosen = chooses(desk, action)
    edits(desk, next(iter(entered)), filled(chosen, action, entered), ADMIN)
    assert "Preview: " in shows(desk)
    assert "(no change)" not in shows(desk)
    for _ in range(3):
        said = submits(desk, filled(metadata(desk), action, entered))
        assert said["response_action"] == "update"
        assert "working on it" in examine.shown_view(said["view"]).lower()
    desk.works()
    (record,) = desk.stage.ledger.records.values()
    assert (record.state, record.request.change) == (State.VERIFIED, change)
    assert len(desk.stage.uplynk.sent) == 1


def test_auto_failback_is_turned_off_with_the_activation(desk: Desk) -> None:
    desk.stage.uplynk.groups[ID_A] = failback()
    chosen = chooses(desk, Action.ACTIVATE)
    assert "Auto failback is on: it is turned off first, and stays off." in shows(desk)
    submits(desk, filled(chosen, Action.ACTIVATE, {"slicer": "s2"}))
    desk.works()
    (record,) = desk.stage.ledger.records.values()
    assert record.request.change == Activate("s2", failback_off=True)
    assert (record.state, len(desk.stage.uplynk.sent)) == (State.VERIFIED, 2)


@pytest.mark.parametrize(
    ("action", "entered", "field", "told"),
    [
        (Action.ORDER, {"order": "s1, x\ns1"}, "order",
         "Not a slicer of this group: x. More than once: s1."),
        (Action.ORDER, {"order": "s1 s2"}, "order",
         "A comma or a new line is missing in: s1 s2."),
        (Action.ORDER, {"order": ""}, "order", "Name a slicer at least."),
        (Action.CHANNELS, {"add": "", "remove": ""}, "add",
         "Type an ID to add, or one to remove."),
        (Action.OWNERS, {"add": "a", "remove": "a"}, "remove",
         "To be added and removed at once: a."),
        (Action.ACTIVATE, {"slicer": "x"}, "slicer", "Not a slicer of this group: x."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_under_the_input(
    desk: Desk, action: Action, entered: Entered, field: str, told: str
) -> None:
    shown = filled(chooses(desk, action), action, entered)
    mark = FormMemory.read(shown["private_metadata"]).mark or ""
    said = submits(desk, shown)
    under = {f"{field}:{mark[:12]}:{action}": told}
    assert said == {"response_action": "errors", "errors": under}
    assert set(under) <= set(shown["state"]["values"])
    desk.works()
    assert desk.stage.ledger.records == {}


def test_an_error_never_stands_under_an_input_that_is_not_there(desk: Desk) -> None:
    shown = filled(chooses(desk, Action.ACTIVATE), Action.ACTIVATE, {})
    said = submits(desk, shown)
    assert list(said["errors"].values()) == ["Choose a slicer."]
    assert set(said["errors"]) <= set(shown["state"]["values"])


@pytest.mark.parametrize(("action", "entered"), [one[:2] for one in EVERY[3:]])
def test_typed_text_is_applied_only_after_its_preview(
    desk: Desk, action: Action, entered: Entered
) -> None:
    chosen = chooses(desk, action)
    said = submits(desk, filled(chosen, action, entered))
    assert list(said["errors"].values()) == [TYPED_SINCE]
    desk.works()
    assert desk.stage.ledger.records == {}
    assert "(no change)" not in shows(desk)
    later = {**entered, next(iter(entered)): "s1" if action is Action.ORDER else "later"}
    assert "errors" in submits(desk, filled(metadata(desk), action, later))
    desk.works()
    assert submits(desk, filled(metadata(desk), action, later))["response_action"] == "update"
    assert len(desk.stage.ledger.records) == 1


def test_an_action_chosen_but_not_yet_shown_is_not_submitted(desk: Desk) -> None:
    shown = filled(opened(desk), Action.SLATE, {"mode": "prioritized"})
    said = submits(desk, shown)
    assert said["errors"] == {ids.REASON: CHOSEN_SINCE}
    desk.works()
    assert "Slate: ( ) on  (•) off" in shows(desk)
    assert desk.stage.ledger.records == {}


def test_what_was_typed_for_channels_is_not_taken_for_owners(desk: Desk) -> None:
    chosen = chooses(desk, Action.CHANNELS)
    edits(desk, ids.WHAT, filled(chosen, Action.OWNERS, {"add": "c1"}), ADMIN)
    assert "Allowed owners now: none" in shows(desk)
    assert "c1" not in shows(desk)


def test_only_what_the_person_may_do_is_offered(desk: Desk) -> None:
    shown = filled(opened(desk), Action.OWNERS, {})
    edits(desk, ids.WHAT, shown, "U0OPERATOR")
    assert "Allowed owners" not in str(desk.screen.views[-1])
    assert "What: <Mode and auto failback>" in shows(desk)


def test_a_submission_by_somebody_who_may_not_is_refused_and_recorded(desk: Desk) -> None:
    chosen = chooses(desk, Action.SLATE)
    submits(desk, filled(chosen, Action.SLATE, {"slate": "on"}), VIEWER)
    desk.works()
    (record,) = desk.stage.ledger.records.values()
    assert (record.state, list(desk.stage.uplynk.sent)) == (State.REFUSED, [])


def test_a_role_lost_while_the_form_is_open(desk: Desk) -> None:
    chosen = chooses(desk, Action.SLATE)
    desk.stage.rules = policy(default_role=Role.VIEWER, grants=())
    edits(desk, "slate", filled(chosen, Action.SLATE, {"slate": "on"}), ADMIN)
    assert "You can look, but not change this group." in shows(desk)


@pytest.mark.parametrize(
    ("named", "entered"),
    [("fly", {}), ("lock", {}), ("slate", {}), ("slate", {"slate": "perhaps"})],
)
def test_what_was_not_offered_does_nothing(desk: Desk, named: str, entered: Entered) -> None:
    shown = filled(chooses(desk, Action.SLATE), None, entered)
    shown["state"]["values"]["w"] = {ids.WHAT: {"selected_option": {"value": named}}}
    said = submits(desk, shown)
    assert errors.MALFORMED in examine.shown_view(said["view"])
    edits(desk, ids.WHAT, shown, ADMIN)
    assert errors.MALFORMED in shows(desk)
    assert desk.stage.ledger.records == {}


def test_owners_that_cannot_be_read_are_tried_again(desk: Desk) -> None:
    before = opened(desk)
    desk.stage.uplynk.reads.extend([Unavailable("GET /x", status=503)])
    edits(desk, ids.WHAT, filled(before, Action.OWNERS, {}), ADMIN)
    assert "[Try again]" in shows(desk)
    again = {"type": "button", "action_id": ids.RELOAD_FORM, "block_id": "b", "value": ID_A,
             "action_ts": "1.2"}  # fmt: skip
    where = view(metadata(desk)) | {"state": {"values": {}}}
    interacts(desk, "block_actions", user=ADMIN, actions=[again], view=where)
    desk.works()
    assert "Allowed owners now: none" in shows(desk)


def test_without_the_database_nothing_is_taken_on(desk: Desk) -> None:
    chosen = chooses(desk, Action.SLATE)
    desk.stage.ledger.broken = True
    said = submits(desk, filled(chosen, Action.SLATE, {"slate": "on"}))
    assert errors.UNRECORDED in examine.shown_view(said["view"])


def test_a_group_that_is_no_longer_remembered_is_said_to_be_too_old(desk: Desk) -> None:
    memory = FormMemory.read(chooses(desk, Action.SLATE))
    old = FormMemory(memory.group_id, "0" * 32, memory.read_at, None, Action.SLATE).write()
    said = submits(desk, filled(old, Action.SLATE, {"slate": "on"}))
    assert errors.GONE in examine.shown_view(said["view"])
    assert desk.stage.ledger.records == {}


@pytest.mark.parametrize(
    ("opening", "told"),
    [
        (Opening(ID_A, Action.SLATE, "on"), "Slate: (•) on  ( ) off"),
        (Opening(ID_A, Action.ACTIVATE, "s2"), "Slicer: <s2>"),
        (Opening(ID_A, Action.ACTIVATE, "gone"), "Preview: Not a slicer of this group: gone."),
        (Opening(ID_A), "What: <Mode and auto failback>"),
    ],
)
def test_a_button_opens_the_form_with_the_action_chosen(
    desk: Desk, opening: Opening, told: str
) -> None:
    presses(desk, ids.OPEN_FORM, opening.write())
    desk.works()
    assert "# NBA Finals" in shows(desk)
    assert told in shows(desk)


def test_the_chosen_action_goes_along_to_the_next_group(desk: Desk) -> None:
    chosen = chooses(desk, Action.SLATE)
    group = {"type": "external_select", "action_id": ids.GROUP, "block_id": ids.GROUP,
             "action_ts": "1.1", "selected_option": {"value": "c" * 32}}  # fmt: skip
    shown = filled(chosen, Action.SLATE, {"slate": "on"})
    interacts(desk, "block_actions", user=ADMIN, actions=[group], view=shown)
    desk.works()
    assert "# Sports West" in shows(desk)
    assert "Slate: ( ) on  (•) off" in shows(desk)


def test_status_leads_on_to_the_natural_next_step(desk: Desk) -> None:
    desk.stage.uplynk.set(ID_A, active_slicer_id="no_slicer")
    types(desk, "/failover status nba")
    desk.works()
    (button,) = desk.screen.messages[-1]["blocks"][-1]["elements"]
    presses(desk, button["action_id"], button["value"])
    desk.works()
    assert "Preview: slate → live" in shows(desk)


@pytest.mark.parametrize(("action", "entered", "change"), EVERY)
def test_try_again_opens_the_form_with_what_was_asked_for(
    desk: Desk, action: Action, entered: Entered, change: Change
) -> None:
    chosen = chooses(desk, action)
    edits(desk, next(iter(entered)), filled(chosen, action, entered), ADMIN)
    desk.stage.uplynk.reads.extend([Unavailable("GET /x", status=503)] * 9)
    submits(desk, filled(metadata(desk), action, entered))
    desk.works()
    (record,) = desk.stage.ledger.records.values()
    assert record.state is State.FAILED
    desk.stage.uplynk.reads.clear()
    seen = view("") | {"callback_id": ids.NOTICE}
    presses(desk, ids.TRY_AGAIN, record.id, user=ADMIN, view=seen, response_url=None)
    desk.works()
    drawn = FormMemory.read(metadata(desk))
    submits(desk, filled(metadata(desk), action, entered))
    desk.works()
    assert drawn.action is action
    again = list(desk.stage.ledger.records.values())[-1]
    assert (again.state, again.request.change) == (State.VERIFIED, change)
