"""Every attempt to change a group, and which change holds which group."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, Update, and_, bindparam, or_, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import IntegrityError

from failover.errors import Forestalled, GroupHeld, Overtaken
from failover.lifecycle import HOLDING, LAST_WORDS, MOVES, Record, State
from failover.measures import Force
from failover.model import FailoverGroup, fingerprint, from_plain, to_plain
from failover.notices import Tell
from store.documents import moment, read, stamp, write
from store.engine import Database
from store.notices import plan
from store.tables import PAUSE, changes, forces, lock_key, snapshots

SNAPSHOTS_KEPT = timedelta(days=2)
"""How long a group is remembered as it was shown; a form nobody submitted by then is stale."""

EFFECTIVE = [
    State.VERIFIED.value,
    State.UNVERIFIED.value,
    State.UNSETTLED.value,
    State.HALFWAY.value,
]
"""The ends after which a group may be other than before."""

TAKEN_ON = [state.value for state in LAST_WORDS | HOLDING | {State.AWAITING, State.DONE}]
HISTORY = (
    select(changes).where(changes.c.state.in_(TAKEN_ON)).order_by(changes.c.received_at.desc())
)
WAITING = (
    select(changes)
    .where(changes.c.state == State.AWAITING.value)
    .order_by(changes.c.received_at)
    .limit(20)
)
NEWEST = (
    select(changes)
    .where(changes.c.state.in_(EFFECTIVE))
    .order_by(changes.c.sent_at.desc())
    .limit(1)
)

# Made once: to put a statement together takes longer than to run it.
LAST_SENT = (
    select(changes.c.sent_at, changes.c.actor_id)
    .where(changes.c.group_id == bindparam("group"), changes.c.state.in_(EFFECTIVE))
    .order_by(changes.c.sent_at.desc())
    .limit(1)
)
AS_IT_WAS = (
    changes.c.id == bindparam("its_id"),
    changes.c.version == bindparam("its_version"),
)
MOVE = update(changes).where(*AS_IT_WAS)
# Whoever let the group go has committed, so whatever they sent can be seen by now.
TAKE = MOVE.where(
    LAST_SENT.with_only_columns(changes.c.sent_at)
    .scalar_subquery()
    .is_not_distinct_from(bindparam("known"))
)
NEW_FORCE = select(forces.c.key).where(
    or_(
        and_(forces.c.key == bindparam("lock"), forces.c.change_id != bindparam("known_lock")),
        and_(forces.c.key == PAUSE, forces.c.change_id != bindparam("known_pause")),
    )
)


class ChangeLedger:
    """The ledger on a database; see ``services.ports.Ledger`` for the promises."""

    def __init__(
        self, database: Database, clock: Callable[[], datetime], bell: Callable[[Tell], None]
    ) -> None:
        """``clock`` gives UTC; ``bell`` is told, after the commit, which messages to send when."""
        self._database = database
        self._clock = clock
        self._bell = bell

    def receive(self, record: Record, tell: Tell) -> tuple[Record, bool]:
        """Store a first record; (it, True), or (the record that has its key already, False)."""
        key = record.request.key
        row = row_of(record)
        try:
            with self._database.writing() as connection, _taken():
                connection.execute(insert(changes), row)
                plan(connection, record.id, tell)
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
    def moving(self, record: Record, tell: Tell) -> Iterator[Connection]:
        """A transaction in which a record is moved on, with room for what belongs to it.

        Raises Overtaken or GroupHeld.
        """
        with self._moving(record, MOVE, {}) as connection:
            yield connection
            plan(connection, record.id, tell)
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
        with self._moving(record, TAKE, {"group": record.group_id, "known": known}) as connection:
            if connection.execute(NEW_FORCE, looked_at).first() is not None:
                raise Forestalled(record.id)
            plan(connection, record.id, tell)
        self._bell(tell)

    def remind(self, change_id: str, tell: Tell) -> None:
        """Let messages that tell of a record fall due again although it has not moved on."""
        with self._database.writing() as connection:
            plan(connection, change_id, tell)
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
        """Every record without a last word, oldest first."""
        statement = (
            select(changes)
            .where(changes.c.state.in_([state.value for state in MOVES]))
            .order_by(changes.c.received_at)
        )
        with self._database.reading() as connection:
            return tuple(read(row) for row in connection.execute(statement))

    def last_sent_at(self, group_id: str) -> datetime | None:
        """When the last change was sent that has ended and may have taken effect."""
        with self._database.reading() as connection:
            last = connection.execute(LAST_SENT, {"group": group_id}).first()
        return None if last is None else moment(last.sent_at)

    def history(self, group_id: str | None, limit: int) -> tuple[Record, ...]:
        """The newest changes that were taken on, of one group or of all, newest first."""
        statement = HISTORY if group_id is None else HISTORY.where(changes.c.group_id == group_id)
        with self._database.reading() as connection:
            rows = connection.execute(statement.limit(limit))
            return tuple(read(row) for row in rows)

    def waiting(self) -> tuple[Record, ...]:
        """The changes that wait for a second person, oldest first; at most 20."""
        with self._database.reading() as connection:
            return tuple(read(row) for row in connection.execute(WAITING))

    def last_of_group(self, group_id: str) -> Record | None:
        """The newest change of a group that may have taken effect."""
        return self._newest(NEWEST.where(changes.c.group_id == group_id))

    def last_of_person(self, user_id: str) -> Record | None:
        """The newest change by a person that may have taken effect."""
        return self._newest(NEWEST.where(changes.c.actor_id == user_id))

    def keep(self, group: FailoverGroup) -> str:
        """Remember a group as it was shown; its fingerprint."""
        mark = fingerprint(group)
        row = {
            "fingerprint": mark,
            "shown_at": stamp(self._clock()),
            "document": json.dumps(to_plain(group), separators=(",", ":")),
        }
        again = insert(snapshots).on_conflict_do_update(
            index_elements=["fingerprint"], set_={"shown_at": row["shown_at"]}
        )
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

    @contextmanager
    def _moving(
        self, record: Record, statement: Update, more: Mapping[str, object]
    ) -> Iterator[Connection]:
        was = {"its_id": record.id, "its_version": record.version - 1}
        try:
            with self._database.writing() as connection:
                with _taken():
                    values = {**_columns(record), **was, **more}
                    moved = connection.execute(statement, values).rowcount
                if moved != 1:
                    raise self._refusal(connection, record, was)
                yield connection
        except _Taken:
            raise GroupHeld(self._holder(record.group_id)) from None

    @staticmethod
    def _refusal(
        connection: Connection, record: Record, was: Mapping[str, object]
    ) -> Overtaken | GroupHeld:
        """Why a record could not be moved: it was moved already, or its group has changed."""
        if connection.execute(select(changes.c.id).where(*AS_IT_WAS), was).first() is None:
            return Overtaken(record.id)
        last = connection.execute(LAST_SENT, {"group": record.group_id}).first()
        return GroupHeld(None if last is None else last.actor_id)

    def _newest(self, statement: Select[Any]) -> Record | None:
        with self._database.reading() as connection:
            row = connection.execute(statement).first()
        return None if row is None else read(row)

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


def row_of(record: Record) -> dict[str, object]:
    """The whole row of a record."""
    return _columns(record) | {"id": record.id, "key": record.request.key}


def _columns(record: Record) -> dict[str, object]:
    request = record.request
    return {
        "state": record.state.value,
        "version": record.version,
        "actor_id": request.actor.user_id,
        "group_id": record.group_id,
        "holds": record.group_id if record.state in HOLDING else None,
        "received_at": stamp(request.received_at),
        "sent_at": None if record.sent_at is None else stamp(record.sent_at),
        "ended_at": None if record.ended_at is None else stamp(record.ended_at),
        "document": write(record),
    }
