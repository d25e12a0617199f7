"""20 people on 5 groups through several instances, while everything around them is cut."""

import random
import threading
import time
from collections.abc import Callable
from dataclasses import replace

from sandbox.uplynk.scenes import CUP_FINAL, CUP_FINAL_BACKUP, NBA_FINALS, SPORTS_EAST, SPORTS_WEST

from . import figures, weather
from .figures import Figures
from .fleet import Fleet
from .load import Crowd

GROUPS = (NBA_FINALS, SPORTS_EAST, SPORTS_WEST, CUP_FINAL, CUP_FINAL_BACKUP)
PEOPLE = 20
Cut = Callable[[Fleet, random.Random], None]


def run(
    name: str, seed: int, seconds: float, *, instances: int = 1, database_url: str | None = None
) -> Figures:
    """So many seconds of it; ``database_url`` None: on an SQLite file."""
    chance = random.Random(seed)
    counts: dict[str, int] = {}
    with Fleet(seed, instances=instances, people=PEOPLE, database_url=database_url) as fleet:
        with Crowd(fleet, seed, GROUPS) as crowd:
            until = time.monotonic() + seconds
            while time.monotonic() < until:
                cut = chance.choices(*zip(*CUTS, strict=True))[0]
                counts[cut.__name__.strip("_")] = counts.get(cut.__name__.strip("_"), 0) + 1
                cut(fleet, chance)
                threading.Event().wait(chance.uniform(0.1, 1.5))
        assert crowd.stumbled == []
        found = figures.of(name, fleet, crowd.diary.asked)
    return replace(found, more={name: str(count) for name, count in sorted(counts.items())})


def _instance(fleet: Fleet, chance: random.Random) -> None:
    number = chance.randrange(len(fleet.bots))
    fleet.kill(number)
    fleet.start(number)


def _uplynk(fleet: Fleet, chance: random.Random) -> None:
    fleet.uplynk.stop()
    threading.Event().wait(chance.uniform(0.1, 1.0))
    fleet.uplynk.start()


def _database(fleet: Fleet, _: random.Random) -> None:
    fleet.books.cut()


CUTS: tuple[tuple[Cut, int], ...] = (
    (_instance, 4),
    (_uplynk, 1),
    (_database, 3),
    (weather.changes, 6),
)
