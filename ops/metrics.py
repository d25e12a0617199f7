"""Figures for Prometheus: counted in the process, and asked of the database when they are read.

A registry of its own, nothing global. A label that is not in its closed set is shown as "other", so
that nobody can make series, or have their words shown, by what they send.
"""

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric

from ops.sampler import Sampler

log = logging.getLogger(__name__)

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
OTHER = "other"

Read: TypeAlias = Callable[[], Mapping[str, float]]

_QUICK = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0)
_PRESS = (0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 5.0)
_CALL = (0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 5.0, 8.0, 12.0)
_WORD = (0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0)
PARTS: Mapping[str, tuple[str, tuple[float, ...]]] = {
    "acknowledgement": ("From a request of Slack to its acknowledgement.", _QUICK),
    "form": ("From a press to the open form.", _PRESS),
    "write": ("One PATCH or PUT to Uplynk.", _CALL),
    "verification": ("From a write to the last word on the change.", _WORD),
}
"""What is timed: what it says, and the upper ends of its buckets in seconds."""


@dataclass(frozen=True, slots=True)
class Names:
    """The closed sets that labels come from."""

    actions: tuple[str, ...]
    outcomes: tuple[str, ...]
    reasons: tuple[str, ...]
    rules: tuple[str, ...]
    errors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Messages that have not gone out: how many, for how many seconds, how many for too long."""

    count: int
    oldest_seconds: float
    overdue: int


@dataclass(frozen=True, slots=True)
class Stored:
    """What the database says: the messages that wait, by kind, the locks and the pause."""

    outbox: Mapping[str, Waiting]
    locks: int
    paused: bool


class Metrics:
    """See ``services.observing.Meters`` for what comes in; ``page`` is what Prometheus reads."""

    def __init__(
        self,
        names: Names,
        build: Mapping[str, str],
        stored: Callable[[], Stored],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """``build``: labels of the one build series; ``stored`` may raise whatever it likes."""
        self._names = names
        self._monotonic = monotonic
        self._heard = monotonic()
        self._registry = CollectorRegistry(auto_describe=False)
        self._ended = self._counter("changes", "Changes that ended.", "action", "outcome")
        self._refused = self._counter("refusals", "Refused changes.", "reason", "rule")
        self._calls = self._counter("uplynk_calls", "Calls of Uplynk.", "call")
        self._errors = self._counter("uplynk_errors", "Those that failed.", "error")
        self._took = {part: self._histogram(part) for part in PARTS}
        info = Gauge("failover_build_info", "Always 1.", [*build], registry=self._registry)
        info.labels(**build).set(1)
        age = Gauge(
            "failover_slack_last_message_age_seconds",
            "Since the last message of Slack, or since the start.",
            registry=self._registry,
        )
        age.set_function(lambda: self._monotonic() - self._heard)
        ProcessCollector(registry=self._registry)
        self._registry.register(_Database(Sampler(stored)))
        self._shown = _Shown()
        self._registry.register(self._shown)
        self._begin_at_zero()

    def ended(self, action: str, outcome: str) -> None:
        """A change has come to its end."""
        known = _known(action, self._names.actions), _known(outcome, self._names.outcomes)
        self._ended.labels(*known).inc()

    def refused(self, reason: str, rule: str) -> None:
        """It was refused; ``rule``: which one, "" where it was none."""
        known = _known(reason, self._names.reasons), _known(rule, ("", *self._names.rules))
        self._refused.labels(*known).inc()

    def took(self, part: str, seconds: float) -> None:
        """One of ``PARTS`` is over. Raises KeyError for any other."""
        self._took[part].observe(seconds)

    def asked(self, call: str, error: str) -> None:
        """Uplynk was asked, to "read" or to "write"; ``error``: its kind, "" where it answered."""
        self._calls.labels(_known(call, ("read", "write"))).inc()
        if error:
            self._errors.labels(_known(error, self._names.errors)).inc()

    def heard(self) -> None:
        """A message of Slack has arrived."""
        self._heard = self._monotonic()

    def show(self, name: str, says: str, read: Read, label: str | None = None) -> None:
        """From now on show what ``read`` says, by ``label``; without one, under ``""`` alone.

        ``read`` is called whenever the page is; it must be quick and not raise. Its keys have to be
        of a closed set.
        """
        self._shown.gauges.append((name, says, read, label))

    def page(self) -> bytes:
        """Everything, in Prometheus' text format."""
        return generate_latest(_Plain(self._registry))

    def _counter(self, name: str, says: str, *labels: str) -> Counter:
        return Counter(f"failover_{name}", says, labels, registry=self._registry)

    def _histogram(self, part: str) -> Histogram:
        says, buckets = PARTS[part]
        name = f"failover_{part}_seconds"
        return Histogram(name, says, buckets=buckets, registry=self._registry)

    def _begin_at_zero(self) -> None:
        # To Prometheus a series that begins with 1 has not grown: a first failure would not show.
        for action in self._names.actions:
            for outcome in self._names.outcomes:
                self._ended.labels(action, outcome)
        for reason in self._names.reasons:
            for rule in self._names.rules if reason == "rule" else ("",):
                self._refused.labels(reason, rule)
        for call in ("read", "write"):
            self._calls.labels(call)
        for error in self._names.errors:
            self._errors.labels(error)


class _Plain:
    """A registry without the moments at which each series was made: they double the page."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry

    def collect(self) -> Iterator[Metric]:
        for family in self._registry.collect():
            family.samples = [one for one in family.samples if not one.name.endswith("_created")]
            yield family


class _Shown:
    """Figures that somebody else keeps."""

    def __init__(self) -> None:
        self.gauges: list[tuple[str, str, Read, str | None]] = []

    def collect(self) -> Iterable[Metric]:
        for name, says, read, label in self.gauges:
            gauge = _gauge(name, says, labels=(label,) if label else ())
            for key, value in read().items():
                gauge.add_metric([key] if label else [], value)
            yield gauge


class _Database:
    """What only the database knows; without it, that alone."""

    def __init__(self, sample: Callable[[], Stored | None]) -> None:
        self._sample = sample

    def collect(self) -> Iterable[Metric]:
        told = self._sample()
        yield _gauge("database_up", "Whether the database answers.", told is not None)
        if told is None:
            return
        names = ("kind",)
        depth = _gauge("outbox_messages", "Messages due and not gone out.", labels=names)
        oldest = _gauge("outbox_oldest_seconds", "For how long the oldest waits.", labels=names)
        overdue = _gauge("outbox_overdue", "Those that wait for over 24 h.", labels=names)
        for kind, waiting in told.outbox.items():
            depth.add_metric([kind], waiting.count)
            oldest.add_metric([kind], waiting.oldest_seconds)
            overdue.add_metric([kind], waiting.overdue)
        yield from (depth, oldest, overdue)
        yield _gauge("locks", "Groups with a lock in force.", told.locks)
        yield _gauge("paused", "Whether all changes are paused.", told.paused)


def _gauge(
    name: str, says: str, value: float | None = None, labels: tuple[str, ...] = ()
) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"failover_{name}", says, value=value, labels=labels or None)


def _known(label: str, names: tuple[str, ...]) -> str:
    return label if label in names else OTHER
