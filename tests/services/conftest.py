"""The promises of the ports are asked of the real database and of the fake that stands in."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from store.changes import ChangeLedger
from store.engine import Database
from store.forces import ForceStore
from store.notices import NoticeBox
from tests.fakes import FakeClock, FakeForces, FakeLedger, FakeOutbox
from tests.services.memory import Memory


@pytest.fixture(params=["database", "fake"])
def memory(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Memory]:
    if request.param == "fake":
        fake = FakeLedger(FakeClock())
        yield Memory(fake, fake, FakeOutbox(fake), FakeForces(fake))
        return
    database = Database(f"sqlite:///{tmp_path / 'test.db'}")
    database.create()
    ledger = ChangeLedger(database, FakeClock(), lambda _: None)
    yield Memory(ledger, ledger, NoticeBox(database), ForceStore(database, ledger))
    database.close()
