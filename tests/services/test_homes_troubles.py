"""Home tabs are only views: what goes wrong with them costs nobody anything else."""

from __future__ import annotations

import logging

import pytest

from failover.errors import SlackProblem
from failover.home import Place
from services.homes import LONGEST_PAUSE_SECONDS
from tests.builders import ADMIN, OPERATOR, SPORTS, VIEWER
from tests.fakes import silent
from tests.services.at_home import Scene, person


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_a_failure_is_logged_and_dropped(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    scene.opens()
    scene.opens(VIEWER)
    scene.forgets()
    scene.slack.problems.append(SlackProblem("internal_error"))
    scene.homes.changed()
    assert scene.ticks() is None
    assert scene.slack.users == [OPERATOR.user_id]
    assert "a Home tab was not published: internal_error" in caplog.text


def test_what_cannot_be_drawn_is_dropped_too(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    scene.opens()
    scene.opens(VIEWER)
    scene.forgets()
    scene.slack.problems.append(KeyError("unforeseen"))
    scene.homes.changed()
    assert scene.ticks() is None
    assert scene.slack.users == [OPERATOR.user_id]
    assert [one.levelno for one in caplog.records] == [logging.ERROR]
    scene.opens(VIEWER)
    assert scene.slack.users[-1] == VIEWER.user_id


@pytest.mark.parametrize(("asked", "pause"), [(30.0, 30.0), (3600.0, LONGEST_PAUSE_SECONDS)])
def test_slack_asks_to_slow_down_and_everybody_waits(
    scene: Scene, asked: float, pause: float
) -> None:
    scene.opens()
    scene.opens(VIEWER)
    scene.forgets()
    scene.slack.problems.append(SlackProblem("ratelimited", retry_after=asked))
    scene.homes.changed()
    assert scene.ticks() == pytest.approx(pause)
    assert scene.slack.log == []
    scene.waits(pause)
    assert scene.ticks() is None
    assert sorted(scene.slack.users) == [OPERATOR.user_id, VIEWER.user_id]


A_WORD = ({"type": "section"},)


def test_an_older_picture_never_comes_after_a_newer_one(scene: Scene) -> None:
    scene.opens()
    scene.forgets()

    def turns_the_page() -> None:
        # While the first is on its way to Slack: whoever presses does not wait for it.
        scene.homes.opened(OPERATOR, Place(0, everything=True), A_WORD)
        scene.doors.run()
        assert scene.slack.log == []

    scene.slack.meanwhile = turns_the_page
    scene.opens()
    assert [picture.note for _, picture in scene.slack.log] == [(), A_WORD]


def test_a_full_pool_leaves_it_to_the_loop(scene: Scene) -> None:
    scene.doors.room = 0
    scene.homes.opened(OPERATOR, Place())
    assert scene.woken == 1
    assert scene.ticks() is None
    assert scene.slack.last.page is not None
    assert not scene.slack.last.reading


def test_a_full_pool_behind_the_door_leaves_the_reading_to_the_loop(scene: Scene) -> None:
    scene.work.room = 0
    scene.opens()
    assert scene.slack.last.reading
    assert scene.ticks() is None
    assert scene.slack.last.page is not None
    assert not scene.slack.last.reading


def test_a_bot_that_stops_publishes_nothing_more(scene: Scene) -> None:
    scene.opens()
    scene.forgets()
    scene.homes.changed()
    scene.waits(60)
    scene.stage.timer.stop_after = 0
    assert scene.homes.tick() is None
    assert scene.slack.log == []


def test_a_round_reads_a_dead_uplynk_once(scene: Scene) -> None:
    for number in range(10):
        scene.opens(person(number))
    scene.forgets()
    scene.waits(61)
    scene.stage.uplynk.log.clear()
    scene.stage.uplynk.down = silent()
    scene.homes.changed()
    scene.ticks()
    assert len(scene.slack.log) == 10
    assert len(scene.stage.uplynk.log) <= 2


def test_somebody_who_lost_their_role_sees_it_at_the_next_news(scene: Scene) -> None:
    scene.stage.usergroups.groups[SPORTS] = frozenset({VIEWER.user_id})
    scene.opens(VIEWER)
    assert scene.slack.last.page is not None
    assert scene.slack.last.page.changeable == 1
    scene.stage.usergroups.groups[SPORTS] = frozenset({ADMIN.user_id})
    scene.stage.access.forget(SPORTS)
    scene.homes.changed()
    scene.ticks()
    assert scene.slack.last.page is not None
    assert scene.slack.last.page.changeable == 0
