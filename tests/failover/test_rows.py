"""The rows that are the help: each with examples that the grammar reads as that row's intent."""

import pytest

from failover.grammar import parse
from failover.intents import Help, ListGroups, OpenForm, Set, Status, Whoami
from failover.roles import Action
from failover.rows import ROWS, Row


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.word or "form")
def test_every_row_has_examples_of_its_own_intent(row: Row) -> None:
    assert row.examples
    assert {type(parse(example)) for example in row.examples} == {row.intent}
    assert row.usage.split(" ")[0] == row.word
    assert row.summary.endswith(".")


def test_the_rows_are_the_forms_and_every_intent_has_one() -> None:
    assert [row.word for row in ROWS] == ["", "GROUP", "set", "status", "list", "whoami", "help"]
    assert {row.intent for row in ROWS} == {OpenForm, Set, Status, ListGroups, Whoami, Help}
    changing = [row.word for row in ROWS if row.needs is not Action.VIEW]
    assert changing == ["set"]
