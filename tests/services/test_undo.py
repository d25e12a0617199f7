"""Changes taken back: which, by whom, on what, and what stands against it; the history."""

from dataclasses import replace
from typing import Any

import pytest

from failover.change import Activate, Change, Channels, Configure, Order, Owners, Slate
from failover.lifecycle import Actor, Record, Request, State, Why
from failover.model import FailoverGroup, Mode
from failover.pictures import Preview
from failover.policy import Rule
from failover.restore import Restore
from failover.writes import same_settings
from tests.builders import ADMIN, ID_A, ID_B, OPERATOR, SECOND, flat, group, request, slicers
from tests.fakes import LOST, TIMED_OUT, Write, silent
from tests.services.every_change import CASES, FAILING_BACK, MANUAL, NAMES, TWO_STEPS, Case
from tests.services.test_change_outcomes import REFUSALS
from tests.services.test_two_writes import on_write, staged
from tests.stage import Stage

NEWS = flat(id=ID_B, name="News")


def press(stage: Stage, key: str = "undo", actor: Actor = ADMIN, **given: Any) -> Request:
    return request(key=key, actor=actor, received_at=stage.clock(), **given)


def makes(stage: Stage, wanted: Request | None) -> Record:
    assert wanted is not None
    accepted, _ = stage.changes.accept(wanted)
    record = stage.changes.run(accepted)
    assert record is not None
    return record


def undoes(stage: Stage, made: Record, key: str = "undo", actor: Actor = ADMIN) -> Record:
    return makes(stage, stage.previews.undone(made.id, press(stage, key, actor)))


def same(one: FailoverGroup, other: FailoverGroup) -> bool:
    return same_settings(one, other) and one.active_slicer_id == other.active_slicer_id


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_there_and_back_and_there_again(case: Case) -> None:
    stage = case.stage()
    made = stage.does(change=case.change, actor=case.actor)
    back = undoes(stage, made, "undo-1")
    assert back.state is State.VERIFIED
    assert same(stage.uplynk.groups[ID_A], case.there)
    assert isinstance(back.request.change, Restore)
    assert back.request.change.change_id == made.id
    again = undoes(stage, back, "undo-2")
    assert again.state is State.VERIFIED
    assert same(stage.uplynk.groups[ID_A], case.then)


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_an_undo_is_shown_before_it_is_made(case: Case) -> None:
    stage = case.stage()
    made = stage.does(change=case.change, actor=case.actor)
    undo = stage.previews.undone(made.id, press(stage))
    assert undo is not None
    preview = stage.previews.show(undo)
    assert isinstance(preview, Preview)
    assert (preview.change, preview.reading.group) == (undo.change, made.after)
    assert len(stage.uplynk.sent) == len(case.writes)


def test_an_undo_keeps_the_persons_own_words_and_takes_over_none() -> None:
    stage = Stage()
    made = stage.does(reason="why", override=Rule.FREEZE)
    given = press(stage, override=Rule.COOLDOWN, reason="it was wrong")
    undo = stage.previews.undone(made.id, given)
    plain = stage.previews.undone(made.id, press(stage))
    assert undo is not None
    assert plain is not None
    assert (undo.reason, undo.override) == ("it was wrong", Rule.COOLDOWN)
    assert (plain.reason, plain.override) == (f"undo of change {made.id[:8]}", None)


def test_a_change_that_stopped_halfway_is_taken_back() -> None:
    stage = staged(Write(), Write(REFUSALS[0][0], late=None))
    made = stage.does(change=TWO_STEPS)
    back = undoes(stage, made, actor=OPERATOR)
    assert back.state is State.VERIFIED
    assert stage.uplynk.groups[ID_A] == FAILING_BACK


def test_a_change_that_stopped_halfway_is_taken_back_although_it_was_not_read_again() -> None:
    stage = staged(Write(), Write(REFUSALS[0][0], late=None))
    stage.uplynk.reads.extend([None, None, None, silent()])
    made = stage.does(change=TWO_STEPS)
    assert undoes(stage, made).state is State.VERIFIED
    assert stage.uplynk.groups[ID_A] == FAILING_BACK


# -- whose, and which


def test_without_a_group_it_is_the_callers_own_last_change() -> None:
    stage = Stage(flat(), NEWS)
    mine = stage.does(key="1", group=ID_B)
    stage.clock.advance(1)
    stage.does(key="2", group=ID_A, actor=SECOND)
    undo = stage.previews.last_undone(press(stage, actor=OPERATOR), None)
    assert undo is not None
    assert (undo.group, undo.actor) == (ID_B, OPERATOR)
    assert isinstance(undo.change, Restore)
    assert undo.change.change_id == mine.id
    assert stage.previews.last_undone(press(stage, actor=ADMIN), None) is None


def test_of_a_group_it_is_the_last_change_by_anybody() -> None:
    stage = Stage(flat(), NEWS)
    stage.does(key="1", group=ID_A)
    stage.clock.advance(1)
    last = stage.does(key="2", group=ID_A, actor=SECOND, change=Configure(None, True))
    stage.does(key="3", group=ID_B)
    undo = stage.previews.last_undone(press(stage, actor=OPERATOR), ID_A)
    assert undo is not None
    assert isinstance(undo.change, Restore)
    assert undo.change.change_id == last.id
    record = makes(stage, undo)
    assert (record.state, stage.uplynk.groups[ID_A]) == (State.VERIFIED, group())


def test_what_came_to_nothing_is_passed_over() -> None:
    stage = Stage()
    made = stage.does(key="1")
    stage.uplynk.writes.append(LOST)
    for number, change in enumerate([Configure(Mode.FLAT), Activate("elsewhere"), Slate(False)]):
        stage.clock.advance(60)
        stage.does(key=f"later-{number}", change=change)
    for group_id in (None, ID_A):
        undo = stage.previews.last_undone(press(stage, actor=OPERATOR), group_id)
        assert undo is not None
        assert isinstance(undo.change, Restore)
        assert undo.change.change_id == made.id


def test_a_change_that_stopped_halfway_is_the_last_one_too() -> None:
    stage = staged(Write(), Write(REFUSALS[0][0], late=None))
    made = stage.does(change=TWO_STEPS)
    for group_id in (None, ID_A):
        undo = stage.previews.last_undone(press(stage, actor=OPERATOR), group_id)
        assert undo is not None
        assert isinstance(undo.change, Restore)
        assert undo.change.change_id == made.id


def test_the_last_undone_twice_gives_the_change_again() -> None:
    stage = Stage()
    stage.does(key="1")
    for number, mode in enumerate([Mode.FLAT, Mode.PRIORITIZED]):
        stage.clock.advance(1)
        makes(stage, stage.previews.last_undone(press(stage, f"undo-{number}"), ID_A))
        assert stage.uplynk.groups[ID_A].mode is mode


@pytest.mark.parametrize("group_id", [None, ID_A])
def test_there_is_nothing_to_take_back(group_id: str | None) -> None:
    assert Stage().previews.last_undone(request(), group_id) is None


def silent_after_writing(stage: Stage) -> None:
    on_write(stage, 1, lambda: setattr(stage.uplynk, "down", silent()))


@pytest.mark.parametrize(
    ("meets", "state"),
    [
        (Write(TIMED_OUT), State.UNSETTLED),
        (Write(), State.UNVERIFIED),
        (Write(REFUSALS[0][0], late=None), State.FAILED),
    ],
)
def test_of_which_it_is_not_known_what_it_did_cannot_be_taken_back(
    meets: Write, state: State
) -> None:
    stage = Stage()
    stage.groups.all()
    stage.uplynk.writes.append(meets)
    silent_after_writing(stage)
    made = stage.does()
    assert made.state is state
    assert stage.previews.undone(made.id, press(stage)) is None
    assert stage.previews.last_undone(press(stage, actor=OPERATOR), None) is None
    assert stage.previews.last_undone(press(stage), ID_A) is None


def test_what_is_under_way_cannot_be_taken_back() -> None:
    stage = Stage()
    sending = stage.sent_and_died()
    assert stage.previews.undone(sending.id, press(stage)) is None


# -- what stands against it


@pytest.mark.parametrize("change", [Configure(Mode.PRIORITIZED), Order((("s2", False),))])
def test_a_change_in_between_blocks_it(change: Change) -> None:
    stage = Stage()
    made = stage.does(change=change)
    stage.uplynk.set(ID_A, active_slicer_id="s2")
    back = undoes(stage, made)
    assert (back.state, back.why) == (State.REFUSED, Why.STALE)
    assert stage.previews.shown(back) == made.after
    assert back.after == stage.uplynk.groups[ID_A]
    assert len(stage.uplynk.sent) == 1


def test_a_change_by_the_bot_in_between_blocks_it_too() -> None:
    stage = Stage()
    made = stage.does()
    stage.does(key="press-2", actor=SECOND, change=Slate(True))
    assert undoes(stage, made).why is Why.STALE


def test_somebody_elses_change_while_it_was_made_blocks_it() -> None:
    stage = staged()
    off = slicers("s1", "s2", "s3", off=("s3",))
    on_write(stage, 1, lambda: stage.uplynk.set(ID_A, slicers=off))
    made = stage.does(change=TWO_STEPS)
    assert made.why is Why.OTHER_HAND
    stage.uplynk.trip = lambda _: None
    back = undoes(stage, made)
    assert (back.state, back.why) == (State.REFUSED, Why.STALE)
    assert stage.previews.shown(back) == replace(MANUAL, allowed_owners=None)
    assert back.after == replace(MANUAL, allowed_owners=None, slicers=off)
    assert len(stage.uplynk.sent) == 1


def test_what_is_back_already_is_not_written_again() -> None:
    stage = Stage()
    made = stage.does()
    undoes(stage, made, "undo-1")
    again = undoes(stage, made, "undo-2")
    assert again.state is State.UNCHANGED
    assert len(stage.uplynk.sent) == 2


@pytest.mark.parametrize("change", [Channels(("c3",)), Owners(("u3",))])
def test_only_an_admin_takes_back_what_only_an_admin_may(change: Change) -> None:
    stage = Stage(MANUAL)
    made = stage.does(change=change, actor=ADMIN)
    refused = undoes(stage, made, "undo-1", OPERATOR)
    assert (refused.state, refused.why) == (State.REFUSED, Why.ROLE)
    assert refused.facts["roles"] == ["admin"]
    back = undoes(stage, made, "undo-2", ADMIN)
    refused = undoes(stage, back, "undo-3", OPERATOR)
    assert refused.why is Why.ROLE
    assert stage.uplynk.groups[ID_A] == MANUAL


# -- the history


def test_the_history_holds_what_was_taken_on_newest_first() -> None:
    stage = Stage(flat(), NEWS)
    stage.does(key="1", group=ID_A)
    stage.clock.advance(1)
    stage.does(key="2", group=ID_B)
    stage.clock.advance(1)
    stage.does(key="refused", group=ID_A, change=Activate("elsewhere"))
    stage.does(key="so already", group=ID_A)
    stage.previews.show(request(key="shown", group=ID_A, change=Slate(True)))
    stage.does(key="3", group=ID_A, change=Slate(True))
    every = stage.previews.history(None, 10)
    assert [one.request.key for one in every] == ["3", "2", "1"]
    assert [one.request.key for one in stage.previews.history(None, 2)] == ["3", "2"]
    assert [one.request.key for one in stage.previews.history(ID_A, 10)] == ["3", "1"]
