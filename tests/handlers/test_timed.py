"""What is timed at the doors: each of Slack's requests that was answered, each form opened."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from failover.errors import SlackProblem
from failover.lifecycle import ReplyTo
from handlers.background import Background
from handlers.edge import Edge
from sandbox.slack.signing import FORM
from services.observing import Part, Unmetered
from tests.handlers.conftest import SECRET, SIGNATURE, START, Desk


class Clock(Unmetered):
    """Keeps what took how long."""

    def __init__(self) -> None:
        self.told: list[tuple[str, bool]] = []

    def took(self, part: str, seconds: float) -> None:
        self.told.append((part, 0 <= seconds < 30))


@pytest.fixture
def answered(desk: Desk) -> list[float]:
    told: list[float] = []
    desk.edge = Edge(desk.app, SECRET, START.timestamp, told.append)
    return told


def test_each_request_of_slack_is_timed_once(desk: Desk, answered: list[float]) -> None:
    hello = json.dumps({"type": "url_verification", "challenge": "x"}).encode()
    assert desk.knocks(desk.signed(hello, "application/json"))[0] == 200
    assert desk.knocks(desk.signed(b"command=%2Ffailover&text=help&unknown=1", FORM))[0] == 200
    assert len(answered) == 2
    assert all(0 <= seconds < 30 for seconds in answered)


def test_what_is_not_slack_s_is_not_timed(desk: Desk, answered: list[float]) -> None:
    signed = desk.signed(b"command=%2Ffailover", FORM)
    forged = replace(signed, headers={**signed.headers, SIGNATURE: "v0=0"})
    assert desk.knocks(forged)[0] == 401
    assert desk.knocks(replace(signed, body=b"ssl_check=1"))[0] == 200
    assert desk.knocks(desk.signed(b"{", "application/json"))[0] == 400
    assert answered == []


@pytest.mark.parametrize("problem", [None, SlackProblem("fatal_error")])
def test_a_form_is_timed_when_it_is_open_or_can_not_be(
    desk: Desk, problem: SlackProblem | None
) -> None:
    clock = Clock()
    background = Background(replace(desk.services, meters=clock))

    def job() -> None:
        assert clock.told == []
        if problem is not None:
            raise problem

    assert background.open_door(ReplyTo(view_id="V1"), job)
    assert clock.told == []
    desk.works()
    assert clock.told == [(Part.FORM, True)]


def test_a_form_that_found_no_room_is_not_timed(desk: Desk) -> None:
    clock = Clock()
    desk.stage.work.room = 0
    background = Background(replace(desk.services, meters=clock))
    assert not background.open_door(ReplyTo(view_id="V1"), lambda: None)
    desk.works()
    assert clock.told == []
