"""The log's own thread: a reader that stops, goes away, or comes back late."""

import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ops.lines import Lines

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 10.0
MORE_THAN_A_PIPE_HOLDS = 2_000_000
LOST = "lines of the log were lost"


class Pipe:
    """A pipe, with lines at its one end."""

    def __init__(self, keep: int = 10 * MORE_THAN_A_PIPE_HOLDS) -> None:
        self.reader, self.writer = os.pipe()
        self.lines = Lines(self.writer, keep)

    def reads(self, count: int) -> str:
        """So many bytes."""
        found = b""
        while len(found) < count:
            more = os.read(self.reader, count - len(found))
            assert more
            found += more
        return found.decode()

    def is_full(self) -> int:
        """Write more than it holds; how many bytes."""
        self.lines.write("x" * MORE_THAN_A_PIPE_HOLDS + "\n")
        return MORE_THAN_A_PIPE_HOLDS + 1


@pytest.fixture
def pipe() -> Iterator[Pipe]:
    """One without a limit that matters."""
    made = Pipe()
    yield made
    os.close(made.reader)


def test_what_is_written_comes_out_in_order(pipe: Pipe) -> None:
    told = [f"line {number} é\n" for number in range(500)]
    assert [pipe.lines.write(text) for text in told] == [len(text) for text in told]
    assert pipe.lines.drained(PATIENCE_SECONDS)
    whole = "".join(told)
    assert pipe.reads(len(whole.encode())) == whole


def test_nobody_waits_for_a_reader_that_has_stopped(pipe: Pipe) -> None:
    held = pipe.is_full()
    pipe.lines.write("and on\n")
    pipe.lines.flush()
    assert not pipe.lines.drained(0.05)
    assert pipe.reads(held + 7).endswith("x\nand on\n")
    assert pipe.lines.drained(PATIENCE_SECONDS)


def test_what_is_too_much_is_counted_and_said(caplog: pytest.LogCaptureFixture) -> None:
    pipe = Pipe(MORE_THAN_A_PIPE_HOLDS + 10)
    held = pipe.is_full()
    for _ in range(3):
        pipe.lines.write("two\nlines too many\n")
    pipe.lines.write("kept\n")
    assert pipe.reads(held + 5).endswith("x\nkept\n")
    assert pipe.lines.drained(PATIENCE_SECONDS)
    pipe.lines.write("later\n")
    assert pipe.reads(6) == "later\n"
    assert [record.getMessage() for record in caplog.records] == [
        f"6 {LOST}: they could not be written"
    ]
    os.close(pipe.reader)


def test_a_reader_that_has_gone_holds_up_nobody(
    pipe: Pipe, caplog: pytest.LogCaptureFixture
) -> None:
    gone = Pipe()
    os.close(gone.reader)
    for _ in range(3):
        gone.lines.write("to nobody\n")
        assert gone.lines.drained(PATIENCE_SECONDS)
    assert caplog.records == []
    os.dup2(pipe.writer, gone.writer)  # it is there again
    gone.lines.write("to somebody\n")
    assert pipe.reads(12) == "to somebody\n"
    gone.lines.write("more\n")
    assert pipe.reads(5) == "more\n"
    assert [record.args for record in caplog.records] == [(3,)]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no disk that is full")
def test_a_full_disk_holds_up_nobody(caplog: pytest.LogCaptureFixture) -> None:
    full = os.open("/dev/full", os.O_WRONLY)
    lines = Lines(full)
    lines.write("no room\n")
    assert lines.drained(PATIENCE_SECONDS)
    assert caplog.records == []


def test_one_that_does_not_wait_for_its_reader_gets_everything() -> None:
    pipe = Pipe()
    os.set_blocking(pipe.writer, False)
    held = pipe.is_full()
    pipe.lines.write("and on\n")
    assert pipe.reads(held + 7).endswith("x\nand on\n")
    os.close(pipe.reader)


def test_the_last_line_of_a_process_is_written() -> None:
    dies = """
from ops import logs
from ops.lines import Lines

logs.configure("INFO", "text", (), Lines(2))
raise RuntimeError("unforeseen")
"""
    done = subprocess.run(
        [sys.executable, "-c", dies], cwd=ROOT, stderr=subprocess.PIPE, text=True, timeout=20
    )
    assert done.returncode == 1
    assert done.stderr.rstrip().endswith("RuntimeError: unforeseen")
    assert "CRITICAL ops.logs uncaught exception" in done.stderr


def test_what_is_no_text_is_spelled_out(pipe: Pipe) -> None:
    pipe.lines.write("a \udcff b\n")
    assert pipe.reads(11) == "a \\udcff b\n"


def test_a_logger_writes_through_it(pipe: Pipe) -> None:
    handler = logging.StreamHandler(pipe.lines)
    handler.emit(logging.makeLogRecord({"msg": "said %s", "args": ("so",)}))
    assert pipe.reads(8) == "said so\n"
