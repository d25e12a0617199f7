"""What is promised of locks, the pause and the second person, whoever does what and whenever.

The machine keeps books of its own: who holds which role, who agreed to what, what is in force.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from hypothesis.stateful import RuleBasedStateMachine, invariant

from failover.lifecycle import Actor, Record, State
from failover.measures import Lock, Pause, Resume, Unlock
from failover.model import FailoverGroup
from failover.notices import Kind
from failover.policy import Role, Rule
from failover.writes import same_settings
from tests.fakes import Sent
from tests.services.deciding import PROTECTED, has
from tests.stage import Stage


@dataclass(frozen=True)
class Locked:
    """A lock that was put: whose it is, and until when."""

    by: str
    until: datetime | None


@dataclass(frozen=True)
class Taken:
    """How things stood in the moment in which a change took its group."""

    now: datetime
    need: int
    roles: dict[str, frozenset[Role]]
    agreed: frozenset[str]
    paused: bool
    locked: Locked | None


class Promises(RuleBasedStateMachine):
    """A bot and the books that are kept beside it."""

    stage: Stage
    need: int
    roles: dict[str, frozenset[Role]]
    agreed: dict[str, set[str]]
    shown: dict[str, FailoverGroup]
    ended: dict[str, Record]
    taken: dict[str, Taken]
    locked: dict[str, Locked]
    paused: bool
    usurped: list[Record]
    revived: list[Record]

    def observes(self) -> None:
        """Enter into the books whatever was stored since the last time."""
        for record in self.stage.ledger.records.values():
            if record.state is State.SENDING and record.id not in self.taken:
                self.taken[record.id] = self.as_it_is(record)
            if record.id in self.ended:
                if record != self.ended[record.id]:
                    self.revived.append(record)
            elif record.final:
                self.ended[record.id] = record
                if record.state is State.DONE:
                    self.puts(record)
            elif record.state is State.AWAITING and record.before is not None:
                self.shown.setdefault(record.id, record.before)

    def as_it_is(self, record: Record) -> Taken:
        return Taken(
            now=self.stage.clock(),
            need=self.need if record.group_id in PROTECTED else 0,
            roles=dict(self.roles),
            agreed=frozenset(self.agreed.get(record.id, ())),
            paused=self.paused,
            locked=self.counting(str(record.group_id)),
        )

    def counting(self, group_id: str) -> Locked | None:
        lock = self.locked.get(group_id)
        over = lock is not None and lock.until is not None and lock.until <= self.stage.clock()
        return None if over else lock

    def puts(self, record: Record) -> None:
        actor, group_id = record.request.actor, str(record.group_id)
        admin = has(self.roles, actor, Role.ADMIN)
        lock, rightful = self.counting(group_id), admin
        match record.request.change:
            case Pause():
                self.paused = True
            case Resume():
                self.paused = False
            case Lock(seconds):
                ends = None if seconds is None else timedelta(seconds=seconds)
                until = None if ends is None else self.stage.clock() + ends
                rightful = lock is None or lock.by == actor.user_id
                self.locked[group_id] = Locked(actor.user_id, until)
            case Unlock():
                rightful = lock is not None and (admin or lock.by == actor.user_id)
                self.locked.pop(group_id, None)
        if not rightful:
            self.usurped.append(record)

    def first_writes(self) -> list[tuple[Sent, Record, Taken]]:
        found = []
        for sent in self.stage.uplynk.sent:
            if sent.number == 1 and sent.record is not None:
                found.append((sent, sent.record, self.taken[sent.record.id]))
        return found

    def may(self, taken: Taken, actor: Actor, record: Record, rule: Rule) -> bool:
        """Whether an admin has set this rule aside, and has said why."""
        asked = record.request
        return (
            asked.override is rule
            and bool(asked.reason)
            and rule.value in record.facts.get("overridden", ())
            and has(taken.roles, actor, Role.ADMIN)
        )

    @invariant()
    def nothing_protected_is_sent_without_enough_other_people(self) -> None:
        for _, record, taken in self.first_writes():
            actor = record.request.actor
            if not self.may(taken, actor, record, Rule.PROTECT):
                assert len(taken.agreed - {actor.user_id}) >= taken.need

    @invariant()
    def nothing_is_sent_while_everything_is_paused(self) -> None:
        for _, record, taken in self.first_writes():
            assert not taken.paused or self.may(taken, record.request.actor, record, Rule.PAUSE)

    @invariant()
    def nothing_is_sent_to_what_somebody_else_has_locked(self) -> None:
        for _, record, taken in self.first_writes():
            actor, lock = record.request.actor, taken.locked
            own = lock is None or lock.by == actor.user_id
            assert own or self.may(taken, actor, record, Rule.LOCK)

    @invariant()
    def nothing_is_sent_for_somebody_without_the_role(self) -> None:
        for _, record, taken in self.first_writes():
            assert has(taken.roles, record.request.actor, Role.OPERATOR, Role.ADMIN)

    @invariant()
    def what_is_changed_is_what_they_were_shown(self) -> None:
        for _, record, _ in self.first_writes():
            shown = self.shown.get(record.id)
            if shown is not None:
                assert record.base is not None
                assert same_settings(shown, record.base)

    @invariant()
    def the_first_final_decision_stands(self) -> None:
        assert self.revived == []

    @invariant()
    def locks_and_the_pause_are_only_put_and_taken_by_those_who_may(self) -> None:
        assert self.usurped == []

    @invariant()
    def nothing_is_sent_twice_or_without_a_record(self) -> None:
        assert self.stage.uplynk.violations == []
        numbers = [(one.change_id, one.number) for one in self.stage.uplynk.sent]
        assert len(numbers) == len(set(numbers))

    @invariant()
    def what_waits_for_nobody_any_more_is_told_so(self) -> None:
        for row in self.stage.ledger.rows:
            record = self.stage.ledger.records[row.notice.change_id]
            if not (record.final and record.asked_others) or row.due_at is not None:
                continue
            told = self.stage.messenger.answers
            if row.notice.kind is Kind.CARD:
                told = [self.stage.messenger.cards[str(row.notice.address)]]
            assert (record.id, record.state) in told
