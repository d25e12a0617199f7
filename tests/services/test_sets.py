"""A set is carried out: stored first, one after the other, up to the first surprise."""

from __future__ import annotations

from datetime import timedelta

import pytest

from blocks import reasons
from failover.errors import (
    Rejected,
    SetUnderWay,
)
from failover.lifecycle import Request, State, Why
from failover.model import Mode
from failover.policy import Protect
from failover.sets import SetState
from services.approvals import Decided
from services.set_previews import TooMany
from tests.builders import ADMIN, FLAT, OPERATOR, policy
from tests.fakes import LOST, Write
from tests.services.set_stage import SetStage, sports
from tests.stage import PACE

V, U, R, F = State.VERIFIED, State.UNCHANGED, State.REFUSED, State.FAILED
REFUSED = Write(Rejected("PATCH x", status=400), late=None)


def test_all_are_applied_in_their_sequence_each_with_its_own_card() -> None:
    stage = SetStage()
    known = stage.applies(reason="rehearsal")
    assert stage.ends(known) == [V] * 4
    assert [one.group_id for one in stage.uplynk.sent] == [m.group_id for m in known.members]
    for record in stage.members(known):
        assert (record.request.reason, record.request.set_id) == ("rehearsal", known.id)
        assert record.request.seen is not None
    stage.cards.tick()
    stage.answers.tick()
    assert len(stage.messenger.cards) == 4
    assert stage.messenger.answers == []
    assert [row.due_at for row in stage.ledger.rows] == [None] * len(stage.ledger.rows)
    assert stage.set_store.sets[known.id].state is SetState.TOLD


def test_every_member_is_stored_before_the_first_is_sent() -> None:
    stage = SetStage()
    known, first = stage.confirms(stage.shows().group_set)
    assert first
    assert stage.ends(known) == [State.RECEIVED] * 4
    assert stage.uplynk.sent == []


def test_a_second_press_is_the_same_set() -> None:
    stage = SetStage()
    shown = stage.shows().group_set
    assert stage.confirms(shown)[1]
    assert not stage.confirms(shown, go_on=True)[1]
    stage.set_runner.tick()
    stage.work.run()
    assert not stage.confirms(shown)[1]
    assert len(stage.uplynk.sent) == 4
    assert not stage.set_store.sets[shown.id].go_on


def test_a_cancelled_set_is_not_carried_out_and_an_applied_one_not_cancelled() -> None:
    stage = SetStage()
    shown = stage.shows().group_set
    stage.set_previews.cancel(shown.id)
    known, first = stage.confirms(shown)
    assert (known.state, first) == (SetState.CANCELLED, False)
    other = stage.shows().group_set
    stage.confirms(other)
    cancelled = stage.set_previews.cancel(other.id)
    assert cancelled is not None
    assert cancelled.state is SetState.TAKEN
    assert stage.set_previews.cancel("unknown") is None


def test_nobody_has_two_sets_under_way() -> None:
    stage = SetStage()
    stage.confirms(stage.shows("sports *").group_set)
    with pytest.raises(SetUnderWay):
        stage.confirms(stage.shows("*t").group_set)
    stage.work.run()
    assert stage.confirms(stage.shows("*t", change=FLAT).group_set)[1]


def test_a_surprise_stops_those_that_come_after_it() -> None:
    stage = SetStage()
    stage.uplynk.writes.extend([Write(), REFUSED])
    known = stage.applies()
    assert stage.ends(known) == [V, F, R, R]
    for record in stage.members(known)[2:]:
        assert record.why is Why.SET_STOPPED
        assert record.facts == {"group": "Sports North", "state": "failed"}
    assert len(stage.uplynk.sent) == 2
    stage.cards.tick()
    assert len(stage.messenger.cards) == 2


def test_it_goes_on_after_trouble_when_asked() -> None:
    stage = SetStage()
    stage.uplynk.writes.extend([REFUSED, Write(), LOST])
    assert stage.ends(stage.applies(go_on=True)) == [F, V, F, V]


def test_what_changed_since_it_was_shown_is_a_surprise() -> None:
    stage = SetStage()
    shown = stage.shows().group_set
    stage.uplynk.groups["sports-north"] = sports("Sports North", active_slicer_id="s2")
    known, _ = stage.confirms(shown)
    stage.work.run()
    assert [one.why for one in stage.members(known)] == [
        None, Why.STALE, Why.SET_STOPPED, Why.SET_STOPPED
    ]  # fmt: skip


def test_what_became_so_in_the_meantime_is_none() -> None:
    stage = SetStage()
    shown = stage.shows().group_set
    stage.uplynk.groups["sports-north"] = sports("Sports North", mode=Mode.PRIORITIZED)
    known, _ = stage.confirms(shown)
    stage.work.run()
    assert stage.ends(known) == [V, U, V, V]


def test_a_protection_that_came_since_refuses_and_stops_the_set() -> None:
    stage = SetStage()
    shown = stage.shows().group_set
    stage.rules = policy(protects=(Protect(("sports north",)),))
    known, _ = stage.confirms(shown)
    stage.work.run()
    assert stage.ends(known) == [V, R, R, R]
    refused = stage.members(known)[1]
    assert (refused.why, refused.facts["rules"][0]["rule"]) == (Why.RULE, "protect")
    assert stage.approvals.approve(refused.id, ADMIN).code is Decided.NOT_OPEN
    assert "Ask for it by itself" in reasons.of(refused)
    stage.cards.tick()
    stage.answers.tick()
    assert len(stage.messenger.cards) == 1
    assert stage.messenger.answers == []
    assert stage.set_screen.last.ended


def test_a_protected_group_does_not_stop_what_goes_on_after_trouble() -> None:
    stage = SetStage()
    shown = stage.shows().group_set
    stage.rules = policy(protects=(Protect(("sports north",)),))
    known, _ = stage.confirms(shown, go_on=True)
    stage.work.run()
    assert stage.ends(known) == [V, R, V, V]


def test_a_long_set_is_not_taken_for_one_that_waited_too_long() -> None:
    stage = SetStage()
    stage.uplynk.read_takes = PACE.resume / 5
    known = stage.applies()
    assert stage.ends(known) == [V] * 4
    took = stage.clock() - known.request.received_at
    assert took > timedelta(seconds=PACE.resume)
    for record in stage.members(known):
        assert record.ended_at is not None
        assert record.ended_at - record.request.received_at < timedelta(seconds=PACE.resume)


def test_a_set_that_waited_too_long_for_a_thread_is_not_begun() -> None:
    stage = SetStage()
    known, _ = stage.confirms(stage.shows().group_set)
    stage.clock.advance(PACE.resume + 1)
    stage.work.run()
    assert stage.ends(known) == [R] * 4
    assert {one.why for one in stage.members(known)} == {Why.SET_STOPPED}
    assert stage.set_screen.last.ended


def test_a_set_without_a_thread_is_ended_and_told() -> None:
    stage = SetStage()
    stage.work.room = 0
    known, _ = stage.confirms(stage.shows().group_set)
    stage.set_runner.tick()
    assert stage.ends(known) == [R] * 4
    assert stage.members(known)[0].facts == {}
    assert stage.set_store.sets[known.id].state is SetState.TOLD


def test_a_set_that_came_too_late_is_given_up_without_a_word() -> None:
    stage = SetStage()
    shown = stage.shows().group_set
    known, _ = stage.set_runner.confirmed(shown, OPERATOR, shown.request.reply, go_on=False)
    stage.set_runner.give_up(known)
    stage.set_runner.tick()
    assert {one.why for one in stage.members(known)} == {Why.LATE}
    assert stage.set_screen.told == []


def test_a_giving_up_that_is_not_stored_is_made_good() -> None:
    stage = SetStage()
    shown = stage.shows().group_set
    known, _ = stage.set_runner.confirmed(shown, OPERATOR, shown.request.reply, go_on=False)
    stage.ledger.broken = 1
    stage.set_runner.give_up(known)
    stage.set_runner.tick()
    assert stage.ends(known) == [R] * 4
    assert stage.uplynk.sent == []


def test_now_takes_every_group_from_memory_and_checks_each_at_its_turn() -> None:
    stage = SetStage()
    assert stage.set_previews.at_once(stage.asks()) is None
    stage.groups.all()
    stage.uplynk.groups["sports-north"] = sports("Sports North", mode=Mode.PRIORITIZED)
    found = stage.set_previews.at_once(stage.asks())
    assert found is not None
    assert not isinstance(found, TooMany | Request)
    known, first = stage.set_runner.confirmed(found, OPERATOR, found.request.reply, go_on=False)
    again = stage.set_previews.at_once(stage.asks())
    assert first
    assert stage.set_runner.confirmed(again, OPERATOR, found.request.reply, go_on=False) == (  # type: ignore[arg-type]
        known, False
    )  # fmt: skip
    stage.set_runner.start(known)
    stage.work.run()
    assert stage.ends(known) == [V, U, V, V]
