"""A process that dies, a database that fails, a bot that stops: the rest is never begun."""

from __future__ import annotations

import pytest

from failover.errors import (
    LedgerUnavailable,
    Rejected,
)
from failover.lifecycle import HOLDING, State
from failover.notices import Kind
from failover.sets import SetState, stopped_by
from tests.builders import SECOND, flat
from tests.fakes import Write, fails_at
from tests.services.set_stage import SetStage
from tests.stage import PACE

V, R = State.VERIFIED, State.REFUSED
REFUSED = Write(Rejected("PATCH x", status=400), late=None)


def test_what_was_not_sent_when_the_process_died_is_never_sent() -> None:
    stage = SetStage()
    stage.uplynk.trip = fails_at("write:after", KeyboardInterrupt())  # type: ignore[arg-type]
    known, _ = stage.confirms(stage.shows().group_set)
    with pytest.raises(KeyboardInterrupt):
        stage.work.run()
    assert stage.ends(known) == [State.SENDING, *[State.RECEIVED] * 3]
    stage.restart()
    stage.runner.recover(PACE)
    stage.set_runner.tick()
    assert stage.ends(known)[1:] == [R] * 3
    assert not any(one.ended for _, one in stage.set_screen.told)
    stage.work.run()
    stage.set_runner.tick()
    assert stage.ends(known) == [V, R, R, R]
    assert len(stage.uplynk.sent) == 1
    assert stage.set_screen.last.ended
    assert stage.members(known)[1].facts == {}
    assert stage.set_store.sets[known.id].state is SetState.TOLD


def test_those_that_wait_for_their_turn_are_left_to_it() -> None:
    stage = SetStage()
    known, _ = stage.confirms(stage.shows().group_set)
    job = stage.work.jobs.pop()
    stage.clock.advance(PACE.resume / 2)
    stage.runner.recover(PACE)
    stage.set_runner.tick()
    assert list(stage.work.jobs) == []
    job()
    assert stage.ends(known) == [V] * 4


def test_a_bot_that_stops_begins_no_further_one() -> None:
    stage = SetStage()
    known, _ = stage.confirms(stage.shows().group_set)
    stage.timer.stop_after = 1
    stage.work.run()
    assert stage.ends(known) == [V, V, R, R] or stage.ends(known) == [V, R, R, R]
    assert stage.set_screen.last.ended


def test_a_database_that_fails_in_the_middle_stops_it() -> None:
    stage = SetStage()
    known, _ = stage.confirms(stage.shows().group_set)
    stage.uplynk.trip = lambda point: (
        setattr(stage.ledger, "broken", True) if point == "write:after" else None
    )
    stage.timer.stop_after = 3
    stage.work.run()
    assert len(stage.uplynk.sent) == 1
    stage.ledger.broken = False
    stage.uplynk.trip = lambda _: None
    stage.restart()
    stage.runner.recover(PACE)
    stage.work.run()
    stage.set_runner.tick()
    assert stage.ends(known) == [V, R, R, R]
    assert len(stage.uplynk.sent) == 1


def test_without_a_record_nothing_is_taken_on() -> None:
    stage = SetStage()
    shown = stage.shows().group_set
    stage.ledger.broken = 1
    with pytest.raises(LedgerUnavailable):
        stage.confirms(shown)
    assert stage.set_store.sets[shown.id].state is SetState.SHOWN
    assert stage.confirms(shown)[1]


def test_another_person_may_have_a_set_at_the_same_time() -> None:
    stage = SetStage()
    shown = stage.shows().group_set
    stage.confirms(shown)
    other = stage.shows("*t").group_set
    assert stage.set_runner.confirmed(other, SECOND, other.request.reply, go_on=False)[1]


def test_no_card_and_no_answer_of_those_that_were_not_begun() -> None:
    stage = SetStage(flat(id="a", name="Sports A"), flat(id="b", name="Sports B"))
    stage.uplynk.writes.append(REFUSED)
    known = stage.applies()
    first, second = stage.members(known)
    assert set(stage.ledger.told(first.id)) == {Kind.CARD, Kind.ANSWER}
    assert stage.ledger.told(second.id) == {}
    assert stopped_by(first) == second.facts
    assert first.state not in HOLDING
