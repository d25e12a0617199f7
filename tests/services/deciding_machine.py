"""Any requests, any presses, at any time, by anybody: locks, the pause and the second person."""

from collections.abc import Callable
from itertools import count
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from failover.errors import FailoverError
from failover.lifecycle import Actor, Record
from failover.measures import Resume, Unlock
from failover.model import Channel, Mode
from failover.policy import Role, Rule
from services.approvals import Decided, expires_at
from tests.builders import ADMIN, ID_A, ID_B, PRIORITIZED, flat, group, request
from tests.services.asking import APPROVER, MINUTES
from tests.services.deciding import (
    ASKS,
    BETWEEN,
    DECIDES,
    OPERATORS,
    PLACES,
    POLICED,
    ROLES,
    SECONDS,
    TURNS,
    Act,
    Ask,
    Decide,
    Place,
    Policed,
    Turn,
    has,
    policy_of,
)
from tests.services.deciding_promises import Promises
from tests.services.presses import HANDS, Hand
from tests.stage import PACE, Stage


class Crash(BaseException):
    """The process dies."""


class Deciding(Promises):
    """A bot that people press all at once, with somebody else's press at any point of each."""

    @initialize(need=st.sampled_from([1, 2]))
    def begins(self, need: int) -> None:
        self.need, self.roles = need, dict(ROLES)
        groups = flat(channels=(Channel("c1", ""),)), group(id=ID_B, name="News")
        self.stage = Stage(*groups, rules=policy_of(self.roles, need))
        self.stage.groups.all()
        self.agreed, self.shown, self.ended, self.taken = {}, {}, {}, {}
        self.locked, self.paused, self.usurped, self.revived = {}, False, [], []
        self.turns: list[Turn] = []
        self.points, self.keys = 0, count()
        self.stage.uplynk.trip = self.stage.ledger.trip = self.reaches

    # -- what may happen

    @rule(ask=ASKS, turns=TURNS)
    def somebody_asks(self, ask: Ask, turns: list[Turn]) -> None:
        self.lives(lambda: self.acts(ask), turns)

    @rule(decide=DECIDES, turns=TURNS)
    def somebody_decides(self, decide: Decide, turns: list[Turn]) -> None:
        self.lives(lambda: self.decides(decide), turns)

    @rule(
        actor=OPERATORS,
        override=st.sampled_from([None] * 5 + [Rule.PROTECT]),
        need=st.sampled_from([1, 2]),
        told=st.booleans(),
        between=st.lists(BETWEEN, min_size=1, max_size=4),
        turns=TURNS,
    )
    def a_request_goes_its_way(
        self,
        actor: Actor,
        override: Rule | None,
        need: int,
        told: bool,
        between: list[Any],
        turns: list[Turn],
    ) -> None:
        self.roles = dict(ROLES)
        self.the_policy_is_changed(Policed(APPROVER.user_id, ROLES[APPROVER.user_id], need))
        self.stage.uplynk.set(ID_A, mode=Mode.FLAT, auto_failback=False)
        self.acts(Place(ADMIN, "", Resume()))
        self.acts(Place(ADMIN, ID_A, Unlock()))
        self.acts(Ask(actor, ID_A, PRIORITIZED, override))
        if told:
            self.messages_go_out()
        for one in between:
            if isinstance(one, Policed):
                self.the_policy_is_changed(one)
            elif isinstance(one, float):
                self.stage.clock.advance(one)
            else:
                self.acts(one)
        self.lives(self.stage.work.run, turns)

    @rule(place=PLACES, turns=TURNS)
    def somebody_locks_or_pauses(self, place: Place, turns: list[Turn]) -> None:
        self.lives(lambda: self.acts(place), turns)

    @rule(turns=TURNS)
    def what_is_approved_is_sent(self, turns: list[Turn]) -> None:
        self.lives(self.stage.work.run, turns)

    @rule(hand=HANDS)
    def somebody_changes_it_in_the_cms(self, hand: Hand) -> None:
        self.acts(hand)

    @rule(policed=POLICED)
    def the_policy_is_changed(self, policed: Policed) -> None:
        self.roles[policed.user], self.need = policed.held, policed.need
        self.stage.rules = policy_of(self.roles, self.need)

    @rule(seconds=SECONDS)
    def time_passes(self, seconds: float) -> None:
        self.stage.clock.advance(seconds)

    @rule()
    def messages_go_out(self) -> None:
        for delivery in (self.stage.cards, self.stage.answers):
            while (wait := delivery.tick()) is not None:
                self.stage.clock.advance(wait)

    @rule(turns=TURNS)
    def the_loops_turn(self, turns: list[Turn]) -> None:
        def turn() -> None:
            self.stage.approvals.tick()
            self.stage.runner.recover(PACE)

        self.lives(turn, turns)

    @rule()
    def dies(self) -> None:
        self.stage.restart()

    # -- how it happens

    def acts(self, act: Act) -> None:
        match act:
            case Decide():
                self.decides(act)
            case Hand():
                self.stage.uplynk.set(act.group_id, **dict(act.new))
            case Ask():
                self.carries_out(
                    self.stage.accepts(
                        key=f"press-{next(self.keys)}",
                        actor=act.actor,
                        group=act.group_id,
                        change=act.change,
                        override=act.override,
                        reason="black" if act.override else None,
                    )
                )
            case Place():
                self.carries_out(
                    self.stage.changes.accept(
                        request(
                            key=f"press-{next(self.keys)}",
                            actor=act.actor,
                            group=act.group_id,
                            change=act.change,
                            received_at=self.stage.clock(),
                        )
                    )[0]
                )

    def carries_out(self, accepted: Record) -> None:
        self.stage.runner.start(accepted)
        if self.stage.work.jobs:
            self.stage.work.jobs.pop()()

    def decides(self, decide: Decide) -> None:
        asked = [one.id for one in self.stage.ledger.records.values() if one.id in self.shown]
        if not asked:
            return
        change_id = asked[-1 - decide.which % len(asked)]
        record, people = (
            self.stage.ledger.records[change_id],
            self.agreed.setdefault(change_id, set()),
        )
        rightful = self.rightful(record, decide) and decide.actor.user_id not in people
        if decide.press == "approve" and rightful:
            people.add(decide.actor.user_id)
        approvals = self.stage.approvals
        match decide.press:
            case "approve":
                code = approvals.approve(change_id, decide.actor).code
                if rightful and code not in (Decided.APPROVED, Decided.ONE_MORE):
                    people.discard(decide.actor.user_id)
            case "decline":
                approvals.decline(change_id, decide.actor, "no")
            case _:
                approvals.withdraw(change_id, decide.actor)
        self.observes()

    def rightful(self, record: Record, decide: Decide) -> bool:
        asked_by = record.request.actor.user_id
        return (
            asked_by != decide.actor.user_id
            and has(self.roles, decide.actor, Role.APPROVER, Role.ADMIN)
            and record.id not in self.ended
            and self.stage.clock() < expires_at(record)
        )

    def lives(self, does: Callable[[], object], turns: list[Turn]) -> None:
        self.turns, self.points = sorted(turns, key=lambda one: one.at), 0
        try:
            does()
        except Crash:
            self.turns = []
            self.stage.restart()
        finally:
            self.turns = []
        self.observes()

    def reaches(self, point: str) -> None:
        if not point.endswith(":before") or not self.turns:
            self.observes()
        self.points += 1
        if not self.turns or self.turns[0].at >= self.points:
            return
        happens = self.turns.pop(0).happens
        if happens is None:
            raise Crash
        try:
            self.acts(happens)
        except FailoverError as problem:
            raise AssertionError from problem

    def teardown(self) -> None:
        """The bot is started once more, and nobody decides anything any more."""
        if not hasattr(self, "stage"):
            return
        # Also after a promise was broken: that one is to be named, not what follows from it.
        self.the_first_final_decision_stands()
        self.nothing_protected_is_sent_without_enough_other_people()
        self.stage.restart()
        self.stage.clock.advance(MINUTES * 60)
        for _ in range(2):
            self.stage.approvals.tick()
            self.stage.runner.recover(PACE)
            self.stage.work.run()
        self.observes()
        assert self.stage.ledger.unfinished() == ()
        self.messages_go_out()
        self.what_waits_for_nobody_any_more_is_told_so()
        assert all(row.due_at is None for row in self.stage.ledger.rows)
        self.the_first_final_decision_stands()
