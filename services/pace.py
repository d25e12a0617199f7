"""How long each part of a change may take; every value in seconds."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pace:
    """The time budgets of a change.

    ``guard``: role and fresh read together; ``read``: one reading back. ``first_word``: from the
    start of the work to an outcome, if only "unknown". ``write``: the longest one write may hang.
    ``least``: with less left before the first word, no write is begun. ``settle``: how long after a
    write of unknown outcome a reading must still show the old state before "not applied" may be
    said. ``look``: how long an unknown outcome is looked into.
    ``interim``: after how long a person who waits is told that the work goes on. ``resume``: how
    old a request that a dead process left behind may be and still be carried out. ``card``: by how
    much the write goes before the card, so that drawing and posting it does not hold the write up.
    """

    guard: float = 8.0
    read: float = 5.0
    first_word: float = 13.5
    write: float = 12.0
    least: float = 3.0
    settle: float = 30.0
    look: float = 120.0
    interim: float = 1.5
    resume: float = 30.0
    card: float = 0.02
