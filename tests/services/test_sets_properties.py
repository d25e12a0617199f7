"""Whatever the members of a set meet: nothing is sent after a surprise, and every end is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from failover.change import Configure, Slate
from failover.errors import OutcomeUnknown, Rejected, SlackProblem, Unauthorized
from failover.lifecycle import FINAL, Record, State, Why
from failover.model import Mode
from failover.policy import Freeze, Protect
from failover.sets import GOOD, GroupSet, SetState
from services.set_runner import TOLD_FOR
from tests.builders import later, policy
from tests.fakes import Write
from tests.services.set_stage import NAMES, SetStage, sports
from tests.stage import PACE

MEETS = st.sampled_from(
    [
        Write(),
        Write(),
        Write(Rejected("PATCH x", status=400), late=None),
        Write(Unauthorized("PATCH x", status=401), late=None),
        Write(OutcomeUnknown("PATCH x", words="timed out"), late=None, takes=12.0),
        Write(OutcomeUnknown("PATCH x", words="timed out"), late=0.5),
        Write(OutcomeUnknown("PATCH x", status=500), late=None),
    ]
)
CHANGES = st.sampled_from(
    [
        Configure(Mode.PRIORITIZED),
        Configure(Mode.PRIORITIZED, True),
        Configure(auto_failback=True),
        Configure(Mode.FLAT),
        Slate(True),
    ]
)
IDS = tuple(sports(name).id for name in NAMES)


class DiesError(BaseException):
    """The process."""


@dataclass(frozen=True)
class Twist:
    """What happens when the set's ``at``-th point is reached."""

    at: int
    happens: str
    group_id: str


TWISTS = st.builds(
    Twist,
    at=st.integers(0, 60),
    happens=st.sampled_from(["dies", "stops", "database", "hand", "protect", "freeze", "gone"]),
    group_id=st.sampled_from(IDS),
)


class Turns:
    """Reaches points, and lets what is planned happen at its point."""

    def __init__(self, stage: SetStage, twists: list[Twist]) -> None:
        self.stage = stage
        self.twists = {one.at: one for one in twists}
        self.reached = 0
        self.died = False

    def __call__(self, _point: str) -> None:
        twist = self.twists.get(self.reached)
        self.reached += 1
        if twist is not None:
            self._happens(twist)

    def _happens(self, twist: Twist) -> None:
        stage, uplynk = self.stage, self.stage.uplynk
        match twist.happens:
            case "dies":
                self.died = True
                raise DiesError
            case "stops":
                stage.timer.stop_after = len(stage.timer.pauses)
            case "database":
                stage.ledger.broken = 2
            case "hand":
                uplynk.groups[twist.group_id] = sports(
                    uplynk.groups[twist.group_id].name, active_slicer_id="s2"
                ) if twist.group_id in uplynk.groups else sports("Sports back")  # fmt: skip
            case "protect":
                stage.rules = policy(protects=(Protect((twist.group_id,)),))
            case "freeze":
                stage.rules = policy(freezes=(Freeze((twist.group_id,), later(-9), later(999)),))
            case "gone":
                uplynk.groups.pop(twist.group_id, None)


def begun(records: tuple[Record, ...]) -> list[Record]:
    return [one for one in records if one.why is not Why.SET_STOPPED]


def nothing_is_sent_after_a_surprise(stage: SetStage, known: GroupSet) -> None:
    records = stage.members(known)
    sent = [one.change_id for one in stage.uplynk.sent]
    assert len(sent) == len(set(sent)), "a member was sent twice"
    in_turn = [one.id for one in records if one.id in sent]
    assert sent == in_turn, "out of their sequence"
    if known.go_on:
        return
    bad = [place for place, one in enumerate(records) if one.state not in GOOD]
    if bad:
        assert {one.id for one in records[bad[0] + 1 :]}.isdisjoint(sent)
        assert all(one.why is Why.SET_STOPPED for one in records[bad[0] + 1 :])


def every_end_is_told(stage: SetStage, known: GroupSet) -> None:
    assert stage.set_store.sets[known.id].state is SetState.TOLD
    records = stage.members(known)
    waits = [one.id for one in records if one.state not in FINAL | {State.AWAITING}]
    assert waits == []
    last = stage.set_screen.last
    assert last.ended
    # Whoever takes one over that waits for people counts its version on.
    assert [(one.id, one.state) for one in last.records] == [(one.id, one.state) for one in records]
    for record in records:
        stopped = record.why is Why.SET_STOPPED
        assert stage.ledger.told(record.id) == {} if stopped else True


def settles(stage: SetStage) -> None:
    """Everything that goes on by itself comes to its end."""
    for _ in range(40):
        stage.ledger.broken = False
        stage.runner.recover(PACE)
        stage.set_runner.tick()
        if not stage.work.jobs and not stage.set_store.open():
            return
        stage.work.run()
        stage.clock.advance(5.0)
    raise AssertionError("it never ends")


@settings(max_examples=300, deadline=None, database=None)
@given(
    st.lists(MEETS, max_size=5),
    st.lists(TWISTS, max_size=3),
    st.booleans(),
    CHANGES,
    st.lists(st.booleans(), max_size=6),
)
def test_whatever_the_members_meet(
    meets: list[Write], twists: list[Twist], go_on: bool, change: Any, slack: list[bool]
) -> None:
    groups = [sports(name, mode=Mode.PRIORITIZED) for name in NAMES[:2]]
    stage = SetStage(*groups, *map(sports, NAMES[2:]))
    stage.uplynk.writes.extend(meets)
    problems = (SlackProblem("x") if fails else None for fails in slack)
    stage.set_screen.problems.extend(problems)
    shown = stage.shows(change=change).group_set
    if not shown.members:
        return
    known, _ = stage.confirms(shown, go_on=go_on)
    turns = Turns(stage, twists)
    stage.uplynk.trip = stage.ledger.trip = turns
    try:
        stage.work.run()
    except DiesError:
        assert turns.died
    stage.uplynk.trip = stage.ledger.trip = lambda _: None
    sent = len(stage.uplynk.sent)
    stage.restart()
    settles(stage)
    assert len(stage.uplynk.sent) == sent, "something was sent by a process that nobody asked"
    nothing_is_sent_after_a_surprise(stage, known)
    every_end_is_told(stage, known)
    assert stage.uplynk.violations == []
    assert TOLD_FOR.total_seconds() > 0
