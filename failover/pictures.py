"""What is shown to people, put together before it is drawn."""

from dataclasses import dataclass
from datetime import datetime

from failover.change import Configure
from failover.consequences import Consequence
from failover.errors import UplynkError
from failover.model import FailoverGroup, Reading
from failover.roles import Rule
from failover.standing import Answer


@dataclass(frozen=True, slots=True)
class FormPicture:
    """A chosen group in the form.

    ``mark`` is the fingerprint under which the group is remembered, ``draft`` what is chosen so
    far, ``access`` whether the person may change it; ``now`` is UTC.
    """

    reading: Reading
    mark: str
    draft: Configure
    foreseen: tuple[Consequence, ...]
    access: Answer
    now: datetime


@dataclass(frozen=True, slots=True)
class Preview:
    """A change that could be applied: its draft's ID, the group as it is, and what would follow."""

    draft_id: str
    reading: Reading
    change: Configure
    reason: str | None
    override: Rule | None
    foreseen: tuple[Consequence, ...]
    now: datetime


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
