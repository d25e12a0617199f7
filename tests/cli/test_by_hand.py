"""Whatever fails or is cut short at the terminal: what is told there is true, and lasts."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from cli.by_hand import CUT_SHORT, DONE, NOT_DONE, NOT_SENT, UNTOLD, change
from cli.terminal import Terminal
from failover.errors import LedgerUnavailable
from failover.lifecycle import Record, State
from services.by_hand import ByHand
from tests.builders import ID_A, OPERATOR
from tests.stage import Stage

SET = ["--as", OPERATOR.user_id, f"set {ID_A} prioritized now"]


@dataclass
class Desk:
    """A terminal over the services; each of the calls can be made to fail."""

    stage: Stage = field(default_factory=Stage)
    announce: Callable[[Record], bool] = lambda _: True
    changes: Any = None
    previews: Any = None
    out: io.StringIO = field(default_factory=io.StringIO)
    err: io.StringIO = field(default_factory=io.StringIO)

    def types(self, words: list[str], answer: Callable[[str], str] | None = None) -> int:
        by_hand = ByHand(
            changes=self.changes or self.stage.changes,
            previews=self.previews or self.stage.previews,
            overview=self.stage.overview,
            new_id=lambda: "one",
            host="ops on web-1",
            announce=self.announce,
        )
        return change(words, by_hand, Terminal(self.out, self.err, answer))

    @property
    def record(self) -> Record:
        return list(self.stage.ledger.records.values())[-1]


class Failing:
    """Passes everything on, but for one call, which fails before or after it is done."""

    def __init__(self, inner: object, name: str, error: type[BaseException]) -> None:
        self._inner, self._name, self._error = inner, name, error

    def __getattr__(self, name: str) -> Any:
        if name == self._name:
            return self._fails
        return getattr(self._inner, name)

    def _fails(self, *_: object) -> None:
        raise self._error("the disk")


def fails(error: type[BaseException]) -> Callable[[Record], bool]:
    def announce(_: Record) -> bool:
        raise error("the disk")

    return announce


ENDS = [LedgerUnavailable, KeyboardInterrupt]


def test_a_change_is_made() -> None:
    desk = Desk()
    assert desk.types(SET) == DONE
    assert desk.record.state is State.VERIFIED
    assert desk.err.getvalue() == ""


@pytest.mark.parametrize("error", ENDS)
def test_what_was_applied_stays_so_though_telling_it_fails(error: type[BaseException]) -> None:
    desk = Desk(announce=fails(error))
    assert desk.types(SET) == DONE
    assert "APPLIED AND VERIFIED" in desk.out.getvalue()
    assert desk.err.getvalue().strip() == UNTOLD


def test_the_outcome_is_told_though_what_was_shown_is_not_known() -> None:
    desk = Desk()
    desk.previews = Failing(desk.stage.previews, "shown", LedgerUnavailable)
    assert desk.types(SET) == DONE
    assert "APPLIED AND VERIFIED" in desk.out.getvalue()


@pytest.mark.parametrize("error", ENDS)
def test_what_was_not_begun_is_ended_so_that_nobody_carries_it_out(
    error: type[BaseException],
) -> None:
    desk = Desk()
    desk.changes = Failing(desk.stage.changes, "run", error)
    assert desk.types(SET) == NOT_DONE
    assert desk.record.state is State.FAILED
    assert desk.err.getvalue().strip() == NOT_SENT
    assert desk.stage.uplynk.sent == []


def test_what_cannot_be_ended_may_still_be_carried_out() -> None:
    desk = Desk()
    desk.changes = Failing(desk.stage.changes, "run", LedgerUnavailable)
    desk.previews = Failing(desk.stage.previews, "known", LedgerUnavailable)
    assert desk.types(SET) == NOT_DONE
    assert desk.err.getvalue().strip() == CUT_SHORT


@pytest.mark.parametrize("error", [EOFError, KeyboardInterrupt])
def test_whoever_leaves_instead_of_answering_changes_nothing(error: type[BaseException]) -> None:
    def leaves(_: str) -> str:
        raise error

    desk = Desk()
    assert desk.types(["--as", OPERATOR.user_id, f"set {ID_A} prioritized"], leaves) == NOT_DONE
    assert "Nothing was changed" in desk.err.getvalue()
    assert desk.stage.uplynk.sent == []
