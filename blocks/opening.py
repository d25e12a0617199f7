"""What a button opens the form with: a group, and an action where that is the natural next step."""

import json
from dataclasses import dataclass

from blocks.kit import OPTION_VALUE_LIMIT, neutral
from failover.change import Change
from failover.draft import FIELDS
from failover.model import FailoverGroup, Mode
from failover.roles import Action


@dataclass(frozen=True, slots=True)
class Opening:
    """``word``: the group by name or ID, None to choose one; ``choice``: what is chosen for the
    action to start with. ``again``: a change that was asked for before; no button carries that.
    """

    word: str | None = None
    action: Action | None = None
    choice: str | None = None
    again: Change | None = None

    @property
    def begin(self) -> str | Change | None:
        """What the inputs start with."""
        return self.choice if self.again is None else self.again

    def write(self) -> str:
        """As a button's value: a group by itself stands there as it is."""
        if self.action is None:
            return self.word or "-"
        return json.dumps([self.word, self.action, self.choice], ensure_ascii=False)

    @classmethod
    def read(cls, value: str | None) -> "Opening":
        """From a button's value, or from what was typed: what ``write`` did not make is a group."""
        if value is None or value == "-":
            return cls()
        try:
            parts = json.loads(value)
        except (ValueError, RecursionError):
            return cls(value)
        match parts:
            case [str(word), Action.SLATE.value, "on" | "off" as choice]:
                return cls(word, Action.SLATE, choice)
            case [str(word), Action.ACTIVATE.value, str(choice)]:
                return cls(word, Action.ACTIVATE, choice)
            case [str(word), str(action), None] if action in FIELDS:
                return cls(word, Action(action))
            case _:
                return cls(value)


def next_step(group: FailoverGroup) -> tuple[str, Opening]:
    """What somebody who looks at a group will most likely do next: its button and what it opens."""
    if group.on_slate:
        return "End the slate\u2026", Opening(group.id, Action.SLATE, "off")
    first = group.eligible[0].id if group.eligible else None
    astray = first is not None and group.active_slicer_id not in (None, first)
    if astray and group.mode is Mode.PRIORITIZED and not group.auto_failback:
        assert first is not None
        if 0 < len(first) <= OPTION_VALUE_LIMIT:
            told = f"Activate {neutral(first, 50)}\u2026"
            return told, Opening(group.id, Action.ACTIVATE, first)
    return "Change\u2026", Opening(group.id)
