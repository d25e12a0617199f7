"""The Home tab as Slack tells of it: opened, pressed, opened twice, tampered with."""

from __future__ import annotations

from typing import Any

import pytest

from blocks import errors, ids
from blocks.home import NOT_IN_TIME, metadata, place_of
from failover.errors import SlackProblem, TriggerExpired
from failover.home import Place
from failover.roles import Role
from sandbox.slack import payloads as slack_payloads
from sandbox.slack.sample import OPERATOR, OUTSIDER
from sandbox.slack.text import view_lines
from tests.builders import ID_A, group, policy
from tests.fakes import FakeWork
from tests.handlers.acting import presses
from tests.handlers.conftest import Desk

TOLD = {"tab": "home", "channel": "D1"}


def opens(desk: Desk, user: str = OPERATOR, **told: Any) -> None:
    """The event, as Slack sends it; whatever it set in motion is done afterwards."""
    content = {"type": "app_home_opened", "user": user, **TOLD, **told}
    assert desk.sends(slack_payloads.event(desk.world, content, user)) == {}
    desk.works()


def press(desk: Desk, action_id: str, value: str, place: Place | None = None, **more: Any) -> None:
    view = {"id": "VHOME", "type": "home", "private_metadata": metadata(place or Place())}
    in_home = {"container": {"type": "view", "view_id": "VHOME"}, "view": view}
    assert presses(desk, action_id, value, response_url=None, **in_home, **more) == {}
    desk.works()


def last(desk: Desk) -> str:
    user, view = desk.screen.homes[-1]
    assert user in (OPERATOR, OUTSIDER)
    return "\n".join(view_lines(view, {}, {}, {}))


def many(desk: Desk, count: int = 45) -> None:
    for number in range(count):
        one = group(id=f"{number:032x}", name=f"Group {number:02d}")
        desk.stage.uplynk.groups[one.id] = one


def test_it_is_shown_at_once_and_again_when_it_is_read(desk: Desk) -> None:
    opens(desk)
    first = "\n".join(view_lines(desk.screen.homes[0][1], {}, {}, {}))
    assert "⏳" in first
    assert "NBA Finals" not in first
    assert "NBA Finals" in last(desk)
    assert "⏳" not in last(desk)


def test_the_other_tab_is_no_concern_of_ours(desk: Desk) -> None:
    opens(desk, tab="messages")
    assert desk.screen.homes == []


def test_it_opens_where_it_was_left(desk: Desk) -> None:
    many(desk)
    view = {"id": "VHOME", "type": "home", "private_metadata": metadata(Place(20))}
    opens(desk, view=view)
    assert "Groups 21–40 of 47" in last(desk)
    opens(desk, view={**view, "private_metadata": "not ours"})
    assert "Groups 1–20 of 47" in last(desk)


def test_a_repeated_event_is_one_more_picture_and_nothing_else(desk: Desk) -> None:
    opens(desk)
    seen = last(desk)
    parcel = slack_payloads.event(
        desk.world, {"type": "app_home_opened", "user": OPERATOR, **TOLD}, OPERATOR
    )
    for _ in range(3):
        assert desk.sends(parcel) == {}
    desk.works()
    assert last(desk) == seen
    assert desk.stage.ledger.records == {}


@pytest.mark.parametrize("event", [{}, {"user": OPERATOR}, {"user": OPERATOR, "tab": 5}])
def test_an_event_that_makes_no_sense_is_acknowledged(desk: Desk, event: dict[str, Any]) -> None:
    parcel = slack_payloads.event(desk.world, {"type": "app_home_opened", **event}, OPERATOR)
    assert desk.sends(parcel) == {}
    desk.works()
    assert desk.screen.homes == []


@pytest.mark.parametrize(
    ("action_id", "place", "line"),
    [
        (ids.HOME_MORE, Place(20), "Groups 21–40 of 47"),
        (ids.HOME_BACK, Place(0), "Groups 1–20 of 47"),
        (ids.HOME_REFRESH, Place(40), "Groups 41–47 of 47"),
        (ids.HOME_MORE, Place(10**30), "Groups 41–47 of 47"),
        (ids.HOME_ALL, Place(0, everything=True), "Groups 1–20 of 47"),
    ],
)
def test_pages_are_turned(desk: Desk, action_id: str, place: Place, line: str) -> None:
    many(desk)
    press(desk, action_id, metadata(place))
    assert line in last(desk)
    drawn = place_of(desk.screen.homes[-1][1]["private_metadata"])
    assert drawn.everything == place.everything


@pytest.mark.parametrize("value", ["", "x", "[]", "{}", "null"])
def test_a_tampered_page_is_the_first_one(desk: Desk, value: str) -> None:
    press(desk, ids.HOME_MORE, value)
    assert "Groups 1–2 of 2" in last(desk)


def test_who_may_not_look_sees_only_why(desk: Desk) -> None:
    desk.stage.rules = policy(default_role=Role.NONE)
    opens(desk, OUTSIDER)
    assert "you need the role viewer" in last(desk)
    assert "NBA Finals" not in last(desk)


def test_the_form_opens_with_the_group_beside_the_button(desk: Desk) -> None:
    press(desk, ids.HOME_FORM, ID_A)
    assert len(desk.screen.opened) == 1
    assert "NBA Finals" in str(desk.screen.views[-1])
    assert desk.screen.views[-1]["type"] == "modal"


def test_the_form_opens_without_a_group(desk: Desk) -> None:
    press(desk, ids.HOME_FORM, "-")
    assert len(desk.screen.opened) == 1
    assert "NBA Finals" not in str(desk.screen.views[-1])


def test_a_press_that_comes_too_late_is_told_there(desk: Desk) -> None:
    many(desk)
    desk.screen.problem = TriggerExpired("expired_trigger_id")
    press(desk, ids.HOME_FORM, ID_A, Place(20))
    assert last(desk).startswith(NOT_IN_TIME)
    assert "Groups 21–40 of 47" in last(desk)
    press(desk, ids.HOME_REFRESH, metadata(Place(20)))
    assert NOT_IN_TIME not in last(desk)


def test_no_room_to_open_the_form_is_told_there(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk.services.doors, "submit", _refuses_once(desk.stage.work))
    press(desk, ids.HOME_FORM, ID_A)
    assert desk.screen.opened == []
    assert last(desk).startswith(errors.BUSY)


def test_a_slack_that_fails_is_not_told_as_if_it_were_a_modal(desk: Desk) -> None:
    desk.screen.problem = SlackProblem("internal_error")
    press(desk, ids.HOME_FORM, ID_A)
    assert desk.screen.views == []


def _refuses_once(work: FakeWork) -> Any:
    takes = work.submit
    refused: list[Any] = []

    def submit(job: Any) -> bool:
        if not refused:
            refused.append(job)
            return False
        return takes(job)

    return submit
