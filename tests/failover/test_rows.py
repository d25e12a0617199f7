"""The rows that are the help: each with examples that the grammar reads as that row's intent."""

from typing import get_args

import pytest

from failover.change import Activate, Channels, Configure, Order, Owners, Slate, needed
from failover.grammar import parse, to_text
from failover.intents import (
    Ask,
    AskAll,
    GrammarError,
    Intent,
)
from failover.measures import Lock, Pause, Resume, Unlock
from failover.roles import CHANGING, Action
from failover.rows import ROWS, Row


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.word or "form")
def test_every_row_has_examples_of_its_own_intent(row: Row) -> None:
    assert len(set(row.examples)) == len(row.examples) >= (1 if row.needs is Action.VIEW else 2)
    for example in row.examples:
        intent = parse(example)
        assert not isinstance(intent, GrammarError)
        assert type(intent) is row.intent
        assert parse(to_text(intent)) == intent
    assert row.usage.split(" ")[0] == row.word
    assert row.summary.endswith(".")


CHANGES = {
    "set": Configure,
    "activate": Activate,
    "slate": Slate,
    "order": Order,
    "channels": Channels,
    "owners": Owners,
    "lock": Lock,
    "unlock": Unlock,
}
FOR_ALL = {"pause": Pause, "resume": Resume}


@pytest.mark.parametrize(
    "row", [row for row in ROWS if row.intent in (Ask, AskAll)], ids=lambda row: row.word
)
def test_every_change_has_a_row_that_asks_for_it_and_its_right(row: Row) -> None:
    asked = [parse(example) for example in row.examples]
    changes = [intent.change for intent in asked if isinstance(intent, Ask | AskAll)]
    assert {type(change) for change in changes} == {(CHANGES | FOR_ALL)[row.word]}
    assert {needed(change) for change in changes} == {row.needs}


def test_the_rows_are_the_forms_and_every_intent_has_one() -> None:
    assert [row.word for row in ROWS] == [
        *("", "GROUP", "set", "activate", "slate", "order", "undo", "channels", "owners"),
        *("lock", "unlock", "pause", "resume", "status", "list", "history", "whoami", "help"),
    ]
    assert {row.intent for row in ROWS} == set(get_args(Intent))
    changing = {row.needs: row.word for row in ROWS if row.needs is not Action.VIEW}
    assert changing.keys() == {*CHANGING, Action.LOCK, Action.PAUSE}
    assert changing[Action.UNDO] == "undo"
    assert {row.word for row in ROWS if row.intent is Ask} == CHANGES.keys()
    assert {row.word for row in ROWS if row.intent is AskAll} == FOR_ALL.keys()


@pytest.mark.parametrize(
    ("word", "usage"),
    [
        ("set", "set GROUP [MODE] [failback on|off] [now] [override RULE] [because REASON]"),
        ("activate", "activate GROUP SLICER"),
        ("slate", "slate GROUP on|off"),
        ("order", "order GROUP SLICER, SLICER, …"),
        ("channels", "channels GROUP add|remove ID, ID, …"),
        ("owners", "owners GROUP add|remove ID, …"),
        ("undo", "undo [GROUP]"),
        ("history", "history [GROUP]"),
        ("lock", "lock GROUP [for 2h] because REASON"),
        ("unlock", "unlock GROUP"),
        ("pause", "pause because REASON"),
        ("resume", "resume"),
    ],
)
def test_a_usage_word_for_word(word: str, usage: str) -> None:
    assert [row.usage for row in ROWS if row.word == word] == [usage]
