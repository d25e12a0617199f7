"""Several groups picked in the form, and what is to become of them all.

What can be asked of any group is asked: settings that differ from group to group, such as an order
of slicers, are not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from failover.change import Change, Configure, Slate
from failover.model import FailoverGroup, Mode
from failover.roles import Action

KEEP = "keep"
"""Chosen for a setting that each group is to keep as it has it."""

FOR_MANY = (Action.CONFIGURE, Action.SLATE)
"""What several groups can be asked at once, in the sequence in which it is offered."""

_ALL = "all:"


@dataclass(frozen=True, slots=True)
class Matching:
    """All groups that a part of a name hits: so many when it was looked up."""

    typed: str
    count: int

    @property
    def value(self) -> str:
        """How it is written among the picked."""
        return f"{_ALL}{self.typed}"


Pick: TypeAlias = FailoverGroup | Matching


@dataclass(frozen=True, slots=True)
class Picking:
    """What is picked and chosen so far.

    ``values`` are group IDs and the ``value`` of each ``Matching``, in the sequence in which they
    were picked; the rest are the values of options.
    """

    values: tuple[str, ...] = ()
    action: Action = Action.CONFIGURE
    mode: str = KEEP
    failback: str = KEEP
    slate: str | None = None
    reason: str | None = None

    @classmethod
    def of(cls, values: Sequence[str], change: Change, reason: str | None) -> "Picking":
        """What asks for a change again; of what is not for many groups, the picked alone."""
        picked = tuple(values)
        match change:
            case Configure(mode, failback):
                chosen = KEEP if failback is None else _on_off(failback)
                return cls(picked, mode=mode or KEEP, failback=chosen, reason=reason)
            case Slate(on):
                return cls(picked, Action.SLATE, slate=_on_off(on), reason=reason)
            case _:
                return cls(picked, reason=reason)

    @property
    def change(self) -> Configure | Slate | None:
        """What is asked of each group; None: nothing yet.

        Raises ``ValueError`` for an action or a value that was not offered.
        """
        if self.action is Action.SLATE:
            return None if self.slate is None else Slate(_is_on(self.slate))
        if self.action is not Action.CONFIGURE:
            raise ValueError(f"not for several groups: {self.action}")
        mode = None if self.mode == KEEP else Mode(self.mode)
        # In flat groups auto failback is no input: it stays as it is.
        kept = self.failback == KEEP or mode is Mode.FLAT
        change = Configure(mode, None if kept else _is_on(self.failback))
        return None if change == Configure() else change


def typed_part(value: str) -> str | None:
    """The part of a name that a picked value stands for; None: it is a group's ID."""
    return value.removeprefix(_ALL) if value.startswith(_ALL) else None


@dataclass(frozen=True, slots=True)
class PickPicture:
    """Several groups in the form: ``picks`` are those of the values that are known.

    ``offered`` is what the person may do to groups at all.
    """

    picking: Picking
    picks: tuple[Pick, ...]
    offered: tuple[Action, ...]


def _on_off(value: bool) -> str:
    return "on" if value else "off"


def _is_on(value: str) -> bool:
    if value not in ("on", "off"):
        raise ValueError("neither on nor off")
    return value == "on"
