"""Kills at random moments, in work, in start-up and in recovery, with faults on both sides."""

import os
import random
import signal
import threading
from contextlib import suppress

from sandbox.bot_process import BotDied
from sandbox.uplynk.scenes import CUP_FINAL, CUP_FINAL_BACKUP, NBA_FINALS, SPORTS_EAST, SPORTS_WEST

from . import figures, weather
from .figures import Figures
from .fleet import Fleet
from .load import Crowd

GROUPS = (NBA_FINALS, SPORTS_EAST, SPORTS_WEST, CUP_FINAL, CUP_FINAL_BACKUP)
PEOPLE = 6
IN_START = 0.15
"""The share of kills that strike before the new process listens."""


def run(seed: int, kills: int, database_url: str | None = None) -> Figures:
    """So many kills of one instance, each followed by a start; then what the ledgers say."""
    chance = random.Random(seed)
    with Fleet(seed, people=PEOPLE, database_url=database_url) as fleet:
        with Crowd(fleet, seed, GROUPS) as crowd:
            while fleet.kills < kills:
                weather.changes(fleet, chance)
                threading.Event().wait(chance.uniform(0.02, 0.5))
                fleet.kill()
                _starts(fleet, chance)
        assert crowd.stumbled == []
        return figures.of("kills at random", fleet, crowd.diary.asked)


def _starts(fleet: Fleet, chance: random.Random) -> None:
    """Start it anew; now and then it does not live to listen."""
    while chance.random() < IN_START:
        timer = threading.Timer(chance.uniform(0.05, 0.5), _kill_starting, [fleet])
        timer.start()
        with suppress(BotDied):
            fleet.start()
        timer.cancel()
        timer.join()
        if fleet.bots[0].alive():
            return
        fleet.doors.shut(0)
        fleet.kills += 1
    fleet.start()


def _kill_starting(fleet: Fleet) -> None:
    with suppress(ProcessLookupError):
        os.kill(fleet.bots[0].pid, signal.SIGKILL)
