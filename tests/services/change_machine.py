"""Any people, any requests, any upstream, any crash: a bot that is pressed, twisted and killed."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from failover.change import reads_owners
from failover.errors import LedgerUnavailable
from failover.lifecycle import Record, Request
from failover.model import Channel, fingerprint
from tests.builders import FLAT, ID_B, flat, group, policy, request
from tests.fakes import Write, silent
from tests.services.change_promises import COOLDOWN, Promises
from tests.services.presses import (
    FAILING_BACK,
    HANDS,
    MEETS,
    PRESSES,
    TWISTS,
    TWISTS_BETWEEN,
    TWO_STEPS,
    Hand,
    Press,
    Twist,
)
from tests.stage import PACE, Stage

GROUPS = (
    flat(channels=(Channel("c1", ""),), allowed_owners=("u1",)),
    group(
        id=ID_B,
        name="News",
        auto_failback=True,
        channels=(Channel("c2", ""),),
        allowed_owners=("u1",),
    ),
)


class Crash(BaseException):
    """The process dies, as by ``kill -9``."""


class Machine(Promises):
    """A bot that is pressed, twisted, killed and started again over one database."""

    @initialize()
    def begins(self) -> None:
        self.stage = Stage(*GROUPS, rules=policy(cooldown_seconds=COOLDOWN))
        self.twists: list[Twist] = []
        self.points = 0
        self.disturbed, self.orphans, self.told_directly = set(), {}, []
        self.stage.uplynk.trip = self.stage.ledger.trip = self.reaches

    # -- what may happen

    @rule(press=PRESSES, meets=MEETS, twists=st.lists(TWISTS, max_size=3), starts=st.booleans())
    def presses(
        self, press: Press, meets: tuple[Write, ...], twists: list[Twist], starts: bool
    ) -> None:
        def pressed() -> None:
            self.stage.uplynk.writes.clear()
            self.stage.uplynk.writes.extend(meets)
            self.asks(press)
            if starts:
                self.stage.work.run()

        self.lives(pressed, twists)

    @rule(
        press=TWO_STEPS,
        waits=st.none() | PRESSES,
        meets=MEETS,
        twists=st.lists(TWISTS_BETWEEN, max_size=1),
    )
    def takes_two_steps(
        self, press: Press, waits: Press | None, meets: tuple[Write, ...], twists: list[Twist]
    ) -> None:
        self.meddles(Hand(press.group_id, FAILING_BACK))
        self.stage.clock.advance(COOLDOWN)

        def pressed() -> None:
            self.stage.uplynk.writes.clear()
            self.stage.uplynk.writes.extend(meets)
            self.stage.work.run()
            self.asks(press)
            if waits is not None:
                self.asks(replace(waits, group_id=press.group_id))
            if self.stage.work.jobs:
                self.stage.work.jobs.popleft()()

        self.lives(pressed, twists)

    @rule(first=PRESSES, second=PRESSES, at=st.integers(3, 9))
    def two_press_at_once(self, first: Press, second: Press, at: int) -> None:
        def pressed() -> None:
            self.stage.uplynk.writes.clear()
            self.asks(first)
            self.stage.work.run()

        self.lives(pressed, [Twist(at, replace(second, group_id=first.group_id))])

    @rule(twists=st.lists(TWISTS, max_size=2))
    def looks_for_the_lost(self, twists: list[Twist]) -> None:
        def recovers() -> None:
            self.stage.runner.recover(PACE)
            self.stage.work.run()

        self.lives(recovers, twists)

    @rule()
    def dies(self) -> None:
        self.restarts()

    @rule(seconds=st.sampled_from([0.1, 2.0, 15.0, 45.0, 600.0]))
    def waits(self, seconds: float) -> None:
        self.stage.clock.advance(seconds)

    @rule(hand=HANDS)
    def somebody_changes_it_in_the_cms(self, hand: Hand) -> None:
        self.meddles(hand)

    @rule(down=st.booleans())
    def reads_fail_or_not(self, down: bool) -> None:
        self.stage.uplynk.down = silent() if down else None
        self.disturbs()

    @rule()
    def messages_go_out(self) -> None:
        for delivery in (self.stage.cards, self.stage.answers):
            while (wait := delivery.tick()) is not None:
                self.stage.clock.advance(wait)

    # -- how it happens

    def asks(self, press: Press) -> None:
        try:
            asked = self.wanted(press)
            if asked is None:
                return
            record, first = self.stage.changes.accept(asked)
        except LedgerUnavailable:
            return
        if first:
            self.stage.runner.start(record)

    def wanted(self, press: Press) -> Request | None:
        given = {"key": press.key, "actor": press.actor, "received_at": self.stage.clock()}
        if press.change is None:
            group_id = press.group_id if press.sees else None
            return self.stage.previews.last_undone(request(**given, change=FLAT), group_id)
        there = self.stage.uplynk.arrived()[press.group_id]
        if not reads_owners(press.change):
            there = replace(there, allowed_owners=None)
        seen = fingerprint(there) if press.sees else None
        return request(**given, group=press.group_id, change=press.change, seen=seen)

    def meddles(self, hand: Hand) -> None:
        self.stage.uplynk.set(hand.group_id, **dict(hand.new))
        self.disturbed |= {one.id for one in self.open()}

    def lives(self, does: Callable[[], None], twists: list[Twist]) -> None:
        self.twists, self.points = sorted(twists, key=lambda one: one.at), 0
        answered = len(self.stage.messenger.answers)
        if self.stage.uplynk.down:
            self.disturbs()
        try:
            does()
        except LedgerUnavailable:
            pass  # recovery asked a database that is down; the loop asks again
        except Crash:
            self.restarts()
        finally:
            self.twists, self.stage.ledger.broken = [], False
            self.told_directly += self.stage.messenger.answers[answered:]
        if self.stage.uplynk.down:
            self.disturbs()

    def reaches(self, point: str) -> None:
        if self.stage.uplynk.down:
            self.disturbs()
        self.points += 1
        if not self.twists or self.twists[0].at >= self.points:
            return
        happens = self.twists.pop(0).happens
        if happens == "crash":
            raise Crash
        if happens == "silence":
            self.stage.uplynk.down = silent()
            self.disturbs()
        elif isinstance(happens, int):
            self.stage.ledger.broken = happens
        elif isinstance(happens, Hand):
            self.meddles(happens)
        elif isinstance(happens, Press):
            self.asks(happens)
            if self.stage.work.jobs:
                self.stage.work.jobs.pop()()

    def restarts(self) -> None:
        self.stage.restart()
        counts = Counter(self.written)
        self.orphans |= {one.id: counts[one.id] for one in self.held()}
        # Told while the database was down, and known to the dead process alone.
        self.told_directly.clear()

    def open(self) -> list[Record]:
        return [one for one in self.stage.ledger.records.values() if not one.final]

    def disturbs(self) -> None:
        self.disturbed |= {one.id for one in self.held()}

    def teardown(self) -> None:
        """Uplynk answers again, the bot is started once more: everything comes to its end."""
        if not hasattr(self, "stage"):
            return
        self.disturbs()
        self.stage.uplynk.down = None
        self.restarts()
        self.stage.runner.recover(PACE)
        self.stage.work.run()
        self.nothing_is_written_without_a_record()
        self.no_write_is_sent_twice()
        self.what_a_dead_process_began_is_not_gone_on_with()
        assert self.stage.ledger.unfinished() == ()
        self.the_last_word_agrees_with_uplynk()
        self.messages_go_out()
        self.every_outcome_is_told_or_due()
        assert all(row.due_at is None for row in self.stage.ledger.rows)
