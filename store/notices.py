"""The outbox: which message still has to tell of which change."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, case, null, or_, select, update
from sqlalchemy.dialects.sqlite import insert

from failover.lifecycle import Record
from failover.notices import Kind, Notice, Tell
from store.documents import maybe_moment, moment, read, stamp
from store.engine import Database
from store.tables import changes, notices

AT_ONCE = 50
"""How many due messages one look fetches."""
TICK = timedelta(microseconds=1)
FAR = timedelta(minutes=2)
"""No message is put off for so long: what lies further ahead is older than a clock set back."""


_DUE: BindParameter[str] = bindparam("due")
_LATER: BindParameter[str] = bindparam("later")

# Made once: to put a statement together takes longer than to run it. Another moment than before,
# whatever the clock says: ``delivered`` goes by it.
PLAN = (
    insert(notices)
    .values(change_id=bindparam("change"), kind=bindparam("message"), due_at=_DUE, attempts=0)
    .on_conflict_do_update(
        index_elements=["change_id", "kind"],
        set_={"due_at": case((notices.c.due_at == _DUE, _LATER), else_=_DUE), "attempts": 0},
    )
)


def plan(connection: Connection, change_id: str, tell: Tell) -> None:
    """Within a transaction: let each message of ``tell`` fall due at its moment."""
    for kind, due in tell.items():
        moments = {"due": stamp(due), "later": stamp(due + TICK)}
        connection.execute(PLAN, {"change": change_id, "message": kind.value, **moments})


class NoticeBox:
    """The outbox on a database; see ``services.ports.Outbox`` for the promises."""

    def __init__(self, database: Database) -> None:
        """``database``: the one that holds the changes, too."""
        self._database = database

    def due(self, kind: Kind, now: datetime) -> tuple[tuple[Notice, Record], ...]:
        """What is due, oldest first, each with its record as it stands.

        What seems to fall due later than ``FAR`` ahead is due, too.
        """
        due_at = notices.c.due_at
        wanted = (
            select(notices)
            .where(notices.c.kind == kind.value)
            .where(or_(due_at <= stamp(now), due_at > stamp(now + FAR)))
            .order_by(notices.c.id)
            .limit(AT_ONCE)
        )
        with self._database.reading() as connection:
            waiting = [_notice(row) for row in connection.execute(wanted)]
            if not waiting:
                return ()
            theirs = select(changes).where(changes.c.id.in_({one.change_id for one in waiting}))
            records = {row.id: read(row) for row in connection.execute(theirs)}
        return tuple((notice, records[notice.change_id]) for notice in waiting)

    def next_due(self, kind: Kind) -> datetime | None:
        """When the earliest message of this kind falls due; None when none waits."""
        statement = (
            select(notices.c.due_at)
            .where(notices.c.kind == kind.value, notices.c.due_at.is_not(None))
            .order_by(notices.c.due_at)
            .limit(1)
        )
        with self._database.reading() as connection:
            return maybe_moment(connection.execute(statement).scalar())

    def posting(self, notice: Notice, now: datetime) -> None:
        """Note, before a first post, that it may go out."""
        self._set(notice, posting_since=stamp(now))

    def delivered(self, notice: Notice, address: str | None) -> None:
        """Note that the record, as it came with the notice, has been told.

        A notice that fell due anew in the meantime stays due.
        """
        still = case((notices.c.due_at == stamp(notice.due_at), null()), else_=notices.c.due_at)
        self._set(notice, due_at=still, attempts=0, posting_since=None, address=address)

    def postpone(self, notice: Notice, until: datetime, *, posted: bool) -> None:
        """Try again at ``until``; ``posted``: whether the last try may have reached Slack."""
        since = {} if posted else {"posting_since": None}
        self._set(notice, due_at=stamp(until), attempts=notice.attempts + 1, **since)

    def _set(self, notice: Notice, **values: object) -> None:
        statement = update(notices).where(notices.c.id == notice.id).values(**values)
        with self._database.writing() as connection:
            connection.execute(statement)


def _notice(row: Any) -> Notice:
    return Notice(
        id=row.id,
        change_id=row.change_id,
        kind=Kind(row.kind),
        due_at=moment(row.due_at),
        attempts=row.attempts,
        posting_since=maybe_moment(row.posting_since),
        address=row.address,
    )
