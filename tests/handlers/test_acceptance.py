"""Too late is too late, but a late repetition of what was taken on says how that stands."""

from __future__ import annotations

from blocks import errors
from sandbox.slack import payloads as slack_payloads
from sandbox.slack.sample import LIVEOPS, OPERATOR
from sandbox.slack.signing import encoded
from tests.handlers.acting import shown, types
from tests.handlers.conftest import Desk

LINE = "/failover set nba prioritized now"


def test_a_command_that_comes_too_late_is_not_taken_on(desk: Desk) -> None:
    channel = desk.world.channels[LIVEOPS]
    request = desk.signed(*encoded(slack_payloads.command(desk.world, OPERATOR, channel, LINE)))
    desk.stage.clock.advance(4)
    status, body = desk.knocks(request)
    assert status == 200
    assert b"too late" in body
    desk.works()
    assert desk.stage.ledger.records == {}
    assert list(desk.stage.uplynk.sent) == []


def test_one_in_time_is(desk: Desk) -> None:
    assert types(desk, LINE) == {}
    desk.works()
    assert len(desk.stage.uplynk.sent) == 1


def test_a_late_repetition_does_not_say_that_it_was_not_done(desk: Desk) -> None:
    channel = desk.world.channels[LIVEOPS]
    request = desk.signed(*encoded(slack_payloads.command(desk.world, OPERATOR, channel, LINE)))
    assert desk.knocks(request) == (200, b"")
    desk.works()
    desk.stage.clock.advance(60)
    assert desk.knocks(request) == (200, b"")
    desk.works()
    assert len(desk.stage.uplynk.sent) == 1


def test_what_is_stored_too_late_is_ended_and_never_sent(desk: Desk) -> None:
    receive = desk.stage.ledger.receive

    def slow(record, tell):  # type: ignore[no-untyped-def]
        desk.stage.clock.advance(4)
        return receive(record, tell)

    desk.stage.ledger.receive = slow  # type: ignore[method-assign]
    assert shown(types(desk, LINE)) == errors.LATE
    desk.works()
    (record,) = desk.stage.ledger.records.values()
    assert (record.state, record.why) == ("failed", "late")
    assert list(desk.stage.uplynk.sent) == []
