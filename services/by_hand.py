"""What the command line works with when somebody makes a change without Slack."""

from collections.abc import Callable
from dataclasses import dataclass

from failover.lifecycle import Record
from failover.notices import Kind
from services.change_service import ChangeService
from services.delivery import Delivery
from services.overview import Overview
from services.ports import NewId
from services.previews import Previews


@dataclass(frozen=True, slots=True)
class ByHand:
    """The use cases behind ``change``, ``undo`` and ``status`` at the terminal.

    ``host``: who is logged in where, as the record names it. ``announce`` tells the channel of a
    record, if Slack answers; whether nothing of it is left to tell.
    """

    changes: ChangeService
    previews: Previews
    overview: Overview
    new_id: NewId
    host: str
    announce: Callable[[Record], bool]


def announcing(delivery: Delivery, waits: Callable[[str, Kind], bool]) -> Callable[[Record], bool]:
    """One try at everything the channel has to be told; what it does not take stays stored.

    ``waits``: whether there is something left to tell of a change.
    """

    def announce(record: Record) -> bool:
        delivery.tick()
        return not waits(record.id, Kind.CARD)

    return announce
