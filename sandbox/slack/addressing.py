"""Which element of a surface is meant: by both of its ids, or by what a person calls it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sandbox.slack.form import Field, fields
from sandbox.slack.model import Json


@dataclass(frozen=True, slots=True)
class Spot:
    """One element exactly, as a client knows it."""

    block_id: str
    action_id: str

    def __repr__(self) -> str:
        return f"{self.block_id}/{self.action_id}"


Ident = str | Spot
"""A spot, or loosely: an action_id, else a block_id or the label."""


def matching(blocks: Iterable[Json], ident: Ident) -> list[Field]:
    """The elements that are meant, in the order shown; not one of them where nothing fits."""
    everything = list(fields(blocks))
    if isinstance(ident, Spot):
        return [
            f for f in everything if (f.block_id, f.action_id) == (ident.block_id, ident.action_id)
        ]
    named = [f for f in everything if ident == f.action_id]
    return named or [f for f in everything if ident in (f.block_id, f.label)]
