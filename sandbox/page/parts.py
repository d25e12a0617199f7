"""What the page shows, in parts: each under a key, as JSON text that is kept while it holds."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

Json: TypeAlias = Any
"""Whatever ``json.dumps`` takes."""

Texts: TypeAlias = Mapping[str, str]
"""By key: the value as JSON text."""

Drawn: TypeAlias = dict[str, tuple[tuple[object, ...], str]]
"""By key: the values that a text was drawn from, and the text."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part: ``draw`` makes its value, which depends on nothing but ``sources``.

    Sources are frozen values: the comparison is quick where they are the very same objects.
    """

    key: str
    sources: tuple[object, ...]
    draw: Callable[[], Json]


def as_text(value: Json) -> str:
    """JSON on one line."""
    return json.dumps(value, separators=(",", ":"))


def redrawn(before: Drawn, parts: Iterable[Part]) -> Drawn:
    """The parts as text; what was drawn ``before`` from equal sources is taken over."""
    drawn: Drawn = {}
    for part in parts:
        known = before.get(part.key)
        if known is None or known[0] != part.sources:
            known = (part.sources, as_text(part.draw()))
        drawn[part.key] = known
    return drawn


def texts_of(drawn: Drawn) -> dict[str, str]:
    """Just the texts."""
    return {key: text for key, (_, text) in drawn.items()}


def difference(before: Texts | None, now: Texts) -> str | None:
    """The batch that leads from one state to the other; None where they are the same.

    ``before`` None asks for everything.
    """
    known = before or {}
    changed = [f"{as_text(key)}:{text}" for key, text in now.items() if known.get(key) != text]
    gone = [key for key in known if key not in now]
    if before is not None and not changed and not gone:
        return None
    everything = as_text(before is None)
    return f'{{"all":{everything},"set":{{{",".join(changed)}}},"gone":{as_text(gone)}}}'
