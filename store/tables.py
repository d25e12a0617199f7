"""The tables. Times are UTC as RFC 3339 text of fixed width, so that they sort as text."""

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData()

changes = Table(
    "changes",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("key", String(300), nullable=False, unique=True),
    Column("state", String(12), nullable=False),
    Column("version", Integer, nullable=False),
    Column("actor_id", String(32), nullable=False),
    Column("group_id", String(64)),
    # The group's ID while the change holds it: the unique index is the lock.
    Column("holds", String(64), unique=True),
    Column("received_at", String(32), nullable=False),
    Column("sent_at", String(32)),
    Column("ended_at", String(32)),
    Column("document", Text, nullable=False),
    Index("changes_open", "state", "received_at"),
    Index("changes_sent", "group_id", "sent_at"),
    Index("changes_by_person", "actor_id", "sent_at"),
    Index("changes_received", "received_at"),
)

notices = Table(
    "notices",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("change_id", String(32), ForeignKey("changes.id"), nullable=False),
    Column("kind", String(8), nullable=False),
    # NULL when all there is to tell has been told.
    Column("due_at", String(32)),
    Column("attempts", Integer, nullable=False),
    Column("posting_since", String(32)),
    Column("address", Text),
    UniqueConstraint("change_id", "kind"),
    Index("notices_due", "kind", "due_at"),
)

sets = Table(
    "sets",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("key", String(300), nullable=False, unique=True),
    Column("state", String(12), nullable=False),
    Column("actor_id", String(32), nullable=False),
    # The person's ID while the set is under way: nobody has two.
    Column("under_way", String(32), unique=True),
    Column("received_at", String(32), nullable=False),
    Column("document", Text, nullable=False),
    Index("sets_open", "state", "received_at"),
)

PAUSE = "pause"


def lock_key(group_id: str | None) -> str:
    """Under which a group's lock stands; the pause stands under ``PAUSE``."""
    return f"lock:{group_id}"


forces = Table(
    "forces",
    metadata,
    Column("key", String(80), primary_key=True),
    Column("change_id", String(32), ForeignKey("changes.id"), nullable=False),
    Column("by", String(32), nullable=False),
    Column("reason", Text),
    Column("until", String(32)),
)

snapshots = Table(
    "snapshots",
    metadata,
    Column("fingerprint", String(32), primary_key=True),
    Column("shown_at", String(32), nullable=False),
    Column("document", Text, nullable=False),
)
