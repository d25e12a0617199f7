"""The front door: wires everything together and serves, over HTTP or over Socket Mode."""

import logging
import secrets
import signal
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import FrameType

from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult

from failover.errors import LedgerUnavailable
from failover.notices import Kind
from failover.policy import PolicyError
from handlers import register
from handlers.edge import Edge
from handlers.link import Link
from ops import logs
from ops.http import Server, Site
from ops.work import Bell, Loop, Pool, Stopper
from services import Services
from services.access import Access
from services.change_service import ChangeService
from services.delivery import Delivery
from services.desk import Desk
from services.groups import Groups
from services.guard import Guard
from services.overview import Overview
from services.pace import Pace
from services.policy_file import PolicyFile
from services.previews import Previews
from services.runner import Recovery, Runner
from services.settling import Settling
from settings import Settings, SettingsError, environment
from store.changes import ChangeLedger
from store.engine import Database
from store.notices import NoticeBox
from uplynk.client import Limits, UplynkClient
from workspace.client import PooledWebClient
from workspace.identity import Identity
from workspace.messenger import SlackMessenger
from workspace.screen import SlackScreen
from workspace.user_groups import SlackUserGroups

log = logging.getLogger("bot")

ANSWER_THREADS = 6
DRAIN_SECONDS = 18.0
"""Hosts such as Heroku kill a process 30 s after asking it to end."""


def utc_now() -> datetime:
    """The time, UTC."""
    return datetime.now(UTC)


def new_id() -> str:
    """128 random bits as 32 hex digits."""
    return secrets.token_hex(16)


@dataclass(frozen=True, slots=True)
class Bot:
    """Everything that runs. ``start`` comes before the first request, ``stop`` after the last."""

    app: App
    site: Site
    ledger: ChangeLedger
    database: Database
    stopper: Stopper
    loops: tuple[Loop, ...]
    pools: tuple[Pool, ...]
    link: Link | None

    def start(self) -> None:
        """Start the loops; recovery is the first thing that happens."""
        self.ledger.forget_old()
        for loop in self.loops:
            loop.start()
        if self.link is not None:
            self.link.start()

    def stop(self) -> None:
        """Finish what is under way, tell of it, and end."""
        if self.link is not None:
            self.link.stop()
        self.stopper.stop()
        for pool in self.pools:
            if not pool.close(DRAIN_SECONDS / len(self.pools)):
                log.warning(
                    "work was left; it is in the database and is taken up at the next start"
                )
        for loop in self.loops:
            loop.stop(2.0)
        self.database.close()


def build(settings: Settings, policy: PolicyFile) -> Bot:
    """Make every object and hand it to those that need it; nothing runs yet.

    Raises LedgerUnavailable where the database can't be opened.
    """
    bell, stopper = Bell(), Stopper()
    database = Database(settings.database_url)
    database.create()
    ledger = ChangeLedger(database, utc_now, bell.ring)
    client = PooledWebClient(settings.slack_bot_token.reveal(), settings.slack_api_url)
    access = Access(
        policy.current, SlackUserGroups(client), utc_now, settings.usergroups_cache_seconds
    )
    uplynk = _uplynk(settings)
    groups = Groups(uplynk, utc_now, settings.groups_cache_seconds)
    pace = Pace(settle=settings.settle_seconds, look=settings.look_seconds)
    desk = Desk(utc_now, new_id)
    guard = Guard(access, groups, ledger, utc_now)
    changes = ChangeService(ledger, guard, uplynk, Settling(groups, stopper, pace), desk)
    previews = Previews(ledger, guard, desk, pace.guard)
    messenger = SlackMessenger(client, settings.failover_channel, previews.shown, utc_now)
    people, work = Pool("people", threads=48, queue=200), Pool("changes", threads=64, queue=500)
    runner = Runner(changes, ledger, work, messenger, desk)
    services = Services(
        access=access,
        changes=changes,
        runner=runner,
        previews=previews,
        overview=Overview(groups, access, ledger, utc_now),
        screen=SlackScreen(client),
        work=people,
        new_id=new_id,
    )
    identity = Identity(client, lambda self: access.belongs_to(self.team_id))
    app = _app(client, identity)
    register(app, services)
    recovery = Recovery(runner, pace)
    link = _link(settings, app, client)
    mounted = {} if link is not None else {"/slack/events": _edge(settings, app)}
    return Bot(
        app=app,
        site=Site(partial(_ready, ledger, recovery, policy), mounted),
        ledger=ledger,
        database=database,
        stopper=stopper,
        loops=(
            Loop("recovery", recovery.tick, Bell()),
            Loop("identity", identity.tick, Bell()),
            *_deliveries(NoticeBox(database), messenger, bell),
        ),
        pools=(people, work),
        link=link,
    )


def _uplynk(settings: Settings) -> UplynkClient:
    limits = Limits(
        connect_seconds=settings.uplynk_connect_timeout_seconds,
        read_seconds=settings.uplynk_read_timeout_seconds,
        budget_seconds=settings.uplynk_budget_seconds,
    )
    owner, key = settings.uplynk_owner.reveal(), settings.uplynk_api_key.reveal()
    return UplynkClient(settings.uplynk_base_url, owner, key, limits)


def _app(client: PooledWebClient, identity: Identity) -> App:
    def authorize() -> AuthorizeResult:
        me = identity.known
        return AuthorizeResult(
            enterprise_id=None,
            team_id=None if me is None else me.team_id,
            bot_token=client.token,
            bot_id=None if me is None else me.bot_id,
            bot_user_id=None if me is None else me.user_id,
        )

    # The edge has checked the signature; Socket Mode has none. Listeners answer before they
    # return: Bolt's own way polls for the acknowledgement every 10 ms.
    return App(
        client=client,
        authorize=authorize,
        process_before_response=True,
        request_verification_enabled=False,
        ssl_check_enabled=False,
    )


def _edge(settings: Settings, app: App) -> Edge:
    if settings.slack_signing_secret is None:
        raise ValueError("HTTP needs a signing secret")
    return Edge(app, settings.slack_signing_secret.reveal())


def _link(settings: Settings, app: App, client: PooledWebClient) -> Link | None:
    token = settings.slack_app_token
    return None if token is None else Link(app, token.reveal(), client)


def _deliveries(outbox: NoticeBox, messenger: SlackMessenger, bell: Bell) -> list[Loop]:
    cards = Delivery(Kind.CARD, outbox, messenger, utc_now)
    answers = Delivery(Kind.ANSWER, outbox, messenger, utc_now)
    return [
        Loop("cards", cards.tick, bell),
        *(Loop(f"answers-{n}", answers.tick, bell) for n in range(1, ANSWER_THREADS + 1)),
    ]


def _ready(
    ledger: ChangeLedger, recovery: Recovery, policy: PolicyFile
) -> tuple[bool, dict[str, str]]:
    try:
        ledger.get("readiness")
        database = "ok"
    except LedgerUnavailable:
        database = "does not answer"
    told = {
        "database": database,
        "recovery": "done" if recovery.done else "not done yet",
        "policy": policy.problem or "ok",
    }
    return database == "ok" and recovery.done, told


def main(arguments: list[str]) -> int:
    """Serve until a signal says stop; the exit status: 2 on bad usage or settings."""
    if arguments:
        print("usage: python bot.py", file=sys.stderr)
        return 2
    try:
        settings = Settings.from_env(environment(Path(".env")))
        policy = PolicyFile(settings.failover_policy)
        policy.load()
    except (SettingsError, PolicyError) as error:
        print(error, file=sys.stderr)
        return 2
    logs.configure(settings.log_level, settings.log_format, settings.secrets(), sys.stderr)
    try:
        return serve(settings, policy)
    except LedgerUnavailable as error:
        print(f"DATABASE_URL: the database cannot be opened ({error})", file=sys.stderr)
        return 2


def serve(settings: Settings, policy: PolicyFile) -> int:
    """Build, start, serve, stop; the exit status."""
    bot = build(settings, policy)
    try:
        server = Server(bot.site, settings.host, settings.port)
    except OSError as error:
        print(f"PORT: cannot listen on {settings.host}:{settings.port}: {error}", file=sys.stderr)
        return 2
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _end)
    bot.start()
    server.run()
    log.info("stopping")
    bot.stop()
    return 0


def _end(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
