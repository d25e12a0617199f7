"""The stage: what it shows, what each knob does, and that it starts afresh and ends for good."""

import os
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sandbox.bot_process import BotDied
from sandbox.page import set_up
from sandbox.page.stage import Stage
from sandbox.rig import Rig
from sandbox.slack.sample import DESK, LIVEOPS, OUTSIDER, SPORTS_DESK
from sandbox.uplynk.journal import Source
from sandbox.uplynk.model import NO_SLICER
from sandbox.uplynk.scenes import CUP_FINAL, NBA_FINALS, SPORTS_WEST

from .on_stage import on_stage, rig_of, types, waits


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with on_stage(tmp_path_factory.mktemp("stage")) as stage:
        yield stage


def shown(stage: Stage) -> dict[str, Any]:
    return dict(stage.parts()["stage"])


def told(stage: Stage, person: str) -> str:
    return rig_of(stage).slack.person(person).sees()


def test_what_it_shows(stage: Stage) -> None:
    head = shown(stage)
    scenes = head.pop("scenes")
    assert [one["id"] for one in scenes] == ["quiet", "final", "down", "crowd"]
    assert head == {
        "scene": "quiet",
        "state": "ready",
        "problem": "",
        "caption": "",
        "transport": "http",
        "bot": "running",
        "generation": 1,
        "keep": False,
    }
    assert set(stage.parts()) == {"stage", "weather", "tour"}
    assert stage.generation == 1


def test_everybody_has_the_role_that_the_page_says(stage: Stage) -> None:
    assert rig_of(stage).slack_world.usergroups[SPORTS_DESK].users == (DESK,)
    types(stage, '/failover set "Sports West" flat', DESK)
    waits(stage, lambda: "Change Sports West?" in told(stage, DESK))
    for person, line in (
        (DESK, '/failover set "News 24" flat'),
        (OUTSIDER, '/failover set "Sports West" flat'),
    ):
        types(stage, line, person)
        waits(stage, lambda person=person: "you need the role" in told(stage, person))


def test_slicers_die_and_come_back(stage: Stage) -> None:
    world = rig_of(stage).world
    stage.turn({"do": "kill", "slicer": "cup-a"})
    assert world.group(CUP_FINAL).active_slicer_id == "cup-b"
    stage.turn({"do": "revive", "slicer": "cup-a"})
    assert world.group(CUP_FINAL).slicers[0].healthy
    with pytest.raises(KeyError):
        stage.turn({"do": "kill", "slicer": "no-such"})


@pytest.mark.parametrize(
    "fields",
    [
        {"mode": "prioritized"},
        {"auto_failback": True},
        {"active_slicer_id": NO_SLICER},
        {"active_slicer_id": "nba-c", "mode": "flat"},
        {"name": "NBA Finals, game 7"},
    ],
)
def test_the_cms_changes_a_group(stage: Stage, fields: dict[str, Any]) -> None:
    stage.turn({"do": "cms", "group": NBA_FINALS, "fields": fields})
    group = rig_of(stage).world.group(NBA_FINALS)
    assert {name: getattr(group, name) for name in fields} == fields
    assert rig_of(stage).world.journal.changes()[-1].source is Source.CMS


def test_the_cms_changes_order_and_eligibility(stage: Stage) -> None:
    before = rig_of(stage).world.group(SPORTS_WEST).slicers
    wanted = [
        {"slicer_id": "west-c", "order": 1, "enabled": False},
        {"slicer_id": "west-b", "order": 3},
    ]
    stage.turn({"do": "cms", "group": SPORTS_WEST, "fields": {"slicers": wanted}})
    assert rig_of(stage).world.group(SPORTS_WEST).slicers == (
        before[0], replace(before[1], order=3), replace(before[2], order=1, enabled=False)
    )  # fmt: skip


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"do": 3},
        {"do": "dance"},
        {"do": "kill"},
        {"do": "cms", "group": CUP_FINAL},
        {"do": "cms", "group": CUP_FINAL, "fields": {}},
        {"do": "cms", "group": CUP_FINAL, "fields": {"mode": "other"}},
        {"do": "cms", "group": CUP_FINAL, "fields": {"auto_failback": "on"}},
        {"do": "cms", "group": CUP_FINAL, "fields": {"active_slicer_id": "nba-a"}},
        {"do": "cms", "group": CUP_FINAL, "fields": {"name": " "}},
        {"do": "cms", "group": CUP_FINAL, "fields": {"name": "x" * 256}},
        {"do": "cms", "group": CUP_FINAL, "fields": {"owner": "me"}},
        {"do": "cms", "group": CUP_FINAL, "fields": {"slicers": "cup-a"}},
        {"do": "cms", "group": CUP_FINAL, "fields": {"slicers": [{"slicer_id": "nba-a"}]}},
        {"do": "cms", "group": CUP_FINAL, "fields": {"slicers": [{"slicer_id": "cup-a"}] * 2}},
        {
            "do": "cms",
            "group": CUP_FINAL,
            "fields": {"slicers": [{"slicer_id": "cup-a", "order": 0}]},
        },
        {"do": "weather", "side": "uplynk"},
        {"do": "bot", "now": "start"},
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(stage: Stage, body: dict[str, Any]) -> None:
    before = rig_of(stage).world.version
    with pytest.raises(ValueError, match=r"^[A-Z“].*\.$"):
        stage.turn(body)
    assert rig_of(stage).world.version == before


@pytest.mark.parametrize(
    "body",
    [
        {"do": "cms", "group": "no-such", "fields": {"mode": "flat"}},
        {"do": "weather", "side": "uplynk", "now": "sunny"},
        {"do": "scene", "scene": "no-such"},
        {"do": "bot", "now": "dance"},
    ],
)
def test_what_does_not_exist_is_a_key_error(stage: Stage, body: dict[str, Any]) -> None:
    with pytest.raises(KeyError):
        stage.turn(body)
    assert shown(stage)["generation"] == 1


def test_a_killed_bot_is_missed_and_can_be_started_again(stage: Stage) -> None:
    slack = rig_of(stage).slack
    stage.turn({"do": "bot", "now": "kill"})
    assert shown(stage)["bot"] == "stopped"
    delivery = slack.person("U0VIEWER").types("/failover list", channel=LIVEOPS)
    assert delivery.failure == "dispatch_failed"
    with pytest.raises(ValueError, match="not running"):
        stage.turn({"do": "bot", "now": "kill"})
    stage.turn({"do": "bot", "now": "start"})
    assert shown(stage)["bot"] == "running"
    types(stage, "/failover list", "U0VIEWER")
    waits(stage, lambda: "Failover groups" in told(stage, "U0VIEWER"))


def test_whoever_waits_hears_of_a_turn(stage: Stage) -> None:
    with stage.changed:
        rig_of(stage)
        stage.turn({"do": "weather", "side": "slack", "now": "well"})
    assert stage.parts()["weather"]["slack"]["now"] == "well"


def test_another_scene_begins_afresh(tmp_path: Path) -> None:
    with on_stage(tmp_path, scene="final") as stage:
        first = rig_of(stage)
        assert re.fullmatch(r"In 1[0-2] s cup-a loses its input\.", shown(stage)["caption"])
        types(stage, "/failover list")
        pid = first.bot.pid
        stage.turn({"do": "scene", "scene": "down"})
        with pytest.raises(KeyError):
            stage.turn({"do": "scene", "scene": "no-such"})
        assert shown(stage)["state"] == "starting"
        assert stage.wait() == ""
        assert rig_of(stage) is not first
        head = shown(stage)
        assert (head["scene"], head["state"], head["generation"]) == ("down", "ready", 2)
        assert head["caption"] == ""
        assert stage.parts()["weather"]["uplynk"]["now"] == "down"
        assert all(row["what"] != "slash command · /failover list" for row in stage.wire())
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
        types(stage, "/failover list")
        waits(stage, lambda: stage.wire()[-1]["problem"] == "reset (weather)")
        stage.turn({"do": "bot", "now": "kill"})


def test_while_there_is_no_rig_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def dies(_: Rig) -> None:
        raise BotDied(2, "Traceback\nPORT: cannot listen\n\n")

    with on_stage(tmp_path) as stage:
        monkeypatch.setattr(set_up.Rig, "start_bot", dies)
        stage.turn({"do": "scene", "scene": "final"})
        problem = stage.wait()
        assert problem == "The bot did not start: PORT: cannot listen"
        head = shown(stage)
        assert (head["state"], head["problem"], head["bot"]) == ("failed", problem, "stopped")
        assert stage.rig is None
        assert stage.wire() == []
        assert stage.parts()["weather"]["uplynk"]["now"] == "well"
        assert not any(step["done"] for step in stage.parts()["tour"]["steps"])
        with pytest.raises(KeyError):
            stage.wire_detail(1)
        with pytest.raises(ValueError, match="being set up"):
            stage.turn({"do": "kill", "slicer": "cup-a"})
        monkeypatch.undo()
        stage.turn({"do": "scene", "scene": "quiet"})
        assert stage.wait() == ""


def test_it_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(set_up, "_LONGEST_STOP_SECONDS", 0.2)
    with on_stage(tmp_path) as stage:
        pid, folder = rig_of(stage).bot.pid, rig_of(stage).folder
        stage.turn({"do": "weather", "side": "uplynk", "now": "hanging"})
        types(stage, '/failover set "News 24" flat now')
    assert not folder.exists()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert stage.rig is None
