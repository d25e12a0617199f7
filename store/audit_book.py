"""The audit record as it is read: to be checked, or to be taken out of the database."""

import json
from collections.abc import Iterator

from sqlalchemy import bindparam, select

from failover.audit_chain import Head, Row
from failover.witness import Posted
from store.audit_guard import ONLY
from store.engine import Database
from store.tables import audit, audit_head, audit_witness

PAGE = 2000
"""Entries that are held at a time: a walk leaves no reading transaction open for long."""

COLUMNS = ("n", "at", "change_id", "group_id", "document", "prev", "hash")
NEXT = (
    select(*(audit.c[name] for name in COLUMNS))
    .where(audit.c.n > bindparam("after"))
    .order_by(audit.c.n)
    .limit(PAGE)
)
HEAD = select(audit_head.c.n, audit_head.c.hash).where(audit_head.c.id == ONLY)
POSTED = (
    select(*(audit_witness.c[name] for name in ("day", "n", "hash", "address")))
    .where(audit_witness.c.posted_at.is_not(None))
    .order_by(audit_witness.c.day)
)
BEFORE_ALL = -(2**31)


class AuditBook:
    """``services.audit_ports.Book`` on a database."""

    def __init__(self, database: Database) -> None:
        """``database``: as it is; nothing is created."""
        self._database = database

    def head(self) -> Head | None:
        """Where the chain ends, as the database keeps it; None: it does not."""
        with self._database.reading() as connection:
            row = connection.execute(HEAD).first()
        return None if row is None else Head(row.n, row.hash)

    def rows(self, since: str | None = None, until: str | None = None) -> Iterator[Row]:
        """Every entry by its number; only those from ``since`` on and before ``until``."""
        statement, after = NEXT, BEFORE_ALL
        if since is not None:
            statement = statement.where(audit.c.at >= since)
        if until is not None:
            statement = statement.where(audit.c.at < until)
        while True:
            with self._database.reading() as connection:
                page = connection.execute(statement, {"after": after}).all()
            yield from (Row(*row) for row in page)
            if len(page) < PAGE:
                return
            after = page[-1].n

    def posted(self) -> tuple[Posted, ...]:
        """Every head that was posted in a channel, oldest first."""
        with self._database.reading() as connection:
            rows = connection.execute(POSTED).all()
        return tuple(Posted(row.day, Head(row.n, row.hash), _channel(row.address)) for row in rows)

    def guarded(self) -> bool:
        """Whether the triggers stand that keep the record from being changed."""
        return self._database.guarded()


def _channel(address: str | None) -> str:
    """The channel of a message's address; empty where it does not say."""
    try:
        channel, _ = json.loads(address or "")
    except (ValueError, TypeError):
        return ""
    return str(channel)
