"""Why a write came to what it came to, as far as Uplynk's answer to it tells."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from failover.errors import (
    Conflict,
    Forbidden,
    GroupGone,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Unauthorized,
    UplynkError,
)
from failover.lifecycle import Record, Why
from services.settling import Look

REASONS: Mapping[type[UplynkError], Why] = MappingProxyType(
    {
        Rejected: Why.REJECTED,
        Unauthorized: Why.UNAUTHORIZED,
        Forbidden: Why.FORBIDDEN,
        GroupGone: Why.GONE,
        Conflict: Why.CONFLICT,
        RateLimited: Why.RATE_LIMITED,
    }
)


def explained(record: Record, look: Look) -> tuple[Why | None, dict[str, Any]]:
    """The reason, None where there is none to give, and the record's facts with those of it."""
    facts: dict[str, Any] = dict(record.facts)
    why = None
    if look.problem is not None:
        facts |= look.problem.facts()
        why = REASONS.get(type(look.problem))
        if not isinstance(look.problem, OutcomeUnknown):
            why = why or Why.UNREACHABLE
    if look.acknowledged:
        facts["acknowledged"] = True
    return why, facts
