"""From every version to the newest, with something in every table, on either kind of database."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, make_url, select, text

from failover.errors import LedgerUnavailable
from failover.lifecycle import LAST_WORDS, MOVES, State
from failover.notices import Kind
from failover.sets import SetState
from store import migrations
from store.engine import Database
from store.forces import ForceStore
from store.migrations import STAMP, VERSIONS
from store.sets import SetBox
from store.tables import changes, metadata, sets
from tests.builders import ID_A, ID_B, START, flat, later, record, request
from tests.fakes import FakeClock
from tests.postgres import Postgres
from tests.store.conftest import Shelf

SAMPLES = Path(__file__).parent / "samples"
EARLIER = VERSIONS[:-1]
START_UP = "import sys; from store.engine import Database; d = Database(sys.argv[1]); d.create()"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database without a table."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'failover.db'}"
    bare: str = request.getfixturevalue("bare_postgres_url")
    return bare


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    made = Database(url)
    yield made
    made.close()


def fill(database: Database, version: str) -> None:
    """Make a database of an earlier version, with its sample."""
    lines = (SAMPLES / f"{version}.sql").read_text(encoding="utf-8").splitlines()
    with database.writing() as connection:
        migrations.upgrade(connection, version)
        for line in lines:
            if not line.startswith("--"):
                connection.exec_driver_sql(line)


def forget_the_version(database: Database) -> None:
    """As it was before there were versions."""
    with database.writing() as connection:
        STAMP.drop(connection)


def differences(database: Database) -> list[object]:
    with database.reading() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        return list(compare_metadata(context, metadata))


def versions(database: Database) -> list[str]:
    with database.reading() as connection:
        return list(connection.execute(select(STAMP.c.version_num)).scalars())


def counts(database: Database) -> dict[str, int]:
    """How many rows there are in each table."""
    with database.reading() as connection:
        tables = inspect(connection).get_table_names()
        return {
            name: connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one()
            for name in tables
        }


def test_the_versions_are_those_of_the_files() -> None:
    scripts = ScriptDirectory(str(Path(migrations.__file__).parent)).walk_revisions()
    assert [script.revision for script in scripts] == list(reversed(VERSIONS))
    assert {path.stem for path in SAMPLES.glob("*.sql")} == set(VERSIONS)


def test_a_new_database_is_as_the_tables_say(database: Database) -> None:
    database.create()
    assert differences(database) == []
    assert versions(database) == [VERSIONS[-1]]


@pytest.mark.parametrize("version", VERSIONS)
def test_an_earlier_database_becomes_as_the_tables_say(database: Database, version: str) -> None:
    fill(database, version)
    before = counts(database)
    assert all(before.values()), "something in every table"
    database.create()
    assert differences(database) == []
    assert versions(database) == [VERSIONS[-1]]
    assert {name: count for name, count in counts(database).items() if name in before} == before


@pytest.mark.parametrize("version", EARLIER)
def test_an_earlier_version_is_seen_to_differ(database: Database, version: str) -> None:
    with database.writing() as connection:
        migrations.upgrade(connection, version)
    assert differences(database) != []


def test_a_database_from_before_there_were_versions_is_recognised(database: Database) -> None:
    fill(database, "0001")
    forget_the_version(database)
    before = counts(database)
    database.create()
    assert differences(database) == []
    assert {name: count for name, count in counts(database).items() if name in before} == before


def test_what_a_still_earlier_one_lacks_is_added(database: Database) -> None:
    fill(database, "0001")
    forget_the_version(database)
    with database.writing() as connection:
        for statement in ("DROP TABLE sets", "DROP TABLE forces", "DROP INDEX changes_received"):
            connection.exec_driver_sql(statement)
    database.create()
    assert differences(database) == []


@pytest.mark.parametrize("version", VERSIONS)
def test_everything_in_it_is_understood(database: Database, url: str, version: str) -> None:
    fill(database, version)
    shelf = Shelf(url)
    with database.reading() as connection:
        ids = connection.execute(select(changes.c.id)).scalars().all()
        names = connection.execute(select(sets.c.id)).scalars().all()
    found = [shelf.ledger.get(one) for one in ids]
    assert {one.state for one in found if one is not None} == set(State)
    shelf.ledger.take_over()
    assert {one.state for one in shelf.ledger.unfinished()} == set(MOVES)
    assert {one.state for one in shelf.ledger.history(None, 100)} > LAST_WORDS
    box = SetBox(database, FakeClock())
    stored = [one for one in map(box.get, names) if one is not None]
    assert {one.state for one in stored} == set(SetState)
    under_way, ended = box.open()
    assert {one.state for one in box.records(under_way)} == {State.RECEIVED}
    waiting = {one.id for one in box.records(under_way)}
    assert waiting & {one.id for one in shelf.ledger.unfinished()} == set(), "the set starts them"
    assert len(box.records(ended)) == 2
    forces = ForceStore(database, shelf.ledger)
    assert [group_id for group_id, _ in forces.locks()] == [ID_A, ID_B]
    assert forces.in_force(None).pause is not None
    told = {kind: shelf.outbox.due(kind, later(3600)) for kind in Kind}
    assert all(told.values())
    shelf.database.close()


@pytest.mark.parametrize("version", VERSIONS)
def test_work_goes_on_in_it(database: Database, url: str, version: str) -> None:
    fill(database, version)
    shelf = Shelf(url)
    shelf.ledger.receive(record(request=request(key="new")), {Kind.CARD: START})
    told = shelf.ledger.find("new")
    assert told is not None
    assert "change-1" in {one.id for _, one in shelf.outbox.due(Kind.CARD, START)}
    assert shelf.ledger.seen(shelf.ledger.keep(flat())) == flat()
    shelf.database.close()


def test_a_version_that_only_a_newer_bot_knows_is_refused_and_left_alone(
    database: Database,
) -> None:
    database.create()
    with database.writing() as connection:
        connection.execute(STAMP.update().values(version_num="9999"))
    before = counts(database)
    with pytest.raises(LedgerUnavailable) as refused:
        database.create()
    assert "9999" in str(refused.value)
    assert VERSIONS[-1] in str(refused.value)
    assert "\n" not in str(refused.value)
    assert (counts(database), versions(database)) == (before, ["9999"])


def test_a_step_that_fails_leaves_the_version_before(database: Database) -> None:
    fill(database, "0001")
    with database.writing() as connection:
        connection.exec_driver_sql("ALTER TABLE sets ADD COLUMN holder VARCHAR(32)")
    with pytest.raises(LedgerUnavailable):
        database.create()
    assert versions(database) == ["0001"]
    assert "instances" not in counts(database)


@pytest.mark.parametrize("earlier", [False, True])
def test_two_that_start_at_once_both_come_up(database: Database, url: str, earlier: bool) -> None:
    if earlier:
        fill(database, "0001")
    command = [sys.executable, "-c", START_UP, url]
    started = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    assert [one.communicate(timeout=50)[1] for one in started] == ["", ""]
    assert [one.returncode for one in started] == [0, 0]
    assert differences(database) == []
    assert versions(database) == [VERSIONS[-1]]


def test_no_start_waits_for_the_tool_where_there_is_nothing_to_carry(url: str) -> None:
    code = f"{START_UP}; d.create(); print('alembic' in sys.modules)"
    command = [sys.executable, "-c", code, url]
    assert subprocess.run(command, capture_output=True, text=True).stdout == "False\n"


def test_another_that_carries_the_tables_is_waited_for(
    bare_postgres_url: str, postgres: Postgres
) -> None:
    other, database = Database(bare_postgres_url), Database(bare_postgres_url)
    with other.writing() as connection:
        other.serialised(connection, "migrations")
        connection.exec_driver_sql("SELECT pg_sleep(0.1)")
        command = [sys.executable, "-c", START_UP, bare_postgres_url]
        waiting = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        postgres.wait_until_somebody_waits(str(make_url(bare_postgres_url).database))
        migrations.run(connection)
    assert waiting.communicate(timeout=50)[1] == ""
    assert differences(database) == []
    other.close()
    database.close()
