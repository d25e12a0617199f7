"""Locks and the pause as people read them: the card, the private answer, what changes nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from blocks import answers
from blocks.announcement import card, summary
from failover.change import Change
from failover.lifecycle import Record, State, Why
from failover.measures import Lock, Pause, Resume, Unlock
from tests.blocks import examine
from tests.blocks.samples import MANUAL, NOW, RECORD, REQUEST, record

IDS = "group 0f3c1d2e4b5a69788796a5b4c3d2e1f0 · change aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
WHO_AND_WHY = """\
| *Who*
| @Operator
| *Reason*
| rehearsal
"""
ONLY = "Only the person who locked it can change this group now. "
ALL = "  change aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"


def done(change: Change, **facts: str) -> Record:
    """What became of a measure; one for all groups is about none."""
    if isinstance(change, Pause | Resume):
        asked = replace(REQUEST, change=change, group="all groups")
        return replace(RECORD, request=asked, state=State.DONE, ended_at=NOW)
    return record(State.DONE, group=MANUAL, change=change, facts=facts)


UNTIL = (NOW + timedelta(hours=2)).isoformat()


@pytest.mark.parametrize(
    ("told", "heading", "body", "line"),
    [
        (
            done(Lock(7_200), until=UNTIL),
            "# 🔒 Cup is locked",
            "Until 2026-11-23 14:00:00 UTC.\n"
            f"{ONLY}It ends by itself; to end it sooner, that person or an admin types "
            f"“/failover unlock Cup”.\n  {IDS}",
            "Cup: locked until 14:00 UTC",
        ),
        (
            done(Lock()),
            "# 🔒 Cup is locked",
            f"{ONLY}To end it, that person or an admin types “/failover unlock Cup”.\n  {IDS}",
            "Cup: locked",
        ),
        (
            done(Unlock(), was="U0OPERATOR"),
            "# 🔓 Cup is unlocked",
            f"Everybody who has the role can change this group again.\n  {IDS}",
            "Cup: lock taken away",
        ),
        (
            done(Pause()),
            "# ⏸️ All changes are paused",
            "The bot refuses every change of every group until an admin types "
            f"“/failover resume”. Looking goes on as before.\n{ALL}",
            "All groups: all changes paused",
        ),
        (
            done(Resume()),
            "# ▶️ Changes go on again",
            f"Everybody who has the role can change groups again.\n{ALL}",
            "All groups: changes go on again",
        ),
    ],
)
def test_a_measure_that_was_taken(told: Record, heading: str, body: str, line: str) -> None:
    assert examine.shown(card(told, NOW)) == f"{heading}\n{WHO_AND_WHY}{body}"
    assert summary(told) == f"<@U0OPERATOR>: {line}. Reason: rehearsal"
    assert examine.shown(answers.answer(told, None, NOW)) == f"{heading}\n{body}"
    assert answers.answer_line(told) == line


def test_a_lock_whose_end_is_not_on_record_ends_so_long_after_it_was_taken() -> None:
    assert "Until 2026-11-23 13:30:02 UTC." in examine.shown(card(done(Lock(5_400)), NOW))


def test_a_lock_that_ends_on_another_day_says_which() -> None:
    until = (NOW + timedelta(days=2)).isoformat()
    assert "Cup: locked until 2026-11-25 12:00 UTC." in summary(done(Lock(172_800), until=until))


def test_who_takes_away_the_lock_of_somebody_else_says_whose() -> None:
    shown = examine.shown(card(done(Unlock(), was="U0ADMIN"), NOW))
    assert "| *Whose lock it was*\n| @Admin" in shown


def test_the_line_that_unlocks_quotes_the_name() -> None:
    told = replace(done(Lock()), group_name="NBA Finals")
    assert 'types “/failover unlock "NBA Finals"”.' in examine.shown(card(told, NOW))


@pytest.mark.parametrize(
    ("change", "already"),
    [
        (Lock(), "Cup: already locked"),
        (Unlock(), "Cup: not locked"),
        (Pause(), "All groups: already paused"),
        (Resume(), "All groups: not paused"),
    ],
)
def test_what_changes_nothing_says_how_it_is(change: Change, already: str) -> None:
    told = record(State.UNCHANGED, group=MANUAL, change=change)
    lines = examine.shown(answers.answer(told, None, NOW)).splitlines()
    assert lines[:2] == [f"# ✔️ {already}", "That is how it is already, so nothing was changed."]
    known = replace(told, facts={"by": "U0ADMIN", "reason": "fire"})
    lines = examine.shown(answers.answer(known, None, NOW)).splitlines()
    assert lines[1:3] == [
        "That is how it is already (reason: fire), so nothing was changed.",
        "Put in force by @Admin.",
    ]


def test_a_measure_under_way_and_one_that_was_refused() -> None:
    asked = record(State.RECEIVED, group=MANUAL, change=Lock(5_400))
    assert examine.shown(answers.answer(asked, None, NOW)).splitlines()[:2] == [
        "# ⏳ Cup: working on it",
        "asked for: lock for 1 h 30 min. Nothing is changed yet.",
    ]
    refused = replace(asked, state=State.REFUSED, why=Why.BUSY, facts={"holder": "U0ADMIN"})
    assert examine.shown(answers.answer(refused, None, NOW)).splitlines()[:2] == [
        "# ⛔ Cup: not changed",
        "asked for: lock for 1 h 30 min",
    ]


def test_a_measure_that_failed_is_not_shown_again_by_a_button() -> None:
    failed = record(State.FAILED, group=MANUAL, change=Lock(), why=Why.INTERNAL)
    assert "[Try again]" not in examine.shown(card(failed, NOW))
