"""The Home tab as people read it: roles, groups, pages, what is old, the last changes."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from blocks import home as home_blocks
from blocks.home import BLOCKS_LIMIT, PARTS, home, metadata, noted, place_of
from blocks.ids import HOME_ALL, HOME_BACK, HOME_FORM, HOME_MORE, HOME_REFRESH, UNDO
from failover.errors import Unauthorized, Unavailable
from failover.home import PAGE_SIZE, RECENT, GroupsPage, HomePicture, Place
from failover.lifecycle import State
from failover.model import FailoverGroup, Mode
from failover.policy import Grant
from failover.roles import Role
from failover.standing import Standing
from sandbox.slack.text import view_lines
from tests.blocks import examine, samples
from tests.blocks.samples import FINALS, HOSTILE, NOW, REQUEST, record

GOLF = replace(
    FINALS, id="b" * 32, name="Golf", mode=Mode.PRIORITIZED, auto_failback=True, failover_time=None
)
SLATED = replace(GOLF, id="c" * 32, name="Sports", active_slicer_id="no_slicer")
ALONE = replace(GOLF, id="d" * 32, name="Chess", slicers=GOLF.slicers[:1])
OPERATOR = Standing(
    (Grant(Role.OPERATOR, usergroups=frozenset({"S0SPORTS"}), groups=("NBA*",)),), Role.VIEWER, ()
)
VIEWER = Standing((), Role.VIEWER, ())
NOBODY = Standing((), Role.NONE, ())
HOLDERS = (("U0ADMIN",), ("S0SPORTS",))


def page(*mine: FailoverGroup, **new: Any) -> GroupsPage:
    others = new.pop("others", ())
    place = new.pop("place", Place())
    known = {"changeable": len(mine), "total": len(mine) + len(others), "read_at": NOW}
    return GroupsPage(mine, others, place, **{**known, **new})


def picture(**new: Any) -> HomePicture:
    plain: dict[str, Any] = {
        "user_id": "U0OPERATOR",
        "standing": OPERATOR,
        "holders": HOLDERS,
        "place": Place(),
        "page": page(FINALS, GOLF),
        "problem": None,
        "recent": (),
        "now": NOW,
    }
    return HomePicture(**{**plain, **new})


def shown(drawn: dict[str, Any]) -> str:
    return "\n".join(view_lines(drawn, {}, {}, examine.NAMES))


def elements(drawn: dict[str, Any], action_id: str) -> list[dict[str, Any]]:
    rows = [one for block in drawn["blocks"] for one in block.get("elements", ())]
    rows += [block["accessory"] for block in drawn["blocks"] if "accessory" in block]
    return [one for one in rows if one.get("action_id") == action_id]


def value(drawn: dict[str, Any], action_id: str) -> str:
    (found,) = elements(drawn, action_id)
    return str(found["value"])


def test_a_whole_home_tab() -> None:
    drawn = home(picture(recent=(record(State.VERIFIED),)))
    examine.view(drawn)
    assert shown(drawn) == (
        "You are @Operator, known to me as `U0OPERATOR`.\n"
        "• viewer (everybody, all groups)\n"
        "• operator for NBA* (through a user group)\n"
        "  [Open the form] [Refresh]\n"
        "  Read from Uplynk at 12:00:00 UTC · 0 s before this page was drawn\n"
        "# Groups that you may change (2)\n"
        "• NBA Finals: flat · viewers see main\n"
        "Last failover 2 min ago\n"
        "  [Change…]\n"
        "• Golf: prioritized, auto failback on · viewers see main\n"
        "  [Change…]\n"
        "  Groups 1–2 of 2\n"
        "# The last changes\n"
        "✅ NBA Finals: flat → prioritized, auto failback on – applied and verified\n"
        "  2026-11-23 12:00:00 UTC (0 s ago) · @Operator · Reason: rehearsal"
    )
    assert drawn["private_metadata"] == metadata(Place())


def test_the_button_beside_a_group_opens_the_form_with_it() -> None:
    drawn = home(picture())
    assert [one["value"] for one in elements(drawn, HOME_FORM)] == ["-", FINALS.id, GOLF.id]


@pytest.mark.parametrize(
    ("group", "line"),
    [
        (SLATED, "⚠️ Sports: prioritized, auto failback on · "
                 "viewers see the missing-content slate · slate is on"),
        (ALONE, "⚠️ Chess: prioritized, auto failback on · viewers see main · no backup"),
        (replace(SLATED, slicers=()), "⚠️ Sports: prioritized, auto failback on · "
         "viewers see the missing-content slate · slate is on · no backup"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_group_is_said_of_ones_own_and_of_others(
    group: FailoverGroup, line: str
) -> None:
    assert line in shown(home(picture(page=page(group)))).splitlines()
    others = page(others=(group,), place=Place(everything=True))
    assert line in shown(home(picture(page=others))).splitlines()


def test_groups_of_others_are_short_and_come_last() -> None:
    both = page(FINALS, others=(GOLF, SLATED), place=Place(everything=True))
    text = shown(home(picture(page=both)))
    assert "# Groups that you may change (1)\n• NBA Finals" in text
    assert (
        "# Other groups, to look at (2)\n"
        "• Golf: prioritized, auto failback on · viewers see main\n⚠️ Sports: "
    ) in text
    assert text.count("[Change…]") == 1
    assert "Groups 1–3 of 3" in text


def test_the_toggle_leads_to_where_the_others_begin_and_back() -> None:
    mine = page(*[FINALS] * PAGE_SIZE, changeable=45, total=60)
    assert place_of(value(home(picture(page=mine)), HOME_ALL)) == Place(40, everything=True)
    everything = replace(mine, place=Place(40, everything=True))
    assert place_of(value(home(picture(page=everything)), HOME_ALL)) == Place()


@pytest.mark.parametrize("total", [0, 2])
def test_there_is_no_toggle_without_groups_of_both_kinds(total: int) -> None:
    groups = [FINALS, GOLF][:total]
    assert elements(home(picture(page=page(*groups))), HOME_ALL) == []
    look = page(others=tuple(groups), place=Place(everything=True))
    assert elements(home(picture(page=look)), HOME_ALL) == []


@pytest.mark.parametrize(
    ("offset", "rows", "line", "back", "more"),
    [
        (0, 20, "Groups 1–20 of 2,000", None, 20),
        (20, 20, "Groups 21–40 of 2,000", 0, 40),
        (1980, 20, "Groups 1,981–2,000 of 2,000", 1960, None),
    ],
)
def test_pages(offset: int, rows: int, line: str, back: int | None, more: int | None) -> None:
    place = Place(offset)
    many = page(*[FINALS] * rows, changeable=2000, total=2000, place=place)
    drawn = home(picture(page=many, place=place))
    examine.view(drawn)
    assert line in shown(drawn)
    for action_id, start in ((HOME_BACK, back), (HOME_MORE, more)):
        found = [place_of(one["value"]) for one in elements(drawn, action_id)]
        assert found == ([] if start is None else [Place(start)])
    assert place_of(value(drawn, HOME_REFRESH)) == place_of(drawn["private_metadata"]) == place


def test_no_groups_at_all() -> None:
    assert "There are no failover groups." in shown(home(picture(page=page())))


@pytest.mark.parametrize(
    ("new", "line"),
    [
        ({"page": None}, "⏳ Reading the failover groups from Uplynk…"),
        ({"reading": True}, "  ⏳ They are being read again…"),
        ({"standing": None}, "⏳ Looking up your roles…"),
        ({"recent": None}, "⚠️ The bot's database did not tell the last changes."),
        ({"note": noted("⛔ A word.")}, "⛔ A word."),
    ],
)
def test_what_is_not_known_yet_is_said(new: dict[str, Any], line: str) -> None:
    drawn = home(picture(**new))
    examine.view(drawn)
    assert line in shown(drawn).splitlines()


def test_what_is_old_says_how_old_and_why() -> None:
    old = page(FINALS, read_at=NOW - timedelta(minutes=3))
    drawn = home(picture(page=old, problem=Unauthorized("GET /x", status=401)))
    examine.view(drawn)
    text = shown(drawn)
    assert "⚠️ Uplynk does not answer now: what you see of the groups is 3 min old." in text
    assert "did not accept the bot's credentials" in text
    assert "  Read from Uplynk at 11:57:00 UTC · 3 min before this page was drawn" in text
    assert "• NBA Finals: flat" in text


def test_groups_that_were_never_read() -> None:
    text = shown(home(picture(page=None, problem=Unauthorized("GET /x", status=401))))
    assert "⚠️ The failover groups are not known: they could not be read yet." in text
    assert "did not accept the bot's credentials" in text


def test_who_may_not_look_sees_only_why() -> None:
    drawn = home(picture(standing=NOBODY))
    examine.view(drawn)
    assert shown(drawn) == (
        "For this you need the role viewer. Nothing was sent to Uplynk, so nothing was changed.\n"
        "Who has it: @Admin, @sports\n  [Refresh]"
    )


def test_whose_roles_cannot_be_read_is_told_so() -> None:
    unread = replace(NOBODY, unread=("S0SPORTS",), problem="ratelimited")
    text = shown(home(picture(standing=unread)))
    assert "ratelimited" in text
    assert "NBA Finals" not in text


def test_a_change_can_not_be_undone_from_where_no_message_is() -> None:
    drawn = home(picture(recent=(record(State.VERIFIED),)))
    assert elements(drawn, UNDO) == []


@pytest.mark.parametrize(
    "text", ["", "x", "[]", "[1]", "[1, 2, 3]", "null", "5", '["1", true]', "[1, 0]",
             "[true, true]", "[1.5, true]", "{}", "[" * 100_000]
)  # fmt: skip
def test_a_place_that_cannot_be_read_is_the_first_page(text: str) -> None:
    assert place_of(text) == Place()


@pytest.mark.parametrize("place", [Place(), Place(40), Place(20, everything=True)])
def test_a_place_is_carried_along(place: Place) -> None:
    assert place_of(metadata(place)) == place
    assert place_of(json.dumps([-5, True])) == Place(0, everything=True)


def full(group: FailoverGroup, text: str) -> HomePicture:
    """As many blocks as there can be, with ``text`` wherever words are foreign."""
    roles = tuple(Grant(role, frozenset({"U0OPERATOR"}), groups=HOSTILE) for role in Role) * 20
    request = replace(REQUEST, reason=text, group=text)
    told = record(State.VERIFIED, group=replace(group, slicers=FINALS.slicers), request=request)
    place = Place(20, everything=True)
    half = PAGE_SIZE // 2
    rows = page(*[group] * half, others=(group,) * half, place=place, changeable=30, total=9000)
    return picture(
        standing=Standing(roles, Role.VIEWER, ("S1", "S2"), text),
        page=rows,
        place=place,
        problem=Unavailable("GET /x", words=text),
        recent=(told,) * RECENT,
        note=noted("⛔ A word."),
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_names_from_outside_stay_dead(text: str) -> None:
    hostile = replace(FINALS, name=text, active_slicer_id=text)
    drawn = home(full(hostile, text))
    examine.view(drawn, text)
    assert shown(drawn).count("viewers see") == PAGE_SIZE
    assert len(drawn["blocks"]) < BLOCKS_LIMIT


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(samples.groups(), samples.hostile)
def test_any_group_can_be_drawn(group: FailoverGroup, text: str) -> None:
    drawn = home(full(group, text))
    examine.view(drawn, text, group.name)
    assert shown(drawn).count("viewers see") == PAGE_SIZE
    many = page(*[group] * PAGE_SIZE, changeable=30, total=30)
    examine.view(home(picture(page=many)), group.name)


def test_a_home_tab_is_never_longer_than_slack_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(home_blocks, "PARTS", PARTS * 20)
    drawn = home(full(FINALS, "x"))
    assert len(drawn["blocks"]) == BLOCKS_LIMIT
