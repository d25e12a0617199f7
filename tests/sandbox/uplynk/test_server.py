"""The HTTP face of the simulated Uplynk: connections, hooks, its log, and its controls."""

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from sandbox.uplynk.journal import RequestRecord
from sandbox.uplynk.scenes import CUP_FINAL, NBA_FINALS, SPORTS_EAST, many_groups
from sandbox.uplynk.server import Stage
from tests.sandbox.uplynk.client import ROOT, Client, everything, running


@pytest.fixture
def uplynk() -> Iterator[Client]:
    with running() as client:
        yield client


def test_one_connection_serves_many_requests(uplynk: Client) -> None:
    for _ in range(5):
        uplynk.group(NBA_FINALS)
        assert uplynk.patch(NBA_FINALS).status_code == 204
    assert uplynk.sim.connections == 1
    assert {record.connection for record in uplynk.sim.world.journal.requests()} == {1}


def test_the_log_tells_of_each_request(uplynk: Client) -> None:
    answer = uplynk.patch(NBA_FINALS)
    [record] = uplynk.sim.world.journal.requests()
    assert (record.number, record.method, record.path) == (1, "PATCH", f"{ROOT}/{NBA_FINALS}")
    assert (record.endpoint, record.group_id) == ("group", NBA_FINALS)
    assert (record.signature, record.status, record.done) == ("ok", 204, True)
    assert record.milliseconds >= 0
    assert record.bytes > len("HTTP/1.1 204 No Content")
    assert answer.headers["Date"]
    assert uplynk.sim.world.journal.writes()[0].request == 1


def test_the_hook_sees_the_stages_of_a_write_in_order(uplynk: Client) -> None:
    seen: list[tuple[Stage, int]] = []

    def hook(stage: Stage, record: RequestRecord) -> None:
        seen.append((stage, len(uplynk.sim.world.journal.writes())))

    uplynk.sim.hook = hook
    uplynk.patch(NBA_FINALS, params={})
    uplynk.patch(NBA_FINALS)
    uplynk.group(NBA_FINALS)
    assert seen[:5] == [
        (Stage.ANSWERED, 0),
        (Stage.ARRIVED, 0),
        (Stage.APPLIED, 1),
        (Stage.ANSWERED, 1),
        (Stage.ARRIVED, 1),
    ]


def test_an_outage_ends_on_the_same_port(uplynk: Client) -> None:
    uplynk.group(NBA_FINALS)
    base = uplynk.sim.base_url
    uplynk.sim.stop()
    with pytest.raises(requests.ConnectionError):
        uplynk.group(NBA_FINALS)
    uplynk.sim.start()
    assert uplynk.sim.base_url == base
    assert uplynk.group(NBA_FINALS)["name"] == "NBA Finals"
    assert uplynk.sim.connections == 2


def test_a_stop_without_a_start_is_harmless(uplynk: Client) -> None:
    uplynk.sim.stop()
    uplynk.sim.stop()
    uplynk.sim.start()
    assert uplynk.group(NBA_FINALS)


def test_many_clients_at_once(uplynk: Client) -> None:
    def patch(number: int) -> int:
        one = Client(uplynk.sim)
        try:
            return one.patch(CUP_FINAL, "flat" if number % 2 else "prioritized").status_code
        finally:
            one.close()

    with ThreadPoolExecutor(16) as pool:
        assert set(pool.map(patch, range(64))) == {204}
    assert len(uplynk.sim.world.journal.writes()) == 64


def test_two_thousand_groups_are_listed() -> None:
    with running(many_groups(2000)) as uplynk:
        assert uplynk.call("GET").json()["total_items"] == "2000"


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ("Transfer-Encoding: chunked", 411),
        ("Content-Length: -1", 400),
        ("Content-Length: ten", 400),
        ("Content-Length: 1048577", 413),
    ],
)
def test_bodies_of_unknown_or_excessive_length(uplynk: Client, header: str, status: int) -> None:
    with socket.create_connection(("127.0.0.1", uplynk.sim.port), timeout=5) as connection:
        connection.sendall(f"PATCH {ROOT} HTTP/1.1\r\nHost: x\r\n{header}\r\n\r\n".encode())
        assert everything(connection).startswith(f"HTTP/1.1 {status} ".encode())


def test_nothing_is_written_to_the_terminal(
    uplynk: Client, capfd: pytest.CaptureFixture[str]
) -> None:
    uplynk.patch(NBA_FINALS)
    with uplynk.raw(""):
        pass
    uplynk.sim.stop()
    assert capfd.readouterr() == ("", "")


def test_the_control_shows_the_whole_state(uplynk: Client) -> None:
    uplynk.patch(NBA_FINALS)
    state = uplynk.control("GET", "state").json()
    assert state["groups"][0]["mode"] == "prioritized"
    assert state["options"]["flat"] == "keeps"
    assert state["changes"][0]["body"] == {"mode": "prioritized"}
    assert state["requests"][0]["status"] == 204
    assert state["faults"] == []


def test_the_control_arms_and_clears_faults(uplynk: Client) -> None:
    wanted = {"kind": "status", "when": "after", "status": 502, "method": "PATCH", "times": None,
              "endpoint": "group", "headers": [["X-Fault", "yes"]]}  # fmt: skip
    assert uplynk.control("POST", "faults", wanted).json() == {"id": 1}
    answer = uplynk.patch(NBA_FINALS)
    assert (answer.status_code, answer.headers["X-Fault"]) == (502, "yes")
    assert uplynk.control("GET", "state").json()["faults"][0]["hits"] == 1
    assert uplynk.control("POST", "faults", {"clear": True}).status_code == 204
    assert uplynk.patch(NBA_FINALS).status_code == 204


def test_the_control_changes_groups_and_slicers(uplynk: Client) -> None:
    fields = {"name": "Renamed", "slicers": [{"slicer_id": "only", "enabled": False}],
              "channels": [{"id": "c"}], "allowed_owners": ["o"]}  # fmt: skip
    body = {"group_id": CUP_FINAL, "fields": fields}
    assert uplynk.control("POST", "cms", body).json()["name"] == "Renamed"
    assert uplynk.group(CUP_FINAL)["slicers"][0]["slicer_id"] == "only"
    body = {"slicer_id": "east-a", "alive": False}
    assert uplynk.control("POST", "slicers", body).status_code == 204
    assert uplynk.group(SPORTS_EAST)["active_slicer_id"] == "east-b"
    uplynk.control("POST", "slicers", body | {"alive": True})
    assert uplynk.group(SPORTS_EAST)["active_slicer_id"] == "east-a"


@pytest.mark.parametrize(
    ("name", "body", "status"),
    [
        ("faults", {"kind": "unheard"}, 400),
        ("faults", {"kind": "html", "colour": "red"}, 400),
        ("faults", [], 400),
        ("cms", {"group_id": NBA_FINALS}, 400),
        ("cms", {"group_id": NBA_FINALS, "fields": {"colour": "red"}}, 400),
        ("cms", {"group_id": NBA_FINALS, "fields": []}, 400),
        ("cms", {"group_id": "nobody", "fields": {"name": "x"}}, 404),
        ("slicers", {"slicer_id": "nobody", "alive": True}, 404),
        ("slicers", {"slicer_id": "east-a", "alive": "no"}, 400),
        ("nothing", {}, 404),
    ],
)
def test_the_control_refuses_what_it_does_not_know(
    uplynk: Client, name: str, body: object, status: int
) -> None:
    answer = uplynk.control("POST", name, body)
    assert (answer.status_code, bool(answer.json()["message"])) == (status, True)
    assert uplynk.sim.world.journal.changes() == []
