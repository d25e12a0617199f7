"""What the services need of a database that keeps sets."""

from collections.abc import Sequence
from typing import Protocol

from failover.lifecycle import Record
from failover.model import FailoverGroup
from failover.sets import GroupSet, SetState


class SetStore(Protocol):
    """Sets of changes. Each method is one transaction; raises LedgerUnavailable."""

    def draft(
        self, group_set: GroupSet, refused: Sequence[Record], shown: Sequence[FailoverGroup]
    ) -> None:
        """Store a set that is shown, the attempts that it leaves out, and its groups as shown."""
        ...

    def take(self, group_set: GroupSet, records: Sequence[Record]) -> tuple[GroupSet, bool]:
        """Store a set that is taken on, and its members; (it, True), or (as it stands, False).

        Raises SetUnderWay where its person has another one.
        """
        ...

    def cancel(self, set_id: str) -> GroupSet | None:
        """Put a set aside that is only shown; as it then stands, None: there is none."""
        ...

    def move(self, group_set: GroupSet, to: SetState) -> None:
        """Store that a set that was taken on has ended, or that this has been told.

        Raises Overtaken where another instance has taken it over.
        """
        ...

    def get(self, name: str) -> GroupSet | None:
        """A set as it stands, by its ID or by the key of its request."""
        ...

    def open(self) -> tuple[GroupSet, ...]:
        """What this instance has to see to, oldest first: what it took on, or a dead one did.

        Those are the sets that are under way, or whose end has not been told.
        """
        ...

    def records(self, group_set: GroupSet) -> tuple[Record, ...]:
        """The records of the members as they stand, in their sequence."""
        ...
