"""The figures of a real bot, before and after what people do with it."""

import os
import signal
import sqlite3
from contextlib import closing

from sandbox.slack.faults import Fault as SlackFault
from sandbox.slack.faults import FaultKind as SlackFaultKind
from sandbox.uplynk.faults import Fault, FaultKind, When

from .conftest import Scene, Start
from .reading import Figures, figures, page

CHANGE = "/failover set nba prioritized now because rehearsal"


def count(figures: Figures, part: str) -> float:
    return figures[f"{part}_seconds_count",]


def test_what_people_do_shows_in_the_figures(scene: Scene) -> None:
    before = figures(scene.bot)
    assert before["changes_total", "configure", "verified"] == 0
    assert before["refusals_total", "role", ""] == 0
    assert before["database_up",] == 1
    scene.operator.types(CHANGE)
    scene.shows("applied and verified")
    scene.viewer.types("/failover set nba flat now")
    scene.hears(scene.viewer, "operator")
    scene.operator.types("/failover nba")
    scene.waits(lambda: "NBA" in scene.modal(scene.operator))
    scene.admin.types("/failover lock nba because final")
    scene.shows("final")
    after = figures(scene.bot)
    assert after["changes_total", "configure", "verified"] == 1
    assert after["changes_total", "configure", "refused"] == 1
    assert after["changes_total", "lock", "done"] == 1
    assert after["refusals_total", "role", ""] == 1
    assert after["uplynk_calls_total", "write"] == 1
    assert after["uplynk_calls_total", "read"] >= 2
    assert after["locks",] == 1
    assert after["paused",] == 0
    parts = {part: count(after, part) - count(before, part)
             for part in ("acknowledgement", "form", "write", "verification")}  # fmt: skip
    assert parts == {"acknowledgement": 4, "form": 1, "write": 1, "verification": 1}
    assert 0 <= after["slack_last_message_age_seconds",] < 60
    assert after["uplynk_up",] == 1
    assert abs(after["clock_ahead_seconds", "uplynk"]) < 60
    assert abs(after["clock_ahead_seconds", "slack"]) < 60
    silent = [after[name] for name in after if name == ("slack_link_silent_seconds",)]
    assert len(silent) == (1 if scene.rig.slack.hub.connections else 0)
    assert all(0 <= seconds < 60 for seconds in silent)
    assert after["process_resident_memory_bytes",] > 0


def test_a_refusal_by_a_rule_and_an_error_of_uplynk_are_named(http: Scene) -> None:
    http.admin.types("/failover pause because storm")
    http.shows("storm")
    http.operator.types(CHANGE)
    http.hears(http.operator, "storm")
    http.admin.types("/failover resume")
    http.waits(lambda: figures(http.bot)["changes_total", "pause", "done"] == 2)
    http.uplynk.faults.add(Fault(FaultKind.STATUS, status=401, method="WRITE"))
    http.operator.types(CHANGE)
    http.shows("failed, nothing changed")
    found = figures(http.bot)
    assert found["refusals_total", "rule", "pause"] == 1
    assert found["uplynk_errors_total", "Unauthorized"] >= 1
    assert found["changes_total", "configure", "failed"] == 1


def test_what_slack_does_not_take_shows_as_the_outbox(http: Scene) -> None:
    away = SlackFault(SlackFaultKind.STATUS, status=503, method="chat.postMessage", times=None)
    http.slack.world.faults.set(away)
    http.operator.types(CHANGE)
    http.waits(lambda: figures(http.bot)["outbox_messages", "card"] == 1)
    found = figures(http.bot)
    assert found["outbox_oldest_seconds", "card"] > 0
    assert found["outbox_overdue", "card"] == 0
    http.slack.world.faults.clear()
    http.waits(lambda: figures(http.bot)["outbox_messages", "card"] == 0, 30)


def test_without_a_database_the_page_comes_all_the_same(http: Scene) -> None:
    with closing(sqlite3.connect(http.rig.folder / "failover.db")) as database:
        database.execute("ALTER TABLE forces RENAME TO away")
        database.commit()
        found = figures(http.bot)
        database.execute("ALTER TABLE away RENAME TO forces")
        database.commit()
    assert found["database_up",] == 0
    assert ("outbox_messages", "card") not in found
    assert count(found, "write") == 0
    assert figures(http.bot)["database_up",] == 1


def test_the_build_is_the_one_that_the_host_names(start: Start) -> None:
    scene = start(settings={"HEROKU_SLUG_COMMIT": "0123456789abcdef0123", "DYNO": "web.1"})
    assert f'instance="web.1:{scene.bot.pid}",version="0123456789ab"' in page(scene.bot)


def test_a_bot_that_stops_says_so_while_it_finishes(start: Start) -> None:
    scene = start(settings={"UPLYNK_READ_TIMEOUT_SECONDS": "11"})
    scene.uplynk.faults.add(
        Fault(FaultKind.DELAY, When.BEFORE, seconds=3.0, method="WRITE", times=1)
    )
    scene.operator.types(CHANGE)
    scene.waits(lambda: scene.attempts() == 1)
    os.kill(scene.bot.pid, signal.SIGTERM)
    scene.waits(lambda: scene.bot.get("/readyz")[0] == 503)
    assert scene.bot.get("/readyz")[1] == {"ready": False, "checks": {"process": "stopping"}}
    assert scene.bot.get("/healthz") == (200, {"alive": True})
    assert "failover_build_info" in page(scene.bot)
    assert scene.operator.types("/failover help").failure
    assert scene.bot.stop() == 0
    assert "applied and verified" in scene.channel
