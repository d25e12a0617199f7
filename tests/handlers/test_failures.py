"""What nobody foresaw is told where the person is looking, with a reference."""

from __future__ import annotations

import json
from typing import Any

import pytest

from blocks import ids
from failover.errors import SlackProblem
from tests.blocks import examine
from tests.handlers.acting import interacts, last, opened, presses, shown, types, view
from tests.handlers.conftest import Desk


class Surprise(Exception):
    """Nobody foresaw this."""


def surprised(*_: object, **__: object) -> None:
    raise Surprise("canary")


def test_an_unforeseen_error_is_told_with_the_reference_that_is_in_the_log(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(desk.stage.previews, "confirmed", surprised)
    monkeypatch.setattr(desk.stage.changes, "accept", surprised)
    metadata = opened(desk)
    typed = shown(types(desk, "/failover set nba flat now"))
    presses(desk, ids.APPLY, '{"draft": "x", "seen": "y"}')
    desk.works()
    pressed = last(desk)
    submitted = examine.shown_view(interacts(desk, "view_submission", view=view(metadata))["view"])
    for text in (typed, pressed, submitted):
        assert "Something in the bot went wrong." in text
        reference = text.replace("\n[Close]", "").rpartition(" ")[2]
        assert f"reference {reference}" in caplog.text
        assert "canary" not in text
        assert "Traceback" not in text


def test_an_unforeseen_error_behind_the_acknowledgement_is_told_as_well(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(desk.stage.previews, "show", surprised)
    types(desk, "/failover set nba flat")
    desk.works()
    assert "Something in the bot went wrong." in last(desk)
    assert "Surprise" in caplog.text


def test_a_person_who_cannot_be_told_is_logged(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(desk.stage.previews, "show", surprised)
    types(desk, "/failover set nba flat")
    desk.screen.problem = SlackProblem("response_url_404")
    desk.works()
    assert "the person could not be told: response_url_404" in caplog.text


def event(desk: Desk, **content: Any) -> int:
    body = json.dumps({"type": "event_callback", "event_id": "Ev1", "event": content}).encode()
    return desk.knocks(desk.signed(body, "application/json"))[0]


def test_a_changed_membership_is_forgotten(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    forgotten: list[str] = []
    monkeypatch.setattr(type(desk.stage.access), "forget", lambda _, one: forgotten.append(one))
    assert event(desk, type="subteam_members_changed", subteam_id="S1") == 200
    assert event(desk, type="subteam_updated", subteam={"id": "S2"}) == 200
    assert event(desk, type="subteam_updated", subteam="S3") == 200
    assert forgotten == ["S1", "S2"]
