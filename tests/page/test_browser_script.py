"""``tests/browser.sh``: what `make test` does on a machine without a Chromium."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[1] / "browser.sh"
SHELL = shutil.which("sh") or "/bin/sh"
MISSING = "no Chromium: install chromium fonts-liberation fonts-noto-color-emoji, or set CHROMIUM"
UPDATE = "-qq update"
INSTALL = (
    "-qq install --yes --no-install-recommends chromium fonts-liberation fonts-noto-color-emoji"
)


class Machine:
    """A machine that has these programs and no others."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def has(self, program: str, *lines: str) -> None:
        path = self.folder / program
        path.write_text("\n".join([f"#!{SHELL}", *lines, ""]))
        path.chmod(0o755)

    def runs(self, **more: str) -> subprocess.CompletedProcess[str]:
        environment = {"PATH": str(self.folder), **more}
        return subprocess.run(
            [SHELL, str(SCRIPT)], env=environment, capture_output=True, text=True, timeout=20
        )

    @property
    def asked(self) -> list[str]:
        calls = self.folder / "calls"
        return calls.read_text().splitlines() if calls.exists() else []


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    machine = Machine(tmp_path)
    machine.has("id", "echo 0")
    return machine


def has_apt(machine: Machine, *brings: str) -> None:
    """An apt-get that writes down what it is asked for, and brings these programs."""
    lines = [f'echo "$*" >> {machine.folder}/calls', "echo noise"]
    made = [f"{shutil.which('touch')} {machine.folder}/{one}" for one in brings]
    made += [f"{shutil.which('chmod')} +x {machine.folder}/{one}" for one in brings]
    machine.has("apt-get", *lines, *(f'case "$*" in *install*) {one};; esac' for one in made))


@pytest.mark.parametrize("program", ["chromium", "chromium-browser", "google-chrome"])
def test_a_browser_that_is_there_is_enough(machine: Machine, program: str) -> None:
    machine.has(program)
    has_apt(machine)
    done = machine.runs()
    assert (done.returncode, done.stdout, done.stderr, machine.asked) == (0, "", "", [])


def test_root_with_apt_gets_one_quietly(machine: Machine) -> None:
    has_apt(machine, "chromium")
    done = machine.runs()
    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout.splitlines()) == 1
    assert machine.asked == [UPDATE, INSTALL]


def test_an_apt_that_brings_none_is_told_in_a_line(machine: Machine) -> None:
    has_apt(machine)
    done = machine.runs()
    assert done.returncode == 1
    assert done.stderr.startswith(MISSING)
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("why", ["no apt-get", "not root", "CHROMIUM is wrong"])
def test_whoever_cannot_install_is_told_in_a_line(machine: Machine, why: str) -> None:
    if why != "no apt-get":
        has_apt(machine, "chromium")
    if why == "not root":
        machine.has("id", "echo 1000")
    done = machine.runs(**({"CHROMIUM": "/no/browser"} if why == "CHROMIUM is wrong" else {}))
    assert (done.returncode, done.stdout, machine.asked) == (1, "", [])
    assert done.stderr.startswith(MISSING)
    assert len(done.stderr.splitlines()) == 1


def test_a_program_named_by_hand_counts(machine: Machine, tmp_path: Path) -> None:
    folder = tmp_path / "My Browser"
    folder.mkdir()
    Machine(folder).has("Chromium")
    assert machine.runs(CHROMIUM=os.fspath(folder / "Chromium")).returncode == 0
