"""What the parts that measure one thing at a time have in common."""

from bench.figures import Figure, summary
from bench.table import Row, Verdict, at_most
from bench.world import World

ROUNDS = 9
WARM_UP = 2
"""Rounds whose samples are not counted."""
STILL_SECONDS = 0.02
"""Nothing is under way any more when nothing has arrived for so long."""


class Links:
    """Counts requests and connections of one world from a moment on."""

    def __init__(self, world: World) -> None:
        """``world``: whose servers."""
        self._stubs = {"Slack": world.slack, "Uplynk": world.uplynk}
        self._before: dict[str, tuple[int, int]] = {}

    def start(self) -> None:
        """From here on."""
        self._before = {
            name: (stub.connections, stub.requests) for name, stub in self._stubs.items()
        }

    def rows(self) -> list[Row]:
        """A row for each server."""
        return [self._row(name) for name in self._stubs]

    def _row(self, name: str) -> Row:
        connections, requests = self._before[name]
        opened = self._stubs[name].connections - connections
        made = self._stubs[name].requests - requests
        what = f"connections opened per request, {name}"
        result = f"{opened / made:.3f}"
        return Row(what, f"{opened} / {made}", "", result, "0", at_most(opened, 0))


def compared(what: str, ours: list[float], floor: list[float], limit: float | None) -> Row:
    """The medians against each other, in seconds; ``limit`` None: there is no goal."""
    mine, theirs = summary(ours), summary(floor)
    ratio = mine.median / theirs.median
    goal = "" if limit is None else f"<= {limit:g}"
    verdict = Verdict.NOTED if limit is None else at_most(ratio, limit)
    return Row(what, milliseconds(mine), milliseconds(theirs), f"{ratio:.2f}", goal, verdict)


def milliseconds(figure: Figure) -> str:
    """Median and 99th percentile of seconds."""
    return f"{figure.median * 1000:.2f} / {figure.p99 * 1000:.2f} ms"
