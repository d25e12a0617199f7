"""What became of earlier changes, read from the ledger."""

from typing import Any

from sqlalchemy import Select, select

from failover.lifecycle import HOLDING, LAST_WORDS, Record, State
from store.documents import read
from store.engine import Database
from store.tables import changes

EFFECTIVE = [
    State.VERIFIED.value,
    State.UNVERIFIED.value,
    State.UNSETTLED.value,
    State.HALFWAY.value,
]
"""The ends after which a group may be other than before."""

TAKEN_ON = [state.value for state in LAST_WORDS | HOLDING | {State.AWAITING, State.DONE}]
HISTORY = (
    select(changes).where(changes.c.state.in_(TAKEN_ON)).order_by(changes.c.received_at.desc())
)
WAITING = (
    select(changes)
    .where(changes.c.state == State.AWAITING.value)
    .order_by(changes.c.received_at)
    .limit(20)
)
NEWEST = (
    select(changes)
    .where(changes.c.state.in_(EFFECTIVE))
    .order_by(changes.c.sent_at.desc())
    .limit(1)
)


class ChangeArchive:
    """See ``services.ports.Archive`` for the promises."""

    def __init__(self, database: Database) -> None:
        """``database``: the one that holds the changes."""
        self._database = database

    def history(self, group_id: str | None, limit: int) -> tuple[Record, ...]:
        """The newest changes that were taken on, of one group or of all, newest first."""
        statement = HISTORY if group_id is None else HISTORY.where(changes.c.group_id == group_id)
        with self._database.reading() as connection:
            rows = connection.execute(statement.limit(limit))
            return tuple(read(row) for row in rows)

    def waiting(self) -> tuple[Record, ...]:
        """The changes that wait for a second person, oldest first; at most 20."""
        with self._database.reading() as connection:
            return tuple(read(row) for row in connection.execute(WAITING))

    def last_of_group(self, group_id: str) -> Record | None:
        """The newest change of a group that may have taken effect."""
        return self._newest(NEWEST.where(changes.c.group_id == group_id))

    def last_of_person(self, user_id: str) -> Record | None:
        """The newest change by a person that may have taken effect."""
        return self._newest(NEWEST.where(changes.c.actor_id == user_id))

    def _newest(self, statement: Select[Any]) -> Record | None:
        with self._database.reading() as connection:
            row = connection.execute(statement).first()
        return None if row is None else read(row)
