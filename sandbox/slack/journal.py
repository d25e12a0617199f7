"""The record of everything that went to and from the simulated Slack."""

from __future__ import annotations

from dataclasses import replace

from sandbox.papers import Papers, Shelf
from sandbox.slack.model import ApiCall, Delivery
from sandbox.slack.moment import Moment


class Journal:
    """Web API calls and deliveries, oldest first, with the connections they came on."""

    def __init__(self, moment: Moment) -> None:
        self._moment = moment
        self._calls: list[ApiCall] = []
        self._deliveries: list[Delivery] = []
        self._connections = 0
        self._call_papers = Shelf()
        self._delivery_papers = Shelf()

    @property
    def connections_opened(self) -> int:
        """How many connections clients have opened to the Web API so far."""
        with self._moment.changed:
            return self._connections

    def new_connection(self) -> int:
        """Number a connection just opened."""
        with self._moment.changed:
            self._connections += 1
            return self._connections

    def add_call(self, call: ApiCall, papers: Papers) -> None:
        """Write down an answered call; its number is given here."""
        with self._moment.changed:
            self._calls.append(replace(call, number=len(self._calls) + 1))
            self._call_papers.put(len(self._calls), papers)
            self._moment.changed.notify_all()

    def add_delivery(self, delivery: Delivery, papers: Papers) -> Delivery:
        """Write down a finished delivery; its number is given here."""
        with self._moment.changed:
            numbered = replace(delivery, number=len(self._deliveries) + 1)
            self._deliveries.append(numbered)
            self._delivery_papers.put(numbered.number, papers)
            self._moment.changed.notify_all()
            return numbered

    def calls(self, method: str | None = None) -> list[ApiCall]:
        """The calls, of one method if named."""
        with self._moment.changed:
            return [call for call in self._calls if method in (None, call.method)]

    def deliveries(self, kind: str | None = None) -> list[Delivery]:
        """The deliveries, of one kind if named."""
        with self._moment.changed:
            return [item for item in self._deliveries if kind in (None, item.kind)]

    def calls_after(self, number: int) -> list[ApiCall]:
        """The calls that came after the one of this number."""
        with self._moment.changed:
            return self._calls[number:]

    def deliveries_after(self, number: int) -> list[Delivery]:
        """The deliveries that came after the one of this number."""
        with self._moment.changed:
            return self._deliveries[number:]

    def papers_of(self, entry: ApiCall | Delivery) -> Papers:
        """What went over the wire for a call or a delivery, of the newest ones only."""
        with self._moment.changed:
            shelf = self._call_papers if isinstance(entry, ApiCall) else self._delivery_papers
            return shelf.get(entry.number)
