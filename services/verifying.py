"""Checks the audit record: every entry, the head, and on request what the channel holds."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from failover.audit_chain import (
    GENESIS,
    Break,
    Fault,
    Head,
    Row,
    at_the_end,
    disagreement,
    first_break,
)
from failover.witness import Evidence
from services.audit_ports import Book


@dataclass(frozen=True, slots=True)
class Heard:
    """What the channel said: how many heads of it agree, the newest one's moment (UTC).

    ``missing``: it should hold a head by now, and none was found.
    """

    evidence: Evidence
    agreed: int = 0
    newest: datetime | None = None
    missing: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """What the check came to: the end of the chain as it was walked, the first thing wrong."""

    last: Head
    broken: Break | None = None
    heard: Heard | None = None

    @property
    def well(self) -> bool:
        """Whether nothing at all is wrong."""
        silent = self.heard is not None and (self.heard.missing or self.heard.evidence.garbled > 0)
        return self.broken is None and not silent


@dataclass(slots=True)
class _Walk:
    """Lets the entries pass, and keeps what has to be known of them afterwards."""

    wanted: frozenset[int]
    last: Head
    hashes: dict[int, str]
    first_day: str = ""

    def past(self, rows: Iterator[Row]) -> Iterator[Row]:
        for row in rows:
            self.first_day = self.first_day or str(row.at)[:10]
            if row.n in self.wanted:
                self.hashes[row.n] = row.hash
            self.last = Head(row.n, row.hash)
            yield row


def verify(book: Book, evidence: Evidence | None, now: datetime) -> Finding:
    """Walk through every entry. ``evidence``: what the channel holds, where it was asked.

    Raises LedgerUnavailable.
    """
    marks = () if evidence is None else evidence.marks
    first_read = book.head()
    wanted = {mark.head.n for mark in marks} | {first_read.n if first_read else 0}
    walk = _Walk(frozenset(wanted), Head(), {})
    broken = first_break(walk.past(book.rows()))
    if broken is None:
        broken = at_the_end(walk.last, first_read, book.head())
    if broken is None and first_read is not None:
        known = walk.hashes.get(first_read.n, GENESIS)
        broken = None if known == first_read.hash else Break(first_read.n, Fault.REPLACED)
    if evidence is None:
        return Finding(walk.last, broken)
    return _witnessed(walk, broken, evidence, now)


def _witnessed(walk: _Walk, broken: Break | None, evidence: Evidence, now: datetime) -> Finding:
    marks = evidence.marks
    newest = max((mark.posted_at for mark in marks), default=None)
    differs, agreed = disagreement(marks, walk.hashes, walk.last.n)
    today = now.date().isoformat()
    missing = not marks and bool(walk.first_day) and walk.first_day < today
    heard = Heard(evidence, agreed, newest, missing)
    # Where the chain is broken by itself, that is the first thing that is wrong.
    return Finding(walk.last, broken or differs, heard)
