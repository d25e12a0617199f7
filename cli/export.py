"""The audit record as JSON Lines, or as a table for spreadsheets; written as it is read."""

import csv
import json
import logging
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, TextIO

from failover.audit_chain import Row

log = logging.getLogger(__name__)

COLUMNS = (
    "n", "at", "kind", "who", "who_name", "team", "where", "group", "group_name", "before",
    "wanted", "writes", "after", "reason", "why", "details", "approvers", "outcome", "change",
    "asked_by", "key", "message", "instance", "set", "via", "prev", "hash",
)  # fmt: skip
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0")
"""A spreadsheet may take a cell that begins so for a formula [ASVS 5.0.0, 1.2.10]."""

CONTROLS: Mapping[int, str] = MappingProxyType(
    {0: "\\0"}
    | {
        code: f"\\x{code:02x}"
        for code in (*range(1, 32), *range(127, 160))
        if chr(code) not in "\t\n"
    }
)
"""A terminal may obey them, whatever they were written for [ECMA-48]; so they are spelt out."""

Format = Callable[[Iterator[Row], TextIO], int]


def write(rows: Iterator[Row], name: str, out: TextIO) -> int:
    """Write entries in the format of this name; how many."""
    return FORMATS[name](rows, out)


def to_file(rows: Iterator[Row], name: str, path: Path) -> int:
    """Write entries to a file that only its owner can read; how many.

    The file is there when all of it is; what was there stays until then. Raises OSError.
    """
    # Made so that nobody else can read it.
    handle, made = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with open(handle, "w", encoding="utf-8", newline="") as out:
            count = write(rows, name, out)
            out.flush()
            os.fsync(out.fileno())
        os.replace(made, path)
    except BaseException:
        os.unlink(made)
        raise
    return count


def _jsonl(rows: Iterator[Row], out: TextIO) -> int:
    count = 0
    for row in rows:
        entry = _entry(row) | {"prev": row.prev, "hash": row.hash}
        out.write(json.dumps(entry, sort_keys=True, separators=(",", ":")) + "\n")
        count += 1
    return count


def _csv(rows: Iterator[Row], out: TextIO) -> int:
    table = csv.writer(out)
    table.writerow(COLUMNS)
    count = 0
    for row in rows:
        table.writerow(_cells(_entry(row), row))
        count += 1
    return count


FORMATS: Mapping[str, Format] = MappingProxyType({"jsonl": _jsonl, "csv": _csv})


def _entry(row: Row) -> dict[str, Any]:
    """The entry, or what stands in its place where somebody altered it so that it is none."""
    try:
        entry: dict[str, Any] = json.loads(row.document)
        if all(isinstance(entry[part], dict) for part in ("who", "group", "refs")):
            return entry
    except (ValueError, KeyError, TypeError):
        log.warning("entry %s is not what was written", row.n)
    nobody = {"who": {"id": None, "name": None, "team": None}, "group": {"id": None, "name": None}}
    text = str(row.document)
    return {"n": row.n, "at": row.at, "kind": "unreadable", "details": text, "refs": {}, **nobody}


def _cells(entry: Mapping[str, Any], row: Row) -> list[str | int]:
    flat = {
        **entry,
        **entry["refs"],
        "who": entry["who"].get("id"),
        "who_name": entry["who"].get("name"),
        "team": entry["who"].get("team"),
        "group": entry["group"].get("id"),
        "group_name": entry["group"].get("name"),
        "prev": row.prev,
        "hash": row.hash,
    }
    return [_cell(flat.get(name)) for name in COLUMNS]


def _cell(value: Any) -> str | int:
    if value is None:
        return ""
    if isinstance(value, int):
        return value
    if not isinstance(value, str):
        value = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    # Not only at the very beginning: some programs skip blanks.
    text = str(value).translate(CONTROLS)
    return f"'{text}" if text.lstrip(" ").startswith(DANGEROUS) else text
