"""A change as it takes shape in the form: the action, what stands in its inputs, what that asks."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias

from failover.change import (
    Activate,
    Change,
    Channels,
    Configure,
    Inapplicable,
    Order,
    Owners,
    Slate,
    unknown_slicers,
)
from failover.intents import Problem
from failover.list_grammar import ITEMS_LIMIT, Kind
from failover.list_text import ids_lines, order_lines, ranking_lines, read_items, repeated
from failover.model import FailoverGroup, Mode
from failover.name_grammar import checked_id
from failover.roles import Action
from failover.words import CONTROL, MisreadError


class Field(StrEnum):
    """The inputs of the form."""

    MODE = "mode"
    FAILBACK = "failback"
    SLICER = "slicer"
    SLATE = "slate"
    ORDER = "order"
    ADD = "add"
    REMOVE = "remove"


FIELDS: Mapping[Action, tuple[Field, ...]] = MappingProxyType(
    {
        Action.CONFIGURE: (Field.MODE, Field.FAILBACK),
        Action.ACTIVATE: (Field.SLICER,),
        Action.SLATE: (Field.SLATE,),
        Action.ORDER: (Field.ORDER,),
        Action.CHANNELS: (Field.ADD, Field.REMOVE),
        Action.OWNERS: (Field.ADD, Field.REMOVE),
    }
)
"""What the form can do, in the sequence in which it is offered, and the inputs of each."""

TYPED = frozenset({Field.ORDER, Field.ADD, Field.REMOVE})
"""The inputs with a text, which Slack need not send before the form is submitted."""

Entries: TypeAlias = Mapping[Field, str]
"""What stands in the inputs: an option's value or a text; what is empty is not in it."""

_SLICERS = Kind("SLICER", Problem.MISSING_SLICER, signed=True)
_IDS = Kind("ID", Problem.MISSING_ID)


@dataclass(frozen=True, slots=True)
class Filled:
    """The action that a person has chosen, and its inputs; ``entries`` None: as they start."""

    action: Action
    entries: Entries | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with an input; ``names``: what it is about, as it was typed."""

    field: Field
    problem: Problem | Inapplicable
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """What the form asks for so far: a change, or None and what stands against it."""

    action: Action
    entries: Entries
    change: Change | None = None
    faults: tuple[Fault, ...] = ()

    @property
    def is_typed(self) -> bool:
        """Whether a person may submit it without its preview ever having been drawn."""
        return not TYPED.isdisjoint(FIELDS[self.action])

    @property
    def digest(self) -> str | None:
        """A few letters that tell two changes apart; None where there is no change."""
        if self.change is None:
            return None
        return hashlib.sha256(repr(self.change).encode()).hexdigest()[:16]


def started(group: FailoverGroup, action: Action, begin: str | Change | None = None) -> Entries:
    """What the inputs start with: the group as it is, or ``begin`` in the first of them.

    Where that is a change, with what it asked for.
    """
    match action:
        case _ if isinstance(begin, str):
            return {FIELDS[action][0]: begin}
        case _ if begin is not None:
            return refilled(group, begin)
        case Action.CONFIGURE:
            return {Field.MODE: group.mode, Field.FAILBACK: _on_off(group.auto_failback)}
        case Action.SLATE:
            return {Field.SLATE: _on_off(group.on_slate)}
        case Action.ORDER if group.slicers:
            return {Field.ORDER: order_lines(group)}
        case _:
            return {}


def refilled(group: FailoverGroup, change: Change) -> Entries:
    """What has to stand in the inputs to ask for a change again; empty where no form can."""
    match change:
        case Configure(mode, failback):
            held = group.auto_failback if failback is None else failback
            return {Field.MODE: mode or group.mode, Field.FAILBACK: _on_off(held)}
        case Activate(slicer_id):
            return {Field.SLICER: slicer_id}
        case Slate(on):
            return {Field.SLATE: _on_off(on)}
        case Order(ranking):
            return {Field.ORDER: ranking_lines(ranking)}
        case Channels(add, remove) | Owners(add, remove):
            lists = {Field.ADD: ids_lines(add), Field.REMOVE: ids_lines(remove)}
            return {field: text for field, text in lists.items() if text}
        case _:
            return {}


def drafted(group: FailoverGroup, filled: Filled) -> Draft:
    """What the form asks of ``group``.

    Raises ``ValueError`` for an action that no form has, and a value that no option has.
    """
    action = filled.action
    if action not in FIELDS:
        raise ValueError(f"no form has the action {action}")
    entries = started(group, action) if filled.entries is None else filled.entries
    asked = _asked(group, action, entries)
    if isinstance(asked, tuple):
        return Draft(action, entries, faults=asked)
    return Draft(action, entries, asked)


def _asked(group: FailoverGroup, action: Action, entries: Entries) -> Change | tuple[Fault, ...]:
    match action:
        case Action.CONFIGURE:
            return _configure(group, entries)
        case Action.SLATE:
            return Slate(_is_on(entries.get(Field.SLATE, "")))
        case Action.ACTIVATE:
            return _activate(group, entries)
        case Action.ORDER:
            return _order(group, entries)
        case _:
            return _members(action, entries)


def _configure(group: FailoverGroup, entries: Entries) -> Configure:
    mode = Mode(entries.get(Field.MODE, ""))
    wanted = entries.get(Field.FAILBACK)
    failback = None if wanted is None else _is_on(wanted)
    # In a flat group auto failback is no input: it stays as it is.
    return Configure(mode) if mode is Mode.FLAT else Configure(mode, failback)


def _activate(group: FailoverGroup, entries: Entries) -> Activate | tuple[Fault, ...]:
    slicer_id = entries.get(Field.SLICER)
    if slicer_id is None:
        return (Fault(Field.SLICER, Problem.MISSING_SLICER),)
    change = Activate(slicer_id, failback_off=group.auto_failback)
    unknown = unknown_slicers(group, change)
    return (Fault(Field.SLICER, Inapplicable.UNKNOWN_SLICERS, unknown),) if unknown else change


def _order(group: FailoverGroup, entries: Entries) -> Order | tuple[Fault, ...]:
    text = entries.get(Field.ORDER, "")
    try:
        items = read_items(text, _SLICERS)
    except MisreadError as misread:
        return (_misread(Field.ORDER, text, misread),)
    if not items:
        return (Fault(Field.ORDER, Problem.MISSING_SLICER),)
    change = Order(tuple((item.word.text, not item.minus) for item in items))
    unknown = tuple(dict.fromkeys(unknown_slicers(group, change)))
    twice = repeated([slicer_id for slicer_id, _ in change.ranking])
    found = ((Inapplicable.UNKNOWN_SLICERS, unknown), (Problem.REPEATED_ID, twice))
    return tuple(Fault(Field.ORDER, *one) for one in found if one[1]) or change


def _members(action: Action, entries: Entries) -> Channels | Owners | tuple[Fault, ...]:
    lists, faults = [], []
    for field in FIELDS[action]:
        read = _ids(field, entries.get(field, ""))
        if isinstance(read, Fault):
            faults.append(read)
        else:
            lists.append(read)
    if faults:
        return tuple(faults)
    add, remove = lists
    both = tuple(one for one in add if one in remove)
    if both:
        return (Fault(Field.REMOVE, Problem.CONTRADICTION, both),)
    if not add and not remove:
        return (Fault(Field.ADD, Problem.MISSING_ID),)
    return Channels(add, remove) if action is Action.CHANNELS else Owners(add, remove)


def _ids(field: Field, text: str) -> tuple[str, ...] | Fault:
    if CONTROL.search(text):
        return Fault(field, Problem.CONTROL_CHARACTER)
    try:
        found = [checked_id(item.word) for item in read_items(text, _IDS)]
    except MisreadError as misread:
        return _misread(field, text, misread)
    if twice := repeated(found):
        return Fault(field, Problem.REPEATED_ID, twice)
    if len(found) > ITEMS_LIMIT:
        return Fault(field, Problem.TOO_MANY_IDS)
    return tuple(found)


def _misread(field: Field, text: str, misread: MisreadError) -> Fault:
    start, end = misread.span
    if misread.problem is Problem.UNCLOSED_QUOTE:
        end = len(text)  # what it swallows says more than the mark itself
    return Fault(field, misread.problem, (text[start:end],))


def _on_off(value: bool) -> str:
    return "on" if value else "off"


def _is_on(value: str) -> bool:
    if value not in ("on", "off"):
        raise ValueError("neither on nor off")
    return value == "on"
