"""The page of figures of a running bot, read as Prometheus would."""

import urllib.request

from prometheus_client.parser import text_string_to_metric_families

from sandbox.bot_process import BotProcess

Figures = dict[tuple[str, ...], float]


def page(bot: BotProcess) -> str:
    """What the bot answers to Prometheus."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(bot.url + "/metrics", timeout=10) as answer:
        assert answer.status == 200
        assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
        return str(answer.read().decode())


def figures(bot: BotProcess) -> Figures:
    """Every sample: by its name without prefix, and its labels' values in the labels' order."""
    return {
        (sample.name.removeprefix("failover_"), *(v for _, v in sorted(sample.labels.items()))): (
            sample.value
        )
        for family in text_string_to_metric_families(page(bot))
        for sample in family.samples
    }
