"""Sees every accepted change through: starts it, catches what nobody foresaw, picks up the lost."""

import logging
import threading
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from failover.errors import LedgerUnavailable, Overtaken, SlackProblem
from failover.lifecycle import HOLDING, READY, Record, State, Why, move
from services.change_service import ChangeService
from services.desk import Desk
from services.pace import Pace
from services.ports import Ledger, Messenger, Work
from services.subject import concerning

log = logging.getLogger(__name__)


class Runner:
    """Runs changes on a pool of threads; no change is run twice at the same time."""

    def __init__(
        self, changes: ChangeService, ledger: Ledger, work: Work, messenger: Messenger, desk: Desk
    ) -> None:
        """``messenger`` is asked directly only where the database can't keep a message."""
        self._changes = changes
        self._ledger = ledger
        self._work = work
        self._messenger = messenger
        self._desk = desk
        self._lock = threading.Lock()
        self._active: set[str] = set()
        # Of these the person was told that nothing will come; the database does not know it yet.
        self._given_up: set[str] = set()

    @concerning
    def start(self, record: Record) -> None:
        """Carry on with a stored change on a thread of the pool.

        Where the pool is full the change stays in the ledger, and ``recover`` finds it there.
        """
        if not self._claim(record):
            return
        if not self._work.submit(lambda: self._run(record)):
            log.warning("change %s has to wait: every worker is busy", record.id)
            self._drop(record.id)

    def see_through(self, record: Record) -> None:
        """Carry on with a stored change on the caller's own thread, to where ``start`` would."""
        if self._claim(record):
            self._run(record)

    @concerning
    def give_up(self, record: Record) -> None:
        """End a change that was stored too late for the person to believe in it; never sent."""
        with self._lock:
            self._active.add(record.id)
        try:
            self._changes.interrupt(record, Why.LATE, {})
        except (LedgerUnavailable, Overtaken):
            self._given_up.add(record.id)
        finally:
            self._drop(record.id)

    def recover(self, pace: Pace) -> bool:
        """Take up every unfinished change that nobody works on: read first, never send again.

        Those are the ones of this instance and those of dead ones. False: this instance itself
        may count as dead, so that it has to leave everything to others.
        """
        if self._ledger.term() is None:
            return False
        self._ledger.take_over()
        with self._lock:
            under_way = set(self._active)
        for record in self._ledger.unfinished():
            with self._lock:
                # What ended while the list was read stands in it as it was before.
                if record.id in under_way or record.id in self._active:
                    continue
            if record.state is State.AWAITING or record.waits_for_set:
                continue  # it waits for people, or for its turn, not for the bot
            age = self._desk.clock() - record.ready_since
            old = age > timedelta(seconds=pace.resume) or record.id in self._given_up
            if record.state in READY and old:
                self._interrupt(record, Why.INTERRUPTED, {})
                self._given_up.discard(record.id)
            else:
                # One that was given up although the database took it holds its group.
                self._given_up.discard(record.id)
                self.start(record)
        return True

    def _claim(self, record: Record) -> bool:
        with self._lock:
            if record.id in self._active or record.id in self._given_up:
                return False
            self._active.add(record.id)
            return True

    @concerning
    def _run(self, record: Record) -> None:
        try:
            if record.state in HOLDING:
                self._changes.settle(record)
            else:
                self._changes.run(record)
        except Exception as error:
            self._stumbled(record, error)
        finally:
            self._drop(record.id)

    def _stumbled(self, record: Record, error: Exception) -> None:
        reference = self._desk.new_id()[:8]
        # What the bot foresees needs no traceback.
        trace = not isinstance(error, LedgerUnavailable)
        log.error(
            "change %s stumbled, reference %s: %s", record.id, reference, error, exc_info=trace
        )
        facts = {"reference": reference}
        try:
            now = self._ledger.get(record.id)
            # Once it may have been sent, only reading can tell; ``recover`` sees to that.
            if now is not None and now.state in READY:
                self._interrupt(now, Why.INTERNAL, facts)
        except LedgerUnavailable:
            # The database fails a change only before it is sent; any other error proves nothing.
            if record.state in READY and isinstance(error, LedgerUnavailable):
                self._given_up.add(record.id)
                failed = move(record, State.FAILED, why=Why.INTERNAL, facts=facts)
                self._tell_directly(failed, error)

    @concerning
    def _interrupt(self, record: Record, why: Why, facts: Mapping[str, Any]) -> None:
        try:
            self._changes.interrupt(record, why, facts)
        except Overtaken:
            log.info("change %s was taken up in the meantime", record.id)

    def _tell_directly(self, record: Record, error: Exception) -> None:
        try:
            self._messenger.answer(record)
        except SlackProblem as problem:
            log.error("nobody could be told of change %s: %s, %s", record.id, error, problem)

    def _drop(self, change_id: str) -> None:
        with self._lock:
            self._active.discard(change_id)


class Recovery:
    """Looks for changes that nobody works on, at the start and every few seconds."""

    EVERY_SECONDS = 2.0

    def __init__(self, runner: Runner, pace: Pace) -> None:
        """``done`` turns True after the first whole look."""
        self._runner = runner
        self._pace = pace
        self.done = False

    def tick(self) -> float:
        """One look; seconds until the next. Raises LedgerUnavailable."""
        self.done = self._runner.recover(self._pace) or self.done
        return self.EVERY_SECONDS
