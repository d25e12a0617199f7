"""The printed table: one row for each goal."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """What became of a goal; NOTED: the row has none."""

    OK = "OK"
    MISSED = "MISSED"
    NOTED = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line: what was measured, the bot's and the floor's figures, the result, the goal."""

    what: str
    bot: str
    floor: str
    result: str
    goal: str
    verdict: Verdict


HEADINGS = Row("path", "bot", "floor", "result", "goal", Verdict.NOTED)


def at_most(value: float, limit: float) -> Verdict:
    """Whether a value keeps a limit that it must not exceed."""
    return Verdict.OK if value <= limit else Verdict.MISSED


def at_least(value: float, limit: float) -> Verdict:
    """Whether a value reaches a limit that it must not fall below."""
    return Verdict.OK if value >= limit else Verdict.MISSED


def drawn(rows: Iterable[Row]) -> str:
    """The rows as text, under headings, columns aligned."""
    lines = [_cells(row) for row in (HEADINGS, *rows)]
    widths = [max(len(line[n]) for line in lines) for n in range(len(lines[0]))]
    padded = [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    ]
    return "\n".join([padded[0], "-" * max(map(len, padded)), *padded[1:]])


def _cells(row: Row) -> tuple[str, ...]:
    return (row.what, row.bot, row.floor, row.result, row.goal, row.verdict.value)
