"""Start, memory at rest, and ten thousand groups."""

import asyncio
import time
from collections.abc import Awaitable, Callable

from bench import contenders
from bench.contenders import Contender
from bench.figures import summary
from bench.payloads import suggestion
from bench.process_size import size
from bench.table import Row, Verdict, at_most
from bench.world import NAMED

STARTS = 3
REST_SECONDS = 1.5
MANY = 10_000
ASKED = 15


async def starting() -> list[Row]:
    """Process start → first answered command; memory at rest."""
    ours, floor, memory, bare = [], [], [], []
    for _ in range(STARTS):
        async with contenders.bot() as bot:
            ours.append(await _first(bot))
            memory.append(await _at_rest(bot))
        async with contenders.floor("floor_inline") as inline:
            floor.append(await _first(inline))
            bare.append(await _at_rest(inline))
    began, rest = summary(ours), summary(memory)
    return [
        Row(
            "start → first command answered",
            f"{began.median * 1000:.0f} ms",
            f"{summary(floor).median * 1000:.0f} ms",
            f"{began.median * 1000:.0f} ms",
            "<= 600 ms",
            at_most(began.median, 0.6),
        ),
        Row(
            "resident memory at rest",
            f"{rest.median:.0f} MB",
            f"{summary(bare).median:.0f} MB",
            f"{rest.median:.0f} MB",
            "<= 80 MB",
            at_most(rest.median, 80),
        ),
    ]


async def many_groups() -> list[Row]:
    """Lists, statuses and type-ahead over many groups, from memory."""
    async with contenders.bot(groups=MANY) as bot:
        told = bot.world.expect("response_url")
        await bot.types("list")
        await told
        await bot.world.quiet(0.2)
        name = "Group 9999"
        rows = [
            await _asked(bot, "list", lambda: _answered(bot, "list")),
            await _asked(bot, "list 99", lambda: _answered(bot, "list 99")),
            await _asked(bot, "status", lambda: _answered(bot, "status")),
            await _asked(bot, f'status "{name}"', lambda: _told(bot, f'status "{name}"')),
            await _asked(bot, "type-ahead, nothing typed", lambda: _suggested(bot, "")),
            await _asked(bot, "type-ahead, a part", lambda: _suggested(bot, "99")),
            await _asked(bot, "type-ahead, no such group", lambda: _suggested(bot, "zebra")),
        ]
        memory = size(bot.pid).megabytes
        cell = f"{memory:.0f} MB"
        return [*rows, Row(f"{MANY} groups: memory", cell, "", cell, "", Verdict.NOTED)]


async def _first(contender: Contender) -> float:
    answer = await contender.types("help")
    assert answer.status == 200
    return answer.ended - contender.started


async def _at_rest(contender: Contender) -> float:
    for text in ("list", "help", "list"):
        await contender.types(text)
    await asyncio.sleep(REST_SECONDS)
    return size(contender.pid).megabytes


async def _asked(bot: Contender, what: str, ask: Callable[[], Awaitable[float]]) -> Row:
    await ask()
    samples = []
    for _ in range(ASKED):
        samples.append(await ask())
        await bot.world.quiet(0.01)
    figure = summary(samples)
    cell = f"{figure.median * 1000:.2f} / {figure.p99 * 1000:.2f} ms"
    result = f"slowest {figure.worst * 1000:.1f} ms"
    verdict = at_most(figure.worst, 0.05)
    return Row(f"{MANY} groups: {what}", cell, "", result, "<= 50 ms", verdict)


async def _answered(bot: Contender, text: str) -> float:
    """Answered in the acknowledgement."""
    answer = await bot.types(text)
    assert answer.status == 200
    assert answer.body
    return answer.seconds


async def _told(bot: Contender, text: str) -> float:
    """Answered later, where it was typed."""
    told = bot.world.expect("response_url")
    began = time.perf_counter()
    await bot.types(text)
    return (await told).at - began


async def _suggested(bot: Contender, typed: str) -> float:
    answer = await bot.line.ask(suggestion(typed, NAMED))
    assert answer.status == 200
    return answer.seconds
