"""The scenes: what is in them, what happens by itself, and that the captions tell the truth."""

import threading
from dataclasses import replace

import pytest

from sandbox.page.scenes import CROWD, FIRST, FLAPPING, SCENES, crowd, final, quiet
from sandbox.page.timeline import Beat, Player, Timeline, caption, play
from sandbox.page.weather import UPLYNK
from sandbox.uplynk.journal import Source
from sandbox.uplynk.model import NO_SLICER, SimGroup
from sandbox.uplynk.scenes import CUP_FINAL, SPORTS_EAST
from sandbox.uplynk.world import UplynkWorld


def group(**fields: object) -> SimGroup:
    return replace(final().group(CUP_FINAL), **fields)  # type: ignore[arg-type]


def test_every_scene_can_be_made_and_shown() -> None:
    assert list(SCENES) == ["quiet", "final", "down", "crowd"]
    assert FIRST in SCENES
    for ident, scene in SCENES.items():
        shown = scene.to_json()
        assert shown["id"] == ident
        assert shown["title"]
        assert shown["about"].endswith(".")
        assert scene.weather in {preset.id for preset in UPLYNK}
        assert scene.make().group(CUP_FINAL).name == "Cup Final"


def test_the_worlds() -> None:
    assert not quiet().group(CUP_FINAL).auto_failback
    assert final().group(CUP_FINAL).auto_failback
    assert len(final().groups()) == len(quiet().groups())
    names = [one.name for one in crowd().groups()]
    assert len(set(names)) == len(names) == CROWD == 2_000
    assert SCENES["down"].weather == "down"


def test_the_beats_come_again_without_end() -> None:
    told = [(beat.at, beat.knob) for beat in map(FLAPPING.beat, range(5))]
    assert told == [(12, "kill"), (30, "revive"), (48, "kill"), (66, "revive"), (84, "kill")]


@pytest.mark.parametrize(
    ("number", "elapsed", "state", "words"),
    [
        (0, 0.2, {}, "In 12 s cup-a loses its input."),
        (0, 11.9, {}, "In 1 s cup-a loses its input."),
        (
            1,
            12.0,
            {"active_slicer_id": "cup-b"},
            "cup-a lost its input: cup-b serves. "
            "In 18 s cup-a comes back, and auto failback throws viewers back to it.",
        ),
        (
            1,
            20.0,
            {"active_slicer_id": "cup-b", "auto_failback": False},
            "cup-a lost its input: cup-b serves. In 10 s cup-a comes back.",
        ),
        (
            1,
            20.0,
            {"active_slicer_id": "cup-b", "mode": "flat"},
            "cup-a lost its input: cup-b serves. In 10 s cup-a comes back.",
        ),
        (
            1,
            13.0,
            {},
            "cup-a lost its input: viewers see black. In 17 s cup-a comes back.",
        ),
        (
            2,
            30.0,
            {},
            "cup-a came back: viewers are back on it. In 18 s cup-a loses its input.",
        ),
        (
            2,
            31.0,
            {"active_slicer_id": "cup-b"},
            "cup-a came back: cup-b serves. In 17 s cup-a loses its input.",
        ),
        (
            1,
            29.0,
            {"active_slicer_id": NO_SLICER},
            "cup-a lost its input: viewers see the slate. In 1 s cup-a comes back.",
        ),
    ],
)
def test_captions(number: int, elapsed: float, state: dict[str, object], words: str) -> None:
    assert caption(FLAPPING, number, elapsed, group(**state)) == words


def active(world: UplynkWorld) -> str:
    return world.group(CUP_FINAL).active_slicer_id


def test_the_final_throws_viewers_to_and_fro_until_failback_is_off() -> None:
    world = final()
    seen = []
    for number in range(2):
        play(world, FLAPPING.beat(number))
        seen.append(active(world))
    assert seen == ["cup-b", "cup-a"]
    world.change_in_cms(CUP_FINAL, auto_failback=False)
    for number in range(2, 6):
        play(world, FLAPPING.beat(number))
        assert active(world) == "cup-b"


def test_a_beat_does_nothing_where_somebody_was_first() -> None:
    world = quiet()
    play(world, Beat(0, "revive", "cup-a"))
    world.kill_slicer("cup-a")
    before = len(world.journal.changes())
    play(world, Beat(0, "kill", "cup-a"))
    play(world, Beat(0, "kill", "no-such-slicer"))
    assert len(world.journal.changes()) == before


def test_a_player_plays_in_time_and_stops() -> None:
    world, looked = quiet(), threading.Event()
    beats = (Beat(0.02, "kill", "east-a"), Beat(0.04, "revive", "east-a"))
    player = Player(Timeline(SPORTS_EAST, beats, 3600.0), world, looked.set)
    player.start()
    assert world.wait_for(
        lambda w: [c.source for c in w.journal.changes()].count(Source.FAILBACK) == 1, 10
    )
    assert looked.wait(10)
    assert "loses its input" in player.caption()
    player.stop()
    assert "scene" not in [thread.name for thread in threading.enumerate()]


def test_where_nothing_happens_there_is_nothing_to_say() -> None:
    looked = threading.Event()
    player = Player(SCENES["quiet"].timeline, quiet(), looked.set)
    player.start()
    assert looked.wait(10)
    assert player.caption() == ""
    player.stop()
