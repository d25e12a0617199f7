"""``audit verify`` and ``audit export``: what is typed, what is said, how it ends."""

import argparse
import os
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from cli.export import FORMATS, to_file, write
from cli.verdict import UNREADABLE, UNWITNESSED, verdict
from failover.audit import utc
from failover.errors import LedgerUnavailable, SlackProblem
from services.audit_ports import Book, WitnessBoard
from services.verifying import verify

WELL, WRONG, USAGE = 0, 1, 2
"""The exit statuses: all is well; something is wrong; bad usage or settings."""

MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")


@dataclass(frozen=True, slots=True)
class Tools:
    """What the words work with; ``clock`` gives UTC."""

    book: Book
    board: WitnessBoard
    clock: Callable[[], datetime]


def parsed(arguments: Sequence[str]) -> argparse.Namespace:
    """What was typed after ``audit``. Ends the process with status 2 where it is not understood."""
    parser = argparse.ArgumentParser("python bot.py audit", description=__doc__)
    words = parser.add_subparsers(dest="word", required=True, metavar="verify | export")
    check = words.add_parser("verify", help="walk through the hash chain, every entry of it")
    check.add_argument(
        "--witness", action="store_true", help="compare with the heads in the audit channel, too"
    )
    export = words.add_parser("export", help="write the record out")
    export.add_argument("--since", type=_moment, help="from this moment on (RFC 3339)")
    export.add_argument("--until", type=_moment, help="before this moment (RFC 3339)")
    export.add_argument("--format", choices=sorted(FORMATS), default="jsonl")
    export.add_argument("--output", type=Path, metavar="FILE", help="default: standard output")
    return parser.parse_args(arguments)


def run(typed: argparse.Namespace, tools: Tools, out: TextIO) -> int:
    """Do what was typed; the exit status."""
    try:
        if typed.word == "verify":
            return _verify(tools, out, witness=typed.witness)
        return _export(typed, tools, out)
    except LedgerUnavailable as error:
        print(UNREADABLE.format(error), file=sys.stderr)
        return WRONG
    except BrokenPipeError:
        # Whoever read has gone; the interpreter's own flush at the end must not stumble over it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), out.fileno())
        return WRONG


def _verify(tools: Tools, out: TextIO, *, witness: bool) -> int:
    unheard = None
    evidence = None
    if witness:
        try:
            evidence = tools.board.read()
        except SlackProblem as problem:
            unheard = problem
    finding = verify(tools.book, evidence, tools.clock())
    for line in verdict(finding, tools.clock()):
        print(line, file=out)
    if unheard is not None:
        print(UNWITNESSED.format(unheard), file=out)
    out.flush()
    return WELL if finding.well and unheard is None else WRONG


def _export(typed: argparse.Namespace, tools: Tools, out: TextIO) -> int:
    rows = tools.book.rows(_bound(typed.since), _bound(typed.until))
    if typed.output is None:
        count = write(rows, typed.format, out)
        out.flush()
    else:
        try:
            count = to_file(rows, typed.format, typed.output)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            print(f"--output: {typed.output} was not written: {reason}", file=sys.stderr)
            return WRONG
    print(f"{count:,} {'entry' if count == 1 else 'entries'} written", file=sys.stderr)
    return WELL


def _bound(moment: datetime | None) -> str | None:
    return None if moment is None else utc(moment)


def _moment(text: str) -> datetime:
    wrong = argparse.ArgumentTypeError(f"{text!r} is no moment such as 2026-03-01T18:00:00Z")
    if not MOMENT.fullmatch(text):
        raise wrong
    try:
        return datetime.fromisoformat(text.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        raise wrong from None
