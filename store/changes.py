"""Every attempt to change a group, and which change holds which group."""

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from sqlalchemy import (
    Connection,
    Select,
    and_,
    bindparam,
    insert,
    not_,
    or_,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from failover.errors import Forestalled, GroupHeld, Overtaken
from failover.lifecycle import HOLDING, MOVES, Record
from failover.measures import Force
from failover.model import FailoverGroup, fingerprint, from_plain, to_plain
from failover.notices import Tell
from store.archive import EFFECTIVE, ChangeArchive
from store.audit import moved
from store.documents import moment, read, stamp, write
from store.engine import Database
from store.instances import ALONE, Instance, left
from store.notices import REMIND, plan
from store.tables import PAUSE, changes, forces, lock_key, sets, snapshots
from store.upsert import upsert

log = logging.getLogger(__name__)

AT_ONCE = 50
"""How many changes one look takes over: other survivors want some, too."""
SNAPSHOTS_KEPT = timedelta(days=2)
"""How long a group is remembered as it was shown; a form nobody submitted by then is stale."""

# Made once: to put a statement together takes longer than to run it.
LAST_SENT = (
    select(changes.c.sent_at, changes.c.actor_id)
    .where(changes.c.group_id == bindparam("group"), changes.c.state.in_(EFFECTIVE))
    .order_by(changes.c.sent_at.desc())
    .limit(1)
)
MOVE = update(changes).where(
    changes.c.id == bindparam("its_id"), changes.c.version == bindparam("its_version")
)
NEW_FORCE = select(forces.c.key).where(
    or_(
        and_(forces.c.key == bindparam("lock"), forces.c.change_id != bindparam("known_lock")),
        and_(forces.c.key == PAUSE, forces.c.change_id != bindparam("known_pause")),
    )
)
_LAST = LAST_SENT.subquery()
AS_CHECKED = select(
    NEW_FORCE.limit(1).scalar_subquery().label("new_force"),
    select(_LAST.c.sent_at).scalar_subquery().label("sent_at"),
    select(_LAST.c.actor_id).scalar_subquery().label("actor_id"),
)
"""One row: what may have come in between a look at a group and its being taken."""
OLDEST = changes.c.received_at
IS_OPEN = changes.c.state.in_([state.value for state in MOVES])


class OnForces(Enum):
    """What a transaction does to the locks and the pause: both at once it must not be."""

    READS = "reads"
    CHANGES = "changes"


class ChangeLedger(ChangeArchive):
    """The ledger on a database; see ``services.ports.Ledger`` for the promises."""

    def __init__(
        self,
        database: Database,
        clock: Callable[[], datetime],
        bell: Callable[[Tell], None],
        instance: Instance = ALONE,
    ) -> None:
        """``clock`` gives UTC; ``bell`` is told, after the commit, which messages to send when.

        ``instance`` holds what it stores.
        """
        super().__init__(database)
        self._clock = clock
        self._bell = bell
        self._instance = instance

    def term(self) -> int | None:
        """Its number rises whenever it had ceased to count as alive; None: it may count as dead."""
        return self._instance.term()

    def receive(self, record: Record, tell: Tell) -> tuple[Record, bool]:
        """Store a first record; (it, True), or (the record that has its key already, False)."""
        key = record.request.key
        row = row_of(record, self._instance.id)
        try:
            with self._database.writing() as connection:
                with _taken():
                    connection.execute(insert(changes), row)
                plan(connection, record.id, tell)
                self._audit(connection, record)
        except _Taken:
            known = self.find(key)
            assert known is not None
            return known, False
        self._bell(tell)
        return record, True

    def advance(self, record: Record, tell: Tell) -> None:
        """Store a record that was moved on. Raises Overtaken or GroupHeld."""
        with self.moving(record, tell):
            pass

    @contextmanager
    def moving(
        self, record: Record, tell: Tell, on_forces: OnForces | None = None
    ) -> Iterator[Connection]:
        """A transaction in which a record is moved on, with room for what belongs to it.

        ``on_forces``: what it does to the locks and the pause. Raises Overtaken or GroupHeld.
        """
        was = {"its_id": record.id, "its_version": record.version - 1}
        try:
            with self._database.writing() as connection:
                if on_forces is not None:
                    shared = on_forces is OnForces.READS
                    self._database.serialised(connection, "forces", shared=shared)
                with _taken():
                    values = {**_columns(record, self._instance.id), **was}
                    done = connection.execute(MOVE, values).rowcount
                if done != 1:
                    raise Overtaken(record.id)
                yield connection
                plan(connection, record.id, tell)
                self._audit(connection, record)
        except _Taken:
            raise GroupHeld(self._holder(record.group_id)) from None
        self._bell(tell)

    def take(self, record: Record, tell: Tell, last_sent_at: datetime | None, force: Force) -> None:
        """Store a record that is about to be sent. Raises Overtaken, GroupHeld or Forestalled."""
        assert record.group_id is not None
        known = None if last_sent_at is None else stamp(last_sent_at)
        looked_at = {
            "lock": lock_key(record.group_id),
            "known_lock": force.lock.id if force.lock else "",
            "known_pause": force.pause.id if force.pause else "",
        }
        with self.moving(record, tell, OnForces.READS) as connection:
            # The group is held by now: whoever let it go has committed, and nobody can take it.
            now = connection.execute(AS_CHECKED, {"group": record.group_id, **looked_at}).one()
            if now.sent_at != known:
                raise GroupHeld(now.actor_id)
            if now.new_force is not None:
                raise Forestalled(record.id)

    def remind(self, change_id: str, tell: Tell) -> None:
        """Let messages that tell of a record fall due again although it has not moved on."""
        with self._database.writing() as connection:
            plan(connection, change_id, tell, REMIND)
        self._bell(tell)

    def probe(self) -> None:
        """Take the write lock and let it go. Raises LedgerUnavailable."""
        with self._database.writing():
            return

    def get(self, change_id: str) -> Record | None:
        """The record as it stands."""
        with self._database.reading() as connection:
            row = connection.execute(select(changes).where(changes.c.id == change_id)).first()
        return None if row is None else read(row)

    def find(self, key: str) -> Record | None:
        """The record of the request with this key."""
        with self._database.reading() as connection:
            row = connection.execute(select(changes).where(changes.c.key == key)).first()
        return None if row is None else read(row)

    def unfinished(self) -> tuple[Record, ...]:
        """Every record without a last word that this instance holds, oldest first."""
        mine = select(changes).where(IS_OPEN, changes.c.holder == self._instance.id)
        with self._database.reading() as connection:
            return tuple(read(row) for row in connection.execute(mine.order_by(OLDEST)))

    def take_over(self) -> int:
        """Hold what dead instances held, moved on by one version; how many those are.

        What another survivor is just taking over is left to it.
        """
        lost = self._lost().order_by(OLDEST).limit(AT_ONCE)
        with self._database.reading() as connection:
            if connection.execute(lost).first() is None:
                return 0
        with self._database.writing() as connection:
            rows = connection.execute(lost.with_for_update(skip_locked=True)).all()
            values = {"holder": self._instance.id, "version": changes.c.version + 1}
            its = changes.c.id.in_([row.id for row in rows])
            connection.execute(update(changes).where(its).values(values))
        for row in rows:
            log.warning("change %s is taken over from instance %s", row.id, row.holder)
        return len(rows)

    def last_sent_at(self, group_id: str) -> datetime | None:
        """When the last change was sent that has ended and may have taken effect."""
        with self._database.reading() as connection:
            last = connection.execute(LAST_SENT, {"group": group_id}).first()
        return None if last is None else moment(last.sent_at)

    def keep(self, group: FailoverGroup) -> str:
        """Remember a group as it was shown; its fingerprint."""
        mark = fingerprint(group)
        row = {
            "fingerprint": mark,
            "shown_at": stamp(self._clock()),
            "document": json.dumps(to_plain(group), separators=(",", ":")),
        }
        again = upsert(snapshots, ["fingerprint"], {"shown_at": row["shown_at"]})
        with self._database.writing() as connection:
            connection.execute(again, row)
        return mark

    def seen(self, mark: str) -> FailoverGroup | None:
        """The group that was shown under this fingerprint, if it is still remembered."""
        statement = select(snapshots.c.document).where(snapshots.c.fingerprint == mark)
        with self._database.reading() as connection:
            document = connection.execute(statement).scalar()
        return None if document is None else from_plain(json.loads(document))

    def forget_old(self) -> None:
        """Drop the groups that were shown longer ago than anybody will ask for."""
        limit = stamp(self._clock() - SNAPSHOTS_KEPT)
        with self._database.writing() as connection:
            connection.execute(snapshots.delete().where(snapshots.c.shown_at < limit))

    def _audit(self, connection: Connection, record: Record) -> None:
        moved(connection, record, self._clock(), self._database.instance)

    def _lost(self) -> Select[Any]:
        # A member that waits for its turn is held by its set.
        by_set = changes.c.holder.in_(select(sets.c.id))
        lost = left(changes.c.holder, self._instance.id)
        its = select(changes.c.id, changes.c.holder)
        return its.where(IS_OPEN, lost, or_(changes.c.holder.is_(None), not_(by_set)))

    def _holder(self, group_id: str | None) -> str | None:
        statement = select(changes.c.actor_id).where(changes.c.holds == group_id)
        with self._database.reading() as connection:
            holder: str | None = connection.execute(statement).scalar()
        return holder


class _Taken(Exception):
    """A unique index refused: the key, or the group, is another change's."""


@contextmanager
def _taken() -> Iterator[None]:
    try:
        yield
    except IntegrityError:
        raise _Taken from None


def row_of(record: Record, holder: str) -> dict[str, object]:
    """The whole row of a record."""
    return _columns(record, holder) | {"id": record.id, "key": record.request.key}


def _columns(record: Record, holder: str) -> dict[str, object]:
    request = record.request
    return {
        "state": record.state.value,
        "version": record.version,
        "actor_id": request.actor.user_id,
        "group_id": record.group_id,
        "holder": holder,
        "holds": record.group_id if record.state in HOLDING else None,
        "received_at": stamp(request.received_at),
        "sent_at": None if record.sent_at is None else stamp(record.sent_at),
        "ended_at": None if record.ended_at is None else stamp(record.ended_at),
        "document": write(record),
    }
