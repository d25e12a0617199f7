"""One process of the bot among several on the same database."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An instance: ``name`` is for people (host:pid), ``identity`` says which process it is."""

    id: str
    name: str
    identity: str
