"""The composition root: makes every object and hands it to those that need it."""

import logging
import os
import signal
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from slack_bolt import App

from failover.errors import LedgerUnavailable
from failover.notices import Kind
from handlers import register
from handlers.app import bolt_app
from handlers.edge import Edge
from handlers.link import Link
from ops import process
from ops.alarm import Alarm
from ops.http import Site
from ops.metrics import CONTENT_TYPE, Metrics
from ops.work import Bell, Loop, Pool, Stopper, end_all
from services.bells import Bells
from services.delivery import Delivery
from services.homes import with_news
from services.observing import Part
from services.policy_file import PolicyFile
from services.presence import Presence
from services.runner import Recovery
from services.witness import WitnessPosting
from settings import Settings
from store.changes import ChangeLedger
from store.notices import NoticeBox
from store.witnesses import WitnessBook
from wiring.outside import outside_of
from wiring.readiness import Readiness
from wiring.use_cases import Clockwork, Outside, pace_of, services_of, utc_now
from wiring.watching import show_health
from workspace.client import PooledWebClient
from workspace.identity import Identity
from workspace.witness import ChannelWitness

log = logging.getLogger(__name__)

ANSWER_THREADS = 6
PATROL_SECONDS = 2.0
HEARTBEAT_SECONDS = 1.0
TIDY_SECONDS = 3600.0
ANSWER_SECONDS = 5.0
DRAIN_SECONDS = 18.0
TELL_SECONDS = 5.0
"""Hosts such as Heroku kill a process 30 s after asking it to end: up to 5 s for the requests that
are being answered, then as long as a change may take, then for telling of what became of it.
"""


@dataclass(frozen=True, slots=True)
class Bot:
    """Everything that runs. ``start`` comes before the first request, ``stop`` after the last."""

    app: App
    site: Site
    ledger: ChangeLedger
    stopper: Stopper
    presence: Presence
    heartbeat: Loop
    loops: tuple[Loop, ...]
    pools: tuple[Pool, ...]
    answering: Pool
    closing: tuple[Callable[[], None], ...]
    link: Link | None

    def start(self) -> None:
        """Start the loops; recovery is the first thing that happens. Raises LedgerUnavailable."""
        self.presence.begin()
        for loop in (self.heartbeat, *self.loops):
            loop.start()
        if self.link is not None:
            self.link.start()

    def cut_off(self) -> bool:
        """Whether Slack cannot be heard any more, so that a new process had better take over."""
        return self.link is not None and self.link.given_up

    def stop(self) -> None:
        """Finish what is under way, tell of it, and end; ``site`` says at once that it is so."""
        if not self.site.stop(ANSWER_SECONDS):
            log.warning("not every request was answered")
        if self.link is not None:
            self.link.stop()
        self.stopper.stop()
        done = end_all([pool.close for pool in self.pools], DRAIN_SECONDS)
        # The loops tick once more and hand over what there is to tell, so their pool ends last.
        until = time.monotonic() + TELL_SECONDS
        told = end_all([loop.stop for loop in self.loops], TELL_SECONDS)
        told = self.answering.close(until - time.monotonic()) and told
        if not (done and told):
            log.warning("work was left; it is in the database and is taken up at the next start")
        self.heartbeat.stop(HEARTBEAT_SECONDS)
        self.presence.end()
        for close in self.closing:
            close()


def build(settings: Settings, policy: PolicyFile) -> Bot:
    """Make every object and hand it to those that need it; nothing runs yet.

    Raises LedgerUnavailable where the database can't be opened.
    """
    stopper, alarm = Stopper(), Alarm()
    bells, at_home = {kind: Bell() for kind in Kind}, Bell()
    rings = {kind: bell.ring for kind, bell in bells.items()}
    # What there is to tell the channel of is news at home, too.
    rings[Kind.CARD] = with_news(bells[Kind.CARD].ring, lambda: services.homes)
    ringing = Bells(rings, alarm.after, utc_now)
    outside = outside_of(settings, ringing.announce)
    ledger, client, figures = outside.ledger, outside.client, outside.metrics
    pools = _pools()
    answering = Pool("answers", threads=ANSWER_THREADS, queue=ANSWER_THREADS)
    pace = pace_of(settings)
    clockwork = Clockwork(pace, stopper, alarm, at_home, *pools)
    services = services_of(settings, policy, outside, clockwork)
    identity = Identity(client, lambda self: services.access.belongs_to(*self.home))
    app = bolt_app(client, lambda: identity.known)
    register(app, services)
    recovery = Recovery(services.runner, pace)
    answered = partial(_answered, figures)
    link = _link(settings, app, client, answered)
    mounted = {} if link is not None else {"/slack/events": _edge(settings, app, answered)}
    loops = (
        _loop("recovery", recovery.tick, Bell()),
        _loop("approvals", services.approvals.tick, Bell()),
        _loop("sets", services.set_runner.tick, Bell()),
        _loop("identity", identity.tick, Bell()),
        _loop("housekeeping", partial(_tidy, ledger), Bell()),
        _loop("homes", services.homes.tick, at_home),
        _loop("news", services.homes.look, Bell()),
        _witness(outside, settings),
        *_deliveries(outside, bells, answering),
    )
    ready = Readiness(
        ledger=ledger,
        recovery=recovery,
        identity=identity,
        policy=policy,
        health=outside.health,
        clocks=outside.clocks,
        link=link,
    )
    show_health(figures, outside.health, outside.clocks, link)
    site = Site(ready, mounted, figures.page, CONTENT_TYPE)
    presence = Presence(outside.instance, process.gone)
    alive = presence, _loop("presence", presence.tick, Bell())
    return Bot(app, site, ledger, stopper, *alive, loops, pools, answering, outside.closing, link)


def _pools() -> tuple[Pool, Pool, Pool]:
    return (
        Pool("doors", threads=8, queue=100),
        Pool("people", threads=48, queue=200),
        Pool("changes", threads=64, queue=500),
    )


def _witness(outside: Outside, settings: Settings) -> Loop:
    board = ChannelWitness(outside.client, settings.failover_channel)
    posting = WitnessPosting(WitnessBook(outside.database), board, utc_now)
    return _loop("witness", posting.tick, Bell())


def _answered(figures: Metrics, seconds: float) -> None:
    """A request of Slack had its answer after so many seconds."""
    figures.heard()
    figures.took(Part.ACKNOWLEDGEMENT, seconds)


def _edge(settings: Settings, app: App, answered: Callable[[float], None]) -> Edge:
    if settings.slack_signing_secret is None:
        raise ValueError("HTTP needs a signing secret")
    return Edge(app, settings.slack_signing_secret.reveal(), answered=answered)


def _link(
    settings: Settings, app: App, client: PooledWebClient, answered: Callable[[float], None]
) -> Link | None:
    token = settings.slack_app_token
    return None if token is None else Link(app, token.reveal(), client, answered, _end_in_order)


def _end_in_order() -> None:
    """End as when somebody asks for it: what is under way is finished first."""
    os.kill(os.getpid(), signal.SIGTERM)


def _deliveries(outside: Outside, bells: Mapping[Kind, Bell], pool: Pool) -> list[Loop]:
    outbox, messenger = NoticeBox(outside.database, utc_now, outside.instance), outside.messenger
    cards = Delivery(Kind.CARD, outbox, messenger, utc_now)
    answers = Delivery(Kind.ANSWER, outbox, messenger, utc_now, pool)
    return [
        _loop("cards", partial(_patrol, cards.tick), bells[Kind.CARD]),
        _loop("answers", partial(_patrol, answers.tick), bells[Kind.ANSWER]),
    ]


def _loop(name: str, tick: Callable[[], float | None], bell: Bell) -> Loop:
    return Loop(name, tick, bell, outages=LedgerUnavailable)


def _patrol(tick: Callable[[], float | None]) -> float:
    """Like ``tick``; what a dead instance has left to do rings no bell, so look for it."""
    wait = tick()
    return PATROL_SECONDS if wait is None else min(wait, PATROL_SECONDS)


def _tidy(ledger: ChangeLedger) -> float:
    """Forget what nobody will ask for any more; seconds until the next time."""
    ledger.forget_old()
    return TIDY_SECONDS
