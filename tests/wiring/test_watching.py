"""The labels are closed and whole: whatever can happen has a name there, and nothing is "other"."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given

from failover import errors
from failover.change import Change
from failover.lifecycle import MOVES, State, Why, move
from failover.measures import Lock, Pause
from failover.notices import Kind
from failover.policy import Rule
from ops.metrics import Stored, Waiting
from services.observing import asked_for
from store.changes import ChangeLedger
from store.engine import Database
from store.forces import ForceStore
from store.notices import NoticeBox
from tests.builders import ID_A, record, request
from tests.store.shapes import changes
from wiring import watching
from wiring.watching import NAMES


@given(changes)
def test_every_change_has_its_action(change: Change) -> None:
    assert asked_for(change).value in NAMES.actions


def test_outcomes_reasons_and_rules_are_all_there() -> None:
    assert set(NAMES.outcomes) == set(State) - set(MOVES) - {State.SHOWN}
    assert set(NAMES.reasons) == set(Why)
    assert set(NAMES.rules) == set(Rule)
    assert Why.RULE.value == "rule"


def test_every_error_of_uplynk_is_there() -> None:
    kinds = {
        name for name, one in vars(errors).items()
        if isinstance(one, type) and issubclass(one, errors.UplynkError)
    }  # fmt: skip
    assert set(NAMES.errors) == kinds - {"UplynkError"}
    assert len(NAMES.errors) >= 10


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = Database(f"sqlite:///{tmp_path / 'failover.db'}")
    made.create()
    yield made
    made.close()


def test_what_the_database_says_is_read(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = watching.utc_now()
    monkeypatch.setattr(watching, "utc_now", lambda: now)
    ledger = ChangeLedger(database, lambda: now, lambda _: None)
    forces = ForceStore(database, ledger)

    def told() -> Stored:
        return watching._stored(NoticeBox(database, watching.utc_now), forces)

    none = Waiting(0, 0.0, 0)
    assert told() == Stored({"card": none, "answer": none}, locks=0, paused=False)
    received = record(request=request(change=Lock(60), received_at=now))
    ledger.receive(received, {Kind.ANSWER: now - timedelta(seconds=90)})
    over = {"until": (now - timedelta(seconds=1)).isoformat()}
    for number, (change, group, facts) in enumerate(
        [(Lock(), ID_A, {}), (Lock(60), "b" * 32, over), (Pause(), None, {})]
    ):
        asked = request(key=f"key-{number}", change=change, received_at=now)
        one = record(id=f"measure-{number}", request=asked)
        ledger.receive(one, {})
        forces.enact(move(one, State.DONE, group_id=group, facts=facts), {}, None)
    assert told() == Stored({"card": none, "answer": Waiting(1, 90.0, 0)}, locks=1, paused=True)
