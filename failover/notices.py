"""The messages that tell of a change, as the outbox keeps them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeAlias


class Kind(StrEnum):
    """The two messages that tell of a change: the card in the channel, the private answer."""

    CARD = "card"
    ANSWER = "answer"


OVERDUE_AFTER = timedelta(hours=24)
"""For so long an outage of Slack is waited out in silence."""

Tell: TypeAlias = Mapping[Kind, datetime]
"""Which messages shall tell of a record, and from when on."""


OVERDUE_AFTER = timedelta(hours=24)
"""For so long a message is tried as often as it makes sense; then it is shown as overdue."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A message that is due: ``posting_since`` is set once a first post may have gone out.

    ``address`` is what the messenger returned for the first post; None before. ``wanted_at``: since
    when there has been something to tell that is not told. ``mine``: whoever reads it has
    claimed it already.
    """

    id: int
    change_id: str
    kind: Kind
    due_at: datetime
    attempts: int
    posting_since: datetime | None
    address: str | None
    wanted_at: datetime
    mine: bool = False


@dataclass(frozen=True, slots=True)
class Backlog:
    """The messages that should have gone out by now and have not.

    ``oldest_due``: since when (UTC) the one has waited that waits longest, None where none does.
    ``overdue``: how many have waited for more than ``OVERDUE_AFTER``.
    """

    count: int
    oldest_due: datetime | None
    overdue: int
