"""``python bot.py check``: every part is tried, and told of in a line."""

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from enum import StrEnum
from typing import TextIO

WITHIN_SECONDS = 15.0
"""For each check, whatever the other side does."""
ALL_WELL, SOMETHING_WRONG = 0, 1

COLOURS = {"ok": "32", "wrong": "31", "hint": "33"}


class Standing(StrEnum):
    """How a line begins; hints do not count as wrong."""

    OK = "ok"
    WRONG = "wrong"
    HINT = "hint"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found: a few words each; ``advice``: what to do where something is wrong."""

    told: str
    wrong: bool = False
    advice: str = ""
    hints: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """One part; ``find`` may take its time and raise. ``last``: it goes by what others found."""

    name: str
    find: Callable[[], Finding]
    last: bool = False


class Printer:
    """Writes findings as lines; nobody else's control characters, and no secrets, get through."""

    def __init__(self, out: TextIO, redact: Callable[[str], str], colour: bool) -> None:
        """``redact``: strikes secrets out of a line."""
        self._out = out
        self._redact = redact
        self._colour = colour

    def finding(self, name: str, found: Finding) -> None:
        """One line, and one more for each hint."""
        told = f"{found.told}: {found.advice}" if found.advice else found.told
        self.line(Standing.WRONG if found.wrong else Standing.OK, name, told)
        for hint in found.hints:
            self.line(Standing.HINT, name, hint)

    def line(self, standing: Standing, name: str, told: str) -> None:
        """One line."""
        word = f"{standing.value:<5}"
        if self._colour:
            word = f"\033[{COLOURS[standing.value]}m{word}\033[0m"
        plain = "".join(one if one.isprintable() else " " for one in self._redact(told))
        self._out.write(f"{word}  {name:<14}  {plain}\n")
        self._out.flush()


def wants_colour(out: TextIO, variables: Mapping[str, str]) -> bool:
    """Whether a stream is a terminal, and nobody asked for no colour [no-color.org]."""
    return out.isatty() and not variables.get("NO_COLOR") and variables.get("TERM") != "dumb"


def run(checks: Sequence[Check], printer: Printer, within: float = WITHIN_SECONDS) -> int:
    """Try everything at once, tell of it in order; the exit status.

    A check that takes longer than ``within`` seconds is told of as such and left behind.
    """
    wrong = False
    for last in (False, True):
        started = [(check, _start(check)) for check in checks if check.last is last]
        for check, result in started:
            found = _result(result, within)
            wrong = wrong or found.wrong
            printer.finding(check.name, found)
    return SOMETHING_WRONG if wrong else ALL_WELL


def _start(check: Check) -> "Future[Finding]":
    result: Future[Finding] = Future()

    def find() -> None:
        try:
            result.set_result(check.find())
        except Exception as error:
            result.set_exception(error)

    # Daemons: one that hangs must not keep the process.
    threading.Thread(target=find, name=f"check-{check.name}", daemon=True).start()
    return result


def _result(result: "Future[Finding]", within: float) -> Finding:
    try:
        return result.result(within)
    except TimeoutError:
        return Finding(f"no result within {within:g} s", wrong=True, advice="try again")
    except Exception as error:
        told = f"the check itself failed ({type(error).__name__})"
        return Finding(told, wrong=True, advice="tell whoever maintains the bot")
