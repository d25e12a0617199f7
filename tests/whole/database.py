"""What the tests look up in the bot's database, and the one thing that they change: the time.

The least that a policy or a line allows is a minute.
"""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from store.documents import stamp


def everything_is_told(folder: Path) -> bool:
    """Whether each message that was posted is known to have been."""
    with closing(sqlite3.connect(folder / "failover.db")) as database:
        query = "SELECT count(*) FROM notices WHERE posting_since IS NOT NULL"
        return database.execute(query).fetchone() == (0,)


def let_requests_expire(folder: Path) -> None:
    """From now on the one change that waits for a second person has waited too long."""
    past = (datetime.now(UTC) - timedelta(seconds=1)).isoformat()
    _execute(
        folder,
        "UPDATE changes SET document = json_set(document, '$.facts.expires_at', ?)"
        " WHERE state = 'awaiting'",
        past,
    )


def let_locks_end(folder: Path) -> None:
    """From now on the one lock that has an end has ended."""
    past = stamp(datetime.now(UTC) - timedelta(seconds=1))
    _execute(folder, "UPDATE forces SET until = ? WHERE until IS NOT NULL", past)


def _execute(folder: Path, statement: str, value: str) -> None:
    with closing(sqlite3.connect(folder / "failover.db")) as database, database:
        assert database.execute(statement, (value,)).rowcount == 1
