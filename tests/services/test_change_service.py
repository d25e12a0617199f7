"""One change: accepted, recorded, written once, verified; or not sent at all."""

from typing import Any

import pytest

from failover.change import Configure
from failover.errors import (
    LedgerUnavailable,
    SlackProblem,
)
from failover.lifecycle import State, Why
from failover.model import Mode, fingerprint
from failover.notices import Kind
from failover.pictures import Preview
from failover.policy import Freeze, Rule
from failover.writes import Patch
from tests.builders import (
    ADMIN,
    FLAT,
    ID_A,
    MEMBER,
    OPERATOR,
    SPORTS,
    START,
    VIEWER,
    flat,
    group,
    later,
    policy,
    request,
)
from tests.fakes import Write, fails_at, silent
from tests.stage import PACE, Stage

# -- accepting


def test_accepting_is_one_local_commit() -> None:
    stage = Stage()
    record = stage.accepts()
    assert (record.state, record.version) == (State.RECEIVED, 1)
    assert stage.ledger.states == [("change-1", State.RECEIVED)]
    assert stage.ledger.told("change-1") == {Kind.ANSWER: later(PACE.interim)}
    assert stage.uplynk.log == []
    assert stage.usergroups.asked == []


def test_the_same_press_delivered_again_is_the_same_change() -> None:
    stage = Stage()
    first = stage.does()
    again, is_first = stage.changes.accept(first.request)
    assert (again, is_first) == (first, False)
    assert len(stage.uplynk.sent) == 1


def test_what_cannot_be_stored_is_not_accepted() -> None:
    stage = Stage()
    stage.ledger.broken = True
    with pytest.raises(LedgerUnavailable):
        stage.accepts()


# -- the usual way


def test_a_change_is_written_once_and_verified() -> None:
    stage = Stage()
    record = stage.does(change=Configure(Mode.PRIORITIZED, True))
    assert stage.states() == [State.RECEIVED, State.SENDING, State.VERIFIED]
    assert [(one.group_id, one.write) for one in stage.uplynk.sent] == [
        (ID_A, Patch(Mode.PRIORITIZED, True))
    ]
    assert (record.why, record.before, record.after) == (
        None,
        flat(),
        group(auto_failback=True),
    )
    assert (record.group_id, record.group_name) == (ID_A, "NBA Finals")
    assert record.sent_at == START
    assert record.ended_at == stage.clock()
    assert stage.uplynk.log == ["list", f"get {ID_A}", f"write {ID_A}", f"get {ID_A}"]


def test_only_what_differs_is_sent() -> None:
    stage = Stage()
    stage.does(change=Configure(Mode.PRIORITIZED, False))
    assert stage.uplynk.sent[0].write == Patch(Mode.PRIORITIZED)


def test_the_record_is_stored_before_the_write() -> None:
    stage = Stage()
    seen: list[Any] = []
    stage.uplynk.trip = lambda point: seen.append((point, dict(stage.ledger.records)))
    stage.does()
    (at_write,) = [stored for point, stored in seen if point == "write:before"]
    stored = at_write["change-1"]
    assert (stored.state, stored.before, stored.sent_at) == (State.SENDING, flat(), START)


def test_the_card_and_the_answer_are_due_with_the_outcome() -> None:
    stage = Stage()
    during: list[Any] = []
    stage.uplynk.trip = lambda point: during.append(stage.ledger.told("change-1"))
    record = stage.does()
    assert during[-1] == {Kind.ANSWER: later(PACE.interim), Kind.CARD: later(PACE.card)}
    assert stage.ledger.told(record.id) == {
        Kind.CARD: record.ended_at,
        Kind.ANSWER: record.ended_at,
    }


def test_a_slow_effect_is_waited_for_before_anybody_is_alarmed() -> None:
    stage = Stage()
    stage.uplynk.writes.append(Write(late=6))
    assert stage.does().state is State.VERIFIED
    assert State.UNKNOWN not in stage.states()


def test_what_was_overridden_is_kept() -> None:
    stage = Stage(rules=policy(freezes=(Freeze(("*",), later(-1), later(60)),)))
    record = stage.does(actor=ADMIN, override=Rule.FREEZE, reason="black")
    assert (record.state, record.facts) == (
        State.VERIFIED,
        {"overridden": ["freeze"], "acknowledged": True},
    )


# -- not sent


@pytest.mark.parametrize("broken_at", ["last_sent_at:before", "take:before"])
def test_without_the_database_nothing_is_sent(broken_at: str) -> None:
    stage = Stage()
    accepted = stage.accepts()
    stage.ledger.trip = fails_at(broken_at, error=LedgerUnavailable("disk full"))
    with pytest.raises(LedgerUnavailable):
        stage.changes.run(accepted)
    assert stage.uplynk.sent == []
    assert stage.states() == [State.RECEIVED]


def test_a_record_whose_commit_gave_no_answer_is_not_sent() -> None:
    stage = Stage()
    accepted = stage.accepts()
    stage.ledger.trip = fails_at("take:after", error=LedgerUnavailable("lost"))
    with pytest.raises(LedgerUnavailable):
        stage.changes.run(accepted)
    assert stage.uplynk.sent == []


def test_a_viewer_is_refused_and_only_they_are_told() -> None:
    stage = Stage()
    record = stage.does(actor=VIEWER)
    assert (record.state, record.why) == (State.REFUSED, Why.ROLE)
    assert stage.ledger.told(record.id) == {Kind.ANSWER: record.ended_at}
    assert stage.uplynk.sent == []


def test_what_holds_already_is_not_written_and_not_announced() -> None:
    stage = Stage()
    record = stage.does(change=FLAT)
    assert (record.state, record.before, record.after) == (State.UNCHANGED, flat(), flat())
    assert stage.ledger.told(record.id) == {Kind.ANSWER: record.ended_at}
    assert stage.uplynk.sent == []


def test_a_group_that_changed_since_it_was_shown_is_left_alone() -> None:
    stage = Stage()
    mark = stage.ledger.keep(flat())
    stage.uplynk.set(ID_A, active_slicer_id="s2")
    record = stage.does(seen=mark)
    assert (record.state, record.why) == (State.REFUSED, Why.STALE)
    assert record.after == flat(active_slicer_id="s2")
    assert stage.uplynk.sent == []


def test_a_group_that_cannot_be_read_is_not_changed_and_everybody_hears_of_it() -> None:
    stage = Stage()
    stage.groups.all()
    stage.uplynk.down = silent()
    record = stage.does()
    assert (record.state, record.why) == (State.FAILED, Why.UNREADABLE)
    assert set(stage.ledger.told(record.id)) == {Kind.CARD, Kind.ANSWER}
    assert stage.uplynk.sent == []


def test_somebody_who_lost_the_role_since_the_preview_is_refused() -> None:
    stage = Stage()
    preview = stage.previews.show(request(key="preview", actor=MEMBER))
    assert isinstance(preview, Preview)
    stage.usergroups.groups[SPORTS] = frozenset()
    apply = stage.previews.confirmed(
        preview.draft_id, fingerprint(flat()), request(actor=MEMBER, received_at=stage.clock())
    )
    assert apply is not None
    accepted, _ = stage.changes.accept(apply)
    record = stage.changes.run(accepted)
    assert record is not None
    assert (record.state, record.why) == (State.REFUSED, Why.ROLE)
    assert stage.uplynk.sent == []


def test_somebody_whose_role_cannot_be_found_out_is_refused() -> None:
    stage = Stage()
    stage.usergroups.problems[SPORTS] = SlackProblem("ratelimited", retry_after=30)
    record = stage.does(actor=MEMBER)
    assert (record.state, record.why) == (State.REFUSED, Why.ROLE_UNCERTAIN)
    assert stage.uplynk.sent == []
    assert stage.does(key="press-2", actor=OPERATOR).state is State.VERIFIED


def test_a_change_that_waited_too_long_for_a_worker_is_not_made() -> None:
    stage = Stage()
    accepted = stage.accepts()
    stage.clock.advance(PACE.resume + 0.1)
    record = stage.changes.run(accepted)
    assert record is not None
    assert (record.state, record.why) == (State.FAILED, Why.INTERRUPTED)
    assert set(stage.ledger.told(record.id)) == {Kind.CARD, Kind.ANSWER}
    assert stage.uplynk.log == []


def test_an_interrupted_request_is_announced() -> None:
    stage = Stage()
    ended = stage.changes.interrupt(stage.accepts(), Why.INTERNAL, {"reference": "r"})
    assert stage.ledger.records[ended.id] == ended
    assert (ended.state, ended.why, ended.facts) == (
        State.FAILED,
        Why.INTERNAL,
        {"reference": "r"},
    )
    assert set(stage.ledger.told(ended.id)) == {Kind.CARD, Kind.ANSWER}
