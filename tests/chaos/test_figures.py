"""The table shows every figure, every finding, and what was not run."""

import pytest

from .figures import HEADINGS, Figures, drawn
from .ledgers import Finding, Kind
from .traps import why_no_tracing

ROW = Figures("kills", kills=25, accepted=111, writes=39, settled=2, settle=0.25)


def test_a_clean_row() -> None:
    headings, line, row = drawn([ROW]).splitlines()
    assert headings.split("  ")[0] == HEADINGS[0]
    assert set(line) == {"-"}
    assert row.split() == ["kills", "25", "111", "39", *["0"] * len(Kind), "2", "0.2", "s"]
    assert ROW.clean


@pytest.mark.parametrize("kind", Kind)
def test_what_is_wrong_is_counted_and_named(kind: Kind) -> None:
    row = Figures("kills", findings=(Finding(kind, "change c1"), Finding(kind, "change c2")))
    *_, figures, first, second = drawn([row]).splitlines()
    assert figures.split()[4 + list(Kind).index(kind)] == "2"
    assert (first, second) == (f"kills: {kind}: change c1", f"kills: {kind}: change c2")
    assert not row.clean


def test_what_was_not_run_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    why = why_no_tracing()
    assert "install the package strace" in why
    row = Figures("calls", note=f"NOT RUN: {why}", more={"connect": "1"})
    assert drawn([row]).splitlines()[-2:] == ["calls: connect 1", f"calls: NOT RUN: {why}"]
