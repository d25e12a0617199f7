"""Draws a change in every message and view that tells of it."""

from __future__ import annotations

from dataclasses import replace

from blocks import announcement, answers
from failover.lifecycle import Record, State
from tests.blocks import examine
from tests.blocks.samples import NOW


def drawn_everywhere(told: Record, *foreign: str) -> None:
    """``foreign``: the texts from outside that stand in it."""
    if told.state is not State.SHOWN:
        examine.message(announcement.card(told, NOW), *foreign)
        if told.before is not None and told.facts.get("overridden") is None:
            unread = replace(told, before=None, group_id=None, group_name=None)
            examine.message(announcement.card(unread, NOW), *foreign)
        for seen in (None, told.before):
            examine.message(answers.answer(told, seen, NOW), *foreign, private=True)
            examine.view(answers.outcome_view(told, seen, NOW), *foreign)
        direct = answers.answer(told, None, NOW) | {"text": answers.answer_line(told)}
        examine.message(direct, *foreign)
