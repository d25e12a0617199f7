"""Groups picked one by one, or all that match: what is offered, and the set that comes of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from failover.change import Configure, Slate
from failover.errors import Unavailable
from failover.lifecycle import State, Why
from failover.model import FailoverGroup, Mode
from failover.picking import FOR_MANY, Matching, Picking, PickPicture
from failover.policy import Grant, Protect
from failover.roles import Action, Role
from failover.sets import MOST, PICKED, SetPicture
from failover.standing import Denied
from services.picks import NoLonger
from services.set_previews import TooMany
from tests.builders import OPERATOR, VIEWER, flat, policy, request
from tests.stage import Stage

EAST, NORTH, SOUTH = (flat(id=name, name=f"Sports {name}") for name in ("East", "North", "South"))
NEWS = flat(id="News", name="News")


def staged(*groups: FailoverGroup) -> Stage:
    """A stage with these groups, or the usual ones, in memory."""
    stage = Stage(*(groups or (EAST, NORTH, SOUTH, NEWS)))
    stage.groups.all()
    return stage


def shows(stage: Stage, *values: str, **given: Any) -> Any:
    return stage.picks.show(request(**{"group": PICKED, **given}), values)


def test_all_that_match_come_first() -> None:
    stage = staged()
    assert stage.picks.search(" sports ", 100) == (Matching("sports", 3), EAST, NORTH, SOUTH)
    assert stage.picks.search("sports", 2) == (Matching("sports", 3), EAST)
    assert stage.picks.search("news", 100) == (NEWS,)
    assert stage.picks.search("", 100) == (NEWS, EAST, NORTH, SOUTH)


def test_more_than_a_set_may_have_are_offered_singly() -> None:
    stage = staged(*(flat(id=f"g{n:02d}", name=f"Group {n:02d}") for n in range(MOST + 1)))
    found = stage.picks.search("group", 100)
    assert len(found) == MOST + 1
    assert all(isinstance(one, FailoverGroup) for one in found)


def test_nothing_is_read_for_a_type_ahead() -> None:
    assert Stage(EAST, NORTH).picks.search("sports", 100) == ()


def test_they_come_in_the_sequence_in_which_they_were_picked_each_once() -> None:
    stage = staged()
    shown = shows(stage, "South", "News", "all:sports", "South")
    assert isinstance(shown, SetPicture)
    assert [one.group_id for one in shown.group_set.members] == ["South", "News", "East", "North"]
    assert shown.group_set.request.group == PICKED
    assert stage.set_store.sets[shown.group_set.id] == shown.group_set
    assert list(stage.uplynk.sent) == []


def test_what_is_shown_is_what_uplynk_has_now() -> None:
    stage = staged()
    stage.uplynk.set("East", mode=Mode.PRIORITIZED)
    shown = shows(stage, "East", "North")
    assert [row.already for row in shown.rows] == [True, False]


def test_one_that_asks_a_second_person_is_left_out() -> None:
    stage = staged()
    stage.rules = policy(protects=(Protect(("sports north",)),))
    shown = shows(stage, "East", "North", "South")
    assert [one.group_id for one in shown.group_set.members] == ["East", "South"]
    assert shown.rows[1].why is Why.RULE
    (refused,) = stage.ledger.records.values()
    assert (refused.state, refused.group_id) == (State.REFUSED, "North")


def test_what_is_there_no_longer_is_named_before_anything_is_stored() -> None:
    stage = staged()
    assert shows(stage, "East", "West", "all:cup") == NoLonger(("West", "all:cup"))
    assert stage.set_store.sets == {}


def test_more_than_a_set_may_have_are_no_set() -> None:
    stage = staged(*(flat(id=f"g{n:02d}", name=f"Group {n:02d}") for n in range(MOST + 1)))
    assert shows(stage, "all:group") == TooMany(MOST + 1)


def test_whoever_may_change_no_group_is_told_why_and_not_which_there_are() -> None:
    stage = staged()
    assert isinstance(shows(stage, "East", "West", actor=VIEWER), Denied)
    assert stage.ledger.records == {}


def test_an_uplynk_that_is_silent_is_said() -> None:
    stage = staged()
    stage.clock.advance(600)
    stage.uplynk.reads.extend([Unavailable("GET /x", status=503)] * 9)
    with pytest.raises(Unavailable):
        shows(stage, "East")


def test_the_form_offers_what_the_person_may_do() -> None:
    stage = staged()
    picking = Picking(("East", "all:sports", "gone"), slate="on")
    picture = stage.picks.picture(OPERATOR, picking)
    assert picture == PickPicture(picking, (EAST, Matching("sports", 3)), FOR_MANY)
    assert isinstance(stage.picks.picture(VIEWER, picking), Denied)


def test_a_right_to_some_group_is_enough_to_be_offered_the_form() -> None:
    stage = staged()
    grant = Grant(Role.OPERATOR, users=frozenset({OPERATOR.user_id}), groups=("news",))
    stage.rules = replace(policy(), grants=(grant,))
    picture = stage.picks.picture(OPERATOR, Picking())
    assert isinstance(picture, PickPicture)
    shown = shows(stage, "East", "News", change=Slate(True))
    assert [row.why for row in shown.rows] == [Why.ROLE, None]
    assert Action.SLATE in picture.offered
    assert shows(stage, "News", change=Configure(Mode.PRIORITIZED)).rows[0].taken
