"""The composition root: makes every object and hands it to those that need it."""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from slack_bolt import App

from failover.errors import LedgerUnavailable
from failover.lifecycle import Record
from failover.model import FailoverGroup
from failover.notices import Kind
from handlers import register
from handlers.app import bolt_app
from handlers.edge import Edge
from handlers.link import Link
from ops.alarm import Alarm
from ops.http import Site
from ops.work import Bell, Loop, Pool, Stopper, end_all
from services.bells import Bells
from services.delivery import Delivery
from services.homes import with_news
from services.pace import Pace
from services.policy_file import PolicyFile
from services.runner import Recovery
from settings import Settings
from store.changes import ChangeLedger
from store.engine import Database
from store.notices import NoticeBox
from uplynk.client import Limits, UplynkClient
from wiring.use_cases import Clockwork, Outside, services_of, utc_now
from workspace.client import PooledWebClient
from workspace.identity import Identity
from workspace.messenger import SlackMessenger

log = logging.getLogger(__name__)

ANSWER_THREADS = 6
TIDY_SECONDS = 3600.0
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
    loops: tuple[Loop, ...]
    pools: tuple[Pool, ...]
    answering: Pool
    closing: tuple[Callable[[], None], ...]
    link: Link | None

    def start(self) -> None:
        """Start the loops; recovery is the first thing that happens."""
        for loop in self.loops:
            loop.start()
        if self.link is not None:
            self.link.start()

    def stop(self) -> None:
        """Finish what is under way, tell of it, and end."""
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
    database = Database(settings.database_url)
    database.create()
    ledger = ChangeLedger(database, utc_now, ringing.announce)
    client = PooledWebClient(settings.slack_bot_token.reveal(), settings.slack_api_url)
    messenger = SlackMessenger(client, settings.failover_channel, partial(_shown, ledger), utc_now)
    outside = Outside(database, ledger, client, _uplynk(settings), messenger)
    pools = (
        Pool("doors", threads=8, queue=100),
        Pool("people", threads=48, queue=200),
        Pool("changes", threads=64, queue=500),
    )
    answering = Pool("answers", threads=ANSWER_THREADS, queue=ANSWER_THREADS)
    pace = Pace(settle=settings.settle_seconds, look=settings.look_seconds)
    clockwork = Clockwork(pace, stopper, alarm, at_home, *pools)
    services = services_of(settings, policy, outside, clockwork)
    identity = Identity(client, lambda self: services.access.belongs_to(*self.home))
    app = bolt_app(client, lambda: identity.known)
    register(app, services)
    recovery = Recovery(services.runner, pace)
    link = _link(settings, app, client)
    mounted = {} if link is not None else {"/slack/events": _edge(settings, app)}
    loops = (
        Loop("recovery", recovery.tick, Bell()),
        Loop("approvals", services.approvals.tick, Bell()),
        Loop("sets", services.set_runner.tick, Bell()),
        Loop("identity", identity.tick, Bell()),
        Loop("housekeeping", partial(_tidy, ledger), Bell()),
        Loop("homes", services.homes.tick, at_home),
        *_deliveries(NoticeBox(database), messenger, bells, answering),
    )
    site = Site(partial(_ready, ledger, recovery, identity, policy), mounted)
    closing = outside.uplynk.close, client.close, database.close
    return Bot(app, site, ledger, stopper, loops, pools, answering, closing, link)


def _shown(ledger: ChangeLedger, record: Record) -> FailoverGroup | None:
    """The group as the person had seen it, where it is still remembered."""
    return None if record.request.seen is None else ledger.seen(record.request.seen)


def _uplynk(settings: Settings) -> UplynkClient:
    limits = Limits(
        connect_seconds=settings.uplynk_connect_timeout_seconds,
        read_seconds=settings.uplynk_read_timeout_seconds,
        budget_seconds=settings.uplynk_budget_seconds,
    )
    owner, key = settings.uplynk_owner.reveal(), settings.uplynk_api_key.reveal()
    return UplynkClient(settings.uplynk_base_url, owner, key, limits)


def _edge(settings: Settings, app: App) -> Edge:
    if settings.slack_signing_secret is None:
        raise ValueError("HTTP needs a signing secret")
    return Edge(app, settings.slack_signing_secret.reveal())


def _link(settings: Settings, app: App, client: PooledWebClient) -> Link | None:
    token = settings.slack_app_token
    return None if token is None else Link(app, token.reveal(), client)


def _deliveries(
    outbox: NoticeBox, messenger: SlackMessenger, bells: Mapping[Kind, Bell], pool: Pool
) -> list[Loop]:
    cards = Delivery(Kind.CARD, outbox, messenger, utc_now)
    answers = Delivery(Kind.ANSWER, outbox, messenger, utc_now, pool)
    return [
        Loop("cards", cards.tick, bells[Kind.CARD]),
        Loop("answers", answers.tick, bells[Kind.ANSWER]),
    ]


def _tidy(ledger: ChangeLedger) -> float:
    """Forget what nobody will ask for any more; seconds until the next time."""
    ledger.forget_old()
    return TIDY_SECONDS


def _ready(
    ledger: ChangeLedger, recovery: Recovery, identity: Identity, policy: PolicyFile
) -> tuple[bool, dict[str, str]]:
    try:
        ledger.probe()
        database = "ok"
    except LedgerUnavailable:
        database = "takes no records"
    told = {
        "database": database,
        "recovery": "done" if recovery.done else "not done yet",
        "policy": policy.problem or "ok",
        "slack": "ok" if identity.known else "has not said yet who the bot is",
    }
    # Slack must have been asked, but an outage of Slack is no reason to be taken out of service.
    return database == "ok" and recovery.done and identity.asked, told
