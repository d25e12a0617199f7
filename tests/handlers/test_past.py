"""``undo`` and ``history``: what is found, what is taken on at once, and what is only said."""

from __future__ import annotations

import pytest

from blocks import errors, ids
from failover.errors import LedgerUnavailable, Unavailable
from failover.lifecycle import Record, State
from failover.model import Mode
from failover.restore import Restore
from failover.roles import Role
from sandbox.slack.sample import ADMIN, OPERATOR, OUTSIDER, VIEWER
from tests.blocks import examine
from tests.builders import ID_A, ID_B, group, policy
from tests.fake_time import fails_at
from tests.handlers.acting import answered, last, presses, shown, types
from tests.handlers.conftest import Desk


@pytest.fixture
def made(desk: Desk) -> Record:
    """The operator's change, made and verified."""
    types(desk, "/failover set nba prioritized now because rehearsal")
    desk.works()
    (record,) = desk.stage.ledger.records.values()
    assert record.state is State.VERIFIED
    return record


def newest(desk: Desk) -> Record:
    return list(desk.stage.ledger.records.values())[-1]


def mode(desk: Desk) -> Mode:
    return desk.stage.uplynk.groups[ID_A].mode


@pytest.mark.parametrize("line", ["undo now", "undo nba now"])
def test_now_is_stored_before_it_is_acknowledged(desk: Desk, made: Record, line: str) -> None:
    assert types(desk, f"/failover {line} because a slip") == {}
    undo = newest(desk)
    assert (undo.state, undo.request.reason) == (State.RECEIVED, "a slip")
    assert isinstance(undo.request.change, Restore)
    assert undo.request.change.change_id == made.id
    assert mode(desk) is Mode.PRIORITIZED
    desk.works()
    assert newest(desk).state is State.VERIFIED
    assert mode(desk) is Mode.FLAT


def test_without_now_it_is_shown_first(desk: Desk, made: Record) -> None:
    assert types(desk, "/failover undo") == {}
    desk.works()
    preview = desk.screen.messages[-1]
    examine.message(preview, private=True)
    assert "# Take back a change of NBA Finals?" in shown(preview)
    assert newest(desk).state is State.SHOWN
    presses(desk, ids.APPLY, preview["blocks"][-1]["elements"][0]["value"])
    desk.works()
    assert mode(desk) is Mode.FLAT


def test_the_undo_of_an_undo_is_the_change(desk: Desk, made: Record) -> None:
    for wanted in (Mode.FLAT, Mode.PRIORITIZED, Mode.FLAT):
        taken_back = newest(desk).id
        types(desk, "/failover undo now")
        desk.works()
        assert mode(desk) is wanted
        assert newest(desk).request.reason == f"undo of change {taken_back[:8]}"


def test_the_same_undo_delivered_again_is_one(desk: Desk, made: Record) -> None:
    for _ in range(3):
        assert presses(desk, ids.UNDO, made.id) == {}
    desk.works()
    value = desk.screen.messages[-1]["blocks"][-1]["elements"][0]["value"]
    for _ in range(3):
        presses(desk, ids.APPLY, value)
    desk.works()
    assert len(desk.stage.uplynk.sent) == 2
    assert mode(desk) is Mode.FLAT


def test_a_name_that_only_uplynk_can_tell_is_not_undone_unseen(desk: Desk, made: Record) -> None:
    desk.stage.clock.advance(120)  # what is remembered of the groups is too old by now
    assert types(desk, "/failover undo nba now") == {}
    desk.works()
    assert "# Take back a change of NBA Finals?" in last(desk)
    assert mode(desk) is Mode.PRIORITIZED


@pytest.mark.parametrize("now", ["", " now"])
@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("undo", errors.NO_OWN_CHANGE),
        ("undo nba", errors.NO_CHANGE),
        ("undo n", "Several groups could be meant"),
        ("undo nobody", "There is no failover group of this name or ID"),
    ],
)
def test_nothing_to_take_back(desk: Desk, line: str, told: str, now: str) -> None:
    desk.stage.uplynk.groups[ID_B] = group(id=ID_B, name="News 24")
    types(desk, "/failover list")
    desk.works()
    assert types(desk, f"/failover {line}{now}") == {}
    desk.works()
    assert told in last(desk)
    assert desk.stage.ledger.records == {}


def test_an_admin_undoes_the_change_of_a_group_but_not_as_their_own(
    desk: Desk, made: Record
) -> None:
    types(desk, "/failover undo now", ADMIN)
    desk.works()
    assert last(desk) == errors.NO_OWN_CHANGE
    types(desk, "/failover undo nba now", ADMIN)
    desk.works()
    assert newest(desk).request.actor.user_id == ADMIN
    assert mode(desk) is Mode.FLAT


def test_a_viewer_is_refused_and_that_is_recorded(desk: Desk, made: Record) -> None:
    types(desk, "/failover undo nba", VIEWER)
    desk.works()
    assert "you need the role" in answered(desk)
    presses(desk, ids.UNDO, made.id, user=VIEWER)
    desk.works()
    types(desk, "/failover undo nba now", VIEWER)
    desk.works()
    refused = [one for one in desk.stage.ledger.records.values() if one.state is State.REFUSED]
    assert len(refused) == 3
    assert mode(desk) is Mode.PRIORITIZED


@pytest.mark.parametrize("line", ["undo", "undo now", "undo nba", "undo nba now", "history nba"])
def test_who_has_no_role_learns_nothing(desk: Desk, line: str) -> None:
    types(desk, "/failover list")
    desk.works()
    desk.stage.rules = policy(default_role=Role.NONE)
    said = types(desk, f"/failover {line}", OUTSIDER)
    desk.works()
    told = shown(said) if said else last(desk)
    assert "you need the role viewer" in told
    assert "NBA" not in told


def test_a_change_in_between_is_shown_in_three_columns(desk: Desk, made: Record) -> None:
    desk.stage.uplynk.set(ID_A, auto_failback=True)
    types(desk, "/failover undo")
    desk.works()
    for column in ("You saw", "It is now", "You want", "[Apply to it as it is now]"):
        assert column in answered(desk)
    assert len(desk.stage.uplynk.sent) == 1


@pytest.mark.parametrize("value", ["", "nobody", "{}", "x" * 2000])
def test_a_tampered_undo_is_told(desk: Desk, made: Record, value: str) -> None:
    presses(desk, ids.UNDO, value)
    desk.works()
    assert last(desk) == errors.GONE
    assert len(desk.stage.uplynk.sent) == 1


def test_history_of_all_of_one_and_of_none(desk: Desk, made: Record) -> None:
    for line in ("history", "history nba", 'history "Sports West"', "history nobody"):
        assert types(desk, f"/failover {line}", VIEWER) == {}
        desk.works()
        examine.message(desk.screen.messages[-1], private=True)
    everything, nba, west, nobody = [shown(one) for one in desk.screen.messages[-4:]]
    assert "NBA Finals: flat → prioritized" in everything
    assert "Reason: rehearsal" in nba
    assert "[Undo…]" in nba
    assert "No changes of Sports West are on record." in west
    assert "There is no failover group of this name or ID" in nobody


@pytest.mark.parametrize(
    ("line", "point"),
    [
        ("undo", "last_of_person"),
        ("undo nba", "last_of_group"),
        ("undo now", "last_of_person"),
        ("undo nba now", "last_of_group"),
        ("undo now", "keep"),
        ("undo now", "receive"),
        ("history", "history"),
        ("history nba", "history"),
    ],
)
def test_without_the_database(desk: Desk, made: Record, line: str, point: str) -> None:
    desk.stage.ledger.trip = fails_at(f"{point}:before", LedgerUnavailable("down"))
    said = types(desk, f"/failover {line}")
    desk.works()
    assert errors.UNRECORDED in (shown(said) if said else last(desk))
    assert mode(desk) is Mode.PRIORITIZED
    assert len(desk.stage.uplynk.sent) == 1


@pytest.mark.parametrize("line", ["undo nobody", "history nobody"])
def test_without_uplynk(desk: Desk, line: str) -> None:
    desk.stage.uplynk.reads.append(Unavailable("503", status=503))
    types(desk, f"/failover {line}", OPERATOR)
    desk.works()
    assert "Uplynk is in trouble (it answered 503)" in last(desk)
