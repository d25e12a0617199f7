"""Whether a process still runs: yes, no, or nobody can tell."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from ops import process


@pytest.fixture
def child() -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)


def ends(child: subprocess.Popen[bytes]) -> None:
    child.kill()
    child.communicate()


def changed(identity: str, **fields: object) -> str:
    return json.dumps({**json.loads(identity), **fields})


def test_one_that_runs_is_there_until_it_is_killed(child: subprocess.Popen[bytes]) -> None:
    identity = process.identity(child.pid)
    runs = process.gone(identity)
    ends(child)
    assert (runs, process.gone(identity)) == (False, True)


def test_one_that_nobody_has_waited_for_is_gone(child: subprocess.Popen[bytes]) -> None:
    identity = process.identity(child.pid)
    child.kill()
    while Path(f"/proc/{child.pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z":
        pass
    assert process.gone(identity)
    ends(child)


def test_another_one_under_the_same_number_is_not_the_same() -> None:
    assert process.gone(changed(process.identity(), started="1"))


@pytest.mark.parametrize("elsewhere", [{"boot": "another"}, {"space": "pid:[1]"}])
def test_of_another_host_or_container_nobody_can_tell(
    child: subprocess.Popen[bytes], elsewhere: dict[str, str]
) -> None:
    identity = changed(process.identity(child.pid), **elsewhere)
    ends(child)
    assert not process.gone(identity)


def test_where_nothing_says_which_process_it_is_nobody_can_tell(
    child: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    identity = process.identity(child.pid)
    assert process.identity(proc=tmp_path) == ""
    ends(child)
    assert not process.gone("")
    assert not process.gone(identity, proc=tmp_path)


def test_seconds_go_forward() -> None:
    begun = process.seconds()
    assert process.seconds() >= begun
