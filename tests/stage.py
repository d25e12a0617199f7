"""The services over fakes, wired as the front door wires them; ``restart`` keeps what is stored."""

import copy
import itertools
from dataclasses import replace
from typing import Any

from failover.change import next_write, reads_owners
from failover.lifecycle import Record, State
from failover.model import FailoverGroup
from failover.notices import Kind
from failover.policy import Policy
from failover.sets import SetProgress
from services.access import Access
from services.approvals import Approvals
from services.change_service import ChangeService
from services.delivery import Delivery
from services.desk import Desk
from services.groups import Groups
from services.guard import Guard
from services.measures import Measures
from services.overview import Overview
from services.pace import Pace
from services.picks import Picks
from services.previews import Previews
from services.runner import Runner
from services.set_previews import SetPreviews
from services.set_runner import Means, SetRunner
from services.set_stops import SetStops
from services.set_telling import SetTelling
from services.settling import Settling
from tests.builders import MEMBER, SPORTS, flat, policy, request
from tests.fakes import (
    FakeClock,
    FakeForces,
    FakeLedger,
    FakeMessenger,
    FakeOutbox,
    FakeSets,
    FakeSetScreen,
    FakeTimer,
    FakeUplynk,
    FakeUserGroups,
    FakeWork,
)

PACE = Pace()


def _undrawn(progress: SetProgress) -> Any:
    return progress


class Stage:
    """Everything between Slack and Uplynk, with the two ends and the database in memory."""

    def __init__(self, *groups: FailoverGroup, rules: Policy | None = None) -> None:
        self.clock = FakeClock()
        self.uplynk = FakeUplynk(self.clock, *(groups or (flat(),)))
        self.ledger = FakeLedger(self.clock)
        self.uplynk.ledger = self.ledger
        self.forces = FakeForces(self.ledger)
        self.set_store = FakeSets(self.ledger)
        self.set_screen = FakeSetScreen()
        self.messenger = FakeMessenger()
        self.usergroups = FakeUserGroups({SPORTS: frozenset({MEMBER.user_id})})
        self.rules = rules or policy()
        self._numbers = itertools.count(1)
        self._begin()

    def restart(self) -> None:
        """A new process over the same database; the one before is dead."""
        self.ledger.restart()
        self._begin()

    def beside(self) -> "Stage":
        """Another instance over the same database, Uplynk and Slack."""
        other = copy.copy(self)
        other.ledger = self.ledger.beside()
        other.forces = FakeForces(other.ledger)
        other.set_store = self.set_store.beside(other.ledger)
        other._begin()
        return other

    def _begin(self) -> None:
        self.timer = FakeTimer(self.clock)
        self.work = FakeWork()
        self.access = Access(lambda: self.rules, self.usergroups, self.clock, 60)
        self.access.belongs_to("T0HOME")
        self.groups = Groups(self.uplynk, self.clock, 60)
        self.desk = Desk(self.clock, lambda: f"change-{next(self._numbers)}")
        self.guard = Guard(self.access, self.groups, self.ledger, self.forces, self.clock)
        self.settling = Settling(self.groups, self.timer, PACE)
        self.measures = Measures(self.ledger, self.forces, self.guard, self.access, self.desk)
        self.changes = ChangeService(
            self.ledger, self.guard, self.measures, self.uplynk, self.settling
        )
        self.previews = Previews(self.ledger, self.ledger, self.guard, self.desk, PACE.guard)
        self.overview = Overview(self.groups, self.access, self.ledger, self.clock)
        self.runner = Runner(self.changes, self.ledger, self.work, self.messenger, self.desk)
        self.approvals = Approvals(self.ledger, self.access, self.runner, self.desk)
        self.set_previews = SetPreviews(
            self.set_store, self.previews, self.guard, self.groups, self.measures
        )
        self.picks = Picks(self.groups, self.overview, self.set_previews)
        self.set_runner = self.runs_sets(
            SetTelling(self.set_screen, _undrawn, self.timer, _undrawn)
        )
        self.set_stops = SetStops(self.set_store, self.ledger, self.access, self.desk)
        outbox = FakeOutbox(self.ledger)
        self.cards = Delivery(Kind.CARD, outbox, self.messenger, self.clock)
        self.answers = Delivery(Kind.ANSWER, outbox, self.messenger, self.clock)

    def runs_sets(self, telling: SetTelling) -> SetRunner:
        """What carries out sets and tells of them so."""
        means = Means(self.work, self.timer, PACE, self.desk)
        return SetRunner(self.set_store, self.ledger, self.runner, telling, means)

    def accepts(self, **given: Any) -> Record:
        """A request is stored, received now unless it says otherwise."""
        asked = request(**{"received_at": self.clock(), **given})
        return self.changes.accept(asked)[0]

    def does(self, **given: Any) -> Record:
        """A request is stored and carried out; the record as it stands then."""
        accepted = self.accepts(**given)
        self.changes.run(accepted)
        return self.ledger.records[accepted.id]

    def sent_and_died(self, **given: Any) -> Record:
        """A request whose process died with the record on disk, before or after the write."""
        accepted = self.accepts(**given)
        group = self.uplynk.groups[accepted.request.group]
        if not reads_owners(accepted.request.change):
            group = replace(group, allowed_owners=None)
        write = next_write(group, accepted.request.change)
        assert write is not None
        sending = replace(
            accepted,
            state=State.SENDING,
            version=2,
            group_id=group.id,
            group_name=group.name,
            before=group,
            base=group,
            written=(write,),
            sent_at=self.clock(),
        )
        last, force = self.ledger.last_sent_at(group.id), self.forces.in_force(group.id)
        self.ledger.take(sending, {Kind.CARD: self.clock()}, last, force)
        return sending

    def states(self, change_id: str = "change-1") -> list[State]:
        """Every state of a change, in order."""
        return [state for one, state in self.ledger.states if one == change_id]
