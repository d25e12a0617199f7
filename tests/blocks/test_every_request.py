"""Requests for a second person, and locks: they fit, and nothing from outside is alive in them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from blocks import errors
from blocks.declining import decline_form
from blocks.history import history
from failover.change import Change
from failover.lifecycle import State, Why
from failover.model import FailoverGroup
from tests.blocks import examine, samples
from tests.blocks.everywhere import drawn_everywhere
from tests.blocks.samples import HOSTILE, NOW, REQUEST, record
from tests.blocks.waiting import AGREED, WAITING

WORST = "".join(HOSTILE)[:3000]


@pytest.mark.parametrize("approvals", [(), AGREED, AGREED * 20])
@pytest.mark.parametrize("why", [None, Why.DECLINED, Why.WITHDRAWN, Why.EXPIRED, Why.STALE])
@pytest.mark.parametrize(("group", "change"), samples.CHANGES)
def test_a_change_that_others_were_asked_about(
    group: FailoverGroup, change: Change, why: Why | None, approvals: tuple[tuple[str, datetime]]
) -> None:
    for text in HOSTILE[1 + len(approvals) :: 13]:
        named = replace(group, name=text)
        request = replace(REQUEST, reason=text, group=text)
        facts = {**WAITING, "by": "U0ADMIN", "words": text, "overridden": ["freeze"]}
        for state in set(State) - {State.SHOWN, State.RECEIVED, State.DONE}:
            told = record(state, group=named, change=change, request=request, why=why)
            told = replace(told, facts=facts, approvals=approvals, after=told.after or named)
            drawn_everywhere(told, text)
            examine.view(decline_form(told), text)
            examine.message(errors.decided(told), text, private=True)
            examine.message(errors.approved(told), text, private=True)


@pytest.mark.parametrize("state", sorted(set(State) - {State.SHOWN}))
@pytest.mark.parametrize("change", samples.MEASURES)
def test_every_measure_in_every_state(change: Change, state: State) -> None:
    for text in (*HOSTILE[list(State).index(state) :: 7], WORST):
        request = replace(REQUEST, change=change, reason=text, group=text)
        for why in (None, Why.RULE, Why.ROLE, Why.BUSY):
            facts = ({"was": "U0ADMIN"}, {"by": "U0ADMIN", "reason": text})
            for found in samples.facts(why, text) if why else facts:
                told = record(state, request=request, why=why, facts=found, group_name=text)
                drawn_everywhere(told, text)
                examine.message(history([told], None, NOW), text, private=True)
