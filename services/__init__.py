"""What the bot does: use cases over the failover core and narrow ports, no vendor in sight."""

from dataclasses import dataclass

from services.access import Access
from services.approvals import Approvals
from services.change_service import ChangeService
from services.homes import Homes
from services.overview import Overview
from services.ports import Clock, Later, NewId, Screen, Work
from services.previews import Previews
from services.runner import Runner
from services.set_previews import SetPreviews
from services.set_runner import SetRunner


@dataclass(frozen=True, slots=True)
class Services:
    """Everything that a press in Slack can set in motion.

    ``doors`` opens forms, which must not wait behind anything; ``work`` carries what else people
    wait for; changes have a pool of their own behind ``runner``.
    ``slack_clock`` gives UTC as Slack's servers have it, to tell how old a press is.
    """

    access: Access
    changes: ChangeService
    runner: Runner
    approvals: Approvals
    previews: Previews
    set_previews: SetPreviews
    set_runner: SetRunner
    overview: Overview
    homes: Homes
    screen: Screen
    doors: Work
    work: Work
    later: Later
    new_id: NewId
    slack_clock: Clock
