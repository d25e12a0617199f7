"""Checks the audit record: every entry, the head, and on request what the channel holds."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

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
from failover.witness import Evidence, Posted
from services.audit_ports import Book

STALE_AFTER = timedelta(days=2)
"""How long entries may wait for a head in the channel; it is posted after each day with entries."""
TO_POST = timedelta(hours=1)
"""How long the first entry after some quiet days may: its head is due at once."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What the channel said: how many heads of it agree, the newest one's moment (UTC).

    ``missing``: it should hold a head by now, and none was found; ``stale``: it should hold a newer
    one, since there are entries after the newest, this is the moment of the first; ``gone``: the
    first that was posted there and is no more; ``elsewhere``: so many were posted in another
    channel, where nobody looked.
    """

    evidence: Evidence
    agreed: int = 0
    newest: datetime | None = None
    missing: bool = False
    stale: datetime | None = None
    gone: Posted | None = None
    elsewhere: int = 0

    @property
    def well(self) -> bool:
        """Whether the channel holds all that it should, as it was posted."""
        lacks = self.missing or self.stale is not None or self.gone is not None
        return not (lacks or self.evidence.garbled or self.evidence.edited)


@dataclass(frozen=True, slots=True)
class Finding:
    """What the check came to: the end of the chain as it was walked, the first thing wrong.

    ``guarded``: the database itself still keeps entries from being changed.
    """

    last: Head
    broken: Break | None = None
    heard: Heard | None = None
    guarded: bool = True

    @property
    def well(self) -> bool:
        """Whether nothing at all is wrong."""
        witnessed = self.heard is None or self.heard.well
        return self.broken is None and self.guarded and witnessed


@dataclass(slots=True)
class _Walk:
    """Lets the entries pass, and keeps what has to be known of them afterwards."""

    wanted: frozenset[int]
    last: Head
    hashes: dict[int, str]
    newest: int
    first_day: str = ""
    first_after: str = ""

    def past(self, rows: Iterator[Row]) -> Iterator[Row]:
        for row in rows:
            self.first_day = self.first_day or str(row.at)[:10]
            if row.n > self.newest:
                self.first_after = self.first_after or str(row.at)
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
    newest = max((mark.head.n for mark in marks), default=0)
    walk = _Walk(frozenset(wanted), Head(), {}, newest)
    broken = first_break(walk.past(book.rows()))
    if broken is None:
        broken = at_the_end(walk.last, first_read, book.head())
    if broken is None and first_read is not None:
        known = walk.hashes.get(first_read.n, GENESIS)
        broken = None if known == first_read.hash else Break(first_read.n, Fault.REPLACED)
    guarded = book.guarded()
    if evidence is None:
        return Finding(walk.last, broken, guarded=guarded)
    differs, heard = _heard(walk, evidence, book.posted(), now)
    # Where the chain is broken by itself, that is the first thing that is wrong.
    return Finding(walk.last, broken or differs, heard, guarded)


def _heard(
    walk: _Walk, evidence: Evidence, posted: Sequence[Posted], now: datetime
) -> tuple[Break | None, Heard]:
    marks = evidence.marks
    newest = max((mark.posted_at for mark in marks), default=None)
    differs, agreed = disagreement(marks, walk.hashes, walk.last.n)
    today = now.date().isoformat()
    missing = not marks and bool(walk.first_day) and walk.first_day < today
    here = [one for one in posted if one.channel in ("", evidence.channel)]
    there = {mark.head for mark in marks} | set(evidence.edited)
    # In a part of the channel an old one can't be missed.
    gone = [one for one in here if one.head not in there] if evidence.whole else []
    return differs, Heard(
        evidence,
        agreed,
        newest,
        missing,
        _stale(walk.first_after, newest, now),
        gone[0] if gone else None,
        len(posted) - len(here),
    )


def _stale(first_after: str, newest: datetime | None, now: datetime) -> datetime | None:
    """When the first entry after the newest mark was written, where its head should be there."""
    if newest is None or not first_after:
        return None
    try:
        written = datetime.fromisoformat(first_after)
        age = now - written
    except (ValueError, TypeError):
        return None  # no moment in UTC: its row is told of as altered
    due = age > STALE_AFTER or (now - newest > STALE_AFTER and age > TO_POST)
    return written if due else None
