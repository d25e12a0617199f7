"""A set is taken back as a set: what was applied, the last of it first."""

from __future__ import annotations

from failover.change import Configure
from failover.errors import (
    Rejected,
)
from failover.lifecycle import State, Why
from failover.model import Mode
from failover.restore import Restore
from tests.builders import group, policy
from tests.fakes import Write
from tests.services.set_stage import NAMES, SetStage

V = State.VERIFIED
REFUSED = Write(Rejected("PATCH x", status=400), late=None)


def undoes(stage: SetStage, set_id: str) -> object:
    return stage.set_previews.undone(set_id, stage.asks("-", key="undo"))


def test_all_of_it_is_taken_back_the_last_first() -> None:
    stage = SetStage()
    before = {one: group.mode for one, group in stage.uplynk.groups.items()}
    known = stage.applies()
    picture = undoes(stage, known.id)
    assert [row.group.name for row in picture.rows] == list(reversed(NAMES))  # type: ignore[attr-defined]
    shown = picture.group_set  # type: ignore[attr-defined]
    assert all(isinstance(one.change, Restore) for one in shown.members)
    assert shown.undoes == known.id
    back, _ = stage.confirms(shown)
    stage.work.run()
    assert stage.ends(back) == [V] * 4
    assert {one: group.mode for one, group in stage.uplynk.groups.items()} == before
    assert {one.request.reason for one in stage.members(back)} == {f"undo of set {known.id[:8]}"}


def test_what_somebody_changed_since_or_deleted_is_not_taken_back() -> None:
    stage = SetStage()
    known = stage.applies()
    stage.uplynk.groups["sports-north"] = group(
        id="sports-north", name="Sports North", auto_failback=True
    )
    del stage.uplynk.groups["sports-west"]
    picture = undoes(stage, known.id)
    why = {row.group.name: row.why for row in picture.rows}  # type: ignore[attr-defined]
    assert why == {
        "Sports West": Why.GONE, "Sports South": None, "Sports North": Why.STALE,
        "Sports East": None,
    }  # fmt: skip


def test_only_what_was_applied_is_taken_back() -> None:
    stage = SetStage()
    stage.uplynk.writes.extend([Write(), REFUSED])
    picture = undoes(stage, stage.applies().id)
    assert [row.group.name for row in picture.rows] == ["Sports East"]  # type: ignore[attr-defined]
    assert undoes(stage, "unknown") is None
    stage.uplynk.writes.append(REFUSED)
    stage.rules = policy()
    failed = stage.applies("*t", change=Configure(Mode.FLAT))
    assert undoes(stage, failed.id) is None


def test_a_member_tried_again_is_a_change_by_itself() -> None:
    stage = SetStage()
    stage.uplynk.writes.append(REFUSED)
    known = stage.applies()
    again = stage.previews.repeated(stage.members(known)[0].id, stage.asks("-", key="again"))
    assert again is not None
    assert again.set_id is None
