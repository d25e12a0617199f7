"""The weather on both sides of the bot: named faults, put through the simulators' own books."""

from dataclasses import dataclass

from sandbox.rig import Rig
from sandbox.slack.faults import RESPONSE_URL
from sandbox.slack.faults import Fault as SlackFault
from sandbox.slack.faults import FaultKind as SlackKind
from sandbox.slack.model import Json
from sandbox.uplynk.faults import Fault, FaultKind, When

WELL = "well"
LATE_SECONDS = 4.0
EFFECT_SECONDS = 9.0
_POSTING = ("chat.postMessage", "chat.postEphemeral", "chat.update", RESPONSE_URL)


@dataclass(frozen=True, slots=True)
class Preset:
    """One kind of weather: what it is called, what a person will see, and the faults behind it."""

    id: str
    label: str
    about: str
    faults: tuple[Fault, ...] | tuple[SlackFault, ...] = ()

    def to_json(self) -> Json:
        """Draw it as a choice."""
        return {"id": self.id, "label": self.label, "about": self.about}


UPLYNK = (
    Preset(WELL, "Well", "Uplynk answers at once and does what it is asked."),
    Preset(
        "slow",
        "Slow",
        "Each answer takes 2 s: the bot says that it waits, and the outcome follows.",
        (Fault(FaultKind.DELAY, times=None, seconds=2.0),),
    ),
    Preset(
        "failing",
        "Failing",
        "Each request gets a 503: the bot reads again for some seconds, then says what failed.",
        (Fault(FaultKind.STATUS, times=None, status=503),),
    ),
    Preset(
        "hanging",
        "Hanging",
        "Uplynk never answers: the bot says that it waits, and after some seconds that it failed.",
        (Fault(FaultKind.HANG, times=None),),
    ),
    Preset(
        "lying",
        "Lying",
        "Uplynk says yes to a change and does not make it: reading back brings that to light.",
        (Fault(FaultKind.LIE, times=None, method="WRITE"),),
    ),
    Preset(
        "lost",
        "Answers lost",
        "The answer to a change is cut off, and it takes effect 9 s later: outcome unknown.",
        (
            Fault(
                FaultKind.RESET, When.LATE, times=None, method="WRITE", late_seconds=EFFECT_SECONDS
            ),
        ),
    ),
    Preset(
        "down",
        "Down",
        "Uplynk cuts every connection: nothing can be read, nothing changed.",
        (Fault(FaultKind.RESET, times=None),),
    ),
)
SLACK = (
    Preset(WELL, "Well", "Slack takes whatever the bot sends."),
    Preset(
        "limited",
        "Rate limited",
        "Each message of the bot gets a 429, come back in 5 s: outcomes are told once it is well.",
        tuple(
            SlackFault(SlackKind.RATE_LIMITED, method=method, times=None, retry_after=5)
            for method in _POSTING
        ),
    ),
    Preset(
        "outage",
        "Outage",
        "Whatever the bot sends gets a 503: changes are made, and told of once it is well.",
        (SlackFault(SlackKind.STATUS, times=None, status=503),),
    ),
    Preset(
        "late",
        "Late",
        "Slack takes 4 s for whatever the bot sends: forms and answers lag behind.",
        (SlackFault(SlackKind.SLOW, times=None, seconds=LATE_SECONDS),),
    ),
)
SIDES = {"uplynk": UPLYNK, "slack": SLACK}


class Weather:
    """What the weather is on each side of one rig."""

    def __init__(self, rig: Rig) -> None:
        """Well on both sides."""
        self._rig = rig
        self._now = dict.fromkeys(SIDES, WELL)

    def turn(self, side: str, now: str) -> None:
        """Let one side have this weather instead of what it has. KeyError for an unknown one."""
        chosen = {preset.id: preset for preset in SIDES[side]}[now]
        # Clearing also lets go the calls that the earlier weather holds up.
        if side == "uplynk":
            self._rig.uplynk.faults.clear()
        else:
            self._rig.slack_world.faults.clear()
        for fault in chosen.faults:
            if isinstance(fault, Fault):
                self._rig.uplynk.faults.add(fault)
            else:
                self._rig.slack.fault(fault)
        self._now[side] = now

    def to_json(self) -> Json:
        """Draw both sides with their choices."""
        return {
            side: {"now": self._now[side], "choices": [preset.to_json() for preset in presets]}
            for side, presets in SIDES.items()
        }


def well() -> Json:
    """The weather while there is no stage."""
    return {
        side: {"now": WELL, "choices": [preset.to_json() for preset in presets]}
        for side, presets in SIDES.items()
    }
