"""One change from its record to its last word, with everything that can come in between."""

import threading
from collections.abc import Callable
from typing import Any

import pytest

from failover.change import Configure
from failover.errors import (
    Conflict,
    Forbidden,
    GroupGone,
    LedgerUnavailable,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    SlackProblem,
    Unauthorized,
    Unreachable,
    UplynkError,
)
from failover.lifecycle import HOLDING, State, Why
from failover.model import Mode, fingerprint
from failover.notices import Kind
from failover.pictures import Preview
from failover.policy import Freeze, Rule
from tests.builders import (
    ADMIN,
    FAILBACK_ON,
    FLAT,
    ID_A,
    ID_B,
    MEMBER,
    OPERATOR,
    PRIORITIZED,
    SECOND,
    SPORTS,
    START,
    VIEWER,
    flat,
    group,
    later,
    policy,
    request,
)
from tests.fakes import Write, silent
from tests.stage import PACE, Stage

TIMED_OUT = OutcomeUnknown("PATCH /failover-groups/{id}", words="no answer in time")
LOST = Write(TIMED_OUT, late=None)
DIED = RuntimeError("the process dies here")


def states(stage: Stage, change_id: str = "change-1") -> list[State]:
    return [state for one, state in stage.ledger.states if one == change_id]


def fails_at(point: str, times: int = 1, error: Exception = DIED) -> Callable[[str], None]:
    left = [times]

    def trip(here: str) -> None:
        if here == point and left[0]:
            left[0] -= 1
            raise error

    return trip


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
    assert stage.changes.run(again.id) == first
    assert len(stage.uplynk.sent) == 1


def test_what_cannot_be_stored_is_not_accepted() -> None:
    stage = Stage()
    stage.ledger.broken = True
    with pytest.raises(LedgerUnavailable):
        stage.accepts()


def test_there_is_no_such_change() -> None:
    assert Stage().changes.run("none") is None


# -- the usual way


def test_a_change_is_written_once_and_verified() -> None:
    stage = Stage()
    record = stage.does(change=Configure(Mode.PRIORITIZED, True))
    assert states(stage) == [State.RECEIVED, State.SENDING, State.VERIFIED]
    assert [(one.group_id, one.change) for one in stage.uplynk.sent] == [
        (ID_A, Configure(Mode.PRIORITIZED, True))
    ]
    assert (record.why, record.before, record.after) == (
        None,
        flat(),
        group(auto_failback=True),
    )
    assert (record.group_id, record.group_name) == (ID_A, "NBA Finals")
    assert record.sent_at == START
    assert record.ended_at == stage.clock()
    assert stage.uplynk.log == ["list", f"get {ID_A}", f"configure {ID_A}", f"get {ID_A}"]


def test_only_what_differs_is_sent() -> None:
    stage = Stage()
    stage.does(change=Configure(Mode.PRIORITIZED, False))
    assert stage.uplynk.sent[0].change == PRIORITIZED


def test_the_record_is_stored_before_the_write() -> None:
    stage = Stage()
    seen: list[Any] = []
    stage.uplynk.trip = lambda point: seen.append((point, dict(stage.ledger.records)))
    stage.does()
    (at_write,) = [stored for point, stored in seen if point == "configure:before"]
    stored = at_write["change-1"]
    assert (stored.state, stored.before, stored.sent_at) == (State.SENDING, flat(), START)


def test_the_card_and_the_answer_are_due_with_the_outcome() -> None:
    stage = Stage()
    during: list[Any] = []
    stage.uplynk.trip = lambda point: during.append(stage.ledger.told("change-1"))
    record = stage.does()
    assert during[-1] == {Kind.ANSWER: later(PACE.interim), Kind.CARD: START}
    assert stage.ledger.told(record.id) == {
        Kind.CARD: record.ended_at,
        Kind.ANSWER: record.ended_at,
    }


def test_a_slow_effect_is_waited_for_before_anybody_is_alarmed() -> None:
    stage = Stage()
    stage.uplynk.writes.append(Write(late=6))
    assert stage.does().state is State.VERIFIED
    assert State.UNKNOWN not in states(stage)


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
        stage.changes.run(accepted.id)
    assert stage.uplynk.sent == []
    assert states(stage) == [State.RECEIVED]


def test_a_record_whose_commit_gave_no_answer_is_not_sent() -> None:
    stage = Stage()
    accepted = stage.accepts()
    stage.ledger.trip = fails_at("take:after", error=LedgerUnavailable("lost"))
    with pytest.raises(LedgerUnavailable):
        stage.changes.run(accepted.id)
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
    record = stage.changes.run(accepted.id)
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
    record = stage.changes.run(accepted.id)
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


# -- refused by Uplynk


REFUSALS: list[tuple[UplynkError, Why]] = [
    (Rejected("PATCH x", status=400, words="no"), Why.REJECTED),
    (Unauthorized("PATCH x", status=401), Why.UNAUTHORIZED),
    (Forbidden("PATCH x", status=403), Why.FORBIDDEN),
    (GroupGone("PATCH x", status=404), Why.GONE),
    (Conflict("PATCH x", status=409), Why.CONFLICT),
    (RateLimited("PATCH x", retry_after=5), Why.RATE_LIMITED),
    (Unreachable("PATCH x", words="refused"), Why.UNREACHABLE),
]


@pytest.mark.parametrize(("error", "why"), REFUSALS, ids=[row[1].value for row in REFUSALS])
def test_what_uplynk_did_not_take(error: UplynkError, why: Why) -> None:
    stage = Stage()
    stage.uplynk.writes.append(Write(error, late=None))
    record = stage.does()
    assert states(stage) == [State.RECEIVED, State.SENDING, State.FAILED]
    assert (record.why, record.after) == (why, flat())
    assert record.facts == {
        "kind": type(error).__name__,
        "status": error.status,
        "words": error.words,
    }
    assert len(stage.uplynk.sent) == 1
    assert set(stage.ledger.told(record.id)) == {Kind.CARD, Kind.ANSWER}


@pytest.mark.parametrize(("error", "why"), REFUSALS, ids=[row[1].value for row in REFUSALS])
def test_what_uplynk_did_not_take_is_known_without_another_reading(
    error: UplynkError, why: Why
) -> None:
    stage = Stage()
    stage.uplynk.writes.append(Write(error, late=None))
    stage.uplynk.reads.extend([None, None, silent()])
    record = stage.does()
    assert (record.state, record.why, record.after) == (State.FAILED, why, None)


# -- unknown


def test_an_unknown_outcome_is_told_at_once_and_settled_as_applied() -> None:
    stage = Stage()
    stage.uplynk.writes.append(Write(TIMED_OUT, late=8))
    told: list[Any] = []
    stage.timer.meanwhile.append(lambda: told.append(stage.ledger.told("change-1")))
    record = stage.does()
    assert states(stage) == [State.RECEIVED, State.SENDING, State.UNKNOWN, State.VERIFIED]
    assert (record.why, record.after) == (None, group())
    unknown_at = stage.uplynk.sent[0].at + (later(0.1) - START)
    assert told == [{Kind.CARD: unknown_at, Kind.ANSWER: unknown_at}]


def test_an_unknown_outcome_that_took_effect_at_once_alarms_nobody() -> None:
    stage = Stage()
    stage.uplynk.writes.append(Write(TIMED_OUT, late=0))
    assert stage.does().state is State.VERIFIED
    assert states(stage) == [State.RECEIVED, State.SENDING, State.VERIFIED]


def test_not_applied_is_said_only_after_the_settle_time() -> None:
    stage = Stage()
    stage.uplynk.writes.append(LOST)
    record = stage.does()
    assert (record.state, record.why, record.after) == (State.FAILED, Why.NO_EFFECT, flat())
    assert record.ended_at is not None
    ended = stage.uplynk.sent[0].at
    waited = (record.ended_at - ended).total_seconds()
    assert PACE.settle <= waited <= PACE.settle + 2.5
    assert record.facts["kind"] == "OutcomeUnknown"


def test_an_effect_just_before_the_settle_time_is_seen() -> None:
    stage = Stage()
    stage.uplynk.writes.append(Write(TIMED_OUT, late=PACE.settle - 0.1))
    assert stage.does().state is State.VERIFIED


def test_somebody_else_shows_between() -> None:
    stage = Stage()
    stage.uplynk.writes.append(LOST)
    stage.timer.meanwhile.append(lambda: stage.uplynk.set(ID_A, auto_failback=True))
    record = stage.does()
    assert (record.state, record.why) == (State.UNSETTLED, None)
    assert record.after == flat(auto_failback=True)


def test_half_of_a_change_is_neither_applied_nor_not() -> None:
    stage = Stage()
    stage.uplynk.writes.append(LOST)
    stage.timer.meanwhile.append(lambda: stage.uplynk.set(ID_A, mode=Mode.PRIORITIZED))
    record = stage.does(change=Configure(Mode.PRIORITIZED, True))
    assert record.state is State.UNSETTLED


def test_while_nothing_can_be_read_unknown_stays_until_the_look_ends() -> None:
    stage = Stage()
    accepted = stage.accepts()
    stage.uplynk.writes.append(LOST)
    stage.uplynk.trip = lambda point: (
        setattr(stage.uplynk, "down", silent()) if point == "configure:after" else None
    )
    record = stage.changes.run(accepted.id)
    assert record is not None
    assert record.state is State.UNSETTLED
    assert states(stage) == [State.RECEIVED, State.SENDING, State.UNKNOWN, State.UNSETTLED]
    waited = (stage.clock() - stage.uplynk.sent[0].at).total_seconds()
    assert PACE.look <= waited <= PACE.look + 10


@pytest.mark.parametrize("takes", [0.1, 6.0, 12.0, 30.0])
@pytest.mark.parametrize("error", [None, TIMED_OUT])
def test_the_first_word_comes_in_time_whatever_hangs(
    takes: float, error: UplynkError | None
) -> None:
    stage = Stage()
    accepted = stage.accepts()
    stage.uplynk.writes.append(Write(error if takes <= 12 else TIMED_OUT, late=None, takes=takes))
    stage.uplynk.trip = lambda point: (
        setattr(stage.uplynk, "down", silent()) if point == "configure:after" else None
    )
    said: list[float] = []
    stage.ledger.trip = lambda point: (
        said.append((stage.clock() - START).total_seconds()) if point == "advance:after" else None
    )
    stage.changes.run(accepted.id)
    assert states(stage)[2] is State.UNKNOWN
    assert said[0] <= PACE.first_word + 0.5


# -- acknowledged


def test_acknowledged_but_never_seen_had_no_effect() -> None:
    stage = Stage()
    stage.uplynk.writes.append(Write(late=None))
    record = stage.does()
    assert states(stage) == [State.RECEIVED, State.SENDING, State.UNKNOWN, State.FAILED]
    assert (record.why, record.facts) == (Why.NO_EFFECT, {"acknowledged": True})
    assert (stage.clock() - stage.uplynk.sent[0].at).total_seconds() >= PACE.settle


def test_acknowledged_but_unreadable_is_applied_not_verified() -> None:
    stage = Stage()
    accepted = stage.accepts()
    stage.uplynk.trip = lambda point: (
        setattr(stage.uplynk, "down", silent()) if point == "configure:after" else None
    )
    record = stage.changes.run(accepted.id)
    assert record is not None
    assert (record.state, record.after) == (State.UNVERIFIED, None)
    assert (stage.clock() - stage.uplynk.sent[0].at).total_seconds() >= PACE.look


def test_acknowledged_and_overwritten_is_applied_not_verified() -> None:
    stage = Stage()
    stage.uplynk.writes.append(Write(late=None))
    stage.timer.meanwhile.append(lambda: stage.uplynk.set(ID_A, auto_failback=True))
    assert stage.does().state is State.UNVERIFIED


# -- two at once


def test_a_group_that_is_being_changed_is_busy_and_the_holder_is_named() -> None:
    stage = Stage()
    stage.uplynk.writes.append(Write(late=3))
    busy: list[Any] = []
    stage.timer.meanwhile.append(
        lambda: busy.append(stage.does(key="press-2", actor=SECOND, change=FAILBACK_ON))
    )
    stage.uplynk.groups[ID_A] = group()
    first = stage.does(change=FLAT)
    assert first.state is State.VERIFIED
    (second,) = busy
    assert (second.state, second.why) == (State.REFUSED, Why.BUSY)
    assert second.facts == {"holder": OPERATOR.user_id}
    assert stage.ledger.told(second.id).keys() == {Kind.ANSWER}
    assert len(stage.uplynk.sent) == 1


def test_a_change_that_came_and_went_between_reading_and_sending_is_noticed() -> None:
    stage = Stage()
    inner: list[Any] = []

    def other_hand(point: str) -> None:
        if point == "get":
            stage.uplynk.trip = lambda _: None
            inner.append(stage.does(key="press-2", actor=SECOND, change=PRIORITIZED))

    stage.groups.all()
    stage.uplynk.trip = other_hand
    outer = stage.does(change=Configure(Mode.PRIORITIZED, True), seen=fingerprint(flat()))
    assert inner[0].state is State.VERIFIED
    assert (outer.state, outer.why) == (State.REFUSED, Why.BUSY)
    assert outer.facts == {"holder": SECOND.user_id}
    assert [one.change for one in stage.uplynk.sent] == [PRIORITIZED]


def test_other_groups_do_not_wait() -> None:
    stage = Stage(flat(), flat(id=ID_B, name="News"))
    stage.uplynk.writes.append(Write(late=3))
    other: list[Any] = []
    stage.timer.meanwhile.append(lambda: other.append(stage.does(key="press-2", group=ID_B)))
    assert stage.does().state is State.VERIFIED
    assert other[0].state is State.VERIFIED


def test_a_group_is_free_again_after_every_last_word() -> None:
    stage = Stage()
    for number, meets in enumerate([Write(late=None), LOST, Write(REFUSALS[0][0], late=None)]):
        stage.uplynk.writes.append(meets)
        assert stage.does(key=f"press-{number}").state is State.FAILED
    assert stage.does(key="press-9").state is State.VERIFIED


def test_thirty_two_people_at_once_have_one_winner() -> None:
    stage = Stage()
    stage.groups.all()
    mark = stage.ledger.keep(flat())
    accepted = [stage.accepts(key=f"press-{number}", seen=mark) for number in range(32)]
    barrier = threading.Barrier(32, timeout=20)
    everybody_read = threading.local()

    def together(point: str) -> None:
        if point == "get" and not getattr(everybody_read, "done", False):
            everybody_read.done = True
            barrier.wait()

    stage.uplynk.trip = together
    threads = [threading.Thread(target=stage.changes.run, args=[one.id]) for one in accepted]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    ends = [stage.ledger.records[one.id] for one in accepted]
    assert sorted(one.state for one in ends) == [State.REFUSED] * 31 + [State.VERIFIED]
    assert {one.why for one in ends} == {None, Why.BUSY}
    assert len(stage.uplynk.sent) == 1


def test_the_same_change_run_twice_is_sent_once() -> None:
    stage = Stage()
    accepted = stage.accepts()

    def again(point: str) -> None:
        if point == "get":
            stage.uplynk.trip = lambda _: None
            stage.changes.run(accepted.id)

    stage.uplynk.trip = again
    record = stage.changes.run(accepted.id)
    assert record is not None
    assert record.state is State.VERIFIED
    assert len(stage.uplynk.sent) == 1


# -- stopping, dying and coming back


def test_a_stop_while_looking_leaves_the_outcome_unknown_and_says_so() -> None:
    stage = Stage()
    stage.timer.stop_after = 0
    stage.uplynk.writes.append(Write(late=None))
    record = stage.does()
    assert record.state is State.UNKNOWN
    assert record.facts == {"acknowledged": True}
    assert set(stage.ledger.told(record.id)) == {Kind.CARD, Kind.ANSWER}
    assert stage.ledger.unfinished() == (record,)


def test_a_stop_does_not_hide_what_one_reading_shows() -> None:
    stage = Stage()
    stage.timer.stop_after = 0
    assert stage.does().state is State.VERIFIED


def test_a_stop_leaves_what_is_unknown_as_it_is() -> None:
    stage = Stage()
    stage.timer.stop_after = 3
    stage.uplynk.writes.append(LOST)
    record = stage.does()
    assert (record.state, record.version) == (State.UNKNOWN, 3)


@pytest.mark.parametrize("lands", [True, False])
def test_after_a_restart_only_readings_tell(lands: bool) -> None:
    stage = Stage()
    sending = stage.sent_and_died()
    if lands:
        stage.uplynk.set(ID_A, mode=Mode.PRIORITIZED)
    stage.restart()
    record = stage.changes.settle(sending)
    assert record is not None
    assert record.state is (State.VERIFIED if lands else State.FAILED)
    assert record.why is (None if lands else Why.NO_EFFECT)
    assert stage.uplynk.sent == []
    assert set(stage.ledger.told(record.id)) == {Kind.CARD, Kind.ANSWER}


@pytest.mark.parametrize("away", [0.0, 20.0, 41.9, 42.0, 600.0])
def test_after_a_restart_the_settle_time_runs_from_the_end_of_the_longest_write(
    away: float,
) -> None:
    stage = Stage()
    sending = stage.sent_and_died()
    stage.clock.advance(away)
    stage.restart()
    record = stage.changes.settle(sending)
    assert record is not None
    assert (record.state, record.why) == (State.FAILED, Why.NO_EFFECT)
    assert record.ended_at is not None
    waited = (record.ended_at - START).total_seconds()
    settled = PACE.write + PACE.settle
    assert waited >= settled
    assert waited <= max(away, settled) + 2.5


def test_after_a_restart_unknown_is_said_at_once() -> None:
    stage = Stage()
    sending = stage.sent_and_died()
    stage.restart()
    stage.changes.settle(sending)
    assert states(stage)[-2:] == [State.UNKNOWN, State.FAILED]
    assert stage.uplynk.log[-1] == f"get {ID_A}"


def test_after_a_long_absence_readings_get_their_time() -> None:
    stage = Stage()
    sending = stage.sent_and_died()
    stage.clock.advance(3600)
    stage.restart()
    stage.uplynk.reads.extend([silent()] * 5)
    record = stage.changes.settle(sending)
    assert record is not None
    assert (record.state, record.why) == (State.FAILED, Why.NO_EFFECT)


def test_what_was_acknowledged_before_a_stop_is_not_forgotten() -> None:
    stage = Stage()
    stage.timer.stop_after = 0
    stage.uplynk.writes.append(Write(late=None))
    left = stage.does()
    stage.restart()
    stage.uplynk.down = silent()
    record = stage.changes.settle(left)
    assert record is not None
    assert record.state is State.UNVERIFIED


def test_settling_is_left_to_whoever_is_faster() -> None:
    stage = Stage()
    sending = stage.sent_and_died()
    stage.changes.settle(sending)
    ended = stage.ledger.records[sending.id]
    assert stage.changes.settle(sending) == ended
    assert stage.ledger.records[sending.id] == ended


def test_settling_can_be_stopped() -> None:
    stage = Stage()
    sending = stage.sent_and_died()
    stage.timer.stop_after = 1
    record = stage.changes.settle(sending)
    assert record is not None
    assert record.state is State.UNKNOWN


# -- a database that fails after the write


def test_an_outcome_that_cannot_be_stored_is_stored_as_soon_as_it_can() -> None:
    stage = Stage()
    accepted = stage.accepts()
    stage.ledger.trip = fails_at("advance:before", times=5, error=LedgerUnavailable("full"))
    record = stage.changes.run(accepted.id)
    assert record is not None
    assert record.state is State.VERIFIED
    assert stage.ledger.records[accepted.id] == record
    assert len(stage.uplynk.sent) == 1


def test_what_was_seen_once_is_not_unsaid_by_later_readings() -> None:
    stage = Stage()
    accepted = stage.accepts()
    stage.ledger.trip = fails_at("advance:before", times=3, error=LedgerUnavailable("full"))
    stage.timer.meanwhile.append(lambda: stage.uplynk.set(ID_A, mode=Mode.FLAT))
    record = stage.changes.run(accepted.id)
    assert record is not None
    assert (record.state, record.after) == (State.VERIFIED, group())


def test_a_commit_whose_answer_was_lost_counts() -> None:
    stage = Stage()
    accepted = stage.accepts()
    stage.ledger.trip = fails_at("advance:after", error=LedgerUnavailable("lost"))
    record = stage.changes.run(accepted.id)
    assert record is not None
    assert record.state is State.VERIFIED
    assert states(stage) == [State.RECEIVED, State.SENDING, State.VERIFIED]


def test_a_stop_while_the_database_is_down_claims_nothing() -> None:
    stage = Stage()
    accepted = stage.accepts()
    stage.timer.stop_after = 2

    def down_after_write(point: str) -> None:
        if point == "configure:after":
            stage.ledger.broken = True

    stage.uplynk.trip = down_after_write
    record = stage.changes.run(accepted.id)
    assert record is not None
    assert record.state is State.SENDING
    stage.ledger.broken = False
    assert stage.ledger.records[accepted.id].state in HOLDING


def test_being_overtaken_while_the_database_is_down_claims_nothing() -> None:
    stage = Stage()
    accepted = stage.accepts()

    def overtaken(point: str) -> None:
        if point == "configure:after":
            stage.restart()
            stage.changes.settle(stage.ledger.records[accepted.id])
            stage.ledger.trip = fails_at("get:before", error=LedgerUnavailable("down"))

    changes = stage.changes
    stage.uplynk.trip = overtaken
    record = changes.run(accepted.id)
    assert record is not None
    assert record.state is State.RECEIVED
    assert stage.ledger.records[accepted.id].state is State.VERIFIED
    assert len(stage.uplynk.sent) == 1
