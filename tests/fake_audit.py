"""The audit record in memory, for attempts."""

from failover.audit import Attempt
from failover.errors import LedgerUnavailable


class FakeAudit:
    """Keeps the attempts that were noted; ``broken``: it takes none."""

    def __init__(self) -> None:
        self.attempts: list[Attempt] = []
        self.broken = False

    def note(self, attempt: Attempt) -> None:
        if self.broken:
            raise LedgerUnavailable("OperationalError")
        self.attempts.append(attempt)
