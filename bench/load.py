"""Many at once: commands a second, and acknowledgements while changes hang."""

import asyncio
import itertools
import time

from bench import contenders
from bench.contenders import Contender
from bench.figures import percentile, summary
from bench.payloads import command
from bench.table import Row, at_least, at_most
from bench.wire import Line
from bench.world import NAMED

AT_ONCE = 32
ROUNDS = 5
WINDOW_SECONDS = 0.5
PREPARED = 200

HANGING = 50
ASKED_WHILE_HANGING = 180
PAUSE_SECONDS = 0.012
LIMIT_SECONDS = 0.1


async def throughput() -> list[Row]:
    """Commands a second, in turns."""
    async with contenders.bot() as bot, contenders.floor("floor_inline") as inline:
        await bot.types("list")
        await bot.world.quiet(0.3)
        await bot.types("list")
        assert bot.world.arrived["GET"] == 1
        found: dict[str, list[tuple[float, float]]] = {"help": [], "list": [], "status": []}
        for number in range(ROUNDS + 1):
            for word, rates in found.items():
                pair = await _hammered(bot, word), await _hammered(inline, "help")
                if number:  # the first round warms up
                    rates.append(pair)
        assert bot.world.arrived["GET"] == 1
        return [_rate(word, rates) for word, rates in found.items()]


async def hanging() -> list[Row]:
    """The slowest acknowledgement while changes hang."""
    async with contenders.bot(groups=2 * HANGING) as bot:
        await bot.types("list")
        await bot.world.quiet(0.3)
        bot.world.hang_writes = True
        ids = list(bot.world.groups)
        acks = []
        for group_id in ids[:HANGING]:
            acks.append(await _paced(bot, _other_mode(bot, group_id)))
        await bot.world.until("PATCH", HANGING)
        spare = iter(ids[HANGING:])
        texts = itertools.cycle(("help", "list", "status", "whoami", "set nobody flat", "set"))
        for text in itertools.islice(texts, ASKED_WHILE_HANGING):
            typed = _other_mode(bot, next(spare, ids[0])) if text == "set" else text
            acks.append(await _paced(bot, typed))
        bot.world.hang_writes = False
        bot.world.release()
        await bot.world.quiet(0.5)
        return [_slowest(acks)]


async def _paced(bot: Contender, text: str) -> float:
    answer = await bot.types(text)
    await asyncio.sleep(PAUSE_SECONDS)
    return answer.seconds if answer.status == 200 else float("inf")


def _other_mode(bot: Contender, group_id: str) -> str:
    mode = "flat" if bot.world.groups[group_id]["mode"] == "prioritized" else "prioritized"
    return f"set {group_id} {mode} now because bench"


async def _hammered(contender: Contender, text: str) -> float:
    """Commands a second over a window, so many connections busy all the time."""
    requests = itertools.cycle([command(contender.world, text, NAMED) for _ in range(PREPARED)])
    lines = [Line(contender.port) for _ in range(AT_ONCE)]
    done = 0
    until = time.perf_counter() + WINDOW_SECONDS

    async def keep_busy(line: Line) -> None:
        nonlocal done
        while time.perf_counter() < until:
            answer = await line.ask(next(requests))
            assert answer.status == 200
            done += 1

    began = time.perf_counter()
    await asyncio.gather(*map(keep_busy, lines))
    seconds = time.perf_counter() - began
    for line in lines:
        line.close()
    return done / seconds


def _rate(word: str, pairs: list[tuple[float, float]]) -> Row:
    """Each window is compared with the one after it: what else the machine does changes."""
    ratio = summary([ours / floor for ours, floor in pairs]).median
    return Row(
        f"commands a second, {AT_ONCE} at once: {word}",
        f"{summary([ours for ours, _ in pairs]).median:.0f}/s",
        f"{summary([floor for _, floor in pairs]).median:.0f}/s",
        f"{ratio:.2f}",
        ">= 0.7",
        at_least(ratio, 0.7),
    )


def _slowest(acks: list[float]) -> Row:
    figure = summary(acks)
    return Row(
        f"acknowledgements with {HANGING} changes hanging",
        f"{figure.median * 1000:.2f} / {percentile(acks, 99) * 1000:.2f} ms",
        "",
        f"slowest of {figure.count}: {figure.worst * 1000:.1f} ms",
        "<= 100 ms",
        at_most(figure.worst, LIMIT_SECONDS),
    )
