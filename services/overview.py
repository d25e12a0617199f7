"""What people ask to see: one group with its consequences, all groups, who they are."""

from datetime import datetime

from failover.change import Configure
from failover.consequences import foresee
from failover.lifecycle import Actor
from failover.model import FailoverGroup, Reading
from failover.pictures import FormPicture, Page
from failover.policy import Action
from failover.standing import Allowed, Answer, Standing
from services.access import Access
from services.groups import Ambiguous, Groups, Listing, NoSuchGroup, matching
from services.ports import Clock, Ledger


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

    def picture(self, actor: Actor, group_id: str) -> FormPicture:
        """A group freshly read, for the form, before anything is chosen.

        Raises UplynkError and LedgerUnavailable.
        """
        reading = self._groups.read(group_id)
        group = reading.group
        draft = Configure(group.mode, group.auto_failback)
        return self._picture(actor, reading, self._ledger.keep(group), draft)

    def edited(
        self, actor: Actor, mark: str, read_at: datetime, draft: Configure
    ) -> FormPicture | None:
        """The group as it was shown, with what the person has chosen since; reads nothing new.

        None: it is no longer remembered how it was shown.
        """
        group = self._ledger.seen(mark)
        if group is None:
            return None
        return self._picture(actor, Reading(group, read_at), mark, draft)

    def standing(self, actor: Actor, *, remembered_only: bool = False) -> Standing:
        """What the person is. Raises NotRemembered, see ``Access.standing``."""
        return self._access.standing(actor, remembered_only=remembered_only)

    def who_may(self, action: Action) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """User IDs and user group IDs of those who may do ``action`` to some group."""
        grants = self._access.policy().grants_for(action, None)
        users = frozenset[str]().union(*(grant.users for grant in grants))
        usergroups = frozenset[str]().union(*(grant.usergroups for grant in grants))
        return tuple(sorted(users)), tuple(sorted(usergroups))

    def allowed(self, actor: Actor, action: Action) -> Answer:
        """Whether the person may do this to any group at all."""
        return self._access.check(actor, action, None)

    def now(self) -> datetime:
        """The time, UTC."""
        return self._clock()

    def _picture(self, actor: Actor, reading: Reading, mark: str, draft: Configure) -> FormPicture:
        group = reading.group
        now = self._clock()
        access = self._access.check(actor, Action.CONFIGURE, (group.id, group.name))
        foreseen = foresee(group, draft, now) if isinstance(access, Allowed) else ()
        return FormPicture(reading, mark, draft, foreseen, access, now)
