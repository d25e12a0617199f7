"""What is counted and timed: a narrow port, and the places where changes and calls pass by.

Nothing here decides anything. Labels come from closed sets: no names, no IDs, nobody's words.
"""

import logging
import time
from collections.abc import Callable
from enum import StrEnum
from typing import Protocol, TypeVar

from failover.change import Change, needed
from failover.errors import UplynkError
from failover.lifecycle import Record, State, Why
from failover.model import FailoverGroup
from failover.restore import Restore
from failover.roles import Action, Rule
from failover.writes import Write
from services.ports import Uplynk
from services.subject import about, learned

log = logging.getLogger(__name__)

_T = TypeVar("_T")


class Part(StrEnum):
    """What is timed, each in seconds.

    ``ACKNOWLEDGEMENT``: from a request of Slack to the answer; ``FORM``: from a press to the open
    form; ``WRITE``: one write to Uplynk; ``VERIFICATION``: from a write to the last word.
    """

    ACKNOWLEDGEMENT = "acknowledgement"
    FORM = "form"
    WRITE = "write"
    VERIFICATION = "verification"


class Meters(Protocol):
    """Takes figures; never raises, never waits."""

    def ended(self, action: str, outcome: str) -> None:
        """A change has come to its end."""
        ...

    def refused(self, reason: str, rule: str) -> None:
        """It was refused, by this ``rule`` among others; "" where it was none."""
        ...

    def took(self, part: str, seconds: float) -> None:
        """Something that is timed is over."""
        ...

    def asked(self, call: str, error: str) -> None:
        """Uplynk was asked, to "read" or to "write"; ``error``: its kind, "" where it answered."""
        ...

    def heard(self) -> None:
        """A message of Slack has arrived."""
        ...


class Unmetered:
    """``Meters`` that nobody reads."""

    def ended(self, action: str, outcome: str) -> None:
        """Nothing is kept."""

    def refused(self, reason: str, rule: str) -> None:
        """Nothing is kept."""

    def took(self, part: str, seconds: float) -> None:
        """Nothing is kept."""

    def asked(self, call: str, error: str) -> None:
        """Nothing is kept."""

    def heard(self) -> None:
        """Nothing is kept."""


class Watch:
    """Told of every record after it was stored: logs the move, and counts the ends."""

    def __init__(self, meters: Meters) -> None:
        """``meters``: where the figures go."""
        self._meters = meters

    def stored(self, record: Record) -> None:
        """A record stands in the database as it is here, for the first time. Never raises."""
        learned(record)
        with about(record):
            try:
                self._noted(record)
            except Exception:
                # Whoever stored it must not take it for lost because it could not be counted.
                log.exception("a move of a change was not counted")

    def _noted(self, record: Record) -> None:
        asked = asked_for(record.request.change)
        log.info("%s is %s%s", asked, record.state, _because(record))
        if record.final and record.state is not State.SHOWN:
            self._ended(record)

    def _ended(self, record: Record) -> None:
        self._meters.ended(asked_for(record.request.change).value, record.state.value)
        if record.state is State.REFUSED and record.why is not None:
            for rule in _rules(record) or ("",):
                self._meters.refused(record.why.value, rule)
        if record.sent_at is not None and record.ended_at is not None:
            # The clock may have been set back in between.
            seconds = max(0.0, (record.ended_at - record.sent_at).total_seconds())
            self._meters.took(Part.VERIFICATION, seconds)


class MeteredUplynk:
    """``services.ports.Uplynk``, each call counted and each write timed."""

    def __init__(
        self, uplynk: Uplynk, meters: Meters, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        """``uplynk`` makes the calls; ``monotonic`` gives seconds."""
        self._uplynk = uplynk
        self._meters = meters
        self._monotonic = monotonic

    def list_groups(self, *, within: float | None = None) -> tuple[FailoverGroup, ...]:
        """Every failover group of the account."""
        return self._counted("read", lambda: self._uplynk.list_groups(within=within))

    def get_group(self, group_id: str, *, within: float | None = None) -> FailoverGroup:
        """One group, read now."""
        return self._counted("read", lambda: self._uplynk.get_group(group_id, within=within))

    def allowed_owners(self, group_id: str, *, within: float | None = None) -> tuple[str, ...]:
        """The user IDs of those who may use a group, read now."""
        return self._counted("read", lambda: self._uplynk.allowed_owners(group_id, within=within))

    def write(self, group_id: str, write: Write, *, within: float | None = None) -> None:
        """Make one write."""
        begun = self._monotonic()
        try:
            self._counted("write", lambda: self._uplynk.write(group_id, write, within=within))
        finally:
            self._meters.took(Part.WRITE, self._monotonic() - begun)

    def _counted(self, call: str, make: Callable[[], _T]) -> _T:
        try:
            answer = make()
        except UplynkError as error:
            self._meters.asked(call, type(error).__name__)
            raise
        self._meters.asked(call, "")
        return answer


def asked_for(change: Change) -> Action:
    """Under which action a change is counted; one that takes another back is an undo."""
    return Action.UNDO if isinstance(change, Restore) else needed(change)


def _because(record: Record) -> str:
    """Why it is so, as far as that is one of the known words."""
    return "" if record.why is None else ": " + " ".join((record.why.value, *_rules(record)))


def _rules(record: Record) -> tuple[str, ...]:
    """The rules that stood against it; empty where it was none."""
    if record.why is not Why.RULE:
        return ()
    return tuple(Rule(one["rule"]).value for one in record.facts.get("rules", ()))
