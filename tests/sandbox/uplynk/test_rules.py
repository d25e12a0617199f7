"""Each endpoint of the simulated Uplynk and each trap of its contract, over HTTP."""

from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.uplynk.model import NoFailover, OnFlat, OnSameMode, WorldOptions
from sandbox.uplynk.scenes import (
    CUP_FINAL,
    DEFAULT_OWNER,
    HOSTILE,
    NBA_FINALS,
    NEWS_24,
    SPORTS_EAST,
    SPORTS_WEST,
    WEATHER,
    default_scene,
)
from tests.sandbox.uplynk.client import Client, running


@pytest.fixture
def uplynk() -> Iterator[Client]:
    with running() as client:
        yield client


def orders(group: dict[str, Any]) -> dict[str, int]:
    return {slicer["slicer_id"]: slicer["order"] for slicer in group["slicers"]}


def slicer(slicer_id: str, order: int, enabled: bool = True) -> dict[str, Any]:
    return {"slicer_id": slicer_id, "enabled": enabled, "order": order}


def test_the_list_is_a_collection_whose_total_is_a_string(uplynk: Client) -> None:
    answer = uplynk.call("GET")
    assert answer.headers["Content-Type"] == "application/json"
    listed = answer.json()
    assert (listed["@type"], listed["total_items"]) == ("Collection", "8")
    names = [item["name"] for item in listed["items"]]
    assert names[0] == "NBA Finals"
    assert "<!channel> *bold* & <https://evil.example|Approve>" in names
    assert listed["items"][0] == uplynk.group(NBA_FINALS)


def test_the_list_shows_a_change_made_since_it_was_last_drawn(uplynk: Client) -> None:
    uplynk.call("GET")
    assert uplynk.patch(NBA_FINALS).status_code == 204
    assert uplynk.call("GET").json()["items"][0]["mode"] == "prioritized"


def test_a_group_has_the_documented_fields(uplynk: Client) -> None:
    assert uplynk.group(SPORTS_EAST) == {
        "@id": f"/api/v4/failover-groups/{SPORTS_EAST}",
        "@type": "FailoverGroup",
        "id": SPORTS_EAST,
        "owner": DEFAULT_OWNER,
        "name": "Sports East",
        "hot_warm": 0,
        "mode": "prioritized",
        "auto_failback": True,
        "failover_time": None,
        "active_slicer_id": "east-a",
        "slicers": [
            {"slicer_id": "east-a", "enabled": True, "order": 1, "health": "healthy"},
            {"slicer_id": "east-b", "enabled": True, "order": 2, "health": "healthy"},
        ],
        "channels": [{"id": "east-1", "desc": "Channel east-1"}],
    }


@pytest.mark.parametrize(
    ("look", "shown"), [(NoFailover.NULL, {"failover_time": None}), (NoFailover.ABSENT, {}),
                        (NoFailover.ZERO, {"failover_time": 0})],
)  # fmt: skip
def test_no_failover_yet_can_look_three_ways(look: NoFailover, shown: dict[str, Any]) -> None:
    with running(default_scene(options=WorldOptions(no_failover=look))) as uplynk:
        group = uplynk.group(HOSTILE)
        assert {k: v for k, v in group.items() if k == "failover_time"} == shown
        assert uplynk.group(NEWS_24)["failover_time"] > 1_500_000_000_000


def test_a_write_answers_204_without_a_body(uplynk: Client) -> None:
    answer = uplynk.patch(NBA_FINALS)
    assert (answer.status_code, answer.content) == (204, b"")
    assert "Content-Length" not in answer.headers


def test_switching_to_prioritized_rewrites_the_order_as_listed(uplynk: Client) -> None:
    assert uplynk.patch(NBA_FINALS).status_code == 204
    assert orders(uplynk.group(NBA_FINALS)) == {"nba-b": 1, "nba-a": 2, "nba-c": 3}


def test_an_order_set_by_hand_is_lost_by_way_of_flat(uplynk: Client) -> None:
    uplynk.patch(SPORTS_WEST, "flat")
    uplynk.patch(SPORTS_WEST, "prioritized")
    assert orders(uplynk.group(SPORTS_WEST)) == {"west-a": 1, "west-b": 2, "west-c": 3}


@pytest.mark.parametrize(
    ("rule", "failback", "order"), [(OnFlat.KEEPS, True, 2), (OnFlat.RESETS, False, 1)]
)
def test_switching_to_flat_keeps_or_resets(rule: OnFlat, failback: bool, order: int) -> None:
    with running(default_scene(options=WorldOptions(flat=rule))) as uplynk:
        uplynk.patch(SPORTS_EAST, "flat")
        group = uplynk.group(SPORTS_EAST)
        assert group["mode"] == "flat"
        assert (group["auto_failback"], orders(group)["east-b"]) == (failback, order)


@pytest.mark.parametrize(("rule", "first"), [(OnSameMode.KEEPS, 2), (OnSameMode.REWRITES, 1)])
def test_the_mode_that_holds_keeps_or_rewrites(rule: OnSameMode, first: int) -> None:
    with running(default_scene(options=WorldOptions(same_mode=rule))) as uplynk:
        uplynk.patch(SPORTS_WEST, "prioritized")
        assert orders(uplynk.group(SPORTS_WEST))["west-a"] == first


def test_auto_failback_alone_leaves_mode_and_order(uplynk: Client) -> None:
    before = uplynk.group(SPORTS_WEST)
    assert uplynk.call("PATCH", f"/{SPORTS_WEST}", {"auto_failback": True}).status_code == 204
    assert uplynk.group(SPORTS_WEST) == before | {"auto_failback": True}


def test_slicers_change_eligibility_and_order_and_not_the_listing(uplynk: Client) -> None:
    body = {"slicers": [slicer("cup-c", 1), slicer("cup-a", 3, enabled=False)]}
    assert uplynk.call("PUT", f"/{CUP_FINAL}/slicers", body).status_code == 204
    group = uplynk.group(CUP_FINAL)
    assert list(orders(group).items()) == [("cup-a", 3), ("cup-b", 2), ("cup-c", 1)]
    assert [item["enabled"] for item in group["slicers"]] == [False, True, True]


def test_a_slicer_of_another_group_is_silently_ignored(uplynk: Client) -> None:
    before = uplynk.group(CUP_FINAL)
    body = {"slicers": [slicer("east-a", 2)]}
    assert uplynk.call("PUT", f"/{CUP_FINAL}/slicers", body).status_code == 204
    assert uplynk.group(CUP_FINAL) == before


def test_order_must_be_1_in_flat(uplynk: Client) -> None:
    path = f"/{NBA_FINALS}/slicers"
    assert uplynk.call("PUT", path, {"slicers": [slicer("nba-a", 2)]}).status_code == 400
    assert uplynk.call("PUT", path, {"slicers": [slicer("nba-a", 1, False)]}).status_code == 204
    assert uplynk.group(NBA_FINALS)["slicers"][1]["enabled"] is False


def test_activation_moves_the_feed(uplynk: Client) -> None:
    path = f"/{CUP_FINAL}/activate_slicer"
    assert uplynk.call("PUT", path, {"slicer_id": "cup-c"}).status_code == 204
    assert uplynk.group(CUP_FINAL)["active_slicer_id"] == "cup-c"
    assert uplynk.call("PUT", path, {"slicer_id": "east-a"}).status_code == 400


def test_activation_is_refused_while_auto_failback_is_on(uplynk: Client) -> None:
    answer = uplynk.call("PUT", f"/{SPORTS_EAST}/activate_slicer", {"slicer_id": "east-b"})
    assert answer.status_code == 400
    assert "auto failback" in answer.json()["message"]
    assert uplynk.group(SPORTS_EAST)["active_slicer_id"] == "east-a"


def test_the_slate_remembers_the_slicer_beneath(uplynk: Client) -> None:
    path = f"/{SPORTS_WEST}/set_no_slicer"
    assert uplynk.call("PUT", path, {"no_slicer": True}).status_code == 204
    assert uplynk.group(SPORTS_WEST)["active_slicer_id"] == "no_slicer"
    uplynk.call("PUT", path, {"no_slicer": True})
    assert uplynk.call("PUT", path, {"no_slicer": False}).status_code == 204
    assert uplynk.group(SPORTS_WEST)["active_slicer_id"] == "west-b"


def test_leaving_the_slate_passes_over_a_dead_slicer(uplynk: Client) -> None:
    uplynk.sim.world.kill_slicer("weather-a")
    assert uplynk.group(WEATHER)["active_slicer_id"] == "no_slicer"
    uplynk.call("PUT", f"/{WEATHER}/set_no_slicer", {"no_slicer": False})
    assert uplynk.group(WEATHER)["active_slicer_id"] == "weather-b"


def test_channels_are_a_delta(uplynk: Client) -> None:
    body = {"channels_ids_to_add": ["free-1"], "channels_ids_to_remove": ["west-1"]}
    assert uplynk.call("PUT", f"/{SPORTS_WEST}/channels", body).status_code == 204
    shown = [channel["id"] for channel in uplynk.group(SPORTS_WEST)["channels"]]
    assert shown == ["west-2", "free-1"]


@pytest.mark.parametrize("taken", ["east-1", "west-1"])
def test_a_channel_of_any_group_is_a_conflict_and_nothing_changes(
    uplynk: Client, taken: str
) -> None:
    body = {"channels_ids_to_add": ["free-1", taken], "channels_ids_to_remove": ["west-2"]}
    answer = uplynk.call("PUT", f"/{SPORTS_WEST}/channels", body)
    assert answer.status_code == 409
    assert taken in answer.json()["message"]
    assert len(uplynk.group(SPORTS_WEST)["channels"]) == 2


def test_owners_are_a_delta_and_read_as_a_collection(uplynk: Client) -> None:
    path = f"/{NBA_FINALS}/allowed-owners"
    body = {"owners_to_add": ["owner-x", "owner-y"], "owners_to_remove": ["owner-partner"]}
    assert uplynk.call("PUT", path, body).status_code == 204
    shown = uplynk.call("GET", path).json()
    assert shown["total_items"] == "2"
    assert [item["owner"] for item in shown["items"]] == ["owner-x", "owner-y"]
    assert {item["failover_group_id"] for item in shown["items"]} == {NBA_FINALS}


BAD_BODIES = [
    ("PATCH", "", {}),
    ("PATCH", "", []),
    ("PATCH", "", {"mode": "random"}),
    ("PATCH", "", {"mode": 1}),
    ("PATCH", "", {"auto_failback": 1}),
    ("PATCH", "", {"mode": "flat", "name": "x"}),
    ("PUT", "/slicers", {}),
    ("PUT", "/slicers", {"slicers": {}}),
    ("PUT", "/slicers", {"slicers": ["cup-a"]}),
    ("PUT", "/slicers", {"slicers": [{"slicer_id": "cup-a", "enabled": True}]}),
    ("PUT", "/slicers", {"slicers": [slicer("cup-a", 0)]}),
    ("PUT", "/slicers", {"slicers": [slicer("cup-a", True)]}),
    ("PUT", "/slicers", {"slicers": [slicer("cup-a", 1) | {"health": "healthy"}]}),
    ("PUT", "/activate_slicer", {}),
    ("PUT", "/activate_slicer", {"slicer_id": None}),
    ("PUT", "/set_no_slicer", {}),
    ("PUT", "/set_no_slicer", {"no_slicer": "true"}),
    ("PUT", "/channels", {}),
    ("PUT", "/channels", {"channels_ids_to_add": "free-1"}),
    ("PUT", "/channels", {"channels_ids_to_add": [1]}),
    ("PUT", "/allowed-owners", {"owners": ["x"]}),
]


def test_bodies_are_read_strictly(uplynk: Client) -> None:
    before = uplynk.group(CUP_FINAL)
    for method, rest, body in BAD_BODIES:
        answer = uplynk.call(method, f"/{CUP_FINAL}{rest}", body)
        assert (answer.status_code, bool(answer.json()["message"])) == (400, True), body
    assert uplynk.group(CUP_FINAL) == before
    assert uplynk.sim.world.journal.changes() == []


@pytest.mark.parametrize(
    ("content_type", "text"),
    [("text/plain", '{"mode": "flat"}'), ("application/json", "{mode: flat}"),
     ("application/json", "")],
)  # fmt: skip
def test_what_is_not_json_is_refused(uplynk: Client, content_type: str, text: str) -> None:
    headers = {"Content-Type": content_type}
    answer = uplynk.call("PATCH", f"/{CUP_FINAL}", data=text, headers=headers)
    assert answer.status_code == 400
    assert uplynk.group(CUP_FINAL)["mode"] == "prioritized"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", f"/{'0' * 32}", 404),
        ("PATCH", f"/{'0' * 32}", 404),
        ("GET", f"/{CUP_FINAL}/nothing", 404),
        ("GET", f"/{CUP_FINAL}/", 404),
        ("GET", f"/{CUP_FINAL}/slicers", 405),
        ("POST", "", 405),
        ("PUT", f"/{CUP_FINAL}", 405),
        ("PATCH", f"/{CUP_FINAL}/slicers", 405),
        ("DELETE", f"/{CUP_FINAL}", 405),
    ],
)
def test_unknown_paths_groups_and_methods(
    uplynk: Client, method: str, path: str, status: int
) -> None:
    body = None if method == "GET" else {"mode": "flat"}
    assert uplynk.call(method, path, body).status_code == status
    assert uplynk.sim.world.journal.writes() == []
