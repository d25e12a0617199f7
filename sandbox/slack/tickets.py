"""Single-use trigger_ids and five-use response_urls, with their lifetimes.

Sources: page "handling user interaction" (3 s triggers; 5 uses within 30 min).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sandbox.slack.model import SlackError
from sandbox.slack.moment import Moment

TRIGGER_SECONDS = 3.0
RESPONSE_URL_SECONDS = 1800.0
RESPONSE_URL_USES = 5


@dataclass(frozen=True, slots=True)
class Trigger:
    """What a trigger_id is good for: one view for ``user``, until ``expires``."""

    id: str
    user: str
    expires: float
    view_id: str | None = None
    used: bool = False


@dataclass(frozen=True, slots=True)
class ResponseUrl:
    """Where the bot may answer a person later; ``source_ts`` is the message pressed on."""

    id: str
    user: str
    channel: str
    expires: float
    source_ts: str | None = None
    uses: int = 0


class Tickets:
    """All triggers and response_urls handed out; ``base`` is where the latter are served."""

    def __init__(self, moment: Moment) -> None:
        self._moment = moment
        self.triggers: dict[str, Trigger] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self.base = "http://127.0.0.1/response/"

    def new_trigger(self, user: str, view_id: str | None = None) -> str:
        """A trigger_id for ``user``; its 3 seconds start now."""
        with self._moment.changed:
            ident = f"{self._moment.next_number('trigger')}.{self._moment.next_ts()}"
            expires = self._moment.now() + TRIGGER_SECONDS
            self.triggers[ident] = Trigger(ident, user, expires, view_id)
            return ident

    def use_trigger(self, ident: str) -> Trigger:
        """Spend a trigger; raises ``SlackError`` when unknown, spent or too old."""
        with self._moment.changed:
            found = self.triggers.get(ident)
            if found is None:
                raise SlackError("invalid_trigger_id")
            if found.used:
                raise SlackError("exchanged_trigger_id")
            if self._moment.now() > found.expires:
                raise SlackError("expired_trigger_id")
            self.triggers[ident] = replace(found, used=True)
            return found

    def new_response_url(self, user: str, channel: str, source_ts: str | None = None) -> str:
        """The address of a new response_url, below ``base``."""
        with self._moment.changed:
            ident = self._moment.next_id("R")
            expires = self._moment.now() + RESPONSE_URL_SECONDS
            self.response_urls[ident] = ResponseUrl(ident, user, channel, expires, source_ts)
            return f"{self.base}{ident}"

    def use_response_url(self, ident: str) -> ResponseUrl:
        """Count one use; raises ``SlackError`` ``expired_url`` or ``used_url``."""
        with self._moment.changed:
            found = self.response_urls.get(ident)
            if found is None or self._moment.now() > found.expires:
                raise SlackError("expired_url")
            if found.uses >= RESPONSE_URL_USES:
                raise SlackError("used_url")
            self.response_urls[ident] = replace(found, uses=found.uses + 1)
            return found
