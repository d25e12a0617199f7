"""The page of figures: what is counted shows, labels keep to their sets, a database may be gone."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from ops.metrics import PARTS, Metrics, Names, Stored, Waiting
from ops.sampler import Sampler

WAIT = 10.0
NAMES = Names(
    actions=("configure", "lock"),
    outcomes=("verified", "refused"),
    reasons=("role", "rule"),
    rules=("freeze", "lock"),
    errors=("Unavailable",),
)
STORED = Stored({"card": Waiting(2, 90.5, 1), "answer": Waiting(0, 0.0, 0)}, locks=3, paused=True)


def stored() -> Stored:
    return STORED


def away() -> Stored:
    raise ValueError("CANARY")


@dataclass
class Time:
    """Seconds that pass when told to."""

    now: float = 50.0

    def __call__(self) -> float:
        return self.now


def made(
    ask: Callable[[], Stored] = stored, monotonic: Callable[[], float] = time.monotonic
) -> Metrics:
    return Metrics(NAMES, {"version": "abc", "instance": "web.1-7"}, ask, monotonic)


Series = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def series(metrics: Metrics) -> Series:
    """Every sample on the page by name and labels."""
    page = metrics.page().decode()
    return {
        (sample.name.removeprefix("failover_"), tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(page)
        for sample in family.samples
    }


def test_what_is_counted_shows() -> None:
    metrics = made()
    metrics.ended("configure", "verified")
    metrics.ended("configure", "verified")
    metrics.refused("rule", "freeze")
    metrics.refused("role", "")
    metrics.asked("read", "")
    metrics.asked("write", "Unavailable")
    found = series(metrics)
    assert found["changes_total", (("action", "configure"), ("outcome", "verified"))] == 2
    assert found["refusals_total", (("reason", "rule"), ("rule", "freeze"))] == 1
    assert found["refusals_total", (("reason", "role"), ("rule", ""))] == 1
    assert found["uplynk_calls_total", (("call", "read"),)] == 1
    assert found["uplynk_calls_total", (("call", "write"),)] == 1
    assert found["uplynk_errors_total", (("error", "Unavailable"),)] == 1


def test_every_series_is_there_from_the_start() -> None:
    before = made()
    first = series(before)
    for action in NAMES.actions:
        for outcome in NAMES.outcomes:
            before.ended(action, outcome)
    for rule in NAMES.rules:
        before.refused("rule", rule)
    before.refused("role", "")
    before.asked("write", "Unavailable")
    assert series(before).keys() == first.keys()
    assert {value for (name, _), value in first.items() if name.endswith("_total")} >= {0.0}


@pytest.mark.parametrize("part", PARTS)
def test_what_is_timed_falls_into_its_bucket(part: str) -> None:
    metrics = made()
    metrics.took(part, 0.3)
    metrics.took(part, 1000.0)
    found = series(metrics)
    name = f"{part}_seconds"
    buckets = PARTS[part][1]
    assert found[f"{name}_count", ()] == 2
    assert found[f"{name}_sum", ()] == 1000.3
    for end in buckets:
        assert found[f"{name}_bucket", (("le", str(end)),)] == (end >= 0.3)
    assert found[f"{name}_bucket", (("le", "+Inf"),)] == 2


def test_the_age_of_the_last_message_counts_from_the_start_and_from_each_message() -> None:
    passing = Time()
    metrics = made(monotonic=passing)
    passing.now += 40
    assert series(metrics)["slack_last_message_age_seconds", ()] == 40
    metrics.heard()
    passing.now += 2
    assert series(metrics)["slack_last_message_age_seconds", ()] == 2


def test_build_and_process_show() -> None:
    found = series(made())
    assert found["build_info", (("instance", "web.1-7"), ("version", "abc"))] == 1
    assert found["process_resident_memory_bytes", ()] > 0
    assert not any(name.endswith("_created") for name, _ in found)


def test_what_the_database_says_shows() -> None:
    found = series(made())
    card = (("kind", "card"),)
    assert found["database_up", ()] == 1
    assert found["outbox_messages", card] == 2
    assert found["outbox_oldest_seconds", card] == 90.5
    assert found["outbox_overdue", card] == 1
    assert found["outbox_messages", (("kind", "answer"),)] == 0
    assert found["locks", ()] == 3
    assert found["paused", ()] == 1


def test_without_the_database_the_rest_shows(caplog: pytest.LogCaptureFixture) -> None:
    metrics = made(away)
    metrics.ended("lock", "refused")
    found = series(metrics)
    assert found["database_up", ()] == 0
    assert found["changes_total", (("action", "lock"), ("outcome", "refused"))] == 1
    assert not any(name.startswith(("outbox", "locks", "paused")) for name, _ in found)
    assert "ValueError" in caplog.text
    assert "CANARY" not in caplog.text


def test_what_others_keep_shows_as_it_is_at_the_time() -> None:
    metrics, ahead, up = made(), {"slack": 2.5}, [1.0]
    metrics.show("uplynk_up", "Up.", lambda: {"": up[-1]})
    metrics.show("clock_ahead_seconds", "Ahead.", lambda: ahead, "whose")
    assert series(metrics)["uplynk_up", ()] == 1
    up.append(0.0)
    ahead["uplynk"] = -3.0
    found = series(metrics)
    assert found["uplynk_up", ()] == 0
    assert found["clock_ahead_seconds", (("whose", "slack"),)] == 2.5
    assert found["clock_ahead_seconds", (("whose", "uplynk"),)] == -3


@given(st.lists(st.tuples(st.text(), st.text()), max_size=20))
def test_nobodys_words_become_labels(words: list[tuple[str, str]]) -> None:
    metrics = made()
    most = len(series(metrics)) + 12  # with "other" in one place, and in both
    for one, other in words:
        metrics.ended(one, other)
        metrics.refused(one, other)
        metrics.asked(one, other)
    found = series(metrics)
    labels = {value for _, pairs in found for name, value in pairs if name not in ("le", "version")}
    closed = {*NAMES.actions, *NAMES.outcomes, *NAMES.reasons, *NAMES.rules, *NAMES.errors}
    assert labels <= closed | {"other", "", "read", "write", "card", "answer", "web.1-7"}
    assert len(found) <= most


def test_a_sample_is_asked_for_anew_each_time() -> None:
    answers = iter([1, 2])
    sampler = Sampler(lambda: next(answers))
    assert [sampler(), sampler(), sampler()] == [1, 2, None]


@dataclass
class Hanging:
    """A question that gets no answer until it is let go."""

    go_on: threading.Event = field(default_factory=threading.Event)
    asked: int = 0

    def __call__(self) -> str:
        self.asked += 1
        assert self.go_on.wait(WAIT)
        return "answer"


def test_a_question_that_hangs_is_waited_for_once_and_asked_once() -> None:
    hanging = Hanging()
    sampler = Sampler(hanging, within=0.05)
    assert [sampler() for _ in range(20)] == [None] * 20
    assert hanging.asked == 1
    patient = Sampler(hanging, within=WAIT)
    hanging.go_on.set()
    assert patient() == "answer"


def test_no_thread_to_be_had_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    sampler = Sampler(lambda: "answer")
    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", refuse)
        assert sampler() is None
    assert sampler() == "answer"
