"""The stream: everything first, then just what changed, for each person their own."""

from __future__ import annotations

import json

import pytest

from sandbox.page.bell import Bell
from sandbox.page.live import Live
from sandbox.page.manifest import read_manifest
from sandbox.page.parts import Part, difference, redrawn, texts_of
from sandbox.page.server import PageServer
from sandbox.rig import Rig
from sandbox.slack.model import Message
from sandbox.uplynk.scenes import CUP_FINAL, many_groups
from tests.sandbox.page.browser import Browser, SmallStage


def test_the_first_batch_holds_everything(browser: Browser) -> None:
    with browser.watching("U0OPERATOR") as watching:
        batch = watching.batch()
        assert watching.response.headers["Content-Type"] == "text/event-stream; charset=utf-8"
    assert (batch["all"], batch["gone"]) == (True, [])
    expected = {
        "stage", "weather", "tour", "people", "names", "channels", "commands", "modal", "home",
    }  # fmt: skip
    assert expected <= set(batch["set"])
    assert f"group/{CUP_FINAL}" in batch["set"]


@pytest.mark.parametrize("person", ["U0NOBODY", "U0BOT", "", "%00", "C0LIVEOPS"])
def test_nobody_sees_nothing(browser: Browser, person: str) -> None:
    answer = browser.get(f"/live?person={person}")
    assert answer.status == 404
    assert set(answer.json()) == {"error"}


def test_of_two_thousand_groups_the_changed_one_is_sent() -> None:
    rig = Rig(uplynk=many_groups(2000))
    page = PageServer(SmallStage(rig))
    with rig.slack, rig.uplynk, page, Browser(page).watching("U0OPERATOR") as watching:
        first = watching.batch()
        assert sum(key.startswith("group/") for key in first["set"]) == 2000
        group = rig.world.groups()[1200]
        rig.world.kill_slicer(group.active_slicer_id or group.slicers[0].slicer_id)
        came = watching.until(lambda known: not known[f"group/{group.id}"]["slicers"][0]["healthy"])
        keys = {key for batch in came for key in batch["set"]}
        assert {key for key in keys if not key.startswith("happened/")} == {f"group/{group.id}"}
        assert all(batch["gone"] == [] for batch in came)


def test_a_changed_stage_reaches_the_page(browser: Browser, stage: SmallStage) -> None:
    with browser.watching("U0OPERATOR") as watching:
        watching.batch()
        stage.entries = [{"n": 7, "status": None}]
        stage.say(stage={"state": "ready", "caption": "In 9 s cup-a loses its input"})
        came = watching.until(lambda known: "wire/7" in known)
        assert watching.known["stage"]["caption"] == "In 9 s cup-a loses its input"
        assert {key for batch in came for key in batch["set"]} == {"stage", "wire/7"}
        stage.entries = []
        stage.say()
        assert watching.batch() == {"all": False, "set": {}, "gone": ["wire/7"]}


def test_two_people_see_each_their_own(browser: Browser, rig: Rig) -> None:
    world = rig.slack_world
    with browser.watching("U0OPERATOR") as one, browser.watching("U0VIEWER") as other:
        one.batch()
        other.batch()
        for viewer in ("U0OPERATOR", "U0VIEWER"):
            text = f"for {viewer} alone"
            world.post(Message("", "C0LIVEOPS", "U0BOT", text, viewer=viewer, via="answer"))
            direct = world.direct_channel(viewer).id
            world.post(Message("", direct, "U0BOT", f"direct to {viewer}"))
        world.post(Message("", "C0LIVEOPS", "U0BOT", "for everybody"))
        for watching, mine, theirs in ((one, "OPERATOR", "VIEWER"), (other, "VIEWER", "OPERATOR")):
            watching.until(lambda known, w=watching: len(w.messages("C0LIVEOPS")) == 2)
            assert [m["ephemeral"] for m in watching.messages("C0LIVEOPS")] == [True, False]
            assert f"for U0{mine} alone" in watching.raw
            assert f"direct to U0{mine}" in watching.raw
            assert f"for U0{theirs} alone" not in watching.raw
            assert f"direct to U0{theirs}" not in watching.raw


def test_the_private_channels_of_others_stay_theirs(browser: Browser, rig: Rig) -> None:
    world = rig.slack_world
    channel = world.channels["C0PRIVATE"]
    without = channel.members - {"U0OUTSIDER"}
    world.add_channel(type(channel)(channel.id, channel.name, without, is_private=True))
    world.post(Message("", "C0PRIVATE", "U0BOT", "hush"))
    world.post(Message("", "C0PRIVATE", "U0BOT", "hush", viewer="U0OUTSIDER"))
    world.post(Message("", "C0LIVEOPS", "U0BOT", "aloud"))
    with browser.watching("U0OUTSIDER") as watching:
        watching.batch()
        assert watching.messages("C0LIVEOPS")
        assert "hush" not in watching.raw
        assert "control-room" not in watching.raw


def test_while_a_rig_is_started_its_worlds_are_gone(
    browser: Browser, stage: SmallStage, rig: Rig
) -> None:
    second = Rig()
    with second.slack, second.uplynk, browser.watching("U0OPERATOR") as watching:
        watching.batch()
        stage.rig = None
        stage.say(stage={"state": "starting"})
        watching.until(lambda known: known["stage"]["state"] == "starting")
        assert not [key for key in watching.known if key.startswith(("group/", "message/"))]
        stage.rig = second
        stage.say(stage={"state": "ready"})
        watching.until(lambda known: known["stage"]["state"] == "ready" and "people" in known)
        second.world.kill_slicer("cup-a")
        watching.until(lambda known: known[f"group/{CUP_FINAL}"]["active_slicer_id"] == "cup-b")
        second.slack_world.post(Message("", "C0LIVEOPS", "U0BOT", "from the second one"))
        watching.until(lambda known: watching.messages("C0LIVEOPS"))
        rig.slack_world.post(Message("", "C0LIVEOPS", "U0BOT", "from the first one"))
        second.slack_world.post(Message("", "C0LIVEOPS", "U0BOT", "again"))
        watching.until(lambda known: len(watching.messages("C0LIVEOPS")) == 2)
        assert "from the first one" not in watching.raw


def test_a_burst_goes_out_in_few_batches(browser: Browser, rig: Rig) -> None:
    with browser.watching("U0OPERATOR") as watching:
        watching.batch()
        for number in range(200):
            rig.slack_world.post(Message("", "C0LIVEOPS", "U0BOT", str(number)))
        came = watching.until(lambda known: len(watching.messages("C0LIVEOPS")) == 200)
    assert len(came) < 50


def test_a_quiet_stream_shows_that_it_lives(stage: SmallStage) -> None:
    live = Live(stage, read_manifest())
    live.start()
    batches = live.batches("U0OPERATOR", heartbeat=0.2)
    assert json.loads(next(batches) or "")["all"]
    assert next(batches) is None
    live.stop()
    assert list(batches) == []


def test_a_bell_that_was_stopped_lets_nobody_wait(stage: SmallStage) -> None:
    bell = Bell(stage)
    assert not bell.wait(0, 0.01)
    bell.ring()
    assert bell.wait(0, 10)
    bell.stop()
    assert not bell.wait(5, 10)
    assert not bell.is_open
    bell.rest(10)


def test_only_what_differs_is_drawn_again() -> None:
    drawn: list[str] = []

    def part(key: str, value: str) -> Part:
        return Part(key, (value,), lambda: drawn.append(key) or value)

    first = redrawn({}, [part("a", "1"), part("b", "1")])
    second = redrawn(first, [part("a", "1"), part("b", "2")])
    assert drawn == ["a", "b", "b"]
    assert texts_of(second) == {"a": '"1"', "b": '"2"'}


def test_a_difference_is_what_leads_from_one_to_the_other() -> None:
    assert difference(None, {}) == '{"all":true,"set":{},"gone":[]}'
    assert difference({"a": "1"}, {"a": "1"}) is None
    assert json.loads(difference({"a": "1", "b": "2"}, {"a": "3", 'c"': "4"}) or "") == {
        "all": False, "set": {"a": 3, 'c"': 4}, "gone": ["b"],
    }  # fmt: skip
