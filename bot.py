"""The front door: reads the settings, builds the bot and serves until it is told to stop."""

import gc
import logging
import os
import signal
import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from types import FrameType

from failover.errors import LedgerUnavailable
from failover.policy import PolicyError
from ops import logs
from ops.http import Server
from ops.lines import Lines
from services import subject
from services.policy_file import PolicyFile
from settings import Settings, SettingsError, environment
from wiring import build
from wiring.by_hand import change, status, undo
from wiring.checking import check
from wiring.tools import run_audit
from wiring.watching import instance_of

log = logging.getLogger("bot")

STOPPING = (signal.SIGTERM, signal.SIGINT)
CLOSE_SECONDS = 1.0


COMMANDS: Mapping[str, Callable[[list[str]], int]] = {
    "audit": run_audit,
    "check": check,
    "change": change,
    "undo": undo,
    "status": status,
}
"""What may follow ``python bot.py``; each takes the arguments after it, and ends with a status."""


def main(arguments: list[str]) -> int:
    """Do what is asked; the exit status: 2 on bad usage or settings."""
    if not arguments:
        return _serve()
    command = COMMANDS.get(arguments[0])
    if command is None:
        print(f"usage: python bot.py [{' | '.join(COMMANDS)}]", file=sys.stderr)
        return 2
    return command(arguments[1:])


def _serve() -> int:
    """Serve until a signal says stop."""
    try:
        settings = Settings.from_env(environment(Path(".env")))
        policy = PolicyFile(settings.failover_policy)
        policy.load()
    except (SettingsError, PolicyError) as error:
        print(error, file=sys.stderr)
        return 2
    # Bolt would take the token from there, and warn that it does not use it.
    os.environ.pop("SLACK_BOT_TOKEN", None)
    about = partial(_about, instance_of(settings))
    log_to = Lines(sys.stderr.fileno())
    logs.configure(settings.log_level, settings.log_format, settings.secrets(), log_to, about)
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
    for number in STOPPING:
        signal.signal(number, _end)
    bot.start()
    gc.freeze()  # what is there now stays: no collection has to look at it again
    told = server.run()
    log.info("stopping")
    bot.stop()
    server.close(CLOSE_SECONDS)
    return 0 if told and not bot.cut_off() else 1


def _about(instance: str) -> Mapping[str, str]:
    """What every line of the log says besides its own words."""
    return {"instance": instance, **subject.current()}


def _end(_number: int, _frame: FrameType | None) -> None:
    for number in STOPPING:  # whoever asks twice must not cut short what is being finished
        signal.signal(number, signal.SIG_IGN)
    raise SystemExit


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
