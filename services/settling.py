"""What became of a write, found out by reading and by nothing else.

A reading right after a write of unknown outcome proves little: the write may still be on its way.
Only one taken after the settle time may say that it did not take effect.
"""

import logging
from dataclasses import dataclass, replace

from failover.change import reads_owners
from failover.errors import OutcomeUnknown, UplynkError
from failover.lifecycle import Record, State, Why
from failover.model import FailoverGroup
from failover.writes import PutChannels, Verdict, judge
from services.groups import Groups
from services.pace import Pace
from services.ports import Timer

log = logging.getLogger(__name__)

PAUSES = (0.0, 0.3, 0.7, 1.0, 2.0)
"""Seconds before each reading; the last one repeats."""


@dataclass(slots=True)
class Look:
    """One search for an outcome. ``since`` and ``until`` are monotonic seconds.

    ``since``: when the write ended, or must have ended where a dead process sent it;
    ``acknowledged``: Uplynk answered that it was done;
    ``until``: when "unknown" must be said at the latest, None where it is said already;
    ``term``: in which term of this instance the change may go on;
    ``problem``: what came instead of an answer.
    """

    since: float
    acknowledged: bool
    until: float | None = None
    term: int | None = None
    problem: UplynkError | None = None
    readings: int = 0

    @property
    def refused(self) -> bool:
        """Whether Uplynk certainly did nothing."""
        return self.problem is not None and not isinstance(self.problem, OutcomeUnknown)


@dataclass(frozen=True, slots=True)
class Settled:
    """Where a reading puts the change; the state it already has when nothing is new."""

    state: State
    after: FailoverGroup | None = None
    why: Why | None = None


class Settling:
    """Takes one reading after the other, each a step further towards the last word."""

    def __init__(self, groups: Groups, timer: Timer, pace: Pace) -> None:
        """``groups`` reads; the rest says when."""
        self._groups = groups
        self.timer = timer
        self.pace = pace

    def next(self, record: Record, look: Look) -> Settled | None:
        """Wait for the next reading's turn, take it, and judge. None: the bot is stopping."""
        if not self.timer.pause(PAUSES[min(look.readings, len(PAUSES) - 1)]):
            return None
        look.readings += 1
        started = self.timer.monotonic()
        now = self._read(record, look, started)
        # A reading proves the state at the moment it was asked for, not later.
        found = self._judge(record, look, now, started)
        if found.state is State.UNKNOWN:
            return self._unknown(record, look, found)
        return found

    def holders(self, record: Record) -> dict[str, list[list[str]]]:
        """The fact of which groups hold the channels that a refused write was to add."""
        write = record.written[-1]
        added = write.add if isinstance(write, PutChannels) else ()
        held = self._groups.holding(added, record.group_id)
        return {"held": held} if held else {}

    def _read(self, record: Record, look: Look, started: float) -> FailoverGroup | None:
        assert record.group_id is not None
        within = self.pace.read
        if look.until is not None:
            within = max(0.5, min(within, look.until - started))
        try:
            owners = reads_owners(record.request.change)
            return self._groups.read(record.group_id, owners=owners, within=within).group
        except UplynkError as problem:
            log.warning("reading back group %s: %s", record.group_id, problem)
            return None

    def _judge(
        self, record: Record, look: Look, now: FailoverGroup | None, asked: float
    ) -> Settled:
        assert record.base is not None
        verdict = None if now is None else judge(record.base, record.written[-1], now)
        if verdict is Verdict.APPLIED:
            return Settled(State.VERIFIED, now)
        if look.refused:
            return Settled(State.FAILED, now)
        settled = asked - look.since >= self.pace.settle
        if verdict is Verdict.NOT_APPLIED and settled:
            return Settled(State.FAILED, now, Why.NO_EFFECT)
        if (verdict is not None and settled) or asked - look.since >= self.pace.look:
            last = State.UNVERIFIED if look.acknowledged else State.UNSETTLED
            return Settled(last, now)
        return Settled(State.UNKNOWN, now)

    def _unknown(self, record: Record, look: Look, found: Settled) -> Settled:
        if record.state is State.UNKNOWN:
            return found
        now = self.timer.monotonic()
        # What Uplynk said it has done is given a moment to show before anybody is alarmed.
        if look.acknowledged and look.until is not None and now < look.until - PAUSES[-1]:
            return replace(found, state=record.state)
        return found
