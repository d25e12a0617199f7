"""Each typed line: acknowledged at once, stored first, done afterwards."""

from __future__ import annotations

import json

import pytest

from blocks import errors
from failover.change import Activate, Change, Channels, Configure, Order, Owners, Slate
from failover.errors import LedgerUnavailable
from failover.lifecycle import Record, State, Why
from failover.measures import Lock, Pause, Resume, Unlock
from failover.model import Mode
from failover.policy import Rule
from failover.roles import Role
from sandbox.slack import payloads as slack_payloads
from sandbox.slack.sample import ADMIN, LIVEOPS, OPERATOR, OUTSIDER, VIEWER
from sandbox.slack.signing import encoded
from tests.blocks import examine
from tests.builders import ID_B, group, policy
from tests.fake_time import fails_at
from tests.handlers.acting import interacts, last, opened, shown, types, view
from tests.handlers.conftest import Desk

EVERY: dict[str, Change] = {
    "set nba prioritized failback on": Configure(Mode.PRIORITIZED, auto_failback=True),
    "activate nba s2": Activate("s2"),
    "slate nba on": Slate(True),
    "order nba s2, -s1": Order((("s2", True), ("s1", False))),
    "channels nba add c1, c2": Channels(add=("c1", "c2")),
    "owners nba add o1": Owners(add=("o1",)),
}
MEASURES: dict[str, Change] = {
    "lock nba for 2h because rehearsal": Lock(7200),
    "unlock nba because rehearsal": Unlock(),
    "pause because rehearsal": Pause(),
    "resume because rehearsal": Resume(),
}


def only(desk: Desk) -> Record:
    """The one record there is."""
    (record,) = desk.stage.ledger.records.values()
    return record


def test_now_is_stored_before_it_is_acknowledged_and_done_afterwards(desk: Desk) -> None:
    assert types(desk, "/failover set nba prioritized now because rehearsal") == {}
    (record,) = desk.stage.ledger.records.values()
    assert (record.state, record.request.reason) == (State.RECEIVED, "rehearsal")
    assert list(desk.stage.uplynk.sent) == []
    desk.works()
    assert desk.stage.ledger.records[record.id].state is State.VERIFIED


def test_the_same_command_delivered_again_is_one_change(desk: Desk) -> None:
    channel = desk.world.channels[LIVEOPS]
    parcel = slack_payloads.command(
        desk.world, OPERATOR, channel, "/failover set nba prioritized now"
    )
    for _ in range(3):
        assert desk.sends(parcel) == {}
    desk.works()
    assert len(desk.stage.ledger.records) == 1
    assert len(desk.stage.uplynk.sent) == 1


def test_a_late_command_is_not_carried_out(desk: Desk) -> None:
    channel = desk.world.channels[LIVEOPS]
    parcel = slack_payloads.command(desk.world, OPERATOR, channel, "/failover set nba flat now")
    old = desk.signer.sign(*encoded(parcel), str(int(desk.stage.clock().timestamp()) - 6))
    status, body = desk.knocks(old)
    assert status == 200
    assert shown(json.loads(body)) == errors.LATE
    desk.works()
    assert desk.effects == (0, 0, 0)
    (attempt,) = desk.audit.attempts
    assert (attempt.actor.user_id, attempt.doing, attempt.why) == (OPERATOR, "change", "late")
    assert (attempt.channel_id, attempt.group_name) == (LIVEOPS, "nba")


def test_without_a_record_nothing_is_taken_on(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise LedgerUnavailable("OperationalError")

    monkeypatch.setattr(desk.stage.ledger, "receive", fails)
    assert shown(types(desk, "/failover set nba flat now")) == errors.UNRECORDED
    submitted = interacts(desk, "view_submission", view=view(opened(desk)))
    assert submitted["response_action"] == "update"
    assert errors.UNRECORDED in examine.shown_view(submitted["view"])
    assert list(desk.stage.uplynk.sent) == []


def test_a_pool_without_room_says_so(desk: Desk) -> None:
    desk.stage.work.room = 0
    assert shown(types(desk, "/failover set nba flat")) == errors.BUSY
    assert shown(types(desk, "/failover status nba")) == errors.BUSY
    assert shown(types(desk, "/failover")) == errors.BUSY
    assert shown(types(desk, "/failover undo")) == errors.BUSY
    assert shown(types(desk, "/failover history")) == errors.BUSY


def test_a_line_that_makes_no_sense_is_answered_at_once(desk: Desk) -> None:
    said = types(desk, "/failover set nba flatt")
    assert said["response_type"] == "ephemeral"
    assert "Did you mean: /failover set nba flat" in shown(said)
    assert desk.effects == (0, 0, 0)


@pytest.mark.parametrize("line", ["help", "whoami", "list", "status", "list golf", "status nba"])
def test_what_only_shows(desk: Desk, line: str) -> None:
    said = types(desk, f"/failover {line}", VIEWER)
    desk.works()
    drawn = said or desk.screen.messages[-1]
    examine.message({"text": drawn["text"], "blocks": drawn["blocks"]}, private=True)
    assert desk.stage.ledger.records == {}


@pytest.mark.parametrize("line", ["list", "status", "status nba", "", "nba"])
def test_who_has_no_role_sees_nothing_and_is_told_who_has_one(desk: Desk, line: str) -> None:
    desk.stage.rules = policy(default_role=Role.NONE)
    said = types(desk, f"/failover {line}".rstrip(), OUTSIDER)
    desk.works()
    texts = [shown(said)] if said else []
    texts += [shown(one) for one in desk.screen.messages]
    texts += [examine.shown_view(one) for one in desk.screen.opened + desk.screen.views]
    assert "NBA" not in "".join(texts)
    assert "you need the role" in texts[-1]
    assert "Who has it: " in texts[-1]


def test_a_refused_person_gets_words_and_a_record(desk: Desk) -> None:
    types(desk, "/failover set nba prioritized now", VIEWER)
    desk.works()
    (record,) = desk.stage.ledger.records.values()
    assert record.state is State.REFUSED
    assert list(desk.stage.uplynk.sent) == []


@pytest.mark.parametrize(("line", "change"), EVERY.items(), ids=list(EVERY))
def test_every_action_with_now_is_stored_first(desk: Desk, line: str, change: Change) -> None:
    assert types(desk, f"/failover {line} now because rehearsal", ADMIN) == {}
    assert (only(desk).state, only(desk).request.change) == (State.RECEIVED, change)
    assert only(desk).request.seen is None
    assert list(desk.stage.uplynk.sent) == []
    desk.works()
    assert only(desk).state is State.VERIFIED
    assert len(desk.stage.uplynk.sent) == 1


@pytest.mark.parametrize(("line", "change"), EVERY.items(), ids=list(EVERY))
def test_every_action_without_now_is_only_shown(desk: Desk, line: str, change: Change) -> None:
    assert types(desk, f"/failover {line} because rehearsal", ADMIN) == {}
    assert desk.stage.ledger.records == {}, "the group is read in the background"
    desk.works()
    examine.message(desk.screen.messages[-1], private=True)
    assert "[Apply] [Cancel]" in last(desk)
    assert (only(desk).state, only(desk).request.change) == (State.SHOWN, change)
    assert list(desk.stage.uplynk.sent) == []


@pytest.mark.parametrize("now", ["", " now"])
@pytest.mark.parametrize("line", EVERY)
def test_every_action_of_somebody_without_the_role(desk: Desk, line: str, now: str) -> None:
    assert types(desk, f"/failover {line}{now}", VIEWER) == {}
    desk.works()
    assert (only(desk).state, only(desk).why) == (State.REFUSED, Why.ROLE)
    assert list(desk.stage.uplynk.sent) == []


@pytest.mark.parametrize(("line", "change"), MEASURES.items(), ids=list(MEASURES))
def test_a_measure_is_taken_on_at_once_like_a_change(desk: Desk, line: str, change: Change) -> None:
    assert types(desk, f"/failover {line}", ADMIN) == {}
    record = only(desk)
    assert (record.state, record.request.change) == (State.RECEIVED, change)
    assert record.request.reason == "rehearsal"
    desk.works()
    undone = isinstance(change, Unlock | Resume)
    assert only(desk).state is (State.UNCHANGED if undone else State.DONE)
    assert list(desk.stage.uplynk.sent) == []


@pytest.mark.parametrize("line", MEASURES)
def test_a_measure_that_cannot_be_stored_is_not_in_force(desk: Desk, line: str) -> None:
    desk.stage.ledger.trip = fails_at("receive:before", LedgerUnavailable("down"))
    assert shown(types(desk, f"/failover {line}", ADMIN)) == errors.UNRECORDED
    desk.works()
    assert desk.stage.ledger.records == {}
    assert desk.stage.forces.rows == {}


@pytest.mark.parametrize("now", ["", " now"])
def test_an_override_is_asked_for_by_its_name(desk: Desk, now: str) -> None:
    types(desk, f"/failover slate nba on{now} override lock because the feed is black", ADMIN)
    desk.works()
    assert only(desk).request.override is Rule.LOCK
    assert only(desk).request.reason == "the feed is black"


@pytest.mark.parametrize("now", ["", " now"])
def test_of_several_groups_none_is_changed(desk: Desk, now: str) -> None:
    desk.stage.uplynk.groups[ID_B] = group(id=ID_B, name="NBA Replay")
    types(desk, f"/failover slate n on{now}")
    desk.works()
    assert (only(desk).state, only(desk).why) == (State.REFUSED, Why.AMBIGUOUS_GROUP)
    assert list(desk.stage.uplynk.sent) == []
