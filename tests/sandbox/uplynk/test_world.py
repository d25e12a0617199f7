"""What happens by itself in the simulated Uplynk, what it writes down, and its scenes."""

from itertools import pairwise
from threading import Thread

import pytest

from sandbox.uplynk.journal import Source
from sandbox.uplynk.model import FLAT, SimGroup, SimSlicer
from sandbox.uplynk.routes import Endpoint
from sandbox.uplynk.scenes import (
    CUP_FINAL,
    NBA_FINALS,
    NEWS_24,
    SPORTS_EAST,
    SPORTS_WEST,
    default_scene,
    group_id,
    many_groups,
)
from sandbox.uplynk.world import UplynkWorld

NOW = 1_700_000_000.5


@pytest.fixture
def world() -> UplynkWorld:
    return default_scene(clock=lambda: NOW)


def active(world: UplynkWorld, group: str) -> str:
    return world.group(group).active_slicer_id


def test_prioritized_fails_over_to_the_next_in_order(world: UplynkWorld) -> None:
    world.kill_slicer("west-b")
    assert active(world, SPORTS_WEST) == "west-a"
    assert world.group(SPORTS_WEST).failover_time == int(NOW * 1000)
    world.kill_slicer("west-a")
    assert active(world, SPORTS_WEST) == "west-c"


def test_the_next_in_order_comes_before_a_healthy_earlier_one(world: UplynkWorld) -> None:
    world.apply(Endpoint.ACTIVATE, CUP_FINAL, {"slicer_id": "cup-b"})
    world.kill_slicer("cup-b")
    assert active(world, CUP_FINAL) == "cup-c"


def test_after_the_last_in_order_comes_the_first(world: UplynkWorld) -> None:
    world.apply(Endpoint.ACTIVATE, CUP_FINAL, {"slicer_id": "cup-c"})
    world.kill_slicer("cup-c")
    assert active(world, CUP_FINAL) == "cup-a"


def test_flat_fails_over_at_random_by_the_seed() -> None:
    def choices(seed: int) -> list[str]:
        world = many_groups(40, seed=seed)
        flat = [group for group in world.groups() if group.mode == FLAT]
        for group in flat:
            world.kill_slicer(group.slicers[0].slicer_id)
        return [world.group(group.id).active_slicer_id[-1] for group in flat]

    assert choices(1) == choices(1) != choices(2)
    assert set(choices(1)) == {"2", "3"}


def test_an_ineligible_slicer_does_not_take_over(world: UplynkWorld) -> None:
    before = world.group(NEWS_24).failover_time
    world.kill_slicer("news-a")
    assert (active(world, NEWS_24), world.group(NEWS_24).failover_time) == ("news-a", before)
    world.apply(
        Endpoint.SLICERS,
        NEWS_24,
        {"slicers": [{"slicer_id": "news-b", "enabled": True, "order": 2}]},
    )
    world.kill_slicer("news-a")
    assert active(world, NEWS_24) == "news-b"


def test_a_dead_feed_returns_with_the_first_slicer_that_revives(world: UplynkWorld) -> None:
    world.kill_slicer("east-b")
    world.kill_slicer("east-a")
    assert active(world, SPORTS_EAST) == "east-a"
    world.revive_slicer("east-b")
    assert active(world, SPORTS_EAST) == "east-b"


def test_auto_failback_returns_and_its_absence_does_not(world: UplynkWorld) -> None:
    for dead in ("east-a", "cup-a"):
        world.kill_slicer(dead)
        world.revive_slicer(dead)
    assert (active(world, SPORTS_EAST), active(world, CUP_FINAL)) == ("east-a", "cup-b")
    sources = [c.source for c in world.journal.changes() if c.group_id == SPORTS_EAST]
    assert sources == [Source.HEALTH, Source.FAILOVER, Source.HEALTH, Source.FAILBACK]


def test_auto_failback_does_nothing_in_flat(world: UplynkWorld) -> None:
    world.apply(Endpoint.GROUP, SPORTS_EAST, {"mode": "flat"})
    assert world.group(SPORTS_EAST).auto_failback
    world.kill_slicer("east-a")
    world.revive_slicer("east-a")
    assert active(world, SPORTS_EAST) == "east-b"


def test_a_slicer_of_two_groups_dies_in_both(world: UplynkWorld) -> None:
    shared = (SimSlicer("cup-a"), SimSlicer("other", order=2))
    world.add_group(SimGroup("f" * 32, "o", "Shares", shared, active_slicer_id="cup-a"))
    world.kill_slicer("cup-a")
    assert (active(world, CUP_FINAL), active(world, "f" * 32)) == ("cup-b", "other")


def test_unknown_slicers_and_groups_are_key_errors(world: UplynkWorld) -> None:
    with pytest.raises(KeyError):
        world.kill_slicer("nobody")
    with pytest.raises(KeyError):
        world.change_in_cms("nobody", name="x")
    with pytest.raises(KeyError):
        world.delete_group("nobody")


def test_a_change_in_the_cms_is_no_api_write(world: UplynkWorld) -> None:
    world.change_in_cms(NBA_FINALS, name="Renamed", mode="prioritized")
    [change] = world.journal.changes()
    assert change.before is not None
    assert change.after is not None
    assert (change.source, change.before["name"], change.after["name"]) == (
        Source.CMS,
        "NBA Finals",
        "Renamed",
    )
    assert world.journal.writes() == []


def test_a_slate_from_the_cms_can_be_left_through_the_api(world: UplynkWorld) -> None:
    world.change_in_cms(CUP_FINAL, active_slicer_id="cup-c")
    world.change_in_cms(CUP_FINAL, active_slicer_id="no_slicer")
    world.apply(Endpoint.NO_SLICER, CUP_FINAL, {"no_slicer": False})
    assert active(world, CUP_FINAL) == "cup-c"


def test_a_write_is_journalled_with_before_and_after(world: UplynkWorld) -> None:
    world.apply(Endpoint.GROUP, NBA_FINALS, {"mode": "prioritized"}, request=7)
    [write] = world.journal.writes()
    assert (write.seq, write.time, write.method, write.request) == (1, NOW, "PATCH", 7)
    assert write.path == f"/api/v4/failover-groups/{NBA_FINALS}"
    assert write.body == {"mode": "prioritized"}
    assert write.before == default_scene(clock=lambda: NOW).group(NBA_FINALS).to_json()
    assert write.after == world.group(NBA_FINALS).to_json()


def test_removed_groups_are_gone_and_noted(world: UplynkWorld) -> None:
    world.delete_group(NBA_FINALS)
    assert NBA_FINALS not in [group.id for group in world.groups()]
    assert world.journal.changes()[-1].after is None


def test_waiting_ends_with_the_change_or_the_time_out(world: UplynkWorld) -> None:
    changer = Thread(target=world.kill_slicer, args=("west-b",))
    changer.start()
    assert world.wait_for(lambda w: active(w, SPORTS_WEST) == "west-a", timeout=5)
    changer.join()
    assert not world.wait_for(lambda w: active(w, SPORTS_WEST) == "never", timeout=0.01)


def test_writes_from_many_threads_are_all_journalled_in_one_order(world: UplynkWorld) -> None:
    def write(on: bool) -> None:
        for _ in range(50):
            world.apply(Endpoint.GROUP, CUP_FINAL, {"auto_failback": on})

    threads = [Thread(target=write, args=(number % 2 == 0,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    writes = world.journal.writes()
    assert [write.seq for write in writes] == list(range(1, 201))
    assert all(a.after == b.before for a, b in pairwise(writes))


def test_scenes_have_stable_ids_and_names() -> None:
    assert group_id("NBA Finals") == NBA_FINALS == "0817b76b7d67567f9ab8b39b51ee4ce1"
    first, second = default_scene(clock=lambda: NOW), default_scene(clock=lambda: NOW)
    assert first.groups() == second.groups()
    assert len({group.id for group in many_groups(2000).groups()}) == 2000


def test_every_slicer_and_channel_of_a_scene_has_one_group(world: UplynkWorld) -> None:
    for made in (world, many_groups(100)):
        slicers = [s.slicer_id for group in made.groups() for s in group.slicers]
        channels = [c.id for group in made.groups() for c in group.channels]
        assert len(slicers) == len(set(slicers))
        assert len(channels) == len(set(channels))


def test_the_state_shows_what_the_api_hides(world: UplynkWorld) -> None:
    world.change_in_cms(NBA_FINALS, allowed_owners=("a", "b"))
    world.apply(Endpoint.NO_SLICER, NBA_FINALS, {"no_slicer": True})
    shown = world.to_json()["groups"][0]
    assert (shown["allowed_owners"], shown["resting_slicer_id"]) == (["a", "b"], "nba-a")
