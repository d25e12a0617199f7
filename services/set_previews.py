"""Sets of changes before they are made: which groups are meant, and what would become of each."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from failover.consequences import foresee
from failover.lifecycle import Record, Request, State, Why
from failover.measures import Lock, Unlock
from failover.model import FailoverGroup, Reading, fingerprint
from failover.restore import Restore
from failover.sets import (
    MOST,
    GroupSet,
    Member,
    Row,
    SetPicture,
    hits,
)
from services.access import Span
from services.groups import Groups, Listing
from services.guard import AlreadySo, Blocked, Guard, Target, ruled
from services.measures import Measures
from services.previews import Previews
from services.set_store import SetStore

JUDGE_SECONDS = 4.0
"""For all the user groups that have to be looked up for one preview."""


@dataclass(frozen=True, slots=True)
class TooMany:
    """A pattern that hits more groups than a set may have: so many."""

    count: int


@dataclass(frozen=True, slots=True)
class Hits:
    """The groups that a pattern hits, of all there are, where they make no set."""

    pattern: str
    groups: tuple[FailoverGroup, ...]
    listed: tuple[FailoverGroup, ...]


class SetPreviews:
    """Checks each group that a pattern hits, as a preview of it alone would; changes nothing."""

    def __init__(
        self, store: SetStore, previews: Previews, guard: Guard, groups: Groups, measures: Measures
    ) -> None:
        """``previews`` knows what takes a single change back; ``measures`` brings the desk."""
        self._store = store
        self._previews = previews
        self._guard = guard
        self._groups = groups
        self._measures = measures
        self._desk = measures.desk

    def show(self, asked: Request) -> SetPicture | TooMany | Request:
        """The set that a pattern stands for, or the single change: as asked where it hits none.

        A lock of a single group has no preview of its own, so that it is shown as a set, too. Reads
        the list of groups. Raises UplynkError and LedgerUnavailable.
        """
        listing = self.read()
        found = hits(asked.group, listing.groups)
        if len(found) > MOST:
            return TooMany(len(found))
        if not found:
            return asked
        if len(found) == 1 and not isinstance(asked.change, Lock | Unlock):
            return replace(asked, group=found[0].id)
        wanted = [(group, replace(asked, group=group.id)) for group in found]
        return self._draft(asked, Wanted(wanted), listing)

    def at_once(self, asked: Request) -> GroupSet | TooMany | Request | None:
        """The set that a pattern stands for, from memory alone and not stored, without a look.

        Every group is a member; each is checked at its turn. The single change as with ``show``;
        None: no list of groups is remembered.
        """
        listing = self._groups.known()
        if listing is None:
            return None
        found = hits(asked.group, listing.groups)
        if len(found) > MOST:
            return TooMany(len(found))
        if len(found) < 2:
            return replace(asked, group=found[0].id) if found else asked
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
        listing = self.read()
        reason = press.reason or f"undo of set {set_id[:8]}"
        wanted = []
        for record in reversed(done):
            back = self._previews.undone(record.id, replace(press, reason=reason))
            group = listing.by_id.get(record.group_id or "", record.after)
            if back is not None and group is not None:
                wanted.append((group, back))
        asked = replace(press, group=known.request.group, reason=reason)
        return self._draft(asked, Wanted(wanted, undoes=set_id), listing) if wanted else None

    def backs(self, asked: Request) -> SetPicture | TooMany | Hits:
        """The set that takes back the last change of each group that a pattern hits, newest first.

        The groups themselves, where there are not several, or nothing of them can be taken back.
        Reads the list of groups. Raises UplynkError and LedgerUnavailable.
        """
        listing = self.read()
        found = self._changed(asked, listing)
        if isinstance(found, TooMany | Hits):
            return found
        request = replace(asked, change=found.changes[0][1].change, reason=_reason(asked))
        return self._draft(request, found, listing)

    def backs_at_once(self, asked: Request) -> GroupSet | TooMany | Hits | None:
        """The same set from memory alone and not stored, without a look.

        None: no list of groups is remembered. Raises LedgerUnavailable.
        """
        listing = self._groups.known()
        if listing is None:
            return None
        found = self._changed(asked, listing)
        if isinstance(found, TooMany | Hits):
            return found
        members = tuple(
            Member(one.id, one.name, back.change, back.seen) for one, back in found.changes
        )
        request = replace(asked, change=members[0].change, reason=_reason(asked))
        return GroupSet(self._desk.new_id(), request, members)

    def known(self, name: str) -> GroupSet | None:
        """A set as it stands, by its ID or by the key of its request. Raises LedgerUnavailable."""
        return self._store.get(name)

    def cancel(self, set_id: str) -> GroupSet | None:
        """Put a preview aside, for good; the set as it then stands. Raises LedgerUnavailable."""
        return self._store.cancel(set_id)

    def picked(
        self, asked: Request, groups: Sequence[FailoverGroup], listing: Listing
    ) -> SetPicture:
        """The set of groups that were picked from ``listing``, in their sequence.

        Raises LedgerUnavailable.
        """
        wanted = [(group, replace(asked, group=group.id)) for group in groups]
        return self._draft(asked, Wanted(wanted), listing)

    def read(self) -> Listing:
        """The list of groups as it is now. Raises UplynkError."""
        listing = self._groups.anew()
        if listing.problem is not None:
            raise listing.problem
        return listing

    def _changed(self, asked: Request, listing: Listing) -> "Wanted | TooMany | Hits":
        """What takes back the last change of each group that is meant, the last change first."""
        found = hits(asked.group, listing.groups)
        if len(found) > MOST:
            return TooMany(len(found))
        reason = _reason(asked)
        dated, untouched = [], []
        for group in found if len(found) > 1 else ():
            back = self._previews.last_undone(replace(asked, reason=reason), group.id)
            if back is None:
                untouched.append(group)
            else:
                dated.append((self._sent_at(back), group, back))
        if not dated:
            return Hits(asked.group, found, listing.groups)
        dated.sort(key=lambda one: one[0], reverse=True)
        return Wanted([(group, back) for _, group, back in dated], untouched)

    def _sent_at(self, back: Request) -> datetime:
        assert isinstance(back.change, Restore)
        record = self._previews.known(back.change.change_id)
        assert record is not None
        return record.sent_at or record.request.received_at

    def _draft(self, asked: Request, wanted: "Wanted", listing: Listing) -> SetPicture:
        now = self._desk.clock()
        span = Span(now, now + timedelta(seconds=JUDGE_SECONDS))
        rows = [self._row(group, request, listing, span) for group, request in wanted.changes]
        members = tuple(
            Member(row.group.id, row.group.name, row.change, _mark(row))
            for row in rows
            if row.taken
        )
        set_id = self._desk.new_id()
        # A command that is delivered twice is shown twice; only what is taken on must be unique.
        shown_as = replace(asked, key=f"shown:{set_id}")
        draft = GroupSet(set_id, shown_as, members, undoes=wanted.undoes)
        refused = []
        for place, (_, request) in enumerate(wanted.changes):
            if rows[place].why is not None:
                record = self._refused(draft, rows[place], request)
                rows[place] = replace(rows[place], seen=self._previews.shown(record))
                refused.append(record)
        self._store.draft(draft, refused, [row.group for row in rows if row.taken])
        rows += [Row(one, asked.change, untouched=True) for one in wanted.untouched]
        return SetPicture(draft, tuple(rows), listing.read_at, self._desk.clock())

    def _row(self, group: FailoverGroup, request: Request, listing: Listing, span: Span) -> Row:
        change = request.change
        if group.id not in listing.by_id:
            return Row(group, change, why=Why.GONE)
        if isinstance(change, Lock | Unlock):
            met = self._measures.judge(request, group, span)
            if isinstance(met, Blocked):
                return Row(group, change, why=met.why, facts=met.facts)
            return Row(group, change, already=met.already)
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


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of each group of a set, in its sequence.

    ``untouched``: groups of which nothing can be taken back; ``undoes``: as in ``GroupSet``.
    """

    changes: Sequence[tuple[FailoverGroup, Request]]
    untouched: Sequence[FailoverGroup] = ()
    undoes: str | None = None


def _mark(row: Row) -> str | None:
    """Under which a group is looked at again; a lock is no less meant where the group has moved."""
    return None if isinstance(row.change, Lock | Unlock) else fingerprint(row.group)


def _reason(asked: Request) -> str:
    return asked.reason or f"undo by the pattern {asked.group}"
