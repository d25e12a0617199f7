"""The last changes of all groups that a pattern hits are taken back as a set."""

from __future__ import annotations

from typing import Any

from failover.change import Channels, Configure
from failover.lifecycle import State, Why
from failover.model import FailoverGroup, Mode
from failover.policy import Grant, Policy, Protect, Role
from failover.restore import Restore
from failover.sets import GroupSet, SetPicture
from services.set_previews import Hits, TooMany
from tests.builders import OPERATOR, PRIORITIZED, START, later, policy
from tests.services.set_stage import SetStage, sports

V = State.VERIFIED


def changed(stage: SetStage, *names: str, **given: Any) -> None:
    """These groups are changed, one after the other."""
    for name in names:
        asked: dict[str, Any] = {"change": PRIORITIZED, **given}
        stage.clock.advance(60)
        done = stage.does(key=f"{name} {stage.clock()}", group=name, **asked)
        assert done.state is V, done


def backs(stage: SetStage, pattern: str = "sports *", **given: Any) -> SetPicture:
    stage.clock.advance(60)
    found = stage.set_previews.backs(stage.asks(pattern, **given))
    assert isinstance(found, SetPicture), found
    return found


def test_each_group_goes_back_the_newest_change_first() -> None:
    stage = SetStage()
    changed(stage, "sports-north", "sports-west", "sports-east", "news-24")
    picture = backs(stage)
    shown = [row.group.name for row in picture.rows if row.taken]
    assert shown == ["Sports East", "Sports West", "Sports North"]
    untouched = [row.group.name for row in picture.rows if row.untouched]
    assert untouched == ["Sports South"]
    assert picture.group_set.takes_back
    assert picture.group_set.undoes is None
    known, _ = stage.confirms(picture.group_set)
    stage.work.run()
    assert stage.ends(known) == [V] * 3
    assert {one.id for one in stage.uplynk.groups.values() if one.mode is Mode.FLAT} == {
        "sports-north", "sports-west", "sports-east", "sports-south"
    }  # fmt: skip
    reasons = {one.request.reason for one in stage.members(known)}
    assert reasons == {"undo by the pattern sports *"}


def test_a_reason_of_ones_own_stays() -> None:
    stage = SetStage()
    changed(stage, "sports-north", "sports-west")
    known, _ = stage.confirms(backs(stage, reason="wrong groups").group_set)
    assert {one.request.reason for one in stage.members(known)} == {"wrong groups"}


def test_undo_of_that_set_is_the_change_again() -> None:
    stage = SetStage()
    changed(stage, "sports-north", "sports-west")
    known, _ = stage.confirms(backs(stage).group_set)
    stage.work.run()
    stage.clock.advance(60)
    again = stage.set_previews.undone(known.id, stage.asks("-", key="again"))
    assert again is not None
    stage.confirms(again.group_set)
    stage.work.run()
    assert stage.uplynk.groups["sports-north"].mode is Mode.PRIORITIZED


def test_channels_that_were_moved_go_back_in_the_order_that_uplynk_accepts() -> None:
    rules = policy(cooldown_seconds=0)
    first, second = sports("Sports East"), sports("Sports North")
    stage = SetStage(first, second, rules=rules)
    grants = (*rules.grants, Grant(Role.ADMIN, frozenset({OPERATOR.user_id})))
    stage.rules = policy(grants=grants, cooldown_seconds=0)
    changed(stage, "sports-east", change=Channels(add=("ch1",)))
    changed(stage, "sports-east", change=Channels(remove=("ch1",)))
    changed(stage, "sports-north", change=Channels(add=("ch1",)))
    picture = backs(stage)
    assert [row.group.id for row in picture.rows] == ["sports-north", "sports-east"]
    known, _ = stage.confirms(picture.group_set)
    stage.work.run()
    assert stage.ends(known) == [V, V]
    assert [one.id for one in stage.uplynk.groups["sports-east"].channels] == ["ch1"]


def stale(stage: SetStage) -> None:
    group: FailoverGroup = sports("Sports North", mode=Mode.PRIORITIZED, auto_failback=True)
    stage.uplynk.groups["sports-north"] = group


def test_what_somebody_changed_since_is_left_out_with_how_it_was_left() -> None:
    stage = SetStage()
    changed(stage, "sports-north", "sports-west")
    stale(stage)
    rows = {row.group.id: row for row in backs(stage).rows}
    row = rows["sports-north"]
    assert (row.why, row.taken) == (Why.STALE, False)
    assert row.seen is not None
    assert (row.seen.mode, row.seen.auto_failback) == (Mode.PRIORITIZED, False)
    assert rows["sports-west"].taken
    (refused,) = [one for one in stage.ledger.records.values() if one.why is Why.STALE]
    assert refused.group_id == "sports-north"


def barred(stage: SetStage, rules: Policy) -> list[Why | None]:
    changed(stage, "sports-north", "sports-west")
    stage.rules = rules
    return [row.why for row in backs(stage).rows if not row.untouched]


def test_roles_and_rules_are_checked_for_each() -> None:
    only = (Grant(Role.OPERATOR, frozenset({OPERATOR.user_id}), groups=("sports-west",)),)
    assert barred(SetStage(), policy(grants=only)) == [None, Why.ROLE]
    protects = (Protect(("sports north",)),)
    assert barred(SetStage(), policy(protects=protects)) == [None, Why.RULE]


def test_now_takes_it_from_memory_and_checks_each_at_its_turn() -> None:
    stage = SetStage()
    stage.groups.all()
    changed(stage, "sports-north", "sports-west")
    stage.clock.advance(30)
    stage.groups.all()
    stale(stage)
    reads = len(stage.uplynk.log)
    found = stage.set_previews.backs_at_once(stage.asks())
    assert isinstance(found, GroupSet)
    assert len(stage.uplynk.log) == reads
    assert all(isinstance(one.change, Restore) for one in found.members)
    known, _ = stage.confirms(found)
    stage.work.run()
    assert [(one.state, one.why) for one in stage.members(known)] == [
        (V, None), (State.REFUSED, Why.STALE)
    ]  # fmt: skip


def test_without_a_list_in_memory_it_has_to_be_shown() -> None:
    assert SetStage().set_previews.backs_at_once(SetStage().asks()) is None


def test_what_makes_no_set() -> None:
    stage = SetStage()
    nothing = stage.set_previews.backs(stage.asks())
    assert isinstance(nothing, Hits)
    assert len(nothing.groups) == 4
    changed(stage, "sports-north")
    alone = stage.set_previews.backs(stage.asks("*north"))
    assert isinstance(alone, Hits)
    assert [one.id for one in alone.groups] == ["sports-north"]
    none = stage.set_previews.backs(stage.asks("golf*"))
    assert isinstance(none, Hits)
    assert none.groups == ()
    assert stage.set_store.sets == {}


def test_too_many_are_too_many() -> None:
    stage = SetStage(*(sports(f"Sports {number}") for number in range(51)))
    found = stage.set_previews.backs(stage.asks())
    assert found == TooMany(51)
    assert stage.set_previews.backs_at_once(stage.asks()) == TooMany(51)


def test_the_last_change_alone_is_taken_back() -> None:
    stage = SetStage()
    changed(stage, "sports-north", "sports-west")
    changed(stage, "sports-north", change=Configure(auto_failback=True))
    known, _ = stage.confirms(backs(stage).group_set)
    stage.work.run()
    north = stage.uplynk.groups["sports-north"]
    assert (north.mode, north.auto_failback) == (Mode.PRIORITIZED, False)
    assert stage.clock() > later(60) > START
    assert stage.ends(known) == [V, V]
