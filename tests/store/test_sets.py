"""Sets on disk: shown, taken on with all their members at once, ended, told."""

from __future__ import annotations

import tempfile
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from failover.errors import LedgerUnavailable, SetUnderWay
from failover.lifecycle import Record, ReplyTo, State, move
from failover.model import fingerprint
from failover.restore import Restore
from failover.sets import GroupSet, Member, SetState
from store.engine import Database
from store.sets import SetBox
from tests.builders import FLAT, ID_A, ID_B, OPERATOR, SECOND, START, flat, later, request
from tests.fakes import FakeClock
from tests.store import shapes
from tests.store.conftest import Shelf

HERE = ReplyTo("C1", "https://hooks.slack.com/actions/1", None, True)
BACK = Restore(flat(name="B"), active=True, change_id="b" * 32)


def drafted(set_id: str = "set-1", **given: object) -> GroupSet:
    asked = request(key=f"shown:{set_id}", group="sports-*", change=FLAT, **given)
    members = (Member(ID_A, "A", FLAT, "seen"), Member(ID_B, "B", BACK))
    return GroupSet(set_id, asked, members)


def records(one: GroupSet) -> list[Record]:
    return [Record(f"{one.id} {m.name}", one.asks(m, START)) for m in one.members]


@pytest.fixture
def box(shelf: Shelf) -> SetBox:
    return SetBox(shelf.database, FakeClock())


def taken(box: SetBox, set_id: str = "set-1", **given: object) -> GroupSet:
    one = drafted(set_id, **given).taken(given.get("actor", OPERATOR), HERE, go_on=True)  # type: ignore[arg-type]
    assert box.take(one, records(one)) == (one, True)
    return one


def test_a_draft_is_kept_with_its_groups_and_what_it_leaves_out(box: SetBox, shelf: Shelf) -> None:
    one, left_out = drafted(), Record("r", request(key="k"), State.REFUSED, 2)
    box.draft(one, [left_out], [flat(), flat(name="B")])
    assert box.get("set-1") == one
    assert shelf.ledger.get("r") == left_out
    assert shelf.ledger.seen(fingerprint(flat(name="B"))) == flat(name="B")
    box.draft(drafted("set-2"), [], [flat()])
    assert box.open() == ()
    assert box.get("unknown") is None


def test_a_set_is_taken_on_with_all_its_members(box: SetBox, shelf: Shelf) -> None:
    box.draft(drafted(), [], [])
    one = taken(box)
    assert box.get("set-1") == one
    assert box.open() == (one,)
    assert list(box.records(one)) == records(one)
    assert [shelf.ledger.get(record.id) for record in records(one)] == records(one)
    assert shelf.rung == 0


def test_the_members_records_come_as_they_stand_in_their_sequence(
    box: SetBox, shelf: Shelf
) -> None:
    one = taken(box)
    last = records(one)[1]
    moved = move(last, State.REFUSED, ended_at=later(1))
    shelf.ledger.advance(moved, {})
    assert list(box.records(one)) == [records(one)[0], moved]


def test_it_is_taken_on_once(box: SetBox) -> None:
    box.draft(drafted(), [], [])
    one = taken(box)
    again = replace(one, go_on=False)
    assert box.take(again, records(again)) == (one, False)
    box.move(one, SetState.TOLD)
    assert box.take(again, records(again)) == (replace(one, state=SetState.TOLD), False)


def test_one_without_a_draft_is_known_by_its_key(box: SetBox) -> None:
    one = taken(box)
    again = replace(one, id="set-2")
    assert box.take(again, records(again)) == (one, False)
    assert box.get(one.request.key) == box.get(one.id) == one


def test_nobody_has_two_under_way(box: SetBox) -> None:
    one = taken(box)
    other = drafted("set-2").taken(OPERATOR, HERE, go_on=False)
    with pytest.raises(SetUnderWay):
        box.take(other, records(other))
    assert box.records(other) == ()
    taken(box, "set-3", actor=SECOND)
    box.move(one, SetState.ENDED)
    assert box.take(other, records(other)) == (other, True)
    assert {known.id for known in box.open()} == {"set-1", "set-2", "set-3"}


def test_a_cancelled_one_is_not_taken_on_nor_a_taken_one_cancelled(box: SetBox) -> None:
    box.draft(drafted(), [], [])
    cancelled = box.cancel("set-1")
    assert cancelled == replace(drafted(), state=SetState.CANCELLED)
    one = drafted().taken(OPERATOR, HERE, go_on=False)
    assert box.take(one, records(one)) == (cancelled, False)
    other = taken(box, "set-2")
    assert box.cancel("set-2") == other
    assert box.cancel("unknown") is None


def test_a_member_that_cannot_be_stored_leaves_nothing_behind(box: SetBox, shelf: Shelf) -> None:
    box.draft(drafted(), [], [])
    one = drafted().taken(OPERATOR, HERE, go_on=False)
    first, second = records(one)
    with pytest.raises(LedgerUnavailable):
        box.take(one, [first, replace(second, id=first.id)])
    assert box.get("set-1") == drafted()
    assert shelf.ledger.get(first.id) is None


def test_it_outlives_the_process(box: SetBox, shelf: Shelf) -> None:
    one = taken(box)
    shelf.database.close()
    database = Database(shelf.url)
    assert SetBox(database, FakeClock()).open() == (one,)
    database.close()


@settings(max_examples=60, deadline=None, database=None)
@given(shapes.changes, st.lists(shapes.changes, max_size=4), shapes.text, shapes.maybe_text)
def test_any_set_comes_back_as_it_was(
    change: object, others: list[object], name: str, seen: str | None
) -> None:
    members = tuple(
        Member(str(number), name, one, seen)  # type: ignore[arg-type]
        for number, one in enumerate([change, *others])
    )
    asked = request(key="k", group=name, change=change, reply=HERE, reason=seen)
    one = GroupSet("set-1", asked, members, undoes=seen)
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/test.db")
        database.create()
        box = SetBox(database, FakeClock())
        box.draft(one, [], [])
        assert box.get("set-1") == one
        database.close()


def test_the_audit_head_is_held_for_three_statements(box: SetBox, shelf: Shelf) -> None:
    said: list[str] = []

    def hears(*given: object) -> None:
        said.append(str(given[2]))

    event.listen(shelf.database._engine, "before_cursor_execute", hears)
    refused = [Record(f"r{n}", request(key=f"r{n}"), State.REFUSED, 2) for n in range(50)]
    box.draft(drafted(), refused, [flat()])
    (held,) = [place for place, one in enumerate(said) if one.startswith("SELECT audit_head")]
    assert len(said) == held + 3
    assert any("snapshots" in one for one in said[:held])
    said.clear()
    taken(box)
    (held,) = [place for place, one in enumerate(said) if one.startswith("SELECT audit_head")]
    assert len(said) == held + 3
    assert not any("notices" in one for one in said)
