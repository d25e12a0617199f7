"""Typed changes before they are made, and the request that *Apply* makes of them."""

import pytest

from failover.change import Configure
from failover.consequences import Code
from failover.errors import LedgerUnavailable
from failover.lifecycle import Record, ReplyTo, State, Why
from failover.model import Mode, fingerprint
from failover.notices import Kind
from failover.pictures import Preview
from failover.policy import Rule
from failover.restore import Restore
from tests.builders import (
    FLAT,
    ID_A,
    OPERATOR,
    PRIORITIZED,
    SECOND,
    VIEWER,
    flat,
    group,
    later,
    request,
)
from tests.fakes import silent
from tests.stage import Stage


def shown(stage: Stage, **given: object) -> Preview:
    preview = stage.previews.show(request(group="nba", **given))
    assert isinstance(preview, Preview)
    return preview


def stopped(stage: Stage, **given: object) -> Record:
    ended = stage.previews.show(request(**given))
    assert isinstance(ended, Record)
    return ended


def test_a_preview_tells_what_would_follow_and_sends_nothing() -> None:
    stage = Stage()
    preview = shown(stage, reason="rehearsal")
    assert (preview.reading.group, preview.change, preview.reason) == (
        flat(),
        PRIORITIZED,
        "rehearsal",
    )
    codes = [one.code for one in preview.foreseen]
    assert Code.ORDER_REWRITTEN in codes
    assert Code.NEXT_IN_ORDER in codes
    assert stage.uplynk.sent == []
    assert stage.ledger.rows == []


def test_a_preview_is_stored_as_shown_and_nobody_works_on_it() -> None:
    stage = Stage()
    draft = stage.ledger.records[shown(stage).draft_id]
    assert (draft.state, draft.group_id, draft.group_name) == (State.SHOWN, ID_A, "NBA Finals")
    assert stage.ledger.unfinished() == ()
    assert stage.ledger.seen(fingerprint(flat())) == flat()


def test_a_refusal_is_recorded_told_and_announced_to_nobody() -> None:
    stage = Stage()
    ended = stopped(stage, actor=VIEWER)
    assert (ended.state, ended.why) == (State.REFUSED, Why.ROLE)
    assert stage.ledger.records[ended.id] == ended
    assert [row.notice.kind for row in stage.ledger.rows] == [Kind.ANSWER]


@pytest.mark.parametrize(
    ("given", "state", "why"),
    [
        ({"change": FLAT}, State.UNCHANGED, None),
        ({"change": Configure(None, True)}, State.REFUSED, Why.INAPPLICABLE),
        ({"group": "none such"}, State.REFUSED, Why.NO_SUCH_GROUP),
    ],
)
def test_what_ends_before_a_preview(given: dict[str, object], state: State, why: Why) -> None:
    ended = stopped(Stage(), **given)
    assert (ended.state, ended.why, ended.version) == (state, why, 2)


def test_nothing_was_confirmed_so_nothing_failed() -> None:
    stage = Stage()
    stage.groups.all()
    stage.uplynk.down = silent()
    ended = stopped(stage)
    assert (ended.state, ended.why) == (State.REFUSED, Why.UNREADABLE)


def test_what_cannot_be_recorded_is_not_shown() -> None:
    stage = Stage()
    stage.ledger.broken = True
    with pytest.raises(LedgerUnavailable):
        stage.previews.show(request())


def test_apply_makes_a_request_of_what_was_shown() -> None:
    stage = Stage()
    preview = shown(stage, reason="why", override=Rule.FREEZE)
    mark = fingerprint(preview.reading.group)
    press = request(
        key="press-2",
        group="whatever",
        change=FLAT,
        received_at=later(40),
        reply=ReplyTo(response_url="https://hooks.slack.com/actions/2", replaces=True),
    )
    wanted = stage.previews.confirmed(preview.draft_id, mark, press)
    assert wanted is not None
    assert wanted.key == f"apply:{preview.draft_id}:{mark}"
    assert (wanted.group, wanted.change, wanted.seen) == (ID_A, PRIORITIZED, mark)
    assert (wanted.reason, wanted.override) == ("why", Rule.FREEZE)
    assert (wanted.actor, wanted.received_at, wanted.reply) == (OPERATOR, later(40), press.reply)
    accepted, first = stage.changes.accept(wanted)
    assert first
    stage.changes.run(accepted)
    assert stage.ledger.records[accepted.id].state is State.VERIFIED


def test_one_draft_on_one_state_is_one_change() -> None:
    stage = Stage()
    preview = shown(stage)
    mark = fingerprint(preview.reading.group)
    presses = [request(key=f"press-{number}") for number in range(3)]
    wanted = [stage.previews.confirmed(preview.draft_id, mark, press) for press in presses]
    first = [stage.changes.accept(one)[1] for one in wanted if one is not None]
    assert first == [True, False, False]


def test_after_a_change_in_between_one_press_goes_on_with_what_is_there_now() -> None:
    stage = Stage()
    preview = shown(stage)
    stage.uplynk.set(ID_A, active_slicer_id="s2")
    first = stage.previews.confirmed(preview.draft_id, fingerprint(flat()), request())
    assert first is not None
    ended = stage.does(key=first.key, seen=first.seen)
    assert (ended.state, ended.why) == (State.REFUSED, Why.STALE)
    assert stage.previews.shown(ended) == flat()
    assert ended.after is not None
    second = stage.previews.confirmed(preview.draft_id, fingerprint(ended.after), request())
    assert second is not None
    assert second.key != first.key
    assert stage.does(key=second.key, seen=second.seen).state is State.VERIFIED


def test_whoever_presses_apply_is_who_is_asked_about() -> None:
    stage = Stage()
    preview = shown(stage)
    wanted = stage.previews.confirmed(preview.draft_id, fingerprint(flat()), request(actor=VIEWER))
    assert wanted is not None
    assert wanted.actor == VIEWER


@pytest.mark.parametrize("mark", ["", "x" * 400])
def test_a_mark_that_was_tampered_with_is_stale(mark: str) -> None:
    stage = Stage()
    wanted = stage.previews.confirmed(shown(stage).draft_id, mark, request())
    assert wanted is not None
    assert wanted.seen is not None
    assert len(wanted.key) <= 300
    ended = stage.does(key=wanted.key, seen=wanted.seen)
    assert (ended.state, ended.why) == (State.REFUSED, Why.STALE)


def test_there_is_no_such_draft() -> None:
    stage = Stage()
    assert stage.previews.confirmed("none", "mark", request()) is None
    assert stage.previews.repeated("none", request()) is None


def test_try_again_asks_for_the_same_change_anew() -> None:
    stage = Stage(flat(), group(id="b" * 32, name="Other"))
    failed = stage.does(group=ID_A, seen="stale" * 6, reason="why")
    assert failed.why is Why.STALE
    again = stage.previews.repeated(failed.id, request(key="press-2", actor=SECOND))
    assert again is not None
    assert (again.key, again.actor, again.seen) == ("press-2", SECOND, None)
    assert (again.group, again.change, again.reason) == (ID_A, PRIORITIZED, "why")
    assert isinstance(stage.previews.show(again), Preview)


def test_what_was_shown_is_told_only_where_it_is_remembered() -> None:
    stage = Stage()
    assert stage.previews.shown(stage.does(seen=None)) is None
    other = stage.does(key="press-2", seen="0" * 32, change=Configure(Mode.FLAT))
    assert stage.previews.shown(other) is None


def test_undo_takes_a_change_back_on_the_group_as_it_left_it() -> None:
    stage = Stage()
    made = stage.does(override=Rule.FREEZE, reason="why")
    undo = stage.previews.undone(made.id, request(key="undo", actor=SECOND, received_at=later(60)))
    assert undo is not None
    back = Restore(flat(), active=False, change_id=made.id)
    assert (undo.key, undo.actor, undo.group, undo.change) == ("undo", SECOND, ID_A, back)
    assert (undo.reason, undo.override) == (f"undo of change {made.id[:8]}", None)
    stage.clock.advance(60)
    accepted, _ = stage.changes.accept(undo)
    ended = stage.changes.run(accepted)
    assert ended is not None
    assert ended.state is State.VERIFIED
    assert stage.uplynk.groups[ID_A].mode is Mode.FLAT


def test_what_was_never_made_cannot_be_taken_back() -> None:
    stage = Stage()
    assert stage.previews.undone("none", request()) is None
    assert stage.previews.undone(stage.does(actor=VIEWER).id, request()) is None
    unchanged = stage.does(key="press-2", change=FLAT)
    assert stage.previews.undone(unchanged.id, request()) is None
