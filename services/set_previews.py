"""Sets of changes before they are made: which groups are meant, and what would become of each."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from failover.consequences import foresee
from failover.lifecycle import Record, Request, State, Why
from failover.model import FailoverGroup, Reading, fingerprint
from failover.sets import (
    MOST,
    GroupSet,
    Member,
    Row,
    SetPicture,
    hits,
)
from services.access import Span
from services.desk import Desk
from services.groups import Groups, Listing
from services.guard import AlreadySo, Blocked, Guard, Target, ruled
from services.ports import SetStore
from services.previews import Previews

JUDGE_SECONDS = 4.0
"""For all the user groups that have to be looked up for one preview."""


@dataclass(frozen=True, slots=True)
class TooMany:
    """A pattern that hits more groups than a set may have: so many."""

    count: int


class SetPreviews:
    """Checks each group that a pattern hits, as a preview of it alone would; changes nothing."""

    def __init__(
        self, store: SetStore, previews: Previews, guard: Guard, groups: Groups, desk: Desk
    ) -> None:
        """``previews`` knows what takes a single change back."""
        self._store = store
        self._previews = previews
        self._guard = guard
        self._groups = groups
        self._desk = desk

    def show(self, asked: Request) -> SetPicture | TooMany | Request:
        """The set that a pattern stands for, or the single change: as asked where it hits none.

        Reads the list of groups. Raises UplynkError and LedgerUnavailable.
        """
        listing = self._read()
        found = _meant(asked, listing)
        if not isinstance(found, tuple):
            return found
        wanted = [(group, replace(asked, group=group.id)) for group in found]
        return self._draft(asked, wanted, listing, None)

    def at_once(self, asked: Request) -> GroupSet | TooMany | Request | None:
        """The set that a pattern stands for, from memory alone and not stored, without a look.

        Every group is a member; each is checked at its turn. The single change as with ``show``;
        None: no list of groups is remembered.
        """
        listing = self._groups.known()
        if listing is None:
            return None
        found = _meant(asked, listing)
        if not isinstance(found, tuple):
            return found
        members = tuple(Member(one.id, one.name, asked.change) for one in found)
        return GroupSet(self._desk.new_id(), asked, members)

    def undone(self, set_id: str, press: Request) -> SetPicture | None:
        """The set that takes back what a set did, the last of it first.

        None: there is no such set, or nothing of it can be taken back. Raises UplynkError and
        LedgerUnavailable.
        """
        known = self._store.get(set_id)
        if known is None:
            return None
        done = [one for one in self._store.records(known) if one.state is State.VERIFIED]
        listing = self._read()
        reason = press.reason or f"undo of set {set_id[:8]}"
        wanted = []
        for record in reversed(done):
            back = self._previews.undone(record.id, replace(press, reason=reason))
            group = listing.by_id.get(record.group_id or "", record.after)
            if back is not None and group is not None:
                wanted.append((group, back))
        asked = replace(press, group=known.request.group, reason=reason)
        return self._draft(asked, wanted, listing, set_id) if wanted else None

    def known(self, name: str) -> GroupSet | None:
        """A set as it stands, by its ID or by the key of its request. Raises LedgerUnavailable."""
        return self._store.get(name)

    def cancel(self, set_id: str) -> GroupSet | None:
        """Put a preview aside, for good; the set as it then stands. Raises LedgerUnavailable."""
        return self._store.cancel(set_id)

    def _read(self) -> Listing:
        listing = self._groups.anew()
        if listing.problem is not None:
            raise listing.problem
        return listing

    def _draft(
        self,
        asked: Request,
        wanted: Sequence[tuple[FailoverGroup, Request]],
        listing: Listing,
        undoes: str | None,
    ) -> SetPicture:
        now = self._desk.clock()
        span = Span(now, now + timedelta(seconds=JUDGE_SECONDS))
        rows = tuple(self._row(group, request, listing, span) for group, request in wanted)
        members = tuple(
            Member(row.group.id, row.group.name, row.change, fingerprint(row.group))
            for row in rows
            if row.taken
        )
        set_id = self._desk.new_id()
        # A command that is delivered twice is shown twice; only what is taken on must be unique.
        draft = GroupSet(set_id, replace(asked, key=f"shown:{set_id}"), members, undoes=undoes)
        refused = [
            self._refused(draft, row, request)
            for row, (_, request) in zip(rows, wanted, strict=True)
            if row.why is not None
        ]
        shown = [row.group for row in rows if row.taken]
        self._store.draft(draft, refused, shown)
        return SetPicture(draft, rows, listing.read_at, self._desk.clock())

    def _row(self, group: FailoverGroup, request: Request, listing: Listing, span: Span) -> Row:
        change = request.change
        if group.id not in listing.by_id:
            return Row(group, change, why=Why.GONE)
        verdict = self._guard.judge(request, Reading(group, listing.read_at), span)
        if isinstance(verdict, AlreadySo):
            return Row(group, change, already=True)
        if isinstance(verdict, Blocked):
            return Row(group, change, why=verdict.why, facts=verdict.facts)
        if verdict.asks is not None:
            # Whoever has to agree is asked about one change, not about a part of several.
            return Row(group, change, why=Why.RULE, facts=ruled(verdict.asks))
        foreseen = foresee(group, change, self._desk.clock())
        return Row(group, change, foreseen, overridden=verdict.overridden)

    def _refused(self, draft: GroupSet, row: Row, request: Request) -> Record:
        assert row.why is not None
        member = Member(row.group.id, row.group.name, row.change)
        asked = replace(draft.asks(member, request.received_at), seen=request.seen)
        target = Target(row.group.id, row.group.name)
        return self._desk.stopped(
            self._desk.open(asked), Blocked(row.why, target, row.group, row.facts)
        )


def _meant(asked: Request, listing: Listing) -> tuple[FailoverGroup, ...] | TooMany | Request:
    found = hits(asked.group, listing.groups)
    if len(found) > MOST:
        return TooMany(len(found))
    if len(found) > 1:
        return found
    return replace(asked, group=found[0].id) if found else asked
