"""What is shown to people, put together before it is drawn."""

from dataclasses import dataclass
from datetime import datetime

from failover.change import Change
from failover.draft import Draft
from failover.errors import UplynkError
from failover.foresight import Consequence
from failover.model import FailoverGroup, Reading
from failover.roles import Action, Rule
from failover.rules import Refusal
from failover.standing import Answer


@dataclass(frozen=True, slots=True)
class FormPicture:
    """A chosen group in the form.

    ``mark`` is the fingerprint under which the group is remembered, ``draft`` what is chosen so
    far, ``offered`` what the person may do to it; ``access`` says why, where that is nothing.
    ``now`` is UTC. ``asks``: the protection for which other people have to agree first.
    """

    reading: Reading
    mark: str
    draft: Draft
    foreseen: tuple[Consequence, ...]
    offered: tuple[Action, ...]
    access: Answer
    now: datetime
    asks: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """A change that could be applied: its draft's ID, the group as it is, and what would follow.

    ``asks``: the protection for which other people have to agree first.
    """

    draft_id: str
    reading: Reading
    change: Change
    reason: str | None
    override: Rule | None
    foreseen: tuple[Consequence, ...]
    now: datetime
    asks: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A part of the groups that a filter leaves: ``total`` of them, from ``offset`` on.

    ``problem``: why a newer reading than that of ``read_at`` (UTC) could not be had.
    """

    groups: tuple[FailoverGroup, ...]
    offset: int
    total: int
    filter: str
    read_at: datetime
    now: datetime
    problem: UplynkError | None = None
