"""Minutes of mixed commands with faults in Slack and Uplynk; what grows meanwhile."""

import asyncio
import itertools
import time

from bench import contenders
from bench.contenders import Contender
from bench.figures import slope, summary
from bench.payloads import command, suggestion
from bench.process_size import Size, size
from bench.table import Row, Verdict, at_most
from bench.wire import Answer, Line
from bench.world import MEMBER, NAMED

A_SECOND = 20
FAULTS = 0.01
SAMPLE_EVERY = 40
"""Operations between two looks at the process."""
GROUPS = 40
LINES = 8

KINDS = ("help", "form", "status", "set", "list", "search", "preview", "whoami", "set", "form")


async def rows(minutes: float) -> list[Row]:
    """Run for so long, and draw the slopes over the second half."""
    async with contenders.bot(groups=GROUPS) as bot:
        await bot.types("list")
        await bot.world.quiet(0.3)
        bot.world.fault_rate = FAULTS
        soak = _Soak(bot)
        await soak.run(minutes * 60)
        return soak.rows()


class _Soak:
    def __init__(self, bot: Contender) -> None:
        self._bot = bot
        self._lines: list[Line] = [Line(bot.port) for _ in range(LINES)]
        self._answers: list[Answer] = []
        self._sizes: list[tuple[float, Size]] = []
        self._lost = 0
        self._numbers = itertools.count()

    async def run(self, seconds: float) -> None:
        began = time.perf_counter()
        busy: set[asyncio.Task[None]] = set()
        while (now := time.perf_counter()) < began + seconds:
            number = next(self._numbers)
            await asyncio.sleep(max(0.0, began + number / A_SECOND - now))
            task = asyncio.create_task(self._one(number))
            busy.add(task)
            task.add_done_callback(busy.discard)
            if number % SAMPLE_EVERY == 0:
                self._sizes.append((number / 1000, size(self._bot.pid)))
        await asyncio.gather(*busy)

    async def _one(self, number: int) -> None:
        if not self._lines:
            self._lines.append(Line(self._bot.port))
        line = self._lines.pop()
        try:
            self._answers.append(await line.ask(self._request(number)))
        except (OSError, TimeoutError):
            self._lost += 1
        self._lines.append(line)

    def _request(self, number: int) -> bytes:
        kind = KINDS[number % len(KINDS)]
        user = MEMBER if number % 3 else NAMED
        if kind == "search":
            return suggestion(str(number % 40), user)
        return command(self._bot.world, self._text(kind, number), user)

    def _text(self, kind: str, number: int) -> str:
        groups = self._bot.world.groups
        group_id = list(groups)[number % len(groups)]
        other = "flat" if groups[group_id]["mode"] == "prioritized" else "prioritized"
        return {
            "form": group_id,
            "status": f"status {group_id}",
            "set": f"set {group_id} {other} now because soak",
            "preview": f"set {group_id} {other} because soak",
        }.get(kind, kind)

    def rows(self) -> list[Row]:
        late = self._sizes[len(self._sizes) // 2 :]
        memory = slope([(at, one.megabytes) for at, one in late])
        threads = slope([(at, float(one.threads)) for at, one in late])
        descriptors = slope([(at, float(one.descriptors)) for at, one in late])
        first, last = self._sizes[0][1], self._sizes[-1][1]
        return [
            _grown("megabytes", memory, (first.megabytes, last.megabytes), "< 1"),
            _grown("threads", threads, (first.threads, last.threads), "flat"),
            _grown("descriptors", descriptors, (first.descriptors, last.descriptors), "flat"),
            self._acknowledged(),
        ]

    def _acknowledged(self) -> Row:
        figure = summary([answer.seconds for answer in self._answers])
        wrong = self._lost + sum(1 for answer in self._answers if answer.status != 200)
        cell = f"{figure.median * 1000:.2f} / {figure.p99 * 1000:.2f} ms"
        result = f"slowest {figure.worst * 1000:.0f} ms, {wrong} of {figure.count} not 200"
        return Row("soak: acknowledgements", cell, "", result, "", Verdict.NOTED)


def _grown(what: str, rate: float, ends: tuple[float, float], goal: str) -> Row:
    # A thread or a descriptor more or less at the end of the line is no trend.
    limit = 1.0
    return Row(
        f"soak: {what}",
        f"{ends[0]:.0f} → {ends[1]:.0f}",
        "",
        f"{rate:+.2f} per 1,000 operations",
        goal,
        at_most(rate, limit),
    )
