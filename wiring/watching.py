"""Joins what happens to what is counted of it, and hands Prometheus' page to the site."""

import os
import socket
from collections.abc import Callable
from datetime import datetime, timedelta

from failover.errors import UplynkError
from failover.lifecycle import FINAL, State, Why
from failover.notices import Backlog, Kind
from failover.roles import CHANGING, Action, Rule
from handlers.link import Link
from ops.metrics import Metrics, Names, Stored, Waiting
from services.clocks import Clocks
from services.health import Health
from settings import Settings
from store.changes import ChangeLedger
from store.engine import Database
from store.forces import ForceStore
from store.notices import NoticeBox
from wiring.use_cases import utc_now


def kinds(error: type[UplynkError]) -> tuple[str, ...]:
    """The names of all that derives from an error."""
    found = error.__subclasses__()
    return tuple(name for one in found for name in (one.__name__, *kinds(one)))


NAMES = Names(
    actions=tuple(one.value for one in (*CHANGING, Action.LOCK, Action.PAUSE)),
    outcomes=tuple(state.value for state in State if state in FINAL - {State.SHOWN}),
    reasons=tuple(Why),
    rules=tuple(Rule),
    errors=kinds(UplynkError),
)


def instance_of(settings: Settings) -> str:
    """Which process this is: the host's name for it, and its process ID."""
    return f"{(settings.dyno or socket.gethostname())[:100]}:{os.getpid()}"


def metrics(settings: Settings, database: Database, ledger: Callable[[], ChangeLedger]) -> Metrics:
    """The figures of this process, and of the database that it shares.

    ``ledger`` is not called before the page of figures is: it is made with what is made here.
    """
    build = {"version": settings.version, "instance": instance_of(settings)}
    return Metrics(
        NAMES, build, lambda: _stored(NoticeBox(database, utc_now), ForceStore(database, ledger()))
    )


def show_health(figures: Metrics, health: Health, clocks: Clocks, link: Link | None) -> None:
    """Have the page tell how it stands with Uplynk, Slack and the clock."""
    figures.show(
        "uplynk_up",
        "Whether Uplynk answered the last call.",
        lambda: {"": health.trouble() is None},
    )
    figures.show(
        "clock_ahead_seconds",
        "How far this host's clock is ahead of theirs.",
        lambda: {whose.lower(): ahead for whose, ahead in clocks.ahead().items()},
        "whose",
    )
    if link is not None:
        figures.show(
            "slack_link_silent_seconds",
            "Since Slack's last sign of life over Socket Mode.",
            lambda: {"": max(0.0, link.last_message_age())},
        )


def _stored(outbox: NoticeBox, forces: ForceStore) -> Stored:
    now = utc_now()
    waiting = {kind.value: _waiting(outbox.backlog(now, kind), now) for kind in Kind}
    locks = sum(lock.at(now) for _, lock in forces.locks())
    return Stored(waiting, locks, forces.in_force(None).pause is not None)


def _waiting(backlog: Backlog, now: datetime) -> Waiting:
    age = timedelta() if backlog.oldest_due is None else now - backlog.oldest_due
    return Waiting(backlog.count, max(0.0, age.total_seconds()), backlog.overdue)
