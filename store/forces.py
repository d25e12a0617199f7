"""Locks and the pause: one row for each that is in force, changed only with the record of it."""

from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select

from failover.errors import GroupHeld
from failover.lifecycle import Record
from failover.measures import Force, InForce, Lock, Pause
from failover.notices import Tell
from store.changes import ChangeLedger, OnForces
from store.documents import maybe_moment, stamp
from store.engine import Database
from store.tables import PAUSE, forces, lock_key

IN_FORCE = select(forces).where(forces.c.key.in_([bindparam("lock"), PAUSE]))
BY_KEY = select(forces).where(forces.c.key == bindparam("key"))


class ForceStore:
    """See ``services.ports.Forces`` for the promises."""

    def __init__(self, database: Database, ledger: ChangeLedger) -> None:
        """``ledger``: what is put in force is stored in one transaction with its record."""
        self._database = database
        self._ledger = ledger

    def in_force(self, group_id: str | None) -> Force:
        """The newest lock of a group, ended or not, and the pause; None: the pause alone."""
        with self._database.reading() as connection:
            rows = connection.execute(IN_FORCE, {"lock": lock_key(group_id)}).all()
        found = {row.key: _read(row) for row in rows}
        return Force(found.get(lock_key(group_id)), found.get(PAUSE))

    def locks(self) -> tuple[tuple[str, InForce], ...]:
        """Every lock, ended or not, by group ID."""
        statement = select(forces).where(forces.c.key != PAUSE).order_by(forces.c.key)
        with self._database.reading() as connection:
            rows = connection.execute(statement).all()
        return tuple((row.key.removeprefix("lock:"), _read(row)) for row in rows)

    def enact(self, record: Record, tell: Tell, known: str | None) -> None:
        """Store a measure that is done, which puts it in force, or takes away what was.

        Raises GroupHeld where ``known`` is no longer what is in force, and Overtaken.
        """
        with self._ledger.moving(record, tell, OnForces.CHANGES) as connection:
            key = lock_key(record.group_id) if record.group_id else PAUSE
            was = connection.execute(BY_KEY, {"key": key}).first()
            if (None if was is None else was.change_id) != known:
                raise GroupHeld(None if was is None else was.by)
            _put(connection, key, record)


def _put(connection: Connection, key: str, record: Record) -> None:
    connection.execute(delete(forces).where(forces.c.key == key))
    if not isinstance(record.request.change, Lock | Pause):
        return
    until = maybe_moment(record.facts.get("until"))
    row = {
        "key": key,
        "change_id": record.id,
        "by": record.request.actor.user_id,
        "reason": record.request.reason,
        "until": None if until is None else stamp(until),
    }
    connection.execute(insert(forces), row)


def _read(row: Any) -> InForce:
    return InForce(row.change_id, row.by, row.reason, maybe_moment(row.until))
