"""Carries out sets: one member after the other, each as a change by itself, up to a surprise.

What was not begun when a set stops, or when its process dies, is never begun by itself.
"""

import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from failover.errors import LedgerUnavailable, Overtaken, SlackProblem
from failover.lifecycle import HOLDING, Actor, Record, ReplyTo, State, Why, move
from failover.sets import (
    GOOD,
    OPEN,
    GroupSet,
    SetProgress,
    SetState,
    halted,
    stopped_by,
    surprise,
)
from services.desk import Desk
from services.pace import Pace
from services.ports import Ledger, Timer, Work
from services.runner import Runner
from services.set_store import SetStore
from services.set_telling import SetTelling, Teller
from services.subject import concerning

log = logging.getLogger(__name__)

BETWEEN_SECONDS = 0.05
"""Between two members, so that a bot that stops begins no further one."""

LOOK_EVERY_SECONDS = 5.0
TOLD_FOR = timedelta(minutes=30)
"""How long the end of a set is tried to be told; the cards tell of its changes all the same."""


@dataclass(frozen=True, slots=True)
class Means:
    """What the runner of sets works with: threads, waiting, time budgets, records."""

    work: Work
    timer: Timer
    pace: Pace
    desk: Desk


class SetRunner:
    """Takes sets on and sees each of them to its end, on a thread of the pool."""

    def __init__(
        self, store: SetStore, ledger: Ledger, runner: Runner, telling: SetTelling, means: Means
    ) -> None:
        """``runner`` carries out the single changes."""
        self._store = store
        self._ledger = ledger
        self._runner = runner
        self._telling = telling
        self._means = means
        self._desk = means.desk
        self._lock = threading.Lock()
        self._active: set[str] = set()

    def confirmed(
        self, shown: GroupSet, actor: Actor, reply: ReplyTo, *, go_on: bool
    ) -> tuple[GroupSet, bool]:
        """Store a set and a record of each member before it is acknowledged, as ``accept`` does.

        (The set, whether it is the first delivery.) Raises LedgerUnavailable, and SetUnderWay
        where the person has another set under way.
        """
        now = self._desk.clock()
        asked = replace(shown, request=replace(shown.request, received_at=now))
        taken = asked.taken(actor, reply, go_on=go_on)
        records = [
            replace(
                self._desk.open(taken.asks(one, now)), group_id=one.group_id, group_name=one.name
            )
            for one in taken.members
        ]
        with self._lock:
            known, first = self._store.take(taken, records)
            if first:
                # From this moment on: ``tick`` gives up what nobody works on.
                self._active.add(known.id)
        return known, first

    def start(self, group_set: GroupSet) -> None:
        """Carry out a set that was just confirmed, on a thread of the pool."""
        if not self._means.work.submit(lambda: self._run(group_set)):
            log.warning("set %s is not begun: every worker is busy", group_set.id)
            self._drop(group_set.id)

    def give_up(self, group_set: GroupSet) -> None:
        """End a set that was stored too late for the person to believe in it; nothing is sent."""
        try:
            for record in self._store.records(group_set):
                self._not_begun(record, Why.LATE, {})
            self._store.move(group_set, SetState.TOLD)
        except (LedgerUnavailable, Overtaken) as problem:
            log.error("set %s is given up, not stored: %s", group_set.id, problem)
        finally:
            self._drop(group_set.id)

    def tick(self) -> float:
        """End the sets that nobody works on any more, and tell of those that nobody was told of.

        Seconds until the next look. Raises LedgerUnavailable.
        """
        for found in self._store.open():
            with self._lock:
                if found.id in self._active:
                    continue
                self._active.add(found.id)
            try:
                # What ended while the list was read stands in it as it was before.
                group_set = self._store.get(found.id)
                if group_set is not None and group_set.state in OPEN:
                    self._close(group_set, self._telling.of(group_set))
            except Overtaken:
                log.info("set %s was taken over in the meantime", found.id)
            finally:
                self._drop(found.id)
        return LOOK_EVERY_SECONDS

    def _run(self, group_set: GroupSet) -> None:
        teller = self._telling.of(group_set)
        try:
            if not self._old(group_set):
                self._go(group_set, teller)
            self._close(group_set, teller)
        except LedgerUnavailable as problem:
            log.error("set %s is left for later: %s", group_set.id, problem)
        except Overtaken:
            log.info("set %s was taken over in the meantime", group_set.id)
        finally:
            self._drop(group_set.id)

    def _go(self, group_set: GroupSet, teller: Teller) -> None:
        records = self._store.records(group_set)
        for place, record in enumerate(records):
            if not self._goes_on(group_set):
                return
            teller.goes(SetProgress(group_set, records))
            ended = self._turn(record)
            if ended is None:
                return
            records = (*records[:place], ended, *records[place + 1 :])
            stops = ended.state not in GOOD and not group_set.go_on
            if stops or not self._means.timer.pause(BETWEEN_SECONDS):
                return

    def _goes_on(self, group_set: GroupSet) -> bool:
        """Whether no other instance has ended it, who took this one for dead."""
        known = self._store.get(group_set.id)
        return known is not None and known.state is SetState.TAKEN

    def _turn(self, stored: Record) -> Record | None:
        """A member as it stands after its turn; None: it is not begun, somebody stopped the set."""
        record = self._ledger.get(stored.id) or stored
        if record.state is not State.RECEIVED:
            return None
        # What waited for its turn is no older than the turn: it is the set that was confirmed.
        request = replace(record.request, received_at=self._desk.clock())
        self._runner.see_through(replace(record, request=request))
        return self._ledger.get(record.id) or record

    def _close(self, group_set: GroupSet, teller: Teller) -> None:
        records = self._store.records(group_set)
        facts = halted(records) or stopped_by(None if group_set.go_on else surprise(records))
        for one in records:
            self._not_begun(one, Why.SET_STOPPED, facts)
        records = self._store.records(group_set)
        if any(one.state in HOLDING for one in records):
            return  # what became of it is being found out; its last word belongs to the set's
        # Also where it has ended already: only who still holds it may tell of it.
        self._store.move(group_set, SetState.ENDED)
        if self._told(group_set, teller, records):
            self._store.move(group_set, SetState.TOLD)

    def _told(self, group_set: GroupSet, teller: Teller, records: tuple[Record, ...]) -> bool:
        try:
            teller.ends(SetProgress(group_set, records, ended=True))
        except SlackProblem as problem:
            old = self._desk.clock() - group_set.request.received_at > TOLD_FOR
            log.warning("the end of set %s is not told: %s", group_set.id, problem.error)
            return old
        return True

    @concerning
    def _not_begun(self, record: Record, why: Why, facts: Mapping[str, Any]) -> None:
        if record.state is not State.RECEIVED:
            return
        now = self._desk.clock()
        ended = move(record, State.REFUSED, why=why, facts=facts, ended_at=now)
        try:
            self._ledger.advance(ended, {})
        except Overtaken:
            log.info("change %s was taken up in the meantime", record.id)

    def _old(self, group_set: GroupSet) -> bool:
        age = self._desk.clock() - group_set.request.received_at
        return age > timedelta(seconds=self._means.pace.resume)

    def _drop(self, set_id: str) -> None:
        with self._lock:
            self._active.discard(set_id)
