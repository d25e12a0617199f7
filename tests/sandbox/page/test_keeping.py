"""What a run leaves, and how a later one goes on from it."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sandbox.bot_process import BotDied
from sandbox.page import set_up, state
from sandbox.page.keeping import Keeping
from sandbox.page.scenes import quiet
from sandbox.page.state import State
from sandbox.rig import Rig
from sandbox.slack.model import Message
from sandbox.slack.sample import AUDIT, LIVEOPS, sample_world
from sandbox.uplynk.scenes import CUP_FINAL, SPORTS_WEST

from .on_stage import on_stage, rig_of, types, waits

KEPT = State("quiet", quiet().groups(), (Message("1.000001", LIVEOPS, "U0VIEWER", "hi"),), {"V": 7})


def kept(folder: Path, said: list[str]) -> State | None:
    with Keeping(folder, said.append) as keeping:
        return keeping.kept()


def leave(folder: Path, what: State = KEPT) -> None:
    with Keeping(folder, print) as keeping:
        keeping.begin_clean()
        keeping.write(what)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    said: list[str] = []
    assert kept(tmp_path, said) is None
    leave(tmp_path)
    assert kept(tmp_path, said) == KEPT
    assert state.read(state.text(KEPT)) == KEPT
    assert said == []


def test_only_what_all_see_is_taken_and_put_back(rig: Rig) -> None:
    world = rig.slack_world
    world.direct_channel("U0VIEWER")
    block = {"type": "section", "block_id": "b", "text": {"type": "plain_text", "text": "Hello"}}
    card = world.post(Message("", AUDIT, "U0BOT", "card", blocks=(block,), metadata={"a": 1}))
    news = world.post(Message("", "D0VIEWER", "U0BOT", "for you"))
    world.post(Message("", LIVEOPS, "U0BOT", "only you", viewer="U0VIEWER"))
    world.moment.next_id("V")
    rig.world.kill_slicer("cup-a")

    taken = state.read(state.text(state.taken(rig, "final")))
    fresh = sample_world()
    state.restore(taken, fresh)
    assert fresh.messages(AUDIT) == [card]
    assert fresh.messages("D0VIEWER") == [news]
    assert fresh.private_messages("U0VIEWER") == [news]
    assert fresh.moment.next_id("V") > "V01001"
    assert taken.groups == rig.world.groups()
    assert taken.scene == "final"


def test_a_message_of_a_channel_that_is_no_more_is_left_out() -> None:
    fresh = sample_world()
    state.restore(replace(KEPT, messages=(*KEPT.messages, Message("2.0", "C0GONE", "U1"))), fresh)
    assert [one.text for one in fresh.messages(LIVEOPS)] == ["hi"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"version": 99}',
        '{"version": 1, "scene": "quiet"}',
        state.text(KEPT).replace('"slicer_id"', '"id"'),
        state.text(KEPT).replace('"viewer"', '"who"'),
    ],
)
def test_what_cant_be_read_is_moved_aside_and_said_in_one_line(tmp_path: Path, text: str) -> None:
    leave(tmp_path)
    (tmp_path / "now/state.json").write_text(text, encoding="utf-8")
    said: list[str] = []
    assert kept(tmp_path, said) is None
    (line,) = said
    assert "\n" not in line
    assert "beginning clean" in line
    (aside,) = tmp_path.glob("aside-*/now")
    assert str(aside.parent) in line
    assert (aside / "state.json").read_text(encoding="utf-8") == text
    assert kept(tmp_path, said) is None
    assert len(said) == 1


def test_a_broken_database_is_moved_aside_too(tmp_path: Path) -> None:
    leave(tmp_path)
    (tmp_path / "now/failover.db").write_bytes(b"no database" * 1000)
    said: list[str] = []
    assert kept(tmp_path, said) is None
    assert "not a database" in said[0]


def test_of_two_at_once_the_second_keeps_to_itself(tmp_path: Path) -> None:
    leave(tmp_path)
    said: list[str] = []
    with Keeping(tmp_path, print) as first, Keeping(tmp_path, said.append) as second:
        assert said == [
            "Another sandbox runs here: "
            "the state of this one is kept in a temporary folder and goes with it."
        ]
        assert first.database_url != second.database_url
        assert second.kept() is None
        second.begin_clean()
        second.write(KEPT)
        temporary = Path(second.database_url.removeprefix("sqlite:///")).parent
        assert temporary.exists()
        assert first.kept() == KEPT
    assert not temporary.exists()
    assert kept(tmp_path, said) == KEPT


def test_a_folder_that_cant_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    said: list[str] = []
    assert kept(tmp_path / "file/folder", said) is None
    assert "can't be written (Not a directory)" in said[0]


def test_a_run_goes_on_from_the_last_one(tmp_path: Path) -> None:
    with on_stage(tmp_path) as stage:
        types(stage, '/failover set "Sports West" failback on now because the last run')
        waits(stage, lambda: "applied and verified" in rig_of(stage).slack.channel(AUDIT).text())
        stage.turn({"do": "kill", "slicer": "cup-a"})
    with on_stage(tmp_path, keep=True) as stage:
        rig = rig_of(stage)
        head = stage.parts()["stage"]
        assert (head["keep"], head["scene"]) == (True, "quiet")
        assert rig.world.group(SPORTS_WEST).auto_failback
        assert rig.world.group(CUP_FINAL).active_slicer_id == "cup-b"
        assert "the last run" in rig.slack.channel(AUDIT).text()
        card = rig.slack.channel(AUDIT).messages()[-1]
        rig.slack.person("U0OPERATOR").presses("Undo…", on=card)
        waits(stage, lambda: "auto failback on → off" in rig.slack.person("U0OPERATOR").sees())
        stage.turn({"do": "scene", "scene": "quiet"})
        assert stage.wait() == ""
        assert not rig_of(stage).world.group(SPORTS_WEST).auto_failback
    with on_stage(tmp_path) as stage:
        assert rig_of(stage).slack.channel(AUDIT).messages() == []


def test_a_killed_run_has_left_its_state_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(set_up, "_SAVE_EVERY_SECONDS", 0.05)
    with on_stage(tmp_path) as stage:
        stage.turn({"do": "kill", "slicer": "cup-a"})
        file = tmp_path / "now/state.json"
        waits(stage, lambda: file.exists() and '"active_slicer_id":"cup-b"' in file.read_text())


def test_the_state_of_another_scene_is_not_gone_on_from(tmp_path: Path) -> None:
    leave(tmp_path)
    said: list[str] = []
    with on_stage(tmp_path, said, keep=True, scene="final") as stage:
        assert rig_of(stage).slack.channel(LIVEOPS).messages() == []
        assert "is of the scene “quiet”" in said[0]


def test_what_keeps_the_bot_from_starting_is_moved_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave(tmp_path)
    starts = set_up.Rig.start_bot

    def stumbles(rig: Rig) -> None:
        if rig.slack_world.messages(LIVEOPS):
            raise BotDied(2, "no such table\n")
        starts(rig)

    monkeypatch.setattr(set_up.Rig, "start_bot", stumbles)
    said: list[str] = []
    with on_stage(tmp_path, said, keep=True) as stage:
        assert rig_of(stage).slack.channel(LIVEOPS).messages() == []
    assert "keeps the bot from starting (no such table)" in said[0]


def test_a_full_disk_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    said: list[str] = []
    with on_stage(tmp_path, said):
        monkeypatch.setattr(Keeping, "write", fails)
    assert said == ["The state could not be kept: [Errno 28] No space left on device"]
