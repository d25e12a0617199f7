"""What a change wants, what it sends, what it leads to, and what one reading proves."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from failover.change import (
    Configure,
    Inapplicable,
    Verdict,
    effective,
    expected,
    holds,
    inapplicable,
    judge,
    undoing,
)
from failover.model import FailoverGroup, Mode
from tests.builders import flat, group, slicers

F, P = Mode.FLAT, Mode.PRIORITIZED

ALL = [Configure(mode, failback) for mode in (None, F, P) for failback in (None, False, True)]
STATES = list(product((F, P), (False, True)))
CHANGES, MODES = st.sampled_from(ALL), st.sampled_from(STATES)


def in_state(mode: Mode, failback: bool) -> FailoverGroup:
    return group(mode=mode, auto_failback=failback)


# The group's mode and failback; the change's; whether it holds; what is worth sending.
HOLDS = [
    (F, False, None, None, True, Configure()),
    (F, False, F, None, True, Configure()),
    (F, False, F, False, True, Configure()),
    (F, False, None, False, True, Configure()),
    (F, False, P, None, False, Configure(P)),
    (F, False, P, True, False, Configure(P, True)),
    (F, False, P, False, False, Configure(P)),
    (F, False, None, True, False, Configure(None, True)),
    (P, True, P, True, True, Configure()),
    (P, True, P, False, False, Configure(None, False)),
    (P, True, F, None, False, Configure(F)),
    (P, True, F, True, False, Configure(F)),
    (P, True, F, False, False, Configure(F, False)),
    (P, False, P, True, False, Configure(None, True)),
    (P, False, None, True, False, Configure(None, True)),
    (P, False, None, False, True, Configure()),
]


@pytest.mark.parametrize(("mode", "failback", "to", "back", "held", "sent"), HOLDS)
def test_what_holds_and_what_is_worth_sending(
    mode: Mode, failback: bool, to: Mode | None, back: bool | None, held: bool, sent: Configure
) -> None:
    change = Configure(to, back)
    assert holds(in_state(mode, failback), change) is held
    assert effective(in_state(mode, failback), change) == sent


@given(MODES, CHANGES)
def test_nothing_is_sent_exactly_when_the_change_holds(
    state: tuple[Mode, bool], change: Configure
) -> None:
    there = in_state(*state)
    assert (effective(there, change) == Configure()) is holds(there, change)


@given(MODES, CHANGES)
def test_what_is_sent_leads_to_what_was_asked(state: tuple[Mode, bool], change: Configure) -> None:
    there = in_state(*state)
    after = expected(there, change)
    assert holds(after, change)
    assert after == expected(there, effective(there, change))
    assert expected(after, change) == after


# The group's mode; the change; why not.
INAPPLICABLE = [
    (F, Configure(None, True), Inapplicable.FAILBACK_IN_FLAT),
    (F, Configure(F, True), Inapplicable.FAILBACK_IN_FLAT),
    (P, Configure(F, True), Inapplicable.FAILBACK_IN_FLAT),
    (F, Configure(P, True), None),
    (P, Configure(None, True), None),
    (P, Configure(P, True), None),
    (F, Configure(None, False), None),
    (P, Configure(F, False), None),
    (P, Configure(F), None),
]


@pytest.mark.parametrize(("mode", "change", "why"), INAPPLICABLE)
def test_auto_failback_is_for_prioritized_groups(
    mode: Mode, change: Configure, why: Inapplicable | None
) -> None:
    assert inapplicable(group(mode=mode), change) is why


def test_a_switch_to_prioritized_resets_the_order_to_the_sequence_of_the_list() -> None:
    before = flat(slicers=slicers("b", "a", "c", orders=(1, 1, 1), off=["c"]))
    after = expected(before, Configure(P))
    assert after.slicers == slicers("b", "a", "c", orders=(1, 2, 3), off=["c"])
    assert (after.mode, after.auto_failback) == (P, False)


@pytest.mark.parametrize(
    ("before", "change"),
    [
        (group(slicers=slicers("a", "b", orders=(2, 1))), Configure(P, True)),
        (group(slicers=slicers("a", "b", orders=(2, 1))), Configure(F)),
        (flat(), Configure(None, False)),
    ],
)
def test_no_other_change_touches_the_order(before: FailoverGroup, change: Configure) -> None:
    assert expected(before, change).slicers == before.slicers


def test_a_change_leaves_everything_else() -> None:
    before = flat(active_slicer_id="s2", hot_warm=2)
    after = expected(before, Configure(P, True))
    assert (after.id, after.name, after.active_slicer_id) == (before.id, before.name, "s2")
    assert (after.hot_warm, after.channels) == (2, before.channels)


# Before; the change; now; what that proves.
JUDGED = [
    ((F, False), Configure(P), (P, False), Verdict.APPLIED),
    ((F, False), Configure(P), (P, True), Verdict.APPLIED),
    ((F, False), Configure(P), (F, False), Verdict.NOT_APPLIED),
    ((F, False), Configure(P), (F, True), Verdict.DIFFERENT),
    ((F, False), Configure(P, True), (P, True), Verdict.APPLIED),
    ((F, False), Configure(P, True), (P, False), Verdict.DIFFERENT),
    ((F, False), Configure(P, True), (F, True), Verdict.DIFFERENT),
    ((F, False), Configure(P, True), (F, False), Verdict.NOT_APPLIED),
    ((P, False), Configure(None, True), (P, True), Verdict.APPLIED),
    ((P, False), Configure(None, True), (P, False), Verdict.NOT_APPLIED),
    ((P, False), Configure(None, True), (F, False), Verdict.DIFFERENT),
    ((P, True), Configure(F), (F, True), Verdict.APPLIED),
    ((P, True), Configure(F), (F, False), Verdict.APPLIED),
    ((P, True), Configure(F), (P, False), Verdict.DIFFERENT),
]


@pytest.mark.parametrize(("before", "change", "now", "verdict"), JUDGED)
def test_what_one_reading_proves(
    before: tuple[Mode, bool], change: Configure, now: tuple[Mode, bool], verdict: Verdict
) -> None:
    assert judge(in_state(*before), change, in_state(*now)) is verdict


@given(MODES, CHANGES, MODES)
def test_every_reading_proves_one_thing(
    before: tuple[Mode, bool], change: Configure, now: tuple[Mode, bool]
) -> None:
    verdict = judge(in_state(*before), change, in_state(*now))
    assert (verdict is Verdict.APPLIED) is holds(in_state(*now), change)
    if verdict is Verdict.NOT_APPLIED:
        assert now == before


def test_the_order_and_the_active_slicer_prove_nothing() -> None:
    before = flat()
    moved = flat(active_slicer_id="s2", slicers=slicers("s2", "s1"))
    assert judge(before, Configure(P), moved) is Verdict.NOT_APPLIED


IN_ORDER = slicers("s1", "s2")
TURNED = slicers("s1", "s2", orders=(2, 1))

# Before the change; after it; what takes it back.
UNDONE = [
    (flat(), group(), Configure(F, False)),
    (flat(), group(auto_failback=True), Configure(F, False)),
    (group(), flat(), Configure(P, False)),
    (group(slicers=TURNED), flat(), None),
    (group(slicers=TURNED), flat(slicers=TURNED), None),
    (group(slicers=IN_ORDER), flat(slicers=IN_ORDER), Configure(P, False)),
    (group(), group(auto_failback=True), Configure(P, False)),
    (group(auto_failback=True), group(), Configure(P, True)),
    (group(slicers=TURNED, auto_failback=True), group(slicers=TURNED), Configure(P, True)),
    (group(auto_failback=True), flat(auto_failback=True), Configure(P, True)),
    (group(auto_failback=True), flat(), Configure(P, True)),
    (flat(auto_failback=True), group(), None),
    (flat(), flat(), None),
    (group(slicers=slicers("s1", "s2", off=["s2"])), flat(), None),
]


@pytest.mark.parametrize(("before", "after", "back"), UNDONE)
def test_what_takes_a_change_back(
    before: FailoverGroup, after: FailoverGroup, back: Configure | None
) -> None:
    assert undoing(before, after) == back


@given(MODES, CHANGES)
def test_a_change_that_can_be_taken_back_leads_back_to_where_it_was(
    state: tuple[Mode, bool], change: Configure
) -> None:
    before = in_state(*state)
    after = expected(before, change)
    back = undoing(before, after)
    if back is not None:
        restored = expected(after, back)
        assert (restored.mode, restored.auto_failback) == state
