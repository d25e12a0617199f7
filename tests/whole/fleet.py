"""Two instances of the bot on one database, and Slack's ways to reach them."""

from __future__ import annotations

import itertools
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from sandbox.bot_process import BotProcess
from sandbox.slack.payloads import Parcel
from sandbox.slack.signing import SignedRequest
from sandbox.slack.transport import Answer, HttpTransport

from .conftest import Scene, Start
from .freezing import freeze, thaw

EVENTS = "/slack/events"


class Balancer(HttpTransport):
    """Gives each delivery to one instance after the other, or one and the same to all at once."""

    def __init__(self, ways: list[HttpTransport], *, doubled: bool) -> None:
        self._ways = ways
        self._doubled = doubled
        self._turns = itertools.cycle(ways)
        self._turn = threading.Lock()
        self.answers: list[Answer] = []

    def post(self, request: SignedRequest) -> Answer:
        if not self._doubled:
            with self._turn:
                way = next(self._turns)
            return way.post(request)
        with ThreadPoolExecutor(len(self._ways)) as pool:
            answers = list(pool.map(lambda way: way.post(request), self._ways))
        self.answers += answers
        return answers[0]

    def send(self, parcel: Parcel) -> Answer:
        return self.post(self._ways[0]._signer.parcel(parcel))

    def close(self) -> None:
        for way in self._ways:
            way.close()


class Fleet:
    """A scene on one database with two instances, ``first`` and ``second``."""

    def __init__(self, start: Start, url: str, **more: object) -> None:
        settings = {"DATABASE_URL": url, **more.pop("settings", {})}  # type: ignore[dict-item]
        self.scene: Scene = start(settings=settings, **more)
        self.first = self.scene.bot
        self.second = self.scene.rig.start_another_bot()

    def speaks_to(self, bot: BotProcess) -> None:
        """From now on Slack reaches this instance."""
        self.scene.slack.deliver_to(bot.url + EVENTS)

    def balanced(self, *, doubled: bool = False) -> Balancer:
        """From now on Slack reaches both."""
        slack = self.scene.slack
        urls = [bot.url + EVENTS for bot in (self.first, self.second)]
        ways = [HttpTransport(url, slack.signer, slack.world.moment) for url in urls]
        if slack.office.http is not None:
            slack.office.http.close()
        slack.office.http = balancer = Balancer(ways, doubled=doubled)
        return balancer

    def when_first(self, method: str, act: Callable[[], None]) -> None:
        """Once, as a request for one group by this method arrives at Uplynk, before it is served.

        A read of the list of groups does not count.
        """
        once = threading.Lock()

        def hook(stage: object, request: object) -> None:
            path = str(getattr(request, "path", ""))
            meant = getattr(request, "method", "") == method and "failover-groups/" in path
            if str(stage).endswith("arrived") and meant and once.acquire(blocking=False):
                act()

        self.scene.uplynk.hook = hook

    def kill_first(self) -> None:
        """As a power cut would, from any thread."""
        os.kill(self.first.pid, signal.SIGKILL)

    def freeze_first(self) -> None:
        """It stands still, with everything that it has open."""
        freeze(self.first.pid)

    def thaw_first(self) -> None:
        """It goes on as if no time had passed."""
        thaw(self.first.pid)
