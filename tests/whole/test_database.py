"""A database that cannot be used: one line that says so, exit status 2, nothing touched."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from sandbox.bot_process import BotDied, BotProcess
from sandbox.rig import POLICY
from store.engine import Database
from tests.postgres import Postgres

NEEDED = {
    "SLACK_BOT_TOKEN": "xoxb-1",
    "SLACK_SIGNING_SECRET": "s",
    "SLACK_API_URL": "http://127.0.0.1:1/api/",
    "UPLYNK_OWNER": "o",
    "UPLYNK_API_KEY": "k",
    "UPLYNK_BASE_URL": "http://127.0.0.1:1",
    "FAILOVER_CHANNEL": "C0AUDIT",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "policy.toml").write_text(POLICY, encoding="utf-8")
    return tmp_path


def refusal(folder: Path, url: str) -> str:
    """What a start says that has to fail."""
    with pytest.raises(BotDied) as died:
        BotProcess({**NEEDED, "DATABASE_URL": url}, folder).start()
    assert died.value.status == 2
    (line,) = died.value.log.splitlines()
    return line


def test_a_file_that_is_no_database(folder: Path) -> None:
    file = folder / "failover.db"
    file.write_bytes(b"this was never a database, and is long enough to be seen as none" * 20)
    was = file.read_bytes()
    line = refusal(folder, f"sqlite:///{file}")
    assert line == "DATABASE_URL: the database cannot be opened (DatabaseError)"
    assert file.read_bytes() == was


def test_a_database_whose_pages_are_damaged(folder: Path) -> None:
    file = folder / "failover.db"
    database = Database(f"sqlite:///{file}")
    database.create()
    database.close()
    content = bytearray(file.read_bytes())
    content[100:4096] = b"\xff" * 3996  # after the header: where it says which tables there are
    file.write_bytes(content)
    line = refusal(folder, f"sqlite:///{file}")
    assert line == "DATABASE_URL: the database cannot be opened (DatabaseError)"


@pytest.mark.parametrize("name", ["missing/failover.db", "."])
def test_a_path_that_cannot_be_opened(folder: Path, name: str) -> None:
    line = refusal(folder, f"sqlite:///{folder / name}")
    assert line == "DATABASE_URL: the database cannot be opened (OperationalError)"


def test_a_database_of_a_newer_version(folder: Path) -> None:
    file = folder / "failover.db"
    database = Database(f"sqlite:///{file}")
    database.create()
    database.close()
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    line = refusal(folder, f"sqlite:///{file}")
    assert line.startswith("DATABASE_URL: the database cannot be opened (its tables are of version")
    assert "9999" in line


def test_a_server_that_is_not_there(folder: Path) -> None:
    line = refusal(folder, "postgresql+psycopg://u:tell-no-one@127.0.0.1:1/failover")
    assert line == "DATABASE_URL: the database cannot be opened (OperationalError)"


def test_a_server_without_the_database(folder: Path, postgres: Postgres) -> None:
    line = refusal(folder, postgres.url("not_there"))
    assert line == "DATABASE_URL: the database cannot be opened (OperationalError)"
