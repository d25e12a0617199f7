"""Sets of changes: a row for each, taken on in one transaction with the records of its members."""

import json
import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, insert, or_, select, update

from failover.errors import Overtaken, SetUnderWay
from failover.lifecycle import Record
from failover.model import FailoverGroup, fingerprint, to_plain
from failover.sets import OPEN, GroupSet, Member, SetState
from store.audit import begun
from store.changes import row_of
from store.codec import change_from_plain, change_to_plain
from store.documents import asked, read, request_of, stamp
from store.engine import Database
from store.instances import ALONE, Instance, left
from store.tables import changes, sets, snapshots
from store.upsert import offered, upsert

log = logging.getLogger(__name__)

IS_OPEN = sets.c.state.in_([state.value for state in OPEN])


class SetBox:
    """See ``services.set_store.SetStore`` for the promises."""

    def __init__(
        self, database: Database, clock: Callable[[], datetime], instance: Instance = ALONE
    ) -> None:
        """``database``: the one that holds the changes, too; ``clock`` gives UTC.

        ``instance`` holds what is taken on here.
        """
        self._database = database
        self._clock = clock
        self._me = instance.id
        self._lost = and_(IS_OPEN, left(sets.c.holder, instance.id))

    def draft(
        self, group_set: GroupSet, refused: Sequence[Record], shown: Sequence[FailoverGroup]
    ) -> None:
        """Store a set that is shown, the attempts that it leaves out, and its groups as shown."""
        with self._database.writing() as connection:
            connection.execute(insert(sets), _row(group_set, self._me))
            if shown:
                rows = [self._snapshot(group) for group in shown]
                # In one sequence always, or two drafts at once would wait for each other.
                rows.sort(key=lambda row: row["fingerprint"])
                connection.execute(_SHOWN_AGAIN, rows)
            self._add(connection, refused, self._me)

    def take(self, group_set: GroupSet, records: Sequence[Record]) -> tuple[GroupSet, bool]:
        """Store a set that is taken on, and its members; (it, True), or (as it stands, False).

        Raises SetUnderWay where its person has another one.
        """
        request = group_set.request
        same = or_(sets.c.id == group_set.id, sets.c.key == request.key)
        mine = sets.c.under_way == request.actor.user_id
        with self._database.writing() as connection:
            self._database.serialised(connection, "sets")
            # Nor may it be cancelled meanwhile.
            known = connection.execute(select(sets).where(same).with_for_update()).first()
            if known is not None and known.state != SetState.SHOWN:
                return _read(known), False
            if connection.execute(select(sets.c.id).where(mine)).first() is not None:
                raise SetUnderWay(request.actor.user_id)
            if known is None:
                connection.execute(insert(sets), _row(group_set, self._me))
            else:
                its = sets.c.id == known.id
                connection.execute(update(sets).where(its), _columns(group_set, self._me))
            self._add(connection, records, group_set.id)
        return group_set, True

    def cancel(self, set_id: str) -> GroupSet | None:
        """Put a set aside that is only shown; as it then stands, None: there is none."""
        shown = sets.c.id == set_id, sets.c.state == SetState.SHOWN.value
        with self._database.writing() as connection:
            connection.execute(update(sets).where(*shown), {"state": SetState.CANCELLED.value})
        return self.get(set_id)

    def move(self, group_set: GroupSet, to: SetState) -> None:
        """Store that a set that was taken on has ended, or that this has been told.

        Raises Overtaken where another instance has taken it over.
        """
        values = {"state": to.value, "under_way": None}
        mine = sets.c.id == group_set.id, sets.c.holder == self._me
        with self._database.writing() as connection:
            if connection.execute(update(sets).where(*mine), values).rowcount != 1:
                raise Overtaken(group_set.id)

    def get(self, name: str) -> GroupSet | None:
        """A set as it stands, by its ID or by the key of its request."""
        named = or_(sets.c.id == name, sets.c.key == name)
        with self._database.reading() as connection:
            row = connection.execute(select(sets).where(named)).first()
        return None if row is None else _read(row)

    def open(self) -> tuple[GroupSet, ...]:
        """What this instance has to see to, oldest first: what it took on, or a dead one did.

        Those are the sets that are under way, or whose end has not been told.
        """
        self._take_over()
        mine = select(sets).where(IS_OPEN, sets.c.holder == self._me)
        with self._database.reading() as connection:
            rows = connection.execute(mine.order_by(sets.c.received_at))
            return tuple(_read(row) for row in rows)

    def records(self, group_set: GroupSet) -> tuple[Record, ...]:
        """The records of the members as they stand, in their sequence."""
        keys = [group_set.key(member) for member in group_set.members]
        with self._database.reading() as connection:
            found = connection.execute(select(changes).where(changes.c.key.in_(keys)))
            by_key = {row.key: read(row) for row in found}
        return tuple(by_key[key] for key in keys if key in by_key)

    def _take_over(self) -> None:
        lost = select(sets.c.id, sets.c.holder).where(self._lost)
        with self._database.reading() as connection:
            if connection.execute(lost).first() is None:
                return
        with self._database.writing() as connection:
            rows = connection.execute(lost.with_for_update(skip_locked=True)).all()
            its = sets.c.id.in_([row.id for row in rows])
            connection.execute(update(sets).where(its).values(holder=self._me))
        for row in rows:
            log.warning("set %s is taken over from instance %s", row.id, row.holder)

    def _add(self, connection: Connection, records: Sequence[Record], holder: str) -> None:
        if records:
            connection.execute(insert(changes), [row_of(one, holder) for one in records])
        begun(connection, records, self._clock(), self._database.instance)

    def _snapshot(self, group: FailoverGroup) -> dict[str, str]:
        return {
            "fingerprint": fingerprint(group),
            "shown_at": stamp(self._clock()),
            "document": json.dumps(to_plain(group), separators=(",", ":")),
        }


_SHOWN_AGAIN = upsert(snapshots, ["fingerprint"], {"shown_at": offered(snapshots, "shown_at")})


def _row(group_set: GroupSet, holder: str) -> dict[str, object]:
    return _columns(group_set, holder) | {"id": group_set.id, "key": group_set.request.key}


def _columns(group_set: GroupSet, holder: str) -> dict[str, object]:
    request, taken = group_set.request, group_set.state is SetState.TAKEN
    document = {
        **asked(request),
        "members": [_member(one, group_set) for one in group_set.members],
        "go_on": group_set.go_on,
        "undoes": group_set.undoes,
    }
    return {
        "state": group_set.state.value,
        "actor_id": request.actor.user_id,
        "holder": holder,
        "under_way": request.actor.user_id if taken else None,
        "received_at": stamp(request.received_at),
        "document": json.dumps(document, separators=(",", ":")),
    }


def _member(member: Member, group_set: GroupSet) -> list[Any]:
    common = member.change == group_set.request.change
    plain = None if common else change_to_plain(member.change)
    return [member.group_id, member.name, plain, member.seen]


def _read(row: Any) -> GroupSet:
    document = json.loads(row.document)
    request = request_of(row, document)
    members = tuple(
        Member(group_id, name, request.change if plain is None else change_from_plain(plain), seen)
        for group_id, name, plain, seen in document["members"]
    )
    state, go_on, undoes = SetState(row.state), document["go_on"], document["undoes"]
    return GroupSet(row.id, request, members, state, go_on, undoes)
