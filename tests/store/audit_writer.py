"""Writes to an audit record, from a process of its own if need be."""

from failover.audit import Attempt, Doing
from store.audit import AuditTrail
from store.engine import Database
from tests.builders import START, VIEWER


def writes(url: str, instance: str, count: int) -> None:
    """Note so many attempts, each in a transaction of its own."""
    database = Database(url, instance)
    trail = AuditTrail(database, lambda: START)
    for number in range(count):
        trail.note(Attempt(VIEWER, Doing.LOOK, "role", details={"number": number}))
    database.close()
