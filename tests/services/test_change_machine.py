"""Any people, any requests, any upstream, any crash; and the proof that the machine finds bugs."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from failover.change import Configure
from failover.lifecycle import Record, State
from failover.notices import Kind
from services.change_service import ChangeService
from services.settling import Look, Settled, Settling
from tests.services.change_machine import Machine

SETTINGS = settings(
    max_examples=60,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


def test_whatever_happens() -> None:
    run_state_machine_as_test(Machine, settings=SETTINGS)


def blind_retry(plain: Callable[..., Any]) -> Callable[..., Any]:
    def write(self: ChangeService, group_id: str, change: Configure, until: float) -> Any:
        problem = plain(self, group_id, change, until)
        return problem if problem is None else plain(self, group_id, change, until)

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
        reading = clear.reading.group
        self._uplynk.configure(reading.id, mode=record.request.change.mode or reading.mode)
        return plain(self, record, clear, until)

    return send


def sends_again_after_a_restart(plain: Callable[..., Any]) -> Callable[..., Any]:
    def settle(self: ChangeService, record: Record) -> Any:
        if record.state is State.SENDING:
            self._write(str(record.group_id), record.request.change, self._timer.monotonic() + 9)
        return plain(self, record)

    return settle


def forgets_to_tell(plain: Callable[..., Any]) -> Callable[..., Any]:
    def tell(self: ChangeService) -> Any:
        return {kind: due for kind, due in plain(self).items() if kind is Kind.CARD}

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

PLANTED: list[tuple[type, str, Bug, str]] = [
    (ChangeService, "_write", blind_retry, "no_change_is_written_twice"),
    (Settling, "_judge", no_settle_time, "the_last_word_agrees_with_uplynk"),
    (Settling, "_judge", believes_the_answer, "the_last_word_agrees_with_uplynk"),
    (ChangeService, "_send", sends_before_it_records, "nothing_is_written_without_a_record"),
    (ChangeService, "settle", sends_again_after_a_restart, "no_change_is_written_twice"),
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


@pytest.mark.parametrize(
    ("owner", "name", "bug", "promise"), PLANTED, ids=[row[2].__name__ for row in PLANTED]
)
def test_planted_bugs_are_found(
    monkeypatch: pytest.MonkeyPatch, owner: type, name: str, bug: Bug, promise: str
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
