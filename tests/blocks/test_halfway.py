"""A change that stopped between its steps: why, how it stands, the two ways."""

from __future__ import annotations

from dataclasses import replace

import pytest

from blocks import halfway
from failover.lifecycle import State, Why
from tests.blocks.samples import CUP, MANUAL, TWO_STEPS, record

SECOND = record(State.HALFWAY, group=CUP, change=TWO_STEPS, after=MANUAL)
FIRST = replace(SECOND, written=SECOND.written[:1], base=CUP)
NOW = "The group is now prioritized, auto failback off; viewers see cup-a."
WAYS = "“Go on” does what is still missing, after a preview. “Undo…” takes back what was done."


@pytest.mark.parametrize(
    ("why", "facts", "said"),
    [
        (Why.REJECTED, {"status": 400, "words": "no"},
         "Uplynk refused step 2 (400). Its words: “no”."),
        (Why.CONFLICT, {"status": 409}, "Uplynk reports a conflict at step 2 (409)."),
        (Why.UNAUTHORIZED, {"status": 401},
         "Uplynk did not accept the bot's credentials at step 2 (401). Ask whoever runs the bot."),
        (Why.FORBIDDEN, {"status": 403},
         "The bot's Uplynk user lacks the right to do step 2 (403). Ask whoever runs the bot."),
        (Why.RATE_LIMITED, {"status": 429},
         "Uplynk asked the bot to slow down (429) and did not take step 2."),
        (Why.UNREACHABLE, {}, "No connection to Uplynk could be made for step 2, so that was not "
         "sent."),
        (Why.NO_EFFECT, {}, "Reading the group again shows that step 2 did not take effect."),
        (Why.BUSY, {}, "The bot stopped at step 2. Nothing more was sent."),
        (None, {}, "The bot stopped at step 2. Nothing more was sent."),
    ],
)  # fmt: skip
def test_a_step_that_did_not_take_effect(
    why: Why | None, facts: dict[str, object], said: str
) -> None:
    assert halfway.explanation(replace(SECOND, why=why, facts=facts)) == f"{said} {NOW} {WAYS}"


@pytest.mark.parametrize(
    ("why", "said"),
    [
        (Why.OTHER_HAND, "Somebody else changed the group after step 1, so the bot stopped rather "
         "than write over it. Nothing more was sent."),
        (Why.INTERRUPTED, "The bot was interrupted, or ran out of time, after step 1. "
         "Nothing more was sent."),
    ],
)  # fmt: skip
def test_a_stop_between_two_steps(why: Why, said: str) -> None:
    stopped = replace(FIRST, why=why, facts={"words": "not about this"})
    assert halfway.explanation(stopped) == f"{said} {NOW} {WAYS}"


def test_a_group_that_is_gone_has_no_way_on_and_none_back() -> None:
    gone = replace(SECOND, why=Why.GONE)
    assert halfway.buttons(gone) == []
    assert halfway.explanation(gone) == (
        "Uplynk said at step 2 that this group no longer exists. "
        "“/failover list” shows the groups there are."
    )


def test_where_nothing_is_left_of_it_there_is_no_way_back() -> None:
    nothing = replace(SECOND, why=Why.OTHER_HAND, after=CUP)
    assert [one["text"]["text"] for one in halfway.buttons(nothing)] == ["Go on"]
    assert "Undo" not in halfway.explanation(nothing)
