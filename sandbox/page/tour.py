"""The guided first minute: five steps, and how the journals show that each of them was taken."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from blocks.ids import APPLY
from sandbox.rig import Rig
from sandbox.slack.model import ApiCall, Delivery, Json
from sandbox.slack.sample import AUDIT, LIVEOPS, VIEWER
from sandbox.uplynk.journal import Applied, Source
from sandbox.uplynk.scenes import CUP_FINAL

LOOKED_AT = 200
STATUS = "/failover status"
REHEARSAL = '/failover set "NBA Finals" prioritized failback on because rehearsal'


@dataclass(frozen=True, slots=True)
class Seen:
    """The newest entries of the journals, oldest first."""

    deliveries: Sequence[Delivery]
    calls: Sequence[ApiCall]
    changes: Sequence[Applied]


@dataclass(frozen=True, slots=True)
class Step:
    """One step; ``offer`` is what a press on *Try it* does, ``done`` says whether it was taken."""

    id: str
    title: str
    text: str
    offer: Json | None
    done: Callable[[Seen], bool]


def looked_around(seen: Seen) -> bool:
    """Somebody asked for the status and the bot took it."""
    return any(
        one.kind == "command" and one.ok and str(one.request.get("text", "")).startswith("status")
        for one in seen.deliveries
    )


def lost_a_slicer(seen: Seen) -> bool:
    """A group failed over by itself."""
    return any(change.source is Source.FAILOVER for change in seen.changes)


def previewed(seen: Seen) -> bool:
    """A message with *Apply* under it reached somebody."""
    return any(call.ok and _offers(call.arguments, APPLY) for call in seen.calls)


def applied(seen: Seen) -> bool:
    """*Apply* was pressed, and a card in the channel says that the change was made."""
    pressed = [one for one in seen.deliveries if one.ok and APPLY in _pressed(one)]
    told = [
        call
        for call in seen.calls
        if call.ok
        and call.arguments.get("channel") == AUDIT
        and "applied and verified" in str(call.arguments.get("text", ""))
    ]
    return bool(pressed and told) and told[-1].at >= _began(pressed[0])


def refused(seen: Seen) -> bool:
    """The viewer asked for a change and was told which role it takes."""
    asked = [
        one
        for one in seen.deliveries
        if one.person == VIEWER
        and (one.kind == "view_submission" or str(one.request.get("text", "")).startswith("set"))
    ]
    since = [call for call in seen.calls if asked and call.ok and call.at >= _began(asked[0])]
    return any("you need the role" in str(call.arguments) for call in since)


STEPS = (
    Step(
        "look",
        "Look around",
        f"Type {STATUS} in #live-ops and send it. Only you see the answer: every failover group, "
        "and what its viewers see right now. The wire log shows the request that Slack signed.",
        {"type": STATUS, "channel": LIVEOPS},
        looked_around,
    ),
    Step(
        "lose",
        "Lose a slicer",
        "Open Cup Final on the Uplynk side and kill the slicer that serves. Uplynk moves the "
        "viewers to the next one by itself: watch the picture.",
        {"group": CUP_FINAL},
        lost_a_slicer,
    ),
    Step(
        "preview",
        "Preview a change",
        "Ask for a change in words. Nothing happens yet: you get before and after, and what "
        "follows from it. Read the warnings, they are about this very group.",
        {"type": REHEARSAL, "channel": LIVEOPS},
        previewed,
    ),
    Step(
        "apply",
        "Press Apply",
        "Press Apply under the preview. The bot writes once, reads back, and tells everybody: look "
        "into #failover-audit for the card with who, what and why.",
        None,
        applied,
    ),
    Step(
        "refused",
        "Become the Viewer",
        "Change into the Viewer at the left and send the same line again. You are told which role "
        "it takes and who has it, and nothing was sent to Uplynk: the wire log shows no write.",
        {"person": VIEWER},
        refused,
    ),
)


class Tour:
    """Which steps were taken on one rig; a step once taken stays so."""

    def __init__(self, rig: Rig) -> None:
        """``rig``: the one whose journals are looked at."""
        self._rig = rig
        self._lock = threading.Lock()
        self._looked: tuple[int, ...] = ()
        self._done: set[str] = set()

    def steps(self) -> list[Json]:
        """The steps as they are drawn; cheap where nothing has happened since."""
        with self._lock:
            self._look()
            return [_drawn(step, step.id in self._done) for step in STEPS]

    def _look(self) -> None:
        if len(self._done) == len(STEPS):
            return
        journal = self._rig.slack_world.journal
        deliveries, calls = journal.deliveries(), journal.calls()
        looked = (len(deliveries), len(calls), self._rig.world.version)
        if looked == self._looked:
            return
        changes = self._rig.world.journal.changes()
        seen = Seen(deliveries[-LOOKED_AT:], calls[-LOOKED_AT:], changes[-LOOKED_AT:])
        self._done |= {step.id for step in STEPS if step.id not in self._done and step.done(seen)}
        self._looked = looked


def untaken() -> list[Json]:
    """The steps while there is no stage."""
    return [_drawn(step, False) for step in STEPS]


def _drawn(step: Step, done: bool) -> Json:
    return {"id": step.id, "title": step.title, "text": step.text, "try": step.offer, "done": done}


def _began(delivery: Delivery) -> float:
    return delivery.at - delivery.seconds


def _pressed(delivery: Delivery) -> list[str]:
    actions = delivery.request.get("actions") or []
    return [str(action.get("action_id")) for action in actions]


def _offers(arguments: Json, action_id: str) -> bool:
    rows = [block for block in arguments.get("blocks") or [] if isinstance(block, dict)]
    buttons = [button for row in rows for button in row.get("elements") or []]
    return any(button.get("action_id") == action_id for button in buttons)
