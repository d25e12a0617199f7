"""Which instances of the bot are alive: a row for each, renewed while it runs.

An instance counts as alive until its lease has run out by the clock of the database, which is the
same for all of them. What an instance that does not holds is anybody's to take over.
"""

from collections.abc import Callable
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Select, and_, delete, or_, select

from failover.instances import Neighbour
from store.clock import NOW_SECONDS
from store.engine import Database
from store.tables import instances
from store.upsert import upsert

LEASE_SECONDS = 8.0
"""For so long an instance counts as alive that does not renew its lease any more."""
MARGIN_SECONDS = 1.0
"""So much before its lease runs out an instance stops relying on it: clocks differ in pace."""
FORGOTTEN_AFTER_SECONDS = 3600.0


# A lease that ends further ahead than any is given was given before the clock was set back.
LIVING = select(instances.c.id).where(
    instances.c.seen_until > NOW_SECONDS,
    instances.c.seen_until < NOW_SECONDS + 2 * LEASE_SECONDS,
)


def left(holder: ColumnElement[Any], me: str) -> ColumnElement[bool]:
    """The condition that nobody who is alive holds a row; ``me`` always is."""
    return or_(holder.is_(None), and_(holder != me, holder.not_in(LIVING)))


class Instance(Protocol):
    """As which instance something is stored."""

    @property
    def id(self) -> str:
        """What stands in the rows that it holds."""
        ...

    def present(self) -> bool:
        """Whether it surely counts as alive, so that nobody takes over what it holds."""
        ...

    def term(self) -> int | None:
        """Its number rises whenever it had ceased to count as alive; None: it may count as dead."""
        ...


class Alone:
    """The only instance there is, which needs no lease."""

    @property
    def id(self) -> str:
        """What stands in the rows that it holds."""
        return "alone"

    def present(self) -> bool:
        """It always counts as alive."""
        return True

    def term(self) -> int | None:
        """It has but one."""
        return 1


ALONE = Alone()


class InstanceRow:
    """The row of this instance, and a look at the others; see ``services.ports.Roll``."""

    def __init__(self, database: Database, own: Neighbour, seconds: Callable[[], float]) -> None:
        """``seconds``: a clock that cannot be set and goes on while the process is frozen."""
        self._database = database
        self._own = own
        self._seconds = seconds
        self._until = float("-inf")
        self._term = 0

    @property
    def id(self) -> str:
        """What stands in the rows that it holds."""
        return self._own.id

    def present(self) -> bool:
        """Whether the lease surely has not run out yet. Asks nobody."""
        return self._seconds() < self._until

    def term(self) -> int | None:
        """Its number rises whenever the lease had run out; None: it may have run out now."""
        return self._term if self.present() else None  # in this order: ``renew`` counts first

    def renew(self) -> None:
        """Count as alive for another ``LEASE_SECONDS``. Raises LedgerUnavailable."""
        begun = self._seconds()
        values = {
            "name": self._own.name,
            "identity": self._own.identity,
            "seen_until": NOW_SECONDS + LEASE_SECONDS,
        }
        with self._database.writing() as connection:
            connection.execute(upsert(instances, ["id"], values).values(id=self.id, **values))
            old = instances.c.seen_until < NOW_SECONDS - FORGOTTEN_AFTER_SECONDS
            connection.execute(delete(instances).where(old))
        if not self.present():
            self._term += 1
        self._until = begun + LEASE_SECONDS - MARGIN_SECONDS

    def others(self) -> tuple[Neighbour, ...]:
        """Every other instance that has a row, dead or alive. Raises LedgerUnavailable."""
        statement: Select[Any] = select(instances).where(instances.c.id != self.id)
        with self._database.reading() as connection:
            rows = connection.execute(statement.order_by(instances.c.name)).all()
        return tuple(Neighbour(row.id, row.name, row.identity) for row in rows)

    def strike(self, instance_id: str) -> None:
        """Take an instance off the roll that certainly runs no more. Raises LedgerUnavailable."""
        with self._database.writing() as connection:
            connection.execute(delete(instances).where(instances.c.id == instance_id))

    def leave(self) -> None:
        """Count as dead from now on, so that others take over at once. Raises LedgerUnavailable."""
        self._until = float("-inf")
        self.strike(self.id)
