"""``python -m tests.chaos``: the long form of the chaos runs, and the table of their figures."""

import argparse
import os
import sys
import time
from collections.abc import Callable, Mapping

from . import crowd, deliveries, disk, flood, kills, points, postgres
from .figures import Figures, drawn
from .flows import FLOWS

Run = Callable[[int], list[Figures]]


def runs(kill_count: int, request_count: int, seconds: float) -> Mapping[str, Run]:
    """Every run by its name, each with the seed to come."""
    return {
        "kills": lambda seed: [kills.run(seed, kill_count)],
        "borders": lambda seed: [points.at_the_borders(seed, tuple(FLOWS))],
        "calls": lambda seed: [points.at_system_calls(seed, name) for name in FLOWS],
        "deliveries": lambda seed: [deliveries.run(seed, 500)],
        "disk": disk.every,
        "forgeries": lambda seed: [flood.run(seed, request_count)],
        "crowd": lambda seed: [crowd.run("crowd, 1 instance", seed, seconds)],
        "postgres": lambda seed: postgres.runs(seed, kill_count, seconds),
    }


def main() -> int:
    """Run, print the table; 1 where something was wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos")
    parser.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000)
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--requests", type=int, default=20_000)
    parser.add_argument("--seconds", type=float, default=120.0, help="how long the crowd works")
    parser.add_argument("--only", default="", metavar="WORD", help="the runs named so")
    given = parser.parse_args()
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        del os.environ[name]
    print(f"seed {given.seed}", flush=True)
    rows: list[Figures] = []
    for name, run in runs(given.kills, given.requests, given.seconds).items():
        if given.only in name:
            print(f"running: {name} …", file=sys.stderr, flush=True)
            rows += run(given.seed)
    print(drawn(rows))
    return 0 if all(row.clean for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
