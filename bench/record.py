"""What the record and the outbox of a change cost, against as many bare durable commits.

A change is every call that the bot makes to the store for it: received, looked up what it must
agree with, taken, verified, and of the card and of the answer found due, claimed and delivered.
"""

import asyncio
import itertools
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine, event

from bench.bare_commits import Commit, on_postgresql, on_sqlite
from bench.figures import summary
from bench.table import Row, Verdict
from bench.turns import compared, milliseconds
from failover.instances import Neighbour
from failover.lifecycle import Record, State, move
from failover.notices import Kind
from store.changes import ChangeLedger
from store.documents import write
from store.engine import Database
from store.forces import ForceStore
from store.instances import InstanceRow
from store.notices import NoticeBox
from tests.builders import ID_A, flat, record, request
from tests.postgres import Postgres

WARM_UP = 20
CHANGES = 120
AT_ONCE = 8
EACH = 15
"""Changes of each thread in a round."""
ROUNDS = 4
"""The first of them warms up."""
ROW_GOALS = {"SQLite": 1.7, "PostgreSQL": 2.1}
"""What SQLAlchemy Core makes of one row, measured apart: 0.36 for 0.21 ms, and 0.47 for 0.22."""


@dataclass(frozen=True, slots=True)
class _Store:
    """The store of a bot over one database, and the floor beside it."""

    ledger: ChangeLedger
    forces: ForceStore
    outbox: NoticeBox
    bare: Callable[[], Commit]
    """Makes a floor of its own for whoever asks: a row in, and on disk."""


@dataclass(frozen=True, slots=True)
class _Samples:
    """Seconds."""

    ours: list[float] = field(default_factory=list)
    floor: list[float] = field(default_factory=list)


async def rows() -> list[Row]:
    """On SQLite and on PostgreSQL: one row, a change, and changes in eight threads at once."""
    return await asyncio.to_thread(lambda: [*_on("SQLite", _sqlite), *_on("PostgreSQL", _server)])


def _on(name: str, opened: Callable[[], Iterator[_Store]]) -> list[Row]:
    with contextmanager(opened)() as store:
        commits = _commits(lambda: _change(store, ID_A))
        one = _in_turns(lambda: store.ledger.receive(_received(ID_A), {}), store, 1)
        alone = _in_turns(lambda: _change(store, ID_A), store, commits)
        crowd = _crowded(store, commits)
    change = f"record and outbox of a change, {name}"
    return [
        compared(f"one durable row, {name}", one.ours, one.floor, ROW_GOALS[name]),
        compared(f"{change}: {commits} bare commits", alone.ours, alone.floor, None),
        _tail(f"{change}, {AT_ONCE} threads: as many", crowd),
    ]


def _sqlite() -> Iterator[_Store]:
    with TemporaryDirectory() as folder:
        path = Path(folder)
        yield from _opened(f"sqlite:///{path / 'failover.db'}", on_sqlite(path / "floor.db"))


def _server() -> Iterator[_Store]:
    with closing(Postgres(fsync=True)) as server:
        url = server.url(server.create("template0"))
        yield from _opened(url, on_postgresql(server.url(server.create("template0"))))


def _opened(url: str, bare: Callable[[], Commit]) -> Iterator[_Store]:
    with closing(Database(url)) as database:
        database.create()
        me = Neighbour(uuid.uuid4().hex, "bench", "")
        instance = InstanceRow(database, me, time.monotonic)
        instance.renew()
        ledger = ChangeLedger(database, _now, lambda _: None, instance)
        yield _Store(
            ledger,
            ForceStore(database, ledger),
            NoticeBox(database, lambda: datetime.now(UTC), instance),
            bare,
        )


def _now() -> datetime:
    return datetime.now(UTC)


def _received(group_id: str) -> Record:
    name = uuid.uuid4().hex
    return record(id=name, request=request(key=name, group=group_id, received_at=_now()))


def _change(store: _Store, group_id: str) -> None:
    """One change from its arrival until both its messages are out."""
    ledger, group = store.ledger, flat(id=group_id)
    first, _ = ledger.receive(_received(group_id), {Kind.ANSWER: _now()})
    last, force = ledger.last_sent_at(group_id), store.forces.in_force(group_id)
    there = {"group_id": group_id, "group_name": group.name, "before": group, "base": group}
    sending = move(first, State.SENDING, sent_at=_now(), **there)
    ledger.take(sending, {Kind.CARD: _now()}, last, force)
    now = _now()
    done = move(sending, State.VERIFIED, after=group, ended_at=now)
    ledger.advance(done, {Kind.CARD: now, Kind.ANSWER: now})
    for kind in Kind:
        _told(store.outbox, kind, done)


def _told(outbox: NoticeBox, kind: Kind, done: Record) -> None:
    due = outbox.due(kind, _now())
    notice = next(notice for notice, _ in due if notice.change_id == done.id)
    assert outbox.claim(notice, _now())
    outbox.delivered(notice, "C0OPS/1700000000.000100" if kind is Kind.CARD else None)


def _commits(work: Callable[[], None]) -> int:
    """How many transactions are committed meanwhile."""
    counted = itertools.count()

    def count(_: object) -> None:
        next(counted)

    event.listen(Engine, "commit", count)
    try:
        work()
    finally:
        event.remove(Engine, "commit", count)
    return next(counted)


def _in_turns(work: Callable[[], object], store: _Store, commits: int) -> _Samples:
    samples, document = _Samples(), write(_received(ID_A))
    bare = store.bare()
    for number in range(WARM_UP + CHANGES):
        pair = _timed(work), _timed(lambda: _bare(bare, document, commits))
        if number >= WARM_UP:
            samples.ours.append(pair[0])
            samples.floor.append(pair[1])
    return samples


def _crowded(store: _Store, commits: int) -> _Samples:
    """Each thread changes a group of its own; the floor's has a connection of its own."""
    samples, document = _Samples(), write(_received(ID_A))
    groups = [uuid.uuid4().hex for _ in range(AT_ONCE)]
    with ThreadPoolExecutor(AT_ONCE) as threads:
        bare = list(threads.map(lambda _: store.bare(), groups))

        def ours(number: int) -> list[float]:
            return [_timed(lambda: _change(store, groups[number])) for _ in range(EACH)]

        def floor(number: int) -> list[float]:
            return [_timed(lambda: _bare(bare[number], document, commits)) for _ in range(EACH)]

        for number in range(ROUNDS):
            for work, found in ((ours, samples.ours), (floor, samples.floor)):
                took = list(threads.map(work, range(AT_ONCE)))
                found.extend(itertools.chain(*took) if number else ())
    return samples


def _bare(commit: Commit, document: str, commits: int) -> None:
    for _ in range(commits):
        commit(document)


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _tail(what: str, samples: _Samples) -> Row:
    """The 99th percentiles against each other."""
    ours, floor = summary(samples.ours), summary(samples.floor)
    ratio = f"p99 {ours.p99 / floor.p99:.2f}"
    return Row(what, milliseconds(ours), milliseconds(floor), ratio, "", Verdict.NOTED)
