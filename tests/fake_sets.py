"""Sets in memory beside the ledger in memory, and the screen on which they are told."""

import copy
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from failover.errors import Overtaken, SetUnderWay, SlackProblem
from failover.lifecycle import Record
from failover.model import FailoverGroup, fingerprint
from failover.sets import OPEN, GroupSet, SetProgress, SetState
from tests.fake_ledger import FakeLedger


class FakeSets:
    """The sets of a ``FakeLedger``."""

    def __init__(self, ledger: FakeLedger) -> None:
        self.ledger = ledger
        self.sets: dict[str, GroupSet] = {}
        self.holders: dict[str, str] = {}

    def beside(self, ledger: FakeLedger) -> "FakeSets":
        """The same sets, as another instance sees them."""
        other = copy.copy(self)
        other.ledger = ledger
        return other

    def draft(
        self, group_set: GroupSet, refused: Sequence[Record], shown: Sequence[FailoverGroup]
    ) -> None:
        self.ledger.reads("draft")
        self.sets[group_set.id] = group_set
        self._add(refused, self.ledger.me)
        self.ledger.snapshots |= {fingerprint(group): group for group in shown}

    def take(self, group_set: GroupSet, records: Sequence[Record]) -> tuple[GroupSet, bool]:
        self.ledger.reads("take set")
        for known in self.sets.values():
            same = known.id == group_set.id or known.request.key == group_set.request.key
            if same and known.state is not SetState.SHOWN:
                return known, False
        mine = group_set.request.actor.user_id
        for known in self.sets.values():
            if known.state is SetState.TAKEN and known.request.actor.user_id == mine:
                raise SetUnderWay(mine)
        self.sets[group_set.id] = group_set
        self.holders[group_set.id] = self.ledger.me
        self._add(records, group_set.id)
        self.ledger.trip("take set:after")
        return group_set, True

    def cancel(self, set_id: str) -> GroupSet | None:
        self.ledger.reads("cancel")
        known = self.sets.get(set_id)
        if known is not None and known.state is SetState.SHOWN:
            self.sets[set_id] = replace(known, state=SetState.CANCELLED)
        return self.sets.get(set_id)

    def move(self, group_set: GroupSet, to: SetState) -> None:
        self.ledger.reads("move set")
        if self.holders[group_set.id] != self.ledger.me:
            raise Overtaken(group_set.id)
        self.sets[group_set.id] = replace(self.sets[group_set.id], state=to)

    def get(self, name: str) -> GroupSet | None:
        self.ledger.reads("get set")
        found = (one for one in self.sets.values() if name in (one.id, one.request.key))
        return next(found, None)

    def open(self) -> tuple[GroupSet, ...]:
        self.ledger.reads("open sets")
        open_now = [one for one in self.sets.values() if one.state in OPEN]
        for one in open_now:
            if self.holders[one.id] in self.ledger.dead:
                self.holders[one.id] = self.ledger.me
        return tuple(one for one in open_now if self.holders[one.id] == self.ledger.me)

    def records(self, group_set: GroupSet) -> tuple[Record, ...]:
        self.ledger.reads("records")
        by_key = {one.request.key: one for one in self.ledger.records.values()}
        keys = [group_set.key(member) for member in group_set.members]
        return tuple(by_key[key] for key in keys if key in by_key)

    def _add(self, records: Sequence[Record], holder: str) -> None:
        for record in records:
            self.ledger._commit(record, {}, holder)


@dataclass
class FakeSetScreen:
    """Where a set is told: each message with the place it went to; ``problems`` come first."""

    told: list[tuple[str, SetProgress]] = field(default_factory=list)
    problems: deque[SlackProblem | None] = field(default_factory=deque)
    meanwhile: Callable[[], None] = lambda: None

    def update_view(self, view_id: str, view: Any, *, hash: str | None = None) -> None:
        self._tell(f"view {view_id}", view)

    def respond(self, response_url: str, message: Any, *, replace: bool = False) -> None:
        self._tell("in place" if replace else "below", message)

    def post_direct(self, user_id: str, message: Any) -> str:
        self._tell(f"post {user_id}", message)
        return "D1/1"

    def edit_direct(self, address: str, message: Any) -> None:
        self._tell(f"edit {address}", message)

    @property
    def last(self) -> SetProgress:
        return self.told[-1][1]

    @property
    def places(self) -> list[str]:
        return [place for place, _ in self.told]

    def _tell(self, place: str, message: Any) -> None:
        self.meanwhile()
        problem = self.problems.popleft() if self.problems else None
        if problem is not None:
            raise problem
        self.told.append((place, message))
