"""Delivers parcels over whichever way the bot is reached, applies the answer, keeps the record."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace

from sandbox.papers import Papers
from sandbox.slack.effects import Outcome, settle
from sandbox.slack.model import Delivery, Json
from sandbox.slack.payloads import Parcel, ParcelKind
from sandbox.slack.signing import SignedRequest
from sandbox.slack.socket import RETRY_NUMBER, RETRY_REASON, SocketHub
from sandbox.slack.transport import Answer, HttpTransport, Transport
from sandbox.slack.world import SlackWorld


class PostOffice:
    """Socket Mode until an HTTP address is given; the same parcels either way."""

    def __init__(self, world: SlackWorld, hub: SocketHub) -> None:
        self._world = world
        self._hub = hub
        self._sent: dict[int, Parcel] = {}
        self.http: HttpTransport | None = None

    @property
    def transport(self) -> Transport:
        """The way in use."""
        return self.http or self._hub

    def deliver(self, parcel: Parcel) -> Delivery:
        """Send, wait at most 3 s, apply the answer."""
        parcel = replace(parcel, envelope_id=parcel.envelope_id or self._new_envelope_id())
        with self._world.changed:
            self._world.actors |= {parcel.person} - {""}
        answer = self.transport.send(parcel)
        outcome = settle(self._world, parcel, answer)
        return self._record(parcel, answer, outcome)

    def deliver_again(self, delivery: Delivery) -> Delivery:
        """The same parcel once more: same ids, same envelope, freshly signed.

        Slack does not say that it repeats commands and interactions; it does repeat events.
        """
        return self.deliver(self._sent[delivery.number])

    def deliver_changed(self, delivery: Delivery, change: Callable[[Json], Json]) -> Delivery:
        """The parcel of ``delivery`` with a changed payload, rightly signed, under a new envelope.

        ``change`` gets a deep copy and returns what to send.
        """
        parcel = self._sent[delivery.number]
        payload = change(copy.deepcopy(parcel.payload))
        return self.deliver(replace(parcel, payload=payload, envelope_id=""))

    def retry(self, delivery: Delivery, number: int = 1, reason: str = "http_timeout") -> Delivery:
        """An event repeated as the Events API does, with its retry headers."""
        headers = {RETRY_NUMBER: str(number), RETRY_REASON: reason}
        return self.deliver(replace(self._sent[delivery.number], headers=headers))

    def parcel_of(self, delivery: Delivery) -> Parcel:
        """What was delivered, for forging variants of it."""
        return self._sent[delivery.number]

    def post_raw(self, request: SignedRequest, kind: str = "raw") -> Delivery:
        """Post a request as it is over HTTP; its answer has no effect in the workspace."""
        if self.http is None:
            raise RuntimeError("raw requests need deliver_to(url)")
        answer = self.http.post(request)
        parcel = Parcel(ParcelKind.EVENT, kind, "", {"headers": dict(request.headers)})
        return self._record(parcel, answer, Outcome(detail=answer.error))

    def probe(self, body: Json) -> Delivery:
        """A signed JSON request outside ``event_callback``, such as ``url_verification``."""
        return self.deliver(Parcel(ParcelKind.EVENT, str(body["type"]), "", body))

    def _new_envelope_id(self) -> str:
        return self._world.moment.next_id("envelope-")

    def _record(self, parcel: Parcel, answer: Answer, outcome: Outcome) -> Delivery:
        draft = Delivery(
            number=0,
            kind=parcel.name,
            person=parcel.person,
            transport=self.transport.name,
            request=parcel.payload,
            status=answer.status,
            body=answer.body,
            seconds=answer.seconds,
            in_time=answer.in_time,
            failure=outcome.failure,
            detail=outcome.detail,
            shown=outcome.shown,
            at=self._world.moment.now(),
        )
        papers = Papers(answer.asked, b"", answer.answered)
        delivery = self._world.journal.add_delivery(draft, papers)
        self._sent[delivery.number] = parcel
        return delivery
