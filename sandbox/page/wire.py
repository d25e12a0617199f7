"""The wire log: what went to and from the bot, from both simulators' journals, as one list."""

import threading
from dataclasses import dataclass

from sandbox.page.letters import letter
from sandbox.page.mask import Mask
from sandbox.page.wire_words import of_call, of_delivery, of_request
from sandbox.rig import Rig
from sandbox.slack.model import ApiCall, Delivery, Json
from sandbox.uplynk.journal import RequestRecord

SHOWN = 200
_KEPT = 300

Entry = Delivery | ApiCall | RequestRecord


@dataclass(frozen=True, slots=True)
class _Row:
    """One entry of a journal and how it is shown."""

    entry: Entry
    drawn: Json


class Wire:
    """Reads on in the journals whenever it is asked; a number, once given, stays.

    Numbers are given in the order in which entries are found, the list is in the order of time:
    what took long is found late, and stands where it began.
    """

    def __init__(self, rig: Rig) -> None:
        """``rig``: the one whose journals are read."""
        self._rig = rig
        self._mask = Mask(rig.secrets())
        self._lock = threading.Lock()
        self._rows: dict[int, _Row] = {}
        self._listed: list[Json] = []
        self._last = 0
        self._deliveries = 0
        self._calls = 0
        self._requests = 0
        self._open: dict[int, int | None] = {}

    def rows(self) -> list[Json]:
        """The newest entries, oldest first."""
        with self._lock:
            if self._read_on():
                rows = sorted(
                    self._rows.values(), key=lambda row: (row.drawn["at"], row.drawn["n"])
                )
                self._listed = [row.drawn for row in rows[-SHOWN:]]
            return self._listed

    def detail(self, number: int) -> Json:
        """Both halves of an entry. KeyError where there is none, or none any more."""
        with self._lock:
            entry = self._rows[number].entry
        if isinstance(entry, RequestRecord):
            papers = self._rig.world.journal.papers_of(entry.number)
        else:
            papers = self._rig.slack_world.journal.papers_of(entry)
        return letter(entry, papers, self._mask)

    def _read_on(self) -> bool:
        """Take in what is new; whether there was anything."""
        found = [*self._new_slack(), *self._new_uplynk()]
        for entry in sorted(found, key=_began):
            self._last += 1
            self._put(self._last, entry)
        again = self._finished()
        for number in list(self._rows)[:-_KEPT]:
            del self._rows[number]
        return bool(found) or again

    def _new_slack(self) -> list[Entry]:
        journal = self._rig.slack_world.journal
        deliveries = journal.deliveries_after(self._deliveries)
        calls = journal.calls_after(self._calls)
        self._deliveries += len(deliveries)
        self._calls += len(calls)
        return [*deliveries, *calls]

    def _new_uplynk(self) -> list[Entry]:
        """Requests that have arrived; those not answered yet are looked at again."""
        journal = self._rig.world.journal
        newest = journal.last_request
        for number in range(self._requests + 1, newest + 1):
            self._open[number] = None
        self._requests = newest
        waiting = [number for number, row in self._open.items() if row is None]
        found = [record for number in waiting if (record := journal.request(number)) is not None]
        return list(found)

    def _finished(self) -> bool:
        journal, changed = self._rig.world.journal, False
        for number, row in list(self._open.items()):
            record = journal.request(number)
            if record is None or row is None:
                continue
            if row in self._rows and record != self._rows[row].entry:
                self._put(row, record)
                changed = True
            if record.done:
                del self._open[number]
        return changed

    def _put(self, row: int, entry: Entry) -> None:
        if isinstance(entry, RequestRecord):
            drawn = of_request(entry, self._rig.world)
            self._open[entry.number] = row
        elif isinstance(entry, Delivery):
            drawn = of_delivery(entry)
        else:
            drawn = of_call(entry, self._rig.slack_world)
        self._rows[row] = _Row(entry, self._mask.json({"n": row, "at": _began(entry)} | drawn))


def _began(entry: Entry) -> float:
    if isinstance(entry, RequestRecord):
        return entry.time
    spent = entry.seconds if isinstance(entry, Delivery) else entry.ms / 1000
    return entry.at - spent
