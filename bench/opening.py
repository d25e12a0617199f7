"""The form's opening, Slack on TLS, while Uplynk keeps its answers back."""

from dataclasses import dataclass, field

from bench import contenders
from bench.contenders import Contender
from bench.table import Row
from bench.turns import ROUNDS, STILL_SECONDS, WARM_UP, compared

OPENS = 12


@dataclass(frozen=True, slots=True)
class _Samples:
    """Seconds from the sent command to its 200, and to the arrival of ``views.open``."""

    acks: list[float] = field(default_factory=list)
    opens: list[float] = field(default_factory=list)


async def rows() -> list[Row]:
    """Against Bolt inline, and against Bolt as it comes."""
    async with (
        contenders.bot(tls=True) as bot,
        contenders.floor("floor_inline", tls=True) as inline,
        contenders.floor("floor_stock", tls=True) as stock,
    ):
        ours, bare, plain = _Samples(), _Samples(), _Samples()
        await bot.types("list")
        await bot.world.quiet(0.3)
        for number in range(ROUNDS + WARM_UP):
            for contender, samples in ((bot, ours), (inline, bare), (stock, plain)):
                await _opens(contender, samples if number >= WARM_UP else _Samples())
    return [
        compared("slash → 200, Uplynk silent: inline", ours.acks, bare.acks, 1.5),
        compared("slash → 200, Uplynk silent: as it comes", ours.acks, plain.acks, 0.15),
        compared("slash → views.open, Uplynk silent: inline", ours.opens, bare.opens, 1.5),
        compared("slash → views.open, Uplynk silent: as it comes", ours.opens, plain.opens, 0.15),
    ]


async def _opens(contender: Contender, samples: _Samples) -> None:
    """Open forms while Uplynk keeps its answers back; then let it answer."""
    world = contender.world
    filled = world.arrived["views.update"]
    world.slow_reads = True
    for group_id in list(world.groups)[:1] * OPENS:
        opened = world.expect("views.open")
        answer = await contender.types(group_id)
        heard = await opened
        samples.acks.append(answer.seconds)
        samples.opens.append(heard.at - answer.began)
        assert answer.status == 200
    assert world.arrived["views.update"] == filled
    world.slow_reads = False
    world.release()
    await world.quiet(STILL_SECONDS)
