"""An audit record in memory, and the ways in which somebody could tamper with it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from failover.audit import Attempt, Doing, canonical, entry_of_attempt, referring
from failover.audit_chain import GENESIS, Head, Mark, Row, link
from failover.witness import Posted
from tests.builders import START, VIEWER


def row_of(number: int, document: str, prev: str) -> Row:
    """A row as the store would keep it."""
    told = json.loads(document)
    beside = told["at"], told["refs"]["change"], told["group"]["id"]
    return Row(number, *beside, document, prev, link(prev, document))


def chain(length: int) -> list[Row]:
    """So many entries, each a second after the one before."""
    rows: list[Row] = []
    for number in range(1, length + 1):
        attempt = Attempt(VIEWER, Doing.LOOK, "role", "C0OPS", f"change-{number}", f"g{number}")
        entry = referring(
            entry_of_attempt(attempt, START + timedelta(seconds=number)), instance="here:1"
        )
        prev = rows[-1].hash if rows else GENESIS
        rows.append(row_of(number, canonical(number, entry), prev))
    return rows


def head_of(rows: list[Row]) -> Head:
    """Where a chain ends."""
    return Head(rows[-1].n, rows[-1].hash) if rows else Head()


def marks_of(rows: list[Row], *numbers: int) -> tuple[Mark, ...]:
    """The heads as they were posted when the chain had these lengths."""
    return tuple(Mark(head_of(rows[:n]), START + timedelta(minutes=n)) for n in numbers)


def rehashed(rows: list[Row], start: int, *, renumber: bool = False) -> list[Row]:
    """The rows with every hash from position ``start`` on made anew."""
    kept = rows[:start]
    for row in rows[start:]:
        document, prev = row.document, kept[-1].hash if kept else GENESIS
        number = len(kept) + 1 if renumber else row.n
        if renumber:
            told = json.loads(document) | {"n": number}
            document = json.dumps(told, sort_keys=True, separators=(",", ":"))
        kept.append(row_of(number, document, prev))
    return kept


def edited(row: Row) -> Row:
    """The row with another reason for the refusal in its text."""
    return replace(row, document=row.document.replace('"role"', '"late"'))


def made_anew(row: Row) -> Row:
    """The row with a hash that goes with its text."""
    return replace(row, hash=link(row.prev, row.document))


@dataclass
class FakeBook:
    """``services.audit_ports.Book`` over a list; the head goes with the last row unless given."""

    kept: list[Row]
    ends: Head | None = None
    told: tuple[Posted, ...] = ()
    guard: bool = True
    asked: list[tuple[str | None, str | None]] = field(default_factory=list)

    def head(self) -> Head | None:
        return self.ends or head_of(self.kept)

    def rows(self, since: str | None = None, until: str | None = None) -> Iterator[Row]:
        self.asked.append((since, until))
        yield from self.kept

    def posted(self) -> Sequence[Posted]:
        return self.told

    def guarded(self) -> bool:
        return self.guard
