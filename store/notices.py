"""The outbox: which message still has to tell of which change."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import (
    BindParameter,
    Connection,
    Insert,
    Select,
    Update,
    and_,
    bindparam,
    case,
    exists,
    func,
    null,
    or_,
    select,
    true,
    update,
)

from failover.lifecycle import Record
from failover.notices import OVERDUE_AFTER, Backlog, Kind, Notice, Tell
from store.audit import announced
from store.documents import maybe_moment, moment, read, stamp
from store.engine import Database
from store.instances import ALONE, Instance, left
from store.tables import changes, notices
from store.upsert import upsert

log = logging.getLogger(__name__)

AT_ONCE = 50
"""How many due messages one look fetches."""
TICK = timedelta(microseconds=1)
FAR = timedelta(minutes=2)
"""No message is put off for so long: what lies further ahead is older than a clock set back."""
FARTHER = timedelta(minutes=20)
"""Nor for so long one that is overdue."""


_DUE: BindParameter[str] = bindparam("due")
_LATER: BindParameter[str] = bindparam("later")

# Made once: to put a statement together takes longer than to run it. Another moment than before,
# whatever the clock says: ``delivered`` goes by it.
_AGAIN: Mapping[str, Any] = MappingProxyType(
    {
        "due_at": case((notices.c.due_at == _DUE, _LATER), else_=_DUE),
        "attempts": 0,
        "wanted_at": func.coalesce(notices.c.wanted_at, _DUE),
        "holds_up": true(),
    }
)
_ANEW: Mapping[str, Any] = MappingProxyType(
    {
        "change_id": bindparam("change"),
        "kind": bindparam("message"),
        "due_at": _DUE,
        "attempts": 0,
        "wanted_at": _DUE,
        "holds_up": true(),
    }
)
_ITS_KEYS = ("change_id", "kind")
PLAN = upsert(notices, _ITS_KEYS, _AGAIN).values(_ANEW)
REMIND = upsert(notices, _ITS_KEYS, _AGAIN, notices.c.attempts == 0).values(_ANEW)
"""The same, where the message was not postponed."""

_EARLIER, _ITS_CHANGE = notices.alias("earlier"), changes.alias("its_change")
IN_ORDER = or_(
    notices.c.kind != Kind.CARD.value,
    notices.c.address.is_not(None),
    ~exists(
        select(_EARLIER.c.id)
        .join(_ITS_CHANGE, _ITS_CHANGE.c.id == _EARLIER.c.change_id)
        .where(
            _EARLIER.c.kind == Kind.CARD.value,
            _EARLIER.c.due_at.is_not(None),
            _EARLIER.c.address.is_(None),
            _EARLIER.c.holds_up,
            _EARLIER.c.id < notices.c.id,
            _ITS_CHANGE.c.group_id == changes.c.group_id,
        )
    ),
)
"""Among the cards of a group that were never posted, each waits for those before it."""
_STILL = case((notices.c.due_at == bindparam("as_read"), null()), else_=notices.c.due_at)
TOLD: Mapping[str, Any] = MappingProxyType(
    {
        "due_at": _STILL,
        "wanted_at": _STILL,
        "attempts": 0,
        "posting_since": None,
        "address": bindparam("its_address"),
        "claimed_by": None,
    }
)
STILL_MINE = select(notices.c.id).where(
    notices.c.id == bindparam("its_id"), notices.c.claimed_by == bindparam("me")
)
THEIR_CHANGES = select(changes).where(changes.c.id.in_(bindparam("ids", expanding=True)))


def plan(connection: Connection, change_id: str, tell: Tell, statement: Insert = PLAN) -> None:
    """Within a transaction: let each message of ``tell`` fall due at its moment."""
    for kind, due in tell.items():
        moments = {"due": stamp(due), "later": stamp(due + TICK)}
        connection.execute(statement, {"change": change_id, "message": kind.value, **moments})


class NoticeBox:
    """The outbox on a database; see ``services.ports.Outbox`` for the promises."""

    def __init__(
        self, database: Database, clock: Callable[[], datetime], instance: Instance = ALONE
    ) -> None:
        """``database``: the one that holds the changes, too; ``clock`` gives UTC.

        ``instance`` claims what it sends.
        """
        self._database = database
        self._clock = clock
        self._instance = instance
        me = instance.id
        free = or_(notices.c.claimed_by == me, left(notices.c.claimed_by, me))
        with_change = notices.join(changes, changes.c.id == notices.c.change_id)
        may_go = select(notices).select_from(with_change).where(free, IN_ORDER)
        self._due = _looking(may_go)
        self._next = (
            select(notices.c.due_at)
            .where(notices.c.kind == bindparam("of"), notices.c.due_at.is_not(None), free)
            .order_by(notices.c.due_at)
            .limit(1)
        )
        self._claim = _claiming(may_go, me)
        self._mine = update(notices).where(
            notices.c.id == bindparam("its_id"), notices.c.claimed_by == me
        )
        self._told = self._mine.values(TOLD)

    def term(self) -> int | None:
        """Its number rises whenever it had ceased to count as alive; None: it may count as dead."""
        return self._instance.term()

    def due(self, kind: Kind, now: datetime) -> tuple[tuple[Notice, Record], ...]:
        """What may go now, oldest first, each with its record as it stands.

        What seems to fall due later than ``FAR`` ahead is due, too.
        """
        values = {
            "of": kind.value,
            "now": stamp(now),
            "long_ago": stamp(now - OVERDUE_AFTER),
            "far": stamp(now + FAR),
            "farther": stamp(now + FARTHER),
        }
        with self._database.reading() as connection:
            waiting = [
                _notice(row, self._instance.id) for row in connection.execute(self._due, values)
            ]
            if not waiting:
                return ()
            theirs = {"ids": list({one.change_id for one in waiting})}
            records = {row.id: read(row) for row in connection.execute(THEIR_CHANGES, theirs)}
        return tuple((notice, records[notice.change_id]) for notice in waiting)

    def claim(self, notice: Notice, now: datetime) -> bool:
        """Have a due message to oneself; False: another instance has it, or it may not go now."""
        values = {"its_id": notice.id, "as_read": stamp(notice.due_at), "at": stamp(now)}
        with self._database.writing() as connection:
            return connection.execute(self._claim, values).rowcount == 1

    def next_due(self, kind: Kind) -> datetime | None:
        """When the earliest message falls due that no other living instance has claimed."""
        with self._database.reading() as connection:
            return maybe_moment(connection.execute(self._next, {"of": kind.value}).scalar())

    def waits(self, change_id: str, kind: Kind) -> bool:
        """Whether something of this kind is still to be told of a change, now or later."""
        its = notices.c.change_id == change_id, notices.c.kind == kind.value
        statement = select(notices.c.id).where(*its, notices.c.due_at.is_not(None))
        with self._database.reading() as connection:
            return connection.execute(statement).first() is not None

    def mine(self, notice: Notice) -> bool:
        """Whether this instance still has a message that it claimed."""
        values = {"its_id": notice.id, "me": self._instance.id}
        with self._database.reading() as connection:
            return connection.execute(STILL_MINE, values).first() is not None

    def posting(self, notice: Notice, now: datetime) -> None:
        """Note, before a claimed card is posted anew, that it may go out."""
        self._set(notice, self._mine.values(posting_since=stamp(now)))

    def delivered(self, notice: Notice, address: str | None) -> None:
        """Note that the record, as it came with the notice, has been told.

        A notice that fell due anew in the meantime stays due, and is wanted since then.
        """
        told = {"as_read": stamp(notice.due_at), "its_address": address}
        with self._database.writing() as connection:
            mine = self._put(connection, notice, self._told, told)
            if mine and notice.kind is Kind.CARD and address not in (None, notice.address):
                now, instance = self._clock(), self._database.instance
                announced(connection, notice.change_id, now, instance)

    def postpone(self, notice: Notice, until: datetime, *, posted: bool, holds_up: bool) -> None:
        """Try again at ``until``; ``posted``: whether the last try may have reached Slack."""
        since = {} if posted else {"posting_since": None}
        again = self._mine.values(
            due_at=stamp(until),
            attempts=notice.attempts + 1,
            holds_up=holds_up,
            claimed_by=None,
            **since,
        )
        self._set(notice, again)

    def backlog(self, now: datetime, kind: Kind | None = None) -> Backlog:
        """How much there is to tell, of one kind or of all, that should have been told by now."""
        late = notices.c.wanted_at < stamp(now - OVERDUE_AFTER)
        overdue = func.count(case((late, 1)))
        figures = select(func.count(), func.min(notices.c.wanted_at), overdue)
        wanted = figures.where(notices.c.due_at.is_not(None), notices.c.wanted_at <= stamp(now))
        if kind is not None:
            wanted = wanted.where(notices.c.kind == kind.value)
        with self._database.reading() as connection:
            count, oldest, many = connection.execute(wanted).one()
        return Backlog(count, maybe_moment(oldest), many)

    def _set(self, notice: Notice, statement: Update, values: Mapping[str, object] = {}) -> None:
        with self._database.writing() as connection:
            self._put(connection, notice, statement, values)

    @staticmethod
    def _put(
        connection: Connection, notice: Notice, statement: Update, values: Mapping[str, object]
    ) -> bool:
        if connection.execute(statement, {"its_id": notice.id, **values}).rowcount == 1:
            return True
        log.warning("message %s is sent by another instance by now", notice.id)
        return False


def _claiming(may_go: Select[Any], me: str) -> Update:
    free = (
        may_go.with_only_columns(notices.c.id)
        .where(notices.c.id == bindparam("its_id"), notices.c.due_at == bindparam("as_read"))
        .with_for_update(of=notices, skip_locked=True)
    )
    first = and_(notices.c.kind == Kind.CARD.value, notices.c.address.is_(None))
    at: BindParameter[str] = bindparam("at")
    since = case((first, func.coalesce(notices.c.posting_since, at)), else_=notices.c.posting_since)
    statement = update(notices).where(notices.c.id == free.scalar_subquery())
    return statement.values(claimed_by=me, posting_since=since)


def _looking(may_go: Select[Any]) -> Select[Any]:
    due_at, young = notices.c.due_at, notices.c.wanted_at > bindparam("long_ago")
    far = and_(due_at > bindparam("far"), young)
    is_due = or_(due_at <= bindparam("now"), far, due_at > bindparam("farther"))
    wanted = may_go.where(notices.c.kind == bindparam("of"), is_due)
    return wanted.order_by(notices.c.id).limit(AT_ONCE)


def _notice(row: Any, me: str) -> Notice:
    return Notice(
        id=row.id,
        change_id=row.change_id,
        kind=Kind(row.kind),
        due_at=moment(row.due_at),
        attempts=row.attempts,
        posting_since=maybe_moment(row.posting_since),
        address=row.address,
        wanted_at=moment(row.wanted_at or row.due_at),
        mine=row.claimed_by == me,
    )
