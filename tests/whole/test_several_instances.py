"""Two processes on one database: each change is worked on by one of them, whatever dies."""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from sandbox.rig import POLICY
from sandbox.slack.faults import Fault as SlackFault
from sandbox.slack.faults import FaultKind as SlackFaultKind
from sandbox.slack.people import SimulatedPerson
from sandbox.uplynk.faults import Fault, FaultKind, When
from sandbox.uplynk.scenes import NBA_FINALS

from .conftest import Start
from .fleet import Fleet
from .test_crowd import at_once, crowd

CHANGE = "/failover set nba prioritized now because rehearsal"
PROTECT = POLICY + '[[protect]]\ngroups = ["NBA*"]\n'
VERIFIED, FAILED = "applied and verified", "failed, nothing changed"
TAKEN_OVER = "is taken over from instance"
SET_TAKEN_OVER = re.compile(r"set [0-9a-f]{32} is taken over from instance")


@pytest.fixture
def begin(start: Start) -> Iterator[Callable[..., Fleet]]:
    """Starts two instances; what the second one leaves behind is checked, too."""
    fleets: list[Fleet] = []

    def begun(url: str, **more: object) -> Fleet:
        fleets.append(Fleet(start, url, **more))
        return fleets[-1]

    yield begun
    for fleet in fleets:
        assert "Traceback" not in fleet.second.log


@pytest.fixture
def fleet(begin: Callable[..., Fleet], any_database: str) -> Fleet:
    return begin(any_database)


@pytest.fixture
def servers(begin: Callable[..., Fleet], postgres_url: str) -> Fleet:
    return begin(postgres_url)


def is_mode(fleet: Fleet, mode: str) -> bool:
    return fleet.scene.world.group(NBA_FINALS).mode == mode


def test_one_press_delivered_to_both_at_once_is_one_change(fleet: Fleet) -> None:
    scene, balancer = fleet.scene, fleet.balanced(doubled=True)
    for number, mode in enumerate(["prioritized", "flat", "prioritized"], start=1):
        scene.operator.types(f"/failover set nba {mode} now")
        scene.waits(lambda n=number: scene.channel.count(VERIFIED) == n)
        scene.hears(scene.operator, VERIFIED)
    assert [answer.status for answer in balancer.answers] == [200] * 6
    assert scene.attempts() == len(scene.cards) == 3


def test_a_change_whose_instance_is_killed_with_the_write_under_way(fleet: Fleet) -> None:
    killed_in_the_middle(fleet, When.AFTER, VERIFIED)
    assert is_mode(fleet, "prioritized")


def test_a_write_that_died_with_its_instance_is_told_as_such(servers: Fleet) -> None:
    killed_in_the_middle(servers, When.BEFORE, FAILED)
    assert not is_mode(servers, "prioritized")
    assert "[Try again]" in servers.scene.cards[0]


def killed_in_the_middle(fleet: Fleet, applied: When, word: str) -> None:
    scene = fleet.scene
    scene.uplynk.faults.add(Fault(FaultKind.HANG, applied, method="WRITE"))
    fleet.when_first("PATCH", fleet.kill_first)
    scene.operator.types(CHANGE)
    scene.waits(lambda: TAKEN_OVER in fleet.second.log, 15)
    scene.waits(lambda: word in scene.channel, 40)
    scene.hears(scene.operator, word)
    assert scene.attempts() == len(scene.cards) == 1


def test_a_request_whose_instance_is_killed_before_the_write(fleet: Fleet) -> None:
    scene = fleet.scene
    fleet.when_first("GET", fleet.kill_first)
    scene.operator.types(CHANGE)
    scene.waits(lambda: TAKEN_OVER in fleet.second.log, 15)
    scene.waits(lambda: VERIFIED in scene.channel, 15)
    assert scene.attempts() == len(scene.cards) == 1


def test_after_a_clean_stop_the_other_goes_on_at_once(servers: Fleet) -> None:
    scene = servers.scene
    assert servers.first.stop() == 0
    servers.speaks_to(servers.second)
    scene.operator.types(CHANGE)
    scene.waits(lambda: VERIFIED in scene.channel)
    assert scene.attempts() == len(scene.cards) == 1


def test_one_winner_of_many_that_ask_both_for_the_same_group(servers: Fleet) -> None:
    scene = servers.scene
    names = crowd(scene, 32)
    servers.balanced()
    scene.uplynk.faults.add(Fault(FaultKind.DELAY, When.AFTER, seconds=1.5, method="WRITE"))
    at_once(scene, names, ["/failover set nba prioritized now"] * len(names))
    told = {name: partial(scene.told, scene.slack.person(name)) for name in names}
    ends = (VERIFIED, "not changed", "already so")
    scene.waits(lambda: all(any(end in one() for end in ends) for one in told.values()), 30)
    winners = [name for name in names if VERIFIED in told[name]()]
    busy = [name for name in names if "is under way or has just ended" in told[name]()]
    assert len(winners) == scene.attempts() == len(scene.cards) == 1
    assert busy
    assert all(winners[0].lower() in told[name]().lower() for name in busy)


def test_a_button_pressed_at_both_at_once_is_pressed_once(servers: Fleet) -> None:
    scene = servers.scene
    scene.operator.types("/failover set nba prioritized")
    scene.hears(scene.operator, "[Apply]")
    servers.balanced(doubled=True)
    scene.presses(scene.operator, "Apply")
    scene.waits(lambda: VERIFIED in scene.channel)
    scene.hears(scene.operator, VERIFIED)
    assert scene.attempts() == len(scene.cards) == 1


def test_what_was_asked_of_one_is_approved_at_the_other(
    begin: Callable[..., Fleet], postgres_url: str
) -> None:
    fleet = begin(postgres_url, policy=PROTECT)
    scene = fleet.scene
    scene.operator.types(CHANGE)
    scene.shows("waits for a second person", "[Approve]")
    card = scene.card
    fleet.balanced()

    def approves(person: SimulatedPerson) -> bool:
        return person.presses("Approve", on=card).ok

    with ThreadPoolExecutor(2) as pool:
        assert all(pool.map(approves, (scene.approver, scene.admin)))
    scene.shows(VERIFIED, "*Approved by*")
    told = [scene.waits(lambda p=p: scene.told(p)) for p in (scene.approver, scene.admin)]
    assert sum("Thank you. The change is under way" in one for one in told) == 1
    assert scene.attempts() == len(scene.cards) == 1


@pytest.mark.parametrize("method", ["PATCH", "GET"])
def test_an_instance_that_freezes_and_wakes_does_no_harm(servers: Fleet, method: str) -> None:
    scene = servers.scene
    servers.when_first(method, servers.freeze_first)
    try:
        scene.operator.types(CHANGE)
        scene.waits(lambda: TAKEN_OVER in servers.second.log, 15)
        scene.waits(lambda: VERIFIED in scene.channel, 20)
    finally:
        servers.thaw_first()
    scene.waits(lambda: "the lease of this instance had run out" in servers.first.log)
    servers.speaks_to(servers.first)
    scene.operator.types("/failover set nba flat now")
    scene.waits(lambda: scene.channel.count(VERIFIED) == 2)
    assert is_mode(servers, "flat")
    assert scene.attempts() == len(scene.cards) == 2


def test_what_a_dead_instance_had_to_tell_the_other_tells_in_order(servers: Fleet) -> None:
    scene = servers.scene
    for method in ("chat.postMessage", "response_url"):
        scene.slack.fault(SlackFault(SlackFaultKind.DROP_BEFORE, method=method, times=None))

    def step(number: int, mode: str) -> bool:
        scene.operator.types(f"/failover set nba {mode} now because step {number}")
        return scene.world.wait_for(lambda _: scene.writes() == number, 1.0)

    for number, mode in enumerate(("prioritized", "flat", "prioritized"), start=1):
        scene.waits(partial(step, number, mode))
    assert scene.cards == []
    servers.first.kill()
    scene.slack.world.faults.clear()
    scene.waits(lambda: scene.channel.count(VERIFIED) == 3, 60)
    assert [card.split("step ")[1][0] for card in scene.cards] == ["1", "2", "3"]
    assert scene.attempts() == 3


def test_a_set_whose_instance_dies_is_ended_and_told_by_the_other(servers: Fleet) -> None:
    scene = servers.scene
    scene.operator.types('/failover set "Sports *" flat')
    scene.hears(scene.operator, "[Cancel]")
    servers.when_first("PATCH", servers.kill_first)
    scene.presses(scene.operator, "Apply to 2 groups")
    scene.waits(lambda: SET_TAKEN_OVER.search(servers.second.log), 15)
    scene.waits(lambda: VERIFIED in scene.channel, 20)
    scene.waits(lambda: "1 of 2 groups" in scene.told(scene.operator), 15)
    assert scene.attempts() == len(scene.cards) == 1


def test_over_socket_mode_both_have_work_and_the_survivor_goes_on(
    begin: Callable[..., Fleet], any_database: str
) -> None:
    fleet = begin(any_database, socket_mode=True)
    scene, links = fleet.scene, fleet.scene.slack.hub
    scene.waits(lambda: links.connections == 2)
    for number, mode in enumerate(["prioritized", "flat"], start=1):
        scene.operator.types(f"/failover set nba {mode} now")
        scene.waits(lambda n=number: scene.channel.count(VERIFIED) == n)
    scene.waits(lambda: all("is received" in bot.log for bot in (fleet.first, fleet.second)))
    fleet.when_first("PATCH", fleet.kill_first)
    for number, mode in enumerate(["prioritized", "flat"], start=3):
        scene.operator.types(f"/failover set nba {mode} now")
        scene.waits(lambda n=number: scene.channel.count(VERIFIED) == n, 40)
        scene.waits(lambda: links.connections == 1)
    assert scene.attempts() == len(scene.cards) == 4
