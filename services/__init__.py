"""What the bot does: use cases over the failover core and narrow ports, no vendor in sight."""

from collections.abc import Callable
from dataclasses import dataclass, field

from failover.trouble import Trouble
from services.access import Access
from services.approvals import Approvals
from services.attempts import Attempts
from services.change_service import ChangeService
from services.homes import Homes
from services.observing import Meters, Unmetered
from services.overview import Overview
from services.picks import Picks
from services.ports import Clock, Later, NewId, Screen, Work
from services.previews import Previews
from services.runner import Runner
from services.set_previews import SetPreviews
from services.set_runner import SetRunner
from services.set_stops import SetStops


def _none_known() -> Trouble | None:
    return None


@dataclass(frozen=True, slots=True)
class Services:
    """Everything that a press in Slack can set in motion.

    ``doors`` opens forms, which must not wait behind anything; ``work`` carries what else people
    wait for; changes have a pool of their own behind ``runner``.
    ``slack_clock`` gives UTC as Slack's servers have it, to tell how old a press is; ``meters``
    take what is counted; ``trouble``: how it stands with Uplynk, None where it answers.
    """

    access: Access
    changes: ChangeService
    runner: Runner
    approvals: Approvals
    attempts: Attempts
    previews: Previews
    picks: Picks
    set_previews: SetPreviews
    set_runner: SetRunner
    set_stops: SetStops
    overview: Overview
    homes: Homes
    screen: Screen
    doors: Work
    work: Work
    later: Later
    new_id: NewId
    slack_clock: Clock
    meters: Meters = field(default_factory=Unmetered)
    trouble: Callable[[], Trouble | None] = _none_known
