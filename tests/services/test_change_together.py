"""Changes that meet: one holds the group, the others are told who."""

import threading
from typing import Any

from failover.change import Configure
from failover.errors import (
    Rejected,
)
from failover.lifecycle import State, Why
from failover.model import Mode, fingerprint
from failover.notices import Kind
from failover.writes import Patch
from tests.builders import (
    FAILBACK_ON,
    FLAT,
    ID_A,
    ID_B,
    OPERATOR,
    PRIORITIZED,
    SECOND,
    flat,
    group,
)
from tests.fakes import LOST, Write
from tests.stage import Stage

REJECTED = Write(Rejected("PATCH x", status=400), late=None)


# -- two at once


def test_a_group_that_is_being_changed_is_busy_and_the_holder_is_named() -> None:
    stage = Stage()
    stage.uplynk.writes.append(Write(late=3))
    busy: list[Any] = []
    stage.timer.meanwhile.append(
        lambda: busy.append(stage.does(key="press-2", actor=SECOND, change=FAILBACK_ON))
    )
    stage.uplynk.groups[ID_A] = group()
    first = stage.does(change=FLAT)
    assert first.state is State.VERIFIED
    (second,) = busy
    assert (second.state, second.why) == (State.REFUSED, Why.BUSY)
    assert second.facts == {"holder": OPERATOR.user_id}
    assert stage.ledger.told(second.id).keys() == {Kind.ANSWER}
    assert len(stage.uplynk.sent) == 1


def test_a_change_that_came_and_went_between_reading_and_sending_is_noticed() -> None:
    stage = Stage()
    inner: list[Any] = []

    def other_hand(point: str) -> None:
        if point == "get":
            stage.uplynk.trip = lambda _: None
            inner.append(stage.does(key="press-2", actor=SECOND, change=PRIORITIZED))

    stage.groups.all()
    stage.uplynk.trip = other_hand
    outer = stage.does(change=Configure(Mode.PRIORITIZED, True), seen=fingerprint(flat()))
    assert inner[0].state is State.VERIFIED
    assert (outer.state, outer.why) == (State.REFUSED, Why.BUSY)
    assert outer.facts == {"holder": SECOND.user_id}
    assert [one.write for one in stage.uplynk.sent] == [Patch(Mode.PRIORITIZED)]


def test_other_groups_do_not_wait() -> None:
    stage = Stage(flat(), flat(id=ID_B, name="News"))
    stage.uplynk.writes.append(Write(late=3))
    other: list[Any] = []
    stage.timer.meanwhile.append(lambda: other.append(stage.does(key="press-2", group=ID_B)))
    assert stage.does().state is State.VERIFIED
    assert other[0].state is State.VERIFIED


def test_a_group_is_free_again_after_every_last_word() -> None:
    stage = Stage()
    for number, meets in enumerate([Write(late=None), LOST, REJECTED]):
        stage.uplynk.writes.append(meets)
        assert stage.does(key=f"press-{number}").state is State.FAILED
    assert stage.does(key="press-9").state is State.VERIFIED


def test_thirty_two_people_at_once_have_one_winner() -> None:
    stage = Stage()
    stage.groups.all()
    mark = stage.ledger.keep(flat())
    accepted = [stage.accepts(key=f"press-{number}", seen=mark) for number in range(32)]
    barrier = threading.Barrier(32, timeout=20)
    everybody_read = threading.local()

    def together(point: str) -> None:
        if point == "get" and not getattr(everybody_read, "done", False):
            everybody_read.done = True
            barrier.wait()

    stage.uplynk.trip = together
    threads = [threading.Thread(target=stage.changes.run, args=[one]) for one in accepted]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    ends = [stage.ledger.records[one.id] for one in accepted]
    assert sorted(one.state for one in ends) == [State.REFUSED] * 31 + [State.VERIFIED]
    assert {one.why for one in ends} == {None, Why.BUSY}
    assert len(stage.uplynk.sent) == 1


def test_the_same_change_run_twice_is_sent_once() -> None:
    stage = Stage()
    accepted = stage.accepts()

    def again(point: str) -> None:
        if point == "get":
            stage.uplynk.trip = lambda _: None
            stage.changes.run(accepted)

    stage.uplynk.trip = again
    record = stage.changes.run(accepted)
    assert record is not None
    assert record.state is State.VERIFIED
    assert len(stage.uplynk.sent) == 1
