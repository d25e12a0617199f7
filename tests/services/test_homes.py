"""Who has their Home tab open gets it anew: soon, not too often, and only for so long."""

from __future__ import annotations

from itertools import pairwise

import pytest

from failover.home import Place
from services.homes import (
    LEAST_SECONDS,
    OPEN_AT_ONCE,
    OPEN_SECONDS,
    SOON_SECONDS,
    with_news,
)
from tests.builders import OPERATOR, VIEWER, later
from tests.fakes import silent
from tests.services.at_home import Scene, person


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_it_is_shown_from_memory_and_again_when_read(scene: Scene) -> None:
    scene.opens(VIEWER)
    roles_unknown, roles_known, read = [picture for _, picture in scene.slack.log]
    assert (roles_unknown.standing, roles_unknown.page, roles_unknown.reading) == (None, None, True)
    assert roles_known.standing is not None
    assert (roles_known.page, roles_known.reading) == (None, True)
    assert read.page is not None
    assert not read.reading


def test_what_is_fresh_is_shown_once(scene: Scene) -> None:
    scene.opens()
    scene.forgets()
    scene.opens()
    assert scene.slack.users == [OPERATOR.user_id]
    assert scene.slack.last.page is not None
    assert scene.stage.uplynk.log == ["list"]


def test_an_old_reading_is_shown_at_once_and_then_the_new_one(scene: Scene) -> None:
    scene.opens()
    scene.forgets()
    scene.waits(61)
    scene.opens()
    first, second = [picture for _, picture in scene.slack.log]
    assert first.page is not None
    assert second.page is not None
    assert (first.page.read_at, first.reading) == (later(0), True)
    assert (second.page.read_at, second.reading) == (later(61), False)


def test_an_uplynk_that_is_down_leaves_what_was_known(scene: Scene) -> None:
    scene.opens()
    scene.waits(61)
    scene.stage.uplynk.down = problem = silent()
    scene.opens()
    assert scene.slack.last.page is not None
    assert scene.slack.last.problem is problem
    assert not scene.slack.last.reading


def test_after_a_change_whoever_has_it_open_gets_it_once(scene: Scene) -> None:
    scene.opens()
    scene.opens(VIEWER)
    scene.forgets()
    scene.waits(60)
    for _ in range(5):
        scene.homes.changed()
    assert scene.slack.log == []
    assert scene.homes.tick() == pytest.approx(SOON_SECONDS)
    assert scene.ticks() is None
    assert scene.slack.users == [VIEWER.user_id, OPERATOR.user_id]


def test_news_wake_the_loop_and_do_nothing_else(scene: Scene) -> None:
    scene.opens()
    scene.forgets()
    before, read = scene.woken, list(scene.stage.uplynk.log)
    scene.homes.changed()
    assert scene.woken == before + 1
    assert (scene.slack.log, list(scene.doors.jobs), list(scene.work.jobs)) == ([], [], [])
    assert scene.stage.uplynk.log == read


def test_a_bell_that_home_tabs_hear_rings_all_the_same(scene: Scene) -> None:
    scene.opens()
    scene.forgets()
    rung: list[str] = []
    ring = with_news(lambda: rung.append("bell"), lambda: scene.homes)
    ring()
    assert rung == ["bell"]
    scene.ticks()
    assert len(scene.slack.log) == 1


def test_no_oftener_than_every_two_seconds_for_one_person(scene: Scene) -> None:
    scene.opens()
    scene.opens(VIEWER)
    scene.forgets()
    for _ in range(200):
        scene.homes.changed()
        scene.homes.tick()
        scene.waits(0.1)
    for user in (OPERATOR.user_id, VIEWER.user_id):
        mine = [at for (one, _), at in zip(scene.slack.log, scene.slack.times, strict=True)
                if one == user]  # fmt: skip
        assert len(mine) >= 8
        gaps = [after - before for before, after in pairwise(mine)]
        assert min(gaps) >= LEAST_SECONDS


def test_what_changed_is_in_it(scene: Scene) -> None:
    scene.opens()
    scene.waits(5)
    scene.stage.does()
    scene.homes.changed()
    scene.ticks()
    assert scene.slack.last.recent is not None
    assert len(scene.slack.last.recent) == 1
    assert scene.slack.last.page is not None
    assert scene.slack.last.page.mine[0].mode == "prioritized"


def test_the_page_that_somebody_has_turned_to_is_kept(scene: Scene) -> None:
    scene.opens(VIEWER, Place(0, everything=True))
    scene.homes.changed()
    scene.ticks()
    assert scene.slack.last.place == Place(0, everything=True)


def test_only_the_latest_fifty_are_kept_up_to_date(scene: Scene) -> None:
    for number in range(OPEN_AT_ONCE + 3):
        scene.opens(person(number))
    scene.forgets()
    scene.homes.changed()
    assert scene.ticks() is None
    latest = [f"U{number:04d}" for number in range(3, OPEN_AT_ONCE + 3)]
    assert scene.slack.users == latest[::-1]


def test_whoever_opens_it_again_is_among_the_latest(scene: Scene) -> None:
    for number in (*range(OPEN_AT_ONCE), 0, OPEN_AT_ONCE):
        scene.opens(person(number))
    scene.forgets()
    scene.homes.changed()
    scene.ticks()
    assert "U0000" in scene.slack.users
    assert "U0001" not in scene.slack.users


@pytest.mark.parametrize(("seconds", "kept"), [(OPEN_SECONDS - 1, True), (OPEN_SECONDS, False)])
def test_only_for_a_quarter_of_an_hour(scene: Scene, seconds: float, kept: bool) -> None:
    scene.opens()
    scene.forgets()
    scene.waits(seconds)
    scene.homes.changed()
    scene.ticks()
    assert bool(scene.slack.log) is kept


def test_a_press_counts_as_opening(scene: Scene) -> None:
    scene.opens()
    scene.waits(OPEN_SECONDS - 1)
    scene.opens()
    scene.forgets()
    scene.waits(OPEN_SECONDS - 1)
    scene.homes.changed()
    scene.ticks()
    assert len(scene.slack.log) == 1


def test_nobody_has_it_open(scene: Scene) -> None:
    scene.homes.changed()
    assert scene.homes.tick() is None
    assert scene.stage.uplynk.log == []
