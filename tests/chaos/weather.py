"""What goes wrong at Uplynk and at Slack, drawn from the seed, a little of everything."""

import random
from collections.abc import Callable

from sandbox.slack.faults import Fault as SlackFault
from sandbox.slack.faults import FaultKind as SlackKind
from sandbox.uplynk.faults import Fault, FaultKind, When

from .fleet import Fleet

K, B, A, L = FaultKind, When.BEFORE, When.AFTER, When.LATE

AT_UPLYNK: tuple[Fault, ...] = (
    Fault(K.STATUS, B, status=500, method="WRITE"),
    Fault(K.STATUS, A, status=500, method="WRITE"),
    Fault(K.STATUS, L, status=503, late_seconds=0.3, method="WRITE"),
    Fault(K.STATUS, B, status=409, method="WRITE"),
    Fault(K.RESET, B, method="WRITE"),
    Fault(K.RESET, A, method="WRITE"),
    Fault(K.CLOSE, A, method="WRITE"),
    Fault(K.HALF, A, method="WRITE"),
    Fault(K.HANG, A, method="WRITE"),
    Fault(K.HANG, B, method="WRITE"),
    Fault(K.DELAY, A, seconds=0.6, method="WRITE"),
    Fault(K.DELAY, B, seconds=0.4, method="WRITE"),
    Fault(K.LIE, method="WRITE"),
    Fault(K.STATUS, status=503, method="GET", times=2),
    Fault(K.GARBAGE, method="GET"),
    Fault(K.RESET, method="GET"),
    Fault(K.DELAY, seconds=0.5, method="GET", times=3),
)
AT_SLACK: tuple[SlackFault, ...] = (
    SlackFault(SlackKind.RATE_LIMITED, method="chat.postMessage", retry_after=1),
    SlackFault(SlackKind.STATUS, method="chat.postMessage", status=503),
    SlackFault(SlackKind.DROP_AFTER, method="chat.postMessage"),
    SlackFault(SlackKind.DROP_BEFORE, method="chat.postMessage"),
    SlackFault(SlackKind.HTML, method="chat.update"),
    SlackFault(SlackKind.DROP_AFTER, method="chat.update"),
    SlackFault(SlackKind.RATE_LIMITED, method="chat.update", retry_after=1),
    SlackFault(SlackKind.DROP_AFTER, method="response_url"),
    SlackFault(SlackKind.STATUS, method="response_url", status=500),
    SlackFault(SlackKind.SLOW, seconds=0.5, times=3),
)


def _uplynk(fleet: Fleet, chance: random.Random) -> None:
    fleet.uplynk.faults.add(chance.choice(AT_UPLYNK))


def _slack(fleet: Fleet, chance: random.Random) -> None:
    fleet.slack.fault(chance.choice(AT_SLACK))


def _slack_is_down(fleet: Fleet, _: random.Random) -> None:
    fleet.slack.fault(SlackFault(SlackKind.DROP_BEFORE, times=None))


def _slack_is_up(fleet: Fleet, _: random.Random) -> None:
    fleet.slack.world.faults.clear()


KINDS: tuple[tuple[Callable[[Fleet, random.Random], None], int], ...] = (
    (_uplynk, 10),
    (_slack, 5),
    (_slack_is_down, 1),
    (_slack_is_up, 3),
)


def changes(fleet: Fleet, chance: random.Random) -> None:
    """The next thing goes wrong, or right again."""
    kinds, weights = zip(*KINDS, strict=True)
    chance.choices(kinds, weights=weights)[0](fleet, chance)
