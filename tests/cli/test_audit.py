"""``audit verify`` and ``audit export`` over fakes: what is said, and how it ends."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from cli.audit import USAGE, WELL, WRONG, Tools, parsed, run
from cli.verdict import verdict
from failover.audit_chain import Break, Fault, Head, Row
from failover.errors import LedgerUnavailable, SlackProblem
from failover.witness import Evidence, Posted, Witness
from services.verifying import Finding
from tests.builders import START
from tests.fake_book import FakeBook, chain, edited, marks_of

WHOLE = chain(30)
NOW = START + timedelta(days=2, minutes=30)


@dataclass
class Board:
    """The channel as it is read."""

    evidence: Evidence | SlackProblem

    def post(self, witness: Witness) -> str:
        raise AssertionError("the command line posts nothing")

    def find(self, witness: Witness) -> str | None:
        raise AssertionError("the command line looks for nothing")

    def read(self) -> Evidence:
        if isinstance(self.evidence, SlackProblem):
            raise self.evidence
        return self.evidence


MARKS = Evidence(marks_of(WHOLE, 10, 30), 512)


def said(
    line: str, rows: list[Row] = WHOLE, evidence: Evidence | SlackProblem = MARKS
) -> tuple[int, str]:
    out = io.StringIO()
    tools = Tools(FakeBook(rows), Board(evidence), lambda: NOW)
    return run(parsed(line.split()), tools, out), out.getvalue()


def test_all_is_well() -> None:
    assert said("verify") == (WELL, f"The chain is whole: 30 entries, head {WHOLE[-1].hash}.\n")
    status, words = said("verify --witness")
    assert status == WELL
    assert words.splitlines()[1] == (
        "The channel holds 2 heads (among 512 messages); 2 of them agree. "
        "The newest was posted 2 days ago."
    )


def test_the_first_wrong_entry_is_named() -> None:
    rows = [*WHOLE[:6], edited(WHOLE[6]), *WHOLE[7:]]
    status, words = said("verify", rows)
    assert status == WRONG
    first, second = words.splitlines()
    assert first.startswith("BROKEN at entry 7: its text does not go with its hash.")
    assert second.startswith("What to do: keep a copy of the database")


def test_a_channel_that_cannot_be_read_is_not_fine() -> None:
    status, words = said("verify --witness", evidence=SlackProblem("missing_scope"))
    assert status == WRONG
    assert "The chain is whole" in words
    assert "NOT COMPARED with the channel: Slack could not be read (missing_scope)" in words


def test_a_channel_that_says_nothing_is_not_fine() -> None:
    status, words = said("verify --witness", evidence=Evidence((), 9000, whole=False))
    assert status == WRONG
    assert "NOT WITNESSED: the channel holds no head (among the newest 9,000 messages" in words
    status, words = said("verify --witness", evidence=replace(MARKS, garbled=1))
    assert status == WRONG
    assert "BROKEN: 1 head in the channel can't be understood" in words


def test_what_the_channel_lacks_is_named() -> None:
    evidence = Evidence(marks_of(WHOLE, 10), 9, edited=(Head(3, "a" * 64),))
    out = io.StringIO()
    book = FakeBook(WHOLE, told=(Posted("2026-11-24", Head(1234, "b" * 64)),), guard=False)
    assert run(parsed(["verify", "--witness"]), Tools(book, Board(evidence), lambda: NOW), out)
    words = out.getvalue()
    assert "UNGUARDED: triggers that keep the record from being changed are missing" in words
    assert "NOT WITNESSED since then: the first entry after it is 2 days old" in words
    assert "BROKEN: the head of 1,234 entries was posted on 2026-11-24" in words
    assert "BROKEN: 1 head in the channel was edited, that of 3 entries." in words
    assert (
        run(
            parsed(["verify"]),
            Tools(FakeBook(WHOLE, guard=False), Board(MARKS), lambda: NOW),
            io.StringIO(),
        )
        == WRONG
    )


@pytest.mark.parametrize("fault", Fault)
@pytest.mark.parametrize("other", [None, 9])
def test_every_fault_has_its_words(fault: Fault, other: int | None) -> None:
    (first, second) = verdict(Finding(Head(), Break(4, fault, other)), NOW)
    assert first.startswith("BROKEN")
    assert " 4" in first
    assert "{" not in first
    if fault is Fault.REPLACED:
        assert "None" not in first
    assert second.startswith("What to do")


class Broken(FakeBook):
    """A database that fails in the midst of it."""

    def rows(self, since: str | None = None, until: str | None = None) -> Iterator[Row]:
        yield WHOLE[0]
        raise LedgerUnavailable("OperationalError")


@pytest.mark.parametrize("line", ["verify", "verify --witness", "export"])
def test_a_database_that_cannot_be_read(capsys: pytest.CaptureFixture[str], line: str) -> None:
    out = io.StringIO()
    assert run(parsed(line.split()), Tools(Broken([]), Board(MARKS), lambda: NOW), out) == WRONG
    told = capsys.readouterr().err
    assert told.startswith("The audit record could not be read (OperationalError).")


def test_an_export_asks_for_what_lies_between(tmp_path: Path) -> None:
    book = FakeBook(WHOLE)
    path = tmp_path / "a.jsonl"
    line = (
        f"export --since 2026-01-01T01:00:00+01:00 --until 2026-01-02t00:00:00.5z --output {path}"
    )
    tools = Tools(book, Board(MARKS), lambda: NOW)
    assert run(parsed(line.split()), tools, io.StringIO()) == WELL
    assert book.asked == [("2026-01-01T00:00:00.000000Z", "2026-01-02T00:00:00.500000Z")]
    assert json.loads(path.read_text().splitlines()[3])["n"] == 4


def test_a_file_that_cannot_be_written(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    line = f"export --output {tmp_path}/not/there.csv"
    assert said(line) == (WRONG, "")
    assert "was not written: No such file or directory" in capsys.readouterr().err


def test_a_moment_beyond_the_calendar_is_bad_usage(capsys: pytest.CaptureFixture[str]) -> None:
    for text in ("0001-01-01T00:00:00+14:00", "2026-02-30T00:00:00Z", "2026-01-01T00:00:00"):
        with pytest.raises(SystemExit) as ended:
            parsed(["export", "--since", text])
        assert ended.value.code == USAGE
        assert "no moment such as" in capsys.readouterr().err
