"""Whoever waits hears something: that it takes longer, that there is no room, what went wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest

from blocks import errors
from failover.errors import SlackProblem, Unavailable
from failover.lifecycle import ReplyTo
from handlers.background import Background
from tests.blocks import examine
from tests.fake_time import FakeWork

from .conftest import Desk

REPLY = ReplyTo(response_url="https://hooks.slack.com/actions/1")


@dataclass
class Alarm:
    """Remembers what is to be done later, and does it when told."""

    jobs: list[Callable[[], object]] = field(default_factory=list)

    def after(self, _seconds: float, job: Callable[[], object]) -> Callable[[], None]:
        self.jobs.append(job)
        return lambda: self.jobs.remove(job) if job in self.jobs else None

    def rings(self) -> None:
        jobs, self.jobs = self.jobs, []
        for job in jobs:
            job()


@dataclass
class Scene:
    desk: Desk
    alarm: Alarm
    work: FakeWork
    background: Background

    @property
    def told(self) -> list[str]:
        return [examine.shown(message) for message in self.desk.screen.messages]


@pytest.fixture
def scene(desk: Desk) -> Scene:
    alarm, work = Alarm(), FakeWork()
    services = replace(desk.services, later=alarm.after, work=work)
    return Scene(desk, alarm, work, Background(services))


def test_a_quick_job_says_nothing_of_its_own(scene: Scene) -> None:
    assert scene.background.start(REPLY, lambda: None)
    scene.work.run()
    scene.alarm.rings()
    scene.work.run()
    assert scene.told == []


def test_a_slow_job_is_told_of_once(scene: Scene) -> None:
    def slow() -> None:
        scene.alarm.rings()
        scene.work.jobs.popleft()()

    scene.background.start(REPLY, slow)
    scene.work.run()
    assert scene.told == [errors.WAIT]


def test_words_of_patience_that_come_after_the_answer_are_swallowed(scene: Scene) -> None:
    scene.background.start(REPLY, scene.alarm.rings)
    scene.work.run()
    assert scene.told == []


def test_a_form_shows_by_itself_that_it_waits(scene: Scene) -> None:
    scene.background.start(ReplyTo(view_id="V1"), scene.alarm.rings)
    scene.work.run()
    assert scene.desk.screen.views == []


def test_a_press_without_room_is_told_of_as_soon_as_there_is_some(scene: Scene) -> None:
    scene.work.room = 0
    scene.background.start_or_say(REPLY, lambda: pytest.fail("there was no room"))
    scene.alarm.rings()
    assert scene.told == []
    scene.work.room = 1
    scene.alarm.rings()
    scene.work.run()
    assert scene.told == [errors.BUSY]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (Unavailable("GET /x", status=503), "Uplynk is in trouble"),
        (SlackProblem("fatal_error"), "Nothing was changed"),
        (RuntimeError("canary"), "this reference"),
    ],
)
def test_what_goes_wrong_is_told(scene: Scene, error: Exception, words: str) -> None:
    def fails() -> None:
        raise error

    scene.background.start(REPLY, fails)
    scene.work.run()
    (told,) = scene.told
    assert words in told
    assert "canary" not in told
