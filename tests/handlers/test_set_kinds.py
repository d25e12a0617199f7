"""Sets that are stopped, that take back what was done, and that lock: typed and pressed."""

from __future__ import annotations

import pytest

from blocks import errors, ids
from failover.errors import LedgerUnavailable
from failover.lifecycle import State, Why
from failover.measures import InForce
from failover.model import Mode
from failover.policy import Role
from failover.sets import SetState
from sandbox.slack.sample import ADMIN, OPERATOR, OUTSIDER, VIEWER
from tests.builders import policy
from tests.fake_time import fails_at
from tests.handlers.acting import last, presses, shown, types
from tests.handlers.conftest import Desk
from tests.handlers.set_desk import ends, previewed, set_id, sports_desk

LOCK = "/failover lock sports* for 2h because on air"
V, R, D = State.VERIFIED, State.REFUSED, State.DONE


@pytest.fixture
def sports(desk: Desk) -> Desk:
    return sports_desk(desk)


def under_way(desk: Desk) -> str:
    presses(desk, ids.APPLY_SET, previewed(desk))
    return set_id(desk)


def stops(desk: Desk, name: str, user: str = OPERATOR) -> str:
    """What the person is told beside the message that they pressed."""
    presses(desk, ids.STOP_SET, name, user=user)
    desk.stage.work.jobs.pop()()
    return last(desk)


def test_a_set_is_stopped_and_says_by_whom(sports: Desk) -> None:
    known = under_way(sports)
    assert stops(sports, known) == errors.set_stopped(3)
    sports.works()
    assert ends(sports) == [R] * 3
    assert list(sports.stage.uplynk.sent) == []
    assert "Sports East: Not begun, because the set was stopped." in last(sports)
    assert "It was @Operator who stopped the set." in last(sports)
    assert stops(sports, known) == errors.SET_ENDED


def test_progress_offers_to_stop_it_and_its_end_does_not(sports: Desk) -> None:
    under_way(sports)
    sports.works()
    told = [shown(message) for message in sports.screen.messages]
    assert any("⏳" in one and "[Stop]" in one for one in told)
    assert "[Stop]" not in last(sports)


@pytest.mark.parametrize(("user", "word"), [(ADMIN, "Stopped: 3 groups"), (VIEWER, "you need")])
def test_others_stop_it_who_may_change_those_groups(sports: Desk, user: str, word: str) -> None:
    assert word in stops(sports, under_way(sports), user)


@pytest.mark.parametrize("value", ["", "unknown", "{}", "x" * 2000])
def test_what_is_no_set_is_not_stopped(sports: Desk, value: str) -> None:
    assert stops(sports, value) == errors.GONE


def test_a_stop_that_the_database_did_not_take_is_none(sports: Desk) -> None:
    known = under_way(sports)
    sports.stage.ledger.trip = fails_at("advance:before", LedgerUnavailable("down"))
    assert stops(sports, known) == errors.NOT_STOPPED
    assert ends(sports) == [State.RECEIVED] * 3
    assert stops(sports, known) == errors.set_stopped(3)


def test_however_late_a_stop_is_one(sports: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    known, signed = under_way(sports), sports.signed

    def held_up(*request: object) -> object:
        made = signed(*request)  # type: ignore[arg-type]
        sports.stage.clock.advance(4)
        return made

    monkeypatch.setattr(sports, "signed", held_up)
    assert stops(sports, known) == errors.set_stopped(3)


def test_the_last_changes_of_what_a_pattern_hits_are_taken_back(sports: Desk) -> None:
    under_way(sports)
    sports.works()
    sports.stage.clock.advance(60)
    assert types(sports, "/failover undo sports*") == {}
    sports.works()
    assert "# Take back the changes of 3 groups?" in last(sports)
    assert "sports*: undo of the last change of each group, the newest first" in last(sports)
    presses(sports, ids.APPLY_SET, set_id(sports))
    sports.works()
    assert ends(sports) == [V] * 3
    assert {one.mode for one in sports.stage.uplynk.groups.values()} == {Mode.FLAT}


def test_undo_now_is_taken_on_from_memory(sports: Desk) -> None:
    under_way(sports)
    sports.works()
    sports.stage.clock.advance(30)
    sports.stage.groups.all()
    assert types(sports, "/failover undo sports* now because wrong groups") == {}
    assert ends(sports) == [State.RECEIVED] * 3
    sports.works()
    assert ends(sports) == [V] * 3
    reasons = {one.request.reason for one in sports.stage.ledger.records.values()}
    assert "wrong groups" in reasons


def test_undo_now_that_memory_cannot_tell_is_shown(sports: Desk) -> None:
    under_way(sports)
    sports.works()
    sports.stage.clock.advance(100)
    types(sports, "/failover undo sports* now")
    sports.works()
    assert "# Take back the changes of 3 groups?" in last(sports)


@pytest.mark.parametrize("now", ["", " now"])
@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        ("sports*", errors.NO_CHANGES),
        ("golf*", "No failover group is hit by this pattern."),
        ("spotrs*", "Did you mean “Sports East”, “Sports North”, “Sports South”?"),
        ("*east", errors.NO_CHANGE),
    ],
)
def test_nothing_to_take_back(sports: Desk, pattern: str, told: str, now: str) -> None:
    sports.stage.groups.all()
    types(sports, f"/failover undo {pattern}{now}")
    sports.works()
    assert told in last(sports)
    assert sports.stage.set_store.sets == {}


def test_a_pattern_that_hits_one_group_takes_back_its_change(sports: Desk) -> None:
    under_way(sports)
    sports.works()
    types(sports, "/failover undo *east")
    sports.works()
    assert "# Take back a change of Sports East?" in last(sports)


def test_whoever_may_not_look_is_not_told_which_groups_there_are(sports: Desk) -> None:
    under_way(sports)
    sports.works()
    sports.stage.rules = policy(default_role=Role.NONE)
    types(sports, "/failover undo sports* now", user=OUTSIDER)
    sports.works()
    assert "you need the role viewer" in last(sports)
    assert "Sports" not in last(sports)


def test_a_viewer_is_told_who_may_take_them_back(sports: Desk) -> None:
    under_way(sports)
    sports.works()
    types(sports, "/failover undo sports* now", user=VIEWER)
    sports.works()
    assert "# There is no group to change" in last(sports)
    assert "you need the role operator or admin" in last(sports)
    newest = [one for one in sports.stage.ledger.records.values() if one.why is Why.ROLE]
    assert len(newest) == 3


def test_what_somebody_changed_since_is_shown_in_three_columns(sports: Desk) -> None:
    under_way(sports)
    sports.works()
    sports.stage.clock.advance(60)
    sports.stage.uplynk.set("Sports North", auto_failback=True)
    types(sports, "/failover undo sports*")
    sports.works()
    told = last(sports)
    assert "# Take back the changes of 2 groups?" in told
    assert "– Sports North: left out, changed since by somebody" in told
    for column in ("The change left", "It is now", "Undo would make"):
        assert column in told
    assert '“/failover undo "Sports North"” asks for it by itself.' in told


def test_locks_by_pattern_are_shown_first(sports: Desk) -> None:
    sports.stage.groups.all()
    sports.stage.forces.rows["Sports North"] = InForce("r1", ADMIN, "mine")
    assert types(sports, LOCK) == {}
    sports.works()
    assert "# Lock 2 groups?" in last(sports)
    assert "1. Sports East: lock for 2 h" in last(sports)
    assert "– Sports North: left out, locked" in last(sports)
    assert "override" not in last(sports)
    presses(sports, ids.APPLY_SET, set_id(sports))
    sports.works()
    assert ends(sports) == [D] * 2
    assert "2 of 2 groups are as asked" in last(sports)
    assert list(sports.stage.uplynk.sent) == []


def test_unlocking_by_pattern_leaves_out_what_is_not_locked(sports: Desk) -> None:
    sports.stage.forces.rows["Sports North"] = InForce("r1", OPERATOR, "mine")
    types(sports, "/failover unlock sports*")
    sports.works()
    assert "# Unlock 1 group?" in last(sports)
    assert "– Sports East: left out, not locked" in last(sports)
    presses(sports, ids.APPLY_SET, set_id(sports))
    sports.works()
    assert sports.stage.forces.in_force("Sports North").lock is None


def test_locks_now_are_taken_on_without_a_look(sports: Desk) -> None:
    sports.stage.groups.all()
    assert types(sports, "/failover lock sports* for 2h now because on air") == {}
    assert ends(sports) == [State.RECEIVED] * 3
    sports.works()
    assert ends(sports) == [D] * 3


def test_a_lock_whose_pattern_hits_one_group_needs_no_look(sports: Desk) -> None:
    sports.stage.groups.all()
    assert types(sports, "/failover lock *east because on air") == {}
    (record,) = sports.stage.ledger.records.values()
    assert (record.state, record.request.group) == (State.RECEIVED, "Sports East")
    sports.works()
    assert sports.stage.forces.in_force("Sports East").lock is not None


def test_without_a_list_in_memory_one_group_is_shown_too(sports: Desk) -> None:
    types(sports, "/failover lock *east because on air")
    sports.works()
    assert "# Lock 1 group?" in last(sports)
    assert sports.stage.forces.rows == {}


@pytest.mark.parametrize("known", [True, False])
def test_a_lock_of_nothing_says_so(sports: Desk, known: bool) -> None:
    if known:
        sports.stage.groups.all()
    types(sports, "/failover lock golf* because on air")
    sports.works()
    (record,) = sports.stage.ledger.records.values()
    assert (record.state, record.why) == (R, Why.NO_SUCH_GROUP)


def test_a_database_that_fails_takes_no_undo_on(sports: Desk) -> None:
    under_way(sports)
    sports.works()
    sports.stage.groups.all()
    sports.stage.ledger.broken = True
    answer = types(sports, "/failover undo sports* now")
    assert shown(answer) == errors.UNRECORDED
    sports.stage.ledger.broken = False
    assert [one.state for one in sports.stage.set_store.sets.values()] == [SetState.TOLD]
