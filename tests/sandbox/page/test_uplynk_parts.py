"""Groups as their viewers get them, and what happened in words."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from sandbox.page.uplynk_parts import SHOWN, UplynkParts
from sandbox.uplynk.model import SimChannel, SimGroup, SimSlicer
from sandbox.uplynk.routes import Endpoint
from sandbox.uplynk.scenes import CUP_FINAL, NBA_FINALS, NEWS_24, WEATHER, default_scene
from sandbox.uplynk.world import UplynkWorld


@pytest.fixture
def world() -> UplynkWorld:
    return default_scene()


def drawn(world: UplynkWorld) -> dict[str, Any]:
    return {key: json.loads(text) for key, text in UplynkParts(world).texts().items()}


def happened(world: UplynkWorld) -> list[tuple[str, str]]:
    found = [value for key, value in drawn(world).items() if key.startswith("happened/")]
    return [(one["source"], one["text"]) for one in found]


def test_a_group_is_drawn_whole(world: UplynkWorld) -> None:
    group = drawn(world)[f"group/{CUP_FINAL}"]
    assert group == {
        "id": CUP_FINAL, "name": "Cup Final", "mode": "prioritized", "auto_failback": False,
        "active_slicer_id": "cup-a", "failover_time": None, "hot_warm": 0,
        "slicers": [
            {"slicer_id": f"cup-{one}", "enabled": True, "order": at, "healthy": True}
            for at, one in enumerate("abc", start=1)
        ],
        "channels": [{"id": "cup-1", "desc": "Channel cup-1"}], "allowed_owners": [],
        "on_slate": False, "viewers": "live", "position": 3,
    }  # fmt: skip
    assert drawn(world)[f"group/{NBA_FINALS}"]["allowed_owners"] == ["owner-partner"]


def test_viewers_see_the_feed_the_slate_or_nothing(world: UplynkWorld) -> None:
    world.kill_slicer("news-a")
    groups = drawn(world)
    assert groups[f"group/{WEATHER}"]["viewers"] == "slate"
    assert groups[f"group/{WEATHER}"]["on_slate"] is True
    assert groups[f"group/{NEWS_24}"]["viewers"] == "black"
    assert groups[f"group/{CUP_FINAL}"]["viewers"] == "live"
    world.change_in_cms(CUP_FINAL, active_slicer_id="elsewhere")
    assert drawn(world)[f"group/{CUP_FINAL}"]["viewers"] == "black"


def test_a_death_and_what_follows_are_told(world: UplynkWorld) -> None:
    world.kill_slicer("cup-a")
    world.revive_slicer("cup-a")
    assert happened(world) == [
        ("health", "cup-a lost its input"),
        ("failover", "cup-b serves instead of cup-a"),
        ("health", "cup-a has its input back"),
    ]
    world.change_in_cms(CUP_FINAL, auto_failback=True)
    world.kill_slicer("cup-a")
    world.revive_slicer("cup-a")
    assert happened(world)[-1] == ("failback", "cup-a serves instead of cup-b")


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"mode": "flat"}, "prioritized → flat"),
        ({"auto_failback": True}, "automatic failback on"),
        ({"active_slicer_id": "no_slicer"}, "the slate is on instead of cup-a"),
        ({"name": "Final"}, "was called Cup Final until now"),
        (
            {"mode": "flat", "active_slicer_id": "cup-c"},
            "prioritized → flat · cup-c serves instead of cup-a",
        ),
        ({"channels": (SimChannel("new"),)}, "channel new added · channel cup-1 removed"),
        ({"hot_warm": 0}, "written again, nothing differs"),
    ],
)  # fmt: skip
def test_a_change_in_the_cms_is_told(world: UplynkWorld, fields: dict[str, Any], text: str) -> None:
    world.change_in_cms(CUP_FINAL, **fields)
    assert happened(world) == [("cms", text)]


def test_slicers_that_change_are_told(world: UplynkWorld) -> None:
    a, b, c = world.group(CUP_FINAL).slicers
    world.change_in_cms(CUP_FINAL, slicers=(replace(a, enabled=False), b, c))
    world.change_in_cms(CUP_FINAL, slicers=(a, b, c))
    world.change_in_cms(CUP_FINAL, slicers=(replace(a, order=2), replace(b, order=1), c))
    world.change_in_cms(CUP_FINAL, slicers=(replace(a, order=2), replace(b, order=1)))
    texts = [text for _, text in happened(world)]
    assert texts[:3] == ["cup-a is not eligible", "cup-a is eligible", "order: cup-b, cup-a, cup-c"]
    assert texts[3] == "cup-c left · order: cup-b, cup-a"


def test_what_the_api_did_is_told(world: UplynkWorld) -> None:
    world.apply(Endpoint.NO_SLICER, WEATHER, {"no_slicer": False})
    world.apply(Endpoint.OWNERS, WEATHER, {"owners_to_add": ["x"], "owners_to_remove": []})
    assert happened(world) == [
        ("api", "the slate is off, weather-a serves"),
        ("api", "who else may use it was written"),
    ]


def test_groups_come_and_go(world: UplynkWorld) -> None:
    parts = UplynkParts(world)
    world.add_group(SimGroup("f" * 32, "owner", "New", (SimSlicer("x"),)))
    assert f"group/{'f' * 32}" in parts.texts()
    world.delete_group(CUP_FINAL)
    texts = parts.texts()
    assert f"group/{CUP_FINAL}" not in texts
    assert [text for _, text in happened(world)] == ["this group is new", "this group is gone"]
    last = json.loads(texts["happened/2"])
    assert (last["group_id"], last["group"], last["seq"]) == (CUP_FINAL, "Cup Final", 2)


def test_the_last_hundred_happenings_are_kept(world: UplynkWorld) -> None:
    for number in range(SHOWN + 5):
        world.change_in_cms(CUP_FINAL, name=f"Final {number}")
    keys = [key for key in UplynkParts(world).texts() if key.startswith("happened/")]
    assert keys == [f"happened/{seq}" for seq in range(6, SHOWN + 6)]


def test_what_stays_is_drawn_once(world: UplynkWorld) -> None:
    parts = UplynkParts(world)
    before = parts.texts()
    assert parts.texts() is before
    world.change_in_cms(CUP_FINAL, name="Final")
    after = parts.texts()
    kept = [key for key in before if after[key] is before[key]]
    assert set(before) - set(kept) == {f"group/{CUP_FINAL}"}
