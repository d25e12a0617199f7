"""Which heads of the audit chain are posted in the channel: one a day, by whoever claims it."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert, select, update

from failover.audit_chain import Head
from failover.witness import Witness
from store.audit import HEAD
from store.documents import maybe_moment, moment, stamp
from store.engine import Database
from store.tables import audit, audit_witness

CLAIMED_FOR = timedelta(seconds=60)
"""Whoever has not told by then how posting went is taken for dead."""

NEWEST = select(audit_witness).order_by(audit_witness.c.day.desc()).limit(1)
FIRST_ENTRY = select(audit.c.at).order_by(audit.c.n).limit(1)


class WitnessBook:
    """``services.audit_ports.Witnesses`` on a database."""

    def __init__(self, database: Database) -> None:
        """``database``: the one that holds the audit record."""
        self._database = database

    def claim(self, now: datetime) -> Witness | None:
        """The head that is to be posted now, claimed for the caller; None: there is none.

        There is one where the head has moved since the last one was posted, and that was on an
        earlier day. Raises LedgerUnavailable.
        """
        with self._database.writing() as connection:
            # Before anything else: it keeps other instances from claiming the same.
            head = connection.execute(HEAD).first()
            newest = connection.execute(NEWEST).first()
            if newest is not None and newest.posted_at is None:
                return _reclaimed(connection, newest, now)
            if head is None or not _is_due(connection, newest, head, now):
                return None
            row = {"day": _day(now), "n": head.n, "hash": head.hash, "at": stamp(now)}
            connection.execute(insert(audit_witness), row | {"posting_since": stamp(now)})
            return Witness(_day(now), Head(head.n, head.hash), now)

    def posted(self, witness: Witness, now: datetime, address: str) -> None:
        """Note that a head is in the channel. Raises LedgerUnavailable."""
        self._set(witness, posted_at=stamp(now), address=address)

    def release(self, witness: Witness) -> None:
        """Note that a head is certainly not in the channel yet. Raises LedgerUnavailable."""
        self._set(witness, posting_since=None)

    def _set(self, witness: Witness, **values: str | None) -> None:
        its = audit_witness.c.day == witness.day
        with self._database.writing() as connection:
            connection.execute(update(audit_witness).where(its).values(**values))


def _reclaimed(connection: Connection, row: Any, now: datetime) -> Witness | None:
    since = maybe_moment(row.posting_since)
    if since is not None and since <= now < since + CLAIMED_FOR:
        return None
    its = audit_witness.c.day == row.day
    connection.execute(update(audit_witness).where(its).values(posting_since=stamp(now)))
    return Witness(row.day, Head(row.n, row.hash), moment(row.at), tried=since is not None)


def _is_due(connection: Connection, newest: Any, head: Any, now: datetime) -> bool:
    if head.n == 0:
        return False
    if newest is not None:
        return bool(newest.day < _day(now) and newest.n != head.n)
    first = connection.execute(FIRST_ENTRY).scalar()
    return first is not None and first[:10] < _day(now)


def _day(now: datetime) -> str:
    return stamp(now)[:10]
