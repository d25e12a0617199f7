"""Typed changes before they are made: what would happen, and what the person then confirms."""

from dataclasses import replace

from failover.consequences import foresee
from failover.lifecycle import Record, Request, State, Why
from failover.model import FailoverGroup
from failover.notices import Kind
from failover.pictures import Preview
from failover.undo import left_by, taking_back
from services.desk import Desk
from services.guard import Blocked, Clear, Guard, Target
from services.ports import Archive, Ledger


class Previews:
    """Checks a request without making it; every attempt that is refused is recorded."""

    def __init__(
        self, ledger: Ledger, archive: Archive, guard: Guard, desk: Desk, within: float
    ) -> None:
        """``within``: seconds for reading the group."""
        self._ledger = ledger
        self._archive = archive
        self._guard = guard
        self._desk = desk
        self._within = within

    def show(self, request: Request) -> Preview | Record:
        """The preview, or the record of why there is none, which is told like any other.

        Raises LedgerUnavailable.
        """
        verdict = self._guard.check(request, live=False, within=self._within)
        if not isinstance(verdict, Clear):
            if isinstance(verdict, Blocked) and verdict.failed:
                # Nothing was confirmed yet, so nothing failed that others would have to know of.
                verdict = replace(verdict, failed=False)
            ended = self._desk.stopped(self._desk.open(request), verdict)
            known, _ = self._ledger.receive(ended, {Kind.ANSWER: self._desk.clock()})
            # Delivered twice, and the first time there was something to show.
            return ended if known.state is State.SHOWN else known
        group = verdict.reading.group
        self._ledger.keep(group)
        draft = replace(
            self._desk.open(request, State.SHOWN), group_id=group.id, group_name=group.name
        )
        draft, _ = self._ledger.receive(draft, {})
        now = self._desk.clock()
        foreseen = foresee(group, request.change, now)
        return Preview(
            draft_id=draft.id,
            reading=verdict.reading,
            change=request.change,
            reason=request.reason,
            override=request.override if verdict.overridden else None,
            foreseen=foreseen,
            now=now,
            asks=verdict.asks,
        )

    def confirmed(self, draft_id: str, seen: str, press: Request) -> Request | None:
        """The request that *Apply* makes of a draft, for the person and place of ``press``.

        One draft confirmed on one state of the group is one change, however often it is pressed.
        None: there is no such draft.
        """
        draft = self._ledger.get(draft_id)
        if draft is None:
            return None
        return replace(
            self._again(draft, press), key=f"apply:{draft.id}:{seen[:64]}", seen=seen[:64]
        )

    def cancel(self, wanted: Request) -> Record:
        """Put aside what *Apply* would have made; the record that now stands under its key.

        From now on pressing *Apply* makes nothing any more. A change that was applied before stays.
        """
        target = Target(wanted.group, wanted.group)
        ended = self._desk.stopped(self._desk.open(wanted), Blocked(Why.CANCELLED, target))
        return self._ledger.receive(ended, {})[0]

    def repeated(self, change_id: str, press: Request) -> Request | None:
        """The same change asked for anew; None: there is no such change."""
        record = self._ledger.get(change_id)
        return None if record is None else self._again(record, press)

    def undone(self, change_id: str, press: Request) -> Request | None:
        """What takes a change back, on the group as the change left it.

        None: there is no such change, or it is not known what it did.
        """
        record = self._ledger.get(change_id)
        return None if record is None else self._back(record, press)

    def last_undone(self, press: Request, group_id: str | None) -> Request | None:
        """What takes back the last change of a group, or without one the caller's own last.

        None: there is none, or it is not known what it did.
        """
        if group_id is None:
            record = self._archive.last_of_person(press.actor.user_id)
        else:
            record = self._archive.last_of_group(group_id)
        return None if record is None else self._back(record, press)

    def known(self, change_id: str) -> Record | None:
        """The record of a change as it stands."""
        return self._ledger.get(change_id)

    def history(self, group_id: str | None, limit: int) -> tuple[Record, ...]:
        """The newest changes that were taken on, of one group or of all, newest first."""
        return self._archive.history(group_id, limit)

    def _back(self, record: Record, press: Request) -> Request | None:
        left = left_by(record)
        if left is None or record.before is None:
            return None
        return replace(
            self._again(record, press),
            change=taking_back(record.before, record.request.change, record.id),
            seen=self._ledger.keep(left),
            reason=press.reason or f"undo of change {record.id[:8]}",
            override=press.override,
        )

    def shown(self, record: Record) -> FailoverGroup | None:
        """The group as the person had seen it, where it is still remembered."""
        seen = record.request.seen
        return None if seen is None else self._ledger.seen(seen)

    @staticmethod
    def _again(record: Record, press: Request) -> Request:
        return replace(
            record.request,
            key=press.key,
            actor=press.actor,
            group=record.group_id or record.request.group,
            received_at=press.received_at,
            reply=press.reply,
            seen=None,
            set_id=None,
            host=press.host,
        )
