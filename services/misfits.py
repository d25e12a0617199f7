"""Why what was asked for meets no group, or does not fit the one it meets: JSON-ready facts."""

from typing import Any

from failover.change import Change, Inapplicable, unknown_slicers
from failover.lifecycle import Why
from failover.model import FailoverGroup
from failover.sets import asks_many, hits, is_pattern
from services.groups import Ambiguous, Listing, NoSuchGroup

NAMED = 5
"""So many groups that a pattern hits are named to whoever may name one only."""


def missed(
    found: NoSuchGroup | Ambiguous, change: Change, listing: Listing | None
) -> tuple[Why, dict[str, Any]]:
    """Why a word names no single group, and what has to be told of it.

    ``listing``: where the groups are looked up that a pattern hits.
    """
    if isinstance(found, Ambiguous):
        names = [[group.name, group.id] for group in found.candidates]
        return Why.AMBIGUOUS_GROUP, {"candidates": names}
    facts: dict[str, Any] = {"near": list(found.near)}
    if is_pattern(found.word):
        facts["pattern"] = True
        if not asks_many(found.word, change):
            hit = () if listing is None else hits(found.word, listing.groups)
            facts |= {"hits": len(hit), "hit": [one.name for one in hit[:NAMED]]}
    return Why.NO_SUCH_GROUP, facts


def misfit(group: FailoverGroup, change: Change, reason: Inapplicable) -> dict[str, Any]:
    """What has to be told of a change that makes no sense for a group as it is."""
    facts: dict[str, Any] = {"code": reason.value}
    if reason is Inapplicable.UNKNOWN_SLICERS:
        facts["slicers"] = list(unknown_slicers(group, change))
        facts["known"] = [slicer.id for slicer in group.by_priority]
    return facts
