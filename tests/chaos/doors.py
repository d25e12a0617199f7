"""How the simulated Slack reaches several instances: each delivery goes to one that is up."""

import random
import threading

from sandbox.slack.moment import Moment
from sandbox.slack.payloads import Parcel
from sandbox.slack.signing import SignedRequest, Signer
from sandbox.slack.transport import Answer, HttpTransport


class Doors(HttpTransport):
    """A transport to as many addresses as are open, chosen at random for each delivery."""

    def __init__(self, signer: Signer, moment: Moment, chance: random.Random) -> None:
        self._sign = signer
        self._time = moment
        self._chance = chance
        self._open: dict[int, HttpTransport] = {}
        self._news = threading.Condition()

    def open(self, number: int, url: str) -> None:
        """Deliver to this instance, too."""
        with self._news:
            self._open[number] = HttpTransport(url, self._sign, self._time)
            self._news.notify_all()

    def shut(self, number: int) -> None:
        """Deliver to this instance no more."""
        with self._news:
            gone = self._open.pop(number, None)
        if gone is not None:
            gone.close()

    def wait(self, seconds: float) -> bool:
        """Until some door is open; False: none is, after so long."""
        with self._news:
            return self._news.wait_for(lambda: bool(self._open), seconds)

    def send(self, parcel: Parcel) -> Answer:
        """Sign, post and wait for the answer."""
        return self.post(self._sign.parcel(parcel))

    def post(self, request: SignedRequest) -> Answer:
        """Post a request to one that is up."""
        with self._news:
            chosen = self._chance.choice(list(self._open.values())) if self._open else None
        if chosen is None:
            return Answer(None, "", 0.0, error="refused", asked=request.headers)
        return chosen.post(request)

    def close(self) -> None:
        """Drop the idle connections."""
        with self._news:
            for one in self._open.values():
                one.close()
