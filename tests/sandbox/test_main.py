"""``python -m sandbox``: what it says where it can't go on, and whose fault is told as whose."""

from typing import Any

import pytest

import sandbox.__main__ as front
from sandbox.slack.sample import sample_world
from sandbox.slack.server import SlackSimulator


class NoBot:
    """A rig with a simulated Slack and no bot."""

    def __init__(self, **_: Any) -> None:
        self.slack = SlackSimulator(sample_world())

    def __enter__(self) -> "NoBot":
        self.slack.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.slack.stop()


@pytest.fixture(autouse=True)
def no_bot(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(front, "Rig", NoBot)


def test_an_unknown_person_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert front.main(["--as", "U0NOBODY", "--say", "quit"]) == 2
    assert capsys.readouterr().out == "  there is nobody called U0NOBODY\n"


def test_becoming_nobody_is_said_and_changes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert front.main(["--say", "@U0NOBODY", "--say", "what", "--say", "quit"]) == 0
    told = capsys.readouterr().out
    assert "  there is nobody called U0NOBODY\n" in told
    assert "U0OPERATOR> what" in told


def test_a_fault_of_the_sandbox_is_not_told_as_a_missing_person(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stumbles(*_: object) -> None:
        raise KeyError("group")

    monkeypatch.setattr(front, "converse", stumbles)
    with pytest.raises(KeyError, match="group"):
        front.main(["--say", "x"])
    assert "nobody" not in capsys.readouterr().out
