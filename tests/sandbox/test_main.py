"""``python -m sandbox``: the page from start to stop, and the conversation in the terminal."""

import http.client
import json
import os
import re
import signal
import socket
import struct
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

import sandbox.__main__ as front
from sandbox.browser import has_desktop
from sandbox.options import parsed
from sandbox.slack.sample import LIVEOPS, sample_world
from sandbox.slack.server import SlackSimulator
from sandbox.uplynk.scenes import CUP_FINAL

ROOT = Path(__file__).parents[2]
ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)/")
LISTENING = "0A"


class NoBot:
    """A rig with a simulated Slack and no bot."""

    def __init__(self, **_: Any) -> None:
        self.slack = SlackSimulator(sample_world())

    def __enter__(self) -> "NoBot":
        self.slack.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.slack.stop()


@pytest.fixture
def no_bot(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(front, "Rig", NoBot)


@pytest.mark.usefixtures("no_bot")
def test_an_unknown_person_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert front.main(["--as", "U0NOBODY", "--say", "quit"]) == 2
    assert capsys.readouterr().out == "  there is nobody called U0NOBODY\n"


@pytest.mark.usefixtures("no_bot")
def test_becoming_nobody_is_said_and_changes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert front.main(["--say", "@U0NOBODY", "--say", "what", "--say", "quit"]) == 0
    told = capsys.readouterr().out
    assert "  there is nobody called U0NOBODY\n" in told
    assert "U0OPERATOR> what" in told


@pytest.mark.usefixtures("no_bot")
def test_a_fault_of_the_sandbox_is_not_told_as_a_missing_person(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stumbles(*_: object) -> None:
        raise KeyError("group")

    monkeypatch.setattr(front, "converse", stumbles)
    with pytest.raises(KeyError, match="group"):
        front.main(["--say", "x"])
    assert "nobody" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "terminal"),
    [
        ([], False),
        (["--socket", "--scene", "crowd", "--keep", "--no-open"], False),
        (["--terminal"], True),
        (["--as", "U0VIEWER"], True),
        (["--say", "/failover help"], True),
    ],
)
def test_what_is_asked_for(arguments: list[str], terminal: bool) -> None:
    assert parsed(arguments).terminal is terminal


@pytest.mark.parametrize(
    "arguments", [["--scene", "loud"], ["--say", "x", "--keep"], ["--terminal", "--scene", "down"]]
)
def test_what_makes_no_sense_is_said(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        parsed(arguments)
    assert stopped.value.code == 2
    assert "--scene" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("platform", "environment", "there"),
    [
        ("linux", {}, False),
        ("linux", {"DISPLAY": ""}, False),
        ("linux", {"DISPLAY": ":0"}, True),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, True),
        ("darwin", {}, True),
        ("win32", {}, True),
    ],
)
def test_where_there_is_a_desktop(platform: str, environment: dict[str, str], there: bool) -> None:
    assert has_desktop(platform, environment) is there


class Running:
    """A sandbox as it was started, with what it said."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        assert process.stdout is not None
        self.line = process.stdout.readline()
        found = ADDRESS.search(self.line)
        assert found, self.line + process.communicate(timeout=20)[1]
        self.port = int(found.group(1))

    def asks(self, method: str, path: str, body: object = None) -> tuple[int, str]:
        """One request to the page."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        text = None if body is None else json.dumps(body)
        line.request(method, path, text, {"Content-Type": "application/json"})
        answer = line.getresponse()
        told = answer.read().decode()
        line.close()
        return answer.status, told

    def shows(self) -> dict[str, Any]:
        """Everything on the page, as the stream says it first."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        line.request("GET", "/live?person=U0OPERATOR")
        stream = line.getresponse()
        while not (row := stream.readline().decode()).startswith("data:"):
            assert row
        stream.close()
        line.close()
        return dict(json.loads(row.removeprefix("data:"))["set"])

    def family(self) -> list[int]:
        """Its process ID and those of its children."""
        pid = self.process.pid
        tasks = Path(f"/proc/{pid}/task").glob("*/children")
        return [pid, *(int(child) for task in tasks for child in task.read_text().split())]

    def ends(self, number: signal.Signals = signal.SIGTERM) -> str:
        """After this signal: exit status 0, no process left; what it said to the last."""
        family = self.family()
        self.process.send_signal(number)
        told = self.process.communicate(timeout=20)[1]
        assert self.process.returncode == 0, told
        for pid in family:
            with pytest.raises(ProcessLookupError):
                os.kill(pid, 0)
        return told


@contextmanager
def started(folder: Path, *options: str) -> Iterator[Running]:
    """The real thing, in a folder of its own; nothing that it left is left running."""
    process = subprocess.Popen(
        [sys.executable, "-m", "sandbox", "--no-open", *options],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield Running(process)
    finally:
        process.terminate()
        process.communicate(timeout=20)


def listening(pids: list[int]) -> set[str]:
    """The addresses on which these processes listen."""
    inodes = set()
    for pid in pids:
        for link in Path(f"/proc/{pid}/fd").iterdir():
            inodes.add(os.readlink(link))
    found = set()
    for table in ("tcp", "tcp6"):
        for row in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            fields = row.split()
            if fields[3] == LISTENING and f"socket:[{fields[9]}]" in inodes:
                found.add(fields[1].partition(":")[0])
    return found


LOOPBACK = f"{struct.unpack('=I', socket.inet_aton('127.0.0.1'))[0]:08X}"


def test_one_address_on_loopback_alone_and_nothing_left(tmp_path: Path) -> None:
    with started(tmp_path) as running:
        assert running.line.count("http://") == 1
        status, text = running.asks("GET", "/")
        assert (status, "<html" in text) == (200, True)
        family = running.family()
        assert len(family) == 2
        assert listening(family[:1]) == listening(family[1:]) == {LOOPBACK}
        assert running.ends() == ""
    assert (tmp_path / ".sandbox/now/state.json").exists()


def test_a_second_start_is_clean_unless_it_shall_keep(tmp_path: Path) -> None:
    group, say = f"group/{CUP_FINAL}", {"person": "U0VIEWER", "do": "type", "channel": LIVEOPS}
    with started(tmp_path) as running:
        assert running.asks("POST", "/world", {"do": "kill", "slicer": "cup-a"})[0] == 200
        assert running.asks("POST", "/act", say | {"line": "good evening"})[0] == 200
        assert running.shows()[group]["active_slicer_id"] == "cup-b"
        running.ends(signal.SIGINT)
    with started(tmp_path, "--keep", "--socket") as running:
        shown = running.shows()
        assert shown["stage"]["keep"] is True
        assert shown["stage"]["transport"] == "socket"
        assert shown[group]["active_slicer_id"] == "cup-b"
        assert "good evening" in json.dumps(shown)
        with started(tmp_path, "--keep") as second:
            assert second.shows()[group]["active_slicer_id"] == "cup-a"
            assert "Another sandbox runs here" in second.ends()
        running.ends()
    with started(tmp_path, "--scene", "final") as running:
        shown = running.shows()
        assert shown["stage"]["scene"] == "final"
        assert shown[group]["active_slicer_id"] == "cup-a"
        assert "good evening" not in json.dumps(shown)
