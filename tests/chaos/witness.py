"""Stands at Uplynk's and at Slack's door and notes what comes: two of the three ledgers.

When a write reaches Uplynk the database is looked into before anything is applied: what intends
the write must be on disk by then.
"""

import json
import re
import threading
from collections.abc import Mapping

from sandbox.slack.model import ApiCall
from sandbox.slack.sample import AUDIT
from sandbox.slack.server import SlackSimulator
from sandbox.uplynk.exchange import Hook, Stage
from sandbox.uplynk.journal import RequestRecord
from sandbox.uplynk.server import UplynkSimulator

from .books import Books
from .ledgers import Card, Sent

CHANGE = re.compile(r"\bchange ([0-9a-f]{32})\b")
CARD = "failover_change"
PRIVATE = ("response_url", "views.update", "chat.postMessage")


class Witness:
    """Notes from construction on; ``also`` is told of each stage of each request to Uplynk."""

    def __init__(self, books: Books, uplynk: UplynkSimulator, slack: SlackSimulator) -> None:
        self._books = books
        self._uplynk = uplynk
        self._slack = slack
        self._lock = threading.Lock()
        self._holders: dict[int, tuple[str | None, int]] = {}
        self.also: Hook | None = None
        uplynk.hook = self._saw

    def sent(self) -> tuple[Sent, ...]:
        """Every write that reached Uplynk."""
        journal = self._uplynk.world.journal
        applied = {one.request for one in journal.writes()}
        with self._lock:
            holders = dict(self._holders)
        writes = (one for one in journal.requests() if one.method != "GET")
        return tuple(
            Sent(
                number=one.number,
                at=one.time,
                group_id=one.group_id or "",
                held_by=holders.get(one.number, (None, 0))[0],
                step=holders.get(one.number, (None, 0))[1],
                applied=one.number in applied,
                done=one.status is not None and 200 <= one.status < 300,
            )
            for one in writes
            if one.signature == "ok"
        )

    def cards(self) -> tuple[Card, ...]:
        """The channel's root messages that name a change, in their present version."""
        found = []
        for message in self._slack.channel(AUDIT).messages():
            metadata = message.metadata or {}
            if metadata.get("event_type") == CARD and message.thread_ts is None:
                change_id = str(metadata["event_payload"]["change_id"])
                found.append(Card(change_id, f"{message.text}\n{message.shown}"))
        return tuple(found)

    def answered(self) -> frozenset[str]:
        """The changes of which Slack has taken a private message."""
        found: set[str] = set()
        for call in self._calls(PRIVATE):
            if call.ok and call.arguments.get("channel") != AUDIT:
                found.update(CHANGE.findall(_told(call)))
        return frozenset(found)

    def once_unknown(self) -> frozenset[str]:
        """The changes of which the channel was told at some time that their outcome is unknown."""
        found: set[str] = set()
        for call in self._calls(("chat.postMessage", "chat.update")):
            told = _told(call)
            if call.ok and "outcome unknown" in told:
                found.update(CHANGE.findall(told))
        return frozenset(found)

    def _calls(self, methods: tuple[str, ...]) -> list[ApiCall]:
        return [one for one in self._slack.world.journal.calls() if one.method in methods]

    def _saw(self, stage: Stage, record: RequestRecord) -> None:
        if stage is Stage.ARRIVED and record.method != "GET":
            holder = self._books.holder(record.group_id)
            with self._lock:
                self._holders[record.number] = holder
        if self.also is not None:
            self.also(stage, record)


def _told(call: ApiCall) -> str:
    arguments: Mapping[str, object] = call.arguments
    return json.dumps(arguments, ensure_ascii=False, default=str)
