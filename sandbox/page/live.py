"""What the page shows, as it changes: one stream of batches for each person who looks."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Protocol

from sandbox.page.bell import Bell
from sandbox.page.manifest import Manifest
from sandbox.page.parts import Json, as_text, difference
from sandbox.page.slack_parts import SlackParts
from sandbox.page.uplynk_parts import UplynkParts
from sandbox.rig import Rig
from sandbox.slack.world import SlackWorld
from sandbox.uplynk.world import UplynkWorld

HEARTBEAT_SECONDS = 15.0
_LEAST_GAP_SECONDS = 0.05


class Stage(Protocol):
    """What stands behind the page: the rig, what was set up around it, and what it went through.

    ``changed``, on a re-entrant lock, is notified when anything of the stage changes; ``rig`` and
    ``generation`` may be read while it is held.
    """

    @property
    def rig(self) -> Rig | None:
        """The rig that runs now; None while one is being started."""

    @property
    def generation(self) -> int:
        """Counts the starts."""

    @property
    def policy(self) -> str:
        """The policy file's text."""

    @property
    def changed(self) -> threading.Condition:
        """Notified when anything of the stage changes."""

    def parts(self) -> dict[str, Json]:
        """The values of ``stage``, ``weather`` and ``tour``; cheap."""

    def wire(self) -> list[Json]:
        """The last requests both ways, oldest first, each with its number ``n``; cheap."""

    def wire_detail(self, n: int) -> Json:
        """One of them in full, secrets masked. Raises KeyError."""

    def turn(self, body: Json) -> None:
        """Turn one knob. Raises ValueError with a sentence; KeyError for what does not exist."""


class Live:
    """The streams of all who look, and what they share."""

    def __init__(self, stage: Stage, manifest: Manifest) -> None:
        self._stage = stage
        self._manifest = manifest
        self._bell = Bell(stage)
        self._lock = threading.Lock()
        self._uplynk: tuple[UplynkWorld, UplynkParts] | None = None

    def start(self) -> None:
        """Begin to listen for changes."""
        self._bell.start()

    def stop(self) -> None:
        """End every stream at once."""
        self._bell.stop()

    def batches(self, person: str, heartbeat: float = HEARTBEAT_SECONDS) -> Iterator[str | None]:
        """JSON texts, the first with everything; None after ``heartbeat`` seconds of nothing.

        At most about 20 in a second: what changes in between goes out together.
        """
        eyes = _Eyes(self, person)
        sent: dict[str, str] | None = None
        last, heard = time.monotonic(), -1
        while self._bell.is_open:
            rang = self._bell.wait(heard, max(0.0, last + heartbeat - time.monotonic()))
            heard = self._bell.rings()
            now = eyes.look() if rang else sent
            batch = difference(sent, now) if now is not None else None
            sent = now
            if batch is not None or time.monotonic() >= last + heartbeat:
                last = time.monotonic()
                yield batch
            self._bell.rest(_LEAST_GAP_SECONDS)

    def stage_texts(self) -> tuple[Rig | None, str, dict[str, str]]:
        """The rig, the policy, and the parts of the stage, as they are now."""
        stage = self._stage
        texts = {key: as_text(value) for key, value in stage.parts().items()}
        texts |= {f"wire/{entry['n']}": as_text(entry) for entry in stage.wire()}
        return stage.rig, stage.policy, texts

    def uplynk_texts(self, world: UplynkWorld) -> dict[str, str]:
        """The parts of the Uplynk side, drawn once for all."""
        with self._lock:
            if self._uplynk is None or self._uplynk[0] is not world:
                self._uplynk = (world, UplynkParts(world))
            parts = self._uplynk[1]
        return parts.texts()

    def slack_parts(self, world: SlackWorld, person: str) -> SlackParts:
        """The Slack side through the eyes of one person."""
        return SlackParts(world, person, self._manifest)


class _Eyes:
    """One person looking, through every rig that comes and goes."""

    def __init__(self, live: Live, person: str) -> None:
        self._live = live
        self._person = person
        self._slack: tuple[SlackWorld, SlackParts] | None = None

    def look(self) -> dict[str, str]:
        """All parts as they are now; nothing of the worlds while no rig runs."""
        rig, policy, texts = self._live.stage_texts()
        if rig is None:
            return texts
        texts |= self._live.uplynk_texts(rig.world)
        if self._person not in rig.slack_world.people:
            return texts
        if self._slack is None or self._slack[0] is not rig.slack_world:
            parts = self._live.slack_parts(rig.slack_world, self._person)
            self._slack = (rig.slack_world, parts)
        return texts | self._slack[1].texts(policy)
