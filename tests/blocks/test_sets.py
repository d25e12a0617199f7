"""The table before a set, its progress, and its end: whole, within limits, and dead text."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from blocks import ids, sets
from failover.change import Change, Configure, Slate
from failover.consequences import foresee
from failover.lifecycle import FINAL, Record, State, Why
from failover.model import FailoverGroup, Mode
from failover.restore import Restore
from failover.sets import GroupSet, Member, Row, SetPicture, SetProgress
from tests.blocks import examine, samples
from tests.blocks.samples import FINALS, HOSTILE, MANUAL, NOW, REQUEST, record

ASKED = replace(REQUEST, group="sports-*", change=Configure(Mode.PRIORITIZED), reason=None)
WORST = "".join(HOSTILE)[:3000]


def rows_of(count: int, **given: Any) -> tuple[Row, ...]:
    return tuple(row(f"Sports {number}", **given) for number in range(1, count + 1))


def row(
    name: str, group: FailoverGroup = FINALS, change: Change = ASKED.change, **given: Any
) -> Row:
    group = replace(group, name=name, id=name[:32])
    foreseen = foresee(group, change, NOW) if not given else ()
    return Row(group, change, foreseen, **given)


def pictured(*rows: Row, undoes: str | None = None, **asked: Any) -> SetPicture:
    members = tuple(Member(one.group.id, one.group.name, one.change) for one in rows if one.taken)
    group_set = GroupSet("d" * 32, replace(ASKED, **asked), members, undoes=undoes)
    return SetPicture(group_set, rows, NOW, NOW)


def drawn(*rows: Row, **given: Any) -> dict[str, Any]:
    found = sets.preview(pictured(*rows, **given))
    examine.message(found, *(one.group.name for one in rows), private=True)
    return found


def buttons(message: dict[str, Any]) -> list[str]:
    rows = [one["elements"] for one in message["blocks"] if one["type"] == "actions"]
    return [element["action_id"] for one in rows for element in one]


def test_a_row_for_each_group_and_one_confirmation() -> None:
    rule = {"rules": [{"rule": "protect", "need": 1}]}
    shown = examine.shown(
        drawn(
            row("Sports East"),
            row("Sports West"),
            row("Sports North", already=True),
            row("Sports South", why=Why.RULE, facts=rule),
        )
    )
    assert "# Change 2 groups?" in shown
    assert "sports-*: prioritized" in shown
    assert "To be changed, one after the other: 2" in shown
    assert "Left out: 2 (already so: 1; asks a second person, so ask for it singly: 1)" in shown
    assert "1. Sports East: flat → prioritized, auto failback off" in shown
    assert "⚠️ The last failover was only 2 min ago" in shown
    assert "– Sports North: left out, already so" in shown
    assert "– Sports South: left out, asks a second person" in shown
    assert "Sports South: Rule protect: this change of this group needs a second person." in shown
    assert "[Apply to 2 groups]" in shown
    assert "[Apply, and go on after trouble]" in shown
    assert "It stops at the first group that does not come out as asked." in shown


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"already": True}, "already so"),
        ({"why": Why.ROLE, "facts": samples.facts(Why.ROLE, "x")[1]}, "you may not change it"),
        ({"why": Why.ROLE_UNCERTAIN, "facts": {}}, "could not be found out whether you may"),
        ({"why": Why.RULE, "facts": {"rules": samples.RULES[8]}}, "locked"),
        ({"why": Why.RULE, "facts": {"rules": samples.RULES[0]}}, "rule freeze"),
        ({"why": Why.RULE, "facts": {"rules": samples.RULES[2]}}, "changed a moment ago"),
        (
            {"why": Why.INAPPLICABLE, "facts": {"code": "failback_in_flat"}},
            "auto failback applies only to prioritized groups",
        ),
        ({"why": Why.STALE}, "changed since by somebody"),
        ({"why": Why.GONE}, "no longer there"),
    ],
)
def test_why_a_group_is_left_out(given: dict[str, Any], told: str) -> None:
    shown = examine.shown(drawn(row("Sports East"), row("Sports West", **given)))
    assert f"– Sports West: left out, {told}" in shown or told in shown.split("left out, ")[1]


def test_whoever_may_change_none_of_them_is_told_who_may() -> None:
    facts = samples.facts(Why.ROLE, "x")[2]
    found = drawn(row("Sports East", why=Why.ROLE, facts=facts))
    shown = examine.shown(found)
    assert "# There is no group to change" in shown
    assert "you need the role operator or admin" in shown
    assert "Who has it: " in shown
    assert buttons(found) == []


def test_a_rule_that_is_set_aside_is_said_loudly() -> None:
    found = drawn(row("A", overridden=("freeze",)), row("B", overridden=("freeze",)), reason="fire")
    shown = examine.shown(found)
    assert "🚨 Rule freeze will be set aside for 2 groups; the channel is told so." in shown
    assert "Reason: fire" in shown


def test_a_single_member_needs_no_going_on() -> None:
    assert buttons(drawn(row("A"))) == [ids.APPLY_SET, ids.CANCEL_SET]


def test_what_is_taken_back() -> None:
    back = Restore(FINALS, active=False, change_id="b" * 32)
    found = drawn(row("A", MANUAL, back), undoes="c" * 32)
    shown = examine.shown(found)
    assert "# Take back the changes of 1 group?" in shown
    assert "Undo of set cccccccc, the last change first" in shown
    assert "1. A: undo:" in shown


def test_of_many_groups_all_to_be_changed_are_named() -> None:
    left = (row("Cup 1", already=True), row("Cup 2", already=True))
    shown = examine.shown(drawn(*rows_of(48), *left))
    assert "20. Sports 20: flat" in shown
    assert "21. " not in shown
    assert "And 28 more to be changed: Sports 21, Sports 22" in shown
    assert "Sports 48" in shown
    assert "Left out: 2 (already so: 2)" in shown
    assert "– Cup 1" not in shown


@pytest.mark.parametrize("text", [*HOSTILE[::5], WORST])
def test_fifty_groups_of_any_name_fit(text: str) -> None:
    reasons = [
        {"why": why, "facts": facts}
        for why in (Why.ROLE, Why.RULE, Why.ROLE_UNCERTAIN, Why.STALE)
        for facts in samples.facts(why, text)
    ]
    all_taken = [row(f"{text}{n}") for n in range(50)]
    mixed = [row(f"{text}{n}", **reasons[n % len(reasons)]) for n in range(30)]
    aside = [row(f"{text}{n}", overridden=("freeze", "lock")) for n in range(20)]
    for rows in (all_taken, [*mixed, *aside], mixed):
        drawn(*rows, group=text, reason=text)


fewer = settings(
    max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), database=None
)


@fewer
@given(st.lists(samples.fitting(), min_size=1, max_size=3), samples.hostile)
def test_a_table_of_any_groups(asked: list[tuple[FailoverGroup, Change]], pattern: str) -> None:
    rows = [Row(group, change, foresee(group, change, NOW)) for group, change in asked * 16]
    drawn(*rows, group=pattern, reason=pattern)


# Under way, and at its end


def told(state: State, name: str, **given: Any) -> Record:
    given.setdefault("group", replace(FINALS, name=name))
    return record(state, change=ASKED.change, group_name=name, **given)


def progress(*records: Record, **given: Any) -> dict[str, Any]:
    found = sets.progress(SetProgress(GroupSet("d" * 32, ASKED, ()), records, **given))
    examine.message(found, *(one.group_name or "" for one in records), private=True)
    return found


def test_it_goes() -> None:
    done, waits = told(State.VERIFIED, "East"), told(State.RECEIVED, "West")
    shown = examine.shown(progress(waits, waits))
    assert "# ⏳ 0 of 2: begun" in shown
    shown = examine.shown(progress(done, waits))
    assert "# ⏳ 1 of 2: East – applied and verified" in shown
    assert "✅ East: applied and verified" in shown
    assert "• West: waits for its turn" in shown
    assert "direct message" not in shown
    assert "told in a direct message" in examine.shown(progress(done, waits, elsewhere=True))


def test_it_came_out_as_asked() -> None:
    done = told(State.VERIFIED, "East"), told(State.UNCHANGED, "West")
    found = progress(*done, ended=True)
    shown = examine.shown(found)
    assert "# ✅ 2 of 2 groups are as asked" in shown
    assert "applied and verified: 1; already so: 1" in shown
    assert buttons(found) == [ids.UNDO_SET]


def test_it_was_stopped() -> None:
    failed = told(State.FAILED, "East", why=Why.RATE_LIMITED)
    facts = {"group": "East", "state": "failed"}
    rest = [
        told(State.REFUSED, name, why=Why.SET_STOPPED, facts=facts) for name in ("North", "West")
    ]
    found = progress(failed, *rest, ended=True)
    shown = examine.shown(found)
    assert "# ⚠️ 0 of 3 groups are as asked" in shown
    assert "failed, nothing changed: 1; not begun, nothing changed: 2" in shown
    assert "East: Uplynk asked the bot to slow down (429)" in shown
    assert (
        "North: Not begun, because the change of East before it came to "
        "“failed, nothing changed”." in shown
    )
    assert shown.count("Not begun") == 1
    assert buttons(found) == []


def test_it_was_interrupted() -> None:
    rest = told(State.REFUSED, "West", why=Why.SET_STOPPED)
    shown = examine.shown(progress(told(State.VERIFIED, "East"), rest, ended=True))
    assert "West: The bot was interrupted before it came to this group." in shown


@pytest.mark.parametrize("state", sorted(FINAL - {State.SHOWN}))
@pytest.mark.parametrize("why", [None, *Why])
def test_every_end_of_fifty_groups_fits(state: State, why: Why | None) -> None:
    for text in (WORST, HOSTILE[7]):
        for facts in samples.facts(why, text):
            one = told(state, text, why=why, facts=facts)
            progress(*[replace(one, after=one.after or FINALS)] * 50, ended=True)


def test_a_slate_for_all_names_the_worst_consequence_first() -> None:
    shown = examine.shown(drawn(row("A", MANUAL, Slate(True)), change=Slate(True)))
    assert "⚠️ Viewers see the missing-content slate at once" in shown
