"""The record outside the database: line by line, safe for a spreadsheet, whole or not at all."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.export import COLUMNS, CONTROLS, DANGEROUS, to_file, write
from failover.audit_chain import Row, link
from tests.fake_book import chain

WHOLE = chain(5)


def written(rows: list[Row], name: str) -> str:
    out = io.StringIO(newline="")
    assert write(iter(rows), name, out) == len(rows)
    return out.getvalue()


def reasoned(reason: str) -> Row:
    told = json.loads(WHOLE[0].document) | {"reason": reason}
    return replace(WHOLE[0], document=json.dumps(told, sort_keys=True, separators=(",", ":")))


def test_a_line_holds_all_that_its_hash_was_made_of() -> None:
    for line, row in zip(written(WHOLE, "jsonl").splitlines(), WHOLE, strict=True):
        entry = json.loads(line)
        prev, made = entry.pop("prev"), entry.pop("hash")
        document = json.dumps(entry, sort_keys=True, separators=(",", ":"))
        assert document == row.document
        assert link(prev, document) == made == row.hash


def test_a_table_has_a_column_for_everything() -> None:
    entry = json.loads(WHOLE[0].document)
    flat = {*entry, *entry["refs"], "who_name", "team", "group_name", "prev", "hash"} - {"refs"}
    assert flat <= set(COLUMNS)
    rows = list(csv.DictReader(io.StringIO(written(WHOLE, "csv"), newline="")))
    assert [row["n"] for row in rows] == ["1", "2", "3", "4", "5"]
    assert rows[0]["who"] == "U0VIEWER"
    assert rows[0]["wanted"] == '["look"]'
    assert rows[0]["before"] == ""
    assert rows[0]["hash"] == WHOLE[0].hash


starts = st.sampled_from(("", " ", *DANGEROUS, " =", "'"))


@given(st.builds(lambda start, rest: start + rest, starts, st.text(st.characters(codec="utf-8"))))
def test_no_cell_is_a_formula_and_none_is_lost(reason: str) -> None:
    (row,) = csv.DictReader(io.StringIO(written([reasoned(reason)], "csv"), newline=""))
    cell = row["reason"]
    assert not cell.lstrip(" ").startswith(DANGEROUS)
    spelt = reason.translate(CONTROLS)
    assert cell.removeprefix("'") in (spelt, spelt.removeprefix("'"))


@pytest.mark.parametrize("name", ["csv", "jsonl"])
def test_nothing_in_it_is_obeyed_by_a_terminal(name: str) -> None:
    every = "".join(map(chr, (*range(32), *range(127, 160))))
    text = written([reasoned(f"a{every}b")], name)
    assert {one for one in text if unicodedata.category(one) == "Cc"} <= set("\t\r\n")
    assert "\\x1b" in text if name == "csv" else "\\u001b" in text


def test_what_somebody_altered_is_written_as_what_it_is() -> None:
    for document in ("junk", "[]", '{"who":1,"group":{},"refs":{}}'):
        bad = [WHOLE[0], replace(WHOLE[1], document=document)]
        _, line = written(bad, "jsonl").splitlines()
        assert json.loads(line)["details"] == document
        _, row = csv.DictReader(io.StringIO(written(bad, "csv"), newline=""))
        assert (row["kind"], row["details"], row["hash"]) == ("unreadable", document, WHOLE[1].hash)


def test_a_file_is_its_owners_and_replaces_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    path.write_text("before")
    path.chmod(0o644)
    assert to_file(iter(WHOLE), "jsonl", path) == 5
    assert path.read_text() == written(WHOLE, "jsonl")
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_does_not_get_whole_is_not_there(tmp_path: Path) -> None:
    def stops() -> Iterator[Row]:
        yield WHOLE[0]
        raise OSError(28, "No space left on device")

    path = tmp_path / "audit.csv"
    path.write_text("before")
    with pytest.raises(OSError, match="No space"):
        to_file(stops(), "csv", path)
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]
