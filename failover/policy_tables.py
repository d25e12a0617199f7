"""The policy file's tables, read strictly: every fault is noted in one line, none stops it.

Each reader returns its ``default`` where it notes a fault; whoever reads looks at ``problems``
before trusting what was read.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TypeVar

from failover.policy_faults import KEYS, TOP, close, instead, kind_of, meant, shown

Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Table:
    """One table: what stands in it, its name for messages, and the list that collects faults."""

    kind: str
    place: str
    values: Mapping[str, object]
    problems: list[str]

    def fault(self, what: str) -> None:
        """Note one fault of this table."""
        self.problems.append(f"{self.place}: {what}")

    def refuse_unknown(self) -> None:
        """Note every key that has no business here, and where or what it was meant to be."""
        for key in self.values:
            if key not in KEYS[self.kind]:
                self.fault(f"unknown key {shown(key)}; {meant(str(key), self.kind)}")

    def has(self, key: str) -> bool:
        """Whether the key is there; where it is not, that is noted."""
        if key not in self.values:
            self.fault(f"`{key}` is missing")
        return key in self.values

    def text(self, key: str, default: str) -> str:
        """A text."""
        value = self.values.get(key, default)
        if isinstance(value, str):
            return value
        self.fault(f"`{key}` must be text, not {kind_of(value)}")
        return default

    def texts(self, key: str, default: tuple[str, ...]) -> tuple[str, ...]:
        """A list of at least one text, none of them blank."""
        value = self.values.get(key, list(default))
        if not isinstance(value, list):
            self.fault(f"`{key}` must be a list of texts, not {kind_of(value)}")
            return default
        for item in value:
            if not isinstance(item, str):
                self.fault(f"`{key}` must hold texts only, not {kind_of(item)}")
            elif not item.strip():
                self.fault(f"`{key}` holds an empty text")
        if not value and default:
            self.fault(f"`{key}` is empty, so this table would mean nothing")
        return tuple(item for item in value if isinstance(item, str))

    def ids(self, key: str, shape: re.Pattern[str], what: str) -> frozenset[str]:
        """A list of Slack IDs of one shape; absent or empty is the empty set."""
        found = self.texts(key, ())
        for item in found:
            if item.strip() and not shape.fullmatch(item):
                self.fault(f"`{key}` holds {shown(item)}, which is not {what}")
        return frozenset(found)

    def choice(self, key: str, choices: tuple[Choice, ...], default: Choice) -> Choice:
        """One of a closed set of words."""
        value = self.values.get(key, default.value)
        return self._one_of(key, value, choices) or default

    def choices(self, key: str, choices: tuple[Choice, ...]) -> frozenset[Choice]:
        """Some of a closed set of words; absent means all of them."""
        words = self.texts(key, tuple(choice.value for choice in choices))
        found = (self._one_of(key, word, choices) for word in words if word.strip())
        return frozenset(choice for choice in found if choice is not None)

    def _one_of(self, key: str, value: object, choices: tuple[Choice, ...]) -> Choice | None:
        for choice in choices:
            if value == choice.value:
                return choice
        known = [choice.value for choice in choices]
        got = shown(value) if isinstance(value, str) else kind_of(value)
        self.fault(f"`{key}` must be one of {', '.join(known)}, not {got}{close(value, known)}")
        return None

    def whole(self, key: str, default: int, *, most: int) -> int:
        """A whole number from 1 to ``most``; true and false are none."""
        value = self.values.get(key, default)
        if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= most:
            return value
        self.fault(f"`{key}` must be a whole number from 1 to {most}{instead(value, int)}")
        return default

    def number(self, key: str, default: float, *, most: int) -> float:
        """A number from 0 to ``most``, whole or not."""
        value = self.values.get(key, default)
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= most:
            return float(value)
        self.fault(f"`{key}` must be a number from 0 to {most}{instead(value, int, float)}")
        return default

    def moment(self, key: str) -> datetime | None:
        """A required date and time with its offset, as UTC; None where there is a fault."""
        if not self.has(key):
            return None
        value = self.values[key]
        if isinstance(value, datetime) and value.utcoffset() is not None:
            try:
                return value.astimezone(UTC)
            except OverflowError:
                self.fault(f"`{key}` is out of range")
                return None
        got = "one without offset" if isinstance(value, datetime) else kind_of(value)
        self.fault(f"`{key}` must be a date and time like 2026-12-31T22:00:00Z, not {got}")
        return None


def top(mapping: Mapping[str, object], origin: str, problems: list[str]) -> Table:
    """The file's top level as a table; ``origin`` is the file's name in messages."""
    return Table(TOP, origin, mapping, problems)


def each(root: Table, name: str) -> list[Table]:
    """The tables under ``[[name]]``, numbered from 1, unknown keys already noted."""
    kind = f"[[{name}]]"
    value = root.values.get(name, [])
    if not isinstance(value, list) or not all(isinstance(item, Mapping) for item in value):
        root.fault(f"`{name}` must be written as {kind}, once for each")
        return []
    places = (f"{root.place}: {kind} number {number}" for number in range(1, len(value) + 1))
    found = [
        Table(kind, place, item, root.problems) for place, item in zip(places, value, strict=True)
    ]
    for table in found:
        table.refuse_unknown()
    return found


def single(root: Table, name: str) -> Table:
    """The table ``[name]``, empty when absent, unknown keys already noted."""
    kind = f"[{name}]"
    value = root.values.get(name, {})
    if not isinstance(value, Mapping):
        root.fault(f"`{name}` must be written as {kind}, once")
        value = {}
    table = Table(kind, f"{root.place}: {kind}", value, root.problems)
    table.refuse_unknown()
    return table
