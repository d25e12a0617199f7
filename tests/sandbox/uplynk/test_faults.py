"""Every fault of the simulated Uplynk: what the client sees, and what took effect."""

import time
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from threading import Thread

import pytest
import requests

from sandbox.uplynk.faults import Fault, FaultBook, FaultKind, When
from sandbox.uplynk.routes import Endpoint
from sandbox.uplynk.scenes import CUP_FINAL, NBA_FINALS, SPORTS_EAST
from sandbox.uplynk.world import UplynkWorld
from tests.sandbox.uplynk.client import Client, running, signed


@pytest.fixture
def uplynk() -> Iterator[Client]:
    with running() as client:
        yield client


def mode(uplynk: Client) -> str:
    return uplynk.sim.world.group(NBA_FINALS).mode


def applied(world: UplynkWorld) -> bool:
    return world.group(NBA_FINALS).mode == "prioritized"


def arrived(world: UplynkWorld) -> bool:
    return any(record.fault for record in world.journal.requests())


def done(world: UplynkWorld) -> bool:
    return all(record.done for record in world.journal.requests())


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 429, 500, 502, 503, 504])
@pytest.mark.parametrize(("when", "now"), [("before", "flat"), ("after", "prioritized")])
def test_a_status_before_or_after_applying(
    uplynk: Client, status: int, when: str, now: str
) -> None:
    uplynk.sim.faults.add(Fault(FaultKind.STATUS, When(when), status=status, retry_after="7"))
    answer = uplynk.patch(NBA_FINALS)
    assert (answer.status_code, answer.headers["Retry-After"]) == (status, "7")
    assert answer.json()["message"].startswith(f"simulated {status}")
    assert mode(uplynk) == now
    assert uplynk.sim.world.journal.requests()[0].fault == "status"


def test_a_status_with_a_body_that_echoes_what_the_client_sent(uplynk: Client) -> None:
    fault = Fault(FaultKind.STATUS, status=400, body="<p>$MSG|$SIG</p>", content_type="text/html")
    uplynk.sim.faults.add(fault)
    pair = signed()
    answer = uplynk.patch(NBA_FINALS, params=pair)
    assert answer.text == f"<p>{pair['msg']}|{pair['sig']}</p>"
    assert answer.headers["Content-Type"] == "text/html"


def test_a_redirect_with_a_header_of_choice(uplynk: Client) -> None:
    headers = (("Location", "http://127.0.0.1:9/elsewhere"),)
    uplynk.sim.faults.add(Fault(FaultKind.STATUS, status=307, headers=headers))
    answer = uplynk.patch(NBA_FINALS, allow_redirects=False)
    assert (answer.status_code, answer.headers["Location"]) == (307, headers[0][1])


def test_late_takes_effect_after_the_answer(uplynk: Client) -> None:
    uplynk.sim.faults.add(Fault(FaultKind.STATUS, When.LATE, late_seconds=0.2))
    assert uplynk.patch(NBA_FINALS).status_code == 503
    assert mode(uplynk) == "flat"
    assert uplynk.sim.world.wait_for(applied, timeout=5)
    assert len(uplynk.sim.world.journal.writes()) == 1


def test_an_honest_answer_whose_effect_is_late(uplynk: Client) -> None:
    uplynk.sim.faults.add(Fault(FaultKind.DELAY, When.LATE, late_seconds=0.2))
    assert uplynk.patch(NBA_FINALS).status_code == 204
    assert mode(uplynk) == "flat"
    assert uplynk.sim.world.wait_for(applied, timeout=5)


def test_a_late_effect_does_not_make_a_bad_request_good(uplynk: Client) -> None:
    uplynk.sim.faults.add(Fault(FaultKind.DELAY, When.LATE, late_seconds=0.1))
    body = {"slicer_id": "east-b"}
    assert uplynk.call("PUT", f"/{SPORTS_EAST}/activate_slicer", body).status_code == 400
    uplynk.sim.world.change_in_cms(SPORTS_EAST, auto_failback=False)
    assert not uplynk.sim.world.wait_for(lambda world: bool(world.journal.writes()), timeout=0.3)


def test_a_late_write_whose_group_is_gone_by_then_has_no_effect(uplynk: Client) -> None:
    uplynk.sim.faults.add(Fault(FaultKind.DELAY, When.LATE, late_seconds=0.05))
    assert uplynk.patch(NBA_FINALS).status_code == 204
    uplynk.sim.world.delete_group(NBA_FINALS)
    assert not uplynk.sim.world.wait_for(lambda world: bool(world.journal.writes()), timeout=0.2)


def test_a_late_effect_after_a_hang_does_not_wait_for_its_end(uplynk: Client) -> None:
    uplynk.sim.faults.add(Fault(FaultKind.HANG, When.LATE, late_seconds=0.05))
    with uplynk.raw(f"/{NBA_FINALS}", "PATCH", {"mode": "prioritized"}):
        assert uplynk.sim.world.wait_for(applied, timeout=5)


@pytest.mark.parametrize(("when", "meanwhile"), [("before", "flat"), ("after", "prioritized")])
def test_a_delay_before_or_after_applying(uplynk: Client, when: str, meanwhile: str) -> None:
    uplynk.sim.faults.add(Fault(FaultKind.DELAY, When(when), seconds=0.4))
    answers: list[requests.Response] = []
    caller = Thread(target=lambda: answers.append(uplynk.patch(NBA_FINALS)))
    caller.start()
    expected = arrived if when == "before" else applied
    assert uplynk.sim.world.wait_for(expected, timeout=5)
    assert (mode(uplynk), answers) == (meanwhile, [])
    caller.join()
    assert (answers[0].status_code, mode(uplynk)) == (204, "prioritized")


def test_a_delayed_read_shows_the_state_at_its_end(uplynk: Client) -> None:
    uplynk.sim.faults.add(Fault(FaultKind.DELAY, seconds=0.2, method="GET"))
    connection = uplynk.raw(f"/{NBA_FINALS}")
    assert uplynk.sim.world.wait_for(arrived, timeout=5)
    uplynk.patch(NBA_FINALS)
    with connection:
        assert b'"mode": "prioritized"' in connection.recv(65_536)


def test_html(uplynk: Client) -> None:
    uplynk.sim.faults.add(Fault(FaultKind.HTML))
    answer = uplynk.call("GET")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")


def test_garbage(uplynk: Client) -> None:
    uplynk.sim.faults.add(Fault(FaultKind.GARBAGE, When.AFTER))
    answer = uplynk.patch(NBA_FINALS)
    assert (answer.status_code, mode(uplynk)) == (200, "prioritized")
    with pytest.raises(requests.JSONDecodeError):
        answer.json()


def test_json_of_another_shape(uplynk: Client) -> None:
    uplynk.sim.faults.add(Fault(FaultKind.OTHER_SHAPE))
    uplynk.sim.faults.add(Fault(FaultKind.OTHER_SHAPE, body="[]"))
    assert "items" not in uplynk.call("GET").json()
    assert uplynk.call("GET").json() == []


@pytest.mark.parametrize("path", [f"/{NBA_FINALS}", ""])
def test_a_wrong_type_in_one_field(uplynk: Client, path: str) -> None:
    honest = uplynk.call("GET", path).json()
    uplynk.sim.faults.add(Fault(FaultKind.WRONG_TYPE, field="slicers", value="many"))
    spoiled = uplynk.call("GET", path).json()
    for group in spoiled.get("items", [spoiled]):
        assert group["slicers"] == "many"
    assert spoiled.keys() == honest.keys()


def test_a_wrong_type_in_the_answer_to_a_write(uplynk: Client) -> None:
    uplynk.sim.faults.add(Fault(FaultKind.WRONG_TYPE, When.AFTER, field="mode", value=None))
    answer = uplynk.patch(NBA_FINALS)
    assert (answer.status_code, answer.json()["id"], answer.json()["mode"]) == (
        200,
        NBA_FINALS,
        None,
    )


def test_a_fault_that_needs_a_group_says_404_for_none(uplynk: Client) -> None:
    uplynk.sim.faults.add(Fault(FaultKind.GZIP_BOMB))
    assert uplynk.patch("0" * 32).status_code == 404


def test_a_gzip_bomb_is_small_on_the_wire(uplynk: Client) -> None:
    size = 8 * 1_048_576
    uplynk.sim.faults.add(Fault(FaultKind.GZIP_BOMB, size=size))
    answer = uplynk.call("GET", f"/{NBA_FINALS}")
    assert int(answer.headers["Content-Length"]) < 20_000
    assert len(answer.content) > size
    assert answer.json()["id"] == NBA_FINALS


def test_a_lie(uplynk: Client) -> None:
    for when in When:
        uplynk.sim.faults.add(Fault(FaultKind.LIE, when, late_seconds=0.0))
        assert uplynk.patch(NBA_FINALS).status_code == 204
    assert not uplynk.sim.world.wait_for(applied, timeout=0.1)


@pytest.mark.parametrize("when", list(When))
def test_a_shifted_date_is_honest_otherwise(uplynk: Client, when: When) -> None:
    uplynk.sim.faults.add(Fault(FaultKind.DATE_SHIFT, when, seconds=-3600, late_seconds=0.0))
    answer = uplynk.patch(NBA_FINALS)
    shown = parsedate_to_datetime(answer.headers["Date"]).timestamp()
    assert 3500 < time.time() - shown < 3700
    assert (answer.status_code, mode(uplynk)) == (204, "prioritized")
    plain = parsedate_to_datetime(uplynk.call("GET").headers["Date"]).timestamp()
    assert abs(time.time() - plain) < 100
    assert len(uplynk.sim.world.journal.writes()) == 1


@pytest.mark.parametrize(("when", "now"), [("before", "flat"), ("after", "prioritized")])
def test_a_200_with_an_error_inside(uplynk: Client, when: str, now: str) -> None:
    uplynk.sim.faults.add(Fault(FaultKind.OK_WITH_ERROR, When(when)))
    answer = uplynk.patch(NBA_FINALS)
    assert (answer.status_code, answer.json()["error"], mode(uplynk)) == (200, 1, now)


@pytest.mark.parametrize(
    "kind", [kind for kind in FaultKind if kind not in (FaultKind.DELAY, FaultKind.DATE_SHIFT)]
)
def test_before_never_applies(uplynk: Client, kind: FaultKind) -> None:
    uplynk.sim.faults.add(Fault(kind, size=1_048_576))
    with uplynk.raw(f"/{NBA_FINALS}", "PATCH", {"mode": "prioritized"}):
        assert uplynk.sim.world.wait_for(arrived, timeout=5)
    assert uplynk.sim.world.wait_for(done, timeout=5)
    assert uplynk.sim.world.journal.writes() == []


@pytest.mark.parametrize("kind", [kind for kind in FaultKind if kind is not FaultKind.LIE])
def test_after_applies_once(uplynk: Client, kind: FaultKind) -> None:
    uplynk.sim.faults.add(Fault(kind, When.AFTER, size=1_048_576))
    with uplynk.raw(f"/{NBA_FINALS}", "PATCH", {"mode": "prioritized"}):
        assert uplynk.sim.world.wait_for(applied, timeout=5)
    assert uplynk.sim.world.wait_for(done, timeout=5)
    assert len(uplynk.sim.world.journal.writes()) == 1


def test_an_unsigned_request_does_not_use_up_a_fault(uplynk: Client) -> None:
    fault = uplynk.sim.faults.add(Fault(FaultKind.STATUS))
    assert uplynk.patch(NBA_FINALS, params={}).status_code == 401
    assert uplynk.sim.faults.hits(fault) == 0


def test_a_fault_strikes_as_often_as_it_says_and_on_what_it_says() -> None:
    book = FaultBook()
    book.add(Fault(FaultKind.HTML, method="WRITE", skip=1, times=2))
    book.add(Fault(FaultKind.HANG, endpoint=Endpoint.OWNERS, group_id=CUP_FINAL, times=None))
    patches = [book.take("PATCH", Endpoint.GROUP, CUP_FINAL) for _ in range(4)]
    assert [fault and fault.kind.value for fault in patches] == [None, "html", "html", None]
    assert book.take("GET", Endpoint.GROUP, CUP_FINAL) is None
    assert book.take("GET", Endpoint.OWNERS, NBA_FINALS) is None
    assert all(book.take("GET", Endpoint.OWNERS, CUP_FINAL) for _ in range(5))
    assert [(item["id"], item["hits"]) for item in book.active()] == [(2, 5)]


def test_faults_are_removed_and_cleared() -> None:
    book = FaultBook()
    first, second = (book.add(Fault(FaultKind.HTML, times=None)) for _ in range(2))
    book.remove(first)
    with pytest.raises(KeyError):
        book.remove(first)
    assert [item["id"] for item in book.active()] == [second]
    book.clear()
    assert book.take("GET", Endpoint.GROUPS, None) is None
