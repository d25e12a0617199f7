"""What is typed after `make sandbox --` arrives as typed: the real Makefile, a stub Python."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox.arguments import split

ROOT = Path(__file__).parents[2]
REHEARSAL = '/failover set "NBA Finals" prioritized failback on now because rehearsal'
STUB = """#!{python}
import json, os, sys
print(json.dumps([sys.argv[1:], os.environ.get("SANDBOX_ARGS")]))
"""


@pytest.mark.parametrize(
    ("raw", "arguments"),
    [
        ("", []),
        ("   ", []),
        (f"--say {REHEARSAL}", ["--say", REHEARSAL]),
        (
            f"--as U0VIEWER --say {REHEARSAL} --say /failover status",
            ["--as", "U0VIEWER", "--say", REHEARSAL, "--say", "/failover status"],
        ),
        (
            "--say /failover  set 'A'  --as\tU0VIEWER ",
            ["--say", "/failover  set 'A'", "--as", "U0VIEWER"],
        ),
        ("--say two\nlines", ["--say", "two\nlines"]),
        ("--say a --sayings --as-if x--say y", ["--say", "a --sayings --as-if x--say y"]),
        ("--say because --unknown stays", ["--say", "because --unknown stays"]),
        ("--say --say b", ["--say", "--say", "b"]),
        ("--frobnicate now --say a", ["--frobnicate", "now", "--say", "a"]),
        ("--help", ["--help"]),
        ("--scene final --keep --no-open", ["--scene", "final", "--keep", "--no-open"]),
        ("--socket --terminal", ["--socket", "--terminal"]),
        (" --as U1", ["--as", "U1"]),
    ],
)
def test_split(raw: str, arguments: list[str]) -> None:
    assert split(raw) == arguments


def test_split_knows_the_options_it_is_given() -> None:
    assert split("--say a --socket-mode", ["--say", "--socket-mode"]) == [
        "--say",
        "a",
        "--socket-mode",
    ]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with the Makefile and a set-up environment whose Python prints what it was given."""
    for name in ("Makefile", "requirements-sandbox.txt", "requirements-dev.txt"):
        shutil.copy(ROOT / name, tmp_path)
    stub = tmp_path / ".venv/bin/python"
    stub.parent.mkdir(parents=True)
    stub.write_text(STUB.format(python=sys.executable), encoding="utf-8")
    stub.chmod(0o755)
    (tmp_path / ".venv/sandbox.stamp").touch()
    (tmp_path / "README.md").touch()
    return tmp_path


def make(folder: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    outer = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(
        ["make", *words],
        cwd=folder,
        env=outer | variables,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=30,
    )


def received(done: subprocess.CompletedProcess[str]) -> list[str]:
    assert (done.returncode, done.stderr) == (0, "")
    words, raw = json.loads(done.stdout)
    assert words == ["-m", "sandbox"]
    return split(raw)


HOSTILE = [
    REHEARSAL,
    "/failover set NBA mode=flat failback=off now",
    """/failover set "a" 'b' because $HOME ${x} $(shell echo hi) $$ `id` ; it's #1 & | > x""",
    "/failover status sports-* ~ ? [a] {b,c} % %d %s ! \\ \\n : ::= <@U1|x>",
    "/failover   list  two   blanks",
    "/failover set Ünïcode → ‘NBA’ 🏀",
    "/failover help\nsecond line\ttab",
    "test",
    "lock",
    "README.md",
    "sandbox",
    "-n",
    "$(error no)",
]


@pytest.mark.parametrize("line", HOSTILE)
def test_make_hands_a_line_over_unbroken(checkout: Path, line: str) -> None:
    assert received(make(checkout, "sandbox", "--", "--say", line)) == ["--say", line]


@pytest.mark.parametrize("line", [*HOSTILE, "/failover=x", "a=b", "$(unterminated", "x := y"])
def test_make_hands_a_variable_over_unbroken(checkout: Path, line: str) -> None:
    assert received(make(checkout, "sandbox", f"SAY={line}")) == ["--say", line]
    both = received(make(checkout, "sandbox", f"SAY={line}", "WHO=U0VIEWER"))
    assert both == ["--as", "U0VIEWER", "--say", line]


def test_make_hands_over_a_person_and_several_lines(checkout: Path) -> None:
    words = ["--as", "U0VIEWER", "--say", "/failover status", "--say", "/failover status"]
    assert received(make(checkout, "sandbox", "--", *words)) == words


def test_make_hands_over_a_scene_either_way(checkout: Path) -> None:
    assert received(make(checkout, "sandbox", "--", "--scene", "final", "--keep")) == [
        "--scene", "final", "--keep"
    ]  # fmt: skip
    assert received(make(checkout, "sandbox", "--", "--scene=down")) == ["--scene", "down"]


def test_nothing_typed_is_nothing_handed_over(checkout: Path) -> None:
    assert received(make(checkout, "sandbox")) == []
    assert received(make(checkout, "sandbox", SAY="$(x", WHO="me", SANDBOX_ARGS="--say no")) == []


def test_a_line_tied_on_by_an_equals_sign_is_refused_in_words(checkout: Path) -> None:
    done = make(checkout, "sandbox", "--", "--say=/failover help")
    assert done.returncode == 2
    assert "write --say '...' with a blank" in done.stderr


@pytest.mark.parametrize("goals", [["tset"], ["tset", "--", "--say", "x"], ["--", "--say", "x"]])
def test_other_words_are_no_goals(checkout: Path, goals: list[str]) -> None:
    done = make(checkout, *goals)
    assert done.returncode == 2
    assert "No rule to make target" in done.stderr


def test_an_old_python_is_refused_in_one_line(tmp_path: Path) -> None:
    for name in ("Makefile", "requirements-sandbox.txt", "requirements-dev.txt"):
        shutil.copy(ROOT / name, tmp_path)
    old = tmp_path / "old-python"
    old.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    old.chmod(0o755)
    for python in (str(old), "no-such-python"):
        done = make(tmp_path, "sandbox", f"PYTHON={python}")
        assert done.returncode == 2
        assert done.stderr.startswith(f"{python} is missing or older than 3.11")
        assert not (tmp_path / ".venv").exists()
