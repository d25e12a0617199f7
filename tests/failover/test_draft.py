"""What a form asks for: every action, as it starts, as it is filled, and what is wrong with it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from failover.change import (
    Activate,
    Change,
    Channels,
    Configure,
    Inapplicable,
    Order,
    Owners,
    Slate,
    holds,
    needed,
)
from failover.draft import FIELDS, Draft, Entries, Fault, Field, Filled, drafted, started
from failover.intents import Problem
from failover.model import NO_SLICER, FailoverGroup, Mode
from failover.restore import Restore
from failover.roles import Action
from tests.builders import failback, flat, group, order, slicers

THREE = group(slicers=slicers("a", "b", "c", off=("c",)), active_slicer_id="a")
GROUPS = (THREE, flat(), failback(), group(slicers=(), active_slicer_id=NO_SLICER))


def faults(draft: Draft) -> tuple[Fault, ...]:
    assert draft.change is None
    return draft.faults


@pytest.mark.parametrize("shown", GROUPS)
@pytest.mark.parametrize("action", FIELDS)
def test_what_it_starts_with_changes_nothing(shown: FailoverGroup, action: Action) -> None:
    draft = drafted(shown, Filled(action))
    assert draft.entries == started(shown, action)
    assert set(draft.entries) <= set(FIELDS[action])
    if draft.change is None:
        assert draft.digest is None
        assert [one.problem for one in draft.faults] in (
            [Problem.MISSING_SLICER],
            [Problem.MISSING_ID],
        )
    else:
        assert holds(shown, draft.change)


@pytest.mark.parametrize(
    ("shown", "action", "entries", "change"),
    [
        (THREE, Action.CONFIGURE, {Field.MODE: "flat", Field.FAILBACK: "on"}, Configure(Mode.FLAT)),
        (flat(), Action.CONFIGURE, {Field.MODE: "prioritized"}, Configure(Mode.PRIORITIZED)),
        (THREE, Action.CONFIGURE, {Field.MODE: "prioritized", Field.FAILBACK: "on"},
         Configure(Mode.PRIORITIZED, True)),
        (THREE, Action.ACTIVATE, {Field.SLICER: "b"}, Activate("b")),
        (failback(), Action.ACTIVATE, {Field.SLICER: "s2"}, Activate("s2", failback_off=True)),
        (THREE, Action.SLATE, {Field.SLATE: "on"}, Slate(True)),
        (THREE, Action.SLATE, {Field.SLATE: "off"}, Slate(False)),
        (THREE, Action.ORDER, {Field.ORDER: "c\n-a"}, order("c", "-a")),
        (THREE, Action.CHANNELS, {Field.ADD: "x, y", Field.REMOVE: "z"},
         Channels(("x", "y"), ("z",))),
        (THREE, Action.CHANNELS, {Field.REMOVE: "z"}, Channels((), ("z",))),
        (THREE, Action.OWNERS, {Field.ADD: "x\ny"}, Owners(("x", "y"))),
    ],
)  # fmt: skip
def test_what_is_asked(
    shown: FailoverGroup, action: Action, entries: Entries, change: Change
) -> None:
    draft = drafted(shown, Filled(action, entries))
    assert draft == Draft(action, entries, change)
    assert needed(change) is action
    assert draft.digest is not None


@pytest.mark.parametrize(
    ("action", "entries", "found"),
    [
        (Action.ACTIVATE, {}, [Fault(Field.SLICER, Problem.MISSING_SLICER)]),
        (Action.ACTIVATE, {Field.SLICER: "x"},
         [Fault(Field.SLICER, Inapplicable.UNKNOWN_SLICERS, ("x",))]),
        (Action.ORDER, {}, [Fault(Field.ORDER, Problem.MISSING_SLICER)]),
        (Action.ORDER, {Field.ORDER: ", ,"}, [Fault(Field.ORDER, Problem.MISSING_SLICER)]),
        (Action.ORDER, {Field.ORDER: "a b"}, [Fault(Field.ORDER, Problem.MISSING_COMMA, ("a b",))]),
        (Action.ORDER, {Field.ORDER: "x, a, y, x, -a"},
         [Fault(Field.ORDER, Inapplicable.UNKNOWN_SLICERS, ("x", "y")),
          Fault(Field.ORDER, Problem.REPEATED_ID, ("x", "a"))]),
        (Action.ORDER, {Field.ORDER: 'a\n"b\nc'},
         [Fault(Field.ORDER, Problem.UNCLOSED_QUOTE, ('"b\nc',))]),
        (Action.CHANNELS, {}, [Fault(Field.ADD, Problem.MISSING_ID)]),
        (Action.OWNERS, {}, [Fault(Field.ADD, Problem.MISSING_ID)]),
        (Action.CHANNELS, {Field.ADD: "a, a", Field.REMOVE: "b c"},
         [Fault(Field.ADD, Problem.REPEATED_ID, ("a",)),
          Fault(Field.REMOVE, Problem.MISSING_COMMA, ("b c",))]),
        (Action.OWNERS, {Field.ADD: "a, b", Field.REMOVE: "b"},
         [Fault(Field.REMOVE, Problem.CONTRADICTION, ("b",))]),
        (Action.CHANNELS, {Field.ADD: ",".join(map(str, range(51)))},
         [Fault(Field.ADD, Problem.TOO_MANY_IDS)]),
        (Action.CHANNELS, {Field.ADD: "x" * 201},
         [Fault(Field.ADD, Problem.ID_TOO_LONG, ("x" * 201,))]),
        (Action.CHANNELS, {Field.ADD: '""'}, [Fault(Field.ADD, Problem.EMPTY_ID, ('""',))]),
        (Action.OWNERS, {Field.ADD: "a\x07"}, [Fault(Field.ADD, Problem.CONTROL_CHARACTER)]),
        (Action.OWNERS, {Field.ADD: "a\ud800"}, [Fault(Field.ADD, Problem.CONTROL_CHARACTER)]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(action: Action, entries: Entries, found: list[Fault]) -> None:
    assert faults(drafted(THREE, Filled(action, entries))) == tuple(found)


def test_a_slicer_of_the_group_may_be_called_anything() -> None:
    odd = group(slicers=slicers("x" * 300, "", "a\x07\ud800", "now"), active_slicer_id="now")
    assert drafted(odd, Filled(Action.ORDER)).change == order("x" * 300, "", "a\x07\ud800", "now")
    assert drafted(odd, Filled(Action.ORDER)).digest is not None


def test_a_choice_stands_in_the_first_input() -> None:
    assert started(THREE, Action.SLATE, "off") == {Field.SLATE: "off"}
    assert started(THREE, Action.ACTIVATE, "b") == {Field.SLICER: "b"}


@pytest.mark.parametrize(
    ("action", "entries"),
    [
        (Action.CONFIGURE, {}),
        (Action.CONFIGURE, {Field.MODE: "chaos"}),
        (Action.CONFIGURE, {Field.MODE: "prioritized", Field.FAILBACK: "perhaps"}),
        (Action.SLATE, {}),
        (Action.SLATE, {Field.SLATE: "perhaps"}),
        (Action.LOCK, {}),
    ],
)
def test_what_no_form_can_hold(action: Action, entries: Entries) -> None:
    with pytest.raises(ValueError, match=r".+"):
        drafted(THREE, Filled(action, entries))


def test_two_changes_have_two_digests() -> None:
    texts = ("a", "-a", "b", "a, b", "b, a", '"a"')
    drafts = [drafted(THREE, Filled(Action.ORDER, {Field.ORDER: one})) for one in texts]
    digests = [one.digest for one in drafts]
    assert len(set(digests)) == 5
    assert digests[0] == digests[-1]


def test_only_typed_text_can_be_submitted_without_its_preview() -> None:
    typed = {one for one in FIELDS if drafted(THREE, Filled(one)).is_typed}
    assert typed == {Action.ORDER, Action.CHANNELS, Action.OWNERS}


AGAIN: list[tuple[Action, Change]] = [
    (Action.CONFIGURE, Configure(Mode.FLAT)),
    (Action.CONFIGURE, Configure(Mode.PRIORITIZED, True)),
    (Action.ACTIVATE, Activate("s2")),
    (Action.SLATE, Slate(True)),
    (Action.ORDER, Order((("s2", False), ("s1", True)))),
    (Action.CHANNELS, Channels(("c 1", "c,2"), ("c3",))),
    (Action.OWNERS, Owners((), ("o1",))),
]


@pytest.mark.parametrize(("action", "change"), AGAIN)
def test_what_was_asked_for_before_is_asked_for_again(action: Action, change: Change) -> None:
    entries = started(group(), action, change)
    assert drafted(group(), Filled(action, entries)).change == change


def test_what_was_left_as_it_is_is_filled_in_as_it_is() -> None:
    entries = started(failback(), Action.CONFIGURE, Configure(auto_failback=False))
    assert entries == {Field.MODE: Mode.PRIORITIZED, Field.FAILBACK: "off"}


def test_what_no_form_can_ask_for_fills_in_nothing() -> None:
    assert started(group(), Action.CONFIGURE, Restore(group(), active=False)) == {}


@given(st.sampled_from([Action.ORDER, Action.CHANNELS, Action.OWNERS]), st.text())
def test_any_text_is_a_change_or_a_fault(action: Action, text: str) -> None:
    draft = drafted(THREE, Filled(action, {FIELDS[action][0]: text}))
    assert (draft.change is None) == bool(draft.faults)
