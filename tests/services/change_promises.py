"""What is promised of every change, whatever happened to it: asked of all that is stored and sent.

The upstream keeps two promises of its own: what it refuses with a 4xx has no effect, and what it
does late it does within the settle time.
"""

from collections import Counter
from itertools import groupby, pairwise

from hypothesis.stateful import RuleBasedStateMachine, invariant

from failover.change import holds, needed
from failover.lifecycle import BETWEEN, HOLDING, LAST_WORDS, Record, State, Why
from failover.notices import Kind
from failover.roles import Action
from failover.writes import after, same_settings
from tests.builders import ADMIN, ID_A, ID_B, START, VIEWER
from tests.fakes import Sent
from tests.stage import Stage

COOLDOWN = 2.0
EFFECTIVE = {State.VERIFIED, State.UNVERIFIED, State.UNSETTLED, State.HALFWAY}


class Promises(RuleBasedStateMachine):
    """A bot and what has befallen it.

    ``disturbed``: the changes into which somebody else, or a silent upstream, may have come;
    ``orphans``: for each change that a dead process left, how often it had written by then.
    """

    stage: Stage
    disturbed: set[str]
    orphans: dict[str, int]
    told_directly: list[tuple[str, State]]

    @property
    def sent(self) -> list[Sent]:
        return self.stage.uplynk.sent

    @property
    def written(self) -> list[str]:
        return [str(one.change_id) for one in self.sent]

    def held(self) -> list[Record]:
        return sorted(
            (one for one in self.stage.ledger.records.values() if one.state in HOLDING),
            key=lambda one: one.sent_at or START,
        )

    @invariant()
    def nothing_is_written_without_a_record(self) -> None:
        assert self.stage.uplynk.violations == []

    @invariant()
    def no_write_is_sent_twice(self) -> None:
        assert all(
            n == 1 for n in Counter((one.change_id, one.number) for one in self.sent).values()
        )

    @invariant()
    def what_a_dead_process_began_is_not_gone_on_with(self) -> None:
        counts = Counter(self.written)
        assert all(counts[change_id] == n for change_id, n in self.orphans.items())

    @invariant()
    def one_change_holds_a_group(self) -> None:
        assert all(count == 1 for count in Counter(one.group_id for one in self.held()).values())

    @invariant()
    def the_writes_of_two_changes_never_mix(self) -> None:
        for group_id in (ID_A, ID_B):
            of_it = [one.change_id for one in self.sent if one.group_id == group_id]
            runs = [change_id for change_id, _ in groupby(of_it)]
            assert len(runs) == len(set(runs))

    @invariant()
    def what_others_did_in_between_is_not_written_over(self) -> None:
        for earlier, later in pairwise(one for one in self.sent if one.record is not None):
            if earlier.change_id != later.change_id:
                continue
            assert earlier.record is not None
            assert earlier.record.base is not None
            assert later.record is not None
            assert later.record.base is not None
            assert same_settings(after(earlier.record.base, earlier.write), later.record.base)

    @invariant()
    def one_press_is_one_change(self) -> None:
        keys = Counter(one.request.key for one in self.stage.ledger.records.values())
        assert all(count == 1 for count in keys.values())

    @invariant()
    def only_what_was_allowed_is_written(self) -> None:
        for change_id in self.written:
            record = self.stage.ledger.records[change_id]
            assert record.state in HOLDING | LAST_WORDS
            assert record.request.actor != VIEWER
            if needed(record.request.change) in (Action.CHANNELS, Action.OWNERS):
                assert record.request.actor == ADMIN

    @invariant()
    def the_last_word_agrees_with_uplynk(self) -> None:
        for record in self.stage.ledger.records.values():
            if record.state is State.VERIFIED:
                assert self.was_there(record)
            elif record.id in self.disturbed:
                continue
            elif record.state is State.FAILED:
                assert not self.took_effect(record)
            elif record.state is State.HALFWAY:
                done = len(record.written) - (record.why not in BETWEEN)
                assert record.why is not Why.OTHER_HAND
                assert self.took_effect(record) == set(range(1, done + 1))
                assert done
            else:
                assert record.state not in EFFECTIVE

    @invariant()
    def nobody_is_told_failed_of_what_was_sent(self) -> None:
        for change_id, state in self.told_directly:
            assert state is State.FAILED
            assert change_id not in self.written

    @invariant()
    def every_outcome_is_told_or_due(self) -> None:
        for record in self.stage.ledger.records.values():
            if record.state not in LAST_WORDS:
                continue
            rows = [r for r in self.stage.ledger.rows if r.notice.change_id == record.id]
            assert {row.notice.kind for row in rows} == {Kind.CARD, Kind.ANSWER}
            for row in rows:
                if row.due_at is None and row.notice.kind is Kind.CARD:
                    shown = self.stage.messenger.cards[str(row.notice.address)]
                    assert shown == (record.id, record.state)
                elif row.due_at is None:
                    assert (record.id, record.state) in self.stage.messenger.answers

    @invariant()
    def changes_of_a_group_keep_their_distance(self) -> None:
        for group_id in (ID_A, ID_B):
            of_it = [one for one in self.sent if one.group_id == group_id]
            for earlier, later in pairwise(of_it):
                ended = self.stage.ledger.records[str(earlier.change_id)]
                if later.number == 1 and ended.state in EFFECTIVE:
                    assert earlier.record is not None
                    assert earlier.record.sent_at is not None
                    assert (later.at - earlier.record.sent_at).total_seconds() >= COOLDOWN

    def was_there(self, record: Record) -> bool:
        assert record.sent_at is not None
        assert record.ended_at is not None
        assert record.group_id is not None
        history = self.stage.uplynk.history[record.group_id]
        during = [there for since, there in history if record.sent_at <= since <= record.ended_at]
        during.append(self.stage.uplynk.was(record.group_id, record.sent_at))
        return any(holds(there, record.request.change) for there in during)

    def took_effect(self, record: Record) -> set[int]:
        """Which of its writes did, counted from 1."""
        self.stage.uplynk.arrived()
        took = self.stage.uplynk.took_effect
        return {one.number for one in took if one.change_id == record.id}
