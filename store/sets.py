"""Sets of changes: a row for each, taken on in one transaction with the records of its members."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, or_, select, update
from sqlalchemy.dialects.sqlite import insert

from failover.errors import SetUnderWay
from failover.lifecycle import Record
from failover.model import FailoverGroup, fingerprint, to_plain
from failover.sets import OPEN, GroupSet, Member, SetState
from store.changes import row_of
from store.codec import change_from_plain, change_to_plain
from store.documents import asked, read, request_of, stamp
from store.engine import Database
from store.tables import changes, sets, snapshots


class SetBox:
    """See ``services.ports.SetStore`` for the promises."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        """``database``: the one that holds the changes, too; ``clock`` gives UTC."""
        self._database = database
        self._clock = clock

    def draft(
        self, group_set: GroupSet, refused: Sequence[Record], shown: Sequence[FailoverGroup]
    ) -> None:
        """Store a set that is shown, the attempts that it leaves out, and its groups as shown."""
        with self._database.writing() as connection:
            connection.execute(insert(sets), _row(group_set))
            _add(connection, refused)
            if shown:
                connection.execute(_SHOWN_AGAIN, [self._snapshot(group) for group in shown])

    def take(self, group_set: GroupSet, records: Sequence[Record]) -> tuple[GroupSet, bool]:
        """Store a set that is taken on, and its members; (it, True), or (as it stands, False).

        Raises SetUnderWay where its person has another one.
        """
        request = group_set.request
        same = or_(sets.c.id == group_set.id, sets.c.key == request.key)
        mine = sets.c.under_way == request.actor.user_id
        with self._database.writing() as connection:
            known = connection.execute(select(sets).where(same)).first()
            if known is not None and known.state != SetState.SHOWN:
                return _read(known), False
            if connection.execute(select(sets.c.id).where(mine)).first() is not None:
                raise SetUnderWay(request.actor.user_id)
            if known is None:
                connection.execute(insert(sets), _row(group_set))
            else:
                its = sets.c.id == known.id
                connection.execute(update(sets).where(its), _columns(group_set))
            _add(connection, records)
        return group_set, True

    def cancel(self, set_id: str) -> GroupSet | None:
        """Put a set aside that is only shown; as it then stands, None: there is none."""
        shown = sets.c.id == set_id, sets.c.state == SetState.SHOWN.value
        with self._database.writing() as connection:
            connection.execute(update(sets).where(*shown), {"state": SetState.CANCELLED.value})
        return self.get(set_id)

    def move(self, group_set: GroupSet, to: SetState) -> None:
        """Store that a set that was taken on has ended, or that this has been told."""
        values = {"state": to.value, "under_way": None}
        with self._database.writing() as connection:
            connection.execute(update(sets).where(sets.c.id == group_set.id), values)

    def get(self, name: str) -> GroupSet | None:
        """A set as it stands, by its ID or by the key of its request."""
        named = or_(sets.c.id == name, sets.c.key == name)
        with self._database.reading() as connection:
            row = connection.execute(select(sets).where(named)).first()
        return None if row is None else _read(row)

    def open(self) -> tuple[GroupSet, ...]:
        """The sets that are under way, or whose end has not been told; oldest first."""
        is_open = sets.c.state.in_([state.value for state in OPEN])
        statement = select(sets).where(is_open).order_by(sets.c.received_at)
        with self._database.reading() as connection:
            return tuple(_read(row) for row in connection.execute(statement))

    def records(self, group_set: GroupSet) -> tuple[Record, ...]:
        """The records of the members as they stand, in their sequence."""
        keys = [group_set.key(member) for member in group_set.members]
        with self._database.reading() as connection:
            found = connection.execute(select(changes).where(changes.c.key.in_(keys)))
            by_key = {row.key: read(row) for row in found}
        return tuple(by_key[key] for key in keys if key in by_key)

    def _snapshot(self, group: FailoverGroup) -> dict[str, str]:
        return {
            "fingerprint": fingerprint(group),
            "shown_at": stamp(self._clock()),
            "document": json.dumps(to_plain(group), separators=(",", ":")),
        }


_SNAPSHOT = insert(snapshots)
_SHOWN_AGAIN = _SNAPSHOT.on_conflict_do_update(
    index_elements=["fingerprint"], set_={"shown_at": _SNAPSHOT.excluded.shown_at}
)


def _add(connection: Connection, records: Sequence[Record]) -> None:
    if records:
        connection.execute(insert(changes), [row_of(one) for one in records])


def _row(group_set: GroupSet) -> dict[str, object]:
    return _columns(group_set) | {"id": group_set.id, "key": group_set.request.key}


def _columns(group_set: GroupSet) -> dict[str, object]:
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
