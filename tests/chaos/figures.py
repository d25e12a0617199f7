"""What a run found, in figures, and the table of all runs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from .fleet import Fleet
from .ledgers import ENDS, Asked, Finding, Kind, check, counted


@dataclass(frozen=True, slots=True)
class Figures:
    """One run. ``accepted``: changes that were acknowledged; ``settle``: seconds until all was
    told once the faults were over; ``more``: figures that this run alone has; ``note``: why it was
    not run, or not as meant.
    """

    name: str
    kills: int = 0
    accepted: int = 0
    writes: int = 0
    settled: int = 0
    settle: float = 0.0
    findings: tuple[Finding, ...] = ()
    more: Mapping[str, str] = field(default_factory=dict)
    note: str = ""

    @property
    def clean(self) -> bool:
        """Whether nothing was wrong."""
        return not self.findings


def of(name: str, fleet: Fleet, asked: tuple[Asked, ...], within: float = 120.0) -> Figures:
    """Lift all faults, wait until the bot has settled, and compare the ledgers."""
    fleet.calm()
    settle = fleet.settles(within)
    ledgers = fleet.ledgers(asked)
    unknown = fleet.witness.once_unknown()
    ended = {one.id for one in ledgers.entries if one.state in ENDS - {"unsettled"}}
    return Figures(
        name=name,
        kills=fleet.kills,
        accepted=sum(one.accepted for one in asked),
        writes=len(ledgers.sent),
        settled=len(unknown & ended),
        settle=settle,
        findings=check(ledgers),
    )


HEADINGS = ("run", "kills", "accepted", "writes", *Kind, "unknown, then settled", "settled in")


def drawn(rows: Iterable[Figures]) -> str:
    """The table, then every finding and every note in a line of its own."""
    rows = tuple(rows)
    lines = [HEADINGS, *map(_cells, rows)]
    widths = [max(len(line[n]) for line in lines) for n in range(len(HEADINGS))]
    padded = [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    ]
    return "\n".join([padded[0], "-" * max(map(len, padded)), *padded[1:], *_remarks(rows)])


def _cells(row: Figures) -> tuple[str, ...]:
    found = counted(row.findings)
    faults = (str(found[kind]) for kind in Kind)
    return (
        row.name,
        str(row.kills),
        str(row.accepted),
        str(row.writes),
        *faults,
        str(row.settled),
        f"{row.settle:.1f} s",
    )


def _remarks(rows: tuple[Figures, ...]) -> list[str]:
    lines = []
    for row in rows:
        told = [f"{name} {figure}" for name, figure in row.more.items()]
        lines += [f"{row.name}: {', '.join(told)}"] if told else []
        lines += [f"{row.name}: {row.note}"] if row.note else []
        lines += [f"{row.name}: {one.kind}: {one.what}" for one in row.findings]
    return lines
