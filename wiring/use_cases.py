"""Hands the services what they work with."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from blocks.home import home
from blocks.set_form import progress_view
from blocks.sets import progress
from ops.alarm import Alarm
from ops.metrics import Metrics
from ops.work import Bell, Pool, Stopper
from services import Services
from services.access import Access
from services.approvals import Approvals
from services.attempts import Attempts
from services.change_service import ChangeService
from services.clocks import Clocks
from services.desk import Desk
from services.groups import Groups
from services.guard import Guard
from services.health import Health
from services.home_pictures import HomePictures
from services.homes import Hands, Homes
from services.measures import Measures
from services.overview import Overview
from services.pace import Pace
from services.picks import Picks
from services.policy_file import PolicyFile
from services.ports import Uplynk
from services.previews import Previews
from services.runner import Runner
from services.set_previews import SetPreviews
from services.set_runner import Means, SetRunner
from services.set_stops import SetStops
from services.set_telling import SetTelling
from services.settling import Settling
from settings import Settings
from store.audit import AuditTrail
from store.changes import ChangeLedger
from store.engine import Database
from store.forces import ForceStore
from store.instances import InstanceRow
from store.sets import SetBox
from workspace.client import PooledWebClient
from workspace.messenger import SlackMessenger
from workspace.screen import SlackScreen
from workspace.user_groups import SlackUserGroups


def utc_now() -> datetime:
    """The time, UTC."""
    return datetime.now(UTC)


def new_id() -> str:
    """128 random bits as 32 hex digits."""
    return secrets.token_hex(16)


@dataclass(frozen=True, slots=True)
class Outside:
    """What reaches beyond the process.

    ``instance`` says to the database which process it is; ``closing`` is called at the end, in this
    order.
    """

    database: Database
    instance: InstanceRow
    ledger: ChangeLedger
    sets: SetBox
    client: PooledWebClient
    uplynk: Uplynk
    messenger: SlackMessenger
    metrics: Metrics
    health: Health
    clocks: Clocks
    closing: tuple[Callable[[], None], ...]


@dataclass(frozen=True, slots=True)
class Clockwork:
    """How long things may take, and the threads that do them."""

    pace: Pace
    stopper: Stopper
    alarm: Alarm
    at_home: Bell
    doors: Pool
    people: Pool
    changes: Pool


def pace_of(settings: Settings) -> Pace:
    """How long each part of a change may take, as far as that can be set."""
    return Pace(
        settle=settings.settle_seconds,
        look=settings.look_seconds,
        resume=settings.resume_seconds,
    )


def services_of(
    settings: Settings, policy: PolicyFile, outside: Outside, clockwork: Clockwork
) -> Services:
    """Every service, made of what reaches outside and of the threads; nothing runs yet."""
    ledger, uplynk, pace = outside.ledger, outside.uplynk, clockwork.pace
    groups = Groups(uplynk, utc_now, settings.groups_cache_seconds)
    members, kept = SlackUserGroups(outside.client), settings.usergroups_cache_seconds
    access = Access(policy.current, members, utc_now, kept)
    desk = Desk(utc_now, new_id)
    forces = ForceStore(outside.database, ledger)
    guard = Guard(access, groups, ledger, forces, utc_now)
    settling = Settling(groups, clockwork.stopper, pace)
    measures = Measures(ledger, forces, guard, access, desk)
    changes = ChangeService(ledger, guard, measures, uplynk, settling)
    runner = Runner(changes, ledger, clockwork.changes, outside.messenger, desk)
    overview, screen = Overview(groups, access, ledger, utc_now), SlackScreen(outside.client)
    pictures = HomePictures(overview, groups, ledger, forces)
    hands = Hands(clockwork.doors, clockwork.people, clockwork.at_home.ring)
    previews = Previews(ledger, ledger, guard, desk, pace.guard)
    sets = outside.sets
    set_previews = SetPreviews(sets, previews, guard, groups, measures)
    telling = SetTelling(screen, progress, clockwork.stopper, progress_view)
    means = Means(clockwork.changes, clockwork.stopper, pace, desk)
    return Services(
        access=access,
        changes=changes,
        runner=runner,
        approvals=Approvals(ledger, access, runner, desk),
        attempts=Attempts(AuditTrail(outside.database, utc_now), clockwork.people),
        previews=previews,
        picks=Picks(groups, overview, set_previews),
        set_previews=set_previews,
        set_runner=SetRunner(sets, ledger, runner, telling, means),
        set_stops=SetStops(sets, ledger, access, desk),
        overview=overview,
        homes=Homes(pictures, screen, home, hands, clockwork.stopper),
        screen=screen,
        doors=clockwork.doors,
        work=clockwork.people,
        later=clockwork.alarm.after,
        new_id=new_id,
        slack_clock=outside.client.now,
        trouble=outside.health.trouble,
        meters=outside.metrics,
    )
