"""What the services need from outside, as narrow protocols. Times are UTC, durations seconds."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol, TypeAlias

from failover.lifecycle import Record
from failover.measures import Force, InForce
from failover.model import FailoverGroup
from failover.notices import Backlog, Kind, Notice, Tell
from failover.policy import Policy
from failover.writes import Write

Drawn: TypeAlias = dict[str, Any]
"""A message or a view, as ``blocks`` draws it."""

Clock: TypeAlias = Callable[[], datetime]
NewId: TypeAlias = Callable[[], str]
Later: TypeAlias = Callable[[float, Callable[[], object]], Callable[[], None]]
"""Call a quick job in so many seconds; what comes back calls it off."""

PolicySource: TypeAlias = Callable[[], Policy]


class Uplynk(Protocol):
    """The signed client. ``within``: total seconds for the call, retries of reads included.

    Raises the errors of ``failover.errors``; ``write`` sends once and never again.
    """

    def list_groups(self, *, within: float | None = None) -> tuple[FailoverGroup, ...]:
        """Every failover group of the account."""
        ...

    def get_group(self, group_id: str, *, within: float | None = None) -> FailoverGroup:
        """One group, read now."""
        ...

    def allowed_owners(self, group_id: str, *, within: float | None = None) -> tuple[str, ...]:
        """The user IDs of those who may use a group, read now."""
        ...

    def write(self, group_id: str, write: Write, *, within: float | None = None) -> None:
        """Make one write."""
        ...


class Present(Protocol):
    """What an instance holds in a database that others share."""

    def term(self) -> int | None:
        """Its number rises whenever it had ceased to count as alive; None: it may count as dead.

        What it held in one term others may have taken over by the next.
        """
        ...


class Ledger(Present, Protocol):
    """The durable record of every attempt. Each method is one transaction.

    Whoever stores a record holds it. Every method raises LedgerUnavailable when the database fails.
    """

    def receive(self, record: Record, tell: Tell) -> tuple[Record, bool]:
        """Store a first record; (it, True), or (the record that has its key already, False)."""
        ...

    def advance(self, record: Record, tell: Tell) -> None:
        """Store a record that was moved on, and with it the messages that shall tell of it.

        Raises Overtaken, or GroupHeld when the move needs a group that another change holds.
        """
        ...

    def take(self, record: Record, tell: Tell, last_sent_at: datetime | None, force: Force) -> None:
        """Like ``advance``, for a record that is about to be sent and so takes its group.

        Raises GroupHeld also where another change was sent since ``last_sent_at`` was read: then
        what was checked is no longer what is there. Raises Forestalled where another lock of the
        group, or another pause, than those of ``force`` is in force.
        """
        ...

    def get(self, change_id: str) -> Record | None:
        """The record as it stands."""
        ...

    def find(self, key: str) -> Record | None:
        """The record of the request with this key."""
        ...

    def unfinished(self) -> tuple[Record, ...]:
        """Every record without a last word that this instance holds, oldest first."""
        ...

    def take_over(self) -> int:
        """Hold what dead instances held, moved on by one version; how many those are."""
        ...

    def remind(self, change_id: str, tell: Tell) -> None:
        """Let messages that tell of a record fall due again although it has not moved on.

        One that was postponed stays so: it tells of the record as it stands when its turn comes.
        """
        ...

    def last_sent_at(self, group_id: str) -> datetime | None:
        """When the last change was sent that has ended and may have taken effect."""
        ...

    def keep(self, group: FailoverGroup) -> str:
        """Remember a group as it was shown; its fingerprint."""
        ...

    def seen(self, fingerprint: str) -> FailoverGroup | None:
        """The group that was shown under this fingerprint, if it is still remembered."""
        ...


class Forces(Protocol):
    """The locks and the pause that people put in force. Raises LedgerUnavailable."""

    def locks(self) -> tuple[tuple[str, InForce], ...]:
        """Every lock, ended or not, by group ID."""
        ...

    def in_force(self, group_id: str | None) -> Force:
        """The newest lock of a group, ended or not, and the pause; None: the pause alone."""
        ...

    def enact(self, record: Record, tell: Tell, known: str | None) -> None:
        """Store a measure that is done, which puts it in force.

        ``known``: the record ID of what was in force before; raises GroupHeld where that has
        changed since, and Overtaken.
        """
        ...


class Archive(Protocol):
    """What became of earlier changes. Raises LedgerUnavailable when the database fails."""

    def history(self, group_id: str | None, limit: int) -> tuple[Record, ...]:
        """The newest changes that were taken on, of one group or of all, newest first."""
        ...

    def waiting(self) -> tuple[Record, ...]:
        """The changes that wait for a second person, oldest first; at most 20."""
        ...

    def last_of_group(self, group_id: str) -> Record | None:
        """The newest change of a group that may have taken effect."""
        ...

    def last_of_person(self, user_id: str) -> Record | None:
        """The newest change by a person that may have taken effect."""
        ...


class Outbox(Present, Protocol):
    """The messages that still have to go out, stored beside the records they tell of.

    What one instance has claimed is left to it until it is dead. What becomes of a claimed message
    is stored only by whoever has claimed it.
    """

    def due(self, kind: Kind, now: datetime) -> tuple[tuple[Notice, Record], ...]:
        """What may go now, oldest first, each with its record as it stands; at most 50.

        Of the cards of a group that were never posted only the first may, and those after one that
        was postponed without holding up the others.
        """
        ...

    def claim(self, notice: Notice, now: datetime) -> bool:
        """Have a due message to oneself; False: another instance has it, or it may not go now.

        For a card without address it is noted that it may be posted from now on.
        """
        ...

    def next_due(self, kind: Kind) -> datetime | None:
        """When the earliest message falls due that no other living instance has claimed."""
        ...

    def mine(self, notice: Notice) -> bool:
        """Whether this instance still has a message that it claimed."""
        ...

    def posting(self, notice: Notice, now: datetime) -> None:
        """Note, before a claimed card is posted anew, that it may go out."""
        ...

    def delivered(self, notice: Notice, address: str | None) -> None:
        """Note that the record, as it came with the notice, has been told."""
        ...

    def postpone(self, notice: Notice, until: datetime, *, posted: bool, holds_up: bool) -> None:
        """Try again at ``until``; ``posted``: whether the last try may have reached Slack.

        ``holds_up``: whether later cards of its group go on waiting for this one.
        """
        ...

    def backlog(self, now: datetime) -> Backlog:
        """How much there is to tell that should have been told by now."""
        ...


class Messenger(Protocol):
    """Draws and sends the messages that tell of a change. Raises SlackProblem."""

    def post_card(self, record: Record) -> str:
        """Post the confirmation; the address under which it can be edited."""
        ...

    def edit_card(self, address: str, record: Record) -> None:
        """Bring the confirmation up to the record."""
        ...

    def find_card(self, record: Record) -> str | None:
        """The address of a confirmation that was posted although its answer was lost."""
        ...

    def answer(self, record: Record) -> None:
        """Tell the requester privately how the change stands."""
        ...


class Screen(Protocol):
    """What a person looks at. Raises SlackProblem and its kinds."""

    def open_view(self, trigger_id: str, view: Drawn) -> str:
        """Open a modal; the view's ID. Raises TriggerExpired."""
        ...

    def update_view(self, view_id: str, view: Drawn, *, hash: str | None = None) -> None:
        """Redraw a view, with ``hash`` only if unchanged since. Raises ViewGone, ViewMoved."""
        ...

    def publish_home(self, user_id: str, view: Drawn) -> None:
        """Put a view into somebody's Home tab, in place of what was there."""
        ...

    def respond(self, response_url: str, message: Drawn, *, replace: bool = False) -> None:
        """Answer privately where somebody typed or pressed; ``replace``: in place of what was
        pressed.
        """
        ...

    def post_direct(self, user_id: str, message: Drawn) -> str:
        """Post a direct message to somebody; the address under which it can be edited."""
        ...

    def edit_direct(self, address: str, message: Drawn) -> None:
        """Draw a direct message anew."""
        ...


class UserGroups(Protocol):
    """Slack's user groups."""

    def members(self, usergroup: str) -> frozenset[str]:
        """User IDs of the members, read now. Raises SlackProblem."""
        ...


class Timer(Protocol):
    """Durations, apart from the time of day: that may jump."""

    def monotonic(self) -> float:
        """Seconds since some fixed moment."""
        ...

    def pause(self, seconds: float) -> bool:
        """Wait; False, and at once, when the bot is stopping."""
        ...


class Work(Protocol):
    """A bounded pool of threads."""

    def submit(self, job: Callable[[], None]) -> bool:
        """Queue a job; False, and nothing queued, when the queue is full or closing."""
        ...
