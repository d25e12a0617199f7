"""Makes what the command line needs for a change without Slack: the same objects, no server."""

import getpass
import logging
import os
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from cli import by_hand
from cli.terminal import Terminal
from failover.errors import LedgerUnavailable
from failover.notices import Kind
from failover.policy import PolicyError
from ops import logs, process
from ops.alarm import Alarm
from ops.work import Bell, Loop, Pool, Stopper
from services.by_hand import ByHand, announcing
from services.delivery import Delivery
from services.policy_file import PolicyFile
from services.presence import Presence
from settings import Settings, SettingsError, environment
from store.engine import Database
from store.notices import NoticeBox
from wiring.outside import outside_of
from wiring.tools import is_there
from wiring.use_cases import Clockwork, new_id, pace_of, services_of, utc_now

log = logging.getLogger(__name__)

LEAVE_SECONDS = 1.0
MISUSED = 2


def change(arguments: list[str]) -> int:
    """``python bot.py change``; the exit status."""
    return _run(by_hand.change, arguments)


def undo(arguments: list[str]) -> int:
    """``python bot.py undo``; the exit status."""
    return _run(by_hand.undo, arguments)


def status(arguments: list[str]) -> int:
    """``python bot.py status``; the exit status."""
    return _run(by_hand.status, arguments)


def _run(command: Callable[[list[str], ByHand, Terminal], int], arguments: list[str]) -> int:
    try:
        settings = Settings.from_env(environment(Path(".env")))
        policy = PolicyFile(settings.failover_policy)
        policy.load()
    except (SettingsError, PolicyError) as error:
        print(error, file=sys.stderr)
        return MISUSED
    os.environ.pop("SLACK_BOT_TOKEN", None)
    # What is told here is told in words; the log would only come in between.
    logs.configure("CRITICAL", settings.log_format, settings.secrets(), sys.stderr)
    terminal = Terminal(sys.stdout, sys.stderr, input if sys.stdin.isatty() else None)
    try:
        _check(settings.database_url.reveal())
        with _made(settings, policy) as tools:
            return command(arguments, tools, terminal)
    except LedgerUnavailable as error:
        print(f"DATABASE_URL: {error}. Nothing was changed.", file=sys.stderr)
        return MISUSED
    except KeyboardInterrupt:
        print(by_hand.LEFT, file=sys.stderr)
        return by_hand.NOT_DONE
    except Exception as error:
        log.exception("unforeseen")
        print(by_hand.unforeseen(type(error).__name__), file=sys.stderr)
        return by_hand.NOT_DONE


def _check(url: str) -> None:
    """Refuse any database but the bot's own: another knows nothing of locks, pause and record.

    Raises LedgerUnavailable.
    """
    if not is_there(url):
        raise LedgerUnavailable("there is no such database; run this where the bot runs")
    database = Database(url)
    try:
        version, newest = database.version()
    finally:
        database.close()
    if version != newest:
        raise LedgerUnavailable("its tables are not this version's; start this version's bot first")


@contextmanager
def _made(settings: Settings, policy: PolicyFile) -> Iterator[ByHand]:
    """The use cases, for as long as one command takes. Raises LedgerUnavailable."""
    outside = outside_of(settings, lambda _tell: None)
    idle = (Pool(name, threads=1, queue=1) for name in ("doors", "people", "changes"))
    clockwork = Clockwork(pace_of(settings), Stopper(), Alarm(), Bell(), *idle)
    services = services_of(settings, policy, outside, clockwork)
    outbox = NoticeBox(outside.database, utc_now, outside.instance)
    cards = Delivery(Kind.CARD, outbox, outside.messenger, utc_now)
    presence = Presence(outside.instance, process.gone)
    heartbeat = Loop("presence", presence.tick, Bell(), outages=LedgerUnavailable)
    presence.begin()
    heartbeat.start()
    try:
        yield ByHand(
            changes=services.changes,
            previews=services.previews,
            overview=services.overview,
            new_id=new_id,
            host=f"{getpass.getuser()} on {socket.gethostname()}",
            announce=announcing(cards, outbox.waits),
        )
    finally:
        heartbeat.stop(LEAVE_SECONDS)
        presence.end()
        for close in outside.closing:
            close()
