"""The chain of the audit record: how entries are linked, and the first place where it breaks.

The chain alone shows what was altered, taken out or moved. Whoever makes all hashes anew, or cuts
off the end, is found out by the heads that were posted in the channel: ``disagreement``.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

GENESIS = "0" * 64
"""What the first entry is linked to."""


@dataclass(frozen=True, slots=True)
class Row:
    """One stored entry: its place, what is kept beside it for searching, its text, its links."""

    n: int
    at: str
    change_id: str | None
    group_id: str | None
    document: str
    prev: str
    hash: str


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a chain: how many entries there are, and the hash of the last."""

    n: int = 0
    hash: str = GENESIS


@dataclass(frozen=True, slots=True)
class Mark:
    """A head as it was posted in the channel, and when (UTC)."""

    head: Head
    posted_at: datetime


class Fault(StrEnum):
    """What is wrong with an entry."""

    MISSING = "missing"
    ALTERED = "altered"
    MISPLACED = "misplaced"
    MISLABELLED = "mislabelled"
    REPLACED = "replaced"
    HEADLESS = "headless"
    UNEXPECTED = "unexpected"
    CUT_OFF = "cut_off"
    REWRITTEN = "rewritten"


@dataclass(frozen=True, slots=True)
class Break:
    """The first entry that is wrong; ``other`` is the number of the one that shows it.

    For ``rewritten`` the wrong entry is somewhere from ``n`` to ``other``.
    """

    n: int
    fault: Fault
    other: int | None = None


def link(prev: str, document: str) -> str:
    """The hash of an entry: SHA-256 over the hash before it and its own text, in hex."""
    return hashlib.sha256(f"{prev}\n{document}".encode()).hexdigest()


def first_break(rows: Iterable[Row]) -> Break | None:
    """The first entry, of all in the sequence of their numbers, that is wrong; None: none is.

    An entry whose own hash was made anew is shown by the next one, which names the old hash.
    """
    prev, expected = GENESIS, 1
    for row in rows:
        if row.n > expected:
            return Break(expected, Fault.MISSING, row.n)
        fault = _fault(row)
        if fault is not None or row.n < expected:
            return Break(row.n, fault or Fault.MISPLACED)
        if row.prev != prev:
            return Break(max(1, row.n - 1), Fault.REPLACED, row.n)
        prev, expected = row.hash, expected + 1
    return None


def at_the_end(last: Head, first_read: Head | None, now: Head | None) -> Break | None:
    """Whether the head that the database keeps goes with the last entry.

    ``first_read``: as it was before the entries were walked through; ``now``: as it is since. In
    between others may have added to the chain.
    """
    if first_read is None or now is None:
        return Break(last.n, Fault.HEADLESS)
    if first_read.n > last.n:
        return Break(last.n + 1, Fault.MISSING, first_read.n)
    if last.n > now.n:
        return Break(now.n + 1, Fault.UNEXPECTED, now.n)
    if last.n == now.n and last.hash != now.hash:
        return Break(last.n, Fault.REPLACED)
    return None


def disagreement(
    marks: Sequence[Mark], hashes: Mapping[int, str], last: int
) -> tuple[Break | None, int]:
    """Where the chain first differs from what was posted, and how many posted heads agree.

    ``hashes``: by number, of the entries that were posted as heads; ``last``: the last number.
    """
    agreed = 0
    for mark in sorted(marks, key=lambda one: one.head.n):
        number = mark.head.n
        if number > last:
            return Break(last + 1, Fault.CUT_OFF, number), agreed
        if hashes.get(number, GENESIS) != mark.head.hash:
            known = [one.head.n for one in marks if one.head.n < number]
            return Break(max(known, default=0) + 1, Fault.REWRITTEN, number), agreed
        agreed += 1
    return None, agreed


def _fault(row: Row) -> Fault | None:
    """What is wrong with an entry as it stands by itself."""
    if link(row.prev, row.document) != row.hash:
        return Fault.ALTERED
    try:
        document = json.loads(row.document)
        number, beside = document["n"], (row.at, row.change_id, row.group_id)
        inside = document["at"], document["refs"]["change"], document["group"]["id"]
    except (ValueError, KeyError, TypeError):
        return Fault.ALTERED
    if number != row.n:
        return Fault.MISPLACED
    return None if beside == inside else Fault.MISLABELLED
