"""The steps of a change of several writes, each with what became of it; and what can be undone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from blocks.outcomes import OUTCOMES, can_be_undone, steps, write_failed
from failover.change import Activate
from failover.lifecycle import Record, State, Why
from failover.model import Slicer
from tests.blocks.samples import CHANGES, CUP, FINALS, MANUAL, TWO_STEPS, record

BOTH = record(State.SENDING, group=CUP, change=TWO_STEPS)
FIRST = replace(BOTH, written=BOTH.written[:1], base=CUP)
ONE, TWO = "step 1 of 2: auto failback off", "step 2: active cup-a → cup-b"


@pytest.mark.parametrize(
    ("sent", "state", "why", "outcomes"),
    [
        (FIRST, State.SENDING, None, ("under way", "not sent yet")),
        (FIRST, State.UNKNOWN, None, ("outcome unknown", "not sent yet")),
        (FIRST, State.UNSETTLED, None, ("outcome unknown", "not sent")),
        (FIRST, State.UNVERIFIED, None, ("applied, not verified", "not sent")),
        (FIRST, State.FAILED, Why.REJECTED, ("failed, nothing changed", "not sent")),
        (FIRST, State.HALFWAY, Why.OTHER_HAND, ("applied and verified", "not sent")),
        (FIRST, State.HALFWAY, Why.INTERRUPTED, ("applied and verified", "not sent")),
        (BOTH, State.SENDING, None, ("applied and verified", "under way")),
        (BOTH, State.UNKNOWN, None, ("applied and verified", "outcome unknown")),
        (BOTH, State.UNSETTLED, None, ("applied and verified", "outcome unknown")),
        (BOTH, State.UNVERIFIED, None, ("applied and verified", "applied, not verified")),
        (BOTH, State.HALFWAY, Why.NO_EFFECT, ("applied and verified", "failed, nothing changed")),
        (BOTH, State.VERIFIED, None, ("applied and verified", "applied and verified")),
    ],
)
def test_each_step_has_its_outcome(
    sent: Record, state: State, why: Why | None, outcomes: tuple[str, str]
) -> None:
    told = replace(sent, state=state, why=why)
    assert steps(told) == [f"{ONE} – {outcomes[0]}", f"{TWO} – {outcomes[1]}"]


def test_a_step_is_told_from_the_group_as_it_was_read_before_it() -> None:
    elsewhere = replace(MANUAL, active_slicer_id="cup-c")
    assert steps(replace(BOTH, base=elsewhere))[1].startswith("step 2: active cup-c → cup-b")


def test_each_further_step_has_its_number() -> None:
    swapped = (Slicer("cup-a", True, 2), Slicer("cup-b", True, 1), Slicer("cup-c", False, 3))
    before = replace(MANUAL, channels=(), slicers=swapped, active_slicer_id="cup-b")
    told = steps(record(State.VERIFIED, group=before, change=CHANGES[-1][1]))
    assert [line.partition(":")[0] for line in told] == [
        "step 1 of 4",
        "step 2",
        "step 3",
        "step 4",
    ]
    assert told[0] == "step 1 of 4: channels + c1, c2 – applied and verified"


def test_a_change_of_one_write_has_no_steps() -> None:
    for group, change in (CHANGES[0], CHANGES[1]):
        for state in OUTCOMES:
            assert steps(record(state, group=group, change=change)) == []


def test_what_was_never_sent_has_no_steps() -> None:
    for told in (replace(BOTH, written=()), replace(BOTH, before=None, base=None)):
        assert steps(told) == []


def test_a_long_step_is_cut_before_its_outcome() -> None:
    assert steps(BOTH, 10) == [
        "step 1 of 2: auto fail… – applied and verified",
        "step 2: active cu… – under way",
    ]


def test_only_a_second_write_can_fail_halfway() -> None:
    assert write_failed(replace(BOTH, why=Why.NO_EFFECT))
    assert not write_failed(replace(BOTH, why=Why.OTHER_HAND))
    assert not write_failed(replace(FIRST, why=Why.NO_EFFECT))


def test_every_state_that_is_told_has_an_outcome() -> None:
    assert set(OUTCOMES) == set(State) - {State.SHOWN}


@pytest.mark.parametrize(
    ("state", "new", "can"),
    [
        (State.VERIFIED, {}, True),
        (State.VERIFIED, {"after": None}, False),
        (State.VERIFIED, {"before": None}, False),
        (State.VERIFIED, {"after": FINALS}, False),
        (State.HALFWAY, {"after": MANUAL, "group": CUP, "change": TWO_STEPS}, True),
        (State.HALFWAY, {"after": CUP, "group": CUP, "change": TWO_STEPS}, False),
        (
            State.HALFWAY,
            {"after": MANUAL, "group": CUP, "change": TWO_STEPS, "why": Why.GONE},
            False,
        ),
        (State.UNVERIFIED, {"after": MANUAL, "group": CUP}, False),
        (State.UNSETTLED, {"after": MANUAL, "group": CUP}, False),
        (State.FAILED, {"after": MANUAL, "group": CUP}, False),
    ],
)
def test_what_can_be_undone(state: State, new: dict[str, object], can: bool) -> None:
    assert can_be_undone(record(state, **new)) == can


def test_after_an_activation_the_way_back_is_an_activation() -> None:
    told = record(State.VERIFIED, group=MANUAL, change=Activate("cup-b"))
    assert can_be_undone(told)
