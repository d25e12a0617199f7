"""Any people, any requests, any upstream, any crash: what is promised of every change holds.

The upstream keeps two promises of its own: what it refuses with a 4xx has no effect, and what it
does late it does within the settle time.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
)

from failover.change import Configure, holds
from failover.errors import LedgerUnavailable
from failover.lifecycle import HOLDING, LAST_WORDS, Record, State
from failover.model import fingerprint
from failover.notices import Kind
from tests.builders import (
    ID_A,
    ID_B,
    START,
    VIEWER,
    flat,
    group,
    policy,
    request,
)
from tests.fakes import Write, silent
from tests.services.presses import CHANGES, IDS, PRESSES, TWISTS, WRITES, Press, Twist
from tests.stage import PACE, Stage

COOLDOWN = 2.0
EFFECTIVE = {State.VERIFIED, State.UNVERIFIED, State.UNSETTLED}


class Crash(BaseException):
    """The process dies, as by ``kill -9``."""


class Machine(RuleBasedStateMachine):
    """A bot that is pressed, twisted, killed and started again over one database."""

    @initialize()
    def begins(self) -> None:
        self.stage = Stage(
            flat(), group(id=ID_B, name="News"), rules=policy(cooldown_seconds=COOLDOWN)
        )
        self.twists: list[Twist] = []
        self.points = 0
        self.disturbed: set[str] = set()
        self.told_directly: list[tuple[str, State]] = []
        self.stage.uplynk.trip = self.stage.ledger.trip = self.reaches

    # -- what may happen

    @rule(press=PRESSES, meets=WRITES, twists=st.lists(TWISTS, max_size=3), starts=st.booleans())
    def presses(self, press: Press, meets: Write, twists: list[Twist], starts: bool) -> None:
        def pressed() -> None:
            self.stage.uplynk.writes.clear()
            self.stage.uplynk.writes.append(meets)
            self.asks(press)
            if starts:
                self.stage.work.run()

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

    @rule(group_id=IDS, change=CHANGES)
    def somebody_changes_it_in_the_cms(self, group_id: str, change: Configure) -> None:
        there = self.stage.uplynk.arrived()[group_id]
        failback = there.auto_failback if change.auto_failback is None else change.auto_failback
        self.stage.uplynk.set(group_id, mode=change.mode or there.mode, auto_failback=failback)
        self.disturbs()

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
        there = self.stage.uplynk.arrived()[press.group_id]
        given = {"actor": press.actor, "group": press.group_id, "change": press.change}
        seen = fingerprint(there) if press.sees else None
        try:
            asked = request(key=press.key, seen=seen, received_at=self.stage.clock(), **given)
            record, first = self.stage.changes.accept(asked)
        except LedgerUnavailable:
            return
        if first:
            self.stage.runner.start(record)

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
        twist = self.twists.pop(0)
        if twist.happens == "crash":
            raise Crash
        if isinstance(twist.happens, int):
            self.stage.ledger.broken = twist.happens
        elif isinstance(twist.happens, Press):
            self.asks(twist.happens)
            if self.stage.work.jobs:
                self.stage.work.jobs.pop()()

    def restarts(self) -> None:
        self.stage.restart()
        # Told while the database was down, and known to the dead process alone.
        self.told_directly.clear()

    @property
    def written(self) -> list[str]:
        return [str(one.change_id) for one in self.stage.uplynk.sent]

    def held(self) -> list[Record]:
        return sorted(
            (one for one in self.stage.ledger.records.values() if one.state in HOLDING),
            key=lambda one: one.sent_at or START,
        )

    def disturbs(self) -> None:
        self.disturbed |= {one.id for one in self.held()}

    # -- what always holds

    @invariant()
    def nothing_is_written_without_a_record(self) -> None:
        assert self.stage.uplynk.violations == []

    @invariant()
    def no_change_is_written_twice(self) -> None:
        assert all(count == 1 for count in Counter(self.written).values())

    @invariant()
    def one_change_holds_a_group(self) -> None:
        assert all(count == 1 for count in Counter(one.group_id for one in self.held()).values())

    @invariant()
    def one_press_is_one_change(self) -> None:
        keys = Counter(one.request.key for one in self.stage.ledger.records.values())
        assert all(count == 1 for count in keys.values())

    @invariant()
    def only_what_was_allowed_is_written(self) -> None:
        for change_id in self.written:
            record = self.stage.ledger.records[change_id]
            assert record.state in HOLDING | LAST_WORDS
            assert record.request.actor != VIEWER

    @invariant()
    def the_last_word_agrees_with_uplynk(self) -> None:
        for record in self.stage.ledger.records.values():
            if record.state is State.VERIFIED:
                assert self.was_there(record)
            elif record.state is State.FAILED and record.id in self.written:
                assert record.id in self.disturbed or not self.took_effect(record)
            elif record.state in EFFECTIVE:
                assert record.id in self.disturbed

    @invariant()
    def nobody_is_told_failed_of_what_was_sent(self) -> None:
        for change_id, state in self.told_directly:
            assert state is State.FAILED
            assert change_id not in self.written

    @invariant()
    def every_outcome_is_told_or_due(self) -> None:
        for record in self.stage.ledger.records.values():
            if record.state not in LAST_WORDS:
                continue
            rows = [r for r in self.stage.ledger.rows if r.notice.change_id == record.id]
            assert {row.notice.kind for row in rows} == {Kind.CARD, Kind.ANSWER}
            for row in rows:
                if row.due_at is None and row.notice.kind is Kind.CARD:
                    shown = self.stage.messenger.cards[str(row.notice.address)]
                    assert shown == (record.id, record.state)
                elif row.due_at is None:
                    assert (record.id, record.state) in self.stage.messenger.answers

    @invariant()
    def changes_of_a_group_keep_their_distance(self) -> None:
        for group_id in (ID_A, ID_B):
            records = [self.stage.ledger.records[one] for one in dict.fromkeys(self.written)]
            sent = [one for one in records if one.group_id == group_id and one.sent_at is not None]
            for earlier, later in pairwise(sent):
                if earlier.state in EFFECTIVE:
                    assert earlier.sent_at is not None
                    assert later.sent_at is not None
                    apart = (later.sent_at - earlier.sent_at).total_seconds()
                    assert apart >= COOLDOWN

    def was_there(self, record: Record) -> bool:
        assert record.sent_at is not None
        assert record.ended_at is not None
        assert record.group_id is not None
        history = self.stage.uplynk.history[record.group_id]
        during = [there for since, there in history if record.sent_at <= since <= record.ended_at]
        during.append(self.stage.uplynk.was(record.group_id, record.ended_at))
        return any(holds(there, record.request.change) for there in during)

    def took_effect(self, record: Record) -> bool:
        self.stage.uplynk.arrived()
        return record.id in [one.change_id for one in self.stage.uplynk.took_effect]

    def teardown(self) -> None:
        """Uplynk answers again, the bot is started once more: everything comes to its end."""
        if not hasattr(self, "stage"):
            return
        self.disturbs()
        self.stage.uplynk.down = None
        self.stage.restart()
        self.stage.runner.recover(PACE)
        self.stage.work.run()
        self.nothing_is_written_without_a_record()
        self.no_change_is_written_twice()
        assert self.stage.ledger.unfinished() == ()
        self.the_last_word_agrees_with_uplynk()
        self.messages_go_out()
        self.every_outcome_is_told_or_due()
        assert all(row.due_at is None for row in self.stage.ledger.rows)
