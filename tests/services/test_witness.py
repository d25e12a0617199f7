"""The head is posted once: looked for first where it may be there, again where it is not."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

import pytest

from failover.audit_chain import Head
from failover.errors import LedgerUnavailable, SlackProblem
from failover.witness import Evidence, Witness
from services.witness import LOOK_EVERY_SECONDS, WitnessPosting
from tests.builders import START

WITNESS = Witness("2026-11-24", Head(9, "f" * 64), START)


@dataclass
class Claims:
    """What is claimed next, and what was said of it."""

    next: Witness | None = WITNESS
    said: list[tuple[str, ...]] = field(default_factory=list)

    def claim(self, now: datetime) -> Witness | None:
        return self.next

    def posted(self, witness: Witness, now: datetime, address: str) -> None:
        self.said.append(("posted", witness.day, address))

    def release(self, witness: Witness) -> None:
        self.said.append(("released", witness.day))


@dataclass
class Board:
    """The channel: what it fails with, what it holds already."""

    problem: SlackProblem | None = None
    there: str | None = None
    done: list[str] = field(default_factory=list)

    def post(self, witness: Witness) -> str:
        self.done.append("post")
        if self.problem:
            raise self.problem
        return "new"

    def find(self, witness: Witness) -> str | None:
        self.done.append("find")
        if self.problem:
            raise self.problem
        return self.there

    def read(self) -> Evidence:
        raise AssertionError("only the command line reads them")


def ticks(claims: Claims, board: Board) -> float:
    return WitnessPosting(claims, board, lambda: START).tick()


def test_nothing_is_due() -> None:
    claims, board = Claims(None), Board()
    assert ticks(claims, board) == LOOK_EVERY_SECONDS
    assert (claims.said, board.done) == ([], [])


def test_what_is_due_is_posted() -> None:
    claims, board = Claims(), Board()
    assert ticks(claims, board) == LOOK_EVERY_SECONDS
    assert claims.said == [("posted", "2026-11-24", "new")]
    assert board.done == ["post"]


@pytest.mark.parametrize(("there", "done"), [("old", ["find"]), (None, ["find", "post"])])
def test_what_may_be_there_is_looked_for_first(there: str | None, done: list[str]) -> None:
    claims, board = Claims(replace(WITNESS, tried=True)), Board(there=there)
    ticks(claims, board)
    assert claims.said == [("posted", "2026-11-24", there or "new")]
    assert board.done == done


def test_a_clear_refusal_frees_it_and_a_lost_answer_does_not() -> None:
    claims = Claims()
    assert ticks(claims, Board(SlackProblem("unreachable"))) == LOOK_EVERY_SECONDS
    assert claims.said == [("released", "2026-11-24")]
    claims = Claims()
    ticks(claims, Board(SlackProblem("timeout", maybe_done=True)))
    assert claims.said == []
    claims = Claims(replace(WITNESS, tried=True))
    ticks(claims, Board(SlackProblem("unreachable")))
    assert claims.said == [], "it may be there from the first time"


def test_slack_is_given_the_time_it_asks_for() -> None:
    assert ticks(Claims(), Board(SlackProblem("ratelimited", retry_after=90.0))) == 90.0


def test_a_database_that_fails_is_the_loops_affair() -> None:
    class Broken(Claims):
        def claim(self, now: datetime) -> Witness | None:
            raise LedgerUnavailable("OperationalError")

    with pytest.raises(LedgerUnavailable):
        ticks(Broken(), Board())
