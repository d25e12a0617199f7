"""A change's way from Slack to Uplynk, typed and submitted."""

import json
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import IO

from bench import contenders
from bench.contenders import Contender
from bench.payloads import submission
from bench.table import Row
from bench.turns import ROUNDS, STILL_SECONDS, WARM_UP, Links, compared
from bench.world import MEMBER, NAMED, World

CHANGES = 6
SCRIPTS = 2


@dataclass(frozen=True, slots=True)
class _Samples:
    """Seconds from what was sent to the arrival of the PATCH; ``member``: typed by one."""

    typed: list[float] = field(default_factory=list)
    member: list[float] = field(default_factory=list)
    submitted: list[float] = field(default_factory=list)


async def rows() -> list[Row]:
    """Against the bare libraries and the script; and what was connected meanwhile."""
    async with (
        contenders.bot() as bot,
        contenders.floor("floor_inline") as inline,
        contenders.bare_changes() as (world, stdin),
    ):
        ours, bare = _Samples(), _Samples()
        alone: list[float] = []
        script: list[float] = []
        links = Links(bot.world)
        await bot.types("list")
        await bot.world.quiet(0.3)
        for number in range(ROUNDS + WARM_UP):
            counts = number >= WARM_UP
            if number == WARM_UP:
                links.start()
            await _changes(bot, ours if counts else _Samples(), is_bot=True)
            await _changes(inline, bare if counts else _Samples(), is_bot=False)
            _add(alone, [await _alone(world, stdin) for _ in range(CHANGES)], counts)
            scripts = [await contenders.run_script(world, *_move(world)) for _ in range(SCRIPTS)]
            _add(script, scripts, counts)
        return [
            compared("typed now → PATCH: inline + Session + row", ours.typed, bare.typed, 1.5),
            compared("typed now → PATCH: the vendor's script", ours.typed, script, 0.1),
            compared("submit → PATCH: inline + Session + row", ours.submitted, bare.submitted, 1.5),
            compared("submit → PATCH: the vendor's script", ours.submitted, script, 0.1),
            compared("submit → PATCH: the libraries without Bolt", ours.submitted, alone, None),
            compared("typed now, granted by user group", ours.member, bare.typed, None),
            *links.rows(),
        ]


def _add(samples: list[float], found: Iterable[float], counts: bool) -> None:
    if counts:
        samples.extend(found)


async def _changes(contender: Contender, samples: _Samples, *, is_bot: bool) -> None:
    for _ in range(CHANGES):
        samples.typed.append(await _typed(contender, NAMED))
        samples.submitted.append(await _submitted(contender, is_bot=is_bot))
        if is_bot:
            samples.member.append(await _typed(contender, MEMBER))


async def _typed(contender: Contender, user: str) -> float:
    world = contender.world
    group_id, mode = _move(world)
    patch = world.expect("PATCH")
    answer = await contender.types(f"set {group_id} {mode} now because bench", user)
    heard = await patch
    await world.quiet(STILL_SECONDS)
    return heard.at - answer.began


async def _submitted(contender: Contender, *, is_bot: bool) -> float:
    world = contender.world
    group_id, mode = _move(world)
    view = {"private_metadata": json.dumps([group_id])}
    if is_bot:
        drawn = world.expect("views.update")
        await contender.types(group_id)
        view = json.loads((await drawn).body)["view"]
        await world.quiet(STILL_SECONDS)
    patch = world.expect("PATCH")
    answer = await contender.line.ask(submission(view, mode, NAMED))
    heard = await patch
    await world.quiet(STILL_SECONDS)
    return heard.at - answer.began


async def _alone(world: World, stdin: IO[str]) -> float:
    group_id, mode = _move(world)
    patch = world.expect("PATCH")
    began = time.perf_counter()
    print(group_id, mode, file=stdin, flush=True)
    heard = await patch
    await world.quiet(STILL_SECONDS)
    return heard.at - began


def _move(world: World) -> tuple[str, str]:
    """The next group in turn, and the mode that it does not have."""
    group_id = list(world.groups)[world.arrived["PATCH"] % len(world.groups)]
    mode = world.groups[group_id]["mode"]
    return group_id, "flat" if mode == "prioritized" else "prioritized"
