"""The services over fakes, wired as the front door wires them; ``restart`` keeps what is stored."""

import itertools
from dataclasses import replace
from typing import Any

from failover.lifecycle import Record, State
from failover.model import FailoverGroup
from failover.notices import Kind
from failover.policy import Policy
from services.access import Access
from services.change_service import ChangeService
from services.delivery import Delivery
from services.desk import Desk
from services.groups import Groups
from services.guard import Guard
from services.overview import Overview
from services.pace import Pace
from services.previews import Previews
from services.runner import Runner
from services.settling import Settling
from tests.builders import MEMBER, SPORTS, flat, policy, request
from tests.fakes import (
    FakeClock,
    FakeLedger,
    FakeMessenger,
    FakeOutbox,
    FakeTimer,
    FakeUplynk,
    FakeUserGroups,
    FakeWork,
)

PACE = Pace()


class Stage:
    """Everything between Slack and Uplynk, with the two ends and the database in memory."""

    def __init__(self, *groups: FailoverGroup, rules: Policy | None = None) -> None:
        self.clock = FakeClock()
        self.uplynk = FakeUplynk(self.clock, *(groups or (flat(),)))
        self.ledger = FakeLedger(self.clock)
        self.uplynk.ledger = self.ledger
        self.messenger = FakeMessenger()
        self.usergroups = FakeUserGroups({SPORTS: frozenset({MEMBER.user_id})})
        self.rules = rules or policy()
        self._numbers = itertools.count(1)
        self.restart()

    def restart(self) -> None:
        """A new process over the same database."""
        self.timer = FakeTimer(self.clock)
        self.work = FakeWork()
        self.access = Access(lambda: self.rules, self.usergroups, self.clock, 60)
        self.access.belongs_to("T0HOME")
        self.groups = Groups(self.uplynk, self.clock, 60)
        self.desk = Desk(self.clock, lambda: f"change-{next(self._numbers)}")
        self.guard = Guard(self.access, self.groups, self.ledger, self.clock)
        self.settling = Settling(self.groups, self.timer, PACE)
        self.changes = ChangeService(self.ledger, self.guard, self.uplynk, self.settling, self.desk)
        self.previews = Previews(self.ledger, self.guard, self.desk, PACE.guard)
        self.overview = Overview(self.groups, self.access, self.ledger, self.clock)
        self.runner = Runner(self.changes, self.ledger, self.work, self.messenger, self.desk)
        outbox = FakeOutbox(self.ledger)
        self.cards = Delivery(Kind.CARD, outbox, self.messenger, self.clock)
        self.answers = Delivery(Kind.ANSWER, outbox, self.messenger, self.clock)

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
        sending = replace(
            accepted,
            state=State.SENDING,
            version=2,
            group_id=group.id,
            group_name=group.name,
            before=group,
            sent_at=self.clock(),
        )
        self.ledger.take(sending, {Kind.CARD: self.clock()}, self.ledger.last_sent_at(group.id))
        return sending

    def states(self, change_id: str = "change-1") -> list[State]:
        """Every state of a change, in order."""
        return [state for one, state in self.ledger.states if one == change_id]
