"""Home tabs over the services on fakes, and Slack as it takes them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

from failover.home import HomePicture, Place
from failover.lifecycle import Actor
from services.home_pictures import HomePictures
from services.homes import LEAST_SECONDS, Hands, Homes
from services.ports import Drawn
from tests.builders import OPERATOR
from tests.fakes import FakeWork
from tests.stage import Stage


class Shown:
    """Slack's side: what was published, for whom and when; ``problems`` meet the next ones."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.log: list[tuple[str, HomePicture]] = []
        self.times: list[float] = []
        self.problems: deque[Exception | None] = deque()
        self.meanwhile: Callable[[], None] = lambda: None

    def publish_home(self, user_id: str, view: Drawn) -> None:
        problem = self.problems.popleft() if self.problems else None
        meanwhile, self.meanwhile = self.meanwhile, lambda: None
        meanwhile()
        if problem is not None:
            raise problem
        self.log.append((user_id, view["picture"]))
        self.times.append(self.stage.timer.monotonic())

    @property
    def users(self) -> list[str]:
        return [user for user, _ in self.log]

    @property
    def last(self) -> HomePicture:
        return self.log[-1][1]


class Scene:
    """Home tabs over the services on fakes; ``sees`` runs what waits, as threads would."""

    def __init__(self) -> None:
        self.stage = Stage()
        self.slack = Shown(self.stage)
        self.doors, self.work = FakeWork(), FakeWork()
        self.woken = 0
        stage = self.stage
        self.pictures = HomePictures(stage.overview, stage.groups, stage.ledger, stage.forces)
        hands = Hands(self.doors, self.work, self.wakes)
        screen: Any = self.slack
        self.homes = Homes(self.pictures, screen, _draw, hands, self.stage.timer)

    def wakes(self) -> None:
        self.woken += 1

    def opens(self, actor: Actor = OPERATOR, place: Place | None = None) -> None:
        """Somebody opens their Home tab and sees it, groups and all."""
        self.homes.opened(actor, place or Place())
        self.doors.run()
        self.work.run()

    def forgets(self) -> None:
        """What was published so far is looked at."""
        self.slack.log.clear()
        self.slack.times.clear()

    def waits(self, seconds: float) -> None:
        self.stage.clock.advance(seconds)

    def ticks(self) -> float | None:
        """The loop looks, as often as it says, until nothing waits or it has to wait long."""
        wait = self.homes.tick()
        while wait is not None and wait <= LEAST_SECONDS:
            self.waits(wait)
            wait = self.homes.tick()
        return wait


def _draw(picture: HomePicture) -> Drawn:
    return {"picture": picture}


def person(number: int) -> Actor:
    return Actor(f"U{number:04d}", "", "T0HOME")
