"""What another process did is shown in Home tabs that are open here."""

from __future__ import annotations

import pytest

from failover.errors import LedgerUnavailable
from failover.lifecycle import State
from failover.model import Mode
from services.homes import NEWS_SECONDS
from tests.builders import ID_A, OPERATOR, VIEWER
from tests.fakes import silent
from tests.services.at_home import Scene
from tests.stage import Stage


@pytest.fixture
def scene() -> Scene:
    """One in which somebody has their Home tab open, and nothing is new."""
    made = Scene()
    made.opens(VIEWER)
    made.forgets()
    assert made.homes.look() == NEWS_SECONDS
    assert made.ticks() is None
    assert made.slack.log == []
    return made


def changes(stage: Stage) -> None:
    """A change, from its arrival to its end."""
    stage.runner.start(stage.accepts())
    stage.work.run()
    assert stage.states()[-1] is State.VERIFIED


def looks(scene: Scene) -> None:
    scene.waits(NEWS_SECONDS)
    scene.homes.look()
    scene.ticks()


def test_a_change_that_another_instance_made(scene: Scene) -> None:
    changes(scene.stage.beside())
    known = scene.stage.groups.known()
    assert known is not None
    assert known.by_id[ID_A].mode is Mode.FLAT
    listed = scene.stage.uplynk.log.count("list")
    looks(scene)
    picture = scene.slack.last
    assert scene.slack.users == [VIEWER.user_id]
    assert picture.recent is not None
    assert picture.page is not None
    assert [one.state for one in picture.recent] == [State.VERIFIED]
    assert [one.mode for one in picture.page.others + picture.page.mine] == [Mode.PRIORITIZED]
    assert scene.stage.uplynk.log.count("list") == listed + 1


def test_one_of_its_own_needs_no_reading(scene: Scene) -> None:
    listed = scene.stage.uplynk.log.count("list")
    changes(scene.stage)
    looks(scene)
    assert scene.slack.last.recent
    assert scene.stage.uplynk.log.count("list") == listed


def test_what_was_done_outside_is_read_once(scene: Scene) -> None:
    changes(scene.stage.beside())
    scene.stage.uplynk.set(ID_A, mode=Mode.FLAT)
    looks(scene)
    listed = scene.stage.uplynk.log.count("list")
    scene.forgets()
    looks(scene)
    assert scene.stage.uplynk.log.count("list") == listed
    assert scene.slack.log == []


def test_a_request_is_news_once_it_is_carried_out(scene: Scene) -> None:
    other = scene.stage.beside()
    accepted = other.accepts()
    looks(scene)
    assert scene.slack.log == [], "what is only received stands in no Home tab"
    other.runner.start(accepted)
    other.work.run()
    looks(scene)
    assert len(scene.slack.log) == 1


def test_a_reading_that_fails_is_told(scene: Scene) -> None:
    changes(scene.stage.beside())
    scene.stage.uplynk.down = silent()
    looks(scene)
    assert scene.slack.last.recent
    scene.stage.uplynk.down = None
    scene.opens(OPERATOR)
    assert scene.slack.last.problem is None


def test_a_database_that_is_away_is_the_loops_to_tell(scene: Scene) -> None:
    changes(scene.stage.beside())
    scene.stage.ledger.broken = True
    with pytest.raises(LedgerUnavailable):
        scene.homes.look()
    scene.stage.ledger.broken = False
    looks(scene)
    assert len(scene.slack.log) == 1
