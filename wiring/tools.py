"""What the words on the command line work with: parts of the bot, without the bot running."""

import sys
from collections.abc import Sequence
from pathlib import Path

from cli import audit
from ops import logs
from settings import Settings, SettingsError, environment
from store.audit_book import AuditBook
from store.engine import Database
from wiring.use_cases import utc_now
from workspace.client import PooledWebClient
from workspace.witness import ChannelWitness

SQLITE = "sqlite:///"


def run_audit(arguments: Sequence[str]) -> int:
    """``audit …``; the exit status: 0 all is well, 1 something is wrong, 2 usage or settings."""
    typed = audit.parsed(arguments)
    try:
        settings = Settings.from_env(environment(Path(".env")))
    except SettingsError as error:
        print(error, file=sys.stderr)
        return audit.USAGE
    if not is_there(settings.database_url.reveal()):
        print("DATABASE_URL: there is no such database; nothing was checked", file=sys.stderr)
        return audit.USAGE
    logs.configure(settings.log_level, settings.log_format, settings.secrets(), sys.stderr)
    database = Database(settings.database_url.reveal())
    client = PooledWebClient(settings.slack_bot_token.reveal(), settings.slack_api_url)
    try:
        board = ChannelWitness(client, settings.failover_channel)
        return audit.run(typed, audit.Tools(AuditBook(database), board, utc_now), sys.stdout)
    finally:
        database.close()
        client.close()


def is_there(url: str) -> bool:
    """Whether there is a file to open: to open one that is not there would make it."""
    return not url.startswith(SQLITE) or Path(url.removeprefix(SQLITE)).exists()
