"""A delivery over fakes, with a message for each change that is told of."""

import copy
from dataclasses import replace
from datetime import datetime

from failover.errors import LedgerUnavailable, SlackProblem
from failover.lifecycle import State, move
from failover.notices import Kind
from services.delivery import Delivery
from tests.builders import ID_A, record, request
from tests.fake_time import fails_at
from tests.fakes import FakeClock, FakeLedger, FakeMessenger, FakeOutbox

LOST = SlackProblem("ReadTimeoutError", maybe_done=True)
UNREACHABLE = SlackProblem("unreachable")
LIMITED = SlackProblem("ratelimited", retry_after=30)
BROKEN = SlackProblem("invalid_blocks")


class Post:
    """Deliveries over fakes, with a card and an answer for each change that is told of."""

    def __init__(self, kind: Kind = Kind.CARD) -> None:
        self.clock = FakeClock()
        self.ledger = FakeLedger(self.clock)
        self.slack = FakeMessenger()
        self.kind = kind
        self._begin()

    def restart(self) -> None:
        """A new process over the same database; the one before is dead."""
        self.ledger.restart()
        self._begin()

    def beside(self) -> "Post":
        """Another instance that sends the same messages."""
        other = copy.copy(self)
        other.ledger = self.ledger.beside()
        other._begin()
        return other

    def _begin(self) -> None:
        self.delivery = Delivery(self.kind, FakeOutbox(self.ledger), self.slack, self.clock)

    def tells(
        self, change_id: str, state: State = State.SENDING, *, due: datetime | None = None,
        group: str = ID_A,
    ) -> None:  # fmt: skip
        """A change moves and is to be told of."""
        known = self.ledger.records.get(change_id)
        due = due or self.clock()
        if known is None:
            asked = request(key=change_id)
            first = replace(record(state, request=asked, id=change_id), group_id=group)
            self.ledger.receive(first, {self.kind: due})
        else:
            self.ledger.advance(move(known, state), {self.kind: due})

    def ticks(self, times: int = 1) -> None:
        """As the loop does: tick, and wait as long as it says."""
        for _ in range(times):
            wait = self.delivery.tick()
            if wait is None:
                return
            self.clock.advance(wait)

    def asks_again(self) -> float:
        """Go on until Slack is asked once more; the seconds until then."""
        asked, begun = len(self.slack.log), self.clock()
        for _ in range(1000):
            wait = self.delivery.tick()
            if len(self.slack.log) > asked:
                return (self.clock() - begun).total_seconds()
            assert wait is not None
            self.clock.advance(wait)
        raise AssertionError("Slack is not asked again")

    def cannot_store(self, times: int) -> None:
        """The next so many writes of the outbox fail; what is read is read."""
        self.ledger.trip = fails_at("outbox:before", LedgerUnavailable("locked"), times)

    def finishes(self) -> None:
        """Until nothing waits."""
        for _ in range(20_000):
            if (wait := self.delivery.tick()) is None:
                return
            self.clock.advance(wait)
        raise AssertionError("messages are left")

    @property
    def waiting(self) -> int:
        return sum(row.due_at is not None for row in self.ledger.rows)
