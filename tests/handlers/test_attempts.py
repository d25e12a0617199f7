"""What is refused before there is a record is in the audit record all the same."""

from __future__ import annotations

import json
from typing import Any

import pytest

from blocks import errors, ids
from failover.audit import Attempt, Doing
from failover.lifecycle import State
from failover.policy import Protect
from failover.roles import Role
from sandbox.slack import payloads as slack_payloads
from sandbox.slack.payloads import Parcel
from sandbox.slack.sample import ADMIN, LIVEOPS, OPERATOR, VIEWER
from sandbox.slack.signing import encoded
from tests.builders import group, policy
from tests.handlers.acting import interacts, last, presses, types
from tests.handlers.conftest import Desk
from tests.handlers.set_desk import SET, previewed, sports_desk
from tests.handlers.test_second_person import ON_THE_CARD, declining


def noted(desk: Desk) -> list[tuple[str, str, str]]:
    """Who tried what, and why it was refused."""
    return [(one.actor.user_id, one.doing, one.why) for one in desk.audit.attempts]


def only(desk: Desk) -> Attempt:
    (attempt,) = desk.audit.attempts
    return attempt


@pytest.fixture
def closed(desk: Desk) -> Desk:
    """Where nobody may look who is not named."""
    desk.stage.rules = policy(default_role=Role.NONE)
    return desk


def assert_shut(desk: Desk) -> None:
    told = json.dumps(desk.screen.messages + desk.screen.views)
    assert "role" in told
    assert "NBA Finals" not in told


LOOKS = [
    ("list", "list"), ("status", "list"), ("list nba", "list"), ("status nba", "status"),
    ("history", "history"), ("history nba", "history"), ("undo", "undo"), ("undo nba now", "undo"),
    ("nba", "form"), ("", "form"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "at"), LOOKS)
def test_a_look_that_is_refused(closed: Desk, line: str, at: str) -> None:
    types(closed, f"/failover {line}".rstrip(), VIEWER)
    closed.works()
    assert noted(closed) == [(VIEWER, Doing.LOOK, "role")]
    assert only(closed).details == {"at": at}
    assert only(closed).channel_id == LIVEOPS
    assert_shut(closed)


@pytest.mark.parametrize("line", ["help", "whoami"])
def test_what_everybody_may_ask_is_no_attempt(closed: Desk, line: str) -> None:
    types(closed, f"/failover {line}", VIEWER)
    closed.works()
    assert noted(closed) == []


@pytest.mark.parametrize("line", ["list", "status nba", "history", "nba", "undo"])
def test_whoever_may_look_leaves_no_entry(closed: Desk, line: str) -> None:
    types(closed, f"/failover {line}", ADMIN)
    closed.works()
    assert noted(closed) == []


@pytest.mark.parametrize("line", ["list", "status nba", "history", "nba"])
def test_without_the_note_the_door_stays_shut(closed: Desk, line: str) -> None:
    closed.audit.broken = True
    types(closed, f"/failover {line}", VIEWER)
    closed.works()
    assert_shut(closed)


def test_a_further_page_that_is_refused(closed: Desk) -> None:
    presses(closed, ids.MORE_GROUPS, json.dumps({"filter": "", "start": 5}), user=VIEWER)
    closed.works()
    assert noted(closed) == [("U0VIEWER", "look", "role")]
    assert closed.screen.messages == []


@pytest.fixture
def asked(desk: Desk) -> str:
    """A change that waits for a second person; its ID."""
    desk.stage.rules = policy(protects=(Protect(),))
    types(desk, "/failover set nba prioritized now")
    desk.works()
    (record,) = desk.stage.ledger.records.values()
    assert record.state is State.AWAITING
    return record.id


DECISIONS = [
    (ids.APPROVE, VIEWER, "approve", "role"),
    (ids.APPROVE, OPERATOR, "approve", "own_request"),
    (ids.DECLINE, VIEWER, "decline", "role"),
    (ids.DECLINE, OPERATOR, "decline", "own_request"),
    (ids.WITHDRAW, VIEWER, "withdraw", "not_yours"),
]


@pytest.mark.parametrize(("action_id", "user", "doing", "why"), DECISIONS)
def test_a_decision_that_is_not_theirs(
    desk: Desk, asked: str, action_id: str, user: str, doing: str, why: str
) -> None:
    presses(desk, action_id, asked, user=user, **ON_THE_CARD)
    desk.works()
    assert noted(desk) == [(user, doing, why)]
    attempt = only(desk)
    assert (attempt.change_id, attempt.group_name) == (asked, "NBA Finals")
    assert desk.stage.ledger.records[asked].state is State.AWAITING


@pytest.mark.parametrize(("action_id", "user", "doing", "why"), DECISIONS)
def test_without_the_note_a_decision_counts_no_more(
    desk: Desk, asked: str, action_id: str, user: str, doing: str, why: str
) -> None:
    desk.audit.broken = True
    presses(desk, action_id, asked, user=user, **ON_THE_CARD)
    desk.works()
    assert desk.stage.ledger.records[asked].state is State.AWAITING
    assert list(desk.stage.uplynk.sent) == []
    assert desk.screen.messages or desk.screen.views


def test_a_reason_for_what_is_decided_already(desk: Desk, asked: str) -> None:
    presses(desk, ids.APPROVE, asked, user=ADMIN, **ON_THE_CARD)
    desk.works()
    assert noted(desk) == [], "what counts is in the record"
    interacts(desk, "view_submission", user=ADMIN, view=declining(asked, "no"))
    desk.works()
    assert noted(desk) == [(ADMIN, "decline", "not_open")]
    presses(desk, ids.APPROVE, "forged", user=ADMIN, **ON_THE_CARD)
    desk.works()
    assert noted(desk)[1:] == [(ADMIN, "approve", "unknown")]


def test_a_decision_keeps_what_its_person_was_called(desk: Desk, asked: str) -> None:
    presses(desk, ids.APPROVE, asked, user=ADMIN, **ON_THE_CARD)
    desk.works()
    record = desk.stage.ledger.records[asked]
    assert record.state is State.VERIFIED
    assert record.facts["names"] == {ADMIN: "x"}


def sent_late(desk: Desk, parcel: Parcel) -> None:
    old = desk.signer.sign(*encoded(parcel), str(int(desk.stage.clock().timestamp()) - 6))
    assert desk.knocks(old)[0] == 200
    desk.works()


def test_an_approval_that_comes_late(desk: Desk, asked: str, monkeypatch: Any) -> None:
    monkeypatch.setattr("handlers.payload.is_late", lambda *_: True)
    presses(desk, ids.APPROVE, asked, user=ADMIN, **ON_THE_CARD)
    desk.works()
    assert noted(desk) == [(ADMIN, "approve", "late")]
    assert last(desk) == errors.LATE


@pytest.fixture
def sports(desk: Desk) -> Desk:
    return sports_desk(desk)


def test_a_set_that_comes_late(sports: Desk) -> None:
    sports.stage.groups.all()
    channel = sports.world.channels[LIVEOPS]
    sent_late(sports, slack_payloads.command(sports.world, OPERATOR, channel, SET + " now"))
    assert noted(sports) == [(OPERATOR, "change", "late")]
    assert only(sports).group_name == "sports*"


def test_a_second_set_at_the_same_time(sports: Desk) -> None:
    first, second = previewed(sports), previewed(sports)
    presses(sports, ids.APPLY_SET, first)
    presses(sports, ids.APPLY_SET, second)
    sports.works()
    assert noted(sports) == [(OPERATOR, "change", "set_under_way")]


@pytest.mark.parametrize("now", ["", " now"])
def test_a_pattern_for_too_many_groups(desk: Desk, now: str) -> None:
    many = {f"{n:032d}": group(id=f"{n:032d}", name=f"sports-{n}") for n in range(51)}
    desk.stage.uplynk.groups = many
    desk.stage.groups.all()
    types(desk, SET + now)
    desk.works()
    assert noted(desk) == [(OPERATOR, "change", "too_many")]
