"""The promises of the ports are asked of the real databases and of the fake that stands in."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from uuid import uuid4

import pytest

from failover.instances import Neighbour
from ops import process
from store.changes import ChangeLedger
from store.engine import Database
from store.forces import ForceStore
from store.instances import InstanceRow
from store.notices import NoticeBox
from store.sets import SetBox
from tests.fakes import FakeClock, FakeForces, FakeLedger, FakeOutbox, FakeSets
from tests.services.memory import Memory


def fake(ledger: FakeLedger, sets: FakeSets) -> Memory:
    def beside() -> Memory:
        other = ledger.beside()
        return fake(other, sets.beside(other))

    dies = partial(ledger.dead.add, ledger.me)
    return Memory(ledger, ledger, FakeOutbox(ledger), FakeForces(ledger), sets, beside, dies)


def real(database: Database, open_one: Callable[[], Database]) -> Memory:
    own = InstanceRow(database, Neighbour(uuid4().hex, "host:1", ""), process.seconds)
    own.renew()
    ledger = ChangeLedger(database, FakeClock(), lambda _: None, own)
    return Memory(
        ledger,
        ledger,
        NoticeBox(database, FakeClock(), own),
        ForceStore(database, ledger),
        SetBox(database, FakeClock(), own),
        lambda: real(open_one(), open_one),
        own.leave,
    )


@pytest.fixture(params=["fake", "sqlite", "postgresql"])
def memory(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Memory]:
    if request.param == "fake":
        ledger = FakeLedger(FakeClock())
        yield fake(ledger, FakeSets(ledger))
        return
    url = f"sqlite:///{tmp_path / 'test.db'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("emptied_postgres_url")
    opened: list[Database] = []

    def open_one() -> Database:
        opened.append(Database(url))
        return opened[-1]

    open_one().create()
    yield real(opened[0], open_one)
    for database in opened:
        database.close()
