"""The audit record: entries are added within the transaction that stores what they tell of.

So no state is stored without its entry; where the entry can't be written the whole transaction
fails, and with it the change, before anything is sent.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from failover.audit import (
    Attempt,
    Entry,
    Kind,
    Written,
    canonical,
    entry_of,
    entry_of_attempt,
    kind_of,
    referring,
    utc,
)
from failover.audit_chain import link
from failover.errors import LedgerUnavailable
from failover.lifecycle import Record, State
from failover.notices import Kind as Message
from store.audit_guard import ONLY
from store.codec import change_to_plain, write_to_plain
from store.documents import read
from store.engine import Database
from store.tables import audit, audit_head, changes, notices

# Made once: to put a statement together takes longer than to run it. Where there are row locks
# this takes one, so that writers add their entries one after the other.
HEAD = select(audit_head.c.n, audit_head.c.hash).where(audit_head.c.id == ONLY).with_for_update()
ADD = insert(audit)
MOVE_HEAD = (
    update(audit_head)
    .where(audit_head.c.id == ONLY)
    .values(n=bindparam("new_n"), hash=bindparam("new_hash"))
)
CARD = select(notices.c.address).where(
    notices.c.change_id == bindparam("change"), notices.c.kind == Message.CARD.value
)
ITS_RECORD = select(changes).where(changes.c.id == bindparam("change"))


def moved(connection: Connection, record: Record, at: datetime, instance: str) -> None:
    """Within a transaction: add the entry of a record that was moved, stored at ``at`` (UTC)."""
    kind = kind_of(record)
    if kind is not None:
        message = _address(connection, record.id) if _may_have_card(record) else None
        entry = referring(_entry(record, kind, at), message=message)
        append(connection, entry, instance)


def begun(connection: Connection, records: Sequence[Record], at: datetime, instance: str) -> None:
    """Within a transaction: add the entries of records that are new, so that nothing is posted."""
    pairs = [(record, kind) for record in records if (kind := kind_of(record)) is not None]
    append_all(connection, [_entry(record, kind, at) for record, kind in pairs], instance)


def announced(connection: Connection, change_id: str, at: datetime, instance: str) -> None:
    """Within a transaction: add that a change's message is posted, once its address is kept."""
    record = read(connection.execute(ITS_RECORD, {"change": change_id}).one())
    message = _address(connection, change_id)
    entry = referring(_entry(record, Kind.ANNOUNCED, at), message=message)
    append(connection, entry, instance)


def append(connection: Connection, entry: Entry, instance: str) -> None:
    """Within a transaction: add an entry to the chain; see ``append_all``."""
    append_all(connection, [entry], instance)


def append_all(connection: Connection, entries: Sequence[Entry], instance: str) -> None:
    """Within a transaction: add entries to the chain, best as the last thing that is done.

    Until it ends nobody else can add one. Raises LedgerUnavailable where the chain's end is not
    known.
    """
    if not entries:
        return
    head = connection.execute(HEAD).first()
    if head is None:
        raise LedgerUnavailable("the audit record has lost its head")
    rows, prev = [], head.hash
    for number, entry in enumerate(entries, head.n + 1):
        row = _row(number, prev, referring(entry, instance=instance))
        rows.append(row)
        prev = row["hash"]
    connection.execute(ADD, rows)
    connection.execute(MOVE_HEAD, {"new_n": head.n + len(rows), "new_hash": prev})


class AuditTrail:
    """``services.audit_ports.Audit`` on a database."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        """``database``: the one that holds the changes, too; ``clock`` gives UTC."""
        self._database = database
        self._clock = clock

    def note(self, attempt: Attempt) -> None:
        """Keep an attempt that has no record. Raises LedgerUnavailable."""
        with self._database.writing() as connection:
            append(connection, entry_of_attempt(attempt, self._clock()), self._database.instance)


def _may_have_card(record: Record) -> bool:
    first_write = record.state is State.SENDING and len(record.written) == 1
    return record.asked_others or not (first_write or record.state is State.RECEIVED)


def _address(connection: Connection, change_id: str) -> str | None:
    address: str | None = connection.execute(CARD, {"change": change_id}).scalar()
    return address


def _entry(record: Record, kind: Kind, at: datetime) -> Entry:
    plain = change_to_plain(record.request.change)
    written = Written(plain, [write_to_plain(one) for one in record.written])
    return entry_of(record, kind, written, at)


def _row(number: int, prev: str, entry: Entry) -> dict[str, Any]:
    document = canonical(number, entry)
    return {
        "n": number,
        "at": utc(entry.at),
        "change_id": entry.refs.get("change"),
        "group_id": entry.group[0],
        "document": document,
        "prev": prev,
        "hash": link(prev, document),
    }
