"""What people ask to see: one group with its consequences, all groups, who they are."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache

from failover.change import Change, holds, inapplicable
from failover.consequences import foresee
from failover.draft import FIELDS, Draft, Filled, drafted, started
from failover.lifecycle import Actor
from failover.model import FailoverGroup, Reading
from failover.pictures import FormPicture, Page
from failover.policy import Action, Grant, Policy
from failover.rules import Refusal, protection
from failover.standing import Allowed, Answer, Standing, Uncertain
from services.access import Access, Span
from services.groups import Ambiguous, Groups, Listing, NoSuchGroup, matching
from services.ports import Clock, Ledger

OFFERING = timedelta(seconds=4)
"""From then on no further user group is looked up to find out what a form may offer."""

OF_SLICERS = frozenset({Action.ACTIVATE, Action.ORDER})
"""What cannot be done to a group without slicers."""


class Overview:
    """Reads for people; changes nothing."""

    def __init__(self, groups: Groups, access: Access, ledger: Ledger, clock: Clock) -> None:
        """``clock`` gives UTC."""
        self._groups = groups
        self._access = access
        self._ledger = ledger
        self._clock = clock

    def find(self, word: str) -> FailoverGroup | NoSuchGroup | Ambiguous:
        """The group that a person means. Raises UplynkError where no listing can be had."""
        return self._groups.find(word)

    def find_remembered(self, word: str) -> FailoverGroup | None:
        """The one group that a person means, from memory; None where that is not sure."""
        return self._groups.find_remembered(word)

    def listing(self) -> Listing:
        """All groups: at once from memory where there is one of any age. Raises UplynkError."""
        return self._groups.known(fresh_only=False) or self._groups.all()

    def refresh(self) -> Listing:
        """All groups, read again where memory is no longer fresh. Raises UplynkError."""
        return self._groups.all()

    def page(
        self, typed: str, start: int, size: int, *, remembered_only: bool = False
    ) -> Page | None:
        """A page of the groups that match ``typed``, from position ``start`` on.

        None: memory holds no fresh listing and ``remembered_only`` forbids to read one. Raises
        UplynkError where there is no listing of any age.
        """
        listing = self._groups.known() if remembered_only else self._groups.all()
        if listing is None:
            return None
        found = matching(listing, typed)
        offset = max(0, min(start, len(found) - 1))
        return Page(
            groups=found[offset : offset + size],
            offset=offset,
            total=len(found),
            filter=typed,
            read_at=listing.read_at,
            now=self._clock(),
            problem=listing.problem,
        )

    def search(self, typed: str, limit: int) -> tuple[FailoverGroup, ...]:
        """Groups for a type-ahead, from memory."""
        return self._groups.search(typed, limit)

    def read(self, group_id: str) -> Reading:
        """One group, read from Uplynk now. Raises UplynkError."""
        return self._groups.read(group_id)

    def picture(
        self,
        actor: Actor,
        group_id: str,
        action: Action | None = None,
        begin: str | Change | None = None,
    ) -> FormPicture:
        """A group freshly read, for the form, before anything is typed.

        ``action``: what to offer first, if the person may do it; ``begin``: what its first input
        starts with, or the change that was asked for before. Raises UplynkError and
        LedgerUnavailable.
        """
        owners = action is Action.OWNERS
        reading = self._groups.read(group_id, owners=owners)
        group = reading.group
        entries = None if action is None or begin is None else started(group, action, begin)
        return self._picture(actor, reading, Filled(action or Action.CONFIGURE, entries))

    def edited(
        self, actor: Actor, mark: str, read_at: datetime, filled: Filled
    ) -> FormPicture | None:
        """The group as it was shown, with what the person has entered since.

        Reads nothing new, but for the allowed owners once these are asked for, and then the group
        with them. None: it is no longer remembered how it was shown. Raises UplynkError,
        LedgerUnavailable, and ValueError as ``drafted`` does.
        """
        group = self._ledger.seen(mark)
        if group is None:
            return None
        if filled.action is Action.OWNERS and group.allowed_owners is None:
            return self.picture(actor, group.id, filled.action)
        return self._picture(actor, Reading(group, read_at), filled, mark)

    def drafted(self, mark: str, filled: Filled) -> Draft | None:
        """What a form asks of the group as it was shown; None: that is no longer remembered.

        Raises LedgerUnavailable, and ValueError for what no form can hold.
        """
        group = self._ledger.seen(mark)
        return None if group is None else drafted(group, filled)

    def standing(self, actor: Actor, *, remembered_only: bool = False) -> Standing:
        """What the person is. Raises NotRemembered, see ``Access.standing``."""
        return self._access.standing(actor, remembered_only=remembered_only)

    def who_may(self, action: Action) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """User IDs and user group IDs of those who may do ``action`` to some group."""
        return _holders(self._access.policy().grants, action)

    def allowed(self, actor: Actor, action: Action, *, remembered_only: bool = False) -> Answer:
        """Whether the person may do this to any group at all; uncertain where not remembered."""
        now = self._clock()
        span = Span(now, now) if remembered_only else None
        return self._access.check(actor, action, None, span=span)

    def now(self) -> datetime:
        """The time, UTC."""
        return self._clock()

    def _picture(
        self, actor: Actor, reading: Reading, filled: Filled, mark: str | None = None
    ) -> FormPicture:
        """``mark``: the fingerprint under which this very group is remembered already."""
        now = self._clock()
        offered, access = self._offered(actor, reading.group)
        if filled.action not in offered:
            filled = Filled(offered[0] if offered else Action.CONFIGURE)
        group = reading.group
        if group.allowed_owners is not None and filled.action is not Action.OWNERS:
            # Its fingerprint has to be that of the group as it is read for this action.
            group, mark = replace(group, allowed_owners=None), None
        draft = drafted(group, filled)
        change = draft.change if offered else None
        foreseen = () if change is None else foresee(group, change, now)
        mark = mark or self._ledger.keep(group)
        shown = Reading(group, reading.read_at)
        asks = None if change is None else self._asks(group, change)
        return FormPicture(shown, mark, draft, foreseen, offered, access, now, asks)

    def _asks(self, group: FailoverGroup, change: Change) -> Refusal | None:
        if holds(group, change) or inapplicable(group, change) is not None:
            return None  # nobody is asked about what is not sent
        return protection(self._access.policy(), group, change, self._clock())

    def _offered(self, actor: Actor, group: FailoverGroup) -> tuple[tuple[Action, ...], Answer]:
        """What the person may do to the group, and whether that is anything at all."""
        begun, named = self._clock(), (group.id, group.name)
        span = Span(begun, begun + OFFERING)
        answers: dict[Action, Answer] = {}
        for action in FIELDS:
            if group.slicers or action not in OF_SLICERS:
                answers[action] = self._access.check(actor, action, named, span=span)
                if isinstance(answers[action], Uncertain):
                    # Slack has just failed: it is not asked again for each of the other actions.
                    span = replace(span, until=begun)
        may = tuple(one for one, answer in answers.items() if isinstance(answer, Allowed))
        return may, Allowed() if may else answers[Action.CONFIGURE]


@lru_cache(maxsize=64)
def _holders(grants: tuple[Grant, ...], action: Action) -> tuple[tuple[str, ...], tuple[str, ...]]:
    enough = Policy(grants=grants).grants_for(action, None)
    users = frozenset[str]().union(*(grant.users for grant in enough))
    usergroups = frozenset[str]().union(*(grant.usergroups for grant in enough))
    return tuple(sorted(users)), tuple(sorted(usergroups))
