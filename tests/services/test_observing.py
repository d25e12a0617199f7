"""What is counted of changes and calls, and what the log says of a change meanwhile."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from failover.errors import Unavailable, UplynkError
from failover.lifecycle import Record, State, Why
from failover.rules import Rule
from services.observing import MeteredUplynk, Part, Unmetered, Watch
from services.subject import about, concerning, current, learned
from tests.builders import ID_A, START, flat, record
from tests.fakes import FakeClock, FakeTimer, FakeUplynk


@dataclass
class Book:
    """``Meters`` that writes down what it is told."""

    lines: list[tuple[object, ...]] = field(default_factory=list)

    def ended(self, action: str, outcome: str) -> None:
        self.lines.append(("ended", action, outcome))

    def refused(self, reason: str, rule: str) -> None:
        self.lines.append(("refused", reason, rule))

    def took(self, part: str, seconds: float) -> None:
        self.lines.append(("took", part, seconds))

    def asked(self, call: str, error: str) -> None:
        self.lines.append(("asked", call, error))

    def heard(self) -> None:
        self.lines.append(("heard",))


def counted(one: Record) -> list[tuple[object, ...]]:
    book = Book()
    Watch(book).stored(one)
    return book.lines


def ended(state: State, **more: object) -> Record:
    return replace(record(), state=state, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("state", sorted(set(State)))
def test_ends_are_counted_and_nothing_else(state: State) -> None:
    open_ones = {State.SHOWN, State.RECEIVED, State.AWAITING, State.APPROVED, State.SENDING,
                 State.UNKNOWN}  # fmt: skip
    found = counted(ended(state))
    assert found == ([] if state in open_ones else [("ended", "configure", state.value)])


def test_a_refusal_is_counted_for_each_rule_that_stood_against_it() -> None:
    rules = [{"rule": Rule.FREEZE.value}, {"rule": Rule.LOCK.value}]
    by_rules = ended(State.REFUSED, why=Why.RULE, facts={"rules": rules})
    assert counted(by_rules)[1:] == [("refused", "rule", "freeze"), ("refused", "rule", "lock")]
    by_role = ended(State.REFUSED, why=Why.ROLE)
    assert counted(by_role)[1:] == [("refused", "role", "")]
    assert counted(ended(State.FAILED, why=Why.GONE)) == [("ended", "configure", "failed")]


@pytest.mark.parametrize(("later", "seconds"), [(2.5, 2.5), (-60.0, 0.0)])
def test_the_time_from_the_write_to_the_last_word(later: float, seconds: float) -> None:
    sent = ended(State.VERIFIED, sent_at=START, ended_at=START + timedelta(seconds=later))
    assert counted(sent)[-1] == ("took", Part.VERIFICATION, seconds)


def test_the_log_names_each_move_and_the_change(caplog: pytest.LogCaptureFixture) -> None:
    one = ended(State.REFUSED, why=Why.RULE, facts={"rules": [{"rule": "freeze"}]}, group_id=ID_A)
    seen = []

    class Reader(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            seen.append((record.getMessage(), dict(current())))

    logger = logging.getLogger("services.observing")
    reader = Reader()
    logger.addHandler(reader)
    try:
        with caplog.at_level(logging.INFO):
            Watch(Unmetered()).stored(one)
    finally:
        logger.removeHandler(reader)
    named = {"change": one.id, "group": ID_A}
    assert seen == [("configure is refused: rule freeze", named)]
    assert current() == {}


def test_what_can_not_be_counted_is_stored_all_the_same(caplog: pytest.LogCaptureFixture) -> None:
    odd = ended(State.REFUSED, why=Why.RULE, facts={"rules": [{"rule": "unheard of"}]})
    assert counted(odd) == []
    assert "not counted" in caplog.text


def metered() -> tuple[MeteredUplynk, FakeUplynk, Book]:
    clock, book = FakeClock(), Book()
    uplynk = FakeUplynk(clock, flat())
    return MeteredUplynk(uplynk, book, FakeTimer(clock).monotonic), uplynk, book


def test_calls_go_through_and_are_counted() -> None:
    client, uplynk, book = metered()
    assert client.get_group(ID_A) == uplynk.get_group(ID_A)
    assert client.list_groups() == uplynk.list_groups()
    assert client.allowed_owners(ID_A) == uplynk.allowed_owners(ID_A)
    assert book.lines == [("asked", "read", "")] * 3


def test_failed_calls_are_counted_by_their_kind_and_raised() -> None:
    class Failing:
        def __getattr__(self, name: str) -> object:
            def fail(*_: object, **__: object) -> None:
                raise Unavailable("GET /failover-groups")

            return fail

    book = Book()
    client = MeteredUplynk(Failing(), book)  # type: ignore[arg-type]
    calls = (client.list_groups, lambda: client.get_group(ID_A), lambda: client.allowed_owners("a"))
    for call in calls:
        with pytest.raises(UplynkError):
            call()
    assert book.lines == [("asked", "read", "Unavailable")] * 3
    with pytest.raises(UplynkError):
        client.write(ID_A, None)  # type: ignore[arg-type]
    assert book.lines[3] == ("asked", "write", "Unavailable")
    assert book.lines[4][:2] == ("took", Part.WRITE)


def test_a_thread_says_what_it_is_about_and_then_no_longer() -> None:
    inner = replace(record(), id="inner", group_id=ID_A)

    @concerning
    def work(_: str, one: Record) -> dict[str, str]:
        return dict(current())

    with about(record()):
        assert work("x", inner) == {"change": "inner", "group": ID_A}
        assert current() == {"change": record().id}
        learned(inner)
        assert current() == {"change": record().id}
        learned(replace(record(), group_id=ID_A))
        assert current() == {"change": record().id, "group": ID_A}
        with pytest.raises(ValueError, match="out"), about(inner):
            raise ValueError("out")
        assert current() == {"change": record().id, "group": ID_A}
    assert current() == {}
