"""Uplynk away, the bot's key refused, the host's clock wrong: said at once, and changes tried."""

from __future__ import annotations

import time
from typing import Any

from sandbox.rig import OWNER
from sandbox.uplynk.faults import Fault, FaultKind
from sandbox.uplynk.scenes import NBA_FINALS, default_scene

from .conftest import Scene, Start

CHANGE = "/failover set nba prioritized now because rehearsal"
HASTE = {"UPLYNK_BUDGET_SECONDS": "1", "GROUPS_CACHE_SECONDS": "0"}


def reads(scene: Scene) -> int:
    return sum(one.method == "GET" for one in scene.world.journal.requests())


def readiness(scene: Scene) -> tuple[int, Any]:
    status, told = scene.bot.get("/readyz")
    return status, told["checks"]


def test_an_outage_is_named_at_once_and_the_change_goes_out(start: Start) -> None:
    scene = start(settings=HASTE)
    scene.operator.types("/failover status nba")
    scene.hears(scene.operator, "Read from Uplynk")
    scene.uplynk.faults.add(Fault(FaultKind.STATUS, status=503, times=None))
    for _ in range(2):
        scene.operator.types("/failover status nba")
        scene.waits(lambda: "in trouble" in scene.told(scene.operator))
        scene.operator.types("/failover whoami")
        scene.hears(scene.operator, "operator")
    status, checks = readiness(scene)
    assert status == 200
    assert "Uplynk has not answered since" in checks["uplynk"]

    scene.operator.types("/failover nba")
    scene.waits(lambda: "has not answered since" in scene.modal(scene.operator))
    scene.waits(lambda: "Try again" in scene.modal(scene.operator))
    assert "calls failed" in scene.modal(scene.operator)

    scene.uplynk.faults.clear()
    scene.operator.types(CHANGE)
    scene.waits(lambda: "applied and verified" in scene.channel)
    assert readiness(scene)[1]["uplynk"] == "ok"


def test_who_waits_hears_it_before_the_answer(start: Start) -> None:
    scene = start(settings=HASTE)
    scene.uplynk.faults.add(Fault(FaultKind.STATUS, status=503, times=None))
    scene.operator.types("/failover status nba")
    scene.hears(scene.operator, "Uplynk is in trouble")
    scene.operator.types("/failover set nba prioritized")
    scene.waits(lambda: "It is asked once more now" in scene.operator.sees())


def test_a_refused_key_is_hardly_used_but_for_changes(start: Start) -> None:
    scene = start(settings=HASTE)
    scene.uplynk.faults.add(Fault(FaultKind.STATUS, status=401, times=None))
    for _ in range(20):
        told = len(scene.operator.private_messages())
        scene.operator.types("/failover status nba")
        scene.waits(lambda told=told: len(scene.operator.private_messages()) > told)
    assert reads(scene) <= 4, "two, and two more if all this took longer than the rest"
    assert "did not accept the bot's credentials" in scene.told(scene.operator)
    scene.waits(lambda: scene.bot.log.count("ALARM: Uplynk refuses the bot's key") == 1)
    assert "refused the bot" in readiness(scene)[1]["uplynk"]
    before = reads(scene)
    scene.operator.types(CHANGE)
    scene.hears(scene.operator, "failed, nothing changed")
    assert reads(scene) > before
    assert scene.attempts() == 0
    scene.uplynk.faults.clear()
    scene.operator.types(CHANGE)
    scene.waits(lambda: "applied and verified" in scene.channel)
    scene.waits(lambda: "Uplynk answers again" in scene.bot.log)


def test_a_wrong_clock_is_named_where_signatures_are_refused(start: Start) -> None:
    world = default_scene(owner=OWNER, clock=lambda: time.time() - 400)
    scene = start(uplynk=world, settings=HASTE)
    scene.operator.types("/failover status nba")
    told = scene.hears(scene.operator, "The clock of the bot’s host is 6 min ahead of Uplynk’s")
    assert "signatures are refused" in told
    assert "Nothing was changed." in told
    status, checks = readiness(scene)
    assert status == 200
    assert "s ahead of Uplynk's: set this host's clock" in checks["clock"]
    scene.waits(lambda: scene.bot.log.count("ahead of Uplynk's: set it") == 1)
    world.clock = time.time
    scene.operator.types(CHANGE)
    scene.waits(lambda: "applied and verified" in scene.channel)
    assert scene.world.group(NBA_FINALS).mode == "prioritized"
    assert readiness(scene) == (200, {**readiness(scene)[1], "clock": "ok"})


def test_a_clock_that_is_a_little_off_is_told_of_and_no_more(start: Start) -> None:
    world = default_scene(owner=OWNER, clock=lambda: time.time() + 100)
    scene = start(uplynk=world)
    scene.operator.types(CHANGE)
    scene.waits(lambda: "applied and verified" in scene.channel)
    status, checks = readiness(scene)
    assert status == 200
    assert "behind Uplynk's" in checks["clock"]
    scene.waits(lambda: scene.bot.log.count("behind Uplynk's: set it") == 1)


def test_the_same_envelope_twice_is_one_change(start: Start) -> None:
    scene = start(socket_mode=True)
    delivery = scene.operator.types(CHANGE)
    scene.slack.office.deliver_again(delivery)
    scene.waits(lambda: "applied and verified" in scene.channel)
    scene.slack.office.deliver_again(delivery)
    assert len(scene.cards) == 1
    assert scene.attempts() == 1


def test_a_silent_link_is_replaced_under_a_running_bot(start: Start) -> None:
    scene = start(socket_mode=True)
    opened = scene.slack.hub.links_opened
    scene.slack.hub.fall_silent()
    scene.waits(lambda: scene.slack.hub.links_opened > opened, 30)
    scene.waits(lambda: readiness(scene)[1]["slack link"] == "ok")
    scene.waits(lambda: scene.operator.types("/failover help").ok)
    scene.waits(lambda: "the Socket Mode link has been silent for" in scene.bot.log)
