"""Groups picked one by one, or all that a part of a name hits: found, drawn, made into a set."""

from collections.abc import Sequence
from dataclasses import dataclass

from failover.change import needed
from failover.lifecycle import Actor, Request
from failover.model import FailoverGroup
from failover.picking import FOR_MANY, Matching, Pick, Picking, PickPicture, typed_part
from failover.sets import MOST, SetPicture
from failover.standing import Allowed, Answer
from services.groups import Groups, Listing, matching
from services.overview import Overview
from services.set_previews import SetPreviews, TooMany


@dataclass(frozen=True, slots=True)
class NoLonger:
    """These of the picked values stand for no group any more."""

    values: tuple[str, ...]


class Picks:
    """Reads for the form of several groups; stores nothing but the set that is shown."""

    def __init__(self, groups: Groups, overview: Overview, sets: SetPreviews) -> None:
        """``overview`` for what the person may do."""
        self._groups = groups
        self._overview = overview
        self._sets = sets

    def search(self, typed: str, limit: int) -> tuple[Pick, ...]:
        """What a type-ahead offers, from memory: first all that match, where a set may hold them.

        Empty while no listing is known.
        """
        listing = self._groups.known(fresh_only=False)
        if listing is None:
            return ()
        found, part = matching(listing, typed), typed.strip()
        several: tuple[Pick, ...] = ()
        if part and 1 < len(found) <= MOST:
            several = (Matching(part, len(found)),)
        return (*several, *found)[:limit]

    def picture(self, actor: Actor, picking: Picking) -> PickPicture | Answer:
        """The form as it is filled; why not, where the person may do none of this to any group.

        Reads the listing where none is known. Raises UplynkError.
        """
        answers = {action: self._overview.allowed(actor, action) for action in FOR_MANY}
        offered = tuple(one for one in FOR_MANY if isinstance(answers[one], Allowed))
        if not offered:
            return answers[FOR_MANY[0]]
        listing = self._overview.listing()
        found = (_pick(listing, value) for value in picking.values)
        return PickPicture(picking, tuple(one for one in found if one is not None), offered)

    def show(
        self, asked: Request, values: Sequence[str]
    ) -> SetPicture | TooMany | NoLonger | Answer:
        """The set of all that is picked, in that sequence, each group once.

        ``asked``: its group stands for no pattern. Why not, where the person may do this to no
        group at all. Reads the list of groups. Raises UplynkError and LedgerUnavailable.
        """
        may = self._overview.allowed(asked.actor, needed(asked.change))
        if not isinstance(may, Allowed):
            return may
        listing = self._sets.read()
        lost = tuple(one for one in values if not _meant(listing, one))
        if lost:
            return NoLonger(lost)
        found = {group.id: group for value in values for group in _meant(listing, value)}
        if len(found) > MOST:
            return TooMany(len(found))
        return self._sets.picked(asked, tuple(found.values()), listing)


def _pick(listing: Listing, value: str) -> Pick | None:
    part = typed_part(value)
    if part is None:
        return listing.by_id.get(value)
    found = matching(listing, part)
    return Matching(part, len(found)) if found else None


def _meant(listing: Listing, value: str) -> tuple[FailoverGroup, ...]:
    part = typed_part(value)
    if part is not None:
        return matching(listing, part)
    return (listing.by_id[value],) if value in listing.by_id else ()
