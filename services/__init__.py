"""What the bot does: use cases over the failover core and narrow ports, no vendor in sight."""

from dataclasses import dataclass

from services.access import Access
from services.change_service import ChangeService
from services.overview import Overview
from services.ports import Later, NewId, Screen, Work
from services.previews import Previews
from services.runner import Runner


@dataclass(frozen=True, slots=True)
class Services:
    """Everything that a press in Slack can set in motion.

    ``work`` carries what people wait for; changes have a pool of their own behind ``runner``.
    """

    access: Access
    changes: ChangeService
    runner: Runner
    previews: Previews
    overview: Overview
    screen: Screen
    work: Work
    later: Later
    new_id: NewId
