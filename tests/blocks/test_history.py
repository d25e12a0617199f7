"""The last changes as people read them, and the one way back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from blocks.history import SHOWN, history
from failover.change import Slate
from failover.lifecycle import STOPS, State, Why
from failover.measures import Lock, Pause, Resume, Unlock
from tests.blocks import examine
from tests.blocks.samples import CUP, MANUAL, NOW, REQUEST, TWO_STEPS, record
from tests.blocks.waiting import AGREED

EARLIER = replace(REQUEST, received_at=NOW - timedelta(minutes=3), reason=None)
RECORDS = (
    record(State.REFUSED, why=Why.ROLE),
    record(State.VERIFIED, group=MANUAL, change=Slate(True), id="b" * 32),
    record(State.FAILED, request=EARLIER, group_name="Cup", facts={"overridden": ["freeze"]}),
    record(State.VERIFIED, id="c" * 32),
)
TOLD = """\
# The last changes
⛔ NBA Finals: flat → prioritized, auto failback on – not changed
  2026-11-23 12:00:00 UTC (0 s ago) · @Operator · Reason: rehearsal
✅ Cup: live (cup-a) → slate – applied and verified
  2026-11-23 12:00:00 UTC (0 s ago) · @Operator · Reason: rehearsal
  [Undo…]
❌ Cup: flat → prioritized, auto failback on – failed, nothing changed
  2026-11-23 11:57:00 UTC (3 min ago) · @Operator · 🚨 rule freeze was set aside
✅ NBA Finals: flat → prioritized, auto failback on – applied and verified
  2026-11-23 12:00:00 UTC (0 s ago) · @Operator · Reason: rehearsal"""


def test_of_any_group() -> None:
    drawn = history(RECORDS, None, NOW)
    assert examine.shown(drawn) == TOLD
    (row,) = (block for block in drawn["blocks"] if block["type"] == "actions")
    assert row["elements"][0]["value"] == "b" * 32


def test_of_one_group_its_name_stands_above_alone() -> None:
    lines = examine.shown(history(RECORDS[1:2], "Cup", NOW)).splitlines()
    assert lines[:2] == [
        "# The last changes of Cup",
        "✅ live (cup-a) → slate – applied and verified",
    ]


def test_nothing_on_record() -> None:
    assert examine.shown(history((), None, NOW)) == "No changes are on record."
    assert examine.shown(history((), "Cup", NOW)) == "No changes of Cup are on record."


def test_no_more_than_ten_are_shown() -> None:
    shown = examine.shown(history(RECORDS * 5, None, NOW))
    assert shown.count("@Operator") == SHOWN == 10


@pytest.mark.parametrize(
    "state", sorted({State.SENDING, State.UNKNOWN, State.UNSETTLED, State.UNVERIFIED})
)
def test_what_may_have_had_an_effect_bars_the_way_back_over_it(state: State) -> None:
    assert "[Undo…]" not in examine.shown(history([record(state), *RECORDS], None, NOW))


@pytest.mark.parametrize(
    "state",
    sorted({*STOPS, State.RECEIVED, State.AWAITING, State.APPROVED, State.DONE}),
)
def test_what_had_no_effect_does_not(state: State) -> None:
    assert "[Undo…]" in examine.shown(history([record(state), *RECORDS], None, NOW))


def test_locks_and_the_pause() -> None:
    until = {"until": (NOW + timedelta(hours=2, minutes=40)).isoformat()}
    of_all = {"group_id": None, "group_name": "all groups"}
    records = (
        record(State.DONE, change=Resume(), **of_all),
        record(State.DONE, change=Pause(), **of_all),
        record(State.DONE, change=Unlock()),
        record(State.UNCHANGED, change=Unlock()),
        record(State.DONE, change=Lock(9_600), facts=until),
        record(State.DONE, change=Lock()),
        record(State.REFUSED, change=Lock(), why=Why.ROLE),
    )
    assert examine.shown(history(records, None, NOW)).splitlines()[1::2] == [
        "▶️ All groups: changes go on again",
        "⏸️ All groups: all changes paused",
        "🔓 NBA Finals: lock taken away",
        "✔️ NBA Finals: asked for: unlock – not locked",
        "🔒 NBA Finals: locked until 14:40 UTC",
        "🔒 NBA Finals: locked",
        "⛔ NBA Finals: asked for: lock – not changed",
    ]


def test_what_others_had_to_agree_to() -> None:
    approved = record(State.VERIFIED, approvals=AGREED)
    declined = record(State.REFUSED, why=Why.DECLINED, facts={"by": "U0ADMIN", "words": "no"})
    lines = examine.shown(history([approved, declined], None, NOW)).splitlines()
    assert "@Operator · approved by @Admin · Reason: rehearsal" in lines[2]
    assert lines[4].endswith("– declined, nothing changed")


def test_what_stopped_halfway_can_be_taken_back() -> None:
    stopped = record(State.HALFWAY, group=CUP, change=TWO_STEPS, after=MANUAL)
    lines = examine.shown(history([stopped, *RECORDS], None, NOW)).splitlines()
    assert lines[1] == "⚠️ Cup: auto failback off, active cup-a → cup-b – stopped halfway"
    assert lines[3] == "  [Undo…]"
    assert lines.count("  [Undo…]") == 1
