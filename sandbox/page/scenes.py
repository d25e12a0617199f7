"""The scenes to start with: a world, what happens in it by itself, and the weather over it."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from sandbox.page.timeline import Beat, Timeline
from sandbox.rig import OWNER
from sandbox.slack.model import Json
from sandbox.uplynk.scenes import CUP_FINAL, default_scene, many_groups
from sandbox.uplynk.world import UplynkWorld

CROWD = 2_000
STILL = Timeline()


@dataclass(frozen=True, slots=True)
class Scene:
    """One scene; ``weather`` is Uplynk's at the start."""

    id: str
    title: str
    about: str
    make: Callable[[], UplynkWorld]
    timeline: Timeline = STILL
    weather: str = "well"

    def to_json(self) -> Json:
        """Draw it as a choice."""
        return {"id": self.id, "title": self.title, "about": self.about}


def quiet() -> UplynkWorld:
    """Eight groups, nearly all of them well."""
    return default_scene(owner=OWNER)


def final() -> UplynkWorld:
    """The same, with auto failback on where the final is."""
    groups = [
        replace(group, auto_failback=True) if group.id == CUP_FINAL else group
        for group in quiet().groups()
    ]
    return UplynkWorld(tuple(groups))


def crowd() -> UplynkWorld:
    """The eight groups among so many others that there are 2,000."""
    known = quiet().groups()
    return UplynkWorld(known + many_groups(CROWD - len(known), owner=OWNER).groups())


FLAPPING = Timeline(
    group_id=CUP_FINAL,
    beats=(Beat(12.0, "kill", "cup-a"), Beat(30.0, "revive", "cup-a")),
    period=36.0,
)
SCENES = {
    scene.id: scene
    for scene in (
        Scene("quiet", "Quiet evening", "Eight groups and nothing urgent: look around.", quiet),
        Scene(
            "final",
            "Mid-final",
            "Cup Final's first slicer keeps dying and coming back, and auto failback throws viewers"
            " to and fro with it: switch that off.",
            final,
            FLAPPING,
        ),
        Scene(
            "down",
            "Uplynk is down",
            "Nothing can be read, nothing changed: see what the bot says, then mend the weather.",
            quiet,
            weather="down",
        ),
        Scene("crowd", "2,000 groups", "The same eight groups among 1,992 others.", crowd),
    )
}
FIRST = "quiet"
