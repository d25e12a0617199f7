"""Makes what reaches beyond the process, with those that count and watch it in between."""

import logging
import time
from collections.abc import Callable
from functools import partial

from failover.instances import Neighbour
from failover.lifecycle import Record
from failover.model import FailoverGroup
from failover.notices import Tell
from ops import process
from services.clocks import Clocks
from services.health import Health, WatchedUplynk
from services.observing import MeteredUplynk, Watch
from settings import Settings
from store.changes import ChangeLedger
from store.engine import Database
from store.instances import InstanceRow
from store.watched import WatchedLedger, WatchedSets
from wiring.clients import slack_client, uplynk_client
from wiring.use_cases import Outside, new_id, utc_now
from wiring.watching import instance_of, metrics
from workspace.messenger import SlackMessenger

log = logging.getLogger(__name__)


def outside_of(settings: Settings, announce: Callable[[Tell], None]) -> Outside:
    """Everything outside; ``announce`` is told, after each commit, which messages to send when.

    Raises LedgerUnavailable where the database can't be opened.
    """
    database = Database(settings.database_url.reveal(), instance_of(settings))
    database.create()
    instance = _instance(database, instance_of(settings))
    figures = metrics(settings, database, lambda: ledger)
    watch = Watch(figures)
    ledger = WatchedLedger(database, utc_now, announce, instance, watch.stored)
    clocks, health = Clocks(time.time, process.seconds), Health(utc_now, time.monotonic)
    client = slack_client(settings, clocks)
    uplynk = uplynk_client(settings, clocks)
    shown = partial(_shown, ledger)
    return Outside(
        database=database,
        instance=instance,
        ledger=ledger,
        sets=WatchedSets(database, utc_now, instance, watch.stored),
        client=client,
        uplynk=WatchedUplynk(MeteredUplynk(uplynk, figures), health, utc_now),
        messenger=SlackMessenger(client, settings.failover_channel, shown, utc_now),
        metrics=figures,
        health=health,
        clocks=clocks,
        closing=(uplynk.close, client.close, database.close),
    )


def _instance(database: Database, name: str) -> InstanceRow:
    own = Neighbour(new_id(), name, process.identity())
    log.info("this is instance %s, by name %s", own.id, own.name)
    return InstanceRow(database, own, process.seconds)


def _shown(ledger: ChangeLedger, record: Record) -> FailoverGroup | None:
    """The group as the person had seen it, where it is still remembered."""
    return None if record.request.seen is None else ledger.seen(record.request.seen)
