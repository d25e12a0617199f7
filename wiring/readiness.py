"""What ``/readyz`` says: whether work may come, and how each part stands."""

from dataclasses import dataclass

from blocks.from_uplynk import troubled
from failover.errors import LedgerUnavailable
from failover.trouble import clock_off
from handlers.link import Link
from services.clocks import Clocks
from services.health import Health
from services.policy_file import PolicyFile
from services.runner import Recovery
from store.changes import ChangeLedger
from workspace.identity import Identity

OK = "ok"


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """Called for each look. ``link``: None where Slack reaches the bot over HTTP.

    An outage of Slack or of Uplynk is no reason to be taken out of service, nor is what their
    answers say of this host's clock: it is only told.
    """

    ledger: ChangeLedger
    recovery: Recovery
    identity: Identity
    policy: PolicyFile
    health: Health
    clocks: Clocks
    link: Link | None

    def __call__(self) -> tuple[bool, dict[str, str]]:
        """Whether work may come, and what there is to say of each part."""
        database = self._database()
        told = {
            "database": database,
            "recovery": "done" if self.recovery.done else "not done yet",
            "policy": self.policy.problem or OK,
            "slack": OK if self.identity.known else "has not said yet who the bot is",
            "uplynk": self._uplynk(),
            "clock": self._clock(),
        }
        if self.link is not None:
            told["slack link"] = self.link.standing()
        # Slack must have been asked who the bot is, whatever it said.
        ready = database == OK and self.recovery.done and self.identity.asked
        return ready, told

    def _database(self) -> str:
        try:
            self.ledger.probe()
        except LedgerUnavailable:
            return "takes no records"
        # The lease is renewed by a write every few seconds: on a full disk it runs out.
        return OK if self.ledger.term() is not None else "takes no records"

    def _uplynk(self) -> str:
        trouble = self.health.trouble()
        if trouble is not None:
            return troubled(trouble)
        return OK if self.health.asked else "not asked yet"

    def _clock(self) -> str:
        off = {whose: one for whose, one in self.clocks.ahead().items() if clock_off(one)}
        if not off:
            return OK
        told = (
            f"{abs(one):.0f} s {'ahead of' if one > 0 else 'behind'} {whose}'s"
            for whose, one in sorted(off.items())
        )
        return ", ".join(told) + ": set this host's clock"
