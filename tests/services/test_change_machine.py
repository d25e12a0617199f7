"""Any people, any requests, any upstream, any crash; and the proof that the machine finds bugs."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from failover.change import Activate, next_write
from failover.errors import LedgerUnavailable
from failover.lifecycle import HOLDING, Record, State, Why
from failover.notices import Kind
from services import change_service
from services.change_service import ChangeService
from services.onward import Onward
from services.settling import Look, Settled, Settling
from tests.builders import ID_A, OPERATOR, slicers
from tests.fakes import Write
from tests.services.change_machine import Machine
from tests.services.change_promises import COOLDOWN
from tests.services.presses import Hand, Press, Twist
from tests.services.stories import broken

SETTINGS = settings(
    max_examples=60,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


def test_whatever_happens() -> None:
    run_state_machine_as_test(Machine, settings=SETTINGS)


def blind_retry(plain: Callable[..., Any]) -> Callable[..., Any]:
    def write(self: ChangeService, record: Record, until: float) -> Any:
        problem = plain(self, record, until)
        return problem if problem is None else plain(self, record, until)

    return write


def no_settle_time(plain: Callable[..., Any]) -> Callable[..., Any]:
    def judge(self: Settling, record: Record, look: Look, now: Any, asked: float) -> Settled:
        found: Settled = plain(self, record, look, now, asked)
        if found.state is State.UNKNOWN and now is not None:
            return Settled(State.FAILED, now)
        return found

    return judge


def believes_the_answer(plain: Callable[..., Any]) -> Callable[..., Any]:
    def judge(self: Settling, record: Record, look: Look, now: Any, asked: float) -> Settled:
        if look.acknowledged:
            return Settled(State.VERIFIED, now)
        found: Settled = plain(self, record, look, now, asked)
        return found

    return judge


def sends_before_it_records(plain: Callable[..., Any]) -> Callable[..., Any]:
    def send(self: ChangeService, record: Record, clear: Any, until: float) -> Any:
        there = clear.reading.group
        first = next_write(there, record.request.change)
        assert first is not None
        self._uplynk.write(there.id, first)
        return plain(self, record, clear, until)

    return send


def sends_again_after_a_restart(plain: Callable[..., Any]) -> Callable[..., Any]:
    def settle(self: ChangeService, record: Record) -> Any:
        if record.state is State.SENDING:
            self._write(record, self._timer.monotonic() + 9)
        return plain(self, record)

    return settle


def goes_on_after_a_restart(plain: Callable[..., Any]) -> Callable[..., Any]:
    def settle(self: ChangeService, record: Record) -> Any:
        until = self._timer.monotonic() + self._pace.first_word
        now, term = self._timer.monotonic(), self._ledger.term()
        look = Look(now, False, until, term)
        found = self._look(record, look) if record.state is State.SENDING else None
        if found is None or (found.state in HOLDING and found.written == record.written):
            return plain(self, record)
        return found if found.final else self._carry(found, until, term)

    return settle


def ignores_the_other_hand(plain: Callable[..., Any]) -> Callable[..., Any]:
    def onward(record: Record, found: Settled, *, ready: bool) -> Onward:
        step: Onward = plain(record, found, ready=ready)
        if step.why is not Why.OTHER_HAND or not ready:
            return step
        assert found.after is not None
        return Onward(State.SENDING, write=next_write(found.after, record.request.change))

    return onward


def calls_half_a_change_a_failure(plain: Callable[..., Any]) -> Callable[..., Any]:
    def onward(record: Record, found: Settled, *, ready: bool) -> Onward:
        step: Onward = plain(record, found, ready=ready)
        return replace(step, state=State.FAILED) if step.state is State.HALFWAY else step

    return onward


def lets_go_between_two_writes(plain: Callable[..., Any]) -> Callable[..., Any]:
    def opened(self: ChangeService, record: Record, found: Settled, write: Any) -> Record:
        waiting = [one for one in self._ledger.records.values() if one.state is State.RECEIVED]
        self._ledger.records[record.id] = replace(record, state=State.UNSETTLED)
        self._timer.pause(COOLDOWN)
        try:
            for one in waiting[:1]:
                with suppress(LedgerUnavailable):  # its own trouble, not that of the one between
                    self.run(one)
        finally:
            self._ledger.records[record.id] = record
        moved: Record = plain(self, record, found, write)
        return moved

    return opened


def forgets_to_tell(plain: Callable[..., Any]) -> Callable[..., Any]:
    def tell(self: ChangeService, *record: Any) -> Any:
        return {kind: due for kind, due in plain(self, *record).items() if kind is Kind.CARD}

    return tell


def takes_without_looking_back(plain: Callable[..., Any]) -> Callable[..., Any]:
    def send(self: ChangeService, record: Record, clear: Any, until: float) -> Any:
        last = self._ledger.last_sent_at(clear.reading.group.id)
        return plain(self, record, replace(clear, last_sent_at=last), until)

    return send


def calls_a_lost_database_a_failure(plain: Callable[..., Any]) -> Callable[..., Any]:
    def store(self: ChangeService, record: Record) -> Any:
        self._ledger.advance(record, self._tell())
        return True

    return store


Bug = Callable[[Callable[..., Any]], Callable[..., Any]]

PLANTED: list[tuple[object, str, Bug, str]] = [
    (ChangeService, "_write", blind_retry, "no_write_is_sent_twice"),
    (Settling, "_judge", no_settle_time, "the_last_word_agrees_with_uplynk"),
    (Settling, "_judge", believes_the_answer, "the_last_word_agrees_with_uplynk"),
    (ChangeService, "_send", sends_before_it_records, "nothing_is_written_without_a_record"),
    (ChangeService, "settle", sends_again_after_a_restart, "no_write_is_sent_twice"),
    (change_service, "onward", calls_half_a_change_a_failure, "the_last_word_agrees_with_uplynk"),
    (ChangeService, "_opened", lets_go_between_two_writes, "the_writes_of_two_changes_never_mix"),
    (ChangeService, "_tell", forgets_to_tell, "every_outcome_is_told_or_due"),
    (ChangeService, "_send", takes_without_looking_back, "changes_of_a_group_keep_their_distance"),
    (
        ChangeService,
        "_store",
        calls_a_lost_database_a_failure,
        "nobody_is_told_failed_of_what_was_sent",
    ),
]
"""What is replaced, the bug, and the promise that it breaks."""


@pytest.mark.planted
@pytest.mark.parametrize(
    ("owner", "name", "bug", "promise"), PLANTED, ids=[row[2].__name__ for row in PLANTED]
)
def test_planted_bugs_are_found(
    monkeypatch: pytest.MonkeyPatch, owner: object, name: str, bug: Bug, promise: str
) -> None:
    monkeypatch.setattr(owner, name, bug(getattr(owner, name)))
    sought = settings(
        SETTINGS,
        max_examples=1500,
        derandomize=True,
        database=None,
        report_multiple_bugs=False,
        phases=[Phase.generate],
    )
    with pytest.raises(AssertionError) as found:
        run_state_machine_as_test(Machine, settings=sought)
    assert promise in [frame.name for frame in found.traceback]


BETWEEN_TWO_WRITES: list[tuple[object, str, Bug, str, str | Hand]] = [
    (
        ChangeService,
        "settle",
        goes_on_after_a_restart,
        "what_a_dead_process_began_is_not_gone_on_with",
        "crash",
    ),
    (
        change_service,
        "onward",
        ignores_the_other_hand,
        "what_others_did_in_between_is_not_written_over",
        Hand(ID_A, (("slicers", slicers("s1", "s2", orders=(2, 1))),)),
    ),
]
"""What is replaced, the bug, the promise that it breaks, and what happens between two writes."""


def broken_by(happens: str | Hand) -> set[str]:
    """The promises that are broken when it happens at one or another point of two writes."""
    found: set[str] = set()
    for at in range(20):
        machine = Machine()
        machine.begins()
        press = Press(OPERATOR, ID_A, Activate("s2", failback_off=True), "press", sees=True)
        machine.takes_two_steps(press, None, (Write(),), [Twist(at, happens)])
        machine.looks_for_the_lost([])
        found.update(broken(machine))
    return found


@pytest.mark.parametrize(
    ("owner", "name", "bug", "promise", "happens"),
    BETWEEN_TWO_WRITES,
    ids=[row[2].__name__ for row in BETWEEN_TWO_WRITES],
)
def test_planted_bugs_between_two_writes_are_found_and_without_them_nothing_is(
    monkeypatch: pytest.MonkeyPatch,
    owner: object,
    name: str,
    bug: Bug,
    promise: str,
    happens: str | Hand,
) -> None:
    assert broken_by(happens) == set()
    monkeypatch.setattr(owner, name, bug(getattr(owner, name)))
    assert promise in broken_by(happens)
