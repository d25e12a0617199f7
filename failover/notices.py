"""The messages that tell of a change, as the outbox keeps them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias


class Kind(StrEnum):
    """The two messages that tell of a change: the card in the channel, the private answer."""

    CARD = "card"
    ANSWER = "answer"


Tell: TypeAlias = Mapping[Kind, datetime]
"""Which messages shall tell of a record, and from when on."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A message that is due: ``posting_since`` is set once a first post may have gone out.

    ``address`` is what the messenger returned for the first post; None before.
    """

    id: int
    change_id: str
    kind: Kind
    due_at: datetime
    attempts: int
    posting_since: datetime | None
    address: str | None
