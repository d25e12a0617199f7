"""``python -m bench``: measure, and print the table."""

import argparse
import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType

from bench import changing, load, opening, record, scale, soak
from bench.table import Row, drawn
from sandbox.bot_process import BotDied

PARTS: Mapping[str, Callable[[], Awaitable[list[Row]]]] = MappingProxyType(
    {
        "opening": opening.rows,
        "changes": changing.rows,
        "record": record.rows,
        "throughput": load.throughput,
        "hanging": load.hanging,
        "start": scale.starting,
        "groups": scale.many_groups,
    }
)

PART_SECONDS = 120.0
"""A part that takes longer hangs."""


async def measured(only: str, soak_minutes: float | None) -> list[Row]:
    """The rows of every part whose name holds ``only``; or those of the soak."""
    if soak_minutes is not None:
        return await soak.rows(soak_minutes)
    rows: list[Row] = []
    for name, part in PARTS.items():
        if only in name:
            print(f"measuring: {name} …", file=sys.stderr)
            async with asyncio.timeout(PART_SECONDS):
                rows += await part()
    return rows


def main() -> int:
    """Run; 1 where something could not be run, otherwise 0."""
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("--soak", type=float, metavar="MINUTES", help="the soak, and nothing else")
    parser.add_argument("--only", default="", metavar="WORD", help=", ".join(PARTS))
    arguments = parser.parse_args()
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        del os.environ[name]
    try:
        rows = asyncio.run(measured(arguments.only, arguments.soak))
    except (BotDied, OSError, TimeoutError, AssertionError) as error:
        print(f"could not be run: {type(error).__name__}: {error}", file=sys.stderr)
        return 1
    print(drawn(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
