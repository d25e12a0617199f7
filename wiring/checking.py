"""Hands ``python bot.py check`` what it tries: the same objects that the bot works with."""

import json
import os
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Generic, TypeVar

from cli import own_checks, slack_checks
from cli.check import Check, Finding, Printer, Standing, run, wants_colour
from failover.errors import FailoverError
from failover.notices import Backlog
from ops import logs
from ops.redaction import Redactor
from services.clocks import Clocks
from services.policy_file import PolicyFile
from settings import Settings, SettingsError, environment
from store.changes import ChangeLedger
from store.engine import Database
from store.notices import NoticeBox
from uplynk.client import UplynkClient
from wiring.clients import slack_client, uplynk_client
from wiring.use_cases import utc_now
from workspace.client import PooledWebClient
from workspace.inspection import Inspection, open_link
from workspace.user_groups import SlackUserGroups

MANIFEST = Path(__file__).parent.parent / "manifest.json"
BAD_USAGE = 2

_T = TypeVar("_T")


def check(arguments: list[str]) -> int:
    """Try everything and tell of it on standard output; the exit status."""
    if arguments:
        print("usage: python bot.py check", file=sys.stderr)
        return BAD_USAGE
    colour = wants_colour(sys.stdout, os.environ)
    try:
        settings = Settings.from_env(environment(Path(".env")))
    except SettingsError as error:
        printer = Printer(sys.stdout, str, colour)
        for problem in error.problems:
            printer.line(Standing.WRONG, "settings", problem)
        return BAD_USAGE
    # Bolt's client would take the token from there.
    os.environ.pop("SLACK_BOT_TOKEN", None)
    logs.configure("CRITICAL", settings.log_format, settings.secrets(), sys.stderr)
    redact = Redactor(settings.secrets()).redact
    return run(checks(settings), Printer(sys.stdout, redact, colour))


def checks(settings: Settings) -> tuple[Check, ...]:
    """Everything that is tried, in the order in which it is told; nothing is tried yet."""
    clocks = Clocks(time.time, time.monotonic)
    client = slack_client(settings, clocks)
    slack = Inspection(client)
    token, policy = _Once(slack.token), _Once(PolicyFile(settings.failover_policy).load)
    groups = _Once(partial(_listed, uplynk_client(settings, clocks)))
    members = SlackUserGroups(client).members
    channel = settings.failover_channel
    store = _Store(settings.database_url.reveal())
    return (
        Check("settings", partial(_settings, settings)),
        Check(
            "policy", partial(own_checks.policy, settings.failover_policy, policy.get, groups.get)
        ),
        Check("user groups", partial(slack_checks.usergroups, policy.get, members)),
        Check("database", partial(own_checks.database, settings.database_url.reveal(), store)),
        Check("Slack token", partial(slack_checks.token, token.get)),
        Check("Slack scopes", partial(slack_checks.scopes, token.get, manifest_scopes(MANIFEST))),
        *_app_token(settings),
        Check("audit channel", partial(slack_checks.channel, channel, slack.channel, slack.read)),
        Check("Uplynk", partial(own_checks.uplynk, groups.get)),
        Check("clock", lambda: own_checks.clock(clocks.ahead()), last=True),
    )


def manifest_scopes(path: Path) -> frozenset[str]:
    """The bot scopes that the app's manifest asks for."""
    return frozenset(json.loads(path.read_text())["oauth_config"]["scopes"]["bot"])


class _Once(Generic[_T]):
    """An answer that several checks need, asked for once; the error is everybody's, too."""

    def __init__(self, ask: Callable[[], _T]) -> None:
        self._ask = ask
        self._lock = threading.Lock()
        self._answer: list[_T] = []
        self._error: FailoverError | None = None

    def get(self) -> _T:
        with self._lock:
            if self._error is not None:
                raise self._error
            if not self._answer:
                try:
                    self._answer.append(self._ask())
                except FailoverError as error:
                    self._error = error
                    raise
            return self._answer[0]


@dataclass(frozen=True, slots=True)
class _Store:
    """``cli.own_checks.Store`` on the bot's database."""

    url: str

    def write(self) -> str:
        database = Database(self.url)
        try:
            version, newest = database.version()
            # What is missing of newer tables is told of, and left as it is.
            if version is None:
                database.create()
            ChangeLedger(database, utc_now, lambda _: None).probe()
        finally:
            database.close()
        if version in (None, newest):
            return f"with tables of version {newest}"
        # A bot of that version may still be running on them.
        return f"with tables of version {version}: the next start of the bot brings {newest}"

    def guarded(self) -> bool:
        database = Database(self.url)
        try:
            version, newest = database.version()
            return version != newest or database.guarded()
        finally:
            database.close()

    def backlog(self) -> Backlog | None:
        database = Database(self.url)
        try:
            version, newest = database.version()
            return None if version != newest else NoticeBox(database, utc_now).backlog(utc_now())
        finally:
            database.close()


def _settings(settings: Settings) -> Finding:
    way = "Socket Mode" if settings.slack_app_token is not None else "HTTP"
    return Finding(f"all {len(settings.__slots__)} can be read; Slack over {way}")


def _app_token(settings: Settings) -> tuple[Check, ...]:
    secret = settings.slack_app_token
    if secret is None:
        return ()
    token = secret.reveal()
    client = PooledWebClient(token, settings.slack_api_url)
    return (Check("app token", partial(slack_checks.app_token, partial(open_link, client, token))),)


def _listed(client: UplynkClient) -> own_checks.Listed:
    begun = time.monotonic()
    return client.list_groups(), time.monotonic() - begun
