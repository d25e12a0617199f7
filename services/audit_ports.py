"""What the audit record needs from outside, as narrow protocols. Times are UTC."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Protocol

from failover.audit import Attempt
from failover.audit_chain import Head, Row
from failover.witness import Evidence, Posted, Witness


class Audit(Protocol):
    """Takes entries that belong to no record; those of records are stored with them."""

    def note(self, attempt: Attempt) -> None:
        """Keep an attempt that has no record. Raises LedgerUnavailable."""
        ...


class Book(Protocol):
    """The audit record, to be read. Raises LedgerUnavailable."""

    def head(self) -> Head | None:
        """Where the chain ends, as the database keeps it; None: it does not."""
        ...

    def rows(self, since: str | None = None, until: str | None = None) -> Iterator[Row]:
        """Every entry by its number; only those from ``since`` on and before ``until``."""
        ...

    def posted(self) -> Sequence[Posted]:
        """Every head that was posted in a channel, oldest first."""
        ...

    def guarded(self) -> bool:
        """Whether the triggers stand that keep the record from being changed."""
        ...


class Witnesses(Protocol):
    """Which heads are posted. Raises LedgerUnavailable."""

    def claim(self, now: datetime) -> Witness | None:
        """The head that is to be posted now, claimed for the caller; None: there is none."""
        ...

    def posted(self, witness: Witness, now: datetime, address: str) -> None:
        """Note that a head is in the channel."""
        ...

    def release(self, witness: Witness) -> None:
        """Note that a head is certainly not in the channel yet."""
        ...


class WitnessBoard(Protocol):
    """The channel that holds the heads. Raises SlackProblem."""

    def post(self, witness: Witness) -> str:
        """Post a head; its address."""
        ...

    def find(self, witness: Witness) -> str | None:
        """The address of a head that was posted although nobody knows it."""
        ...

    def read(self) -> Evidence:
        """Every head that the bot itself has posted, as far back as can be looked."""
        ...
