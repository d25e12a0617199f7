"""How the checks are run and told: all of them, in order, within their time."""

from __future__ import annotations

import io
import threading

import pytest

from cli.check import Check, Finding, Printer, run, wants_colour


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def told(*checks: Check, within: float = 20.0) -> tuple[int, list[str]]:
    out = io.StringIO()
    printer = Printer(out, lambda text: text.replace("canary", "***"), colour=False)
    status = run(checks, printer, within)
    return status, out.getvalue().splitlines()


def test_everything_is_tried_though_one_fails() -> None:
    def fails() -> Finding:
        raise RuntimeError("canary")

    status, lines = told(
        Check("one", lambda: Finding("well", hints=("look",))),
        Check("two", fails),
        Check("three", lambda: Finding("bad", wrong=True, advice="do this")),
        Check("four", lambda: Finding("well")),
    )
    assert status == 1
    assert [line.split()[:2] for line in lines] == [
        ["ok", "one"], ["hint", "one"], ["wrong", "two"], ["wrong", "three"], ["ok", "four"],
    ]  # fmt: skip
    assert lines[2].endswith("the check itself failed (RuntimeError): "
                             "tell whoever maintains the bot")  # fmt: skip
    assert lines[3].endswith("bad: do this")


def test_hints_alone_are_nothing_wrong() -> None:
    assert told(Check("one", lambda: Finding("well", hints=("look",))))[0] == 0


def test_one_that_hangs_is_left_behind() -> None:
    end = threading.Event()

    def hangs() -> Finding:
        end.wait(30)
        return Finding("late")

    try:
        status, lines = told(
            Check("one", hangs), Check("two", lambda: Finding("well")), within=0.05
        )
    finally:
        end.set()
    assert status == 1
    assert "no result within 0.05 s" in lines[0]
    assert lines[1].startswith("ok")


def test_what_goes_by_the_others_comes_after_them() -> None:
    done: list[str] = []

    def finds(name: str) -> Finding:
        done.append(name)
        return Finding(",".join(done))

    _, lines = told(
        Check("last", lambda: finds("last"), last=True), Check("first", lambda: finds("first"))
    )
    assert lines[-1].endswith("first,last")


def test_neither_secrets_nor_control_characters_are_shown() -> None:
    _, lines = told(Check("one", lambda: Finding("a\033[2Jcanary\nok b")))
    assert lines == ["ok     one             a [2J*** ok b"]


@pytest.mark.parametrize(
    ("out", "variables", "wanted"),
    [
        (Terminal(), {}, True),
        (Terminal(), {"NO_COLOR": ""}, True),
        (Terminal(), {"NO_COLOR": "1"}, False),
        (Terminal(), {"TERM": "dumb"}, False),
        (io.StringIO(), {}, False),
    ],
)
def test_colour(out: io.StringIO, variables: dict[str, str], wanted: bool) -> None:
    assert wants_colour(out, variables) is wanted
